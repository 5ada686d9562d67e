"""From a grid of numbers to polygons with natural-looking borders that neighbours share exactly.

The edges between cells of different numbers are joined into arcs, which end where three areas meet. Every
arc is smoothed once, on its own, and both its neighbours are built from it: no gap and no overlap can arise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Frame

_SLIDE = 0.3  # of an edge, how far a border may leave its middle; below 0.5 borders can never touch
_CUT = 0.25  # where corners are cut, as a share of each side


@dataclass(frozen=True, slots=True)
class Arcs:
    """Borders between the areas of a grid, and what they enclose; geometries in EPSG:4326.

    ``line`` holds LineStrings, ``one`` and ``other`` the numbers on both sides. ``face`` holds the Polygons
    between them and ``number`` the number of each.
    """

    line: NDArray[np.object_]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    face: NDArray[np.object_]
    number: NDArray[np.int64]

    def area(self, number: int) -> shapely.MultiPolygon:
        """Give the area with a number, islands and holes included."""
        area: shapely.MultiPolygon = shapely.multipolygons(list(self.face[self.number == number]))
        return area

    def between(self, numbers: frozenset[int], others: frozenset[int]) -> shapely.MultiLineString:
        """Join the arcs that have one of ``numbers`` on one side and one of ``others`` on the other."""
        ours, theirs = sorted(numbers), sorted(others)
        chosen = np.isin(self.one, ours) & np.isin(self.other, theirs)
        chosen |= np.isin(self.other, ours) & np.isin(self.one, theirs)
        merged = shapely.line_merge(shapely.multilinestrings(list(self.line[chosen])))
        joined: shapely.MultiLineString = shapely.multilinestrings(list(shapely.get_parts(merged)))
        return joined


def trace_arcs(rng: np.random.Generator, number: NDArray[np.int32], frame: Frame) -> Arcs:
    """Trace the borders between the numbers of a grid.

    Parameters
    ----------
    rng
        Decides where exactly a border crosses each edge.
    number
        Number of each cell, in the shape of the frame; -1 is nothing, as is everything around the frame.
    frame
        Where the grid lies.

    Returns
    -------
    Arcs
        Smoothed, in a fixed order.
    """
    number = np.pad(number, 1, constant_values=-1)  # closes the areas that touch the rim
    merged = shapely.line_merge(shapely.multilinestrings(_edges(number)))
    arcs = _in_order(shapely.get_parts(merged))
    lines, sides = [], []
    for arc in arcs:
        corners = shapely.get_coordinates(arc)
        sides.append(_sides(number, corners))
        lines.append(shapely.linestrings(_smooth(rng, corners)))
    line = np.asarray(lines, dtype=object)
    one, other = np.asarray(sides, dtype=np.int64).reshape(-1, 2).T
    face = _in_order(shapely.orient_polygons(shapely.get_parts(shapely.polygonize(line))))

    def place(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return frame.lonlat(xy - 1.0)

    return Arcs(
        shapely.transform(line, place),
        one,
        other,
        shapely.transform(face, place),
        _numbers(number, face),
    )


def _in_order(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Put geometries into an order that depends on nothing but where they lie."""
    return geometries[np.lexsort([*shapely.bounds(geometries).T, shapely.get_num_coordinates(geometries)])]


def _numbers(number: NDArray[np.int32], face: NDArray[np.object_]) -> NDArray[np.int64]:
    """Read the number of every face at the middle of a cell inside it.

    A point of the face may lie in the cut corner of a cell of another number; then a cell beside that one
    has its middle inside.
    """
    inside = shapely.get_coordinates(shapely.point_on_surface(face))
    col, row = (np.floor(axis).astype(np.int64)[:, None] for axis in inside.T.reshape(2, -1))
    down, right = (step.ravel() - 1 for step in np.indices((3, 3)))
    row = np.clip(row + down, 0, number.shape[0] - 1)
    col = np.clip(col + right, 0, number.shape[1] - 1)
    hit = shapely.contains(face[:, None], shapely.points(col + 0.5, row + 0.5))
    first = hit.argmax(axis=1)[:, None]
    found: NDArray[np.int32] = number[
        np.take_along_axis(row, first, axis=1), np.take_along_axis(col, first, axis=1)
    ]
    return np.asarray(found[:, 0], dtype=np.int64)


def _edges(number: NDArray[np.int32]) -> NDArray[np.object_]:
    """Give the edges between cells of different numbers, as lines in cells, x to the right, y down."""
    row, col = np.nonzero(number[:, 1:] != number[:, :-1])
    upright = np.stack([np.column_stack([col + 1, row]), np.column_stack([col + 1, row + 1])], axis=1)
    row, col = np.nonzero(number[1:] != number[:-1])
    level = np.stack([np.column_stack([col, row + 1]), np.column_stack([col + 1, row + 1])], axis=1)
    return np.asarray(shapely.linestrings(np.concatenate([upright, level]).astype(np.float64)), dtype=object)


def _sides(number: NDArray[np.int32], corners: NDArray[np.float64]) -> tuple[int, int]:
    """Read the numbers on both sides of an arc at its first edge."""
    x, y = np.minimum(corners[0], corners[1]).astype(np.int64)
    if corners[0, 0] == corners[1, 0]:
        return int(number[y, x - 1]), int(number[y, x])
    return int(number[y - 1, x]), int(number[y, x])


def _smooth(rng: np.random.Generator, corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round a staircase without leaving the cells it runs through.

    Every edge is crossed once, near its middle; the polyline of the crossings then has its corners cut once
    (Chaikin 1974). Ends where areas meet stay in place. Two arcs never share an edge, and inside a cell each
    stays in the triangles at its own corners, so arcs cannot cross.
    """
    slide = rng.uniform(0.5 - _SLIDE, 0.5 + _SLIDE, (len(corners) - 1, 1))
    crossings = corners[:-1] + slide * (corners[1:] - corners[:-1])
    closed = np.array_equal(corners[0], corners[-1])
    path = (
        np.vstack([crossings, crossings[:1]]) if closed else np.vstack([corners[:1], crossings, corners[-1:]])
    )
    before = path[:-1] + _CUT * (path[1:] - path[:-1])
    after = path[1:] - _CUT * (path[1:] - path[:-1])
    cut = np.stack([before, after], axis=1).reshape(-1, 2)
    return np.vstack([cut, cut[:1]]) if closed else np.vstack([path[:1], cut[1:-1], path[-1:]])
