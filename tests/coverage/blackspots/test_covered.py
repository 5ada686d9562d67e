"""Which points of a grid are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots.covered import GridPoints, is_covered
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.spans import empty_spans

if TYPE_CHECKING:
    from blackspot.coverage.burn.spans import Spans

CELL = 0.01


def grid_of(sublines: int) -> Grid:
    """Rows and columns of 0.01 degrees from 105° E, 21° N."""
    return Grid(pyproj.CRS.from_epsg(4326), Affine(CELL, 0.0, 105.0, 0.0, -CELL, 21.0), 40, 40, sublines)


def polygon_at(corners: list[tuple[float, float]]) -> shapely.Polygon:
    """Make a polygon of (row, column) corners."""
    return shapely.Polygon([(105 + col * CELL, 21 - row * CELL) for row, col in corners])


def burned(corners: list[tuple[float, float]], grid: Grid) -> Spans:
    return burn(np.array([polygon_at(corners)], dtype=object), grid.crs, grid)


def off_edge(points: GridPoints, corners: list[tuple[float, float]]) -> np.ndarray:
    """Measure how far points lie from the polygon's edge, in cells."""
    ring = shapely.LinearRing([(col, row) for row, col in corners])
    return shapely.distance(ring, shapely.points(points.col, points.row))


WHOLE_CELLS = [(5.0, 5.0), (5.0, 25.0), (15.0, 25.0), (15.0, 5.0)]


@pytest.mark.parametrize("sublines", [1, 3, 4, 40])
def test_covered_points_by_hand(sublines: int) -> None:
    """Inside, beside, above, below, and outside the grid on all sides."""
    row = np.array([10.5, 5.01, 14.99, 10.5, 10.5, 4.99, 15.01, -1.0, 41.0, 10.5, 10.5])
    col = np.array([15.5, 15.5, 15.5, 4.99, 25.01, 15.5, 15.5, 15.5, 15.5, -0.1, 40.0])
    grid = grid_of(sublines)
    expected = [True] * 3 + [False] * 8
    assert expected == is_covered(GridPoints(row, col), burned(WHOLE_CELLS, grid), grid).tolist()


CORNERS = st.lists(st.tuples(st.floats(1, 39), st.floats(1, 39)), min_size=3, max_size=7)


@settings(max_examples=40)
@given(CORNERS, st.sampled_from([2, 4, 9]))
def test_covered_points_agree_with_the_polygon(corners: list[tuple[float, float]], sublines: int) -> None:
    """A point further from the edge than the sub-lines' distance is covered exactly when it lies inside."""
    grid = grid_of(sublines)
    polygon = polygon_at(corners)
    spans = burn(np.array([polygon], dtype=object), grid.crs, grid)
    if not len(spans):
        return
    row, col = (index.ravel() for index in np.meshgrid(np.arange(0.37, 40), np.arange(0.61, 40)))
    clear = off_edge(GridPoints(row, col), corners) > 1.0 / sublines
    points = GridPoints(row[clear], col[clear])
    inside = shapely.Polygon([(col, row) for row, col in corners])
    if not inside.is_valid:
        return
    expected = shapely.contains_xy(inside, points.col, points.row)
    assert np.array_equal(expected, is_covered(points, spans, grid))


def test_nothing_is_covered_without_coverage() -> None:
    """No spans at all."""
    assert [False] == is_covered(
        GridPoints(np.array([5.0]), np.array([5.0])), empty_spans(), grid_of(4)
    ).tolist()
