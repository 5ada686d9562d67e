"""Distance in true metres from places to the nearest coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.places import LonLat, earth_centred, geodesic_km
from ...data.geodesy.transformers import transformer_between
from .edges import GridPoints, edge_points, is_covered, some_ends

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans

_COARSE_SPANS = 20_000  # spans of the first, coarse search: it rules out most chunks for most places


def distance_to_coverage_km(places: LonLat, spans: Spans, grid: Grid) -> NDArray[np.float64]:
    """Measure the geodesic distance from places to the nearest covered ground.

    The nearest point is sought among points of the coverage's edge, about one per cell, so the answer is
    right within one cell, at any latitude and in any CRS of the grid. The search uses straight lines through the ellipsoid, which put points into
    the same order as geodesics do; the distance itself is the geodesic.

    Parameters
    ----------
    places
        Longitudes and latitudes in degrees, EPSG:4326.
    spans
        The coverage: merged spans of one layer or of a union of layers.
    grid
        The grid the spans belong to.

    Returns
    -------
    ndarray
        Kilometres; 0 where the place itself is covered, NaN everywhere when nothing is covered at all.
    """
    distance = np.full(len(places.lon), np.nan)
    if not len(spans) or not len(distance):
        return distance
    covered = is_covered(_on_grid(places, grid), spans, grid)
    distance[covered] = 0.0
    outside = LonLat(places.lon[~covered], places.lat[~covered])
    nearest = _nearest(outside, spans, grid)
    distance[~covered] = geodesic_km(outside, nearest)
    return distance


def _nearest(places: LonLat, spans: Spans, grid: Grid) -> LonLat:
    """Find the nearest sample of the coverage's edge for each place.

    Chunk by chunk of lines, and only for places to which the chunk's box is closer than what they
    already have; the coarse search at the start makes that a short list.
    """
    at = earth_centred(places)
    samples = _lonlat(some_ends(spans, grid, _COARSE_SPANS), grid)
    best, index = cKDTree(earth_centred(samples)).query(at)
    lon, lat = samples.lon[index], samples.lat[index]
    for edge in edge_points(spans, grid):
        samples = _lonlat(edge, grid)
        points = earth_centred(samples)
        asking = np.flatnonzero(_from_box(at, points) < best)
        if not len(asking):
            continue
        tree = cKDTree(points, compact_nodes=False, balanced_tree=False)
        found, index = tree.query(at[asking], distance_upper_bound=best[asking].max())
        closer = found < best[asking]
        won = asking[closer]
        best[won] = found[closer]
        lon[won], lat[won] = samples.lon[index[closer]], samples.lat[index[closer]]
    return LonLat(lon, lat)


def _from_box(at: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how far each place is at least from the points: the distance to the box around them."""
    squared = np.zeros(len(at))
    for axis in range(at.shape[1]):  # one axis after the other is several times faster than all at once
        own, others = at[:, axis], points[:, axis]
        squared += np.maximum(np.maximum(others.min() - own, own - others.max()), 0.0) ** 2
    return np.sqrt(squared)


def _on_grid(places: LonLat, grid: Grid) -> GridPoints:
    """Carry longitudes and latitudes to rows and columns."""
    from_lonlat = transformer_between(LONLAT, grid.crs)
    x, y = from_lonlat.transform(places.lon, places.lat)
    row = (np.asarray(y) - grid.transform.f) / grid.transform.e
    return GridPoints(row, (np.asarray(x) - grid.transform.c) / grid.transform.a)


def _lonlat(points: GridPoints, grid: Grid) -> LonLat:
    """Carry rows and columns to longitudes and latitudes."""
    return grid.cell_centres_lonlat(points.row - 0.5, points.col - 0.5)
