"""Ranks of many draws: analytic cases, dominance, speed, and the states of a list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.certainty.ranks import Drawn, interval, rank_range, states
from blackspot.coverage.ranking.order import Affected, in_order, standings
from blackspot.data.project.profile import OrderRules, Profile

if TYPE_CHECKING:
    from collections.abc import Sequence


def profile(by: str = "people") -> Profile:
    return Profile(services=("5g",), basic_services=("4g",), order=OrderRules(by=by))


def table(count: int) -> pd.DataFrame:
    return pd.DataFrame({name: np.zeros(count, bool) for name in ("is_rural", "is_border", "is_island")})


def drawn(failing: Sequence[Sequence[float]], severe: object = 0.0, everyone: object = 1e6) -> Drawn:
    people = np.asarray(failing, float)
    count = len(people)
    known = Affected(
        everyone=np.broadcast_to(np.asarray(everyone, float), count).copy(),
        failing=people[:, 0],
        severe=np.zeros(count),
        silent=np.zeros(count),
        distance_km=np.full(count, np.nan),
    )
    return Drawn(
        known, np.ones(people.shape), people, np.broadcast_to(np.asarray(severe, float), people.shape)
    )


def test_ranks_are_counted_over_the_draws() -> None:
    found = rank_range(
        table(3),
        drawn([[30.0, 30.0, 30.0, 5.0], [20.0, 20.0, 40.0, 6.0], [10.0, 10.0, 10.0, 7.0]]),
        profile(),
        np.array([1, 2, 3]),
        1,
    )
    assert [0.5, 0.25, 0.25] == found.top.tolist()
    assert [(1, 3), (1, 2), (1, 3)] == list(zip(found.low.tolist(), found.high.tolist(), strict=True))


def test_three_alternatives_under_two_weighted_criteria_stand_first_as_computed_by_hand() -> None:
    """Criteria (1, 0), (0.6, 0.6) and (0, 1) under a weight drawn evenly: 0.4, 0.2 and 0.4 of all weights."""
    weight = np.random.default_rng(5).random(20_000)
    people = 1000.0 * np.stack([weight, np.full(20_000, 0.6), 1.0 - weight])
    found = rank_range(table(3), drawn(people), profile(), np.array([1, 2, 3]), 1)
    assert pytest.approx([0.4, 0.2, 0.4], abs=0.01) == found.top.tolist()


def test_without_uncertainty_every_probability_is_0_or_1() -> None:
    people = np.random.default_rng(1).lognormal(5, 2, 200)
    base = np.argsort(np.argsort(-people)) + 1
    found = rank_range(table(200), drawn(np.repeat(people[:, None], 40, axis=1)), profile(), base, 20)
    assert np.array_equal(base <= 20, found.top == 1.0)
    assert np.array_equal(base > 20, found.top == 0.0)
    assert np.array_equal(base, found.low)
    assert np.array_equal(base, found.high)


@pytest.mark.parametrize("by", ["mission", "people", "share"])
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_draw_is_ranked_as_the_published_order_ranks(by: str, data: st.DataObject) -> None:
    """The packed keys sort as the order of the ranking does."""
    count = data.draw(st.integers(1, 12))
    amount = st.one_of(st.just(0.0), st.floats(0, 2e4))
    everyone = np.array(data.draw(st.lists(st.floats(1, 1e5), min_size=count, max_size=count)))
    failing = np.minimum(np.array(data.draw(st.lists(amount, min_size=count, max_size=count))), everyone)
    severe = failing * np.array(data.draw(st.lists(st.floats(0, 1), min_size=count, max_size=count)))
    flags = table(count).assign(
        is_rural=data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), is_border=True
    )
    people = Affected(everyone, failing, severe, np.zeros(count), np.full(count, np.nan))
    judged = standings(flags, people, profile(by))
    base = np.empty(count, np.int64)
    codes = np.array([f"{n:05d}" for n in range(count)], object)
    base[in_order(judged, people, codes)] = np.arange(1, count + 1)
    one = Drawn(people, np.ones((count, 1)), failing[:, None], severe[:, None])
    found = rank_range(flags, one, profile(by), base, 3)
    assert np.array_equal(base, found.low)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_who_is_dominated_never_ranks_before(seed: int) -> None:
    """In every draw at least as many people without the service and without any, in a place of the same kind and size."""
    rng = np.random.default_rng(seed)
    severe = rng.uniform(0, 3000, 20)
    failing = severe + rng.uniform(0, 3000, 20)
    more = rng.uniform(0, 500, 20)
    by_draw = drawn([failing + more, failing], severe=np.stack([severe + more, severe]), everyone=20_000.0)
    for draw in range(20):
        one = Drawn(by_draw.known, *(values[:, [draw]] for values in by_draw[1:4]))
        found = rank_range(table(2), one, profile("mission"), np.array([1, 2]), 1)
        assert [1, 2] == found.low.tolist()


def test_a_country_is_ranked_2000_times_within_five_seconds() -> None:
    rng = np.random.default_rng(2)
    people = rng.lognormal(7, 1.5, (3321, 1)) * rng.lognormal(0, 0.3, (3321, 2000))
    base = np.argsort(np.argsort(-people[:, 0])) + 1
    country = drawn(people, severe=people / 3, everyone=people.max() * 1.1)
    started = time.process_time()
    found = rank_range(table(3321), country, profile("mission"), base, 20)
    assert time.process_time() - started < 5.0
    assert pytest.approx(20.0) == found.top.sum()


def test_an_interval_holds_nine_draws_of_ten() -> None:
    low, high = interval(np.arange(101)[np.newaxis, ::-1])
    assert ([5], [95]) == (low.tolist(), high.tolist())
    assert [[7.0], [7.0]] == [edge.tolist() for edge in interval(np.array([[7.0]]))]


def test_probabilities_become_states() -> None:
    listed = np.array([True, True, True, False, False])
    words = states(np.array([0.95, 0.6, 0.3, 0.3, 0.05]), listed, 0.9, 0.5)
    assert ["certain", "likely", "verify_first", "verify_first", ""] == words.tolist()
