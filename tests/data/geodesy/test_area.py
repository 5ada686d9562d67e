"""Areas and buffers against geodesics on the ellipsoid."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from blackspot.data.geodesy.area import CellAreas, area_km2
from blackspot.data.geodesy.buffer import buffer_m

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

GEOD = pyproj.Geod(ellps="WGS84")
LONLAT = pyproj.CRS("EPSG:4326")
VN2000 = pyproj.CRS("EPSG:3405")
EARTH_KM2 = 510_065_621.724


def array(*geometries: shapely.Geometry | None) -> NDArray[np.object_]:
    result = np.empty(len(geometries), dtype=object)
    result[:] = geometries
    return result


def oracle_km2(polygon: shapely.Polygon, step_deg: float = 0.01) -> float:
    """The area by geodesics, edges cut so short that they are straight in degrees as well."""
    short = shapely.segmentize(polygon, step_deg)
    return abs(GEOD.geometry_area_perimeter(shapely.geometry.polygon.orient(short))[0]) / 1e6


def star(lon: float, lat: float, radii_deg: list[float]) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, len(radii_deg), endpoint=False)
    return shapely.Polygon(
        np.column_stack([lon + radii_deg * np.cos(angle), lat + radii_deg * np.sin(angle)])
    )


def geocentric(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    to_xyz = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    return np.column_stack(to_xyz.transform(lonlat[:, 0], lonlat[:, 1], np.zeros(len(lonlat))))


def outline(area: shapely.Geometry) -> NDArray[np.float64]:
    """Vertices of an area and the middles of its edges."""
    rings = shapely.get_rings(area)
    points = [shapely.get_coordinates(ring) for ring in rings]
    return np.concatenate([np.concatenate([ring, (ring[1:] + ring[:-1]) / 2]) for ring in points])


# --- areas -----------------------------------------------------------------------------------------------


def test_the_whole_earth() -> None:
    """The box of all degrees is the ellipsoid's surface."""
    assert area_km2(array(shapely.box(-180, -90, 180, 90)))[0] == pytest.approx(EARTH_KM2, rel=1e-6)


def test_one_degree_of_the_delta() -> None:
    """A cell of one degree agrees with geodesics."""
    cell = shapely.box(105, 10, 106, 11)
    assert area_km2(array(cell))[0] == pytest.approx(oracle_km2(cell), rel=1e-7)


@given(
    st.floats(-170, 170),
    st.floats(-70, 70),
    st.lists(st.floats(0.2, 1.0), min_size=3, max_size=12),
    st.floats(1e-4, 3.0),
)
@settings(max_examples=60)
def test_any_polygon_agrees_with_geodesics(
    lon: float, lat: float, radii: list[float], size_deg: float
) -> None:
    """From 20 m to 600 km: within one in 100,000."""
    polygon = star(lon, lat, [size_deg * radius for radius in radii])
    expected = oracle_km2(polygon, step_deg=max(size_deg / 100, 1e-5))
    assert area_km2(array(polygon))[0] == pytest.approx(expected, rel=1e-5)


def test_holes_count_as_outside_whatever_way_they_run() -> None:
    """Ring directions differ between formats and must not matter."""
    outer, hole = [(0, 0), (3, 0), (3, 3), (0, 3)], [(1, 1), (2, 1), (2, 2), (1, 2)]
    expected = area_km2(array(shapely.Polygon(outer)))[0] - area_km2(array(shapely.Polygon(hole)))[0]
    for shell in (outer, outer[::-1]):
        for inner in (hole, hole[::-1]):
            assert area_km2(array(shapely.Polygon(shell, [inner])))[0] == pytest.approx(expected, rel=1e-12)


def test_parts_add_up_and_the_rest_is_nothing() -> None:
    """Multipolygons and collections are sums; points, lines, empty and missing shapes have no area."""
    one, two = shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)
    first, second = area_km2(array(one, two))
    mixed = shapely.GeometryCollection([shapely.MultiPolygon([one, two]), shapely.Point(0, 0)])
    got = area_km2(
        array(shapely.MultiPolygon([one, two]), mixed, shapely.Point(1, 1), shapely.Polygon(), None)
    )
    assert got.tolist() == pytest.approx([first + second, first + second, 0, 0, 0], rel=1e-12)


def test_no_geometries_no_areas() -> None:
    """An empty layer gives an empty answer."""
    assert area_km2(np.empty(0, dtype=object)).shape == (0,)


def test_many_chunks_give_the_same_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Working in pieces bounds the memory and changes nothing."""
    shapes = array(*[star(100 + i, 10, [1.0, 0.5, 0.8, 0.7]) for i in range(9)])
    whole = area_km2(shapes)
    monkeypatch.setattr("blackspot.data.geodesy.area._CHUNK_VERTICES", 7)
    assert whole.tolist() == area_km2(shapes).tolist()


@pytest.mark.realdata
def test_communes_agree_with_geodesics_in_seconds(realdata: Path) -> None:
    """Seven million vertices; every fiftieth commune is compared."""
    shapes = np.asarray(
        geopandas.read_parquet(realdata / "vietnam/communes_2026-07_full.parquet").geometry.array,
        dtype=object,
    )
    start = time.perf_counter()
    areas = area_km2(shapes)
    assert time.perf_counter() - start < 30  # 2 s on a free core
    for index in range(0, len(shapes), 50):
        expected = sum(oracle_km2(part, 1.0) for part in shapely.get_parts(shapes[index]))
        assert areas[index] == pytest.approx(expected, rel=1e-5)


# --- cells -----------------------------------------------------------------------------------------------


def test_cells_in_degrees_are_zones() -> None:
    """A cell's area is that of its box, and the same along a row."""
    transform = Affine(0.5, 0, 100, 0, -0.25, 23)
    got = CellAreas(LONLAT, transform, 9, 5).km2(np.arange(2, 5), np.arange(7, 9))
    boxes = array(*[shapely.box(0, 23 - 0.25 * (row + 1), 0.5, 23 - 0.25 * row) for row in (2, 3, 4)])
    assert got[:, 0].tolist() == pytest.approx(area_km2(boxes).tolist(), rel=1e-12)


def test_cells_in_metres_are_larger_or_smaller_on_the_ground() -> None:
    """VN-2000 / UTM 48N has 0.9996 on its meridian and more than 1 far from it."""
    transform = Affine(1000, 0, 200_000, 0, -1000, 2_500_000)
    got = CellAreas(VN2000, transform, 900, 1700).km2(np.array([999]), np.arange(0, 900))
    back = pyproj.Transformer.from_crs(VN2000, VN2000.geodetic_crs, always_xy=True)
    for col in (0, 300, 899):
        left = 200_000 + 1000 * col
        box = shapely.segmentize(shapely.box(left, 1_500_000, left + 1000, 1_501_000), 100)
        ground = shapely.transform(box, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
        assert got[0, col] == pytest.approx(oracle_km2(ground, 1.0), rel=2e-6)
    assert got[0, 300] > 1.0 > got[0, 899]


def test_a_cell_has_one_area_whatever_window_it_is_read_in() -> None:
    """Interpolation points are fixed to the raster, not to the window."""
    transform = Affine(250, 0, 400_000, 0, -250, 1_800_000)
    areas = CellAreas(VN2000, transform, 170, 200)
    whole = areas.km2(np.arange(200), np.arange(170))
    assert whole[150:160, 91:99].tolist() == areas.km2(np.arange(150, 160), np.arange(91, 99)).tolist()
    assert whole[[0, -1]][:, [0, -1]].tolist() == areas.km2(np.array([-7, 900]), np.array([-9, 900])).tolist()


# --- buffers ---------------------------------------------------------------------------------------------


@given(st.floats(-170, 170), st.floats(-75, 75), st.floats(5, 100_000))
@settings(max_examples=60)
def test_a_disc_has_its_radius_all_round(lon: float, lat: float, metres: float) -> None:
    """Every vertex and every middle of an edge lies at the distance, within 0.1 %."""
    edge = outline(buffer_m(array(shapely.Point(lon, lat)), LONLAT, metres)[0])
    _, _, distance = GEOD.inv(np.full(len(edge), lon), np.full(len(edge), lat), edge[:, 0], edge[:, 1])
    assert np.abs(distance / metres - 1).max() < 1e-3


@given(
    st.floats(-170, 165),
    st.floats(-65, 62),
    st.lists(st.tuples(st.floats(0, 1.5), st.floats(0, 1.5)), min_size=2, max_size=6),
    st.floats(2_000, 20_000),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=25)
def test_a_buffer_ends_at_the_distance_and_has_no_gaps(
    lon: float, lat: float, bends: list[tuple[float, float]], metres: float, seed: int
) -> None:
    """Its outline is as far from the line as it says, and whatever is nearer lies inside."""
    line = shapely.LineString([(lon + east, lat + north) for east, north in bends])
    area = buffer_m(array(line), LONLAT, metres)[0]
    assert shapely.is_valid(area)
    if line.length == 0:
        dense = shapely.get_coordinates(line)
    else:
        dense = shapely.get_coordinates(shapely.segmentize(line, metres / 40 / 111_000))
    nearest, _ = cKDTree(geocentric(dense)).query(geocentric(outline(area)))
    assert np.abs(nearest / metres - 1).max() < 1e-3
    random = np.random.default_rng(seed)
    start = dense[random.integers(0, len(dense), 200)]
    reach = metres * 0.998 * np.sqrt(random.uniform(0, 1, 200))
    east, north, _ = GEOD.fwd(start[:, 0], start[:, 1], random.uniform(0, 360, 200), reach)
    assert shapely.contains_xy(area, east, north).all()


@pytest.mark.parametrize("lon", [0.0, 104.4, 107.999])
def test_a_line_that_runs_back_along_itself(lon: float) -> None:
    """A spur and back reaches what the spur alone reaches; GEOS alone loses a twentieth of it."""
    there = shapely.LineString([(lon, 11), (lon, 10)])
    back = shapely.LineString([(lon, 11), (lon, 10), (lon, 11)])
    one, both = buffer_m(array(there, back), LONLAT, 2000)
    assert area_km2(array(one))[0] == pytest.approx(area_km2(array(both))[0], rel=1e-6)


def test_a_line_through_many_tiles_is_one_piece() -> None:
    """From the far north to the cape, 1,700 km: one valid polygon of the right area."""
    line = shapely.LineString([(105.3, 23.3), (104.8, 8.6)])
    area = buffer_m(array(line), LONLAT, 3000)[0]
    assert area.geom_type == "Polygon"
    assert not area.interiors
    ends = line.coords
    _, _, length = GEOD.inv(*ends[0], *ends[1])
    expected = (length * 6000 + np.pi * 3000**2) / 1e6
    assert area_km2(array(area))[0] == pytest.approx(expected, rel=1e-3)


def test_metres_do_not_depend_on_the_system_of_the_file() -> None:
    """The same cable handed in as VN-2000 / UTM and as degrees reaches the same ground."""
    to_utm = pyproj.Transformer.from_crs(LONLAT, VN2000, always_xy=True)
    cable = shapely.segmentize(shapely.LineString([(106.1, 16.2), (107.9, 16.9)]), 0.001)
    moved = shapely.transform(cable, lambda xy: np.column_stack(to_utm.transform(xy[:, 0], xy[:, 1])))
    here, there = buffer_m(array(cable), LONLAT, 500)[0], buffer_m(array(moved), VN2000, 500)[0]
    differing = area_km2(array(shapely.symmetric_difference(here, there)))[0]
    assert differing < 1e-3 * area_km2(array(here))[0]


def test_every_shape_keeps_its_place_in_the_answer() -> None:
    """One area for each input: multiples, collections, spots, empty and missing ones."""
    disc = buffer_m(array(shapely.Point(105, 20)), LONLAT, 1000)[0]
    spot = shapely.LineString([(105, 20), (105, 20)])
    pair = shapely.MultiPoint([(105, 20), (108, 12)])
    mixed = shapely.GeometryCollection(
        [shapely.Point(105, 20), shapely.MultiLineString([[(105, 20), (105.1, 20)]])]
    )
    got = buffer_m(array(spot, shapely.LineString(), pair, None, mixed, shapely.Point(105, 20)), LONLAT, 1000)
    assert [shapely.equals_exact(got[0], disc, 1e-12), got[1].is_empty, got[3].is_empty] == [True, True, True]
    assert shapely.equals_exact(got[5], disc, 1e-12)
    disc_km2, pair_km2, mixed_km2 = area_km2(array(disc, got[2], got[4]))
    assert pair_km2 == pytest.approx(2 * disc_km2, rel=1e-3)
    assert mixed_km2 == pytest.approx(disc_km2 + 2 * GEOD.inv(105, 20, 105.1, 20)[2] / 1e3, rel=1e-3)


def test_nothing_in_nothing_out() -> None:
    """An empty layer gives an empty answer."""
    assert buffer_m(np.empty(0, dtype=object), LONLAT, 10).shape == (0,)


@pytest.mark.parametrize("place", [(180, 0), (-180, 5), (179.999, 60), (10, 89.99), (0, -90)])
def test_date_line_and_poles_do_not_crash(place: tuple[float, float]) -> None:
    """Nobody needs buffers there, and nobody needs a crash."""
    assert not buffer_m(array(shapely.Point(place)), LONLAT, 1000)[0].is_empty


def test_a_place_outside_the_projection_is_empty() -> None:
    """A coordinate that is nowhere on the earth reaches nothing."""
    nowhere = array(shapely.Point(1e12, 1e12), shapely.LineString([(1e12, 1e12), (2e12, 1e12)]))
    assert [area.is_empty for area in buffer_m(nowhere, VN2000, 10)] == [True, True]


@pytest.mark.parametrize("metres", [0, -1, float("nan"), float("inf")])
def test_a_distance_must_be_one(metres: float) -> None:
    """Zero, negative and endless distances are refused."""
    with pytest.raises(ValueError, match="no distance"):
        buffer_m(array(shapely.Point(0, 0)), LONLAT, metres)


def test_a_polygon_has_no_distance_around_it() -> None:
    """Areas are coverage already."""
    with pytest.raises(ValueError, match="an area already"):
        buffer_m(array(shapely.MultiPolygon([shapely.box(0, 0, 1, 1)])), LONLAT, 10)


@pytest.mark.realdata
def test_no_false_holes_around_detailed_routes(realdata: Path) -> None:
    """GEOS leaves triangles inside the buffers of some of these routes; none may stay."""
    routes = geopandas.read_file(realdata / "fibre_west_africa/combined_lines.geojson")
    lines = np.asarray(routes.geometry[routes.status == "Operational"].dropna().array, dtype=object)[560:640]
    areas = buffer_m(lines, LONLAT, 3000)
    for line, area in zip(lines, areas, strict=True):
        holes = [ring for part in shapely.get_parts(area) for ring in part.interiors]
        if holes:
            dense = shapely.get_coordinates(shapely.segmentize(line, 0.001))
            tree = cKDTree(geocentric(dense))
            nearest = np.concatenate(
                [tree.query(geocentric(shapely.get_coordinates(ring)))[0] for ring in holes]
            )
            assert np.abs(nearest / 3000 - 1).max() < 2e-3
