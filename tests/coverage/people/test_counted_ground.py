"""The ground that people are counted on: which cells are measured exactly, and whose land is in them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.counted_ground import CountedGround, Land, counted_ground
from blackspot.data.geodesy.crs import LONLAT, to_lonlat
from table_raster import UTM48, TableRaster, box, communes, grid_of

WIDE = 60
INSIDE = 40 - 1e-5  # an outline on the border of cells, carried to degrees and back, may touch those beyond


def ground(
    people: np.ndarray,
    *shapes: shapely.Geometry,
    rule: str = "land",
    land: shapely.Geometry | None = None,
    sublines: int = 4,
) -> CountedGround:
    raster = TableRaster(people)
    frame = communes(*shapes)
    grid = grid_of(raster, sublines)
    other = None
    if land is not None:
        shapes_of_land = to_lonlat(np.array([land], dtype=object), UTM48, on_course=True)
        other = Land((shapes_of_land, LONLAT), as_counted=False)
    zones = burn_communes(frame, grid)
    return counted_ground(
        (frame.geometry.to_numpy(), UTM48),
        zones,
        RasterPeople(raster, grid),
        rule,
        other,  # type: ignore[arg-type]
    )


def test_a_corner_that_no_line_meets_is_measured_exactly() -> None:
    """A tenth of a cell wide: 1,000 people live on it."""
    people = np.ones((WIDE, WIDE))
    people[50, 50] = 1000.0
    mainland = shapely.union(box(0, 0, INSIDE, INSIDE), box(50.0, 50.0, 50.1, 50.1))
    found = ground(people, mainland, sublines=5)
    assert [50 * WIDE + 50] == found.fine.cell.tolist()
    assert [1.0] == found.factors.tolist()


def test_edge_cells_with_few_people_are_left_to_the_lines() -> None:
    """A coast that cuts cells in half, with one person in each of 1,600 and more."""
    found = ground(np.ones((WIDE, WIDE)), box(0, 0, 40.5, INSIDE))
    assert 0 == len(found.fine)
    assert 40 == len(found.edge_cell)
    assert pytest.approx(np.full(40, 2.0), rel=1e-3) == found.edge_factor


def test_small_communes_are_measured_exactly_everywhere() -> None:
    """Fewer than a thousand lines across a cell: 200 cells with four lines each, the border's cells as well."""
    found = ground(np.ones((WIDE, WIDE)), box(0, 0, 40, 40), box(45.5, 45.5, 55.5, 55.5), rule="share")
    assert 11 * 11 == len(found.fine)
    assert {1} == set(found.fine_edges.owner.tolist())


def test_where_every_cell_has_many_lines_only_the_border_of_the_smallest_is() -> None:
    """Fifty lines a cell: a commune of nine cells is large enough, one of two is measured along its border."""
    people = np.ones((10, 10))
    nine, two = box(0.5, 0.5, 3.5, 3.5), box(6.5, 1.5, 7.5, 3.5)
    found = ground(people, nine, two, rule="share", sublines=50)
    cells = {(row, col) for row in (1, 2, 3) for col in (6, 7)}
    assert cells == {tuple(divmod(cell, 10)) for cell in found.fine.cell.tolist()}


def test_other_land_is_an_owner_after_the_last_commune() -> None:
    """Half of an edge cell is a neighbour's: its spans and its edges are number 1."""
    people = np.ones((WIDE, WIDE))
    people[10, 40] = 500.0
    found = ground(people, box(0, 0, 40.25, INSIDE), land=box(40.25, 0, 40.75, INSIDE))
    owner = found.zones.owner
    assert owner is not None
    assert {0, 1} == set(owner.tolist())
    assert {0, 1} == set(found.fine_edges.owner.tolist())
    assert pytest.approx(np.full(40, 4 / 3), rel=1e-3) == found.edge_factor


def test_other_land_is_of_no_matter_by_share() -> None:
    """The people of an edge cell are spread over the whole cell, land or not."""
    people = np.ones((WIDE, WIDE))
    found = ground(people, box(0, 0, 40.25, INSIDE), land=box(40.25, 0, 40.75, INSIDE), rule="share")
    assert {0} == set(found.zones.owner.tolist())  # type: ignore[union-attr]
    assert 0 == len(found.edge_cell)


def test_crowded_cells_inside_are_measured_exactly() -> None:
    """A town of half of a commune's people in one cell: a layer's edge through it decides the commune's share."""
    people = np.ones((WIDE, WIDE))
    people[20, 20] = 1600.0
    for rule in ("land", "share"):
        assert [20 * WIDE + 20] == ground(people, box(0, 0, INSIDE, INSIDE), rule=rule).fine.cell.tolist()
