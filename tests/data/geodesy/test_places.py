"""Places on the ellipsoid."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.geodesy.places import LonLat, earth_centred, geodesic_km, geohash, metres_per_degree


def places(lon: list[float], lat: list[float]) -> LonLat:
    return LonLat(np.array(lon), np.array(lat))


def test_geohash_of_known_places() -> None:
    """The two examples every description of the code gives, and Hà Nội's Turtle Tower."""
    known = places([-5.6, 10.40744, 105.8522], [42.6, 57.64911, 21.0278])
    assert geohash(known, 5) == ["ezs42", "u4pru", "w7er8"]
    assert geohash(places([10.40744], [57.64911]), 11) == ["u4pruydqqvj"]


def test_geohash_at_the_edges_of_the_world() -> None:
    """The last place of the range still has a code."""
    assert geohash(places([180.0, -180.0], [90.0, -90.0]), 3) == ["zzz", "000"]


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_longer_geohash_refines_the_shorter(lon: float, lat: float) -> None:
    """Every code begins with the shorter codes of its place."""
    place = places([lon], [lat])
    assert geohash(place, 12)[0].startswith(geohash(place, 7)[0])


@pytest.mark.parametrize("latitude", [0.0, 8.5, 21.0, 45.0, 70.0])
def test_metres_per_degree(latitude: float) -> None:
    """A thousandth of a degree measures what the geodesic measures."""
    geod = pyproj.Geod(ellps="WGS84")
    degree = metres_per_degree(np.array([latitude]))
    _, _, east = geod.inv(105.0, latitude, 105.001, latitude)
    _, _, north = geod.inv(105.0, latitude - 0.0005, 105.0, latitude + 0.0005)
    assert east * 1000 == pytest.approx(degree.lon[0], rel=1e-7)
    assert north * 1000 == pytest.approx(degree.lat[0], rel=1e-7)


@given(st.floats(-180, 180), st.floats(-89, 89))
def test_earth_centred_is_what_proj_says(lon: float, lat: float) -> None:
    """The same coordinates as PROJ's own conversion to EPSG:4978."""
    expected = _TO_EARTH_CENTRED.transform(lat, lon, 0.0)
    assert np.allclose(expected, earth_centred(places([lon], [lat]))[0], rtol=0, atol=1e-6)


_TO_EARTH_CENTRED = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978")


def test_geodesic_km() -> None:
    """One degree along the equator is 111.319 km, one minute of latitude at 45° 1.852 km."""
    start, end = places([0.0, 0.0], [0.0, 45.0]), places([1.0, 0.0], [0.0, 45.0 + 1 / 60])
    assert [111.3195, 1.8522] == pytest.approx(geodesic_km(start, end), abs=1e-4)
