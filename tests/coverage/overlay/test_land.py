"""How much of a cell is land, worked out by hand on cells of a hundred metres."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.burn.spans import Spans, empty_spans
from blackspot.coverage.overlay.land import (
    LEAST_LAND_SHARE,
    Window,
    cut_cells,
    full_cell,
    gather_on_land,
    land_runs,
    outline_of,
)
from table_raster import TableRaster, box, communes, grid_of

GRID = grid_of(TableRaster(np.zeros((4, 6))))
WINDOW = Window(0, 0, 4, 6, GRID.sublines)


def test_the_outline_joins_neighbours_and_keeps_gaps() -> None:
    """Touching spans of two owners are one; another line or a gap begins a new one."""
    columns = ([0, 0, 0, 1], [0, 4, 9, 0], [4, 7, 12, 3], [1, 0, 0, 0])
    outline = outline_of(Spans(*(np.array(column, np.int32) for column in columns)))
    assert [0, 0, 1] == outline.line.tolist()
    assert [0, 9, 0] == outline.x0.tolist()
    assert [7, 12, 3] == outline.x1.tolist()
    assert outline.owner is None
    assert 0 == len(outline_of(empty_spans(owned=True)))


def test_cells_at_the_coast_are_cut_and_those_between_communes_are_not() -> None:
    """Two communes share column 2; the coast cuts column 4 at a quarter."""
    zones = burn_communes(communes(box(0, 0, 2.5, 4), box(2.5, 0, 4.25, 4)), GRID)
    runs = land_runs(zones, WINDOW)
    assert [full_cell(GRID.sublines)] * 4 == runs.at(np.arange(4), np.full(4, 2), 6)[:, 0].tolist()
    cut = cut_cells(runs, GRID.sublines)
    assert [4] * 4 == cut.col.tolist()
    assert [0, 1, 2, 3] == cut.strip.tolist()
    assert pytest.approx([0.25] * 4) == (cut.units[:, 0] / full_cell(GRID.sublines)).tolist()


def test_people_of_cut_cells_are_gathered_on_their_land() -> None:
    """Four times as dense on a quarter of a cell; below 1/256 never more than 256 times."""
    assert 1 / 256 == LEAST_LAND_SHARE
    zones = burn_communes(communes(box(0, 0, 0.25, 1), box(3, 2, 3 + 1 / 512, 3)), GRID)
    people = np.full((4, 6), 10.0)
    gather_on_land(people, cut_cells(land_runs(zones, WINDOW), GRID.sublines), GRID.sublines)
    assert pytest.approx(40.0) == people[0, 0]
    assert pytest.approx(2560.0) == people[2, 3]
    assert 10.0 == people[3, 5]
