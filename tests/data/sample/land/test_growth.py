"""Growth over a grid: cheapest ways, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.sample.land.growth import accumulate, grow, way_back


def test_two_seeds_meet_in_the_middle() -> None:
    """On a line of five equal cells each seed takes its side; the cost is the number of steps."""
    growth = grow(np.ones((1, 5), dtype=bool), np.ones((1, 5)), np.array([0, 0]), np.array([0, 4]))
    assert [0, 0] == growth.source[0, :2].tolist()
    assert [1, 1] == growth.source[0, 3:].tolist()
    assert [0.0, 1.0, 2.0, 1.0, 0.0] == pytest.approx(growth.reached[0].tolist(), abs=1e-5)


def test_a_delayed_seed_gets_less() -> None:
    """A seed that has to wait three steps keeps only its own cell of five."""
    growth = grow(
        *(np.ones((1, 5), dtype=bool), np.ones((1, 5)), np.array([0, 0]), np.array([0, 4])),
        delay=np.array([0.1, 3.5]),
    )
    assert [[0, 0, 0, 0, 1]] == growth.source.tolist()


def test_a_diagonal_step_costs_its_length() -> None:
    """The way to the neighbour across a corner is the square root of two."""
    growth = grow(np.ones((2, 2), dtype=bool), np.ones((2, 2)), np.array([0]), np.array([0]))
    assert np.sqrt(2) == pytest.approx(growth.reached[1, 1], abs=1e-5)


def test_ways_go_round_what_is_dear() -> None:
    """The way from corner to corner avoids the costly middle, and what is not in the mask is not reached."""
    cost = np.ones((3, 3))
    cost[1, 1] = 100.0
    mask = np.ones((3, 3), dtype=bool)
    mask[0, 2] = False
    growth = grow(mask, cost, np.array([0]), np.array([0]))
    assert 4 not in way_back(growth, 8)
    assert [8, 0] == [way_back(growth, 8)[0], way_back(growth, 8)[-1]]
    assert growth.source[0, 2] == -1
    assert np.isinf(growth.reached[0, 2])


def test_islands_without_a_seed_are_not_reached() -> None:
    """Cells that no way leads to belong to nobody."""
    mask = np.array([[True, True, False, True]])
    growth = grow(mask, np.ones((1, 4)), np.array([0]), np.array([0]))
    assert [[0, 0, -1, -1]] == growth.source.tolist()
    assert [[2.0, 1.0, 0.0, 0.0]] == accumulate(growth).tolist()


@given(st.integers(0, 2**32 - 1))
def test_what_flows_into_the_seeds_is_everything(seed: int) -> None:
    """Every reached cell is counted once at exactly one seed, the one that it belongs to."""
    rng = np.random.default_rng(seed)
    mask = rng.uniform(size=(8, 9)) < 0.8
    cells = np.flatnonzero(mask)
    row, col = np.divmod(rng.choice(cells, 3, replace=False), 9)
    growth = grow(mask, rng.uniform(0.5, 2.0, mask.shape), row, col)
    flow = accumulate(growth)
    assert [int((growth.source == number).sum()) for number in range(3)] == flow[row, col].tolist()
    for cell in cells[growth.source.ravel()[cells] >= 0].tolist():
        end = way_back(growth, cell)[-1]
        assert (row[growth.source.ravel()[cell]], col[growth.source.ravel()[cell]]) == divmod(end, 9)
