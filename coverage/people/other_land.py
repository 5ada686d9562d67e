"""Land that no commune of the project claims: neighbouring provinces and countries share the people of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from ...data.geodesy.area import area_km2
from ..burn.cells import cell_runs, span_steps
from ..burn.polygons import burn_claims
from ..burn.spans import CELL_UNITS, Spans, common, empty_spans, merge, stacked, without
from ..overlay.land import outline_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..overlay.sources import RasterPeople

_OWN_SHARE = 0.5  # of a shape: more of it in the communes, and it is a picture of their own country
_ENOUGH_LINES = 4096  # of the grid, to see whose country a shape is
_X_BITS = 31
_AROUND = 2  # cells in each direction: where a side of a border is looked for
_MOSTLY = 0.5  # of a cell's middle line; of the cells of one side


def foreign(shapes: NDArray[np.object_], zones: Spans, grid: Grid) -> NDArray[np.object_]:
    """Leave out the shapes that mostly lie in the communes.

    Files of a region hold the country itself, too, in less detail than the communes: where both differ, the
    communes are right.

    Parameters
    ----------
    shapes
        Land in EPSG:4326; whatever is no polygon is left out.
    zones
        The communes' spans.
    grid
        The grid.
    """
    solid = np.asarray(shapes, dtype=object)
    solid = solid[np.isin(shapely.get_type_id(solid), (3, 6)) & ~shapely.is_empty(solid)]
    if not len(solid):
        return solid
    step = max(1, grid.lines // _ENOUGH_LINES)
    looked_at = zones.line % step == 0
    outline = merge(zones.line[looked_at], zones.x0[looked_at], zones.x1[looked_at])
    own_km2 = np.zeros(len(solid))
    for claim in burn_claims(gpd.GeoDataFrame(geometry=solid, crs="EPSG:4326"), grid):
        here = claim.line % step == 0
        line, x0, x1 = claim.line[here], claim.x0[here], claim.x1[here]
        owner = np.zeros(len(line), np.int32) if claim.owner is None else claim.owner[here]
        inside = _inside(outline, line, x1) - _inside(outline, line, x0)
        unit_km2 = grid.cell_area_km2(line // grid.sublines, (x0 + (x1 - x0) // 2) // CELL_UNITS)
        own_km2 += np.bincount(owner, inside * unit_km2 * (step / CELL_UNITS / grid.sublines), len(solid))
    return np.asarray(solid[own_km2 < _OWN_SHARE * area_km2(solid)], dtype=object)


def _inside(outline: Spans, line: NDArray[np.int32], x: NDArray[np.int32]) -> NDArray[np.int64]:
    """Sum the length of merged spans up to places: lines, and positions on them."""
    if not len(outline):
        return np.zeros(len(line), np.int64)
    start = outline.line.astype(np.int64) << _X_BITS | outline.x0
    length = (outline.x1 - outline.x0).astype(np.int64)
    place = line.astype(np.int64) << _X_BITS | x
    before = np.searchsorted(start, place)  # spans that begin before the place
    last = np.maximum(before - 1, 0)
    there = (before > 0) & (outline.line[last] == line)
    beyond = np.where(there, np.maximum((start + length)[last] - place, 0), 0)
    inside: NDArray[np.int64] = np.concatenate([[0], np.cumsum(length)])[before] - beyond
    return inside


def land_beside(
    land: Spans, zones: Spans, edge: NDArray[np.int64], people: RasterPeople, *, as_counted: bool
) -> Spans:
    """Find the other land in edge cells.

    Parameters
    ----------
    land
        Spans of other land; it may overlap the communes.
    zones
        The communes' spans.
    edge
        int64 (k,), ascending: cells that are partly outside of all communes.
    people
        The raster of people.
    as_counted
        Leave out the land on which the raster counts nobody: where most cells around that lie on the other
        side hold no data, the raster ends at the border, and its people of an edge cell live on this side.

    Returns
    -------
    Spans
        Without the communes.
    """
    grid = people.grid
    row, col = np.divmod(edge, grid.width)
    runs = cell_runs(span_steps(land.line // grid.sublines, land.x0, land.x1), 1)
    cells = edge[runs.at(row, col, grid.width)[:, 0] > 0]
    if as_counted and len(cells):
        cells = cells[counts_there(cells, land, zones, people)]
    if not len(cells):
        return empty_spans()
    return without(common(land, spans_of(cells, grid)), outline_of(zones))


def with_owner(zones: Spans, beside: Spans, owner: int) -> Spans:
    """Give other land to one more owner, among the communes' spans.

    Parameters
    ----------
    zones
        Spans with owners.
    beside
        Spans without, disjoint from those.
    owner
        The number of the other land's owner.
    """
    if not len(beside) or zones.owner is None:
        return zones
    line = np.concatenate([zones.line, beside.line])
    x0 = np.concatenate([zones.x0, beside.x0])
    order = np.argsort(line.astype(np.int64) << _X_BITS | x0, kind="stable")
    x1 = np.concatenate([zones.x1, beside.x1])
    owners = np.concatenate([zones.owner, np.full(len(beside), owner, np.int32)])
    return Spans(line[order], x0[order], x1[order], owners[order], zones.contested_km2)


def spans_of(cells: NDArray[np.int64], grid: Grid) -> Spans:
    """Give whole cells (``row * grid.width + column``, ascending) as spans."""
    if not len(cells):
        return empty_spans()
    row, col = np.divmod(cells, grid.width)
    pieces = []
    for rows in np.split(np.arange(len(cells)), np.flatnonzero(np.diff(row) > 0) + 1):
        line = row[rows[0]] * grid.sublines + np.repeat(np.arange(grid.sublines), len(rows))
        x0 = np.tile(col[rows] * CELL_UNITS, grid.sublines)
        pieces.append(merge(line, x0, x0 + CELL_UNITS))
    return stacked(pieces)


def counts_there(
    edge: NDArray[np.int64], land: Spans, zones: Spans, people: RasterPeople
) -> NDArray[np.bool_]:
    """Say in which edge cells the raster counts people on the other land.

    Parameters
    ----------
    edge
        int64 (k,), ascending: the cells.
    land, zones
        Spans of other land and of the communes.
    people
        The raster of people.

    Returns
    -------
    ndarray of bool
        False where most of the cells around that lie on the other side hold no data.
    """
    around = _around(edge, people)
    there = _middle_units(land, around, people.grid) >= _MOSTLY * CELL_UNITS
    there &= _middle_units(outline_of(zones), around, people.grid) == 0
    side = around[there]
    seen, counted = _seen(edge, side, ~np.isnan(people.at(side)), people)
    return counted >= _MOSTLY * seen


def lives_beyond(
    edge: NDArray[np.int64], land: Spans, zones: Spans, people: RasterPeople
) -> NDArray[np.bool_]:
    """Say beside which edge cells the raster counts people beyond all known land.

    There is land then that nobody told of, and some of the people of such a cell live on it. At a coast most cells
    beyond are sea, where nobody lives.

    Parameters
    ----------
    edge
        int64 (k,), ascending: the cells.
    land, zones
        Spans of other land and of the communes.
    people
        The raster of people.

    Returns
    -------
    ndarray of bool
        True where somebody lives in most of the cells around that lie beyond all known land.
    """
    around = _around(edge, people)
    beyond = _middle_units(land, around, people.grid) + _middle_units(zones, around, people.grid) == 0
    side = around[beyond]
    seen, counted = _seen(edge, side, np.nan_to_num(people.at(side)) > 0, people)
    return (seen > 0) & (counted >= _MOSTLY * seen)


def _steps() -> list[tuple[int, int]]:
    """Give the ways from a cell to those around it, in rows and columns."""
    each = range(-_AROUND, _AROUND + 1)
    return [(down, right) for down in each for right in each]


def _around(edge: NDArray[np.int64], people: RasterPeople) -> NDArray[np.int64]:
    """Give the cells of the raster around others, ascending, with those themselves."""
    row, col = np.divmod(edge, people.grid.width)
    found = [_cells(row + down, col + right, people) for down, right in _steps()]
    around = np.unique(np.concatenate(found))
    return around[around >= 0]


def _seen(
    edge: NDArray[np.int64], side: NDArray[np.int64], wanted: NDArray[np.bool_], people: RasterPeople
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count for each cell the cells around it that are among ``side``, and those of them that are wanted."""
    row, col = np.divmod(edge, people.grid.width)
    known, wanted = np.append(side, -2), np.append(wanted, False)  # the last one is no cell's number
    seen, counted = np.zeros(len(edge), np.int64), np.zeros(len(edge), np.int64)
    for down, right in _steps():
        cell = _cells(row + down, col + right, people)
        at = np.minimum(np.searchsorted(side, cell), len(side))
        seen += known[at] == cell
        counted += (known[at] == cell) & wanted[at]
    return seen, counted


def _middle_units(spans: Spans, cells: NDArray[np.int64], grid: Grid) -> NDArray[np.float64]:
    """Say how much of cells lies inside, on the middle line of each, in 1/4096."""
    middle = spans.line % grid.sublines == grid.sublines // 2
    runs = cell_runs(span_steps(spans.line[middle] // grid.sublines, spans.x0[middle], spans.x1[middle]), 1)
    row, col = np.divmod(cells, grid.width)
    units: NDArray[np.float64] = runs.at(row, col, grid.width)[:, 0]
    return units


def _cells(row: NDArray[np.int64], col: NDArray[np.int64], people: RasterPeople) -> NDArray[np.int64]:
    """Give cells their numbers; -1 for those outside of the raster, which tell nothing."""
    grid, raster = people.grid, people.raster
    top, left = -grid.raster_row0, -grid.raster_col0
    inside = (row >= max(0, top)) & (row < min(grid.height, top + raster.height))
    inside &= (col >= max(0, left)) & (col < min(grid.width, left + raster.width))
    return np.where(inside, row * grid.width + col, -1)
