"""Borders drawn from a grid of numbers: shared exactly, and inside the cells they run through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from blackspot.data.sample.land.terrain import Frame
from blackspot.data.sample.outlines import trace_arcs

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRIDS = arrays(np.int32, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(-1, 4))


def _frame(number: NDArray[np.int32]) -> Frame:
    return Frame(west=0.0, north=0.0, cells_per_degree=1, rows=number.shape[0], cols=number.shape[1])


def _areas(number: NDArray[np.int32]) -> dict[int, shapely.MultiPolygon]:
    arcs = trace_arcs(np.random.default_rng(1), number, _frame(number))
    return {int(value): arcs.area(int(value)) for value in np.unique(number[number >= 0])}


@given(GRIDS)
def test_any_grid_gives_a_valid_coverage(number: NDArray[np.int32]) -> None:
    """Whatever touches whatever, corner to corner or as an island: valid areas without gap or overlap."""
    areas = list(_areas(number).values())
    assert all(shapely.is_valid(areas))
    if areas:
        assert shapely.coverage_is_valid(areas)


@given(GRIDS)
def test_every_middle_of_a_cell_stays_in_its_area(number: NDArray[np.int32]) -> None:
    """Borders cut corners of cells, never their middles."""
    areas = _areas(number)
    row, col = np.indices(number.shape)
    middles = shapely.points(col.ravel() + 0.5, -(row.ravel() + 0.5))
    for value, area in areas.items():
        assert np.array_equal(number.ravel() == value, shapely.contains(area, middles))


@given(GRIDS)
def test_outlines_never_leave_their_cells(number: NDArray[np.int32]) -> None:
    """An area reaches at most half a cell beyond its own cells."""
    for value, area in _areas(number).items():
        row, col = np.nonzero(number == value)
        cells = shapely.union_all(shapely.box(col, -row - 1, col + 1, -row))
        assert shapely.contains(shapely.buffer(cells, 0.75), area)


def test_the_border_between_two_sides_is_the_line_they_share() -> None:
    """Two halves of a square share one line, which lies on both boundaries."""
    number = np.array([[0, 0, 1, 1]] * 4, dtype=np.int32)
    arcs = trace_arcs(np.random.default_rng(1), number, _frame(number))
    line = arcs.between(frozenset([0]), frozenset([1]))
    assert shapely.get_num_geometries(line) == 1
    assert line.bounds[0] == pytest.approx(2.0)
    assert line.bounds[2] == pytest.approx(2.0)
    assert line.length == pytest.approx(4.0)
    for value in (0, 1):
        assert shapely.difference(line, arcs.area(value).boundary).length == pytest.approx(0.0)


def test_the_frame_places_the_grid_on_the_earth() -> None:
    """x grows eastwards from the west edge and y southwards from the north edge."""
    frame = Frame(west=107.0, north=10.0, cells_per_degree=600, rows=2, cols=2)
    assert [[107.0, 10.0], [107.5, 9.0]] == frame.lonlat(np.array([[0.0, 0.0], [300.0, 600.0]])).tolist()
    assert frame.cell_km == pytest.approx(0.185, abs=0.001)
