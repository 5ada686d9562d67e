"""Stretches of a sub-line as runs of cells."""

from __future__ import annotations

import numpy as np

from blackspot.coverage.burn.cells import Steps, cell_runs
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
