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
from blackspot.coverage.blackspots.distance import distance_to_coverage_km
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.spans import CELL_UNITS, Spans, empty_spans, merge
from blackspot.data.geodesy.places import LonLat

GEOD = pyproj.Geod(ellps="WGS84")


def grid_at(west: float, north: float, cell: float = 0.01, width: int = 200, height: int = 200) -> Grid:
    return Grid(pyproj.CRS.from_epsg(4326), Affine(cell, 0.0, west, 0.0, -cell, north), width, height, 4)


def filled(cells: list[tuple[int, int]], sublines: int = 4) -> Spans:
    """Cover whole cells, given as (row, column)."""
    row, col = np.array(cells).T
    line = (row[:, np.newaxis] * sublines + np.arange(sublines)).ravel()
    start = np.repeat(col * CELL_UNITS, sublines)
    return merge(line, start, start + CELL_UNITS)


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
    found = distance_to_coverage_km(place, filled([(50, 30)]), grid)
    half_subline_km = 0.5 * 0.01 / 4 * 112
    assert metres / 1000 == pytest.approx(found[0], abs=half_subline_km)


def test_degrees_are_not_kilometres() -> None:
    """At 60° a degree east is half a degree north: the coverage two columns away is the nearer one."""
    grid = grid_at(100.0, 61.0)
    place = centre(grid, 100, 100)
    east = distance_to_coverage_km(place, filled([(100, 103)]), grid)[0]
    north = distance_to_coverage_km(place, filled([(97, 100)]), grid)[0]
    both = distance_to_coverage_km(place, filled([(100, 103), (98, 100)]), grid)[0]
    assert pytest.approx(0.5, abs=0.03) == east / north
    assert east == both


def test_zero_where_the_place_itself_is_covered() -> None:
    """A place inside coverage has no way to go."""
    grid = grid_at(100.0, 20.0)
    assert distance_to_coverage_km(centre(grid, 5, 5), filled([(5, 5)]), grid).tolist() == [0.0]


def test_unknown_where_nothing_is_covered_at_all() -> None:
    """No coverage anywhere is no distance, not a long one."""
    grid = grid_at(100.0, 20.0)
    assert np.isnan(distance_to_coverage_km(centre(grid, 5, 5), empty_spans(), grid)).all()


def test_no_places_no_distances() -> None:
    """A country without black spots asks for nothing."""
    nowhere = LonLat(np.zeros(0), np.zeros(0))
    assert len(distance_to_coverage_km(nowhere, filled([(5, 5)]), grid_at(100.0, 20.0))) == 0


def test_edge_along_the_lines_is_found_between_its_ends() -> None:
    """Straight north of a long east-west edge the nearest point is not one of its far ends."""
    grid = grid_at(100.0, 20.0)
    cells = [(60, col) for col in range(200)]
    found = distance_to_coverage_km(centre(grid, 50, 100), filled(cells), grid)[0]
    _, _, metres = GEOD.inv(101.005, 20 - 0.505, 101.005, 20 - 0.60)
    half_cell_aside_km = 0.02
    assert metres / 1000 == pytest.approx(found, abs=half_cell_aside_km)


def test_projected_grid_measures_the_same_ground() -> None:
    """On a UTM grid, 20 km east of the central meridian's edge: metres on the ground, not on the map."""
    utm = Grid(pyproj.CRS.from_epsg(32648), Affine(500.0, 0.0, 200000.0, 0.0, -500.0, 2300000.0), 100, 20, 20)
    place = utm.cell_centres_lonlat(np.array([10]), np.array([9]))
    found = distance_to_coverage_km(place, filled([(10, 50)], sublines=20), utm)[0]
    to_lonlat = pyproj.Transformer.from_crs(32648, 4326, always_xy=True)
    lon, lat = to_lonlat.transform(225000.0, 2300000.0 - 10.5 * 500)
    _, _, metres = GEOD.inv(place.lon[0], place.lat[0], lon, lat)
    assert metres / 1000 == pytest.approx(found, abs=0.02)
    assert abs(found - 20.25) > 0.01  # the plane's own distance is off by the map's scale


CELLS = st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39)), min_size=1, max_size=40, unique=True)


@settings(max_examples=40)
@given(CELLS, st.integers(0, 39), st.integers(0, 39))
def test_distance_is_right_within_one_cell(cells: list[tuple[int, int]], row: int, col: int) -> None:
    """Against the nearest point of a fine mesh over all covered cells."""
    grid = grid_at(100.0, 50.0, width=40, height=40)
    place = centre(grid, row, col)
    found = distance_to_coverage_km(place, filled(cells), grid)[0]
    expected = 0.0 if (row, col) in cells else exact_km(place, grid, cells)
    cell_km = 0.01 * 72
    assert abs(expected - found) < cell_km


@settings(max_examples=40)
@given(CELLS, st.integers(1, 9))
def test_chunks_do_not_change_the_answer(cells: list[tuple[int, int]], chunk: int) -> None:
    """However little is looked at together, the same distances come out."""
    grid = grid_at(100.0, 50.0, width=40, height=40)
    rows, cols = np.meshgrid(np.arange(0, 40, 7), np.arange(0, 40, 7))
    places = grid.cell_centres_lonlat(rows.ravel(), cols.ravel())
    whole = distance_to_coverage_km(places, filled(cells), grid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edges, "_CHUNK_SPANS", chunk)
        patch.setattr(distance, "_COARSE_SPANS", 1)
        pieces = distance_to_coverage_km(places, filled(cells), grid)
    assert np.allclose(whole, pieces, rtol=0, atol=1e-9)


@pytest.mark.parametrize("sublines", [2, 4, 40])
def test_distance_to_a_burned_polygon(sublines: int) -> None:
    """From 400 places to a slanted polygon, against the geodesic to its densely walked edge."""
    grid = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 40, 40, sublines)
    polygon = shapely.Polygon([(105.053, 20.951), (105.317, 20.927), (105.181, 20.783)])
    spans = burn(np.array([polygon], dtype=object), grid.crs, grid)
    rows, cols = (index.ravel() for index in np.meshgrid(np.arange(0, 40, 2), np.arange(0, 40, 2)))
    places = grid.cell_centres_lonlat(rows, cols)
    found = distance_to_coverage_km(places, spans, grid)
    edge = shapely.get_coordinates(shapely.segmentize(polygon, 0.0005))
    lon, edge_lon = np.broadcast_arrays(places.lon[:, np.newaxis], edge[:, 0])
    lat, edge_lat = np.broadcast_arrays(places.lat[:, np.newaxis], edge[:, 1])
    expected = np.asarray(GEOD.inv(lon, lat, edge_lon, edge_lat)[2]).min(axis=1) / 1000
    inside = shapely.contains_xy(polygon, places.lon, places.lat)
    expected[inside] = 0.0
    far = expected > 1.2 / sublines
    assert np.abs(found - expected)[far].max() < 0.55
    assert (found - expected)[far].min() > -0.02
