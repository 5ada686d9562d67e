"""Composites: scores by hand, parts that sum to them, and no commune before one that has more of everything."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.ranking.composite import composite_scores, indicator_values, people_column
from blackspot.coverage.ranking.order import NO_DATA, NOBODY, RANKED, UNKNOWN, Affected, in_order, standings
from blackspot.data.project.profile import OrderRules, Profile
from blackspot.data.project.sections.composite import CompositeRules
from blackspot.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAN = math.nan
Scale = Literal["log", "linear"]
Aggregate = Literal["arithmetic", "geometric"]
HALVES = {"pop_failing": 0.5, "pop_no_basic_service": 0.5}


def profile(
    weights: dict[str, float], scale: Scale = "linear", aggregate: Aggregate = "arithmetic"
) -> Profile:
    rules = CompositeRules(weights=weights, scale=scale, aggregate=aggregate)
    return Profile(
        services=("5g",), basic_services=("4g",), order=OrderRules(by="composite", composite=rules)
    )


def people(failing: Sequence[float], severe: Sequence[float], everyone: float = 1e7) -> Affected:
    count = len(failing)
    everybody = np.where(np.isnan(np.array(failing, float)), NAN, everyone)
    return Affected(
        everybody, np.array(failing, float), np.array(severe, float), np.zeros(count), np.full(count, NAN)
    )


def order_of(affected: Affected, rules: Profile) -> list[int]:
    judged = standings(pd.DataFrame(index=range(len(affected.failing))), affected, rules)
    codes = np.array([f"{row:05d}" for row in range(len(affected.failing))], object)
    return in_order(judged, affected, codes).tolist()


def test_scores_by_hand() -> None:
    """Between 0 and 400 people each: (1, 0), (0.25, 1), (0, 0) with the weights 0.75 and 0.25."""
    values = np.array([[400.0, 100.0, 0.0], [0.0, 400.0, 0.0]])
    rules = CompositeRules(scale="linear")
    found = composite_scores(values, np.full(3, 1e4), np.array([0.75, 0.25]), rules)
    assert [0.75, 0.4375, 0.0] == found.arithmetic.tolist()
    assert [[0.75, 0.1875, 0.0], [0.0, 0.25, 0.0]] == found.parts.tolist()
    expected = [(100**0.75 - 1) / 99, (25.75**0.75 * 100**0.25 - 1) / 99, 0.0]
    assert pytest.approx(expected) == found.geometric.tolist()


def test_on_the_scale_of_logarithms_a_hundredfold_is_not_a_hundred_times_as_urgent() -> None:
    values = np.array([[0.0, 99.0, 9999.0]])
    found = composite_scores(values, np.full(3, 1e5), np.ones(1), CompositeRules(scale="log"))
    assert pytest.approx([0.0, 0.5, 1.0]) == found.arithmetic.tolist()


def test_where_all_have_the_same_a_column_decides_nothing() -> None:
    values = np.array([[7.0, 7.0], [1.0, 2.0]])
    found = composite_scores(values, np.full(2, 100.0), np.array([0.5, 0.5]), CompositeRules())
    assert [0.0, 0.5] == found.arithmetic.tolist()


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_parts_sum_to_the_score_that_decides_and_the_geometric_is_never_more(data: st.DataObject) -> None:
    columns, communes = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 8))
    amount = st.one_of(st.just(0.0), st.floats(0, 1e7))
    values = np.array(
        data.draw(st.lists(amount, min_size=columns * communes, max_size=columns * communes))
    ).reshape(columns, communes)
    weights = np.array(data.draw(st.lists(st.floats(0.01, 1), min_size=columns, max_size=columns)))
    weights /= weights.sum()
    scale: Scale = data.draw(st.sampled_from(("log", "linear")))
    for aggregate in ("arithmetic", "geometric"):
        rules = CompositeRules(scale=scale, aggregate=aggregate)  # type: ignore[arg-type]
        found = composite_scores(values, np.full(communes, 1e8), weights, rules)
        assert np.allclose(found.parts.sum(axis=0), getattr(found, aggregate), rtol=0, atol=1e-12)
        assert (found.parts >= 0).all()
        assert (found.geometric <= found.arithmetic + 1e-12).all()
        assert (found.arithmetic <= 1.0 + 1e-12).all()


def test_geometric_parts_are_those_of_the_logarithm() -> None:
    values = np.array([[100.0, 0.0], [50.0, 0.0]])
    weights = np.array([0.4, 0.6])
    rules = CompositeRules(scale="linear", aggregate="geometric")
    found = composite_scores(np.hstack([values, [[100.0], [100.0]]]), np.full(3, 1e3), weights, rules)
    logs = np.array([0.4 * math.log(100), 0.6 * math.log(50.5)])
    assert pytest.approx(logs / logs.sum()) == found.parts[:, 0] / found.geometric[0]
    assert [0.0, 0.0] == found.parts[:, 1].tolist()


def test_shares_are_of_all_people() -> None:
    table = pd.DataFrame({"border_belt_share": [0.5, NAN, 0.0], "pop_uncovered_5g": [10.0, NAN, 0.0]})
    everyone = np.array([40.0, NAN, 0.0])
    names = ("uncovered_5g_share", "border_belt_share", "pop_uncovered_5g")
    found = indicator_values(table, everyone, {}, names)
    assert np.array_equal([[0.25, NAN, 0.0], [0.5, NAN, 0.0], [10.0, NAN, 0.0]], found, equal_nan=True)
    assert ["pop_uncovered_5g", "border_belt_share", "pop_uncovered_5g"] == [people_column(n) for n in names]


def test_a_column_that_is_not_there_is_a_mistake_of_the_project() -> None:
    with pytest.raises(ProjectError, match="weights names uncovered_6g_share"):
        indicator_values(pd.DataFrame(), np.ones(1), {}, ["uncovered_6g_share"])


def test_what_is_not_known_is_neither_first_nor_well() -> None:
    """Unknown people, unknown column, nobody affected, nobody at all."""
    table = pd.DataFrame({"pop_other": [5.0, NAN, 0.0, 0.0, 1.0]})
    everyone = np.array([NAN, 100.0, 100.0, 0.0, 100.0])
    affected = Affected(everyone, *(np.zeros(5) for _ in range(3)), np.full(5, NAN))
    judged = standings(table, affected, profile({"pop_other": 1.0}))
    assert [UNKNOWN, NO_DATA, NOBODY, NOBODY, RANKED] == judged.standing.tolist()
    assert np.array_equal([NAN, NAN, 0.0, 0.0, 1.0], judged.score, equal_nan=True)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_who_has_at_least_as_much_of_everything_never_stands_behind(data: st.DataObject) -> None:
    """Also where the difference is too small for the score to show it, and with the higher code."""
    count = data.draw(st.integers(2, 8))
    amount = st.one_of(st.sampled_from((0.0, 1.0, 1e6)), st.floats(0, 1e6), st.floats(1e6, 1e6 + 1e-8))
    columns = [data.draw(st.lists(amount, min_size=count, max_size=count)) for _ in range(2)]
    weights = {name: data.draw(st.floats(1e-9, 1)) for name in HALVES}
    scale: Scale = data.draw(st.sampled_from(("log", "linear")))
    aggregate: Aggregate = data.draw(st.sampled_from(("arithmetic", "geometric")))
    order = order_of(people(*columns), profile(weights, scale, aggregate))
    pairs = list(zip(*columns, strict=True))
    for place, before in enumerate(order):
        for after in order[place + 1 :]:
            behind, ahead = pairs[after], pairs[before]
            assert behind == ahead or not all(b >= a for b, a in zip(behind, ahead, strict=True))
