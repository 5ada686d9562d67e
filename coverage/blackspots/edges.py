"""The edges of polygons as short straight pieces on the ellipsoid, in any coordinate reference system."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.places import LonLat, earth_centred
from ...data.geodesy.transformers import transformer_between
from ..burn.rings import rings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyproj
    from numpy.typing import NDArray

    from ..burn.rings import Rings

METRES_PER_DEGREE = 111_700.0
"""Nowhere on the ellipsoid is a degree longer."""

_PIECE_M = (
    250.0  # longer edges are cut: a straight line through the earth then stays within 2 mm of its surface
)
_CHUNK_VERTICES = 120_000
_MOST_PIECES = 2_000_000  # of a chunk; edges around the earth are cut into longer pieces


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


def edge_pieces(geometries: NDArray[np.object_], crs: pyproj.CRS) -> Iterator[EdgePieces]:
    """Cut the edges of polygons into short pieces, a bounded number at a time; near ones come together.

    Parameters
    ----------
    geometries
        Polygons and multipolygons; anything else is passed over. Edges are straight in ``crs``.
    crs
        Any system that leads to longitude and latitude; vertices it cannot place are left out.
    """
    for chunk in rings_of(geometries).chunks(_CHUNK_VERTICES):
        xy, is_start = _cut(chunk, crs)
        lonlat = _lonlat(xy, crs)
        known = np.isfinite(lonlat.lon) & np.isfinite(lonlat.lat)
        first = np.flatnonzero(is_start[:-1] & known[:-1] & known[1:])
        start, end = (LonLat(lonlat.lon[at], lonlat.lat[at]) for at in (first, first + 1))
        if len(first):
            metres = earth_centred(LonLat(np.where(known, lonlat.lon, 0.0), np.where(known, lonlat.lat, 0.0)))
            yield EdgePieces(start, end, metres[first], metres[first + 1])


def _cut(rings: Rings, crs: pyproj.CRS) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Put vertices into long edges; say of each vertex whether an edge leads to the next one."""
    unit = crs.axis_info[0].unit_conversion_factor  # radians or metres
    metres = np.degrees(unit) * METRES_PER_DEGREE if crs.is_geographic else unit
    step = np.diff(rings.xy, axis=0, append=rings.xy[-1:])
    length = np.hypot(step[:, 0], step[:, 1]) * metres
    length[rings.ring_start[1:] - 1] = 0.0  # the end of a ring
    count = np.maximum(np.ceil(length / max(_PIECE_M, float(length.sum()) / _MOST_PIECES)), 1.0).astype(
        np.int64
    )
    each = np.repeat(np.arange(len(count)), count)
    number = np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    is_start = np.ones(len(each), dtype=np.bool_)
    is_start[(np.cumsum(count) - 1)[rings.ring_start[1:] - 1]] = False
    return rings.xy[each] + step[each] * (number / count[each])[:, np.newaxis], is_start


def _lonlat(xy: NDArray[np.float64], crs: pyproj.CRS) -> LonLat:
    lon, lat = transformer_between(crs, LONLAT).transform(xy[:, 0], xy[:, 1])
    return LonLat(np.asarray(lon), np.asarray(lat))
