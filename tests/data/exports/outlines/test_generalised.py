"""Outlines with fewer vertices: borders stay shared, nothing moves farther than it may."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from blackspot.data.exports.outlines.generalised import generalised

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOLERANCE = 0.05


def jagged(
    start: tuple[float, float], end: tuple[float, float], seed: int, points: int = 60
) -> NDArray[np.float64]:
    """Draw a border between two places that wanders a little."""
    rng = np.random.default_rng(seed)
    along = np.linspace(0, 1, points)[:, None]
    line = np.array(start) + along * (np.array(end) - np.array(start))
    line[1:-1] += rng.uniform(-0.02, 0.02, (points - 2, 2))
    return line


def two_by_two() -> NDArray[np.object_]:
    """Four neighbours around one place, with wandering borders, each drawn from another first vertex."""
    corner = {(x, y): (float(x), float(y)) for x in range(3) for y in range(3)}
    border = {}
    for number, (x, y) in enumerate(corner):
        if x < 2:
            border[(x, y), (x + 1, y)] = jagged(corner[x, y], corner[x + 1, y], number)
        if y < 2:
            border[(x, y), (x, y + 1)] = jagged(corner[x, y], corner[x, y + 1], 100 + number)
    shapes = []
    for number, (x, y) in enumerate([(0, 0), (1, 0), (0, 1), (1, 1)]):
        around = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
        lines = [
            border[a, b] if (a, b) in border else border[b, a][::-1] for a, b in itertools.pairwise(around)
        ]
        ring = np.concatenate([line[:-1] for line in lines])
        shapes.append(shapely.Polygon(np.roll(ring, 17 * number, axis=0)))
    return np.array(shapes, dtype=object)


def test_neighbours_keep_one_border() -> None:
    """Far fewer vertices, and still neither gap nor overlap between the four."""
    given = two_by_two()
    made = generalised(given, TOLERANCE)
    assert shapely.get_num_coordinates(made).sum() < shapely.get_num_coordinates(given).sum() / 4
    assert shapely.is_valid(made).all()
    assert shapely.coverage_is_valid(made)
    whole = shapely.union_all(made)
    assert 0 == shapely.get_num_interior_rings(whole)
    assert shapely.area(whole) == pytest.approx(shapely.area(made).sum(), abs=1e-12)


def test_no_vertex_lies_farther_than_the_tolerance_and_none_is_new() -> None:
    """A vertex of the new outline is one of the given; each given one is near the new outline."""
    for before, after in zip(given := two_by_two(), generalised(given, TOLERANCE), strict=True):
        old = {tuple(place) for place in shapely.get_coordinates(before).tolist()}
        assert {tuple(place) for place in shapely.get_coordinates(after).tolist()} <= old
        away = shapely.distance(shapely.points(shapely.get_coordinates(before)), after.exterior)
        assert TOLERANCE + 1e-12 >= away.max()


def test_an_enclave_and_the_hole_around_it_stay_the_same_ring() -> None:
    """A ring that meets no other is cut at its first place, whichever way round and from wherever it is drawn."""
    angle = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = np.column_stack([np.cos(angle), np.sin(angle)])
    around = shapely.Polygon(shapely.box(-3, -3, 3, 3).exterior.coords, [np.roll(ring, 71, axis=0)])
    made = generalised(np.array([around, shapely.Polygon(ring[::-1])], dtype=object), TOLERANCE)
    assert shapely.get_num_coordinates(made[1]) < 40
    assert shapely.Polygon(made[0].interiors[0]).normalize().equals_exact(made[1].normalize(), 0)


def test_small_parts_and_holes_stay() -> None:
    """An island smaller than the tolerance keeps its vertices, in a polygon of the same type."""
    islet, hole = shapely.box(5, 5, 5.01, 5.01), shapely.box(0.4, 0.4, 0.41, 0.41)
    land = shapely.Polygon(shapely.box(0, 0, 1, 1).exterior.coords, [hole.exterior.coords])
    given = np.array([shapely.MultiPolygon([land, islet]), shapely.MultiPolygon([islet])], dtype=object)
    made = generalised(given, TOLERANCE)
    assert given[0].normalize().equals_exact(made[0].normalize(), 0)
    assert ["MultiPolygon", "MultiPolygon"] == [shape.geom_type for shape in made]


def test_a_polygon_that_would_cross_itself_is_still_valid() -> None:
    """Where lines simplified one by one would cross, the polygon is simplified as a whole."""
    spike = [(0, 0), (2, 0), (2, 1), (1.03, 1), (1.0, 0.01), (0.97, 1), (0, 1)]
    bay = [
        (0, 0),
        (1, -0.04),
        (2, 0),
        (2, -1),
        (0, -1),
    ]  # its border, made straight, cuts off the spike's bay
    given = np.array([shapely.Polygon(spike), shapely.Polygon(bay), None, shapely.Polygon()], dtype=object)
    made = generalised(given, 0.1)
    assert shapely.is_valid(made[:2]).all()
    assert made[2] is None
    assert made[3].is_empty


def test_the_same_polygons_give_the_same_bytes() -> None:
    """Twice."""
    once, again = (shapely.to_wkb(generalised(two_by_two(), TOLERANCE)).tolist() for _ in range(2))
    assert once == again
