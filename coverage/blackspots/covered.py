"""Which points of a grid lie in coverage, by its spans."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..burn.crossings import climb_period_bits
from ..burn.spans import CELL_UNITS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans

_SHIFT = 31  # a line and a position on it packed into one integer


class GridPoints(NamedTuple):
    """Points in rows and columns of a grid, counted from its upper left corner, with fractions."""

    row: NDArray[np.float64]
    col: NDArray[np.float64]


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
    if not len(spans):
        return np.zeros(len(points.row), dtype=np.bool_)
    wanted = (line << _SHIFT) + x
    starts = (spans.line.astype(np.int64) << _SHIFT) + spans.x0
    at = np.searchsorted(starts, wanted, side="right") - 1
    ends = starts[at] + (spans.x1[at] - spans.x0[at])
    return np.asarray(inside & (at >= 0) & (wanted < ends))
