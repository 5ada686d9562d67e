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

MOST_CROSSINGS = 60_000  # sorted at a time: what fits a processor's cache sorts fastest
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
    its ends. It crosses the jumps ``jump`` to ``jump + jumps - 1`` (jump n lies at ``n << period_bits``
    units), in this order if ``rightward`` is 1 (else 0).
    """

    part: NDArray[np.int64]
    first: NDArray[np.int64]
    lines: NDArray[np.int64]
    base: NDArray[np.int64]
    slope: NDArray[np.int64]
    x_low: NDArray[np.int64]
    x_high: NDArray[np.int64]
    jump: NDArray[np.int64]
    jumps: NDArray[np.int64]
    rightward: NDArray[np.int64]


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
    weight = np.cumsum(edges.lines + edges.jumps)
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
    busy = (below[1:] != below[:-1]) | (period[1:] != period[:-1])
    busy[rings.joints()] = False
    edge = np.flatnonzero(busy)
    after = edge + 1
    crossed = below[after] - below[edge]
    turned = crossed < 0
    rise = sheared[after] - sheared[edge]
    rise[crossed == 0] = 1.0  # no line is crossed, so no slope is used
    slope = (x[after] - x[edge]) / rise
    upper = edge + turned
    first = below[upper]
    base = x[upper] + slope * (first - sheared[upper]) + 0.5  # + 0.5: the later floor then rounds
    part = np.repeat(np.arange(len(rings.feature)), np.diff(rings.ring_start[rings.part_start]))
    one, other = unit[edge], unit[after]
    to_go = period[after] - period[edge]
    return _Edges(
        part[edge],
        first,
        np.abs(crossed),
        _fine(base),
        _fine(slope),
        np.minimum(one, other),
        np.maximum(one, other),
        np.minimum(period[edge], period[after]) + 1,
        np.abs(to_go),
        ((to_go > 0) != turned).astype(np.int64),
    )


def _fine(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Express units in whole numbers of 2^-22; what is too far away to be used is cut off."""
    limit = 2.0 ** (62 - _FINE_BITS)  # a steeper slope crosses one line only and is not used either
    values = np.clip(values, -limit, limit)
    values *= 2.0**_FINE_BITS
    return np.rint(values, out=values).astype(np.int64)


def _climb_crossings(edges: _Edges, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cross the climbing pieces: on which sub-line of the grid, at which unit; edge after edge."""
    lines = edges.lines
    before = np.cumsum(lines) - lines
    number = np.arange(lines.sum())  # of the crossing; it is the edge's own number r after ``before``
    # slope * number may leave 64 bits; what is added takes it back in (both modulo 2^64)
    x = np.repeat(edges.slope, lines)
    x *= number
    x += np.repeat(edges.base - edges.slope * before, lines)
    x >>= _FINE_BITS
    np.maximum(x, np.repeat(edges.x_low, lines), out=x)
    np.minimum(x, np.repeat(edges.x_high, lines), out=x)
    sheared = np.repeat(edges.first - before, lines)
    sheared += number
    # a piece belongs to the row it is in: at a jump (x a multiple of the period) the next piece has begun
    row = _row(sheared, x >> climb_period_bits(grid.sublines), grid.sublines)
    return _line(row, sheared, grid.sublines), x


def _jump_crossings(edges: _Edges, grid: Grid) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cross the jumps: on which sub-line of the grid, at which unit; edge after edge."""
    period_bits = climb_period_bits(grid.sublines)
    jumps = edges.jumps
    jump = np.repeat(edges.jump - (np.cumsum(jumps) - jumps), jumps)
    jump += np.arange(len(jump))
    # How many of its sheared lines does the edge cross before the jump? On its way right those with
    # (base + slope * r) >> 22 < x, on its way left those with >= x. Whole numbers throughout.
    direction = 2 * edges.rightward - 1
    level = edges.slope == 0  # all crossings at one x: all before the jump or none
    steep = np.abs(edges.slope) + level
    crossed = np.repeat(direction << (period_bits + _FINE_BITS), jumps)
    crossed *= jump
    crossed += np.repeat(steep - edges.rightward - direction * edges.base, jumps)
    np.maximum(crossed, 0, out=crossed)
    crossed //= np.repeat(steep, jumps)
    lines = np.repeat(edges.lines, jumps)
    if level.any():
        here = np.repeat(level, jumps) & (crossed > 0)
        crossed[here] = lines[here]
    np.minimum(crossed, lines, out=crossed)
    crossed += np.repeat(edges.first, jumps)
    return _line(_row(crossed, jump, grid.sublines), jump, grid.sublines), jump << period_bits


def _row(sheared: NDArray[np.int64], jump: NDArray[np.int64], sublines: int) -> NDArray[np.int64]:
    """Say in which row a sheared line is after a jump and before the next."""
    row = sheared - jump
    row -= 1
    row //= sublines
    return row


def _line(row: NDArray[np.int64], number: NDArray[np.int64], sublines: int) -> NDArray[np.int64]:
    """Say which sub-line of the grid the one numbered so (modulo the row's number of them) is; in place."""
    row -= number // sublines  # the remainder this way is several times as fast
    row *= sublines
    row += number
    return row


def _paired(edges: _Edges, grid: Grid) -> PartSpans:
    """Sort all crossings by line, part and x, and pair them."""
    line, x = _climb_crossings(edges, grid)
    jump_line, jump_x = _jump_crossings(edges, grid)
    line0 = min(int(line.min(initial=0)), int(jump_line.min(initial=0)))
    line1 = max(int(line.max(initial=0)), int(jump_line.max(initial=0)))
    part0 = int(edges.part[0])
    x_bits = (grid.width * CELL_UNITS).bit_length()
    part_bits = (int(edges.part[-1]) - part0).bit_length()
    if (line1 - line0).bit_length() + part_bits + x_bits > 63:
        raise OverflowError(f"{part_bits} bits of polygons on {grid.width} columns do not fit a sort key")
    part = (edges.part - part0) << x_bits
    key = np.empty(len(line) + len(jump_line), np.int64)
    np.subtract(line, line0, out=key[: len(line)])
    np.subtract(jump_line, line0, out=key[len(line) :])
    key <<= part_bits + x_bits
    key[: len(line)] |= np.repeat(part, edges.lines) | x
    key[len(line) :] |= np.repeat(part, edges.jumps) | jump_x
    key.sort()
    start, end = key[0::2], key[1::2]
    x_mask = (1 << x_bits) - 1
    above = start >> x_bits
    line = (above >> part_bits) + line0
    if line0 < 0 or line1 >= grid.lines:
        inside = (line >= 0) & (line < grid.lines)
        above, line, start, end = above[inside], line[inside], start[inside], end[inside]
    above &= (1 << part_bits) - 1
    above += part0
    return PartSpans(line, above, start & x_mask, end & x_mask)
