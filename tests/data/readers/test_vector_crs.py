"""Coordinates: no system, the wrong one, an old datum, and what the project may state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyarrow.parquet as pq
import pyproj
import pytest
import shapely

from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.crs_choice import choose_crs
from vector_files import (
    codes_of,
    read_layer,
    refusal_codes,
    square_of,
    three_squares,
    write_geojson,
    write_layer,
)

if TYPE_CHECKING:
    from pathlib import Path


def _without_crs(path: Path, frame: geopandas.GeoDataFrame) -> Path:
    if path.suffix == ".shp":
        write_layer(frame, path)
        path.with_suffix(".prj").unlink()
        return path
    bare = frame.set_crs(None, allow_override=True)
    if path.suffix == ".parquet":
        bare.to_parquet(path)
        return path
    with pytest.warns(UserWarning, match="crs"):
        return write_layer(bare, path)


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet"])
def test_a_file_without_crs_is_refused_with_its_cure(tmp_path: Path, ending: str) -> None:
    """Nothing is guessed, but the sentence shows numbers and says where to state the system."""
    path = _without_crs(tmp_path / f"x{ending}", three_squares())
    _, findings = read_layer(path)
    assert ["crs.missing-degrees"] == codes_of(findings)
    assert "x = 10" in findings.items[0].message_en
    assert "crs =" in findings.items[0].cure_en


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet"])
def test_the_project_states_the_crs_where_the_file_does_not(tmp_path: Path, ending: str) -> None:
    """Any name pyproj knows will do, without a finding."""
    path = _without_crs(tmp_path / f"x{ending}", three_squares(epsg=3405))
    table, findings = read_layer(path, crs="EPSG:3405")
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    assert ["crs.operation"] == codes_of(findings)


def test_geojson_without_a_crs_member_may_be_in_the_system_the_project_states(tmp_path: Path) -> None:
    """Its standard says degrees, but programs write metres; a member that says so cannot be overridden."""
    path = write_geojson(tmp_path / "x.geojson", square_of(5e5, 2.3e6, 1000))
    assert ["crs.out-of-range"] == refusal_codes(path)
    table, findings = read_layer(path, crs="EPSG:3405")
    assert table is not None
    assert (3405, ["crs.operation"]) == (table.crs.to_epsg(), codes_of(findings))
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert ["crs.contradicts"] == refusal_codes(write_geojson(path, square_of(), crs=named), crs="EPSG:3405")


def test_a_crs_of_the_project_must_agree_with_the_file(tmp_path: Path) -> None:
    """The same system in another spelling agrees; another one is a contradiction, never an override."""
    path = write_layer(three_squares(epsg=3405), tmp_path / "x.gpkg")
    assert read_layer(path, crs="epsg:3405")[0] is not None
    assert read_layer(write_layer(three_squares(), tmp_path / "y.geojson"), crs="OGC:CRS84")[0] is not None
    _, findings = read_layer(path, crs="EPSG:4326")
    assert ["crs.contradicts"] == codes_of(findings)
    assert "EPSG:3405 (VN-2000 / UTM zone 48N)" in findings.items[0].message_en
    assert ["crs.project-unusable"] == refusal_codes(path, crs="EPSG:hello")


def test_geoparquet_without_the_key_is_in_degrees(tmp_path: Path) -> None:
    """The format says so; only null means that nobody knows."""
    three_squares().to_parquet(tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    described = json.loads(table.schema.metadata[b"geo"])
    del described["columns"]["geometry"]["crs"]
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(described)}), tmp_path / "x.parquet")
    read, findings = read_layer(tmp_path / "x.parquet")
    assert read is not None
    assert read.crs.is_geographic
    assert [] == codes_of(findings)


@pytest.mark.parametrize(
    "stated",
    [
        (
            'PROJCRS["x",BASEGEODCRS["WGS 84",DATUM["W",ELLIPSOID["WGS 84",6378137,298.257223563]]],'
            'CONVERSION["x",METHOD["a projection of our own"],PARAMETER["q",1]],'
            'CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["m",1]]'
        ),
        pyproj.CRS("IAU_2015:30100").to_wkt(),
    ],
    ids=["unknown projection", "Moon"],
)
def test_a_system_from_which_no_way_leads_to_the_earth_is_refused(stated: str) -> None:
    """Nobody is told that such a file is damaged, and no library breaks off over it."""
    findings = Findings()
    assert choose_crs(stated, "", np.array([[105.0, 21, 106, 22]]), findings.about("x.gpkg")) is None
    assert ["crs.unusable"] == [finding.code for finding in findings.items]
    assert choose_crs("", stated, np.array([[105.0, 21, 106, 22]]), findings.fresh().about("x.gpkg")) is None


@pytest.mark.parametrize("text", ['LOCAL_CS["x",UNIT["m",1]]', "GEOCCS[broken", "free words"])
def test_a_prj_that_places_nothing_is_refused(tmp_path: Path, text: str) -> None:
    """A local system has no place on the earth."""
    path = write_layer(three_squares(), tmp_path / "x.shp")
    path.with_suffix(".prj").write_text(text)
    assert set(refusal_codes(path)) <= {"crs.unusable", "crs.missing-degrees"}


def test_a_geojson_in_another_system_is_honoured_with_a_note(tmp_path: Path) -> None:
    """The old crs member is no longer in the standard, but people write it."""
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    table, findings = read_layer(
        write_geojson(tmp_path / "x.geojson", square_of(5e5, 2.3e6, 1000), crs=named)
    )
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    assert ["crs.legacy-member", "crs.operation"] == codes_of(findings)


@pytest.mark.parametrize(
    ("said", "square", "code"),
    [
        (4326, (588_000, 2_325_000, 1000), "crs.out-of-range"),
        (4326, (21, 105, 0.1), "crs.axes-exchanged"),
        (3405, (105, 21, 0.1), "crs.degrees-for-metres"),
        (3405, (2_325_000, 588_000, 1000), "crs.axes-exchanged"),
        (3405, (588_000, -4_000_000, 1000), "crs.outside-area"),
        (25832, (588_000, 2_325_000, 1000), "crs.outside-area"),
        (3405, (1e9, 1e9, 1000), "crs.outside-area"),
    ],
)
def test_numbers_that_cannot_be_coordinates_of_the_system_are_refused(
    tmp_path: Path, said: int, square: tuple[float, float, float], code: str
) -> None:
    """Metres for degrees, degrees for metres, x and y exchanged, the wrong half or part of the earth."""
    shape = shapely.geometry.shape(square_of(*square))
    frame = geopandas.GeoDataFrame(geometry=[shape], crs=said)
    assert [code] == refusal_codes(write_layer(frame, tmp_path / "x.gpkg"))


def test_a_wrong_zone_is_refused_for_communes_and_warned_about_elsewhere(tmp_path: Path) -> None:
    """Hà Nội's coordinates said to be in zone 49 lie near 111.8° E, where that zone is not used."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(588e3, 2325e3, 590e3, 2330e3)], crs=3406)
    path = write_layer(frame, tmp_path / "x.gpkg")
    table, findings = read_layer(path)
    assert table is not None
    assert ["crs.beyond-area", "crs.operation"] == codes_of(findings)
    table, findings = read_layer(path, strict_place=True)
    assert table is None
    assert ["crs.outside-area"] == codes_of(findings)
    assert "111.9° E" in findings.items[0].message_en


def test_far_islands_may_stand_in_the_zone_of_the_mainland(tmp_path: Path) -> None:
    """Trường Sa at 114.3° E in UTM 48N is unusual, not wrong."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(111.9, 8.6, 112.0, 8.7)], crs=4326).to_crs(3405)
    assert read_layer(write_layer(frame, tmp_path / "x.gpkg"))[0] is not None


@pytest.mark.parametrize("epsg", [3148, 4131, 4147, 2044])
def test_old_datums_without_a_known_way_are_warned_about(tmp_path: Path, epsg: int) -> None:
    """For Indian 1960 and Hanoi 1972 PROJ by itself shifts nothing, where the truth is 50 to 570 m."""
    path = write_layer(three_squares(epsg=epsg), tmp_path / "x.gpkg")
    assert ["crs.low-accuracy"] == codes_of(read_layer(path)[1])


def test_a_system_without_a_datum_is_warned_about(tmp_path: Path) -> None:
    """A projection typed by hand is some 220 m off in Viet Nam."""
    path = write_layer(three_squares(epsg=3405), tmp_path / "x.shp")
    wkt = path.with_suffix(".prj").read_text()
    datum = wkt[wkt.index('DATUM["') + 7 : wkt.index('"', wkt.index('DATUM["') + 7)]
    path.with_suffix(".prj").write_text(wkt.replace(datum, "unknown").replace("VN-2000", "x"))
    assert "crs.no-datum" in codes_of(read_layer(path)[1])
