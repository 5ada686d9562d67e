"""The distance to the land border, in true metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.setting import land_border
from blackspot.coverage.setting.land_border import border_distance_km

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
