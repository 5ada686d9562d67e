"""Stretches of a sub-line as runs of cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.burn import cells
from blackspot.coverage.burn.cells import Steps, cell_runs, single_cells
from blackspot.coverage.burn.spans import CELL_UNITS


def test_cell_runs_keep_the_cells_between_the_ends_together() -> None:
    """Two spans on one strip: partial cells alone, full cells as one run, in two sums."""
    steps = Steps(
        np.zeros(4, np.int64),
        np.array([CELL_UNITS // 2, 5 * CELL_UNITS, 2 * CELL_UNITS, 3 * CELL_UNITS + 1024]),
        np.array([0, 0, 1, 1]),
        np.array([1, -1, 1, -1]),
    )
    runs = cell_runs(steps, 2)
    assert [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)] == list(zip(runs.col0, runs.col1, strict=True))
    assert [2048, 4096, 4096, 4096, 4096] == runs.units[:, 0].tolist()
    assert [0, 0, 4096, 1024, 0] == runs.units[:, 1].tolist()


COLUMNS, WIDTH = 3, 40
STRETCHES = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, WIDTH * CELL_UNITS),
        st.integers(0, WIDTH * CELL_UNITS),
        st.integers(0, COLUMNS - 1),
    ),
    min_size=1,
    max_size=30,
)


@pytest.mark.parametrize("most", [0, 4, 1000])
@given(stretches=STRETCHES, gap=st.integers(1, 50))
def test_every_cell_has_what_lies_in_it(
    most: int, stretches: list[tuple[int, int, int, int]], gap: int
) -> None:
    """Sorted or by a table, cell by cell as a count of every stretch gives it; in runs in the same order."""
    strip, one, other, column = np.array(stretches).T
    x0, x1, strip = np.minimum(one, other), np.maximum(one, other), strip * gap
    sign = np.repeat([1, -1], len(strip))
    steps = Steps(np.tile(strip, 2), np.concatenate([x0, x1]), np.tile(column, 2), sign)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cells, "_MOST_CELLS_PER_STEP", most)
        runs = cell_runs(steps, COLUMNS)
    expected = np.zeros((4 * gap + 1, WIDTH, COLUMNS))
    left = np.arange(WIDTH) * CELL_UNITS
    for at, start, end, number in zip(strip, x0, x1, column, strict=True):
        expected[at, :, number] += np.clip(
            np.minimum(end, left + CELL_UNITS) - np.maximum(start, left), 0, None
        )
    found = np.zeros_like(expected)
    each = single_cells(runs, np.ones(len(runs.strip), bool))
    found[each.strip, each.col] += each.units
    assert np.array_equal(expected, found)
    place = runs.strip * (WIDTH + 1) + runs.col0
    assert (np.diff(place) > 0).all()
    assert (runs.units.sum(axis=1) > 0).all()


def test_nothing_has_no_runs() -> None:
    """No steps, no strips."""
    nothing = np.zeros(0, np.int64)
    assert 0 == len(cell_runs(Steps(nothing, nothing, nothing, nothing), 2).strip)
