"""A delivery that moved: the shift is found and its cause named."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.plausibility.footprint import Footprint, equal_area_grid
from blackspot.coverage.plausibility.shift import find_shift
from blackspot.data.text.sentences import written

LONLAT = pyproj.CRS(4326)


def _array(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


def _blobs(east_m: float = 0.0, north_m: float = 0.0) -> np.ndarray:
    """Uneven areas near Hà Nội, moved by metres."""
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    shift = (east_m / 111_320 / np.cos(np.radians(21)), north_m / 110_750)
    shapes = []
    for number in range(12):
        x, y = 105 + 0.13 * (number % 4) + shift[0], 20.8 + 0.15 * (number // 4) + shift[1]
        radius = 0.03 * (1 + 0.4 * np.sin(3 * angle + number) + 0.1 * np.sin(8 * angle))
        shapes.append(
            shapely.Polygon(np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)]))
        )
    return _array(*shapes)


@pytest.mark.parametrize(
    ("east_m", "north_m", "cause"),
    [
        (192.0, -112.0, "VN-2000 / WGS 84"),
        (0.0, 697.0, "k = 0.9999 (TM-3) / 0.9996 (UTM)"),
        (-25_980.0, 0.0, "TM-3, 15 min"),
        (1500.0, 900.0, "?"),
    ],
)
def test_shifts_are_found_and_their_causes_named(east_m: float, north_m: float, cause: str) -> None:
    """The datum, the scale factor, a wrong meridian, and a shift nobody knows."""
    grid = equal_area_grid((104.4, 20.6, 105.8, 21.3))
    now, before = (Footprint.of(shapes, LONLAT, grid) for shapes in (_blobs(east_m, north_m), _blobs()))
    shift = find_shift(now, before)
    assert (east_m, north_m) == pytest.approx((shift.east_m, shift.north_m), abs=max(12.0, abs(east_m) / 200))
    assert 0.97 < shift.after
    assert cause == written(shift.cause, "en")


def test_a_delivery_that_did_not_move_has_no_shift() -> None:
    """The same ground agrees best where it is."""
    grid = equal_area_grid((104.4, 20.6, 105.8, 21.3))
    ground = Footprint.of(_blobs(), LONLAT, grid)
    shift = find_shift(ground, ground)
    assert (0.0, 0.0, 1.0, "?") == (shift.east_m, shift.north_m, shift.after, shift.cause)
