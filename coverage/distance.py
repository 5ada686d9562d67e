"""Distance in true metres from places to the nearest coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
from scipy.spatial import cKDTree

from .grid import LonLat
from .places import earth_centred, geodesic_km
from .spans import CELL_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .grid import Grid
    from .spans import Spans

_CHUNK_SPANS = 250_000  # spans looked at together: bounds the memory, whatever the coverage
_COARSE_SPANS = 20_000  # spans of the first, coarse search: it rules out most chunks for most places
_LINE_SHIFT = 31  # a line and a position on it packed into one integer


def distance_to_coverage_km(places: LonLat, spans: Spans, grid: Grid) -> NDArray[np.float64]:
    """Measure the geodesic distance from places to the nearest covered ground.

    The nearest point is sought among the ends of the spans and, along edges that run with the
    sub-lines, among points one cell apart; so the answer is right within one cell, at any latitude and
    in any CRS of the grid. The search uses straight lines through the ellipsoid, which put points into
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
    covered = is_covered(places, spans, grid)
    distance[covered] = 0.0
    outside = LonLat(places.lon[~covered], places.lat[~covered])
    nearest = _nearest(outside, spans, grid)
    distance[~covered] = geodesic_km(outside, nearest)
    return distance


def is_covered(places: LonLat, spans: Spans, grid: Grid) -> NDArray[np.bool_]:
    """Say for each place whether the nearest sub-line is covered there.

    Parameters
    ----------
    places
        Longitudes and latitudes in degrees, EPSG:4326.
    spans
        Merged spans of one layer.
    grid
        The grid the spans belong to; places outside it are not covered.
    """
    from_lonlat = pyproj.Transformer.from_crs("EPSG:4326", grid.crs, always_xy=True)
    x, y = from_lonlat.transform(places.lon, places.lat)
    col = (np.asarray(x) - grid.transform.c) / grid.transform.a
    row = (np.asarray(y) - grid.transform.f) / grid.transform.e
    inside = (col >= 0) & (col < grid.width) & (row >= 0) & (row < grid.height)
    line = np.floor(np.where(inside, row, 0) * grid.sublines).astype(np.int64)
    wanted = (line << _LINE_SHIFT) + np.floor(np.where(inside, col, 0) * CELL_UNITS).astype(np.int64)
    starts = (spans.line.astype(np.int64) << _LINE_SHIFT) + spans.x0
    at = np.searchsorted(starts, wanted, side="right") - 1
    ends = starts[at] + (spans.x1[at] - spans.x0[at])
    return np.asarray(inside & (at >= 0) & (wanted < ends))


def _nearest(places: LonLat, spans: Spans, grid: Grid) -> LonLat:
    """Find the nearest sample of the coverage's edge for each place.

    Chunk by chunk of lines, and only for places to which the chunk's box is closer than what they
    already have; the coarse search at the start makes that a short list.
    """
    at = earth_centred(places)
    coarse = _every(spans, max(1, len(spans) // _COARSE_SPANS))
    samples = _lonlat(*_ends(coarse), grid)
    best, index = cKDTree(earth_centred(samples)).query(at)
    lon, lat = samples.lon[index], samples.lat[index]
    for line, x in _edge_samples(spans):
        samples = _lonlat(line, x, grid)
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


def _every(spans: Spans, step: int) -> Spans:
    """Take every ``step``-th span."""
    return type(spans)(spans.line[::step], spans.x0[::step], spans.x1[::step])


def _edge_samples(spans: Spans) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Give points of the coverage's edge, chunk by chunk: their lines and their x in 1/4096 of a cell."""
    start = 0
    while start < len(spans):
        first = int(spans.line[start])
        stop = min(start + _CHUNK_SPANS, len(spans))
        beyond = max(first + 1, int(spans.line[stop - 1]) + (stop == len(spans)))
        chunk = spans.rows(first, beyond)
        ends, inner = _ends(chunk), _along_lines(spans.rows(first - 1, beyond + 1))
        yield np.concatenate([ends[0], inner[0]]), np.concatenate([ends[1], inner[1]])
        start += len(chunk)


def _ends(spans: Spans) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the lines and positions of both ends of every span."""
    line = spans.line.astype(np.int64)
    return np.concatenate([line, line]), np.concatenate([spans.x0, spans.x1]).astype(np.int64)


def _along_lines(spans: Spans) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sample edges that run along the sub-lines: where of two neighbouring lines only one is covered.

    Stretches of at most one cell need no point between their ends.
    """
    line = spans.line.astype(np.int64) + 1  # a pair is named after its upper line; the first is line -1
    upper, lower = line << _LINE_SHIFT, (line - 1) << _LINE_SHIFT
    events = np.concatenate([upper + spans.x0, upper + spans.x1, lower + spans.x0, lower + spans.x1])
    change = np.repeat(np.array([1, -1, 2, -2], dtype=np.int8), len(line))
    order = np.argsort(events, kind="stable")
    place, covered = events[order], np.cumsum(change[order])
    length = np.diff(place, append=place[-1:])
    # The state between two events is that after the first of them; at the end of a pair it is 0.
    long = np.flatnonzero(((covered == 1) | (covered == 2)) & (length > CELL_UNITS))
    steps = -(-length[long] // CELL_UNITS) - 1
    number = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps) + 1
    point = np.repeat(place[long], steps) + number * CELL_UNITS
    sampled_line = (point >> _LINE_SHIFT) - 1 + (np.repeat(covered[long], steps) == 2)
    return sampled_line, point & ((1 << _LINE_SHIFT) - 1)


def _lonlat(line: NDArray[np.int64], x: NDArray[np.int64], grid: Grid) -> LonLat:
    """Carry positions on sub-lines to longitude and latitude."""
    return grid.cell_centres_lonlat((line + 0.5) / grid.sublines - 0.5, x / CELL_UNITS - 0.5)
