"""Rings cut to single cells: whatever they look like, the ground in every cell is right."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.burn.clip import cut_to_cells, touched_cells
from blackspot.coverage.burn.rings import Carrier, rings_of
from table_raster import CELL, LEFT, TOP, UTM48, TableRaster, box, grid_of

GRID = grid_of(TableRaster(np.zeros((6, 8))))
EVERY_CELL = np.arange(GRID.width * GRID.height)


def polygon(corners: list[tuple[float, float]]) -> shapely.Polygon:
    """A polygon from columns and rows."""
    return shapely.Polygon([(LEFT + CELL * col, TOP - CELL * row) for col, row in corners])


def even_odd(shape: shapely.Polygon) -> shapely.Geometry:
    """The ground of a ring by the even-odd rule: what an odd number of the triangles over its edges covers."""
    corners = shapely.get_coordinates(shape.exterior)
    ground: shapely.Geometry = shapely.Polygon()
    for start, end in pairwise(corners[1:-1]):
        triangle = shapely.Polygon([corners[0], start, end])
        if triangle.area > 0:
            ground = ground.symmetric_difference(triangle)
    return ground


def areas_in_cells(*shapes: shapely.Polygon, cells: np.ndarray = EVERY_CELL) -> np.ndarray:
    """Ground in each cell, in cells, one row for each shape: areas of the closed edges, all turned one way.

    The edges of a part and cell are loops in any order and direction. The area under the boundary of ground is the
    sum over heights of the stretches between crossings, here on so many lines that it is right to a ten-thousandth.
    """
    edges = cut_to_cells(rings_of(np.array(shapes, dtype=object)), GRID, cells).closed()
    lines = (np.arange(4001) + 0.5) / 4001
    found = np.zeros((len(shapes), len(cells)))
    for part, cell in {*zip(edges.part.tolist(), edges.cell.tolist(), strict=True)}:
        here = (edges.part == part) & (edges.cell == cell)
        start, end = edges.start[here], edges.end[here]
        crosses = (start[:, 1][:, None] < lines) != (end[:, 1][:, None] < lines)
        across, down = (end - start).T[:, :, None]
        share = np.divide(
            lines - start[:, 1][:, None], down, out=np.zeros_like(crosses, float), where=crosses
        )
        x = np.where(crosses, start[:, 0][:, None] + share * across, np.inf)
        x.sort(axis=0)
        assert (np.isfinite(x).sum(axis=0) % 2 == 0).all()
        x[~np.isfinite(x)] = 0.0
        found[part, cell] = (x[1::2] - x[0::2][: len(x[1::2])]).sum(axis=0).mean()
    return found


def exact_areas(shape: shapely.Polygon) -> list[float]:
    """Ground of a shape without holes, or with holes if it is valid, in each cell."""
    ground = shape if len(shape.interiors) else even_odd(shape)
    cells = [box(col, row, col + 1, row + 1) for row in range(GRID.height) for col in range(GRID.width)]
    return [ground.intersection(cell).area / CELL**2 for cell in cells]


NASTY = {
    "a spike in a corner": [(2.0, 2.0), (2.1, 2.0), (2.0, 2.1)],
    "a box along cells": [(1, 1), (4, 1), (4, 3), (1, 3)],
    "a box along one side": [(1, 1.25), (4, 1.25), (4, 3.5), (1, 3.5)],
    "a bow tie": [(0.5, 0.5), (6.5, 4.5), (6.5, 0.5), (0.5, 4.5)],
    "a star that covers its middle twice": [(4, 0.2), (6, 5.5), (0.3, 2), (7.7, 2), (2, 5.5)],
    "beyond the grid": [(-3, -2), (11, 1.5), (5.5, 9), (-1, 3)],
    "everything": [(-5, -5), (20, -5), (20, 20), (-5, 20)],
    "through corners of cells": [(1, 1), (3, 3), (5, 1), (3, 5)],
    "a needle": [(0.3, 2.2), (7.9, 2.9), (7.9, 2.901), (0.3, 2.201)],
    "back along itself": [(1.5, 1.5), (5.5, 1.5), (5.5, 3.5), (5.5, 1.5), (1.5, 1.5), (1.5, 4)],
}


@pytest.mark.parametrize("name", NASTY)
def test_ground_in_every_cell_is_right(name: str) -> None:
    """Spikes, bow ties, borders along cells and through their corners, and what leaves the grid."""
    shape = polygon(NASTY[name])
    inside = shapely.intersection(even_odd(shape), box(0, 0, GRID.width, GRID.height))
    found = areas_in_cells(*_in_grid(shape))
    assert pytest.approx(inside.area / CELL**2, abs=2e-3) == found.sum()
    assert pytest.approx(exact_areas(shape), abs=3e-4) == found[0].tolist()


def _in_grid(shape: shapely.Polygon) -> list[shapely.Polygon]:
    """Bring vertices beyond the grid onto its sides, as is done before cutting."""
    rings = Carrier(UTM48, GRID)(rings_of(np.array([shape], dtype=object)))
    return [shapely.Polygon(rings.xy)]


def test_holes_are_left_out_and_parts_stay_apart() -> None:
    """A ring with a hole that fills a cell, beside a part of another geometry in the same cells."""
    ring = shapely.Polygon(
        polygon([(1, 1), (6, 1), (6, 5), (1, 5)]).exterior,
        [polygon([(2, 2), (4.5, 2), (4.5, 4), (2, 4)]).exterior],
    )
    other = polygon([(2.25, 2.25), (2.75, 2.25), (2.75, 2.75), (2.25, 2.75)])
    rings = rings_of(np.array([ring, other], dtype=object))
    first, second = rings.feature.tolist()  # they are ordered by where they lie
    found = areas_in_cells(ring, other)
    assert pytest.approx(exact_areas(ring), abs=3e-4) == found[[first, second].index(0)].tolist()
    assert pytest.approx(0.25, abs=3e-4) == found[[first, second].index(1)].sum()


def test_only_the_wanted_cells_are_given() -> None:
    """Of a box over many cells the two wanted ones come back, one of them without any edge in it."""
    shape = polygon([(1.5, 1.5), (6.5, 1.5), (6.5, 4.5), (1.5, 4.5)])
    wanted = np.array([1 * GRID.width + 1, 2 * GRID.width + 3])
    found = areas_in_cells(shape, cells=wanted)
    assert pytest.approx([0.25, 1.0], abs=3e-4) == found[0].tolist()


corner = st.tuples(
    st.one_of(st.integers(0, 8), st.floats(0, 8)), st.one_of(st.integers(0, 6), st.floats(0, 6))
)


@settings(max_examples=60, deadline=None)
@given(corners=st.lists(corner, min_size=3, max_size=8))
def test_any_ring_is_cut_to_its_ground(corners: list[tuple[float, float]]) -> None:
    """Vertices on sides and corners of cells as often as anywhere else; the areas are those of GEOS."""
    shape = polygon(corners)
    found = areas_in_cells(shape)
    assert pytest.approx(exact_areas(shape), abs=2e-3) == found[0].tolist()


@settings(max_examples=60, deadline=None)
@given(corners=st.lists(st.tuples(st.floats(0, 8), st.floats(0, 6)), min_size=3, max_size=8))
def test_touched_cells_hold_the_whole_outline(corners: list[tuple[float, float]]) -> None:
    """An outline runs through no other cell, and every cell it runs through is told."""
    shape = polygon(corners)
    touched = touched_cells(rings_of(np.array([shape], dtype=object)), GRID)
    outline = shape.exterior
    for cell in EVERY_CELL.tolist():
        row, col = divmod(cell, GRID.width)
        inner = box(col + 1e-6, row + 1e-6, col + 1 - 1e-6, row + 1 - 1e-6)
        outer = box(col - 1e-6, row - 1e-6, col + 1 + 1e-6, row + 1 + 1e-6)
        if outline.intersects(inner):
            assert cell in touched
        elif not outline.intersects(outer):
            assert cell not in touched
