"""Composites in the draws: their weights, the analytic case of three alternatives, dominance in every draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.certainty.indicators import (
    drawn_weights,
    indicators_are_drawn,
    moved_columns,
    still_columns,
)
from blackspot.coverage.certainty.ranks import Drawn, rank_range
from blackspot.coverage.ranking.order import Affected, in_order, standings
from blackspot.data.project.profile import OrderRules, Profile
from blackspot.data.project.sections.composite import CompositeRules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

TWO = {"pop_one": 0.5, "pop_two": 0.5}


def profile(weights: dict[str, float], **rules: object) -> Profile:
    composite = CompositeRules.model_validate({"weights": weights, "scale": "linear", **rules})
    order = OrderRules(by="composite", composite=composite)
    return Profile(
        services=("5g",), mobile_service="5g", fibre_service="fibre", basic_services=("4g",), order=order
    )


def drawn(columns: dict[str, Floats], weights: Floats | None) -> Drawn:
    """Columns of shape (communes, draws), in communes of a million people."""
    shape = next(iter(columns.values())).shape
    nothing = np.zeros(shape)
    known = Affected(np.full(shape[0], 1e6), *(nothing[:, 0] for _ in range(3)), np.full(shape[0], np.nan))
    return Drawn(known, np.ones(shape), nothing, nothing, columns, weights)


def published(columns: dict[str, Floats], rules: Profile) -> NDArray[np.int64]:
    """Rank by the first draw and the stated weights."""
    first = drawn(columns, None).affected(slice(0, 1))
    one = Affected(
        *(
            np.atleast_1d(np.squeeze(values))
            for values in (first.everyone, first.failing, first.severe, first.silent, first.distance_km)
        ),
        {name: values[0] for name, values in first.others.items()},
    )
    codes = np.array([f"{row:05d}" for row in range(len(one.everyone))], object)
    ranks = np.empty(len(codes), np.int64)
    ranks[in_order(standings(pd.DataFrame(), one, rules), one, codes)] = np.arange(1, len(codes) + 1)
    return ranks


@pytest.mark.parametrize(
    ("top", "expected"), [(1, [0.4, 0.2, 0.4]), (2, [0.5, 1.0, 0.5]), (3, [1.0, 1.0, 1.0])]
)
def test_three_alternatives_stand_among_the_first_as_computed_by_hand(
    top: int, expected: list[float]
) -> None:
    """Criteria (1, 0), (0.6, 0.6) and (0, 1), every weight as likely: Dirichlet(1, 1) is twice the weights 0.5 and 0.5."""
    rules, draws = profile(TWO, concentration=2.0), 20_000
    one, two = np.array([1000.0, 600.0, 0.0]), np.array([0.0, 600.0, 1000.0])
    columns = {
        name: np.repeat(column[:, None], draws, axis=1)
        for name, column in (("pop_one", one), ("pop_two", two))
    }
    weights = drawn_weights(rules.order.composite, draws, 57)
    found = rank_range(pd.DataFrame(), drawn(columns, weights), rules, published(columns, rules), top)
    assert pytest.approx(expected, abs=0.01) == found.top.tolist()


def test_weights_have_the_mean_and_the_scatter_of_a_dirichlet_distribution() -> None:
    rules = CompositeRules(weights={"pop_a": 5.0, "pop_b": 3.0, "pop_c": 2.0})
    weights = drawn_weights(rules, 20_000, 57)
    mean = np.array([0.5, 0.3, 0.2])
    assert np.allclose(1.0, weights.sum(axis=0), rtol=0, atol=1e-12)
    assert pytest.approx(mean, abs=0.002) == weights.mean(axis=1)
    assert pytest.approx(np.sqrt(mean * (1 - mean) / 41), rel=0.02) == weights.std(axis=1)
    assert np.array_equal(weights, drawn_weights(rules, 20_000, 57))
    assert not np.array_equal(weights, drawn_weights(rules, 20_000, 58))


def test_firm_weights_are_those_of_the_profile() -> None:
    rules = CompositeRules(weights={"pop_a": 3.0, "pop_b": 1.0}, concentration=0.0)
    assert [[0.75] * 4, [0.25] * 4] == drawn_weights(rules, 4, 57).tolist()
    one = CompositeRules(weights={"pop_a": 3.0})
    assert [[1.0] * 4] == drawn_weights(one, 4, 57).tolist()


def test_without_uncertainty_every_probability_is_0_or_1() -> None:
    rules = profile(TWO, concentration=0.0)
    people = np.random.default_rng(1).lognormal(5, 2, (2, 200, 1)).repeat(40, axis=2)
    columns = {"pop_one": people[0], "pop_two": people[1]}
    base = published(columns, rules)
    weights = drawn_weights(rules.order.composite, 40, 57)
    found = rank_range(pd.DataFrame(), drawn(columns, weights), rules, base, 20)
    assert np.array_equal((base <= 20).astype(float), found.top)
    assert np.array_equal(base, found.low)
    assert np.array_equal(base, found.high)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_who_is_dominated_never_ranks_before_in_any_draw(data: st.DataObject) -> None:
    """Whatever the weights are, also next to 0, and where the score shows no difference; the published order is against it."""
    seed, count = data.draw(st.integers(0, 10_000)), 6
    scale: Literal["log", "linear"] = data.draw(st.sampled_from(("log", "linear")))
    aggregate = data.draw(st.sampled_from(("arithmetic", "geometric")))
    concentration = data.draw(st.sampled_from((1.0, 2.0, 40.0)))
    rules = profile(TWO, scale=scale, aggregate=aggregate, concentration=concentration)
    rng = np.random.default_rng(seed)
    steps = rng.choice([0.0, 4e-9, 1.0, 500.0], (2, count, 20))
    people = rng.choice([0.0, 1.0, 1e7], (2, 1, 20)) + np.cumsum(
        steps, axis=1
    )  # each dominates the one before
    columns = {"pop_one": people[0], "pop_two": people[1]}
    weights = drawn_weights(rules.order.composite, 20, seed)
    for draw in range(20):
        one = {name: values[:, [draw]] for name, values in columns.items()}
        base = np.arange(1, count + 1)
        found = rank_range(pd.DataFrame(), drawn(one, weights[:, [draw]]), rules, base, 1)
        same = (np.diff(people[:, :, draw], axis=1) == 0).all(axis=0)
        assert (same | (np.diff(found.low) < 0)).all()


def test_one_draw_is_ranked_as_the_published_order_ranks() -> None:
    rules = profile(TWO, concentration=0.0, aggregate="geometric", scale="log")
    rng = np.random.default_rng(3)
    columns = {name: rng.choice([0.0, 5.0, 70.0, 900.0], (40, 1)) for name in TWO}
    base = published(columns, rules)
    weights = drawn_weights(rules.order.composite, 1, 57)
    assert np.array_equal(base, rank_range(pd.DataFrame(), drawn(columns, weights), rules, base, 3).low)


@pytest.mark.parametrize(
    ("column", "is_drawn"),
    [
        ("pop_failing", True),
        ("no_basic_service_share", True),
        ("pop_uncovered_4g", True),
        ("total_not_spot_5g_share", True),
        ("pop_double_gap", True),
        ("no_data_fibre_share", True),
        ("border_belt_share", True),
        ("pop_planned_5g", False),
        ("pop_raster", False),
    ],
)
def test_a_composite_states_certainty_where_all_of_its_columns_are_drawn(column: str, is_drawn: bool) -> None:  # noqa: FBT001 - a parameter
    assert is_drawn == indicators_are_drawn(profile({"pop_total": 1.0, column: 1.0}))


def test_columns_that_edges_move_and_those_that_only_people_do() -> None:
    names = ("pop_failing", "uncovered_4g_share", "pop_uncovered_4g", "pop_double_gap", "pop_no_data_5g")
    rules = profile(dict.fromkeys(names, 1.0))
    assert {"pop_double_gap": ("5g", "fibre"), "pop_uncovered_4g": ("4g",)} == moved_columns(rules)
    assert ("pop_no_data_5g",) == still_columns(rules)
    assert {} == moved_columns(rules.model_copy(update={"order": OrderRules()}))
