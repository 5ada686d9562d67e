"""The land border out of areas: where the land of the neighbours begins, within reach of the mainland.

The outline of a country is border and coast in one, and by itself cannot tell which is which. What can is the land of
the neighbours: where their outline comes near the mainland there is a land border. Islands reach no land border: the
coast of a neighbour that faces one is a coast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree

from ...data.geodesy.area import area_km2
from ...data.geodesy.places import LonLat, earth_centred
from .land_border import edge_points
from .mainland import off_mainland

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_OWN = 0.5  # of the communes, or of an area's ground: it is the country itself, or a part of it
_STEP = 0.009  # degrees, about 1 km, between the corners of an outline
_LEAST_REACH_KM = 5.0  # drawn outlines lie kilometres off the communes' edges
_TOUCHING = 0.001  # degrees, about 100 m: outlines of one layer meet, but for rounding
_AREA = 2  # dimensions


def border_lines(
    geometry: NDArray[np.object_],
    communes: gpd.GeoDataFrame,
    neighbours: NDArray[np.object_] | None,
    *,
    distance_km: float,
    gap_m: float,
) -> NDArray[np.object_]:
    """Find the lines of the land border in what the project names as such.

    Parameters
    ----------
    geometry
        Lines stay as they are; areas are those of countries. EPSG:4326.
    communes
        Polygons in EPSG:4326.
    neighbours
        Land of the neighbours from elsewhere, for areas that hold none of theirs; None where there is none.
    distance_km
        How near to the land border a commune is a border commune.
    gap_m
        The widest gap that still counts as connected, see :func:`off_mainland`.

    Returns
    -------
    ndarray of object
        Lines; none where areas show the country itself and nothing is known of its neighbours.
    """
    solid = shapely.get_dimensions(geometry) == _AREA
    if not solid.any():
        return geometry
    foreign = _beside(geometry[solid], communes)
    if not len(foreign) and neighbours is not None:
        land = neighbours[shapely.get_dimensions(neighbours) == _AREA]
        foreign = _foreign(land, communes)
    lines: NDArray[np.object_] = geometry[~solid]
    if not len(foreign):
        return lines
    near = _near_mainland(foreign, communes, max(distance_km, _LEAST_REACH_KM), gap_m)
    return np.concatenate([lines, near])


def _beside(areas: NDArray[np.object_], communes: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Take the parts of other countries; where the country itself is among the areas, those that touch it.

    An island before the coast is then no other country, whoever's it is.
    """
    own = _is_own(areas, communes)
    parts = shapely.get_parts(areas[~own])
    if not own.any() or not len(parts):
        return np.asarray(parts, dtype=object)
    touching, _ = shapely.STRtree(areas[own]).query(parts, predicate="dwithin", distance=_TOUCHING)
    return np.asarray(parts[np.unique(touching)], dtype=object)


def _foreign(areas: NDArray[np.object_], communes: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Leave out the country itself."""
    return np.asarray(areas[~_is_own(areas, communes)], dtype=object)


def _is_own(areas: NDArray[np.object_], communes: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Say which areas are the country itself: they hold most communes, or consist of them."""
    if not len(areas):
        return np.zeros(0, dtype=bool)
    shapes = communes.geometry.to_numpy()
    inside, area = shapely.STRtree(areas).query(shapely.point_on_surface(shapes), predicate="within")
    held = np.bincount(area, minlength=len(areas))
    held_km2 = np.bincount(area, area_km2(shapes)[inside], len(areas))
    return np.asarray((held >= _OWN * len(shapes)) | (held_km2 >= _OWN * area_km2(areas)), dtype=np.bool_)


def _near_mainland(
    foreign: NDArray[np.object_], communes: gpd.GeoDataFrame, reach_km: float, gap_m: float
) -> NDArray[np.object_]:
    """Take the stretches of outlines that lie within reach of the mainland, or in it."""
    parts = shapely.get_parts(communes.geometry.to_numpy())
    mainland = parts[~off_mainland(parts, gap_m)]
    stretches = _stretches(shapely.boundary(foreign), communes.total_bounds, reach_km)
    if not len(stretches):
        return stretches
    tree = cKDTree(earth_centred(edge_points(mainland)))
    middle = shapely.line_interpolate_point(stretches, 0.5, normalized=True)
    at = LonLat(shapely.get_x(middle), shapely.get_y(middle))
    reached, _ = tree.query(earth_centred(at), distance_upper_bound=1000.0 * reach_km)
    within, _ = shapely.STRtree(mainland).query(middle, predicate="intersects")
    near = np.isfinite(reached)
    near[within] = True
    return np.asarray(stretches[near], dtype=object)


def _stretches(
    outlines: NDArray[np.object_], bounds: NDArray[np.float64], reach_km: float
) -> NDArray[np.object_]:
    """Cut outlines into stretches of a kilometre, as far as they lie around the communes."""
    margin = reach_km / 50.0  # degrees; at 60 degrees of latitude one of longitude has 56 km
    west, south, east, north = bounds + np.array([-margin, -margin, margin, margin])
    near = shapely.clip_by_rect(shapely.get_parts(outlines), west, south, east, north)
    lines = shapely.segmentize(shapely.get_parts(near), _STEP)
    at, line = shapely.get_coordinates(lines, return_index=True)
    follows = np.flatnonzero(np.diff(line) == 0)
    pairs = np.stack([at[follows], at[follows + 1]], axis=1)
    return np.asarray(shapely.linestrings(pairs) if len(pairs) else np.empty(0), dtype=object)
