"""Distance in true metres to the nearest coverage."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots import distance, edges
from blackspot.coverage.blackspots.distance import Coverage, CoverageFile, distance_to_coverage_km
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.spans import empty_spans
from blackspot.data.geodesy.places import LonLat, earth_centred

GEOD = pyproj.Geod(ellps="WGS84")


def grid_at(west: float, north: float, cell: float = 0.01, width: int = 200, height: int = 200) -> Grid:
    return Grid(pyproj.CRS.from_epsg(4326), Affine(cell, 0.0, west, 0.0, -cell, north), width, height, 4)


def coverage(grid: Grid, *polygons: shapely.Geometry, crs: pyproj.CRS | None = None) -> Coverage:
    """Cover polygons, in the grid's system unless another one is said."""
    geometries = np.array(polygons, dtype=object)
    return Coverage(burn(geometries, crs or grid.crs, grid), (CoverageFile(geometries, crs or grid.crs),))


def filled(grid: Grid, cells: list[tuple[int, int]]) -> Coverage:
    """Cover whole cells, given as (row, column)."""
    corner = grid.transform
    boxes = [
        shapely.box(
            *(corner * (col, row + 1)), *(corner * (col + 1, row))
        )  # the lower left and upper right corner
        for row, col in cells
    ]
    return coverage(grid, *boxes)


def centre(grid: Grid, row: int, col: int) -> LonLat:
    return grid.cell_centres_lonlat(np.array([row]), np.array([col]))


def exact_km(place: LonLat, grid: Grid, cells: list[tuple[int, int]]) -> float:
    """Measure to a fine mesh of points all over the covered cells."""
    steps = np.linspace(-0.5, 0.5, 21)
    row = np.concatenate([(row + steps)[:, np.newaxis] + 0 * steps for row, _ in cells]).ravel()
    col = np.concatenate([0 * steps[:, np.newaxis] + col + steps for _, col in cells]).ravel()
    mesh = grid.cell_centres_lonlat(row, col)
    _, _, metres = GEOD.inv(
        np.full(len(row), place.lon[0]), np.full(len(row), place.lat[0]), mesh.lon, mesh.lat
    )
    return float(np.min(metres)) / 1000


@pytest.mark.parametrize("north", [1.0, 21.0, 45.0, 70.0])
def test_distance_along_a_row_is_the_geodesic(north: float) -> None:
    """From a cell's centre east to the near edge of a cell on the same row, at any latitude."""
    grid = grid_at(100.0, north)
    place = centre(grid, 50, 10)
    _, _, metres = GEOD.inv(place.lon[0], place.lat[0], 100.0 + 30 * 0.01, place.lat[0])
    found = distance_to_coverage_km(place, filled(grid, [(50, 30)]), grid)
    assert metres / 1000 == pytest.approx(
        found[0], abs=2e-4
    )  # the edge along the meridian comes a little nearer


def test_degrees_are_not_kilometres() -> None:
    """At 60° a degree east is half a degree north: the coverage two columns away is the nearer one."""
    grid = grid_at(100.0, 61.0)
    place = centre(grid, 100, 100)
    east = distance_to_coverage_km(place, filled(grid, [(100, 103)]), grid)[0]
    north = distance_to_coverage_km(place, filled(grid, [(97, 100)]), grid)[0]
    both = distance_to_coverage_km(place, filled(grid, [(100, 103), (98, 100)]), grid)[0]
    assert pytest.approx(0.5, abs=0.03) == east / north
    assert east == both


def test_zero_where_the_place_itself_is_covered() -> None:
    """A place inside coverage has no way to go."""
    grid = grid_at(100.0, 20.0)
    assert distance_to_coverage_km(centre(grid, 5, 5), filled(grid, [(5, 5)]), grid).tolist() == [0.0]


def test_unknown_where_nothing_is_covered_at_all() -> None:
    """No coverage anywhere is no distance, not a long one."""
    grid = grid_at(100.0, 20.0)
    assert np.isnan(distance_to_coverage_km(centre(grid, 5, 5), Coverage(empty_spans(), ()), grid)).all()


def test_no_places_no_distances() -> None:
    """A country without black spots asks for nothing."""
    nowhere = LonLat(np.zeros(0), np.zeros(0))
    assert (
        len(distance_to_coverage_km(nowhere, filled(grid_at(100.0, 20.0), [(5, 5)]), grid_at(100.0, 20.0)))
        == 0
    )


def test_edge_along_the_lines_is_found_between_its_ends() -> None:
    """Straight north of a long east-west edge the nearest point is not one of its far ends."""
    grid = grid_at(100.0, 20.0)
    cells = [(60, col) for col in range(200)]
    found = distance_to_coverage_km(centre(grid, 50, 100), filled(grid, cells), grid)[0]
    _, _, metres = GEOD.inv(101.005, 20 - 0.505, 101.005, 20 - 0.60)
    assert metres / 1000 == pytest.approx(found, abs=1e-3)


def test_projected_grid_measures_the_same_ground() -> None:
    """On a UTM grid, 20 km east of the central meridian's edge: metres on the ground, not on the map."""
    utm = Grid(pyproj.CRS.from_epsg(32648), Affine(500.0, 0.0, 200000.0, 0.0, -500.0, 2300000.0), 100, 20, 20)
    place = utm.cell_centres_lonlat(np.array([10]), np.array([9]))
    found = distance_to_coverage_km(place, filled(utm, [(10, 50)]), utm)[0]
    to_lonlat = pyproj.Transformer.from_crs(32648, 4326, always_xy=True)
    lon, lat = to_lonlat.transform(225000.0, 2300000.0 - 10.5 * 500)
    _, _, metres = GEOD.inv(place.lon[0], place.lat[0], lon, lat)
    assert metres / 1000 == pytest.approx(found, abs=1e-3)
    assert abs(found - 20.25) > 0.01  # the plane's own distance is off by the map's scale


CELLS = st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), min_size=1, max_size=40, unique=True)


@settings(max_examples=40)
@given(CELLS, st.integers(0, 39), st.integers(0, 39))
def test_distance_ends_at_the_nearest_cell(cells: list[tuple[int, int]], row: int, col: int) -> None:
    """Against the nearest point of a fine mesh over all covered cells."""
    grid = grid_at(100.0, 50.0, width=40, height=40)
    place = centre(grid, row, col)
    found = distance_to_coverage_km(place, filled(grid, cells), grid)[0]
    expected = 0.0 if (row, col) in cells else exact_km(place, grid, cells)
    mesh_km = 0.06  # a twentieth of a cell
    assert -mesh_km / 2 < expected - found < mesh_km


@settings(max_examples=40)
@given(CELLS, st.integers(1, 9))
def test_chunks_do_not_change_the_answer(cells: list[tuple[int, int]], chunk: int) -> None:
    """However little is looked at together, the same distances come out."""
    grid = grid_at(100.0, 50.0, width=40, height=40)
    rows, cols = np.meshgrid(np.arange(0, 40, 7), np.arange(0, 40, 7))
    places = grid.cell_centres_lonlat(rows.ravel(), cols.ravel())
    whole = distance_to_coverage_km(places, filled(grid, cells), grid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edges, "_CHUNK_VERTICES", chunk)
        patch.setattr(distance, "_COARSE_VERTICES", 1)
        patch.setattr(distance, "_FIRST_ASKED", 1)
        patch.setattr(distance, "_ASKED_TOGETHER", 3)
        pieces = distance_to_coverage_km(places, filled(grid, cells), grid)
    assert np.allclose(whole, pieces, rtol=0, atol=1e-9)


@pytest.mark.parametrize("epsg", [4326, 32648, 3405])
def test_distance_to_the_true_edge_of_a_polygon(epsg: int) -> None:
    """From 64 places to a slanted polygon in three systems, against the geodesic to its densely walked edge."""
    grid = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 40, 40, 40)
    crs = pyproj.CRS.from_epsg(epsg)
    forward = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
    corners = [
        forward.transform(*corner) for corner in [(105.053, 20.951), (105.317, 20.927), (105.181, 20.783)]
    ]
    polygon = shapely.Polygon(corners)
    rows, cols = (index.ravel() for index in np.meshgrid(np.arange(0, 40, 5), np.arange(0, 40, 5)))
    places = grid.cell_centres_lonlat(rows, cols)
    found = distance_to_coverage_km(places, coverage(grid, polygon, crs=crs), grid)
    walked = shapely.get_coordinates(shapely.segmentize(polygon, polygon.length / 20_000))
    edge = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(walked[:, 0], walked[:, 1])
    lon, edge_lon = np.broadcast_arrays(places.lon[:, np.newaxis], edge[0])
    lat, edge_lat = np.broadcast_arrays(places.lat[:, np.newaxis], edge[1])
    expected = np.asarray(GEOD.inv(lon, lat, edge_lon, edge_lat)[2]).min(axis=1) / 1000
    outside = found > 0
    assert 0 < outside.mean() < 1
    np.testing.assert_allclose(expected[outside], found[outside], atol=1e-4)


def test_coverage_beyond_the_grid_counts() -> None:
    """North, east, south and west of all cells, however far: the geodesic to its edge."""
    grid = grid_at(100.0, 20.0, width=10, height=10)
    place = centre(grid, 5, 5)
    beyond = {
        "north": (shapely.box(100.0, 20.3, 100.1, 20.4), (100.055, 20.3)),
        "east": (shapely.box(101.0, 19.8, 101.1, 20.1), (101.0, 19.945)),
        "south": (shapely.box(100.0, 10.0, 100.1, 19.0), (100.055, 19.0)),
        "west": (shapely.box(50.0, 19.8, 99.9, 20.1), (99.9, 19.945)),
    }
    for polygon, end in beyond.values():
        _, _, metres = GEOD.inv(place.lon[0], place.lat[0], *end)
        found = distance_to_coverage_km(place, coverage(grid, polygon), grid)[0]
        assert metres / 1000 == pytest.approx(found, rel=2e-5)
    assert (
        distance_to_coverage_km(place, coverage(grid, *(one for one, _ in beyond.values())), grid)[0] < 17.0
    )


def test_files_of_one_operator_count_together() -> None:
    """The nearest of two files in different systems."""
    grid = grid_at(105.0, 21.0)
    near, far = shapely.box(105.6, 20.4, 105.7, 20.6), shapely.box(500_000, 2_100_000, 510_000, 2_110_000)
    one, other = coverage(grid, near), coverage(grid, far, crs=pyproj.CRS.from_epsg(32648))
    both = Coverage(burn(np.array([near], dtype=object), grid.crs, grid), other.files + one.files)
    place = centre(grid, 50, 50)
    assert distance_to_coverage_km(place, one, grid) == distance_to_coverage_km(place, both, grid)


POLYGONS = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 0.3), st.floats(0.001, 0.3)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25)
@given(POLYGONS)
def test_the_nearest_of_many_pieces_is_found(drawn: list[tuple[float, float, float, float]]) -> None:
    """Against all pieces, one by one; a straight line of 100 km is a metre shorter than the geodesic."""
    grid = grid_at(105.0, 21.0, width=40, height=40)
    boxes = [shapely.box(104.5 + x, 20.2 + y, 104.5 + x + w, 20.2 + y + h) for x, y, w, h in drawn]
    layer = coverage(grid, *boxes)
    rows, cols = np.meshgrid(np.arange(0, 40, 9), np.arange(0, 40, 9))
    places = grid.cell_centres_lonlat(rows.ravel(), cols.ravel())
    found = distance_to_coverage_km(places, layer, grid)
    at = earth_centred(places)
    straight = np.full(len(at), np.inf)
    for pieces in edges.edge_pieces(*layer.files[0]):
        metres, _ = pieces.nearest(at[:, np.newaxis], np.arange(len(pieces.start.lon))[np.newaxis])
        straight = np.minimum(straight, metres.min(axis=1))
    outside = found > 0
    np.testing.assert_allclose(straight[outside] / 1000, found[outside], rtol=2e-5, atol=1e-5)


@settings(max_examples=25)
@given(POLYGONS, st.sampled_from([4326, 32648, 3405]), st.integers(1, 30))
def test_edges_passed_over_do_not_change_a_distance(
    drawn: list[tuple[float, float, float, float]], epsg: int, count: int
) -> None:
    """To the last bit: few places, for which far edges are not cut, as if they were many."""
    grid = grid_at(105.0, 21.0, width=40, height=40)
    crs = pyproj.CRS.from_epsg(epsg)
    forward = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
    round_ones = [shapely.Point(104.5 + x, 20.2 + y).buffer(w / 4, quad_segs=32) for x, y, w, _ in drawn]
    layer = coverage(
        grid, *(shapely.transform(one, forward.transform, interleaved=False) for one in round_ones), crs=crs
    )
    rows, cols = np.random.default_rng(count).integers(0, 40, (2, count))
    places = grid.cell_centres_lonlat(rows, cols)
    found = distance_to_coverage_km(places, layer, grid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distance, "_FEW_POINTS", 0)
        np.testing.assert_array_equal(distance_to_coverage_km(places, layer, grid), found)
