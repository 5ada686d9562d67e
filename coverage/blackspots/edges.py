"""The edges of polygons as short straight pieces on the ellipsoid, in any coordinate reference system."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.places import LonLat, earth_centred
from ...data.geodesy.transformers import transformer_between
from ..burn.rings import rings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyproj
    from numpy.typing import NDArray

    from ..burn.rings import Rings

    IsNear = Callable[["EdgeBalls"], NDArray[np.bool_]]
    """Says of which balls the edges are asked for."""

METRES_PER_DEGREE = 111_700.0
"""Nowhere on the ellipsoid is a degree longer."""

_PIECE_M = (
    250.0  # longer edges are cut: a straight line through the earth then stays within 2 mm of its surface
)
_CHUNK_VERTICES = 120_000
_MOST_PIECES = 2_000_000  # of a chunk; edges around the earth are cut into longer pieces
_TILE_EDGES = 16  # on average, asked for or passed over together
_MOST_TILES = 1 << 30  # in each direction
_LARGEST_M = 100_000.0  # what is longer is bent too much to say where it lies: never passed over
_OF_BOX = np.array(
    [[0.5, 0.5], [0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
)  # its middle, then its corners
_BENDS, _WIDER, _MARGIN_M = 4.0, 1.05, 1.0  # what a ball is larger than these points of a box ask for


class EdgeBalls(NamedTuple):
    """Balls that hold edges near each other: centres in Earth-centred metres, float64 (n, 3), and radii in metres.

    A radius is infinite where it is not certain how far the edges reach. ``of`` is the ball of each edge, int64.
    """

    centre_m: NDArray[np.float64]
    radius_m: NDArray[np.float64]
    of: NDArray[np.int64]


class EdgePieces(NamedTuple):
    """Straight pieces of edges: both ends in degrees, and in Earth-centred metres, float64 (n, 3)."""

    start: LonLat
    end: LonLat
    start_m: NDArray[np.float64]
    end_m: NDArray[np.float64]

    def nearest(self, at: NDArray[np.float64], piece: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
        """Find the point of a piece that is nearest to a place.

        Parameters
        ----------
        at
            Places, Earth-centred metres, shape (..., 3).
        piece
            The piece that each is asked about, of the shape of ``at`` without its last axis.

        Returns
        -------
        tuple of ndarray
            The distance in metres, through the earth, and how far along the piece the point lies, 0 to 1.
        """
        start, way = self.start_m[piece], self.end_m[piece] - self.start_m[piece]
        squared = np.maximum((way**2).sum(axis=-1), np.finfo(np.float64).tiny)
        along = np.clip(((at - start) * way).sum(axis=-1) / squared, 0.0, 1.0)
        return np.sqrt(((at - start - along[..., np.newaxis] * way) ** 2).sum(axis=-1)), along

    def lonlat(self, piece: NDArray[np.int64], along: NDArray[np.float64]) -> LonLat:
        """Give the places that lie so far along pieces."""
        east = (self.end.lon[piece] - self.start.lon[piece] + 180.0) % 360.0 - 180.0  # across the date line
        north = self.end.lat[piece] - self.start.lat[piece]
        return LonLat(self.start.lon[piece] + along * east, self.start.lat[piece] + along * north)


def some_vertices(geometries: NDArray[np.object_], crs: pyproj.CRS, count: int) -> LonLat:
    """Give about ``count`` vertices of polygons, spread evenly over all of them."""
    xy = rings_of(geometries).xy
    return _lonlat(xy[:: max(1, len(xy) // count)], crs)


def edge_pieces(
    geometries: NDArray[np.object_], crs: pyproj.CRS, is_near: IsNear | None = None
) -> Iterator[EdgePieces]:
    """Cut the edges of polygons into short pieces, a bounded number at a time; near ones come together.

    Parameters
    ----------
    geometries
        Polygons and multipolygons; anything else is passed over. Edges are straight in ``crs``.
    crs
        Any system that leads to longitude and latitude; vertices it cannot place are left out.
    is_near
        Says of which balls the edges are asked for, chunk by chunk, before any is cut; None takes all.
    """
    for chunk in rings_of(geometries).chunks(_CHUNK_VERTICES):
        is_edge = np.ones(len(chunk.xy), dtype=np.bool_)
        if is_near is not None:
            balls = edge_balls(chunk, crs)
            is_edge = is_near(balls)[balls.of]
        if not is_edge.any():
            continue
        xy, is_start = _cut(chunk, is_edge, crs)
        lonlat = _lonlat(xy, crs)
        known = np.isfinite(lonlat.lon) & np.isfinite(lonlat.lat)
        first = np.flatnonzero(is_start[:-1] & known[:-1] & known[1:])
        start, end = (LonLat(lonlat.lon[at], lonlat.lat[at]) for at in (first, first + 1))
        if len(first):
            metres = earth_centred(LonLat(np.where(known, lonlat.lon, 0.0), np.where(known, lonlat.lat, 0.0)))
            yield EdgePieces(start, end, metres[first], metres[first + 1])


def edge_balls(rings: Rings, crs: pyproj.CRS) -> EdgeBalls:
    """Say where edges lie, without carrying over their vertices.

    The edges that begin in one tile of the system share a ball. The corners of their box and its middle are carried over:
    the ball around the middle reaches to the farthest corner, and further by several times what the middle lies off the
    mean of the corners, which says how much the box is bent.

    Parameters
    ----------
    rings
        Rings in ``crs``, at least one.
    crs
        Their system.

    Returns
    -------
    EdgeBalls
        ``of`` has an entry for each vertex: the ball of the edge that begins there. A ball is infinite where its box is
        longer than 100 km, or does not lie wholly where the system has ground.
    """
    beyond = np.arange(1, len(rings.xy) + 1)
    beyond[rings.ring_start[1:] - 1] -= 1  # no edge leads from one ring to the next
    order, first = _by_tile(rings.xy)
    ends = rings.xy[order], rings.xy[beyond[order]]
    of = np.empty(len(order), np.int64)
    of[order] = np.repeat(np.arange(len(first)), np.diff(first, append=len(order)))
    low = np.minimum(*(np.minimum.reduceat(end, first) for end in ends))
    high = np.maximum(*(np.maximum.reduceat(end, first) for end in ends))
    with np.errstate(invalid="ignore"):  # of vertices that are no numbers
        is_short = (high - low).max(axis=1) * _metres_per_unit(crs) <= _LARGEST_M
    middle, radius_m = np.zeros((len(first), 3)), np.full(len(first), np.inf)
    middle[is_short], radius_m[is_short] = _ball(low[is_short], high[is_short], crs)
    return EdgeBalls(np.where(np.isfinite(radius_m)[:, np.newaxis], middle, 0.0), radius_m, of)


def _by_tile(xy: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort vertices by square tiles, as many as put some of them into each; also tell where each tile begins."""
    placed = xy if np.isfinite(xy).all() else np.where(np.isfinite(xy), xy, 0.0)
    low = placed.min(axis=0)
    size = placed.max(axis=0) - low
    side = (
        max(float(np.sqrt(size).prod() * np.sqrt(_TILE_EDGES / len(xy))), float(size.max()) / _MOST_TILES)
        or 1.0
    )
    across, down = ((placed - low) / side).astype(np.int64).T
    place = down * 2 * _MOST_TILES + across
    order = np.argsort(place, kind="stable")
    return order, np.flatnonzero(np.diff(place[order], prepend=-1))


def _ball(
    low: NDArray[np.float64], high: NDArray[np.float64], crs: pyproj.CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give centres and radii of balls that hold boxes; infinite where a box is not wholly on ground."""
    points = low[:, np.newaxis] + (high - low)[:, np.newaxis] * _OF_BOX
    places = _lonlat(points.reshape(-1, 2), crs)
    known = np.isfinite(places.lon) & np.isfinite(places.lat)
    at = earth_centred(LonLat(*(np.where(known, values, 0.0) for values in places)))
    at = at.reshape(-1, len(_OF_BOX), 3)
    middle, corners = at[:, 0], at[:, 1:]
    bent_m = np.sqrt(((middle - corners.mean(axis=1)) ** 2).sum(axis=1))
    far_m = np.sqrt(((corners - middle[:, np.newaxis]) ** 2).sum(axis=2)).max(axis=1)
    radius_m = _WIDER * far_m + _BENDS * bent_m + _MARGIN_M
    return middle, np.where(known.reshape(-1, len(_OF_BOX)).all(axis=1), radius_m, np.inf)


def _cut(
    rings: Rings, is_asked: NDArray[np.bool_], crs: pyproj.CRS
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Put vertices into long edges; say of each vertex whether an edge leads to the next one.

    ``is_asked`` says from which vertices an edge is asked for; those at neither end of one are left out.
    """
    xy = rings.xy
    step = np.diff(xy, axis=0, append=xy[-1:])
    length = np.hypot(step[:, 0], step[:, 1]) * _metres_per_unit(crs)
    is_edge = is_asked.copy()
    is_edge[rings.ring_start[1:] - 1] = False  # the end of a ring
    length[rings.ring_start[1:] - 1] = 0.0
    piece_m = max(_PIECE_M, float(length.sum()) / _MOST_PIECES)
    is_end = np.zeros(len(xy), dtype=np.bool_)
    is_end[1:] = is_edge[:-1]
    kept = np.flatnonzero(is_edge | is_end)
    count = np.where(is_edge[kept], np.maximum(np.ceil(length[kept] / piece_m), 1.0), 1.0).astype(np.int64)
    each = np.repeat(kept, count)
    number = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    vertices = xy[each] + step[each] * (number / np.repeat(count, count))[:, np.newaxis]
    return vertices, is_edge[each]


def _metres_per_unit(crs: pyproj.CRS) -> float:
    """Give how many metres a unit of a system measures, at most where it is an angle."""
    unit = float(crs.axis_info[0].unit_conversion_factor)  # radians or metres
    return float(np.degrees(unit)) * METRES_PER_DEGREE if crs.is_geographic else unit


def _lonlat(xy: NDArray[np.float64], crs: pyproj.CRS) -> LonLat:
    lon, lat = transformer_between(crs, LONLAT).transform(xy[:, 0], xy[:, 1])
    return LonLat(np.asarray(lon), np.asarray(lat))
