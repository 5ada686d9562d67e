"""The distance to the land border, in true metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from blackspot.coverage.setting import land_border
from blackspot.coverage.setting.land_border import Border, border_distance_km, places_to_border_km
from blackspot.data.geodesy.places import LonLat, earth_centred

GEOD = pyproj.Geod(ellps="WGS84")
MAINLAND = shapely.box(105.0, 20.0, 106.0, 21.0)


def communes_of(*shapes: shapely.Geometry, types: tuple[str | None, ...] = ()) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "code": [f"{number:05}" for number in range(len(shapes))],
            "type": list(types) or ["commune"] * len(shapes),
        },
        geometry=list(shapes),
        crs="EPSG:4326",
    )


def north_of(lat: float, metres: float) -> float:
    return float(GEOD.fwd(105.5, lat, 0.0, metres)[1])


def line(latitude: float) -> np.ndarray:
    """Draw a border line along a parallel, with no corners between its ends."""
    return np.array([shapely.LineString([(104.0, latitude), (107.0, latitude)])], dtype=object)


@pytest.mark.parametrize("latitude", [0.5, 21.5, 60.5])
@pytest.mark.parametrize("metres", [300.0, 3000.0, 40000.0])
def test_border_distance_is_the_geodesic(latitude: float, metres: float) -> None:
    """East of a commune, at any latitude, right within a tenth of a kilometre."""
    shape = shapely.box(105.0, latitude - 0.5, 106.0, latitude + 0.5)
    lon = GEOD.fwd(106.0, latitude, 90.0, metres)[0]
    meridian = np.array([shapely.LineString([(lon, latitude - 0.2), (lon, latitude + 0.2)])], dtype=object)
    found = border_distance_km(communes_of(shape), meridian)
    nearest_latitude = latitude + 0.2  # on the northern hemisphere meridians come closer northwards
    _, _, expected = GEOD.inv(106.0, nearest_latitude, lon, nearest_latitude)
    assert found[0] == pytest.approx(expected / 1000, abs=0.1)


def test_border_distance_is_zero_where_the_line_enters() -> None:
    """Crossing, and lying wholly inside a wide commune, far from its edges."""
    inside = np.array([shapely.LineString([(105.4, 20.5), (105.6, 20.5)])], dtype=object)
    assert border_distance_km(communes_of(MAINLAND), line(20.5)).tolist() == [0.0]
    assert border_distance_km(communes_of(MAINLAND), inside).tolist() == [0.0]


def test_border_distance_finds_the_nearest_of_many_edge_points() -> None:
    """A jagged commune measured 16 points at a time gives what measuring all gives; chunks do not matter."""
    rng = np.random.default_rng(3)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 3000))
    radius = 0.2 + 0.05 * rng.uniform(size=3000)
    shapes = [
        shapely.Polygon(np.column_stack([lon + radius * np.cos(angle), 20 + radius * np.sin(angle)]))
        for lon in (105.0, 105.6, 106.2)
    ]
    border = np.array([shapely.LineString([(104.5, 20.3), (105.5, 20.4), (107.0, 20.2)])], dtype=object)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(land_border, "_COARSE", 1)
        expected = border_distance_km(communes_of(*shapes), border)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(land_border, "_CHUNK_POINTS", 2000)
        assert expected.tolist() == border_distance_km(communes_of(*shapes), border).tolist()
    assert expected.tolist() == border_distance_km(communes_of(*shapes), border).tolist()


@pytest.mark.parametrize("corners", [64, 2000])
def test_border_distance_of_round_communes(corners: int) -> None:
    """A circle of few long edges and one of many short ones: from its northernmost point to the line."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    circle = shapely.Polygon(np.column_stack([105.5 + 0.1 * np.cos(angle), 20 + 0.1 * np.sin(angle)]))
    found = border_distance_km(communes_of(circle), line(north_of(20.1, 7000.0)))
    assert found[0] == pytest.approx(7.0, abs=0.05)


@given(seed=st.integers(0, 1000), many=st.sampled_from([0, 5, 2000]))
def test_a_neighbourhood_is_measured_as_a_tree_would(seed: int, many: int) -> None:
    """Groups of places near, far and around the points: to the bit the distances of a query of the tree."""
    some = np.random.default_rng(seed)
    points = some.normal(size=(400, 3)) * [50e3, 2e3, 1e3]
    sizes = some.integers(1, 30, 12)
    centre = np.repeat(some.normal(size=(12, 3)) * 100e3, sizes, axis=0)
    at = (
        centre
        + some.normal(size=centre.shape) * np.repeat(some.choice([10.0, 5e3, 80e3], 12), sizes)[:, None]
    )
    tree = cKDTree(points, leafsize=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(land_border, "_MANY_POINTS", many)
        found = land_border._nearest_m(at, np.repeat(some.integers(0, 3, 12), sizes), tree)
    assert tree.query(at)[0].tolist() == found.tolist()
    assert 0 == len(land_border._nearest_m(at[:0], np.zeros(0, np.int64), tree))


def test_near_places_are_measured_to_the_fine_points_and_far_ones_to_the_coarse() -> None:
    """Every 500 m up to 40 km: below 20 km to points every 100 m, beyond to those every kilometre."""
    border = Border.of(line(21.0))
    lat = np.array([north_of(21.0, 500.0 * number) for number in range(80)])
    places = LonLat(np.linspace(105.0, 106.0, 80), lat)
    at = earth_centred(places)
    fine, coarse = border.tree.query(at)[0], border.coarse_tree.query(at)[0]
    expected = np.where(fine < 20_000.0, fine, coarse) / 1000.0
    assert expected.tolist() == places_to_border_km(places, border, np.arange(80) // 7).tolist()
