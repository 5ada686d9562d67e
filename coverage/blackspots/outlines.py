"""Outlines of spots: the edges of the cells themselves, traced into valid polygons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.area import area_km2
from ...data.geodesy.crs import LONLAT
from ...data.geodesy.transformers import transformer_between
from .edges import METRES_PER_DEGREE
from .lattice import Lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid

    Indices = NDArray[np.int64]

_BORDER_CELLS = 0.02
_CONTESTED_SHARE = 0.01  # of the cells; less is rounding, of the border or of the sub-lines

# The four sides of a cell, walked with the cell on the right hand: north side eastwards, east side
# southwards, south side westwards, west side northwards.
_BEYOND = ("north", "east", "south", "west")  # the neighbour across each side
_AHEAD = ("east", "south", "west", "north")  # the neighbour the walk runs towards
_ACROSS = ("northeast", "southeast", "southwest", "northwest")  # the one diagonally ahead
_START_ROW = np.array([0, 0, 1, 1])
_START_COL = np.array([0, 1, 1, 0])


@dataclass(frozen=True, slots=True)
class _CellRings:
    """Closed walks around cells: corners in grid rows and columns, one ring after the other."""

    ring: Indices
    row: Indices
    col: Indices
    cell: Indices  # the first cell of each ring


def drawn_outlines(
    grid: Grid,
    shapes: NDArray[np.object_],
    lattice: Lattice,
    spot: Indices,
    owner: Indices,
    own_km2: NDArray[np.float64],
) -> NDArray[np.object_]:
    """Draw spots as :func:`outlines` does and cut them off as :func:`clipped` does; no spot depends on another one."""
    return clipped(outlines(lattice, spot, grid), shapes, owner, own_km2, grid)


def outlines(lattice: Lattice, spot: Indices, grid: Grid) -> NDArray[np.object_]:
    """Draw each spot as one multipolygon.

    Cells that touch only at a corner become separate parts, so every outline is valid. The outline
    follows the cells, not the commune border: a cell on the border is drawn whole.

    Parameters
    ----------
    lattice
        The cells.
    spot
        The spot of each cell, numbered from 0 without gaps; corners are enough to hang together.
    grid
        The grid the rows and columns belong to.

    Returns
    -------
    ndarray
        MultiPolygons in EPSG:4326, one per spot, exterior rings anticlockwise.
    """
    order = np.lexsort((lattice.col, lattice.row, spot))
    spot = spot[order]  # in the place of the commune: cells of two spots are no neighbours
    lattice = Lattice(spot.astype(np.int32), lattice.row[order], lattice.col[order])
    part = lattice.clusters(diagonal=False)
    straight = bool(grid.crs.is_geographic)
    rings = _walk(lattice, part, keep_straight_corners=not straight)
    line = np.asarray(shapely.linearrings(_lonlat(rings, grid), indices=rings.ring))
    part_of_ring = part[rings.cell]
    shell_first = np.lexsort((~_turns_right(rings), part_of_ring))
    polygons = np.asarray(shapely.polygons(line[shell_first], indices=part_of_ring[shell_first]))
    spot_of_part = np.empty(len(polygons), dtype=np.int64)
    spot_of_part[part] = spot
    order = np.argsort(spot_of_part, kind="stable")
    whole = shapely.multipolygons(polygons[order], indices=spot_of_part[order])
    return np.asarray(shapely.orient_polygons(whole))


def clipped(
    drawn: NDArray[np.object_],
    shapes: NDArray[np.object_],
    owner: Indices,
    own_km2: NDArray[np.float64],
    grid: Grid,
) -> NDArray[np.object_]:
    """Cut outlines off where their commune ends.

    The commune's border is kept to a fiftieth of a cell: the rest of the outline is no better than a cell.

    Parameters
    ----------
    drawn
        Outlines of whole cells in EPSG:4326.
    shapes
        Valid polygons of all communes in EPSG:4326.
    owner
        The commune of each outline, as an index into ``shapes``.
    own_km2
        The commune's own ground in the cells of each outline. Where it is less than lies inside the commune, the
        ground of communes of lower index, which it was counted for, is taken out.
    grid
        The grid of the cells.

    Returns
    -------
    ndarray
        Valid multipolygons in EPSG:4326, none empty.
    """
    number, asked = np.unique(owner, return_inverse=True)
    tolerance = _BORDER_CELLS * cell_side_degrees(grid)
    borders = shapely.make_valid(shapely.simplify(shapes[number], tolerance, preserve_topology=False))
    shapely.prepare(borders)
    cut = np.flatnonzero(~shapely.contains_properly(borders[asked], drawn))
    pieces = _around(borders[asked[cut]], drawn[cut])
    result = drawn.copy()
    result[cut] = _solid(shapely.intersection(drawn[cut], pieces), drawn[cut])
    contested = np.flatnonzero(area_km2(result) - own_km2 > _CONTESTED_SHARE * area_km2(drawn))
    if len(contested):
        others = _claimed_before(result[contested], shapes, owner[contested])
        result[contested] = _solid(shapely.difference(result[contested], others), result[contested])
    return result


def cell_side_degrees(grid: Grid) -> float:
    """Give a length in degrees that no side of a cell falls below, anywhere on the grid."""
    unit = grid.crs.axis_info[0].unit_conversion_factor  # radians or metres
    degrees = np.degrees(unit) if grid.crs.is_geographic else unit / METRES_PER_DEGREE
    return float(min(abs(grid.transform.a), abs(grid.transform.e)) * degrees)


def _around(shapes: NDArray[np.object_], drawn: NDArray[np.object_]) -> NDArray[np.object_]:
    """Take the piece of each shape around an outline: much faster to intersect."""
    boxes = shapely.bounds(drawn)
    pieces = [shapely.clip_by_rect(shape, *box) for shape, box in zip(shapes, boxes, strict=True)]
    return np.asarray(shapely.make_valid(np.array(pieces, dtype=object)))


def _solid(results: NDArray[np.object_], instead: NDArray[np.object_]) -> NDArray[np.object_]:
    """Keep what has an area, as multipolygons; where nothing has, the cells as they were."""
    parts, owner = shapely.get_parts(results, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():  # collections hold multiples
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    keep = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > 0)
    solid = instead.copy()
    known = np.unique(owner[keep])
    if len(known):
        made = shapely.multipolygons(parts[keep], indices=np.searchsorted(known, owner[keep]))
        solid[known] = shapely.orient_polygons(made)
    return solid


def _claimed_before(
    drawn: NDArray[np.object_], shapes: NDArray[np.object_], owner: Indices
) -> NDArray[np.object_]:
    """Unite the ground around each outline of the communes that come before its own."""
    outline, other = shapely.STRtree(shapes).query(drawn)
    before = other < owner[outline]
    outline, other = outline[before], other[before]
    pieces = _around(shapes[other], drawn[outline])
    united = [shapely.union_all(pieces[outline == number]) for number in range(len(drawn))]
    return np.array(united, dtype=object)


def _walk(lattice: Lattice, part: Indices, *, keep_straight_corners: bool) -> _CellRings:
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
    return _CellRings(ring[corner], row[corner], col[corner], cell[first])


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


def _turns_right(rings: _CellRings) -> NDArray[np.bool_]:
    """Say which rings have their cells inside: twice the area by the shoelace formula, rows downwards."""
    first = np.flatnonzero(np.diff(rings.ring, prepend=-1))
    last = np.append(first[1:], len(rings.ring)) - 1
    row, col = np.roll(rings.row, -1), np.roll(rings.col, -1)
    row[last], col[last] = rings.row[first], rings.col[first]
    return np.add.reduceat(rings.col * row - col * rings.row, first) > 0


def _lonlat(rings: _CellRings, grid: Grid) -> NDArray[np.float64]:
    """Carry corners of cells to longitude and latitude."""
    x = grid.transform.c + rings.col * grid.transform.a
    y = grid.transform.f + rings.row * grid.transform.e
    to_lonlat = transformer_between(grid.crs, LONLAT)
    return np.stack(to_lonlat.transform(x, y), axis=1)
