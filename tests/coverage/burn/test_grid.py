"""The grid: the raster's own cells, extended to hold every commune."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid

LONLAT = pyproj.CRS.from_epsg(4326)
UTM48 = pyproj.CRS.from_epsg(32648)
GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class FakeRaster:
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        raise AssertionError("the grid must not read people", row0, rows, col0, cols)


def raster(
    crs: pyproj.CRS = LONLAT, cell: float = 0.01, left: float = 105.0, top: float = 21.0
) -> FakeRaster:
    return FakeRaster(crs, Affine(cell, 0, left, 0, -cell, top), 40, 30)


def test_communes_inside_the_raster_leave_the_grid_as_the_raster() -> None:
    """Nothing is cropped and nothing is added."""
    grid = Grid.around(raster(), (105.1, 20.8, 105.2, 20.9))
    assert (40, 30, 0, 0) == (grid.width, grid.height, grid.raster_row0, grid.raster_col0)
    assert raster().transform == grid.transform


def test_communes_beyond_the_raster_extend_the_grid_by_whole_cells() -> None:
    """Two columns to the west, three rows to the north, five to the east, one to the south."""
    grid = Grid.around(raster(), (104.9801, 20.6999, 105.4499, 21.0201))
    assert (-2, -3) == (grid.raster_col0, grid.raster_row0)
    assert (2 + 40 + 5, 3 + 30 + 1) == (grid.width, grid.height)
    assert pytest.approx(104.98) == grid.transform.c
    assert pytest.approx(21.03) == grid.transform.f
    assert (0.01, -0.01) == (grid.transform.a, grid.transform.e)


@pytest.mark.parametrize(("cell", "sublines"), [(1 / 1200, 5), (1 / 120, 47), (1e-5, 1)])
def test_sublines_follow_the_wanted_distance(cell: float, sublines: int) -> None:
    """3 arc-seconds are 92 m and get 5 lines about 20 m apart, 30 arc-seconds get 47, one metre gets 1."""
    grid = Grid.around(raster(cell=cell), (105.0, 20.99, 105.001, 21.0))
    assert sublines == grid.sublines


def test_sublines_of_a_projected_raster_count_metres() -> None:
    """A row of 100 m gets five lines 20 m apart, not six."""
    fake = raster(UTM48, 100.0, 500_000.0, 2_330_000.0)
    assert 5 == Grid.around(fake, (105.0, 21.05, 105.01, 21.06)).sublines
    assert 40 == Grid.around(fake, (105.0, 21.05, 105.01, 21.06), subline_spacing_m=2.5).sublines


def test_lines_are_rows_times_sublines() -> None:
    """The sub-lines of a grid are numbered through."""
    grid = Grid(LONLAT, Affine(0.01, 0, 105, 0, -0.01, 21), 5, 7, 3)
    assert 21 == grid.lines


def test_projected_grid_holds_communes_given_in_degrees() -> None:
    """The box of the communes is carried into the raster's CRS, bent sides included."""
    fake = raster(UTM48, 1000.0, 500_000.0, 2_300_000.0)
    bounds = (104.5, 20.0, 106.0, 21.5)
    grid = Grid.around(fake, bounds)
    edge = shapely.segmentize(shapely.box(*bounds), 0.01).exterior.coords
    x, y = pyproj.Transformer.from_crs(LONLAT, UTM48, always_xy=True).transform(*np.array(edge).T)
    cols = (x - grid.transform.c) / grid.transform.a
    rows = (y - grid.transform.f) / grid.transform.e
    assert cols.min() >= 0
    assert rows.min() >= 0
    assert cols.max() <= grid.width
    assert rows.max() <= grid.height


def test_communes_the_projection_cannot_hold_are_refused() -> None:
    """A raster in polar coordinates of a plane cannot hold communes at the other side of the world."""
    fake = raster(pyproj.CRS.from_proj4("+proj=ortho +lat_0=20 +lon_0=105"), 1000.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="outside the domain"):
        Grid.around(fake, (-80.0, -30.0, -70.0, -20.0))


def test_cell_areas_of_a_geographic_grid_are_geodesic() -> None:
    """A cell is as large as the polygon of its corners on the ellipsoid (sides densified)."""
    grid = Grid(LONLAT, Affine(0.01, 0, 105, 0, -0.01, 21), 40, 1500, 4)
    for row in (0, 700, 1499):
        north, south = 21 - 0.01 * row, 21 - 0.01 * (row + 1)
        box = shapely.segmentize(shapely.box(105.0, south, 105.01, north), 0.001)
        expected = abs(GEOD.geometry_area_perimeter(box)[0]) / 1e6
        assert pytest.approx(expected, rel=1e-7) == float(grid.cell_area_km2(np.array(row), np.array(0)))


def test_cell_areas_add_up_to_the_ellipsoid() -> None:
    """All cells of a grid of the whole earth make 510 065 622 km²."""
    grid = Grid(LONLAT, Affine(10.0, 0, -180, 0, -10.0, 90), 36, 18, 4)
    area = grid.cell_area_km2(np.arange(18)[:, None], np.arange(36)[None, :])
    assert (18, 36) == area.shape
    assert pytest.approx(510_065_621.7, rel=1e-9) == area.sum()


def test_cell_areas_on_a_sphere_need_no_flattening() -> None:
    """A geographic CRS on a sphere works as well: the whole is 4 pi r squared."""
    sphere = pyproj.CRS.from_proj4("+proj=longlat +R=6371000 +no_defs")
    grid = Grid(sphere, Affine(30.0, 0, -180, 0, -30.0, 90), 12, 6, 4)
    area = grid.cell_area_km2(np.arange(6)[:, None], np.arange(12)[None, :])
    assert pytest.approx(4 * math.pi * 6371.0**2, rel=1e-12) == area.sum()


def test_cell_areas_of_a_projected_grid_are_geodesic() -> None:
    """Far from the central meridian a UTM cell of 1 km² is smaller on the ground."""
    grid = Grid(UTM48, Affine(1000.0, 0, 800_000, 0, -1000.0, 2_300_000), 10, 10, 4)
    corners = shapely.segmentize(shapely.box(803_000, 2_295_000, 804_000, 2_296_000), 50)
    back = pyproj.Transformer.from_crs(UTM48, LONLAT, always_xy=True)
    ground = shapely.transform(corners, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
    expected = abs(GEOD.geometry_area_perimeter(ground)[0]) / 1e6
    actual = float(grid.cell_area_km2(np.array(4), np.array(3)))
    assert pytest.approx(expected, rel=1e-6) == actual
    assert actual < 0.999


@pytest.mark.parametrize("crs", [LONLAT, UTM48])
def test_no_cells_have_no_area(crs: pyproj.CRS) -> None:
    """Nowhere does anybody fail, or nothing is known around: no cell, and no error."""
    grid = Grid(crs, Affine(0.01, 0, 105, 0, -0.01, 21), 10, 10, 4)
    nothing = np.zeros(0, np.int64)
    assert (0,) == grid.cell_area_km2(nothing, nothing).shape


def test_feet_are_no_metres() -> None:
    """A grid in US survey feet has cells of the right area and the right number of sub-lines."""
    feet = pyproj.CRS.from_epsg(2263)
    fake = FakeRaster(feet, Affine(328.0833, 0, 980_000, 0, -328.0833, 200_000), 10, 10)
    lon, lat = pyproj.Transformer.from_crs(feet, LONLAT, always_xy=True).transform(981_000, 199_000)
    grid = Grid.around(fake, (lon, lat, lon + 1e-4, lat + 1e-4))
    assert 5 == grid.sublines
    assert pytest.approx(0.01, rel=1e-3) == float(grid.cell_area_km2(np.array(5), np.array(5)))


def test_cell_centres_are_in_the_middle() -> None:
    """Half a cell from the corner, in degrees whatever the raster's CRS."""
    grid = Grid(LONLAT, Affine(0.01, 0, 105, 0, -0.01, 21), 40, 30, 4)
    centre = grid.cell_centres_lonlat(np.array([0, 2]), np.array([0, 3]))
    assert pytest.approx([105.005, 105.035]) == centre.lon
    assert pytest.approx([20.995, 20.975]) == centre.lat
    plane = Grid(UTM48, Affine(1000.0, 0, 499_500, 0, -1000.0, 2_300_000), 10, 10, 4)
    assert pytest.approx(105.0) == float(plane.cell_centres_lonlat(np.array(3), np.array(0)).lon)
