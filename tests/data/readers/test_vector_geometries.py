"""Geometries: what is missing, of another kind, curved, or crossed."""

from __future__ import annotations

import re
import sqlite3
import struct
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from blackspot.data.geodesy.area import area_km2
from vector_files import (
    NAMES,
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


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson", ".geojsonl", ".fgb", ".parquet"])
def test_features_without_geometry_are_left_out_and_listed(tmp_path: Path, ending: str) -> None:
    """The others keep their own names; the finding counts and lists what is missing."""
    frame = three_squares()
    frame.loc[1, "geometry"] = None
    options = {"SPATIAL_INDEX": "NO"} if ending == ".fgb" else {}
    table, findings = read_layer(write_layer(frame, tmp_path / f"x{ending}", **options), columns=["tên"])
    assert table is not None
    assert [NAMES[0], NAMES[2]] == table.columns["tên"].tolist()
    assert ["geometry.missing"] == codes_of(findings)
    assert 1 == findings.items[0].count
    assert (f"(feature ids {2 if ending == '.gpkg' else 1})") in findings.items[0].message_en


def test_features_that_must_have_a_geometry_are_an_error(tmp_path: Path) -> None:
    """A commune without its outline would be missing from the country."""
    frame = three_squares()
    frame.loc[1, "geometry"] = None
    assert ["geometry.required"] == refusal_codes(write_layer(frame, tmp_path / "x.gpkg"), complete=True)


def test_empty_and_infinite_geometries_count_as_missing(tmp_path: Path) -> None:
    """NaN and infinity are no places."""
    shapes = [
        shapely.Polygon(),
        shapely.Point(float("nan"), 21),
        shapely.LineString([(105, 21), (float("inf"), 22)]),
        shapely.box(105, 21, 106, 22),
    ]
    frame = geopandas.GeoDataFrame(geometry=shapes, crs=4326)
    table, findings = read_layer(write_layer(frame, tmp_path / "x.parquet"))
    assert table is not None
    assert [3] == table.feature_id.tolist()
    assert (["geometry.missing"], 3) == (codes_of(findings), findings.items[0].count)


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".parquet"])
def test_an_outline_with_one_vertex_that_is_no_number_counts_as_missing(tmp_path: Path, ending: str) -> None:
    """The box around such an outline is a good one; nothing could be computed with it."""
    with np.errstate(invalid="ignore"):  # what numpy says about it
        broken = shapely.Polygon([(105, 21), (105.5, 21.4), (105.6, float("nan")), (106, 22), (105, 22)])
    frame = geopandas.GeoDataFrame(geometry=[broken, shapely.box(105, 21, 106, 22)], crs=4326)
    path = tmp_path / f"x{ending}"
    if ending == ".geojson":  # GDAL would not write it
        text = frame.assign(geometry=frame.geometry.iloc[[1, 1]].to_numpy()).to_json()
        path.write_text(text.replace("106.0, 22.0", "NaN, 22.0", 1), encoding="utf-8")
    else:
        write_layer(frame, path)
    table, findings = read_layer(path)
    assert table is not None
    assert 1 == len(table.feature_id)
    assert "geometry.missing" in codes_of(findings)


def test_a_layer_of_nothing_but_empty_geometries_is_refused(tmp_path: Path) -> None:
    """It has features and still nothing to show."""
    frame = three_squares()
    frame["geometry"] = None
    codes = refusal_codes(write_layer(frame.set_geometry("geometry", crs=4326), tmp_path / "x.parquet"))
    assert "layer.no-features" in codes


def test_heights_and_measures_are_left_out_with_a_note(tmp_path: Path) -> None:
    """Coverage is flat; x and y stay."""
    high = shapely.force_3d(three_squares().geometry.to_numpy(), z=[1.0, 2.0, 3.0])
    frame = geopandas.GeoDataFrame(geometry=high, crs=4326)
    for ending in (".gpkg", ".shp", ".geojson", ".parquet"):
        table, findings = read_layer(write_layer(frame, tmp_path / f"x{ending}"))
        assert table is not None
        assert not shapely.has_z(table.geometry).any()
        assert shapely.equals(table.geometry, three_squares().geometry.to_numpy()).all()
        assert (["geometry.flattened"], 3) == (codes_of(findings), findings.items[0].count)


def test_an_open_ring_is_closed_with_a_note(tmp_path: Path) -> None:
    """GDAL passes it on as it is, and one such ring would fail the whole layer."""
    open_ring = square_of()
    open_ring["coordinates"][0].pop()
    table, findings = read_layer(write_geojson(tmp_path / "x.geojson", square_of(), open_ring))
    assert table is not None
    assert shapely.equals(table.geometry[0], table.geometry[1])
    assert ["geometry.closed", "repair.ground"] == codes_of(findings)
    assert "(feature ids 1)" in findings.items[0].message_en
    km2 = float(area_km2(table.geometry[1:])[0])
    assert f"because open rings were closed: {km2:.3f} km²; " in findings.items[1].message_en
    assert findings.items[1].message_en.endswith("drawn for them: 0 m².")


@pytest.mark.parametrize("kinds", [("polygon",), ("line", "point")])
def test_a_wrong_kind_of_geometry_is_refused(tmp_path: Path, kinds: Any) -> None:
    """One feature is enough; the sentence says what it is and what is wanted."""
    line = {"type": "LineString", "coordinates": [[105, 21], [106, 22]]}
    path = write_geojson(tmp_path / "x.geojson", square_of(), line)
    _, findings = read_layer(path, kinds=kinds)
    assert ["geometry.wrong-type"] == codes_of(findings)
    found, wanted = ("LineString", "Polygon") if kinds == ("polygon",) else ("Polygon", "LineString, Point")
    assert f"features that are {found} where only {wanted} can be used: 1" in findings.items[0].message_en


def test_collections_are_taken_apart(tmp_path: Path) -> None:
    """Polygons that a program wrapped into a collection are used; a stray line beside them is reported."""
    line = {"type": "LineString", "coordinates": [[105, 21], [106, 22]]}
    nested = {"type": "GeometryCollection", "geometries": [square_of(107)]}
    path = write_geojson(
        tmp_path / "x.geojson",
        {"type": "GeometryCollection", "geometries": [square_of(), nested]},
        {"type": "GeometryCollection", "geometries": [square_of(), line]},
    )
    table, findings = read_layer(path, kinds=("polygon",))
    assert table is not None
    assert ["MultiPolygon", "MultiPolygon"] == [shape.geom_type for shape in table.geometry]
    assert [2, 1] == shapely.get_num_geometries(table.geometry).tolist()
    assert ["geometry.collection"] == codes_of(findings)
    assert "(feature ids 1)" in findings.items[0].message_en
    assert "geometry.wrong-type" in refusal_codes(path, kinds=("point",))


def _points(*places: tuple[float, float]) -> bytes:
    return b"".join(struct.pack("<dd", *place) for place in places)


def _geopackage_of(path: Path, *shapes: bytes) -> Path:
    """Write a GeoPackage with geometries that shapely cannot make."""
    pyogrio.write_dataframe(
        three_squares(NAMES[: len(shapes)]), path, spatial_index=False, geometry_type="Unknown"
    )
    database = sqlite3.connect(path)
    for number, shape in enumerate(shapes):
        blob = b"GP\0\1" + struct.pack("<i", 4326) + shape
        database.execute("UPDATE x SET geom = ? WHERE fid = ?", (blob, number + 1))
    database.commit()
    database.close()
    return path


def test_circular_arcs_become_straight_edges_with_a_note(tmp_path: Path) -> None:
    """A circle of half a degree, as CAD programs write it, has the area of one within 0.1 %."""
    circle = struct.pack("<BII", 1, 8, 5) + _points(
        (105, 21), (105.5, 21.5), (106, 21), (105.5, 20.5), (105, 21)
    )
    disc = struct.pack("<BII", 1, 10, 1) + circle
    path = _geopackage_of(tmp_path / "x.gpkg", disc, struct.pack("<BII", 1, 12, 1) + disc, circle)
    table, findings = read_layer(path, columns=["tên"])
    assert table is not None
    assert ["Polygon", "MultiPolygon", "LineString"] == [shape.geom_type for shape in table.geometry]
    assert [np.pi / 4] * 2 == pytest.approx(shapely.area(table.geometry[:2]).tolist(), rel=1e-3)
    assert NAMES == table.columns["tên"].tolist()
    curved, ground = findings.items
    assert ("geometry.curved", 3) == (curved.code, curved.count)
    # A sector of 4 degrees is larger than its triangle by 1 - sin(4°) / 4°; two discs, measured to a sixteenth.
    missing = (1 - np.sin(np.radians(4)) / np.radians(4)) * 2 * float(area_km2(table.geometry[:1])[0])
    told = re.search(r"drawn for them: ([\d.]+) km²", ground.message_en)
    assert told is not None
    assert 15 / 16 * missing == pytest.approx(float(told[1]), rel=0.01)


def test_kinds_of_geometry_that_nobody_draws_are_listed_as_unusable(tmp_path: Path) -> None:
    """A triangulated surface or an arc inside a collection is left out and told, and fails nothing else."""
    ring = struct.pack("<BIII", 1, 17, 1, 4) + _points((105, 21), (106, 21), (106, 22), (105, 21))
    arc = struct.pack("<BII", 1, 8, 3) + _points((105, 21), (105.5, 21.5), (106, 21))
    square = shapely.to_wkb(shapely.box(105, 21, 106, 22))
    path = _geopackage_of(
        tmp_path / "x.gpkg", struct.pack("<BII", 1, 16, 1) + ring, struct.pack("<BII", 1, 7, 1) + arc, square
    )
    table, findings = read_layer(path)
    assert table is not None
    assert [3] == table.feature_id.tolist()
    assert [("geometry.missing", 2)] == [(finding.code, finding.count) for finding in findings.items]


def test_circular_arcs_in_geoparquet_are_listed_as_unusable(tmp_path: Path) -> None:
    """The format does not allow them, and only GDAL could straighten them."""
    arc = struct.pack("<BII", 1, 8, 3) + _points((105, 21), (105.5, 21.5), (106, 21))
    three_squares().to_parquet(tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    index = table.column_names.index("geometry")
    shapes = [arc, *table.column("geometry").to_pylist()[1:]]
    table = table.set_column(index, table.schema.field(index), pa.array(shapes, pa.binary()))
    pq.write_table(table, tmp_path / "x.parquet")
    read, findings = read_layer(tmp_path / "x.parquet")
    assert read is not None
    assert [1, 2] == read.feature_id.tolist()
    assert ["geometry.missing"] == codes_of(findings)


def test_invalid_polygons_are_passed_on_as_they_are(tmp_path: Path) -> None:
    """Coverage may cross itself; the engine copes, and nothing is repaired in silence."""
    bow_tie = {"type": "Polygon", "coordinates": [[[105, 21], [106, 22], [106, 21], [105, 22], [105, 21]]]}
    table, findings = read_layer(write_geojson(tmp_path / "x.geojson", bow_tie))
    assert table is not None
    assert not shapely.is_valid(table.geometry[0])
    assert [] == codes_of(findings)
