"""Ground that several communes claim, and holes that belong to none, against squares whose areas are known."""

from __future__ import annotations

import math

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.plausibility.boundaries import measure_fit
from blackspot.data.geodesy.area import area_km2


def _frame(*shapes: shapely.Geometry) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(geometry=list(shapes), crs=4326)


def _km2(shape: shapely.Geometry) -> float:
    return float(area_km2(np.array([shape], dtype=object))[0])


def test_ground_that_three_claim_counts_once() -> None:
    """Three squares over each other: pairs would count the middle three times, their sum counts it twice too often."""
    a, b, c = (shapely.box(105 + x, 21, 105.2 + x, 21.2) for x in (0.0, 0.1, 0.15))
    fit = measure_fit(_frame(a, b, c))
    all_three = _km2(shapely.box(105.15, 21, 105.2, 21.2))
    found = {contest.rows: contest.area_km2 for contest in fit.contests}
    assert {(0, 1), (0, 1, 2), (1, 2)} == set(found)
    assert all_three == pytest.approx(found[0, 1, 2], rel=2e-3)
    assert _km2(shapely.box(105.1, 21, 105.15, 21.2)) == pytest.approx(found[0, 1], rel=2e-3)
    assert _km2(shapely.box(105.2, 21, 105.3, 21.2)) == pytest.approx(found[1, 2], rel=2e-3)
    union = _km2(shapely.union_all([a, b, c]))
    assert union == pytest.approx(sum(map(_km2, (a, b, c))) - fit.excess_km2, rel=1e-3)
    assert fit.contested_km2 < fit.excess_km2 == pytest.approx(sum(found.values()) + all_three, rel=2e-3)


def test_neighbours_that_share_a_border_contest_nothing_and_leave_no_hole() -> None:
    """However their vertices lie: the same edge is cut at the same place from both sides."""
    edge = [(105.1, 21.0), (105.13, 21.05), (105.08, 21.1), (105.1, 21.2)]
    west = shapely.Polygon([(105, 21), *edge, (105, 21.2)])
    east = shapely.Polygon([*edge, (105.2, 21.2), (105.2, 21)])
    fit = measure_fit(_frame(west, east))
    assert ((), 0.0, 0) == (fit.contests, fit.excess_km2, len(fit.holes_km2))


def test_a_hole_is_closed_and_a_bay_is_not() -> None:
    """Two rings of land: one all around, one with a mouth; an island in the hole is no part of it."""
    hole, island = shapely.box(105.05, 21.05, 105.15, 21.15), shapely.box(105.09, 21.09, 105.11, 21.11)
    ring = shapely.box(105, 21, 105.2, 21.2) - hole
    bay = shapely.box(105.3, 21, 105.5, 21.2) - shapely.box(105.35, 21.05, 105.6, 21.15)
    fit = measure_fit(_frame(ring, island, bay))
    assert [_km2(hole) - _km2(island)] == pytest.approx(fit.holes_km2.tolist(), rel=2e-3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=1, max_size=6))
def test_contests_and_union_are_those_of_exact_polygons(corners: list[tuple[int, int, int, int]]) -> None:
    """Boxes at random: contested ground, excess and holes agree with shapely to a two-hundredth of the whole."""
    boxes = [
        shapely.box(105 + x / 100, 21 + y / 100, 105 + (x + w + 1) / 100, 21 + (y + h + 1) / 100)
        for x, y, w, h in corners
    ]
    fit = measure_fit(_frame(*boxes))
    union = shapely.union_all(boxes)
    once = [shapely.intersection(a, b) for i, a in enumerate(boxes) for b in boxes[:i]]
    contested = _km2(shapely.union_all([part for part in once if part.area > 0])) if once else 0.0
    slack = max(0.005 * _km2(union), 1e-6)
    assert math.isclose(contested, fit.contested_km2, abs_tol=slack)
    assert math.isclose(sum(map(_km2, boxes)) - _km2(union), fit.excess_km2, abs_tol=slack * len(boxes))
    holes = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    assert math.isclose(sum(map(_km2, holes)), float(fit.holes_km2.sum()), abs_tol=slack)
