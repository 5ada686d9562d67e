"""Submissions become layers: one for each operator and service, however many files there are."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.fine import FineCells, FineEdges
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.people.assembly import assemble_layers
from blackspot.coverage.people.counted_ground import CountedGround
from blackspot.data.disk.hashing import InputFile
from blackspot.data.project.profile import Profile
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.reading import Refusal
from blackspot.data.submissions.reader import Submission, SubmissionFacts
from blackspot.errors import ProjectError

if TYPE_CHECKING:
    from blackspot.coverage.burn.spans import Spans
    from blackspot.coverage.people.layers import LayerTable

UTM48 = pyproj.CRS.from_epsg(32648)
GRID = Grid(UTM48, Affine(100.0, 0, 500_000.0, 0, -100.0, 2_000_000.0), 40, 10, 4)
PROVINCES = [f"{number:02}" for number in range(40)]


def strip(number: int, width: int = 1) -> shapely.Polygon:
    """A column of cells, counted from the west."""
    west = 500_000.0 + 100.0 * number
    return shapely.box(west, 1_999_000.0, west + 100.0 * width, 2_000_000.0)


COMMUNES = gpd.GeoDataFrame(
    {"province_code": PROVINCES}, geometry=[strip(number) for number in range(40)], crs=UTM48
)


def submission(operator: str, *shapes: shapely.Polygon, service: str = "5g", **changes: Any) -> Submission:
    facts: dict[str, Any] = {
        "operator": operator,
        "service": service,
        "service_class": "",
        "environment": "",
        "basis": "declared",
        "vintage": "",
        "geometries": np.array(shapes, dtype=object),
        "crs": UTM48,
        "extent_provinces": None,
        "extent_geometries": None,
        "source": InputFile("coverage", Path("/made/in/the/test.gpkg"), "0" * 64, 1),
        "facts": SubmissionFacts(LayerFacts(Path("/made/in/the/test.gpkg"))),
        "features_read": len(shapes),
    }
    return Submission(**(facts | changes))


def assemble(*submissions: Submission, refused: tuple[Refusal, ...] = ()) -> tuple[LayerTable, list[Spans]]:
    inputs: Any = SimpleNamespace(
        submissions=submissions, refused=refused, communes=SimpleNamespace(frame=COMMUNES)
    )
    zones = burn_communes(COMMUNES.to_crs(4326), GRID)
    fine = FineCells(GRID, np.zeros(0, np.int64))
    ground = CountedGround(
        zones, fine, FineEdges.joined([]), np.ones(40), fine.cell, np.zeros(0), np.zeros(0, bool)
    )
    table, spans, _ = assemble_layers(inputs, Profile(services=("5g",)), ground, GRID)
    return table, spans


def length(spans: Spans) -> float:
    """Covered length in cells, over the 40 lines."""
    return float((spans.x1.astype(np.int64) - spans.x0).sum()) / 4096 / 40


def test_forty_files_of_one_operator_are_two_layers() -> None:
    """One file for each province: the coverage is their union, and so is what they speak for."""
    files = [
        submission("Một", strip(number), extent_provinces=frozenset({PROVINCES[number]}))
        for number in range(40)
    ]
    table, spans = assemble(*files)
    (item,) = table.items
    assert ((0,), (1,)) == (item.coverage_bits, item.extent_bits)
    assert pytest.approx(40.0, abs=0.01) == length(spans[0])
    assert pytest.approx(40.0, abs=0.01) == length(spans[1])


def test_a_file_for_the_whole_country_needs_no_extent() -> None:
    """Once an operator speaks for everywhere, what another file of it speaks for says nothing more."""
    table, spans = assemble(
        submission("Một", strip(0), extent_provinces=frozenset({"00"})), submission("Một", strip(1))
    )
    (item,) = table.items
    assert ((0,), None) == (item.coverage_bits, item.extent_bits)
    assert [pytest.approx(2.0)] == [length(one) for one in spans]


def test_a_refused_file_takes_back_that_its_operator_speaks_for_everywhere() -> None:
    """Where the refused file may have covered nothing is known; what the good file covers is covered."""
    table, spans = assemble(
        submission("Một", strip(0)),
        refused=(Refusal("Một", "5g", "declared"), Refusal("Hai", "5g", "declared")),
    )
    by_name = {item.operator: item for item in table.items}
    assert ((0,), ()) == (by_name["Một"].coverage_bits, by_name["Một"].extent_bits)
    assert ((), ()) == (by_name["Hai"].coverage_bits, by_name["Hai"].extent_bits)
    masks = np.array([0, 1], dtype=np.uint64)
    assert [True, False] == table.no_data(masks, "5g", "Một").tolist()
    assert [False, True] == table.covered(masks, "5g", "Một").tolist()
    assert 1 == len(spans)


def test_a_refused_plan_says_nothing_about_today() -> None:
    """The profile does not count plans, so a refused one takes no data away."""
    table, _ = assemble(submission("Một", strip(0)), refused=(Refusal("Một", "5g", "planned"),))
    (item,) = table.items
    assert ((0,), None) == (item.coverage_bits, item.extent_bits)


def test_more_layers_than_a_mask_has_bits_is_a_mistake_of_the_project() -> None:
    """The user is told in words; nothing is left out silently."""
    many = [
        submission(f"Nhà mạng {number}", strip(0), extent_provinces=frozenset({"00"})) for number in range(33)
    ]
    with pytest.raises(ProjectError, match="make 66 layers"):
        assemble(*many)
    table, _ = assemble(*many[:32])
    assert 32 == len(table.items)
