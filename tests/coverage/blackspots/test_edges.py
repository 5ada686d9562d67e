"""Edges of polygons, cut into short straight pieces on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.blackspots import edges
from blackspot.coverage.blackspots.edges import EdgePieces, edge_balls, edge_pieces, some_vertices
from blackspot.coverage.burn.rings import rings_of
from blackspot.data.geodesy.places import LonLat, earth_centred

LONLAT, UTM = pyproj.CRS.from_epsg(4326), pyproj.CRS.from_epsg(32648)
SQUARE_M = shapely.box(500_000, 2_300_000, 501_000, 2_300_900)
HOLED = shapely.box(500_000, 2_300_000, 501_000, 2_301_000) - shapely.box(
    500_400, 2_300_400, 500_500, 2_300_500
)


def pieces_of(*polygons: shapely.Geometry, crs: pyproj.CRS = UTM) -> list[EdgePieces]:
    return list(edge_pieces(np.array(polygons, dtype=object), crs))


def length_m(pieces: list[EdgePieces]) -> float:
    return float(sum(np.sqrt(((one.end_m - one.start_m) ** 2).sum(axis=1)).sum() for one in pieces))


def test_pieces_are_the_edges_and_nothing_between_rings() -> None:
    """All sides of the outer ring and of the hole, in metres on the ground (the scale here is 0.9996)."""
    assert 4400 == pytest.approx(length_m(pieces_of(HOLED)) * 0.9996, rel=1e-5)


def test_pieces_are_short() -> None:
    """A side of 1,000 m has four pieces, one of 900 m has four as well; each ends where the next begins."""
    (pieces,) = pieces_of(SQUARE_M)
    assert 16 == len(pieces.start.lon)
    assert np.sqrt(((pieces.end_m - pieces.start_m) ** 2).sum(axis=1)).max() < 250.2
    np.testing.assert_allclose(pieces.start_m[1:], pieces.end_m[:-1])


def test_a_piece_keeps_to_the_straight_line_of_its_own_system() -> None:
    """A long edge of a UTM zone bends in degrees: its middle is that of the zone, not that of the degrees."""
    edge = shapely.box(200_000, 2_300_000, 300_000, 2_300_001)
    (pieces,) = pieces_of(edge)
    to_lonlat = pyproj.Transformer.from_crs(UTM, LONLAT, always_xy=True)
    lon, lat = to_lonlat.transform(250_000.0, 2_300_000.0)
    middle = earth_centred(pieces.start._replace(lon=np.array([lon]), lat=np.array([lat])))
    metres, _ = pieces.nearest(middle, np.arange(len(pieces.start.lon)))
    assert metres.min() < 0.01


def test_edges_around_the_earth_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box around the whole globe has longer pieces."""
    monkeypatch.setattr(edges, "_MOST_PIECES", 1000)
    pieces = pieces_of(shapely.box(-180, -80, 180, 80), crs=LONLAT)
    assert 900 < sum(len(one.start.lon) for one in pieces) < 1010


def test_vertices_that_cannot_be_placed_are_left_out() -> None:
    """One corner of a triangle lies where the projection has no ground: its two edges are not there."""
    far = shapely.Polygon([(500_000, 2_300_000), (1e9, 1e9), (500_100, 2_300_000)])
    (pieces,) = pieces_of(far)
    assert np.isfinite(pieces.start_m).all()
    assert np.isfinite(pieces.end_m).all()
    assert [] == pieces_of()


def test_nearest_point_of_a_piece() -> None:
    """Beside its middle, beyond its end, and of a piece without length."""
    start = np.array([[0.0, 0.0, 0.0], [7.0, 0.0, 0.0]])
    end = np.array([[10.0, 0.0, 0.0], [7.0, 0.0, 0.0]])
    lonlat = some_vertices(np.array([shapely.box(0, 0, 1, 1)], dtype=object), LONLAT, 2)
    pieces = EdgePieces(lonlat, lonlat, start, end)
    at = np.array([[5.0, 3.0, 4.0], [13.0, 0.0, 4.0], [7.0, 1.0, 0.0]])
    metres, along = pieces.nearest(at, np.array([0, 0, 1]))
    assert [5.0, 5.0, 1.0] == metres.tolist()
    assert [0.5, 1.0, 0.0] == along.tolist()


def test_a_piece_across_the_date_line() -> None:
    """Half way from 179.99 east to 179.99 west is 180, not 0."""
    (pieces,) = pieces_of(shapely.Polygon([(179.999, 0), (180.001, 0), (180.001, 0.001)]), crs=LONLAT)
    east = pieces.lonlat(np.array([0]), np.array([0.5])).lon[0]
    assert 180.0 == pytest.approx(abs(east), abs=0.002)


def test_some_vertices_are_vertices() -> None:
    """About as many as asked for, all of them corners."""
    ring = shapely.Point(105, 21).buffer(0.1, quad_segs=100)
    found = some_vertices(np.array([ring], dtype=object), LONLAT, 50)
    assert 50 <= len(found.lon) <= 52
    assert set(zip(found.lon, found.lat, strict=True)) <= set(ring.exterior.coords)


@pytest.mark.parametrize("epsg", [4326, 32648, 3405, 3857])
def test_edges_lie_in_their_balls(epsg: int) -> None:
    """All along every edge of 300 buffers of many sizes, in degrees and in metres; both kinds of ball are there."""
    crs = pyproj.CRS.from_epsg(epsg)
    forward = pyproj.Transformer.from_crs(LONLAT, crs, always_xy=True)
    random = np.random.default_rng(epsg)
    lon, lat = forward.transform(random.uniform(102, 109, 300), random.uniform(8, 23, 300))
    unit = 111_000 if crs.is_geographic else 1
    shapes = shapely.buffer(shapely.points(lon, lat), 10 ** random.uniform(1, 5, 300) / unit, quad_segs=4)
    rings = rings_of(np.append(shapes, [shapely.box(lon[0], lat[0], lon[0] + 5e5 / unit, lat[0] + 1)]))
    balls = edge_balls(rings, crs)
    start = np.setdiff1d(np.arange(len(rings.xy)), rings.ring_start[1:] - 1)
    for share in (0.0, 0.3, 0.5, 1.0):
        xy = rings.xy[start] + share * (rings.xy[start + 1] - rings.xy[start])
        place = LonLat(*forward.transform(*xy.T, direction="INVERSE"))
        away_m = np.linalg.norm(earth_centred(place) - balls.centre_m[balls.of[start]], axis=1)
        assert (away_m <= balls.radius_m[balls.of[start]]).all()
    assert np.isinf(balls.radius_m).any()
    assert np.isfinite(balls.radius_m).sum() > 100


def test_only_edges_that_are_asked_for_are_cut() -> None:
    """Of two circles far from each other one is asked for: its pieces are the same as without the other; none, none."""
    circle, other = (
        shapely.Point(centre).buffer(500, quad_segs=16) for centre in [(5e5, 2.3e6), (6e5, 2.4e6)]
    )
    both = np.array([circle, other], dtype=object)
    (alone,) = pieces_of(circle)
    (found,) = edge_pieces(both, UTM, lambda balls: _is_south(balls.centre_m))
    for expected, actual in zip(alone, found, strict=True):
        np.testing.assert_array_equal(expected, actual)
    assert [] == list(edge_pieces(both, UTM, lambda balls: np.zeros(len(balls.radius_m), np.bool_)))


def _is_south(centre_m: np.ndarray) -> np.ndarray:
    """Between the circles, a degree of latitude apart, the height above the equator's plane tells them apart."""
    return np.asarray(centre_m[:, 2] < centre_m[:, 2].mean())


def test_a_vertex_without_a_place_makes_its_ball_infinite() -> None:
    """Nothing is known of where its edges reach."""
    far = shapely.Polygon([(500_000, 2_300_000), (1e9, 1e9), (500_100, 2_300_000)])
    assert np.isinf(edge_balls(rings_of(np.array([far], dtype=object)), UTM).radius_m).any()
