"""Square kilometres: their area on the ellipsoid, and how the cells of a raster are divided among them."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.setting.equal_area_grid import (
    EqualAreaGrid,
    OnCells,
    OnSquares,
    Spread,
    SquareSums,
    spread_of,
)
from blackspot.data.geodesy.area import area_km2

LONLAT = pyproj.CRS.from_epsg(4326)
UTM = pyproj.CRS.from_epsg(32648)
MOLLWEIDE = pyproj.CRS.from_user_input("ESRI:54009")


def every_cell(people: np.ndarray, commune: int = 0) -> OnCells:
    row, col = np.indices(people.shape)
    each = np.full(people.size, commune, dtype=np.int64)
    return OnCells(each, row.ravel(), col.ravel(), people.reshape(-1, 1).astype(float))


def on_squares(parts: list[OnCells], spread: Spread) -> OnSquares:
    sums = SquareSums(spread)
    for part in parts:
        sums.add(part)
    return sums.joined()


def divided(people: np.ndarray, grid: EqualAreaGrid, crs: pyproj.CRS, transform: Affine) -> OnSquares:
    spread = spread_of(grid, crs, transform, people.shape)
    return on_squares([every_cell(people)], spread)


def proj_of(grid: EqualAreaGrid) -> pyproj.Transformer:
    """Give PROJ's own projection, as a second opinion: forward exact, backward within two millimetres."""
    system = f"+proj=cea +lat_ts={grid.standard_parallel} +ellps=WGS84 +units=km +type=crs"
    return pyproj.Transformer.from_crs(LONLAT, pyproj.CRS.from_user_input(system), always_xy=True)


def lonlat_of(grid: EqualAreaGrid, east: float, north: float) -> tuple[float, float]:
    """Carry a corner of the grid back."""
    lon, lat = proj_of(grid).transform(grid.col0 + east, grid.row0 + north, direction="INVERSE")
    return float(lon), float(lat)


@pytest.mark.parametrize("middle", [9.0, 16.0, 23.0, 45.0, -20.0, -70.0])
def test_a_cell_has_one_square_kilometre(middle: float) -> None:
    """By the area on the ellipsoid, far from the standard parallel too."""
    grid = EqualAreaGrid.around((105.0, middle - 1, 106.0, middle + 1))
    corners = [lonlat_of(grid, *at) for at in ((5, 7), (6, 7), (6, 8), (5, 8))]
    area = area_km2(np.array([shapely.Polygon(corners)], dtype=object))[0]
    assert area == pytest.approx(1.0, abs=2e-6)


def test_the_projection_is_that_of_proj() -> None:
    """Lambert's cylindrical equal-area projection on the ellipsoid, to the tenth of a millimetre."""
    grid = EqualAreaGrid.around((102.0, 8.0, 110.0, 23.5))
    lon, lat = np.array([102.3, 105.8, 109.9]), np.array([8.1, 16.0, 23.3])
    x, y = proj_of(grid).transform(lon, lat)
    assert np.asarray(x).tolist() == pytest.approx(grid.x_km(lon).tolist(), abs=1e-7)
    assert np.asarray(y).tolist() == pytest.approx(grid.y_km(lat).tolist(), abs=1e-7)


def test_a_province_has_the_grid_of_its_country() -> None:
    """The same projection and the same lines, wherever in the band of latitudes it lies."""
    nation = EqualAreaGrid.around((102.1, 7.2, 117.9, 23.4))
    for box in ((102.3, 21.7, 103.9, 22.8), (111.2, 7.4, 115.0, 11.9), (104.8, 8.4, 105.4, 9.5)):
        province = EqualAreaGrid.around(box)
        assert (nation.standard_parallel, 15.0) == (province.standard_parallel, nation.standard_parallel)
        assert 0 <= province.col0 - nation.col0 <= nation.width
        assert 0 <= province.row0 - nation.row0 <= nation.height
    assert [-15.0, 45.0, 75.0, 15.0] == [
        EqualAreaGrid.around((0, middle, 1, middle)).standard_parallel for middle in (-3.0, 59.9, 90.0, 0.0)
    ]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["degrees", "UTM", "Mollweide"]),
    st.floats(0.1, 3.0),
    st.integers(0, 2**32 - 1),
    st.tuples(st.sampled_from([0.0, 0.5]), st.sampled_from([0.0, 0.5])),
)
def test_people_are_conserved(system: str, side_km: float, seed: int, shift: tuple[float, float]) -> None:
    """Whatever the raster, its system and the shift of the grid: nobody is lost and nobody comes from nowhere."""
    crs, transform = {
        "degrees": (LONLAT, Affine(side_km / 110, 0, 105.1, 0, -side_km / 111, 21.3)),
        "UTM": (UTM, Affine(side_km * 1e3, 0, 500_000, 0, -side_km * 1e3, 2_350_000)),
        "Mollweide": (MOLLWEIDE, Affine(side_km * 1e3, 0, 10_200_000, 0, -side_km * 1e3, 2_600_000)),
    }[system]
    people = np.random.default_rng(seed).gamma(0.3, 900, (7, 9))
    box = (104.9, 20.9, 105.5, 21.4) if system != "Mollweide" else (104.0, 20.0, 107.5, 21.8)
    grid = EqualAreaGrid.around(box).shifted(*shift)
    found = divided(people, grid, crs, transform)
    assert math.fsum(found.amount[:, 0]) == pytest.approx(people.sum(), rel=1e-9)
    assert found.on(grid).sum() == pytest.approx(people.sum(), rel=1e-9)
    assert (found.amount >= 0).all()


def test_a_cell_in_degrees_is_divided_by_area() -> None:
    """Against the area of each piece, cut out and measured on the ellipsoid."""
    grid = EqualAreaGrid.around((105.0, 21.0, 105.1, 21.1))
    west, south, east, north = 105.031, 21.042, 105.0521, 21.0577
    transform = Affine(east - west, 0, west, 0, south - north, north)
    found = divided(np.array([[1000.0]]), grid, LONLAT, transform)
    cell = shapely.box(west, south, east, north)
    whole = area_km2(np.array([cell], dtype=object))[0]
    for square, amount in zip(found.square.tolist(), found.amount[:, 0].tolist(), strict=True):
        up, right = divmod(square, grid.width)
        left, low = lonlat_of(grid, right, up)
        far, high = lonlat_of(grid, right + 1, up + 1)
        piece = shapely.intersection(cell, shapely.box(left, low, far, high))
        expected = 1000.0 * area_km2(np.array([piece], dtype=object))[0] / whole
        assert expected == pytest.approx(amount, abs=0.005)


def test_a_projected_raster_is_divided_nearly_as_its_cells_in_degrees_are() -> None:
    """A cell of 1 km in UTM, by its points: the share of each square within a fiftieth of the cell."""
    grid = EqualAreaGrid.around((104.9, 20.9, 105.6, 21.4))
    transform = Affine(1000, 0, 510_000, 0, -1000, 2_340_000)
    found = divided(np.array([[1.0]]), grid, UTM, transform)
    outline = np.array(
        [(510_000, 2_340_000), (511_000, 2_340_000), (511_000, 2_339_000), (510_000, 2_339_000)]
    )
    lon, lat = pyproj.Transformer.from_crs(UTM, LONLAT, always_xy=True).transform(*outline.T)
    cell = shapely.Polygon(
        np.column_stack([grid.x_km(np.array(lon)) - grid.col0, grid.y_km(np.array(lat)) - grid.row0])
    )
    shares = dict(zip(found.square.tolist(), found.amount[:, 0].tolist(), strict=True))
    for up in range(grid.height):
        for right in range(grid.width):
            square = shapely.box(right, up, right + 1, up + 1)
            expected = square.intersection(cell).area / cell.area
            assert expected == pytest.approx(shares.get(up * grid.width + right, 0.0), abs=0.02)


def test_half_a_cell_moves_the_lines() -> None:
    """What fills one square of the grid is divided among four of the grid moved by half a cell."""
    grid = EqualAreaGrid.around((105.0, 21.0, 105.2, 21.2))
    west, south = lonlat_of(grid, 4, 6)
    east, north = lonlat_of(grid, 5, 7)
    transform = Affine(east - west, 0, west, 0, south - north, north)
    people = np.array([[400.0]])
    straight = divided(people, grid, LONLAT, transform).on(grid)
    moved = divided(people, grid.shifted(0.5, 0.5), LONLAT, transform).on(grid)
    assert straight[6, 4] == pytest.approx(400.0, abs=0.002)
    assert moved[5:7, 3:5].tolist() == pytest.approx(np.full((2, 2), 100.0), abs=0.002)


def test_parts_and_communes_are_added_up() -> None:
    """The same commune and square in two parts are one entry; two communes in one square are two."""
    grid = EqualAreaGrid.around((105.0, 21.0, 105.2, 21.2))
    transform = Affine(0.001, 0, 105.05, 0, -0.001, 21.1)
    spread = spread_of(grid, LONLAT, transform, (20, 20))
    people = np.ones((20, 20))
    once = on_squares([every_cell(people)], spread)
    twice = on_squares([every_cell(people), every_cell(people), every_cell(people, 3)], spread)
    own = twice.commune == 0
    assert once.square.tolist() == twice.square[own].tolist() == twice.square[~own].tolist()
    assert (2 * once.amount).tolist() == pytest.approx(twice.amount[own])
    nothing = on_squares([], spread)
    assert (0, 0) == (len(nothing.square), nothing.on(grid).sum())


def test_a_place_the_system_does_not_know_is_taken_from_its_neighbour() -> None:
    """The corner of a raster in Mollweide lies beyond the Earth: its people still stand on the grid."""
    grid = EqualAreaGrid.around((179.0, 60.0, 180.0, 61.0))
    east, north = pyproj.Transformer.from_crs(LONLAT, MOLLWEIDE, always_xy=True).transform(179.9, 60.6)
    transform = Affine(1000, 0, east - 10_000, 0, -1000, north + 10_000)
    people = np.full((40, 40), 3.0)
    found = divided(people, grid, MOLLWEIDE, transform)
    assert math.fsum(found.amount[:, 0]) == pytest.approx(4800.0, rel=1e-9)
