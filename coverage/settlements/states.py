"""The state of villages: no signal at the centre, a signal there but not for all of its people, or covered.

The words are those of the provinces' reports: *trắng sóng* has no mobile signal at the centre of the village (its
house of culture), *lõm sóng* has it there but not in all clusters of its houses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.transformers import transformer_between
from ..blackspots.covered import GridPoints, is_covered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..people.cell_bits import CellLayers

COVERED: Final = "covered"
PARTLY: Final = "partly_covered"
NO_SIGNAL: Final = "no_signal"
NO_DATA: Final = "no_data"

YES, NO, UNKNOWN = 1, 0, 2
"""A signal at a point: certainly, certainly not, or nobody knows."""

_SIDE: Final = 21  # points along one side of the square around a village: 441 at most, 5 % of it apart
_TOGETHER: Final = 500  # villages
_METRES_PER_DEGREE: Final = 111_320.0  # of latitude; the points need not lie exactly, only where people do


class States(NamedTuple):
    """The state of each village, shape (n,) each.

    Attributes
    ----------
    state
        ``covered``, ``partly_covered``, ``no_signal`` or ``no_data``.
    uncovered_share
        Share of its people, 0 to 1, who certainly have no signal; NaN where only the centre is known.
    no_data_share
        Share of whom nobody knows; NaN likewise.
    """

    state: NDArray[np.object_]
    uncovered_share: NDArray[np.float64]
    no_data_share: NDArray[np.float64]


def signal_at(
    lon: NDArray[np.float64], lat: NDArray[np.float64], cells: CellLayers, services: Sequence[str]
) -> NDArray[np.int8]:
    """Say for points whether any operator has any of some services there.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326, shape (n,).
    cells
        The burned layers of a run.
    services
        The services that are a signal, such as 4g and 5g.

    Returns
    -------
    ndarray of int8
        ``YES`` where one covers, ``NO`` where certainly none does, else ``UNKNOWN``; so is what lies outside the grid.
    """
    points = _on_grid(lon, lat, cells.grid)
    masks = np.zeros(len(lon), dtype=np.uint64)
    for bit, spans in enumerate(cells.spans):
        masks[is_covered(points, spans, cells.grid)] |= np.uint64(1) << np.uint64(bit)
    states = np.stack([cells.layers.state(masks, service) for service in services])
    covered = (states == cells.layers.COVERED).any(axis=0)
    without = (states == cells.layers.UNCOVERED).all(axis=0)
    inside = (points.row >= 0) & (points.row < cells.grid.height)
    inside &= (points.col >= 0) & (points.col < cells.grid.width)
    return np.where(covered, YES, np.where(without & inside, NO, UNKNOWN)).astype(np.int8)


def village_states(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    outline: NDArray[np.object_],
    radius_m: float,
    cells: CellLayers,
    services: Sequence[str],
) -> States:
    """Say for villages how far they are covered.

    Of a village with an outline, or with a radius around its centre, points all over it are looked at, at most 441, each as
    heavy as people live densely there; where nobody is known to live, all are equally heavy.

    Parameters
    ----------
    lon, lat
        Centres in degrees, EPSG:4326, shape (n,).
    outline
        Polygons in EPSG:4326, None where there is none; shape (n,).
    radius_m
        How far a village without an outline lies around its centre, in metres; 0 where nothing is assumed.
    cells
        The burned layers of a run, and its people.
    services
        The services that are a signal.
    """
    centre = signal_at(lon, lat, cells, services)
    shares = np.full((len(lon), 2), np.nan)
    order = np.argsort(-lat, kind="stable")  # neighbours together: of the people one strip is read at a time
    for first in range(0, len(order), _TOGETHER):
        chosen = order[first : first + _TOGETHER]
        drawn = [_points_over(lon[one], lat[one], outline[one], radius_m) for one in chosen]
        known = [(one, points) for one, points in zip(chosen, drawn, strict=True) if points is not None]
        if known:
            villages = np.array([one for one, _ in known])
            shares[villages] = _shares([points for _, points in known], cells, services)
    without, unknown = shares.T
    state = np.full(len(lon), COVERED, dtype=object)
    state[(unknown > 0) | (centre == UNKNOWN)] = NO_DATA
    state[(centre == YES) & (without > 0)] = PARTLY
    state[centre == NO] = NO_SIGNAL
    return States(state, without, unknown)


def _points_over(
    lon: float, lat: float, outline: shapely.Geometry | None, radius_m: float
) -> NDArray[np.float64] | None:
    """Give points all over a village, longitude and latitude, shape (k, 2); None where only its centre is known."""
    if outline is None and radius_m <= 0:
        return None
    shape = _circle(lon, lat, radius_m) if outline is None else outline
    west, south, east, north = shapely.bounds(shape).tolist()
    step = (np.arange(_SIDE) + 0.5) / _SIDE
    x, y = np.meshgrid(west + step * (east - west), south + step * (north - south))
    points = np.column_stack([x.ravel(), y.ravel()])
    inside = points[shapely.contains_xy(shape, points)]
    return inside if len(inside) else np.array([[lon, lat]])  # a sliver between all points


def _shares(
    points: Sequence[NDArray[np.float64]], cells: CellLayers, services: Sequence[str]
) -> NDArray[np.float64]:
    """Give the shares of villages' people without a signal, and of whom nobody knows, shape (villages, 2)."""
    village = np.repeat(np.arange(len(points)), [len(one) for one in points])
    lon, lat = np.concatenate(points).T
    weight = _people_per_cell(_on_grid(lon, lat, cells.grid), cells)
    empty = np.bincount(village, weight) <= 0
    weight = np.where(empty[village], 1.0, weight)
    signal = signal_at(lon, lat, cells, services)
    total = np.bincount(village, weight)
    parts = [np.bincount(village, weight * (signal == kind), len(points)) / total for kind in (NO, UNKNOWN)]
    return np.column_stack(parts)


def _people_per_cell(points: GridPoints, cells: CellLayers) -> NDArray[np.float64]:
    """Give the people of the cell each point lies in; 0 where nobody knows."""
    row = np.clip(np.floor(points.row).astype(int), 0, cells.grid.height - 1)
    col = np.clip(np.floor(points.col).astype(int), 0, cells.grid.width - 1)
    first, left = int(row.min()), int(col.min())
    window = cells.people.read(first, int(row.max()) - first + 1, left, int(col.max()) - left + 1)
    return np.asarray(np.nan_to_num(window[row - first, col - left]), dtype=np.float64)


def _circle(lon: float, lat: float, radius_m: float) -> shapely.Geometry:
    high = radius_m / _METRES_PER_DEGREE
    wide = high / max(np.cos(np.radians(lat)), 0.01)
    turns = np.linspace(0.0, 2.0 * np.pi, 64, endpoint=False)
    return shapely.Polygon(np.column_stack([lon + wide * np.cos(turns), lat + high * np.sin(turns)]))


def _on_grid(lon: NDArray[np.float64], lat: NDArray[np.float64], grid: Grid) -> GridPoints:
    """Put points into rows and columns of a grid, with fractions."""
    x, y = transformer_between(LONLAT, grid.crs).transform(lon, lat)
    transform = grid.transform
    return GridPoints(
        (np.asarray(y) - transform.f) / transform.e, (np.asarray(x) - transform.c) / transform.a
    )
