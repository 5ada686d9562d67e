"""The area a submission speaks for: provinces named, left out, or drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import pytest
import shapely

from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import SubmissionSource
from blackspot.data.readers.facts import Refused
from blackspot.data.submissions.extent import Extent, read_extent
from submission_files import PROVINCES, three_provinces

if TYPE_CHECKING:
    from pathlib import Path


def read(extent: dict[str, Any] | None, *, known: bool = True) -> tuple[Extent | None, list[str]]:
    """Read the extent of a submission beside provinces 01, 04 and 12, or beside none; None where it is refused."""
    findings = Findings()
    source = SubmissionSource(operator="Sao Mai", service="5g", path="a.gpkg", extent=extent)  # type: ignore[arg-type]
    found = read_extent(source, three_provinces() if known else None, findings)
    return None if isinstance(found, Refused) else found, [item.code for item in findings.items]


@pytest.mark.parametrize(
    ("extent", "expected"),
    [
        (None, None),
        ({"provinces": ["04"]}, {"04"}),
        ({"provinces": PROVINCES}, {"01", "04", "12"}),
        ({"except_provinces": ["04"]}, {"01", "12"}),
    ],
)
def test_provinces_that_are_meant(extent: dict[str, Any] | None, expected: set[str] | None) -> None:
    """Those named, or all but those left out; without an extent there is no limit."""
    assert (Extent(None if expected is None else frozenset(expected), None), []) == read(extent)


@pytest.mark.parametrize(
    ("extent", "code"),
    [
        ({"provinces": ["04", "99"]}, "coverage.unknown-province"),
        ({"except_provinces": ["99"]}, "coverage.unknown-province"),
        ({"except_provinces": PROVINCES}, "coverage.empty-extent"),
    ],
)
def test_an_extent_that_cannot_be_meant_is_refused(extent: dict[str, Any], code: str) -> None:
    """A province nobody knows is a slip of the pen, and a submission that speaks for nothing a mistake."""
    assert (None, [code]) == read(extent)


def test_without_communes_nobody_knows_the_provinces() -> None:
    """Their file was refused: the names are left unchecked, so that one mistake is not told as two."""
    assert (Extent(None, None), []) == read({"provinces": ["99"]}, known=False)


def test_a_drawn_extent_is_brought_to_degrees(tmp_path: Path) -> None:
    """Polygons of VN-2000 come back as the longitude and latitude they were drawn from."""
    drawn = shapely.box(105.2, 20.2, 105.21, 20.21)
    path = tmp_path / "area.gpkg"
    geopandas.GeoSeries([drawn], crs=4326).to_crs(3405).to_file(path)
    extent, codes = read({"path": str(path)})
    assert extent is not None
    assert extent.provinces is None
    assert extent.geometries is not None
    assert ["crs.operation"] == codes
    (found,) = extent.geometries
    assert shapely.hausdorff_distance(drawn, found) < 1e-6


def test_a_drawn_extent_must_be_drawn_of_polygons(tmp_path: Path) -> None:
    """A line encloses nothing."""
    path = tmp_path / "area.gpkg"
    geopandas.GeoSeries([shapely.LineString([(105, 20), (106, 21)])], crs=4326).to_file(path)
    assert (None, ["geometry.wrong-type"]) == read({"path": str(path)})
