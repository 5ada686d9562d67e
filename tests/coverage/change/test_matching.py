"""Cells of two runs side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from blackspot.coverage.change.lacking_cells import CellGrid
from blackspot.coverage.change.matching import OUTSIDE, match
from kept_cells import GRID, kept, matched

A = ("A", "5g")


def test_same_communes() -> None:
    """A cell of one run only has nobody in the other, and the coverage that is known."""
    old = kept({("1", 1): 10.0, ("2", 1): 20.0}, {"5g": [1.0, 2.0]}, {A: [0.2, 0.4]})
    new = kept({("2", 1): 30.0, ("2", 7): 5.0}, {"5g": [3.0, 5.0]}, {A: [0.6, 0.8]})
    found = matched(old, new)
    assert ["1", "2"] == found.codes.tolist()
    assert ([0, 1, OUTSIDE], [OUTSIDE, 1, 1]) == (
        found.before.commune.tolist(),
        found.after.commune.tolist(),
    )
    assert ([10.0, 20.0, 0.0], [0.0, 30.0, 5.0]) == (
        found.before.people.tolist(),
        found.after.people.tolist(),
    )
    assert ([1.0, 2.0, 0.0], [0.0, 3.0, 5.0]) == (
        found.before.lacking["5g"].tolist(),
        found.after.lacking["5g"].tolist(),
    )
    assert ([50, 100, 200], [50, 150, 200]) == (
        found.before.layers[A].covered.tolist(),
        found.after.layers[A].covered.tolist(),
    )


def test_other_communes() -> None:
    """People of a cell are divided as those of the other run there; a cell without any stays whole."""
    old = kept({("a", 1): 30.0, ("a", 2): 6.0}, {"5g": [12.0, 6.0]}, {A: [0.0, 0.0]})
    new = kept({("x", 1): 10.0, ("y", 1): 20.0}, {"5g": [0.0, 0.0]}, {A: [1.0, 1.0]})
    found = matched(old, new, same_boundaries=False)
    assert [10.0, 20.0, 6.0] == found.before.people.tolist()
    assert [4.0, 8.0, 6.0] == found.before.lacking["5g"].tolist()
    assert [10.0, 20.0, 0.0] == found.after.people.tolist()
    assert OUTSIDE == found.after.commune[-1]


def test_grids_that_begin_elsewhere() -> None:
    """A newer outline of the country reaches one row further north: the cells are the same ones."""
    wider = CellGrid(GRID.crs, (0.1, 0.0, 105.0, 0.0, -0.1, 21.1), 100, 101)
    old = kept({("1", 205): 10.0}, {"5g": [1.0]}, {})
    new = kept({("1", 305): 10.0}, {"5g": [1.0]}, {}, wider)
    assert 1 == len(matched(old, new).before.people)


def test_other_cells_and_older_programs() -> None:
    """Nothing can be put side by side."""
    old = kept({("1", 1): 1.0}, {"5g": [1.0]}, {A: [0.0]})
    codes = np.array(["1"], object)
    other = replace(old, grid=replace(GRID, transform=(0.2, 0.0, 105.0, 0.0, -0.2, 21.0)))
    assert match(old, other, codes, same_boundaries=True) is None
    assert match(old, replace(old, layers=None), codes, same_boundaries=True) is None


def test_coverage_beyond_the_own_extent_is_known() -> None:
    """Of half a cell nothing is known, a fifth of it is covered all the same."""
    cells = kept({("1", 1): 1.0, ("1", 2): 1.0}, {}, {A: ([0.2, 0.7], [0.5, 0.5])})
    found = matched(cells, cells)
    assert [125, 75] == found.before.layers[A].unknown.tolist()
