"""Ground that counts once, true to area."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.plausibility.footprint import Footprint, equal_area_grid
from blackspot.data.geodesy.area import area_km2

LONLAT = pyproj.CRS(4326)


def _array(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


@settings(max_examples=40)
@given(st.floats(9, 23), st.floats(103, 109), st.floats(0.01, 0.5))
def test_ground_counts_once_and_is_true_to_area(lat: float, lon: float, size: float) -> None:
    """A box and its copy cover what one box measures on the ellipsoid."""
    box = shapely.box(lon, lat, lon + size, lat + size)
    grid = equal_area_grid((lon - size, lat - size, lon + 2 * size, lat + 2 * size))
    ground = Footprint.of(_array(box, box), LONLAT, grid)
    assert area_km2(_array(box))[0] == pytest.approx(ground.area_km2, rel=1e-3)


def test_shared_ground_and_agreement() -> None:
    """Two boxes that share half of each agree by one third."""
    grid = equal_area_grid((105, 21, 105.3, 21.2))
    one = Footprint.of(_array(shapely.box(105.0, 21, 105.2, 21.2)), LONLAT, grid)
    other = Footprint.of(_array(shapely.box(105.1, 21, 105.3, 21.2)), LONLAT, grid)
    assert 1 / 3 == pytest.approx(one.agreement(other), rel=1e-3)
    assert one.area_km2 / 2 == pytest.approx(one.shared_km2(other.spans), rel=1e-3)
    nothing = Footprint.of(_array(shapely.box(0, 0, 1, 1)), LONLAT, grid)
    assert (0.0, 0.0) == (nothing.area_km2, nothing.agreement(nothing))
