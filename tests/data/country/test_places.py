"""Names of settlements."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pytest
import shapely

from blackspot.data.country.places import read_places, together
from blackspot.data.findings.collector import Findings
from blackspot.data.project.profile import PlacesSource
from blackspot.data.readers.facts import LayerFacts


def write(folder: Path, names: list[str | None], crs: int = 4326, **columns: list[object]) -> Path:
    """Write points a tenth of a degree apart along 21° north."""
    at = shapely.points([[105 + number / 10, 21.0] for number in range(len(names))])
    frame = geopandas.GeoDataFrame({"name": names, **columns}, geometry=at, crs=4326).to_crs(crs)
    path = folder / f"places{crs}.gpkg"
    frame.to_file(path)
    return path


def test_names_and_places_are_read(tmp_path: Path) -> None:
    """In degrees, whatever the file's system, without the space around names."""
    findings = Findings()
    places = read_places(PlacesSource(path=write(tmp_path, ["Bản Một", " Thôn Hai "], crs=32648)), findings)
    assert ["Bản Một", "Thôn Hai"] == places.name.tolist()
    assert [105.0, 105.1] == pytest.approx(places.lonlat.lon)
    assert [21.0, 21.0] == pytest.approx(places.lonlat.lat)
    assert {"crs.operation"} >= {finding.code for finding in findings.items}


def test_another_column_may_hold_the_names(tmp_path: Path) -> None:
    """Numbers are names, too."""
    source = PlacesSource(path=write(tmp_path, ["a", "b"], thôn=[7, 8]), column="thôn")
    assert ["7", "8"] == read_places(source, Findings()).name.tolist()


def test_points_without_a_name_are_left_out_and_counted(tmp_path: Path) -> None:
    """Missing and blank names."""
    findings = Findings()
    places = read_places(PlacesSource(path=write(tmp_path, ["Bản Một", None, "  "])), findings)
    assert ["Bản Một"] == places.name.tolist()
    assert [("places.no-name", 2)] == [(one.code, one.count) for one in findings.items]


def test_only_points_are_places(tmp_path: Path) -> None:
    """Outlines of hamlets are an error, and so is a column that is not there."""
    path = tmp_path / "outlines.gpkg"
    geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shapely.box(105, 20, 106, 21)], crs=4326).to_file(path)
    for source, code in (
        (PlacesSource(path=path), "geometry.wrong-type"),
        (PlacesSource(path=write(tmp_path, ["a"]), column="ten"), "column.missing"),
    ):
        findings = Findings()
        assert 0 == len(read_places(source, findings).name)
        assert code in {one.code for one in findings.items}


def test_settlements_of_other_files_are_places_as_far_as_they_have_a_name() -> None:
    """Several files together, the nameless left out; no file is no places."""
    facts = LayerFacts(Path("villages.gpkg"))
    found = together(
        [
            (["Bản Một", ""], [[105.0, 21.0], [105.1, 21.1]], facts),
            (["Thôn Hai"], [[106.0, 22.0]], LayerFacts(Path("more.gpkg"))),
        ]
    )
    assert found is not None
    assert ["Bản Một", "Thôn Hai"] == found.name.tolist()
    assert ([105.0, 106.0], [21.0, 22.0]) == (found.lonlat.lon.tolist(), found.lonlat.lat.tolist())
    assert found.facts is facts
    assert together([]) is None
