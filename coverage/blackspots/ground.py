"""How much of each cell is its commune's own ground, as it was counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..burn.spans import CELL_UNITS, FRACTION_BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.totals import CellShares
    from .lattice import Lattice

_ROWS = 32  # of the grid looked at together: bounds the memory


def own_share(
    lattice: Lattice, zones: Spans, grid: Grid, measured: CellShares | None = None
) -> NDArray[np.float64]:
    """Say what share of each cell is its commune's ground.

    Ground that two communes claim belongs to the one it was counted for, and water beyond a commune's outline
    to nobody.

    Parameters
    ----------
    lattice
        The cells.
    zones
        The communes' spans; the owner of a span is the commune its ground was counted for.
    grid
        The grid of both.
    measured
        Cells of which the ground is known exactly; sub-lines may miss small ground in them.

    Returns
    -------
    ndarray
        Float64, shape (cells,), 0 to 1.
    """
    share = np.zeros(len(lattice))
    by_row = np.argsort(lattice.row, kind="stable")
    row = lattice.row[by_row]
    blocks = np.unique(row // _ROWS) * _ROWS
    for start in blocks.tolist():
        here = np.sort(by_row[slice(*np.searchsorted(row, [start, start + _ROWS]))])
        spans = zones.rows(start * grid.sublines, (start + _ROWS) * grid.sublines)
        share[here] = _units(lattice, here, spans, start, grid) / (CELL_UNITS * grid.sublines)
    if measured is not None:
        _put_measured(share, lattice, measured, grid)
    return share


def _put_measured(share: NDArray[np.float64], lattice: Lattice, measured: CellShares, grid: Grid) -> None:
    """Put in what is known exactly."""
    size = grid.height * grid.width
    asked = lattice.commune.astype(np.int64) * size + lattice.row.astype(np.int64) * grid.width + lattice.col
    known = measured.commune.astype(np.int64) * size + measured.cell
    _, at, of = np.intersect1d(asked, known, assume_unique=True, return_indices=True)
    share[at] = measured.share[of]


def _units(
    lattice: Lattice, here: NDArray[np.int64], zones: Spans, start: int, grid: Grid
) -> NDArray[np.float64]:
    """Sum the spans of each cell's commune in it, for the cells ``here`` of a block of rows: whole units."""
    owner = zones.owner if zones.owner is not None else np.zeros(0, np.int32)
    strip = lattice.commune[here].astype(np.int64) * _ROWS + lattice.row[here] - start  # a row of a commune
    col = lattice.col[here].astype(np.int64)
    first = np.flatnonzero(np.diff(strip, prepend=-1))
    left, right = col[first], col[np.append(first[1:], len(strip)) - 1] + 1
    slots = right - left + 1  # of each strip, one for each cell and one behind them
    offset = np.cumsum(slots) - slots
    number = np.full((max(int(lattice.commune[here].max()), int(owner.max(initial=0))) + 1) * _ROWS, -1)
    number[strip[first]] = np.arange(len(first))
    of = number[owner.astype(np.int64) * _ROWS + zones.line // grid.sublines - start]
    wanted = of >= 0
    of = of[wanted]
    low, high = left[of] * CELL_UNITS, right[of] * CELL_UNITS
    x0, x1 = (np.clip(x[wanted].astype(np.int64), low, high) - low for x in (zones.x0, zones.x1))
    begin, end = offset[of] + (x0 >> FRACTION_BITS), offset[of] + (x1 >> FRACTION_BITS)
    size = int(slots.sum())
    # A span fills the cells from its first to the one before its last, less what lies before its start in the
    # first, and what lies before its end in the last.
    filled = np.cumsum(np.bincount(begin, minlength=size) - np.bincount(end, minlength=size)) * CELL_UNITS
    part = np.bincount(end, x1 & (CELL_UNITS - 1), size) - np.bincount(begin, x0 & (CELL_UNITS - 1), size)
    return np.asarray((filled + part)[offset[number[strip]] + col - left[number[strip]]], dtype=np.float64)
