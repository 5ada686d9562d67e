"""No commune is denser than the densest ground around it.

A raster of people and the outlines of the communes come from different sources. Where an outline holds a
hundredth of the land that the raster's maker saw, all people of the cells would live on that hundredth. Ground
that lies wholly in known land tells how dense people live in a region. Where a commune comes out denser than the
densest such cell around it, the raster and the outline contradict each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...data.geodesy.places import LonLat, geodesic_km
from ..burn.cells import cell_runs, single_cells, span_steps
from ..burn.spans import CELL_UNITS, merge
from ..overlay.land import Window, full_cell, land_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.edge_cells import EdgeCells
    from ..overlay.sources import RasterPeople

AROUND_KM = 40.0
"""How far around the middle of a commune the densest ground is looked for."""
LEAST_KM2 = 500.0
"""Least ground, wholly in known land, that speaks for a region."""


_MOSTLY = 0.5  # of a commune's ground
_LOOKED_AT = 5  # lines of a row, at most, to see which cells lie wholly in known land


class _Counted(NamedTuple):
    """Ground of a commune in cells, and its people by ``share`` and by ``land``."""

    cells: float
    share: float
    land: float


class _Place(NamedTuple):
    """Middle of a commune in rows and columns of the grid, and the size of a cell there."""

    row: float
    col: float
    row_km: float
    col_km: float
    cell_km2: float


def density_factors(
    at_edge: NDArray[np.float64], edge: EdgeCells, zones: Spans, land: Spans, people: RasterPeople
) -> NDArray[np.float64]:
    """Say by which factor the people of each commune are to be multiplied.

    Where the people that a commune has by ``land`` would live denser than in the densest cell within
    :data:`AROUND_KM` that lies wholly in known land, they are as many as at that density, but never fewer than by
    ``share``. Where fewer than :data:`LEAST_KM2` of such cells are around, nothing is known about the region and
    nothing changes.

    Parameters
    ----------
    at_edge
        float64 (communes,): share of each commune's ground that lies in edge cells; where most lies in other
        cells, these are a part of the densest ground around, and the commune as a whole is not denser.
    edge
        The edge cells.
    zones
        The communes' spans.
    land
        Spans of other land.
    people
        The raster of people.

    Returns
    -------
    ndarray of float64
        One factor per commune, 1 or less.
    """
    factors = np.ones(len(at_edge))
    suspect = at_edge > _MOSTLY
    if zones.owner is None or not suspect.any():
        return factors
    of_suspects = suspect[zones.owner]
    owner, line, x0, x1 = (values[of_suspects] for values in (zones.owner, zones.line, zones.x0, zones.x1))
    for number in np.unique(owner).tolist():
        own = owner == number
        counted = _counted(edge, line[own], x0[own], x1[own], people)
        place = _middle(people.grid, line[own], x0[own], x1[own])
        most = _densest_around(place, zones, land, people) if counted.land > counted.share else None
        if most is not None:
            kept = max(counted.share, most * place.cell_km2 * counted.cells)
            factors[number] = min(1.0, kept / counted.land)
    return factors


def _counted(
    edge: EdgeCells,
    line: NDArray[np.int32],
    x0: NDArray[np.int32],
    x1: NDArray[np.int32],
    people: RasterPeople,
) -> _Counted:
    """Count the people of one commune by both rules for edge cells."""
    grid = people.grid
    runs = cell_runs(span_steps(line // grid.sublines, x0, x1), 1)
    cells = single_cells(runs, np.ones(len(runs.strip), bool))
    number = cells.strip * grid.width + cells.col
    share = cells.units[:, 0] / full_cell(grid.sublines)
    counted = share * np.nan_to_num(people.at(number))
    at = np.minimum(np.searchsorted(edge.cell, number), max(0, len(edge.cell) - 1))
    denser = (
        np.where(edge.cell[at] == number, edge.denser()[at], 1.0) if len(edge.cell) else np.ones(len(number))
    )
    return _Counted(float(share.sum()), float(counted.sum()), float((counted * denser).sum()))


def _middle(grid: Grid, line: NDArray[np.int32], x0: NDArray[np.int32], x1: NDArray[np.int32]) -> _Place:
    """Find the middle of ground, weighed by its parts."""
    length = (x1 - x0).astype(np.float64)
    row = float(np.average((line + 0.5) / grid.sublines, weights=length)) - 0.5
    col = float(np.average((x0 + length / 2) / CELL_UNITS, weights=length)) - 0.5
    rows, cols = row + np.array([-0.5, 0.5, 0.0, 0.0]), col + np.array([0.0, 0.0, -0.5, 0.5])
    at = grid.cell_centres_lonlat(rows, cols)
    sides = geodesic_km(LonLat(at.lon[0::2], at.lat[0::2]), LonLat(at.lon[1::2], at.lat[1::2]))
    area = float(grid.cell_area_km2(np.array([row]), np.array([col]))[0])
    return _Place(row, col, float(sides[0]), float(sides[1]), area)


def _densest_around(place: _Place, zones: Spans, land: Spans, people: RasterPeople) -> float | None:
    """Find the most people per km² in a cell of known land around; None where too little of it is known."""
    grid = people.grid
    reach = AROUND_KM / place.row_km, AROUND_KM / place.col_km
    row0, row1 = max(0, int(place.row - reach[0])), min(grid.height, int(place.row + reach[0]) + 2)
    col0, col1 = max(0, int(place.col - reach[1])), min(grid.width, int(place.col + reach[1]) + 2)
    window = people.read(row0, row1 - row0, col0, col1 - col0)
    place_of_window = Window(row0, col0, row1 - row0, col1 - col0, grid.sublines)
    known = ~np.isnan(window) & _whole(zones, land, grid, place_of_window)
    row, col = np.nonzero(known)
    near = np.hypot((row + row0 - place.row) * place.row_km, (col + col0 - place.col) * place.col_km)
    row, col = row[near <= AROUND_KM], col[near <= AROUND_KM]
    km2 = grid.cell_area_km2(row + row0, col + col0)
    if km2.sum() < LEAST_KM2:
        return None
    return float((window[row, col] / km2).max())


def _whole(zones: Spans, land: Spans, grid: Grid, window: Window) -> NDArray[np.bool_]:
    """Say which cells of a window lie wholly in known land, on a few lines of each row."""
    lines = window.row0 * grid.sublines, (window.row0 + window.rows) * grid.sublines
    step = -(-grid.sublines // _LOOKED_AT)
    found = []
    for spans in (zones.rows(*lines), land.rows(*lines)):
        row, number = np.divmod(spans.line, grid.sublines)
        here = number % step == 0
        line = row * -(-grid.sublines // step) + number // step
        found.append((line[here], spans.x0[here], spans.x1[here]))
    known = merge(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    coarse = window._replace(col0=0, cols=grid.width, sublines=-(-grid.sublines // step))
    runs = land_runs(known, coarse)
    full = runs.units[:, 0] >= full_cell(coarse.sublines)
    change = np.zeros((window.rows, window.cols + 1), np.int64)
    for ends, sign in ((runs.col0, 1), (runs.col1, -1)):
        np.add.at(change, (runs.strip[full], np.clip(ends[full] - window.col0, 0, window.cols)), sign)
    return np.asarray(np.cumsum(change[:, :-1], axis=1) > 0)
