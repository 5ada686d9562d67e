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

from .spans import CELL_UNITS, FRACTION_BITS, KEY_BITS, Packed, Spans, joined, merge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .grid import Grid
    from .rings import Rings

MOST_CROSSINGS = 60_000  # sorted at a time: what fits a processor's cache sorts fastest
_SHORT = 1 << 16  # numbers below it are sorted digit by digit
_FINE_BITS = 22  # x positions along an edge are whole numbers of 2^-22 units


class PartSpans(NamedTuple):
    """Spans of single polygon parts, sorted by line and part; empty ones included.

    ``key`` int64 (2 k,) holds the start and the end of each span in turn, in one number each: from the
    highest bits line (``line0`` taken off), part (``part0`` taken off) and x.
    """

    key: NDArray[np.int64]
    line0: int
    part0: int
    part_bits: int
    x_bits: int

    @property
    def line(self) -> NDArray[np.int64]:
        """Sub-line of each span; int64 (k,)."""
        return (self.key[0::2] >> (self.x_bits + self.part_bits)) + self.line0

    @property
    def part(self) -> NDArray[np.int64]:
        """Part of each span; int64 (k,)."""
        return ((self.key[0::2] >> self.x_bits) & ((1 << self.part_bits) - 1)) + self.part0

    @property
    def x0(self) -> NDArray[np.int64]:
        """Start of each span; int64 (k,)."""
        return self.key[0::2] & ((1 << self.x_bits) - 1)

    @property
    def x1(self) -> NDArray[np.int64]:
        """End of each span; int64 (k,)."""
        return self.key[1::2] & ((1 << self.x_bits) - 1)

    def merged(self) -> Spans:
        """Join the spans that touch or overlap, whatever parts they are of."""
        if not self.part_bits:  # the spans of one part are in order already
            return joined(self.key[0::2], self.key[1::2].copy(), self.line0, 0, self.x_bits)
        start = self.key[0::2]
        length = self.key[1::2] - start
        line_bits = (int(self.key[-1]) >> (self.x_bits + self.part_bits)).bit_length() if len(length) else 0
        length_bits = KEY_BITS - line_bits - self.x_bits
        if int(length.max(initial=0)) >> length_bits:
            return merge(self.line, self.x0, self.x1)
        key = start >> (self.x_bits + self.part_bits)
        key <<= self.x_bits
        key |= start & ((1 << self.x_bits) - 1)
        key <<= length_bits
        key |= length
        key.sort(kind="stable")  # merges what is in order already
        return Packed(key, self.line0, 0, self.x_bits, length_bits, 0).merged()


class _Edges(NamedTuple):
    """Edges that cross something, seen from the end that comes first in sheared coordinates.

    Both owners of a shared edge compute the same numbers. The edge crosses the sheared lines ``first``
    to ``first + lines - 1``; line ``first + r`` at ``(base + slope * r) >> 22`` units, never beyond its
    ends. It crosses the jumps ``jump`` to ``jump + jumps - 1`` (jump n lies at ``n << period_bits``
    units), in this order if ``rightward`` is 1 (else 0).
    """

    part: NDArray[np.int64]
    first: NDArray[np.int64]
    lines: NDArray[np.int64]
    base: NDArray[np.int64]
    slope: NDArray[np.int64]
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
    lines = np.abs(crossed)
    fine_base, fine_slope = _kept_between(_fine(base), _fine(slope), lines, unit[edge], unit[after])
    to_go = period[after] - period[edge]
    return _Edges(
        part[edge],
        first,
        lines,
        fine_base,
        fine_slope,
        np.minimum(period[edge], period[after]) + 1,
        np.abs(to_go),
        ((to_go > 0) != turned).astype(np.int64),
    )


def _kept_between(
    base: NDArray[np.int64],
    slope: NDArray[np.int64],
    lines: NDArray[np.int64],
    one: NDArray[np.int64],
    other: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Turn the edges that rounding takes beyond one of their ends (units) back, so that no crossing is."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    last = base + slope * (lines - 1)  # in between, crossings lie in between
    first_unit, last_unit = base >> _FINE_BITS, last >> _FINE_BITS
    beyond = np.minimum(first_unit, last_unit) < low
    beyond |= np.maximum(first_unit, last_unit) > high
    beyond &= lines > 0
    at = np.flatnonzero(beyond)
    if len(at):
        lowest, highest = low[at] << _FINE_BITS, ((high[at] + 1) << _FINE_BITS) - 1
        base[at] = np.clip(base[at], lowest, highest)
        way = np.clip(last[at], lowest, highest) - base[at]
        slope[at] = np.sign(way) * (np.abs(way) // np.maximum(lines[at] - 1, 1))
    return base, slope


def _fine(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Express units in whole numbers of 2^-22; what is too far away to be used is cut off."""
    limit = 2.0 ** (62 - _FINE_BITS)  # a steeper slope crosses one line only and is not used either
    values = np.clip(values, -limit, limit)
    values *= 2.0**_FINE_BITS
    return np.rint(values, out=values).astype(np.int64)


def _owners(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Say for each of so many things per owner whose it is; a few times as fast as ``numpy.repeat``."""
    some = np.flatnonzero(counts)
    owner = np.zeros(int(counts.sum()), np.int64)
    if len(some):
        owner[0] = some[0]
        owner[np.cumsum(counts[some[:-1]])] = np.diff(some)
    return np.cumsum(owner, out=owner)


def _climb_crossings(
    edges: _Edges, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Cross the climbing pieces: which edge, on which sub-line of the grid, at which unit; edge after edge."""
    before = np.cumsum(edges.lines) - edges.lines
    edge = _owners(edges.lines)
    # the crossing's number among all; it is the edge's own number r after ``before``
    number = np.arange(len(edge))
    # slope * number may leave 64 bits; what is added takes it back in (both modulo 2^64)
    x = edges.slope.take(edge)
    x *= number
    x += (edges.base - edges.slope * before).take(edge)
    x >>= _FINE_BITS
    sheared = (edges.first - before).astype(np.int32).take(edge)
    sheared += number.astype(np.int32)
    # a piece belongs to the row it is in: at a jump (x a multiple of the period) the next piece has begun
    jump = (x >> climb_period_bits(grid.sublines)).astype(np.int32)
    return edge, _line(sheared, jump, sheared, grid.sublines), x


def _jump_crossings(
    edges: _Edges, grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int64]]:
    """Cross the jumps: which edge, on which sub-line of the grid, at which unit; edge after edge."""
    period_bits = climb_period_bits(grid.sublines)
    edge = _owners(edges.jumps)
    jump = (edges.jump - (np.cumsum(edges.jumps) - edges.jumps)).take(edge)
    jump += np.arange(len(jump))
    # How many of its sheared lines does the edge cross before the jump? On its way right those with
    # (base + slope * r) >> 22 < x, on its way left those with >= x. Whole numbers throughout.
    direction = 2 * edges.rightward - 1
    level = edges.slope == 0  # all crossings at one x: all before the jump or none
    steep = np.abs(edges.slope) + level
    crossed = (direction << (period_bits + _FINE_BITS)).take(edge)
    crossed *= jump
    crossed += (steep - edges.rightward - direction * edges.base).take(edge)
    np.maximum(crossed, 0, out=crossed)
    crossed //= steep.take(edge)
    lines = edges.lines.take(edge)
    if level.any():
        here = level.take(edge) & (crossed > 0)
        crossed[here] = lines[here]
    np.minimum(crossed, lines, out=crossed)
    crossed += edges.first.take(edge)
    number = jump.astype(np.int32)
    jump <<= period_bits
    return edge, _line(crossed.astype(np.int32), number, number, grid.sublines), jump


def _line(
    sheared: NDArray[np.int32], jump: NDArray[np.int32], number: NDArray[np.int32], sublines: int
) -> NDArray[np.int32]:
    """Say which sub-line of the grid is met: the one of the row where a sheared line is after a jump.

    Among those of its row it is the one with this number, modulo how many they are.
    """
    many = np.int32(sublines)
    line = sheared - jump
    line -= np.int32(1)
    line //= many
    line -= number // many  # the remainder this way is several times as fast
    line *= many
    line += number
    return line


def _paired(edges: _Edges, grid: Grid) -> PartSpans:
    """Sort all crossings by line, part and x, and pair them."""
    found = [_climb_crossings(edges, grid), _jump_crossings(edges, grid)]
    found = [crossings for crossings in found if len(crossings[0])]
    line0 = min(int(line.min()) for _, line, _ in found)
    line1 = max(int(line.max()) for _, line, _ in found)
    part0 = int(edges.part[0])
    x_bits = (grid.width * CELL_UNITS).bit_length()
    part_bits = (int(edges.part[-1]) - part0).bit_length()
    if (line1 - line0).bit_length() + part_bits + x_bits > KEY_BITS:
        raise OverflowError(f"{part_bits} bits of polygons on {grid.width} columns do not fit a sort key")
    part = (edges.part - part0) << x_bits
    key = np.empty(sum(len(x) for _, _, x in found), np.int64)
    done = 0
    for edge, line, x in found:
        here = key[done : done + len(x)]
        done += len(x)
        np.subtract(line, line0, out=here, dtype=np.int64)
        here <<= part_bits + x_bits
        here |= part.take(edge)
        here |= x
    line_bits = part_bits + x_bits
    _sort(key, line_bits, line1 - line0)
    if line0 < 0 or line1 >= grid.lines:
        first, stop = ((line - line0) << line_bits for line in (max(line0, 0), min(line1 + 1, grid.lines)))
        key = key[slice(*np.searchsorted(key, [first, stop]).tolist())]
    return PartSpans(key, line0, part0, part_bits, x_bits)


def _sort(key: NDArray[np.int64], line_bits: int, most: int) -> None:
    """Sort keys in place: those of a line are brought together first, which numpy does digit by digit for short numbers.

    Parameters
    ----------
    key
        Numbers whose bits from ``line_bits`` on are a line.
    line_bits
        How many bits come after the line.
    most
        The highest line.
    """
    if most < _SHORT:
        key[:] = key[np.argsort((key >> line_bits).astype(np.uint16), kind="stable")]
    key.sort(kind="stable")  # merges what is in order already
