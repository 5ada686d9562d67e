"""Points along the edge of coverage, and which points are covered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots import edges
from blackspot.coverage.blackspots.edges import GridPoints, edge_points, is_covered, some_ends
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn

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


def all_points(spans: Spans, grid: Grid) -> GridPoints:
    chunks = list(edge_points(spans, grid))
    return GridPoints(*(np.concatenate(parts) for parts in zip(*chunks, strict=True)))


def off_edge(points: GridPoints, corners: list[tuple[float, float]]) -> np.ndarray:
    """Measure how far points lie from the polygon's edge, in cells."""
    ring = shapely.LinearRing([(col, row) for row, col in corners])
    return shapely.distance(ring, shapely.points(points.col, points.row))


def gaps_along(points: GridPoints, corners: list[tuple[float, float]]) -> float:
    """Give the longest way, in cells, from a point of the polygon's edge to the nearest given point."""
    ring = shapely.LinearRing([(col, row) for row, col in corners])
    walk = shapely.line_interpolate_point(ring, np.arange(0.0, ring.length, 0.05))
    cloud = shapely.multipoints(np.column_stack([points.col, points.row]))
    return float(shapely.distance(cloud, walk).max())


WHOLE_CELLS = [(5.0, 5.0), (5.0, 25.0), (15.0, 25.0), (15.0, 5.0)]
INSIDE_ROWS = [(5.3, 5.2), (5.3, 25.7), (15.6, 25.7), (15.6, 5.2)]
SLANTED = [(5.0, 5.0), (7.3, 31.2), (22.0, 18.0)]


@pytest.mark.parametrize("sublines", [1, 2, 3, 4, 5, 40])
@pytest.mark.parametrize("corners", [WHOLE_CELLS, INSIDE_ROWS, SLANTED])
def test_points_follow_the_edge(corners: list[tuple[float, float]], sublines: int) -> None:
    """Every point lies on the edge or up to a row inside, and the edge has a point at least every cell."""
    grid = grid_of(sublines)
    points = all_points(burned(corners, grid), grid)
    inside = shapely.contains_xy(
        shapely.Polygon([(col, row) for row, col in corners]), points.col, points.row
    )
    assert off_edge(points, corners)[~inside].max() < 0.01
    assert off_edge(points, corners).max() <= 1.0
    assert np.mean(off_edge(points, corners) < 0.01) > 0.5
    assert gaps_along(points, corners) < max(1.0, 2.5 / sublines)


@pytest.mark.parametrize("sublines", [4, 40])
def test_edges_between_rows_have_points(sublines: int) -> None:
    """Long edges exactly between two rows, which no sub-line crosses, have about one point per cell."""
    grid = grid_of(sublines)
    points = all_points(burned(WHOLE_CELLS, grid), grid)
    for row in (5.0, 15.0):
        along = np.unique(points.col[points.row == row])
        assert len(along) >= 20
        assert np.diff(along).max() <= 1.0


def test_some_ends_are_ends() -> None:
    """A coarse sample lies on the edge too and keeps to its number."""
    grid = grid_of(4)
    spans = burned(SLANTED, grid)
    points = some_ends(spans, grid, 10)
    assert 20 <= len(points.row) <= 40
    assert off_edge(points, SLANTED).max() <= 1.0
    assert len(some_ends(spans, grid, 10**9).row) == 2 * len(spans)


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


def test_chunks_give_the_same_points() -> None:
    """Looking at few spans at a time finds the same edge."""
    grid = grid_of(4)
    spans = burned(SLANTED, grid)
    whole = all_points(spans, grid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edges, "_CHUNK_SPANS", 3)
        pieces = all_points(spans, grid)
    assert set(zip(*whole, strict=True)) == set(zip(*pieces, strict=True))
