"""Outlines of clusters of cells: the edges of the cells themselves, traced into valid polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.transformers import transformer_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from .lattice import Lattice

    Indices = NDArray[np.int64]

# The four sides of a cell, walked with the cell on the right hand: north side eastwards, east side
# southwards, south side westwards, west side northwards.
_BEYOND = ("north", "east", "south", "west")  # the neighbour across each side
_AHEAD = ("east", "south", "west", "north")  # the neighbour the walk runs towards
_ACROSS = ("northeast", "southeast", "southwest", "northwest")  # the one diagonally ahead
_START_ROW = np.array([0, 0, 1, 1])
_START_COL = np.array([0, 1, 1, 0])


@dataclass(frozen=True, slots=True)
class _Rings:
    """Closed walks around cells: corners in grid rows and columns, one ring after the other."""

    ring: Indices
    row: Indices
    col: Indices
    cell: Indices  # the first cell of each ring


def outlines(lattice: Lattice, cluster: Indices, grid: Grid) -> NDArray[np.object_]:
    """Draw each cluster of cells as one multipolygon.

    Cells that touch only at a corner become separate parts, so every outline is valid. The outline
    follows the cells, not the commune border: a cell on the border is drawn whole.

    Parameters
    ----------
    lattice
        The cells.
    cluster
        The cluster of each cell, numbered from 0 without gaps; corners are enough to hang together.
    grid
        The grid the rows and columns belong to.

    Returns
    -------
    ndarray
        MultiPolygons in EPSG:4326, one per cluster, exterior rings anticlockwise.
    """
    part = lattice.clusters(diagonal=False)
    straight = bool(grid.crs.is_geographic)
    rings = _walk(lattice, part, keep_straight_corners=not straight)
    line = np.asarray(shapely.linearrings(_lonlat(rings, grid), indices=rings.ring))
    part_of_ring = part[rings.cell]
    shell_first = np.lexsort((~_turns_right(rings), part_of_ring))
    polygons = np.asarray(shapely.polygons(line[shell_first], indices=part_of_ring[shell_first]))
    cluster_of_part = np.empty(len(polygons), dtype=np.int64)
    cluster_of_part[part] = cluster
    order = np.argsort(cluster_of_part, kind="stable")
    whole = shapely.multipolygons(polygons[order], indices=cluster_of_part[order])
    return np.asarray(shapely.orient_polygons(whole))


def share_inside(
    drawn: NDArray[np.object_], shapes: NDArray[np.object_], owner: Indices
) -> NDArray[np.float64]:
    """Say how much of each outline lies inside its commune.

    Parameters
    ----------
    drawn
        Outlines in EPSG:4326, a few kilometres across: shares of the plane are then shares of the ground.
    shapes
        Valid polygons of the communes in EPSG:4326.
    owner
        The commune of each outline, as an index into ``shapes``.

    Returns
    -------
    ndarray
        Shares from 0 to 1.
    """
    share = np.ones(len(drawn))
    asked = shapes[np.unique(owner)]
    shapely.prepare(asked)
    cut = np.flatnonzero(~shapely.contains_properly(shapes[owner], drawn))
    shapely.destroy_prepared(asked)  # the index of a detailed coast takes as much memory as the coast
    # Only the piece of the commune around the outline is intersected: much faster for detailed coasts.
    around = [
        shapely.clip_by_rect(shape, *box)
        for shape, box in zip(shapes[owner[cut]], shapely.bounds(drawn[cut]), strict=True)
    ]
    pieces = shapely.make_valid(np.array(around, dtype=object))
    share[cut] = shapely.area(shapely.intersection(drawn[cut], pieces)) / shapely.area(drawn[cut])
    return share


def _walk(lattice: Lattice, part: Indices, *, keep_straight_corners: bool) -> _Rings:
    """Follow the sides that have nothing beyond them until each walk closes.

    Where two cells of one part meet only at a corner the walk crosses over to the other cell, otherwise
    it stays on its own: no ring ever touches itself.
    """
    sides = np.stack([lattice.neighbour(name) < 0 for name in _BEYOND], axis=1)
    number = np.cumsum(sides.ravel()).reshape(sides.shape) - 1
    cells = np.arange(len(lattice))
    following = np.empty(sides.shape, dtype=np.int64)
    for way in range(4):
        ahead, across = lattice.neighbour(_AHEAD[way]), lattice.neighbour(_ACROSS[way])
        joined = (across >= 0) & (part[across] == part[cells])
        following[:, way] = np.where(
            joined,
            number[across, (way + 3) % 4],
            np.where(ahead >= 0, number[ahead, way], number[cells, (way + 1) % 4]),
        )
    walked, ring = _cycles(following[sides])
    cell, side = (index[walked] for index in np.nonzero(sides))
    first = np.flatnonzero(np.diff(ring, prepend=-1))
    last = np.append(first[1:], len(ring)) - 1
    before = np.roll(side, 1)
    before[first] = side[last]
    corner = np.full(len(side), fill_value=True) if keep_straight_corners else side != before
    row = lattice.row[cell].astype(np.int64) + _START_ROW[side]
    col = lattice.col[cell].astype(np.int64) + _START_COL[side]
    return _Rings(ring[corner], row[corner], col[corner], cell[first])


def _cycles(following: Indices) -> tuple[Indices, Indices]:
    """Put a permutation into the order of its cycles; give that order and the cycle of each step."""
    # A plain loop over plain lists: it is linear, and each step depends on the one before.
    after = following.tolist()
    seen = bytearray(len(after))
    order: list[int] = []
    lengths: list[int] = []
    for start in range(len(after)):
        if seen[start]:
            continue
        begin, step = len(order), start
        while not seen[step]:
            seen[step] = 1
            order.append(step)
            step = after[step]
        lengths.append(len(order) - begin)
    return np.array(order, dtype=np.int64), np.repeat(np.arange(len(lengths)), lengths)


def _turns_right(rings: _Rings) -> NDArray[np.bool_]:
    """Say which rings have their cells inside: twice the area by the shoelace formula, rows downwards."""
    first = np.flatnonzero(np.diff(rings.ring, prepend=-1))
    last = np.append(first[1:], len(rings.ring)) - 1
    row, col = np.roll(rings.row, -1), np.roll(rings.col, -1)
    row[last], col[last] = rings.row[first], rings.col[first]
    return np.add.reduceat(rings.col * row - col * rings.row, first) > 0


def _lonlat(rings: _Rings, grid: Grid) -> NDArray[np.float64]:
    """Carry corners of cells to longitude and latitude."""
    x = grid.transform.c + rings.col * grid.transform.a
    y = grid.transform.f + rings.row * grid.transform.e
    to_lonlat = transformer_between(grid.crs, LONLAT)
    return np.stack(to_lonlat.transform(x, y), axis=1)
