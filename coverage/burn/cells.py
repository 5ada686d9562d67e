"""How much of each cell lies inside: exact sums of spans per cell, kept as runs of equal cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .spans import CELL_UNITS, FRACTION_BITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_CELLS_PER_STEP = 4  # more cells than this, and sorting the steps is faster than a table of all cells


class Steps(NamedTuple):
    """Starts (sign +1) and ends (sign -1) of spans.

    ``strip`` says which strip of cells a step lies in (a row, or a row of one commune), ``x`` where in
    1/4096 of a cell, ``column`` which of several sums it counts for; int64 (k,) each.
    """

    strip: NDArray[np.int64]
    x: NDArray[np.int64]
    column: NDArray[np.int64]
    sign: NDArray[np.int64]


class CellRuns(NamedTuple):
    """Cells ``col0 <= col < col1`` of a strip that hold equally much, sorted by strip and col0.

    ``units`` is float64 (k, columns): whole numbers of 1/4096 cell of one sub-line; a full cell holds
    4096 times the sub-lines per row.
    """

    strip: NDArray[np.int64]
    col0: NDArray[np.int64]
    col1: NDArray[np.int64]
    units: NDArray[np.float64]

    def at(self, strip: NDArray[np.int64], col: NDArray[np.int64], width: int) -> NDArray[np.float64]:
        """Look up the units of single cells, float64 (n, columns); 0 for cells in no run.

        Parameters
        ----------
        strip, col
            The cells.
        width
            More columns than any run has.
        """
        cell = strip * width + col
        run = np.searchsorted(self.strip * width + self.col0, cell, side="right") - 1
        found = run >= 0
        run[~found] = 0
        units = np.zeros((len(cell), self.units.shape[1]))
        if len(self.strip):
            found &= cell < (self.strip * width + self.col1)[run]
            units[found] = self.units[run[found]]
        return units


class Cells(NamedTuple):
    """Single cells: strip, column and units, as in ``CellRuns``."""

    strip: NDArray[np.int64]
    col: NDArray[np.int64]
    units: NDArray[np.float64]


def span_steps(strip: NDArray[np.integer], x0: NDArray[np.integer], x1: NDArray[np.integer]) -> Steps:
    """Make steps of whole spans, for sum number 0."""
    one = np.ones(len(strip), np.int64)
    strip = strip.astype(np.int64)
    return Steps(
        np.concatenate([strip, strip]),
        np.concatenate([x0, x1]).astype(np.int64),
        np.zeros(2 * len(strip), np.int64),
        np.concatenate([one, -one]),
    )


def cell_runs(steps: Steps, columns: int) -> CellRuns:
    """Add up spans per cell without touching the cells between their ends.

    A span that starts at share f of cell c fills 1 - f of it and every later cell wholly; its end takes
    the same away again. So the sums change only at cells that hold an end: one value for that cell, one
    for all cells up to the next.

    Parameters
    ----------
    steps
        Starts and ends; on every strip as many of the one as of the other.
    columns
        How many sums.
    """
    cell = steps.x >> FRACTION_BITS
    table = _Table.of(steps.strip, cell)
    if table is None or table.size > _MOST_CELLS_PER_STEP * len(cell):
        return _sorted_runs(steps, cell, columns)
    slot = table.start.take(steps.strip)
    slot += cell
    met = np.zeros(table.size, bool)
    met[slot] = True
    slot *= columns
    slot += steps.column
    inside, change = _sums(slot, steps.sign, steps.x, table.size, columns)
    here = np.flatnonzero(met)
    strip = np.repeat(np.arange(len(table.start)), table.width).take(here)
    inside, change = inside[here], change[here]
    after: NDArray[np.float64] = np.cumsum(change, axis=0)
    return _interleaved(strip, here - table.start.take(strip), after - change + inside, after)


class _Table(NamedTuple):
    """A row of cells for each strip, from its first step to its last, one after the other.

    Cell c of strip s is number ``start[s] + c``; ``width`` says how many cells a strip has.
    """

    start: NDArray[np.int64]
    width: NDArray[np.int64]

    @property
    def size(self) -> int:
        """All cells."""
        return int(self.width.sum())

    @classmethod
    def of(cls, strip: NDArray[np.int64], cell: NDArray[np.int64]) -> _Table | None:
        """Lay out the cells; None where there are far more strips than steps."""
        strips = int(strip.max(initial=-1)) + 1
        if strips > _MOST_CELLS_PER_STEP * len(strip):
            return None
        low, high = np.full(strips, np.iinfo(np.int64).max), np.full(strips, -1)
        np.minimum.at(low, strip, cell)
        np.maximum.at(high, strip, cell)
        low[high < 0] = 0
        width = high + 1 - low
        return cls(np.cumsum(width) - width - low, width)


def _sorted_runs(steps: Steps, cell: NDArray[np.int64], columns: int) -> CellRuns:
    """Add up spans whose ends lie in few of the cells between them: sorted, without a table of all cells."""
    cell_bits = int(cell.max(initial=0)).bit_length()
    column_bits = (columns - 1).bit_length()
    key = (steps.strip << cell_bits | cell) << (FRACTION_BITS + 1 + column_bits)
    key |= steps.column << (FRACTION_BITS + 1)
    key |= (steps.x & (CELL_UNITS - 1)) << 1
    key |= steps.sign > 0
    key.sort(kind="stable")  # merges what is in order already
    place = key >> (FRACTION_BITS + 1 + column_bits)
    fresh = np.ones(len(place), bool)
    fresh[1:] = place[1:] != place[:-1]
    slot = (np.cumsum(fresh) - 1) * columns + ((key >> (FRACTION_BITS + 1)) & ((1 << column_bits) - 1))
    inside, change = _sums(slot, 2 * (key & 1) - 1, key >> 1, int(fresh.sum()), columns)
    after: NDArray[np.float64] = np.cumsum(change, axis=0)
    place = place[fresh]
    return _interleaved(place >> cell_bits, place & ((1 << cell_bits) - 1), after - change + inside, after)


def _sums(
    slot: NDArray[np.int64], sign: NDArray[np.int64], x: NDArray[np.int64], size: int, columns: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum what steps add to their own cell, and to every cell after it; float64 (size, columns), whole numbers."""
    change = sign << FRACTION_BITS
    inside = x & (CELL_UNITS - 1)
    inside *= sign
    np.subtract(change, inside, out=inside)
    own, later = (
        np.bincount(slot, weights=each, minlength=size * columns).astype(np.float64, copy=False)
        for each in (inside, change)
    )
    return own.reshape(-1, columns), later.reshape(-1, columns)


def _interleaved(
    strip: NDArray[np.int64],
    cell: NDArray[np.int64],
    own: NDArray[np.float64],
    after: NDArray[np.float64],
) -> CellRuns:
    """Put each cell with an end and the run behind it in order, without what is empty."""
    until = np.zeros_like(cell)
    until[:-1] = np.where(strip[1:] == strip[:-1], cell[1:], 0)
    col0 = np.column_stack([cell, cell + 1]).ravel()
    col1 = np.column_stack([cell + 1, until]).ravel()
    units = np.stack([own, after], axis=1).reshape(-1, own.shape[1])
    keep = (col1 > col0) & (units > 0).any(axis=1)
    return CellRuns(np.repeat(strip, 2)[keep], col0[keep], col1[keep], units[keep])


def single_cells(runs: CellRuns, keep: NDArray[np.bool_]) -> Cells:
    """Write out chosen runs cell by cell, in order."""
    length = (runs.col1 - runs.col0)[keep]
    each = np.repeat(np.flatnonzero(keep), length)
    col = runs.col0[each] + np.arange(len(each)) - np.repeat(np.cumsum(length) - length, length)
    return Cells(runs.strip[each], col, runs.units[each])
