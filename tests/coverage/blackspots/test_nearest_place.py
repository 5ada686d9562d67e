"""The named place nearest to a spot."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from blackspot.coverage.blackspots.nearest_place import nearest_place
from blackspot.data.geodesy.places import LonLat
from spot_cells import places_of

AT = LonLat(np.array([105.0, 106.0]), np.array([60.0, 60.0]))


def test_nearest_on_the_ground_not_in_degrees() -> None:
    """At 60° north a degree to the east is half as far as one to the north."""
    names, km = nearest_place(
        AT, places_of(("Bắc", 105.0, 60.15), ("Đông", 105.2, 60.0), ("Xa", 120.0, 60.0))
    )
    assert ["Đông", "Đông"] == names.tolist()
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(105.0, 60.0, 105.2, 60.0)
    assert metres / 1000 == pytest.approx(km[0])


def test_of_equals_the_first_by_name() -> None:
    """Two names of one point, and two points equally far, in any order of the file."""
    rows = [("Bản B", 105.1, 60.0), ("Bản A", 105.1, 60.0), ("Bản C", 104.9, 60.0)]
    for order in ([0, 1, 2], [2, 1, 0], [1, 2, 0]):
        names, _ = nearest_place(AT, places_of(*(rows[at] for at in order)))
        assert "Bản A" == names[0]


def test_nothing_is_near_without_places_or_spots() -> None:
    """Empty names, and distances that are not known."""
    names, km = nearest_place(AT, places_of())
    assert ["", ""] == names.tolist()
    assert np.isnan(km).all()
    nowhere = LonLat(np.zeros(0), np.zeros(0))
    assert 0 == len(nearest_place(nowhere, places_of(("Bản A", 105.0, 60.0)))[0])
