"""Points along the edge of coverage, taken from its spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..burn.crossings import climb_period_bits
from ..burn.spans import CELL_UNITS, Spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ..burn.grid import Grid

_CHUNK_SPANS = 250_000  # spans looked at together: bounds the memory, whatever the coverage
_SHIFT = 31  # a line and a position on it packed into one integer


class GridPoints(NamedTuple):
    """Points in rows and columns of a grid, counted from its upper left corner, with fractions."""

    row: NDArray[np.float64]
    col: NDArray[np.float64]


def some_ends(spans: Spans, grid: Grid, count: int) -> GridPoints:
    """Give the ends of about ``count`` spans, spread evenly over all of them."""
    step = max(1, len(spans) // count)
    return _ends(Spans(spans.line[::step], spans.x0[::step], spans.x1[::step]), grid)


def edge_points(spans: Spans, grid: Grid) -> Iterator[GridPoints]:
    """Give points of the coverage's edge, about one per cell it runs through, a bounded number at a time.

    All of them are on the edge or, a few, up to one row inside the coverage; none lies outside it by more
    than a sub-line's share of a cell. Where an edge crosses a sub-line a span begins or ends. Sub-lines sweep their row from its lower to
    its upper edge, so they cross every edge that runs inside a row; one that runs exactly between two
    rows is found where the sub-lines of the upper row end their sweep and those of the lower row begin
    theirs, with only one of the two covered.

    Parameters
    ----------
    spans
        Merged spans of one layer.
    grid
        The grid they belong to.
    """
    start = 0
    while start < len(spans):
        first_row = int(spans.line[start]) // grid.sublines
        stop = min(start + _CHUNK_SPANS, len(spans)) - 1
        beyond_row = max(first_row + 1, int(spans.line[stop]) // grid.sublines + (stop == len(spans) - 1))
        chunk = _rows(spans, grid, first_row, beyond_row)
        ends = _ends(chunk, grid)
        between = _between_rows(_rows(spans, grid, first_row - 1, beyond_row + 1), grid)
        known = (between.row >= first_row) & (between.row <= beyond_row)  # with both its rows at hand
        row = np.concatenate([ends.row, between.row[known]])
        yield GridPoints(row, np.concatenate([ends.col, between.col[known]]))
        start += len(chunk)


def is_covered(points: GridPoints, spans: Spans, grid: Grid) -> NDArray[np.bool_]:
    """Say for each point whether the sub-line that passes nearest is covered there.

    Parameters
    ----------
    points
        Rows and columns; points outside the grid are not covered.
    spans
        Merged spans of one layer.
    grid
        The grid they belong to.
    """
    inside = (points.col >= 0) & (points.col < grid.width) & (points.row >= 0) & (points.row < grid.height)
    x = np.floor(np.where(inside, points.col, 0.0) * CELL_UNITS).astype(np.int64)
    row = np.floor(np.where(inside, points.row, 0.0))
    period = 1 << climb_period_bits(grid.sublines)
    down = (np.where(inside, points.row, 0.0) - row) * grid.sublines
    # At x the sub-lines lie at n - x / period below the row's upper edge, n whole numbers; only those
    # above 0 and up to the lower edge are this row's own.
    climbed = x / period
    nearest = np.clip(np.rint(down + climbed), np.floor(climbed) + 1, np.floor(climbed) + grid.sublines)
    line = row.astype(np.int64) * grid.sublines + nearest.astype(np.int64) % grid.sublines
    wanted = (line << _SHIFT) + x
    starts = (spans.line.astype(np.int64) << _SHIFT) + spans.x0
    at = np.searchsorted(starts, wanted, side="right") - 1
    ends = starts[at] + (spans.x1[at] - spans.x0[at])
    return np.asarray(inside & (at >= 0) & (wanted < ends))


def _rows(spans: Spans, grid: Grid, first: int, beyond: int) -> Spans:
    """Take the spans of whole rows."""
    return spans.rows(first * grid.sublines, beyond * grid.sublines)


def _ends(spans: Spans, grid: Grid) -> GridPoints:
    """Give both ends of every span; the far end lies at the height of its last covered unit."""
    row = np.concatenate(
        [_height(spans.line, spans.x0, grid), _height(spans.line, spans.x1.astype(np.int64) - 1, grid)]
    )
    return GridPoints(row, np.concatenate([spans.x0, spans.x1]) / CELL_UNITS)


def _height(line: NDArray[np.integer], x: NDArray[np.integer], grid: Grid) -> NDArray[np.float64]:
    """Say at which row, with its fraction, a sub-line lies at x."""
    row, number = np.divmod(line.astype(np.int64), grid.sublines)
    bits = climb_period_bits(grid.sublines)
    sweep = grid.sublines << bits
    down = ((number << bits) - x.astype(np.int64) - 1) % sweep + 1
    return np.asarray(row + down / sweep)


def _between_rows(spans: Spans, grid: Grid) -> GridPoints:
    """Find edges that run exactly between two rows.

    A sub-line and its namesake in the next row sweep together. Where a sweep ends and the next begins,
    the lower one has just reached the edge the rows share (one unit before) and the upper one is about
    to leave it. Where only one of the two is covered there, the coverage ends on that edge.
    """
    line = spans.line.astype(np.int64)
    upper = (line + grid.sublines) << _SHIFT  # a pair is named after its lower line
    lower = (line << _SHIFT) + 1  # the unit before counts
    events = np.concatenate([upper + spans.x0, upper + spans.x1, lower + spans.x0, lower + spans.x1])
    change = np.repeat(np.array([1, -1, 2, -2], dtype=np.int8), len(line))
    order = np.argsort(events, kind="stable")
    place, covered = events[order], np.cumsum(change[order])
    # The state between two events is that after the first of them; at the end of a pair it is 0.
    one = np.flatnonzero((covered == 1) | (covered == 2))
    pair, x0 = place[one] >> _SHIFT, place[one] & ((1 << _SHIFT) - 1)
    x1 = place[one + 1] & ((1 << _SHIFT) - 1)
    bits = climb_period_bits(grid.sublines)
    sweep = grid.sublines << bits
    phase = (pair % grid.sublines) << bits  # sweeps of this sub-line end at x = phase + any number of sweeps
    first = -((phase - x0) // sweep)
    count = np.maximum((x1 - 1 - phase) // sweep - first + 1, 0)
    number = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    x = np.repeat(phase + first * sweep, count) + number * sweep
    row = np.repeat(pair // grid.sublines, count)
    return GridPoints(row.astype(np.float64), x / CELL_UNITS)
