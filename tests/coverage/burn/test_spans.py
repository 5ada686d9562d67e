"""Spans: merging, choosing owners, settling contested ground, writing and reading."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.burn.spans import (
    CELL_UNITS,
    FRACTION_BITS,
    Spans,
    common,
    empty_spans,
    merge,
    union,
    without,
)

Rows = list[tuple[int, int, int, int]]
stretches = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 12), st.integers(0, 4)), max_size=25
)


def arrays(rows: list[tuple[int, int, int]]) -> list[np.ndarray]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, 3).T)


def listed(spans: Spans) -> list[tuple[int, int, int]]:
    return list(zip(spans.line.tolist(), spans.x0.tolist(), spans.x1.tolist(), strict=True))


def points(rows: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Every unit of every line that the stretches hold."""
    return {(line, x) for line, x0, x1 in rows for x in range(x0, x1)}


def test_a_cell_has_4096_units() -> None:
    """The contract with everything that reads spans."""
    assert (12, 4096) == (FRACTION_BITS, CELL_UNITS)


def test_merge_sorts_joins_and_drops() -> None:
    """Overlapping, touching and nested stretches join; empty ones vanish; other lines stay apart."""
    merged = merge(*arrays([(1, 5, 9), (0, 7, 9), (0, 1, 4), (0, 4, 6), (1, 6, 7), (2, 3, 3), (1, 8, 12)]))
    assert [(0, 1, 6), (0, 7, 9), (1, 5, 12)] == listed(merged)
    assert merged.line.dtype == merged.x0.dtype == merged.x1.dtype == np.int32
    assert merged.owner is None


def test_merge_of_nothing_is_nothing() -> None:
    """No stretches, or only empty ones."""
    assert 0 == len(merge(*arrays([])))
    assert 0 == len(merge(*arrays([(3, 5, 5)])))
    assert 0 == len(union([]))


@given(rows=stretches)
def test_merge_keeps_exactly_the_ground(rows: Rows) -> None:
    """Merged stretches hold the same units, disjoint and not even touching."""
    given = [(line, x0, x0 + length) for line, x0, length, _ in rows]
    merged = listed(merge(*arrays(given)))
    assert points(given) == points(merged)
    assert sorted(merged) == merged
    for (line, _, x1), (next_line, next_x0, _) in pairwise(merged):
        assert line < next_line or x1 < next_x0


@given(rows=stretches)
def test_merge_of_stretches_too_long_for_one_number(rows: Rows) -> None:
    """Lines and ends that leave no bits for lengths: the same ground, only larger."""
    line, x0, x1 = arrays([(line, x0, x0 + length) for line, x0, length, _ in rows])
    merged = listed(merge(line * 500_000_000, x0 * 50_000_000, x1 * 50_000_000))
    wide = [
        (line * 500_000_000, x0 * 50_000_000, x1 * 50_000_000) for line, x0, x1 in listed(merge(line, x0, x1))
    ]
    assert wide == merged


@given(one=stretches, other=stretches)
def test_union_is_the_ground_of_either(one: Rows, other: Rows) -> None:
    """Union over layers is the union of their units, in any order."""
    ones = [(line, x0, x0 + length) for line, x0, length, _ in one]
    others = [(line, x0, x0 + length) for line, x0, length, _ in other]
    first, second = merge(*arrays(ones)), merge(*arrays(others))
    assert points(ones) | points(others) == points(listed(union([first, second])))
    assert listed(union([first, second])) == listed(union([second, first]))


def test_rows_takes_a_range_of_lines() -> None:
    """The upper line is excluded; owners come along."""
    spans = Spans(*(np.array(v, np.int32) for v in ([0, 2, 2, 5], [1, 0, 4, 7], [2, 3, 6, 9], [4, 5, 6, 7])))
    taken = spans.rows(1, 5)
    assert [(2, 0, 3), (2, 4, 6)] == listed(taken)
    assert taken.owner is not None
    assert [5, 6] == taken.owner.tolist()
    assert 0 == len(spans.rows(6, 9))


def test_select_owners_merges_across_borders() -> None:
    """Neighbours that touch become one stretch; owners not chosen leave a hole."""
    spans = Spans(*(np.array(v, np.int32) for v in ([0, 0, 0], [0, 5, 9], [5, 9, 12], [2, 0, 1])))
    assert [(0, 0, 9)] == listed(spans.select_owners(np.array([True, False, True])))
    assert [(0, 0, 5), (0, 9, 12)] == listed(spans.select_owners(np.array([False, True, True])))


def test_select_owners_needs_owners() -> None:
    """A layer has none."""
    with pytest.raises(ValueError, match="no owners"):
        empty_spans().select_owners(np.array([True]))


@given(one=stretches, other=stretches)
def test_common_and_without_are_the_ground_of_both_and_of_the_first_alone(one: Rows, other: Rows) -> None:
    """Unit for unit, and merged: touching stretches are one."""
    ones = [(line, x0, x0 + length) for line, x0, length, _ in one]
    others = [(line, x0, x0 + length) for line, x0, length, _ in other]
    first, second = merge(*arrays(ones)), merge(*arrays(others))
    both, alone = common(first, second), without(first, second)
    assert points(ones) & points(others) == points(listed(both))
    assert points(ones) - points(others) == points(listed(alone))
    assert listed(merge(both.line, both.x0, both.x1)) == listed(both)
    assert listed(merge(alone.line, alone.x0, alone.x1)) == listed(alone)
