"""The Shapley value, by hand and by its axioms."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.change.shapley import shapley


def test_two_causes_that_need_each_other() -> None:
    """Alone the first brings 1, the second 2, both 10: what they bring together is halved."""
    assert [4.5, 5.5] == shapley(np.array([0.0, 1.0, 2.0, 10.0])).tolist()


def test_one_cause_and_none() -> None:
    """The whole change, and nothing to divide."""
    assert [[7.0]] == shapley(np.array([[3.0], [10.0]])).tolist()
    assert (0,) == shapley(np.array([5.0])).shape


def test_other_than_a_power_of_two() -> None:
    """Three states are those of no number of causes."""
    with pytest.raises(ValueError, match="3 states"):
        shapley(np.zeros(3))


@given(st.lists(st.floats(-1e8, 1e8), min_size=16, max_size=16))
def test_it_is_the_mean_over_all_orders(worth: list[float]) -> None:
    """By definition; and the parts add up to the change."""
    table = np.array(worth)
    orders = list(permutations(range(4)))
    expected = np.zeros(4)
    for order in orders:
        state = 0
        for cause in order:
            expected[cause] += (table[state | 1 << cause] - table[state]) / len(orders)
            state |= 1 << cause
    found = shapley(table)
    np.testing.assert_allclose(expected, found, atol=1e-6)
    assert table[-1] - table[0] == pytest.approx(found.sum(), abs=1e-6)


def test_a_cause_that_changes_nothing_gets_nothing() -> None:
    """Whatever the others do."""
    worth = np.array([1.0, 4.0, 9.0, 2.0])
    doubled = np.concatenate([worth, worth])  # the third cause
    assert 0.0 == shapley(doubled)[2]
    assert shapley(worth).tolist() == pytest.approx(shapley(doubled)[:2].tolist())
