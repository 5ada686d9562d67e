"""The rules of a composite: weights that mean something, and nothing of them in other orders."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from blackspot.data.project.profile import OrderRules, Profile
from blackspot.data.project.sections.composite import CompositeRules


def test_weights_are_divided_by_their_sum_and_those_of_0_left_out() -> None:
    rules = CompositeRules(weights={"pop_failing": 3.0, "failing_share": 1.0, "pop_total": 0.0})
    assert {"failing_share": 0.25, "pop_failing": 0.75} == rules.shares()
    assert ["failing_share", "pop_failing"] == list(rules.shares())


def test_weights_near_the_largest_number_have_a_sum() -> None:
    rules = CompositeRules(weights={"pop_failing": 1.7e308, "pop_total": 1.7e308})
    assert {"pop_failing": 0.5, "pop_total": 0.5} == rules.shares()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"pop_covered_5g": 1.0}, "the better the more"),
        ({"covered_5g_share": 1.0}, "the better the more"),
        ({"rank": 1.0}, "counts no people"),
        ({"pop_failing; DROP": 1.0}, "counts no people"),
        ({"pop_failing": 0.0}, "are all 0"),
        ({"pop_failing": -1.0}, "greater than or equal to 0"),
        ({"pop_failing": float("nan")}, "finite"),
    ],
)
def test_weights_that_mean_nothing_are_refused(weights: dict[str, float], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CompositeRules(weights=weights)


def test_a_concentration_below_1_is_refused_but_0_is_none() -> None:
    assert 0.0 == CompositeRules(concentration=0.0).concentration
    with pytest.raises(ValidationError, match="below 1"):
        CompositeRules(concentration=0.5)


def test_the_order_composite_needs_weights() -> None:
    with pytest.raises(ValidationError, match="needs columns and their weights"):
        OrderRules(by="composite")


def test_in_another_order_a_composite_is_no_rule() -> None:
    """It stands in no manifest then, and changes no digest."""
    plain = Profile(services=("5g",))
    idle = Profile(services=("5g",), order=OrderRules(composite=CompositeRules(weights={"pop_total": 1.0})))
    assert plain.digest() == idle.digest()
    assert "composite" not in idle.model_dump()["order"]


def test_its_weights_are_part_of_the_digest() -> None:
    def digest(**weights: float) -> str:
        order = OrderRules(by="composite", composite=CompositeRules(weights=weights))
        return Profile(services=("5g",), order=order).digest()

    assert digest(pop_failing=1.0, pop_total=2.0) == digest(pop_total=2.0, pop_failing=1.0)
    assert digest(pop_failing=1.0, pop_total=2.0) != digest(pop_failing=1.0, pop_total=3.0)
