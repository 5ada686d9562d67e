"""Rings of polygons: carried to the grid, cut into chunks, densified alike from both sides."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.rings import Carrier, boxes_on, rings_of
from blackspot.data.geodesy.transformers import transformer_between
from burn_plane import LONLAT, UTM48, box, cells_of, plane, polygons


def test_a_layer_of_many_parts_is_cut_into_chunks() -> None:
    """A chessboard of 22 500 boxes in chunks of 1000 vertices: each part once."""
    grid = plane(width=300, height=300)
    board = [box(2 * i, 2 * j, 2 * i + 1, 2 * j + 1) for i in range(150) for j in range(150)]
    seen = [len(chunk.feature) for chunk in rings_of(polygons(*board)).chunks(1000)]
    assert 22_500 == sum(seen)
    assert max(seen) <= 200
    assert pytest.approx(22_500, rel=1e-3) == cells_of(burn(polygons(*board), UTM48, grid), grid)


def test_densified_edges_are_the_same_from_both_sides() -> None:
    """The new vertices on a shared edge do not depend on the direction it is drawn in."""
    grid = Grid(UTM48, Affine(100.0, 0, 300_000, 0, -100.0, 2_400_000), 4000, 4000, 4)
    corners = [(103.5, 19.5), (106.4, 20.1), (105.0, 21.2)]
    carry = Carrier(LONLAT, grid)
    there = carry(rings_of(polygons(shapely.Polygon(corners)))).xy
    back = carry(rings_of(polygons(shapely.Polygon(corners[::-1])))).xy
    assert len(there) > 50
    assert {tuple(vertex) for vertex in there.tolist()} == {tuple(vertex) for vertex in back.tolist()}


def test_rings_keep_their_holes_and_their_order() -> None:
    """Polygons with and without holes, in a collection and alone: every ring has its own vertices."""
    holed = shapely.difference(box(2, 2, 12, 12), shapely.union(box(3, 3, 4, 4), box(6, 6, 8, 8)))
    shapes = polygons(box(30, 2, 31, 3), shapely.MultiPolygon([holed, box(14, 3, 15, 4)]))
    rings = rings_of(shapes)
    assert [1, 1, 0] == rings.feature.tolist()
    assert [3, 1, 1] == np.diff(rings.part_start).tolist()
    ends = rings.ring_start[1:] - 1
    assert np.array_equal(rings.xy[rings.ring_start[:-1]], rings.xy[ends])
    areas = [
        shapely.Polygon(rings.xy[a:b]).area / 1e4
        for a, b in zip(rings.ring_start[:-1], rings.ring_start[1:], strict=True)
    ]
    assert pytest.approx(sorted([100.0, 1.0, 4.0, 1.0, 1.0])) == sorted(areas)
    assert pytest.approx([100.0, 1.0, 1.0]) == [areas[index] for index in rings.part_start[:-1]]


@pytest.mark.parametrize("code", [3405, 32648, 2154, 3857, 3995])
def test_boxes_hold_what_is_carried(code: int) -> None:
    """Boxes of metres to 300 km, far off the middle of their system too: every point of their sides, in degrees."""
    crs, some = pyproj.CRS.from_epsg(code), np.random.default_rng(code)
    grid = Grid(LONLAT, Affine(0.01, 0, 100.0, 0, -0.01, 25.0), 1000, 1700, 4)
    size = 10 ** some.uniform(0.5, 5.5, 40)
    corner = np.array([5e5, 2e6]) + some.uniform(-1.5e6, 1.5e6, (40, 2))
    shapes = shapely.box(*corner.T, *(corner + size[:, np.newaxis]).T)
    outline, whose = shapely.get_coordinates(shapely.segmentize(shapes, size / 50), return_index=True)
    at = np.column_stack(transformer_between(crs, LONLAT).transform(*outline.T))
    west, south, east, north = boxes_on(shapes, crs, grid)[whose].T
    inside = (at[:, 0] >= west) & (at[:, 0] <= east) & (at[:, 1] >= south) & (at[:, 1] <= north)
    assert inside.all()


def test_boxes_of_the_same_system_are_their_own_and_what_has_no_place_is_everywhere() -> None:
    """Empty geometries have none in the grid's own system."""
    grid = Grid(LONLAT, Affine(0.01, 0, 100.0, 0, -0.01, 25.0), 1000, 1700, 4)
    shapes = np.array([shapely.box(104, 20, 105, 21), shapely.Polygon()], dtype=object)
    own, nothing = boxes_on(shapes, LONLAT, grid)
    assert [104.0, 20.0, 105.0, 21.0] == own.tolist()
    assert np.isnan(nothing).all()
    assert (0, 4) == boxes_on(shapes[:0], UTM48, grid).shape
    assert [-np.inf, -np.inf, np.inf, np.inf] == boxes_on(shapes[1:], UTM48, grid)[0].tolist()
