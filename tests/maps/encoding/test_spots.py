"""Black spots come back from their bytes."""

from __future__ import annotations

import numpy as np
import shapely

from blackspot.maps.encoding.shapes import encode_spots
from page_decoder import decode_spots


def test_spots_come_back() -> None:
    """Outlines of one and of two parts with a hole, and one without an outline."""
    ring = shapely.box(0, 0, 0.03, 0.03).difference(shapely.box(0.01, 0.01, 0.02, 0.02))
    pair = shapely.MultiPolygon([shapely.box(1, 1, 1.01, 1.01), shapely.box(1.01, 1.01, 1.02, 1.02)])
    spots = decode_spots(
        encode_spots(
            np.array([ring, pair, None], dtype=object), np.array([2, 2, 5]), [np.array([10, 20, 30])]
        )
    )
    assert spots.commune.tolist() == [2, 2, 5]
    assert spots.numbers.tolist() == [[10, 20, 30]]
    assert spots.ring_start.tolist() == [0, 2, 4, 4]
    assert np.diff(spots.point_start).tolist() == [4, 4, 4, 4]
    assert set(map(tuple, spots.points[8:12].tolist())) == {
        (10000, 10000),
        (10000, 10100),
        (10100, 10100),
        (10100, 10000),
    }
