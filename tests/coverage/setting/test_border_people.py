"""How far from the border people live."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from blackspot.coverage.setting.border_people import border_people
from blackspot.coverage.setting.equal_area_grid import OnSquares

BORDER = np.array([shapely.LineString([(104.0, 21.0), (107.0, 21.0)])], dtype=object)
GEOD = pyproj.Geod(ellps="WGS84")


def living(*rows: tuple[int, float, float]) -> OnSquares:
    """Say who lives where: commune, people, and kilometres south of the border."""
    commune = np.array([row[0] for row in rows], dtype=np.int64)
    people = np.array([row[1] for row in rows])
    lat = np.array([GEOD.fwd(105.5, 21.0, 180.0, 1000.0 * row[2])[1] for row in rows])
    return OnSquares(commune, np.arange(len(rows)), np.column_stack([people, people * 105.5, people * lat]))


def test_distance_is_that_of_the_people_not_of_the_commune() -> None:
    """A hundred people at 2 km and three hundred at 30 km: 23 km on average, a quarter in the belt."""
    found = border_people(living((0, 100.0, 2.0), (0, 300.0, 30.0), (2, 5.0, 9.0)), 3, BORDER, 10.0)
    assert found.distance_km[0] == pytest.approx(23.0, abs=0.05)
    assert [0.25, 1.0] == found.belt_share[[0, 2]].tolist()
    assert np.isnan([found.distance_km[1], found.belt_share[1]]).all()


def test_far_people_are_measured_to_a_fifth_of_a_percent() -> None:
    """Beyond 20 km coarser points of the border stand for it."""
    found = border_people(living((0, 1.0, 21.0), (1, 1.0, 300.0)), 2, BORDER, 10.0)
    assert found.distance_km.tolist() == pytest.approx([21.0, 300.0], rel=0.002)


def test_without_a_border_or_people_nothing_is_known() -> None:
    """NaN for everybody."""
    nobody = OnSquares(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 3)))
    for people, lines in ((living((0, 1.0, 2.0)), None), (nobody, BORDER)):
        found = border_people(people, 2, lines, 10.0)
        assert np.isnan(found.distance_km).all()
        assert np.isnan(found.belt_share).all()
