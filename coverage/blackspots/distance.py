"""Distance in true metres from points to the nearest coverage, wherever it lies."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.places import LonLat, earth_centred, geodesic_km
from ...data.geodesy.transformers import transformer_between
from .covered import GridPoints, is_covered
from .edges import edge_pieces, some_vertices

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from .edges import EdgeBalls, EdgePieces

_COARSE_VERTICES = 20_000  # of a first, coarse search: it rules out most of the edges for most points
_FIRST_ASKED = 8  # pieces of edges looked at for each point; more where they do not suffice
_MORE_ASKED = 4  # times as many the next time
_ASKED_TOGETHER = 1_000_000  # points times pieces: bounds the memory where edges are dense
_FEW_POINTS = 1024  # to which most edges are far: more lie near nearly all of them


class CoverageFile(NamedTuple):
    """Polygons of a coverage file in their own coordinate reference system, wherever they lie."""

    geometries: NDArray[np.object_]
    crs: pyproj.CRS


class Coverage(NamedTuple):
    """The coverage of one operator and service: its spans on the grid, and the polygons of its files."""

    spans: Spans
    files: tuple[CoverageFile, ...]


class _Nearest(NamedTuple):
    """The nearest point of an edge that was found for each point so far, and its distance through the earth."""

    metres: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


def distance_to_coverage_km(points: LonLat, coverage: Coverage, grid: Grid) -> NDArray[np.float64]:
    """Measure the geodesic distance from points to the nearest covered ground.

    It ends at the true edge of the coverage, which may lie beyond the grid and beyond the communes. The search
    uses straight lines through the ellipsoid, which put points into the same order as geodesics do; the
    distance itself is the geodesic.

    Parameters
    ----------
    points
        Longitudes and latitudes in degrees, EPSG:4326.
    coverage
        The coverage.
    grid
        The grid its spans belong to.

    Returns
    -------
    ndarray
        Kilometres; 0 where the point itself is covered, NaN everywhere when nothing is covered at all.
    """
    distance = np.full(len(points.lon), np.nan)
    if not len(distance):
        return distance
    covered = is_covered(_on_grid(points, grid), coverage.spans, grid)
    distance[covered] = 0.0
    if covered.all():
        return distance
    outside = LonLat(points.lon[~covered], points.lat[~covered])
    nearest = _nearest(outside, coverage.files)
    found = np.isfinite(nearest.metres)
    ends = LonLat(np.where(found, nearest.lon, outside.lon), np.where(found, nearest.lat, outside.lat))
    distance[~covered] = np.where(found, geodesic_km(outside, ends), np.nan)
    return distance


def _nearest(points: LonLat, files: tuple[CoverageFile, ...]) -> _Nearest:
    """Find the nearest point of an edge for each point; infinitely far without any edge.

    Chunk by chunk of edges, and only for points to which the chunk's bounding box is closer than what they already have.
    Where there are few points, tiles of edges to which no point is as near as that are not even cut.
    """
    count = len(points.lon)
    best = _Nearest(np.full(count, np.inf), np.full(count, np.nan), np.full(count, np.nan))
    at = earth_centred(points)
    for one in files:
        _take_vertices(best, at, some_vertices(*one, _COARSE_VERTICES))
    is_near = partial(_may_be_nearer, at, best.metres) if count <= _FEW_POINTS else None
    for one in files:
        for pieces in edge_pieces(*one, is_near):
            _take_pieces(best, at, pieces)
    return best


def _may_be_nearer(
    at: NDArray[np.float64], metres: NDArray[np.float64], balls: EdgeBalls
) -> NDArray[np.bool_]:
    """Say in which balls an edge may be nearer to a point than what was found for it so far, and than those of others."""
    radius_m = balls.radius_m[:, np.newaxis]
    is_near = np.zeros(len(radius_m), np.bool_)
    for some in np.array_split(np.arange(len(at)), -(-len(at) * len(radius_m) // _ASKED_TOGETHER)):
        squared = np.zeros((len(radius_m), len(some)))
        for axis in range(at.shape[1]):  # one axis after the other takes less memory
            squared += (balls.centre_m[:, [axis]] - at[some, axis]) ** 2
        away_m = np.sqrt(squared)
        nearest_m = np.minimum(metres[some], (away_m + radius_m).min(axis=0))  # each ball holds an edge
        is_near |= (away_m - radius_m <= nearest_m).any(axis=1)
    return is_near


def _take_vertices(best: _Nearest, at: NDArray[np.float64], vertices: LonLat) -> None:
    """Take single vertices where they are nearer than what was found so far."""
    known = np.isfinite(vertices.lon) & np.isfinite(vertices.lat)
    vertices = LonLat(vertices.lon[known], vertices.lat[known])
    if not len(at) or not len(vertices.lon):
        return
    metres, index = cKDTree(earth_centred(vertices)).query(at)
    won = np.flatnonzero(metres < best.metres)
    best.metres[won] = metres[won]
    best.lon[won], best.lat[won] = vertices.lon[index[won]], vertices.lat[index[won]]


def _take_pieces(best: _Nearest, at: NDArray[np.float64], pieces: EdgePieces) -> None:
    """Take points of pieces where they are nearer than what was found so far.

    The nearest point of a piece is at most half its length nearer than its midpoint. So no further pieces need to
    be looked at as soon as the midpoint of the last one is further away than that.
    """
    midpoint = (pieces.start_m + pieces.end_m) / 2
    half_m = float(np.sqrt(((pieces.end_m - pieces.start_m) ** 2).sum(axis=1).max())) / 2
    asking = np.flatnonzero(_from_box(at, midpoint) - half_m < best.metres)
    if not len(asking):
        return
    tree = cKDTree(midpoint, compact_nodes=False, balanced_tree=False)
    asked = min(_FIRST_ASKED, len(midpoint))
    while len(asking):
        parts = np.array_split(asking, min(len(asking), -(-len(asking) * asked // _ASKED_TOGETHER)))
        asking = np.concatenate([_ask(best, at, some, pieces, tree, asked, half_m) for some in parts])
        if asked == len(midpoint):
            break
        asked = min(_MORE_ASKED * asked, len(midpoint))


def _ask(
    best: _Nearest,
    at: NDArray[np.float64],
    asking: NDArray[np.int64],
    pieces: EdgePieces,
    tree: cKDTree,
    asked: int,
    half_m: float,
) -> NDArray[np.int64]:
    """Look at the pieces whose midpoints are nearest to some points; give those for which they do not suffice."""
    limit = float(best.metres[asking].max()) + half_m
    far, piece = tree.query(at[asking], k=asked, distance_upper_bound=limit)
    far, piece = (values.reshape(len(asking), asked) for values in (far, piece))
    there = np.isfinite(far)
    metres, along = pieces.nearest(at[asking, np.newaxis], np.where(there, piece, 0))
    metres[~there] = np.inf
    row, column = np.arange(len(asking)), metres.argmin(axis=1)
    won = metres[row, column] < best.metres[asking]
    index, chosen = asking[won], piece[row, column][won]
    best.metres[index] = metres[row, column][won]
    best.lon[index], best.lat[index] = pieces.lonlat(chosen, along[row, column][won])
    enough: NDArray[np.bool_] = far[:, -1] >= best.metres[asking] + half_m
    return asking[~enough]


def _from_box(at: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure how far each point is at least from the others: the distance to their bounding box."""
    squared = np.zeros(len(at))
    for axis in range(at.shape[1]):  # one axis after the other is several times faster than all at once
        own, others = at[:, axis], points[:, axis]
        squared += np.maximum(np.maximum(others.min() - own, own - others.max()), 0.0) ** 2
    return np.sqrt(squared)


def _on_grid(points: LonLat, grid: Grid) -> GridPoints:
    """Carry longitudes and latitudes to rows and columns."""
    from_lonlat = transformer_between(LONLAT, grid.crs)
    x, y = from_lonlat.transform(points.lon, points.lat)
    row = (np.asarray(y) - grid.transform.f) / grid.transform.e
    return GridPoints(row, (np.asarray(x) - grid.transform.c) / grid.transform.a)
