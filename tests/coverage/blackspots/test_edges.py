"""Edges of polygons, cut into short straight pieces on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.blackspots import edges
from blackspot.coverage.blackspots.edges import EdgePieces, edge_pieces, some_vertices
from blackspot.data.geodesy.places import earth_centred

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
