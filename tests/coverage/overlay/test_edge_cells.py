"""A look at the cells before anything is counted: edge cells, crowded cells, people of communes."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.burn.spans import Spans, empty_spans
from blackspot.coverage.overlay import edge_cells
from blackspot.coverage.overlay.edge_cells import EdgeCells, Look, look_at_cells, people_about
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.other_land import spans_of
from table_raster import TableRaster, box, communes, grid_of

NOTHING = np.zeros(0, np.int64)


def look(people: np.ndarray, *shapes: object, touched: np.ndarray = NOTHING, sublines: int = 4) -> Look:
    raster = TableRaster(people)
    grid = grid_of(raster, sublines)
    zones = burn_communes(communes(*shapes), grid)  # type: ignore[arg-type]
    source = RasterPeople(raster, grid)
    about = people_about(source, zones, len(shapes))
    return look_at_cells(source, zones, about, touched, crowded=True)


def test_edge_cells_with_their_land_and_people() -> None:
    """A coast at a quarter of column 2; the smallest commune that ends there is the second."""
    people = np.arange(24.0).reshape(4, 6)
    found = look(people, box(0, 0, 2.25, 2), box(0, 2, 2.25, 4))
    assert [2, 8, 14, 20] == found.edge.cell.tolist()
    assert [2.0, 8.0, 14.0, 20.0] == found.edge.people.tolist()
    assert pytest.approx([0.25] * 4) == found.edge.land.tolist()
    first = sum([0, 1, 6, 7]) + (2 + 8) / 4
    second = sum([12, 13, 18, 19]) + (14 + 20) / 4
    assert pytest.approx([first, first, second, second]) == found.edge.least.tolist()


def test_touched_cells_that_no_line_meets_are_edge_cells() -> None:
    """They have no land as far as the lines see it; those with ground are known already."""
    people = np.arange(24.0).reshape(4, 6)
    found = look(people, box(0, 0, 2.25, 2), touched=np.array([0, 2, 5, 23]))
    assert [2, 5, 8, 23] == found.edge.cell.tolist()
    assert pytest.approx([0.25, 0.0, 0.25, 0.0]) == found.edge.land.tolist()
    assert [True, False, True, False] == np.isfinite(found.edge.least).tolist()
    assert [2.0, 5.0, 8.0, 23.0] == found.edge.people.tolist()


def test_other_land_counts_as_land() -> None:
    """Half of an edge cell is a neighbour's: with it the cell is three quarters land, four thirds as dense."""
    grid = grid_of(TableRaster(np.zeros((1, 3))))
    edge = EdgeCells(np.array([1]), np.array([0.25]), np.array([9.0]), np.array([9.0]))
    whole = spans_of(np.array([1]), grid)
    half = Spans(whole.line, whole.x0 + 2048, whole.x1)
    assert pytest.approx([0.75]) == edge.with_land(half, grid).land.tolist()
    assert pytest.approx([4 / 3]) == edge.with_land(half, grid).denser().tolist()
    assert pytest.approx([1.0]) == edge.with_land(whole, grid).land.tolist()
    assert [256.0] == edge._replace(land=np.array([0.001])).denser().tolist()


def test_crowded_cells_at_borders_and_inside() -> None:
    """A thousandth of a commune on one of four lines where it ends, a hundredth inside."""
    people = np.ones((40, 40))
    people[5, 5] = 4 * 0.012 * 800  # inside: a little over a hundredth of 886 people on a line
    people[6, 6] = 4 * 0.009 * 800  # a little under
    people[9, 20] = 4 * 0.0012 * 800  # on the border of both
    people[10, 20] = 4 * 0.0008 * 800
    found = look(people, box(0, 0, 20.5, 40), box(20.5, 0, 40, 40))
    assert {5 * 40 + 5, 9 * 40 + 20} == set(found.crowded.tolist())


def test_a_cell_of_a_commune_without_people_is_crowded_by_anybody() -> None:
    """Nobody lives in most of a commune: every cell with people at its border is looked at closely."""
    people = np.zeros((10, 10))
    people[3, 4] = 1.0
    found = look(people, box(0, 0, 4.5, 10), box(4.5, 0, 10, 10))
    assert [34] == found.crowded.tolist()


def test_how_much_of_a_commune_lies_in_edge_cells() -> None:
    """An island inside one cell wholly; a commune of nine whole cells and a strip hardly."""
    people = np.ones((8, 12))
    found = look(people, box(0, 0, 3, 3.25), box(6.2, 5.2, 6.8, 5.8))
    assert pytest.approx([0.75 / 9.75, 1.0]) == found.at_edge.tolist()


def test_bands_without_ground_are_looked_at_for_touched_cells() -> None:
    """A tall grid: ground in the first band only, a touched cell in the last one."""
    people = np.ones((400, 3))
    found = look(people, box(0, 0, 1.5, 2), touched=np.array([399 * 3 + 1]))
    assert [1, 4, 399 * 3 + 1] == found.edge.cell.tolist()


def test_about_how_many_people_a_commune_has() -> None:
    """All rows of a small grid: the share of cells, exactly; no data is nobody."""
    people = np.arange(24.0).reshape(4, 6)
    people[0, 0] = np.nan
    raster = TableRaster(people)
    grid = grid_of(raster)
    zones = burn_communes(communes(box(0, 0, 1.5, 2), box(2, 0, 3, 4), box(50, 50, 51, 51)), grid)
    about = people_about(RasterPeople(raster, grid), zones, 3)
    assert pytest.approx([6 + 0.5 * (1 + 7), 2 + 8 + 14 + 20, 0.0]) == about.tolist()


def test_some_rows_tell_in_a_large_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four of sixteen rows stand for all; a commune between them has as many people as ground elsewhere."""
    monkeypatch.setattr(edge_cells, "_MANY_CELLS", 10)
    raster = TableRaster(np.full((64, 4), 3.0))
    grid = grid_of(raster)
    zones = burn_communes(communes(box(0, 0, 2, 64), box(2, 5, 4, 15)), grid)
    about = people_about(RasterPeople(raster, grid), zones, 2)
    assert pytest.approx([384.0, 60.0]) == about.tolist()


def test_communes_need_owners() -> None:
    """Spans of a layer have none."""
    raster = TableRaster(np.ones((2, 2)))
    grid = grid_of(raster)
    with pytest.raises(ValueError, match="owners"):
        people_about(RasterPeople(raster, grid), empty_spans(), 1)
    layer = Spans(*(np.array(column, np.int32) for column in ([0], [0], [4096])))
    with pytest.raises(ValueError, match="owners"):
        look_at_cells(RasterPeople(raster, grid), layer, np.ones(1), NOTHING, crowded=True)


def test_a_grid_that_reaches_beyond_its_raster() -> None:
    """A commune where the raster has no data: edge cells without people, nothing crowded."""
    raster = TableRaster(np.ones((2, 2)))
    grid = Grid(raster.crs, raster.transform, 8, 2, 4)
    zones = burn_communes(communes(box(4.5, 0, 6.5, 2)), grid)
    found = look_at_cells(RasterPeople(raster, grid), zones, np.zeros(1), NOTHING, crowded=True)
    assert [4, 6, 12, 14] == found.edge.cell.tolist()
    assert [0.0] * 4 == found.edge.people.tolist()
    assert 0 == len(found.crowded)
