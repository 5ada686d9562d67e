"""Pairs of boxes that overlap, and stretches of bounded size."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.data.geodesy import overlaps
from blackspot.data.geodesy.overlaps import in_portions, overlapping_boxes, side_by_side


@pytest.mark.parametrize("at_once", [1, 50, 1_000_000])
def test_pairs_are_those_of_a_plain_comparison(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """However few are looked at together."""
    monkeypatch.setattr(overlaps, "AT_ONCE", at_once)
    low = np.random.default_rng(3).random((60, 2))
    boxes = np.hstack([low, low + np.random.default_rng(4).random((60, 2)) / 5])
    expected = {
        (i, j)
        for i in range(60)
        for j in range(60)
        if (boxes[i, :2] <= boxes[j, 2:]).all() and (boxes[j, :2] <= boxes[i, 2:]).all()
    }
    found = [pair for one, other in overlapping_boxes(boxes) for pair in zip(one, other, strict=True)]
    assert sorted(expected) == sorted((int(one), int(other)) for one, other in found)


def test_stretches_hold_no_more_than_they_may() -> None:
    """But for one thing that is too large alone."""
    sizes = np.array([3, 3, 3, 20, 0, 1, 9])
    assert [(0, 3), (3, 4), (4, 7)] == [(part.start, part.stop) for part in in_portions(sizes, 10)]


def test_owners_are_laid_side_by_side() -> None:
    """Boxes of one owner keep their order, those of two never meet; one without extent is no trouble."""
    boxes = np.array([[0.0, 0, 10, 10], [2, 2, 3, 3], [5, 5, 5, 5], [0, 0, 10, 10]])
    laid = side_by_side(boxes, np.array([4, 4, 7, 9]))
    pairs = {
        (int(i), int(j)) for one, other in overlapping_boxes(laid) for i, j in zip(one, other, strict=True)
    }
    assert {(0, 0), (1, 1), (2, 2), (3, 3), (0, 1), (1, 0)} == pairs
