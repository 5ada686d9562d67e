"""People who fail while edges move: against the closed form, wide where edges move together, fast and small."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from blackspot.coverage.certainty.gap_rule import GapRule
from blackspot.coverage.certainty.near_edges import NearEdges, by_commune, failing_draws
from blackspot.coverage.certainty.shifts import EdgeShifts, expected_share

ONE = GapRule({"5g": (0,)}, {"5g": 1}, ("5g",), (), "all")
TWO = GapRule({"5g": (0, 1)}, {"5g": 1}, ("5g",), (), "all")


def cells(
    people: np.ndarray,
    distance_m: np.ndarray,
    *,
    commune: object = 0,
    spot: object = -1,
    width_m: float = 1.0,
) -> NearEdges:
    count = len(people)
    return NearEdges(
        np.broadcast_to(np.asarray(commune, np.int32), count),
        np.broadcast_to(np.asarray(spot, np.int32), count),
        people.astype(np.float32),
        distance_m.reshape(count, -1).astype(np.float32),
        np.full(count, width_m, np.float32),
    )


def moved(draws: int, common: float = 500.0, local: float = 250.0, layers: int = 1) -> EdgeShifts:
    return EdgeShifts(tuple(f"operator {n}" for n in range(layers)), (common,) * layers, local, draws, 57)


def drawn(near: NearEdges, rule: GapRule, shifts: EdgeShifts) -> np.ndarray:
    """People who fail, (communes, draws)."""
    common = shifts.common_m()
    rows = []
    for own in by_commune(near):
        local = [shifts.local_m(layer, str(own.commune[0])) for layer in range(len(common))]
        rows.append(failing_draws(own, rule, list(common + np.stack(local))).failing)
    return np.stack(rows)


def country(communes: int, each: int, seed: int = 3) -> NearEdges:
    rng = np.random.default_rng(seed)
    count = communes * each
    return cells(
        rng.lognormal(2.0, 1.0, count),
        rng.uniform(-2500.0, 2500.0, count),
        commune=np.repeat(np.arange(communes), each),
        width_m=200.0,
    )


def test_a_cell_is_covered_as_far_as_its_edge_comes() -> None:
    near = cells(np.array([10.0]), np.array([30.0]), width_m=100.0)
    shift = [np.array([-200.0, -20.0, 0.0, 30.0, 55.0, 80.0, 200.0], np.float32)]
    assert (
        pytest.approx([10.0, 10.0, 8.0, 5.0, 2.5, 0.0, 0.0], abs=1e-5)
        == failing_draws(near, ONE, shift).failing
    )


def test_people_fail_where_every_operator_leaves_them() -> None:
    near = cells(np.array([8.0]), np.array([[0.0, 0.0]]), width_m=100.0)
    shift = [np.array([0.0, -60.0], np.float32), np.array([0.0, 0.0], np.float32)]
    assert pytest.approx([2.0, 4.0]) == failing_draws(near, TWO, shift).failing


def test_the_mean_of_the_draws_is_the_closed_form() -> None:
    """Within 1 %, on average over the communes and for the nation."""
    near, shifts = country(400, 20), moved(4000)
    sd = float(np.hypot(500.0, 250.0))
    uncovered = near.people * (1.0 - expected_share(near.distance_m[:, 0], near.width_m, sd))
    expected = np.bincount(near.commune, uncovered)
    mean = drawn(near, ONE, shifts).mean(axis=1)
    assert pytest.approx(float(expected.sum()), rel=0.01) == float(mean.sum())
    assert float(np.abs(mean - expected).sum() / expected.sum()) < 0.02


def test_edges_that_move_together_spread_the_nation_far_more_than_independent_ones() -> None:
    """The same standard deviation at every edge: only whether edges share it differs."""
    near = country(1000, 20)
    together = drawn(near, ONE, moved(400, common=500.0, local=0.0)).sum(axis=0).std()
    alone = drawn(near, ONE, moved(400, common=0.0, local=500.0)).sum(axis=0).std()
    assert together > 20.0 * alone


def test_without_scatter_every_draw_is_what_is_published() -> None:
    near = country(30, 20)
    people = drawn(near, ONE, moved(50, common=0.0, local=0.0))
    published = failing_draws(near.only(near.commune == 7), ONE, [np.zeros(1, np.float32)]).failing
    assert np.array_equal(np.repeat(published, 50), people[7])


def test_more_coverage_never_makes_more_people_fail() -> None:
    rng = np.random.default_rng(4)
    near = cells(rng.lognormal(0, 1, 300), rng.uniform(-900, 900, (300, 2)), width_m=300.0)
    shift = np.linspace(-1500.0, 1500.0, 61, dtype=np.float32)
    for rule in (
        TWO,
        GapRule({"5g": (0,), "fibre": (1,)}, {"5g": 1, "fibre": 1}, ("5g", "fibre"), (), "any"),
    ):
        people = failing_draws(near, rule, [shift, shift]).failing
        assert (np.diff(people) <= 1e-6).all()


def test_people_of_spots_are_counted_apart() -> None:
    near = cells(np.array([1.0, 2.0, 4.0]), np.zeros(3), spot=[-1, 5, 9], width_m=100.0)
    found = failing_draws(near, ONE, [np.array([-100.0, 0.0], np.float32)])
    assert [5, 9] == found.spot.tolist()
    assert [[2.0, 1.0], [4.0, 2.0]] == found.in_spot.tolist()
    assert [7.0, 3.5] == found.failing.tolist()


def test_a_spot_is_counted_whole_however_many_cells_it_has() -> None:
    """More cells than are counted together."""
    count = 1000
    near = cells(np.ones(count), np.zeros(count), spot=np.repeat([0, 1], [700, 300]), width_m=100.0)
    found = failing_draws(near, ONE, [np.full(2000, -100.0, np.float32)])
    assert [700.0, 300.0] == found.in_spot[:, 0].tolist()


def test_only_cells_that_can_change_matter() -> None:
    near = cells(
        np.ones(3),
        np.array([[10.0, np.inf], [10.0, -np.inf], [np.inf, np.inf]]),
        width_m=100.0,
    )
    assert [1.0, 0.0, 0.0] == near.open_share(TWO, (500.0, 500.0)).tolist()


@pytest.mark.slow
def test_five_million_cells_are_drawn_200_times_within_a_minute_and_in_little_memory() -> None:
    near, shifts = country(3300, 1520), moved(200)
    assert len(near) > 5_000_000
    tracemalloc.start()
    started = time.process_time()
    drawn(near, ONE, shifts)
    seconds = time.process_time() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 60.0
    assert peak < 100e6
