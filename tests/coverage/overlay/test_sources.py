"""Where the people of a window come from."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.overlay.sources import DenserPeople, RasterPeople, TablePeople
from table_raster import UTM48, TableRaster, grid_of

PEOPLE = np.arange(600.0).reshape(20, 30)
PEOPLE[7, 7] = np.nan
RASTER = TableRaster(PEOPLE)
GRID = grid_of(RASTER)


def test_cells_counted_elsewhere_hold_nobody() -> None:
    """Zero in a window of any place; no data stays no data, and the raster is not written to."""
    taken = np.array([0, 7 * 30 + 7, 7 * 30 + 8, 19 * 30 + 29])
    source = RasterPeople(RASTER, GRID, taken)
    expected = np.where(np.isin(np.arange(600), taken), PEOPLE.ravel() * 0.0, PEOPLE.ravel()).reshape(20, 30)
    np.testing.assert_array_equal(expected, source.read(0, 20, 0, 30))
    np.testing.assert_array_equal(expected[6:9, 5:9], source.read(6, 3, 5, 4))
    assert 599.0 == PEOPLE[19, 29]


def test_people_of_single_cells() -> None:
    """In rows far apart, at both ends of a row, without data; the same as in a window."""
    tall = TableRaster(np.arange(3000.0).reshape(1000, 3))
    cells = np.array([0, 2, 3, 1500, 2997, 2999])
    assert cells.tolist() == RasterPeople(tall, grid_of(tall)).at(cells).tolist()
    assert np.isnan(RasterPeople(RASTER, GRID).at(np.array([7 * 30 + 7]))).all()
    assert [] == RasterPeople(RASTER, GRID).at(np.zeros(0, np.int64)).tolist()


def test_single_cells_outside_of_the_raster_have_no_data() -> None:
    """A grid that reaches further than its raster."""
    grid = Grid(UTM48, GRID.transform, 32, 20, 4, 0, -1)
    people = RasterPeople(RASTER, grid).at(np.array([0, 1, 31]))
    assert [True, False, True] == np.isnan(people).tolist()


def test_denser_people_in_some_cells() -> None:
    """Two cells are multiplied, in any window that holds them."""
    source = DenserPeople(RasterPeople(RASTER, GRID), np.array([31, 95]), np.array([2.0, 10.0]))
    expected = PEOPLE.copy()
    expected[1, 1] *= 2
    expected[3, 5] *= 10
    np.testing.assert_array_equal(expected, source.read(0, 20, 0, 30))
    np.testing.assert_array_equal(expected[3:5, 5:8], source.read(3, 2, 5, 3))
    np.testing.assert_array_equal(expected[3:5, 6:8], source.read(3, 2, 6, 2))


@pytest.mark.parametrize("where", [(0, 2, 0, 3), (1, 1, 1, 2)])
def test_people_of_a_table(where: tuple[int, int, int, int]) -> None:
    """Windows of an array."""
    table = np.arange(6.0).reshape(2, 3)
    row0, rows, col0, cols = where
    np.testing.assert_array_equal(
        table[row0 : row0 + rows, col0 : col0 + cols], TablePeople(table).read(*where)
    )
