"""Edges keep their course: what is straight in one reference system is followed in another."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.data.geodesy.crs import LONLAT, to_lonlat
from blackspot.data.geodesy.edges import TOLERANCE_M, Chains, carried, metre_in, ordered_ends, with_course
from blackspot.data.geodesy.transformers import transformer_between

LAMBERT = pyproj.CRS.from_epsg(2154)
UTM48 = pyproj.CRS.from_epsg(32648)
BOX = shapely.box(252_000, 6_790_000, 266_000, 6_792_000)  # 14 km wide, far west of the central meridian


def forward(source: pyproj.CRS, target: pyproj.CRS):  # noqa: ANN201 - a closure over a transformer
    transformer = transformer_between(source, target)
    return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def distance_off_m(chain: np.ndarray, source: pyproj.CRS) -> float:
    """How far the straight pieces of a chain in degrees leave the box's sides, metres in the source's plane."""
    share = np.linspace(0, 1, 21)[:, None, None]
    points = (chain[:-1] * (1 - share) + chain[1:] * share).reshape(-1, 2)
    back = shapely.points(forward(LONLAT, source)(points))
    return float(shapely.distance(back, BOX.exterior).max())


def test_a_long_edge_leaves_its_course_by_metres_without_more_vertices() -> None:
    """The fault that is mended: 14 km by their two ends alone are metres off in the middle."""
    corners = forward(LAMBERT, LONLAT)(shapely.get_coordinates(BOX))
    assert distance_off_m(corners, LAMBERT) > 3.0


def test_outlines_in_degrees_follow_their_edges() -> None:
    """Within the tolerance, which is a millimetre, with no more vertices than that takes."""
    (moved,) = to_lonlat(np.array([BOX], dtype=object), LAMBERT, on_course=True)
    chain = shapely.get_coordinates(moved)
    assert 0.001 == TOLERANCE_M
    assert distance_off_m(chain, LAMBERT) < 2 * TOLERANCE_M
    assert 60 < len(chain) < 400


def test_vertices_stay_where_they_are() -> None:
    """The corners of a densified outline are the corners of the plain one, to the last bit."""
    (plain,) = to_lonlat(np.array([BOX], dtype=object), LAMBERT)
    (moved,) = to_lonlat(np.array([BOX], dtype=object), LAMBERT, on_course=True)
    corners = {tuple(at) for at in shapely.get_coordinates(plain).tolist()}
    assert corners <= {tuple(at) for at in shapely.get_coordinates(moved).tolist()}


def test_short_edges_get_no_vertex() -> None:
    """A detailed outline comes through as it is."""
    circle = shapely.Point(500_000, 2_300_000).buffer(500, quad_segs=30)
    assert shapely.length(circle) / shapely.get_num_coordinates(circle) < 30
    (moved,) = to_lonlat(np.array([circle], dtype=object), UTM48, on_course=True)
    assert shapely.get_num_coordinates(circle) == shapely.get_num_coordinates(moved)


def test_shared_edges_get_the_same_vertices_from_both_sides() -> None:
    """Neighbours whose rings run opposite ways leave no gap."""
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    scaled = shapely.transform(np.array([west, east]), lambda xy: xy * 20_000 + (700_000, 2_300_000))
    one, other = to_lonlat(scaled, UTM48, on_course=True)
    shared = {tuple(at) for at in shapely.get_coordinates(one).tolist()} & {
        tuple(at) for at in shapely.get_coordinates(other).tolist()
    }
    along = [at for at in shared if abs(pyproj.Proj(UTM48)(*at)[0] - 720_000) < 1e-3]
    assert len(along) > 20
    assert shapely.intersection(one, other).area < 1e-20
    assert pytest.approx(one.area + other.area, rel=1e-12) == shapely.union(one, other).area


def test_a_course_that_bends_both_ways_is_followed() -> None:
    """An edge over the central meridian may be right in its middle and wrong at its quarters."""
    meridian = forward(LONLAT, UTM48)(np.array([[105.0, 20.0]]))[0]
    half = np.array([90_000, 60_000])
    start, end = meridian - half, meridian + half
    chains = Chains(np.array([start, end]), np.array([0, 2]))
    xy = carried(chains, forward(UTM48, LONLAT), metre_in(LONLAT)).xy
    share = np.linspace(0, 1, 9)[:, None, None]
    back = forward(LONLAT, UTM48)((xy[:-1] * (1 - share) + xy[1:] * share).reshape(-1, 2))
    off = shapely.distance(shapely.points(back), shapely.LineString([start, end]))
    assert off.max() < 5 * TOLERANCE_M


def test_every_kind_of_geometry_comes_through() -> None:
    """Holes and parts stay, single stays single, and what has no edges stays the same object."""
    ring = BOX.difference(shapely.box(254_000, 6_790_500, 264_000, 6_791_500))
    several = shapely.MultiPolygon([ring, shapely.box(270_000, 6_790_000, 270_010, 6_790_010)])
    line = shapely.LineString([(252_000, 6_790_000), (266_000, 6_792_000)])
    lines = shapely.MultiLineString([line, [(0, 6_000_000), (10, 6_000_000)]])
    point = shapely.Point(252_000, 6_790_000)
    given = np.array([ring, several, line, lines, point, None, shapely.Polygon()], dtype=object)
    cut = with_course(given, forward(LAMBERT, LONLAT), metre_in(LONLAT))
    assert [shapely.get_type_id(each) for each in given] == [shapely.get_type_id(each) for each in cut]
    assert all(one is other for one, other in zip(given[4:], cut[4:], strict=True))
    assert [1, 1] == [len(cut[0].interiors), len(cut[1].geoms[0].interiors)]
    np.testing.assert_allclose(shapely.area(given[:2]), shapely.area(cut[:2]), rtol=1e-12)
    np.testing.assert_allclose(shapely.length(given[2:4]), shapely.length(cut[2:4]), rtol=1e-12)
    assert (shapely.get_num_coordinates(cut[:4]) > shapely.get_num_coordinates(given[:4])).all()


def test_vertices_without_a_place_stop_nothing() -> None:
    """Edges to the pole of a projection that does not reach it are left as they are."""
    chains = Chains(np.array([[0.0, 0.0], [1e12, 1e12], [500_000.0, 2_300_000.0]]), np.array([0, 3]))
    xy = carried(chains, forward(UTM48, LONLAT), metre_in(LONLAT)).xy
    assert not np.isfinite(xy).all()
    assert np.isfinite(xy[-1]).all()
    empty = carried(Chains(np.zeros((0, 2)), np.zeros(1, np.int64)), forward(UTM48, LONLAT), 1.0)
    assert 0 == len(empty.xy)


def test_a_metre_in_units_of_a_system() -> None:
    """Metres, feet, degrees."""
    assert 1.0 == metre_in(UTM48)
    assert pytest.approx(1 / 0.3048, rel=1e-5) == metre_in(pyproj.CRS.from_epsg(2263))
    assert pytest.approx(1 / 111_320) == metre_in(LONLAT)


def test_ends_are_ordered_whichever_way_an_edge_runs() -> None:
    """First by x, then by y."""
    xy = np.array([[1.0, 5.0], [0.0, 9.0], [0.0, 2.0]])
    first, last = ordered_ends(xy, np.array([0, 1]))
    assert [[0.0, 9.0], [0.0, 2.0]] == first.tolist()
    assert [[1.0, 5.0], [0.0, 9.0]] == last.tolist()


def test_what_is_added_is_carried_as_if_it_had_been_there() -> None:
    """The same to the bit as carrying all vertices of the outline that has them already."""
    ring = shapely.get_coordinates(BOX)
    chains = Chains(np.concatenate([ring, ring[::-1] + 500.0]), np.array([0, 5, 10]))
    move, metre = forward(LAMBERT, LONLAT), metre_in(LONLAT)
    found = carried(chains, move, metre)
    shapes = np.array([BOX, shapely.Polygon(ring[::-1] + 500.0)], dtype=object)
    whole = with_course(shapes, move, metre)
    assert len(found.xy) > 10
    assert move(shapely.get_coordinates(whole)).tolist() == found.xy.tolist()
    assert np.cumsum([0, *shapely.get_num_coordinates(whole)]).tolist() == found.start.tolist()
