"""Where rings cross the sub-lines of a grid, and the spans between the crossings.

Sub-lines do not run along the rows. Every sub-line of a row sweeps the row's whole height: it climbs
slowly from the row's lower to its upper edge, jumps back, and climbs again::

    ----------------------------------  upper edge of a row, two sub-lines
      __.--'|   __.--'|   __.--'|   __
    .-'  __.+-'-  __.+-'-  __.+-'-  _.
    |__.--' |__.--' |__.--' |__.--' |_
    ----------------------------------  lower edge

At every x the row's sub-lines still lie equally far apart, so sums along them are unbiased. But an edge
that runs along the row, as most edges of coverage drawn from a raster do, meets them at all heights
instead of at one, and its error averages out along its own length.

The climbing pieces are straight in sheared coordinates (``down + x / period``), where they are the lines
of whole numbers. The jumps lie at multiples of the period. A ring crosses both kinds; which crossing
comes first on an edge is decided in whole numbers, so every ring crosses every sub-line an even number
of times, whatever it looks like.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .spans import CELL_UNITS, FRACTION_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .grid import Grid
    from .rings import Rings

MOST_CROSSINGS = 250_000  # sorted at a time: what fits a processor's cache sorts fastest
_FINE_BITS = 22  # x positions along an edge are whole numbers of 2^-22 units


class PartSpans(NamedTuple):
    """Spans of single polygon parts, sorted by line and part, int64 (k,) each; empty ones included."""

    line: NDArray[np.int64]
    part: NDArray[np.int64]
    x0: NDArray[np.int64]
    x1: NDArray[np.int64]


class _Edges(NamedTuple):
    """Edges that cross something, seen from the end that comes first in sheared coordinates.

    Both owners of a shared edge compute the same numbers. The edge crosses the sheared lines ``first``
    to ``first + lines - 1``; line ``first + r`` at ``(base + slope * r) >> 22`` units, but never beyond
    its ends. ``start`` and ``stop`` are the periods (x // period) in which its ends lie.
    """

    part: NDArray[np.int64]
    first: NDArray[np.int64]
    lines: NDArray[np.int64]
    base: NDArray[np.int64]
    slope: NDArray[np.int64]
    x_low: NDArray[np.int64]
    x_high: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]


def climb_period_bits(sublines: int) -> int:
    """Over how many units (as a power of two) a sub-line climbs by the distance to the next.

    That is about four times the distance itself, in square cells.
    """
    return FRACTION_BITS - round(math.log2(sublines / 4))


def part_spans(rings: Rings, grid: Grid) -> Iterator[PartSpans]:
    """Cut polygon parts into spans by the even-odd rule, a bounded number at a time.

    Parameters
    ----------
    rings
        Rings in the grid's CRS, none of them outside the grid.
    grid
        The grid.
    """
    edges = _edges(rings, grid)
    weight = np.cumsum(edges.lines + np.abs(edges.stop - edges.start))
    begin = 0
    while begin < len(weight):
        done = weight[begin - 1] if begin else 0
        end = int(np.searchsorted(weight, done + MOST_CROSSINGS, side="right"))
        if end < len(weight):  # a part is never cut
            whole = int(np.searchsorted(edges.part, edges.part[max(end - 1, begin)], side="left"))
            end = (
                whole if whole > begin else int(np.searchsorted(edges.part, edges.part[begin], side="right"))
            )
        yield _paired(_Edges(*(values[begin:end] for values in edges)), grid)
        begin = end


def _edges(rings: Rings, grid: Grid) -> _Edges:
    """Find the edges that cross sheared lines or jumps."""
    period_bits = climb_period_bits(grid.sublines)
    x = (rings.xy[:, 0] - grid.transform.c) * (CELL_UNITS / grid.transform.a)
    sheared = (rings.xy[:, 1] - grid.transform.f) * (grid.sublines / grid.transform.e)
    sheared += x * 2.0**-period_bits
    below = np.ceil(sheared).astype(np.int64)  # the first sheared line at or under each vertex
    unit = np.floor(x + 0.5).astype(np.int64)
    period = unit >> period_bits
    crossed = below[1:] - below[:-1]
    busy = (crossed != 0) | (period[1:] != period[:-1])
    busy[rings.joints()] = False
    edge = np.flatnonzero(busy)
    crossed = crossed[edge]
    turned = crossed < 0
    upper, lower = edge + turned, edge + ~turned
    rise = sheared[lower] - sheared[upper]
    rise[crossed == 0] = 1.0  # no line is crossed, so no slope is used
    slope = (x[lower] - x[upper]) / rise
    base = x[upper] + slope * (below[upper] - sheared[upper]) + 0.5  # + 0.5: the later floor then rounds
    limit = 2.0 ** (62 - _FINE_BITS)  # a steeper slope crosses one line only and is not used either
    ring = np.repeat(np.arange(len(rings.ring_start) - 1), np.diff(rings.ring_start))[edge]
    part = np.repeat(np.arange(len(rings.part_start) - 1), np.diff(rings.part_start))[ring]
    fine = 2.0**_FINE_BITS
    return _Edges(
        part,
        below[upper],
        np.abs(crossed),
        np.rint(np.clip(base, -limit, limit) * fine).astype(np.int64),
        np.rint(np.clip(slope, -limit, limit) * fine).astype(np.int64),
        np.minimum(unit[upper], unit[lower]),
        np.maximum(unit[upper], unit[lower]),
        period[upper],
        period[lower],
    )


def _climb_crossings(
    edges: _Edges, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cross the climbing pieces: which edge, on which sub-line of the grid, at which unit."""
    period_bits = climb_period_bits(grid.sublines)
    each = np.repeat(np.arange(len(edges.lines)), edges.lines)
    step = np.arange(len(each)) - np.repeat(np.cumsum(edges.lines) - edges.lines, edges.lines)
    x = (edges.base[each] + edges.slope[each] * step) >> _FINE_BITS
    x = np.clip(x, edges.x_low[each], edges.x_high[each])
    sheared = edges.first[each] + step
    # a piece belongs to the row it is in: at a jump (x a multiple of the period) the next piece has begun
    row = ((sheared << period_bits) - x - 1) // (grid.sublines << period_bits)
    number = sheared - sheared // grid.sublines * grid.sublines  # the remainder, several times as fast
    return each, row * grid.sublines + number, x


def _jump_crossings(
    edges: _Edges, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cross the jumps: which edge, on which sub-line of the grid, at which unit."""
    period_bits = climb_period_bits(grid.sublines)
    low = np.minimum(edges.start, edges.stop)
    count = np.abs(edges.stop - edges.start)
    each = np.repeat(np.arange(len(count)), count)
    jump = low[each] + 1 + np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    x = jump << period_bits
    # How many of its sheared lines does the edge cross before the jump? On its way right those with
    # (base + slope * r) >> 22 < x, on its way left those with >= x. Whole numbers throughout.
    lines, slope, base = edges.lines[each], edges.slope[each], edges.base[each]
    rightward = edges.stop[each] > edges.start[each]
    to_go = (x << _FINE_BITS) - base
    steep = np.where(slope == 0, 1, np.abs(slope))
    passed = np.where(rightward, -(-to_go // steep), -to_go // steep + 1)
    level = slope == 0  # all crossings at one x
    passed = np.where(level, np.where((to_go > 0) == rightward, lines, 0), passed)
    sheared = edges.first[each] + np.clip(passed, 0, lines)
    row = (sheared - jump - 1) // grid.sublines
    return each, row * grid.sublines + jump % grid.sublines, x


def _paired(edges: _Edges, grid: Grid) -> PartSpans:
    """Sort all crossings by line, part and x, and pair them."""
    climbs, jumps = _climb_crossings(edges, grid), _jump_crossings(edges, grid)
    each, line, x = (np.concatenate(pieces) for pieces in zip(climbs, jumps, strict=True))
    line0, part0 = int(line.min()), int(edges.part[0])
    x_bits = (grid.width * CELL_UNITS).bit_length()
    part_bits = (int(edges.part[-1]) - part0).bit_length()
    if (int(line.max()) - line0).bit_length() + part_bits + x_bits > 63:
        raise OverflowError(f"{part_bits} bits of polygons on {grid.width} columns do not fit a sort key")
    key = ((line - line0) << part_bits | (edges.part[each] - part0)) << x_bits | x
    key.sort()
    start, end = key[0::2], key[1::2]
    x_mask = (1 << x_bits) - 1
    above = start >> x_bits
    line = (above >> part_bits) + line0
    inside = (line >= 0) & (line < grid.lines)
    if not inside.all():
        above, line, start, end = above[inside], line[inside], start[inside], end[inside]
    return PartSpans(line, (above & ((1 << part_bits) - 1)) + part0, start & x_mask, end & x_mask)
