"""Which communes touch the land border: a part of their own outline is the border.

A drawn border lies kilometres off the outlines of communes, so "touches" cannot be an intersection. An outline that no
other commune shares is the outline of the country; where it runs along the border it is the border. Where it is a coast
that begins beside the border, the border's end is the nearest point of it, and the commune does not touch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree

from ...data.geodesy.places import LonLat, earth_centred, metres_per_degree
from .land_border import Border

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

LEAST_CONTACT_KM: Final = 0.1
"""How much of its outline is the border, at least, of a commune that touches it."""

_STEP: Final = 0.0009  # degrees, 100 m or less, between the points of an outline
_SHARED: Final = (
    0.001  # degrees, about 100 m: neighbours drawn from two sources share an outline so far apart
)
_ENDS_MEET_M: Final = 1000.0  # ends of lines that are one border, drawn in pieces
_AT_END_M: Final = 200.0  # two points of the border


class _Points(NamedTuple):
    """Points of outlines, about 100 m apart, and whose they are."""

    lonlat: NDArray[np.float64]
    owner: NDArray[np.int64]

    def where(self, kept: NDArray[np.bool_]) -> _Points:
        """Keep some of them."""
        return _Points(self.lonlat[kept], self.owner[kept])


def border_contact_km(
    communes: gpd.GeoDataFrame,
    border_lines: NDArray[np.object_] | None,
    distance_km: NDArray[np.float64],
    *,
    reach_km: float,
    other_land: NDArray[np.object_] | None = None,
) -> NDArray[np.float64]:
    """Measure how much of the outline of each commune is the land border.

    Parameters
    ----------
    communes
        Polygons in EPSG:4326.
    border_lines
        Lines in EPSG:4326; None or empty gives NaN everywhere.
    distance_km
        float64 (communes,): how far each is from the border.
    reach_km
        How far the drawn border may lie from the outline of the country.
    other_land
        Land of the same country beside the communes, such as the neighbouring provinces of one province: an outline
        that it shares is not the border. None where nothing is known.

    Returns
    -------
    ndarray of float64, (communes,)
        Kilometres, right within a few hundred metres; 0 for a commune that does not touch the border.
    """
    if border_lines is None or not len(border_lines):
        return np.full(len(communes), np.nan)
    shapes = communes.geometry.to_numpy()
    border = Border.of(border_lines)
    near = np.flatnonzero(distance_km <= reach_km)
    points = _outline(shapes[near], near)
    points = points.where(_faces(points, border, _free_ends(border_lines), 1000.0 * reach_km))
    others = shapes if other_land is None else np.concatenate([shapes, other_land])
    own = points.where(~_shared(points, others))
    return np.asarray(np.bincount(own.owner, minlength=len(communes)) * LEAST_CONTACT_KM, dtype=np.float64)


def _outline(shapes: NDArray[np.object_], numbers: NDArray[np.int64]) -> _Points:
    """Walk along the outlines."""
    outlines = shapely.segmentize(shapely.boundary(shapes), _STEP)
    lonlat, owner = shapely.get_coordinates(outlines, return_index=True)
    if not len(lonlat):
        return _Points(lonlat, owner)
    way, degree = np.diff(lonlat, axis=0, append=lonlat[-1:]), metres_per_degree(lonlat[:, 1])
    length_km = np.hypot(way[:, 0] * degree.lon, way[:, 1] * degree.lat) / 1000.0
    length_km[np.flatnonzero(np.diff(owner))] = 0.0  # from one commune to the next
    passed = np.floor(np.cumsum(length_km) / LEAST_CONTACT_KM)
    return _Points(lonlat, numbers[owner]).where(np.diff(passed, prepend=-1.0) > 0)


def _free_ends(lines: NDArray[np.object_]) -> NDArray[np.float64]:
    """Find where the border ends at a coast: ends of lines at which no other line goes on; Earth-centred, metres."""
    parts = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(shapely.get_parts(lines))))
    parts = parts[~shapely.is_closed(parts)]
    ends = shapely.get_coordinates(
        np.concatenate([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    )
    places = earth_centred(LonLat(ends[:, 0], ends[:, 1]))
    if not len(places):
        return places
    beside = cKDTree(places).query_ball_point(places, _ENDS_MEET_M, return_length=True)
    return np.asarray(places[beside == 1])


def _faces(points: _Points, border: Border, ends: NDArray[np.float64], reach_m: float) -> NDArray[np.bool_]:
    """Say which points have a stretch of the border within reach, and not its very end."""
    at = earth_centred(LonLat(points.lonlat[:, 0], points.lonlat[:, 1]))
    metres, nearest = border.tree.query(at, distance_upper_bound=reach_m)
    faces = np.isfinite(metres)
    if len(ends) and faces.any():
        to_end, _ = cKDTree(ends).query(border.tree.data[nearest[faces]])
        faces[faces] = to_end > _AT_END_M
    return np.asarray(faces, dtype=np.bool_)


def _shared(points: _Points, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Say which points of an outline lie on, in or close to another commune."""
    lon, lat = points.lonlat.T
    boxes = shapely.box(lon - _SHARED, lat - _SHARED, lon + _SHARED, lat + _SHARED)
    point, other = shapely.STRtree(shapes).query(boxes)
    foreign = other != points.owner[point]
    point, other = point[foreign], other[foreign]
    beside = shapes[np.unique(other)]
    shapely.prepare(beside)
    close = shapely.dwithin(shapes[other], shapely.points(lon, lat)[point], _SHARED)
    shapely.destroy_prepared(
        beside
    )  # they live as long as the run, and their search trees are larger than they are
    shared = np.zeros(len(lon), dtype=np.bool_)
    shared[point[close]] = True
    return shared
