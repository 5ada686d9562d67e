"""Edges keep their course wherever they are carried: the same outline in two systems is the same ground."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely

from blackspot.data.geodesy.crs import LONLAT, to_lonlat
from blackspot.data.geodesy.edges import TOLERANCE_M

UTM = pyproj.CRS.from_epsg(32648)


def _strayed_m(outline: shapely.Geometry, carried: shapely.Geometry) -> float:
    """Give how far points along the edges of a projected outline lie from it after it was carried to WGS 84."""
    ring = shapely.get_exterior_ring(outline)
    along = shapely.line_interpolate_point(ring, np.linspace(0, 1, 2000), normalized=True)
    back = pyproj.Transformer.from_crs(UTM, LONLAT, always_xy=True)
    lon, lat = back.transform(shapely.get_x(along), shapely.get_y(along))
    degrees = shapely.distance(shapely.points(lon, lat), shapely.get_exterior_ring(carried))
    return float(degrees.max()) * 111_320


def test_long_edges_stay_on_their_course() -> None:
    """A square of 100 km: its corners alone would leave the edges by tens of metres."""
    square = np.array([shapely.box(500_000, 2_300_000, 600_000, 2_400_000)], dtype=object)
    (corners,), (course,) = to_lonlat(square, UTM), to_lonlat(square, UTM, on_course=True)
    assert _strayed_m(square[0], corners) > 50
    assert _strayed_m(square[0], course) < 2 * TOLERANCE_M
    assert len(shapely.get_coordinates(course)) > len(shapely.get_coordinates(corners))


def test_short_edges_and_points_are_left_alone() -> None:
    """Edges of a few metres bend by nothing that counts, and points have none."""
    shapes = np.array(
        [shapely.box(500_000, 2_300_000, 500_020, 2_300_020), shapely.Point(500_000, 2_300_000)]
    )
    for one, other in zip(to_lonlat(shapes, UTM), to_lonlat(shapes, UTM, on_course=True), strict=True):
        assert shapely.equals(one, other)


def test_holes_and_parts_stay_where_they_are() -> None:
    """Every ring of every part is carried; what is in WGS 84 already is the same array."""
    hole = shapely.box(510_000, 2_310_000, 530_000, 2_330_000)
    ring = shapely.box(500_000, 2_300_000, 560_000, 2_360_000).difference(hole)
    shapes = np.array([shapely.MultiPolygon([ring, shapely.box(600_000, 2_300_000, 610_000, 2_310_000)])])
    (course,) = to_lonlat(shapes, UTM, on_course=True)
    assert (2, 1) == (shapely.get_num_geometries(course), shapely.get_num_interior_rings(course.geoms[0]))
    assert course.is_valid
    lonlat = np.array([course], dtype=object)
    assert to_lonlat(lonlat, LONLAT, on_course=True) is lonlat
