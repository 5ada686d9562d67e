"""How much shapes measure, in words."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from blackspot.data.geodesy.crs import LONLAT
from blackspot.data.submissions.sizes import size_of


def test_areas_routes_and_places() -> None:
    """By the largest dimension among them: a degree square at the equator, a degree of it, two points."""
    square = shapely.box(0, 0, 1, 1)
    line = shapely.LineString([(0, 0), (1, 0)])
    points = [shapely.Point(0, 0), shapely.Point(1, 1)]

    def measured(*shapes: shapely.Geometry) -> tuple[str, float]:
        phrase = size_of(np.array(shapes, dtype=object), LONLAT)
        return phrase.key, float(
            dict(phrase.values)[{"size-areas": "km2", "size-routes": "km"}.get(phrase.key, "count")]
        )

    assert ("size-areas", pytest.approx(12308.5, abs=0.1)) == measured(square, line)
    assert ("size-routes", pytest.approx(111.32, abs=0.01)) == measured(line, points[0])
    assert ("size-places", 2.0) == measured(*points)
