"""People of cells as whole parts."""

from __future__ import annotations

from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.blackspots.exact_people import exact_people

CELLS = st.lists(st.tuples(st.integers(0, 4), st.floats(0, 1e5, width=32)), max_size=60)


def test_figures_that_fit_stay_as_they_are() -> None:
    """Where the cells add up to the commune's figure already, nothing is changed."""
    failing = np.array([80, 40, 0.25, 30], np.float32)
    found = exact_people(failing, np.array([0, 0, 0, 2], np.int32), np.array([120.25, np.nan, 30.0]))
    assert [80.0, 40.0, 0.25, 30.0] == found.tolist()


def test_figures_are_brought_to_those_of_the_commune() -> None:
    """One per mille more in every cell."""
    found = exact_people(np.array([80, 40], np.float32), np.zeros(2, np.int32), np.array([120.12]))
    assert [80.08, 40.04] == pytest.approx(found, abs=2e-8)


def test_no_cells() -> None:
    """A country in which nobody fails."""
    assert [] == exact_people(np.zeros(0, np.float32), np.zeros(0, np.int32), np.array([np.nan])).tolist()


@given(CELLS, st.floats(0.999, 1.001), st.integers(0, 2**60))
def test_sums_are_exact_and_never_above(drawn: list[tuple[int, float]], factor: float, seed: int) -> None:
    """In any order, of any part of the cells; every cell keeps its people to a millionth, and none is negative."""
    drawn = sorted(drawn)
    commune = np.array([one for one, _ in drawn], np.int32)
    failing = np.array([people for _, people in drawn], np.float32)
    totals = np.array([factor * fsum(failing[commune == number].tolist()) for number in range(5)])
    found = exact_people(failing, commune, totals)
    random = np.random.default_rng(seed)
    for number, total in enumerate(totals):
        own = found[commune == number]
        assert own.sum() <= total
        assert total == pytest.approx(own.sum(), abs=2e-8)
        some = random.permutation(own)[: random.integers(0, len(own) + 1)]
        assert fsum(some.tolist()) == some.sum() == float(sum(some.tolist()))
    assert (found >= 0).all()
    np.testing.assert_allclose(found, factor * failing, rtol=1e-6, atol=1e-6)
