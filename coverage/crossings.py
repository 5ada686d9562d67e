"""Where rings cross the sub-lines of a grid, and the spans between the crossings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .spans import CELL_UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .grid import Grid
    from .rings import Rings

MOST_CROSSINGS = 4_000_000  # at a time: bounds the memory of a few huge polygons


class PartSpans(NamedTuple):
    """Spans of single polygon parts, sorted by line and part, int64 (k,) each; empty ones included."""

    line: NDArray[np.int64]
    part: NDArray[np.int64]
    x0: NDArray[np.int64]
    x1: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Edges:
    """Edges that cross at least one sub-line, from their upper ends: both owners of an edge see the same.

    ``first`` and ``stop`` bound the sub-lines crossed; the crossing with line ``k`` lies at
    ``base + slope * (k - first)``.
    """

    first: NDArray[np.int64]
    stop: NDArray[np.int64]
    base: NDArray[np.float64]
    slope: NDArray[np.float64]
    part: NDArray[np.int64]

    def count(self, line0: int, line1: int) -> int:
        return int((np.clip(self.stop, line0, line1) - np.clip(self.first, line0, line1)).sum())


def part_spans(rings: Rings, grid: Grid) -> Iterator[PartSpans]:
    """Cut polygon parts into spans by the even-odd rule, a bounded number at a time.

    Parameters
    ----------
    rings
        Rings in the grid's CRS.
    grid
        The grid; what lies outside is cut off.
    """
    edges = _edges(rings, grid)
    if not len(edges.first):
        return
    todo = [(int(edges.first.min()), int(edges.stop.max()))]
    while todo:
        line0, line1 = todo.pop()
        if edges.count(line0, line1) > MOST_CROSSINGS and line1 - line0 > 1:
            middle = (line0 + line1) // 2
            todo += [(middle, line1), (line0, middle)]
        else:
            yield _paired(edges, line0, line1, grid)


def _edges(rings: Rings, grid: Grid) -> _Edges:
    """Find the edges that cross sub-lines, in units of lines and 1/4096 cells."""
    x = (rings.xy[:, 0] - grid.transform.c) * (CELL_UNITS / grid.transform.a)
    # a sub-line runs through the middle of its strip: line k lies at down == k
    down = (rings.xy[:, 1] - grid.transform.f) * (grid.sublines / grid.transform.e) - 0.5
    below = np.clip(np.ceil(down), 0, grid.lines).astype(np.int64)  # first line at or under each vertex
    crossed = np.diff(below)
    crossed[rings.joints()] = 0
    edge = np.flatnonzero(crossed)
    upper = np.where(crossed[edge] > 0, edge, edge + 1)
    lower = np.where(crossed[edge] > 0, edge + 1, edge)
    slope = (x[lower] - x[upper]) / (down[lower] - down[upper])
    base = x[upper] + slope * (below[upper] - down[upper]) + 0.5  # + 0.5: the later floor then rounds
    ring = np.searchsorted(rings.ring_start, edge, side="right") - 1
    part = np.searchsorted(rings.part_start, ring, side="right") - 1
    return _Edges(below[upper], below[lower], base, slope, part)


def _paired(edges: _Edges, line0: int, line1: int, grid: Grid) -> PartSpans:
    """Sort the crossings of some lines by line, part and x, and pair them."""
    first = np.clip(edges.first, line0, line1)
    count = np.clip(edges.stop, line0, line1) - first
    each = np.repeat(np.arange(len(count)), count)
    line = np.arange(len(each)) - np.repeat(np.cumsum(count) - count - first, count)
    x = edges.slope[each] * (line - edges.first[each]) + edges.base[each]
    widest = grid.width * CELL_UNITS
    np.clip(x, 0, widest, out=x)
    x_bits = widest.bit_length()
    part0 = int(edges.part.min())
    part_bits = (int(edges.part.max()) - part0).bit_length()
    if (line1 - line0).bit_length() + part_bits + x_bits > 63:
        raise OverflowError(f"{len(count)} edges on a grid of {grid.width} columns do not fit a sort key")
    key = (((line - line0) << part_bits | (edges.part[each] - part0)) << x_bits) | x.astype(np.int64)
    key.sort()
    start, end = key[0::2], key[1::2]
    x_mask = (1 << x_bits) - 1
    above = start >> x_bits
    return PartSpans(
        (above >> part_bits) + line0, (above & ((1 << part_bits) - 1)) + part0, start & x_mask, end & x_mask
    )
