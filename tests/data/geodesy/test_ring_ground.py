"""What rings that cross themselves or each other mean, against winding numbers counted another way."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from blackspot.data.geodesy.ring_ground import RingGround, Tangled, ground_of_rings

Ring = list[tuple[float, float]]


def square(x: float, y: float, side: float, *, clockwise: bool = False) -> Ring:
    ring = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return ring[::-1] if clockwise else ring


def ground(*polygons: shapely.Polygon) -> RingGround:
    found = ground_of_rings(np.array(polygons, dtype=object))
    assert isinstance(found, RingGround)
    assert shapely.is_valid(found.meant).all()
    return found


def turns(ring: np.ndarray, x: float, y: float) -> int:
    """The winding number of a ring around a point, by summing up angles."""
    at = np.arctan2(ring[:, 1] - y, ring[:, 0] - x)
    steps = np.diff(at)
    return round(float(((steps + np.pi) % (2 * np.pi) - np.pi).sum() / (2 * np.pi)))


CIRCLE = np.column_stack([np.cos(np.radians(range(721))), np.sin(np.radians(range(721)))])
CASES = {
    "a figure of eight keeps both lobes": (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 0.5, 0.0),
    "a ring drawn twice counts once": (
        shapely.Polygon(square(0, 0, 10) + square(0, 0, 10)[1:]),
        100.0,
        100.0,
    ),
    "a circle over 720 degrees": (shapely.Polygon(CIRCLE), shapely.Polygon(CIRCLE[:361]).area, np.pi),
    "a hole outside its shell": (shapely.Polygon(square(0, 0, 10), [square(20, 0, 5)]), 100.0, 25.0),
    "a hole that leaves its shell": (shapely.Polygon(square(0, 0, 10), [square(8, 2, 4)]), 92.0, 8.0),
    "holes that overlap": (shapely.Polygon(square(0, 0, 10), [square(1, 1, 4), square(2, 2, 4)]), 77.0, 9.0),
    "a hole drawn twice": (
        shapely.Polygon(square(0, 0, 9), [square(1, 1, 4) + square(1, 1, 4)[1:]]),
        65.0,
        16.0,
    ),
    "a hole that is a figure of eight": (
        shapely.Polygon(square(0, 0, 9), [[(1, 1), (3, 3), (3, 1), (1, 3)]]),
        79.0,
        0.0,
    ),
    "a loop inside, wound the same way": (
        shapely.Polygon(square(0, 0, 10) + square(0, 0, 4)[1:]),
        100.0,
        16.0,
    ),
    "a loop inside, wound the other way": (
        shapely.Polygon(square(0, 0, 10) + square(0, 0, 4, clockwise=True)[1:]),
        84.0,
        0.0,
    ),
    "a shell in its own hole": (shapely.Polygon(square(2, 2, 3), [square(0, 0, 10)]), 91.0, 0.0),
    "a shell and a further hole in one": (
        shapely.Polygon(square(2, 2, 3), [square(0, 0, 10), square(6, 6, 2)]),
        87.0,
        0.0,
    ),
    "a shell in its own hole, and an island wound like that": (
        shapely.Polygon(square(2, 2, 3, clockwise=True), [square(0, 0, 10), square(20, 0, 5)]),
        116.0,
        0.0,
    ),
    "a shell in its own hole, and a hole beside": (
        shapely.Polygon(square(2, 2, 3), [square(0, 0, 10), square(20, 0, 5, clockwise=True)]),
        91.0,
        25.0,
    ),
    "a hole as large as its shell": (shapely.Polygon(square(0, 0, 3), [square(0, 0, 3)]), 0.0, 0.0),
    "a line": (shapely.Polygon([(0, 0), (5, 5), (0, 0)]), 0.0, 0.0),
}


@pytest.mark.parametrize("case", CASES)
def test_what_people_mean(case: str) -> None:
    """Each by itself: the ground it means, and how much of it another rule decides otherwise."""
    polygon, meant, doubtful = CASES[case]
    found = ground(polygon)
    assert meant == pytest.approx(found.meant[0].area)
    assert doubtful == pytest.approx(found.doubtful[0].area, rel=1e-3)


def test_polygons_do_not_disturb_each_other() -> None:
    """All of them on the same ground at once."""
    found = ground(*(polygon for polygon, _, _ in CASES.values()))
    assert [meant for _, meant, _ in CASES.values()] == pytest.approx(shapely.area(found.meant).tolist())


def test_laps_that_miss_each_other_by_rounding() -> None:
    """A second lap whose vertices differ in the last digits leaves no crumbs."""
    noise = np.random.default_rng(5).normal(0, 1e-15, (720, 2))
    lap = CIRCLE[:720] + noise
    found = ground(shapely.Polygon(lap))
    assert shapely.Polygon(CIRCLE[:361]).area == pytest.approx(found.meant[0].area, rel=1e-9)


def test_nothing_to_do() -> None:
    """No polygon, no ground."""
    found = ground_of_rings(np.empty(0, dtype=object))
    assert (0, 0) == (len(found.meant), len(found.doubtful))


places = st.tuples(st.integers(0, 6), st.integers(0, 6))
rings = st.lists(places, min_size=3, max_size=7)


@given(shell=rings, holes=st.lists(rings, max_size=2))
def test_every_point_is_decided_by_winding_numbers(
    shell: list[tuple[int, int]], holes: list[list[tuple[int, int]]]
) -> None:
    """Points between the lines of a grid: inside the shell in either direction, and in no hole."""
    closed = [np.array([*ring, ring[0]], dtype=float) for ring in (shell, *holes)]
    assume(not _shell_is_inside_a_hole(closed))
    found = ground(shapely.Polygon(closed[0], closed[1:]))
    for x, y in [(0.519 + i, 0.487 + j) for i in range(6) for j in range(6)]:
        shell_turns, *hole_turns = (turns(ring, x, y) for ring in closed)
        meant = shell_turns != 0 and not any(hole_turns)
        assert meant == shapely.contains_xy(found.meant[0], x, y)
        by_even_odd = (shell_turns + sum(hole_turns)) % 2 == 1
        apart = shell_turns % 2 == 1 and not any(turn % 2 for turn in hole_turns)
        assert (len({meant, by_even_odd, apart}) > 1) == shapely.contains_xy(found.doubtful[0], x, y)


def _shell_is_inside_a_hole(closed: list[np.ndarray]) -> bool:
    fills = [shapely.make_valid(shapely.Polygon(ring), method="structure") for ring in closed]
    return any(shapely.covers(hole, fills[0]) for hole in fills[1:])


def test_a_hundred_thousand_polygons_and_long_spirals_take_seconds() -> None:
    """Many small ones, and one that runs around a thousand times."""
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    angle = np.linspace(0, 2 * np.pi * 300, 100_000)
    radius = np.linspace(1, 2, len(angle))
    spiral = shapely.Polygon(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]))
    begun = time.process_time()
    many = ground(*[bow] * 100_000)
    long = ground(spiral)
    assert time.process_time() - begun < 60
    assert 50_000 == shapely.area(many.meant).sum()
    assert 4 * np.pi == pytest.approx(long.meant[0].area, rel=1e-2)


@pytest.mark.parametrize("corners", [3_000, 50_000])
def test_chaos_is_refused_at_once(corners: int) -> None:
    """Every edge crosses every other one: thousands of millions of faces."""
    chaos = shapely.Polygon(np.random.default_rng(7).random((corners, 2)))
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    begun = time.process_time()
    assert Tangled(1) == ground_of_rings(np.array([bow, chaos], dtype=object))
    assert time.process_time() - begun < 10
