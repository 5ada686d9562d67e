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

from blackspot.data.geodesy.area import CellAreas, area_km2

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
