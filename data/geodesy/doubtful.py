"""Ground that a repaired polygon may or may not have meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def doubtful_ground(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Find the ground that belongs to outlines which cross themselves by one way of reading them only.

    Parameters
    ----------
    geometries
        Polygons that are not valid, in EPSG:4326.

    Returns
    -------
    ndarray of geometries
        What the rings enclose, less what they enclose an odd number of times; without empty ones. A figure of
        eight leaves no doubt, a ring that runs around some ground twice does.
    """
    parts = shapely.get_parts(geometries)
    doubtful = np.array([_doubtful(part) for part in parts], dtype=np.object_)
    found: NDArray[np.object_] = doubtful[shapely.area(doubtful) > 0]
    return found


def _doubtful(polygon: shapely.Polygon) -> shapely.Geometry:
    """Give what the outer ring runs around an even number of times, less the holes.

    Holes are looked at last, and only those near: an outline may have thousands.
    """
    outer = shapely.get_exterior_ring(polygon)
    faces = shapely.polygonize([shapely.node(shapely.LineString(outer))])
    odd = _areas(shapely.make_valid(shapely.Polygon(outer), method="linework"))
    doubtful = _areas(shapely.difference(shapely.union_all(shapely.get_parts(faces)), odd))
    holes = np.asarray(shapely.polygons(shapely.get_rings(polygon)[1:]), dtype=np.object_)
    near = holes[shapely.STRtree(holes).query(doubtful)]
    return shapely.difference(doubtful, shapely.union_all(shapely.make_valid(near)))


def _areas(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Leave out lines and points."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON].tolist())
