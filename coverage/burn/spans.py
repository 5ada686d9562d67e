"""Spans: polygons cut into stretches of sub-lines, and what can be done with sorted stretches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

FRACTION_BITS = 12  # x positions are kept to 1/4096 of a cell
CELL_UNITS = 1 << FRACTION_BITS
KEY_BITS = 63  # of a number that everything else is packed into, so that it can be sorted
_X_BITS = 31
_MERGED_TOGETHER = 60_000  # what fits a processor's cache sorts fastest


@dataclass(frozen=True, slots=True)
class Spans:
    """Stretches ``x0 <= x < x1`` of sub-lines, sorted by line and x0, disjoint on each line.

    Attributes
    ----------
    line
        Sub-line, int32 (k,): row times the grid's sub-lines per row plus the sub-line's number.
    x0, x1
        Start and end in 1/4096 of a cell from the grid's left edge, int32 (k,).
    owner
        Commune row index, int32 (k,); None for layers.
    contested_km2
        Ground claimed by more than one owner, square kilometres (it went to the lowest index).
    """

    line: NDArray[np.int32]
    x0: NDArray[np.int32]
    x1: NDArray[np.int32]
    owner: NDArray[np.int32] | None = None
    contested_km2: float = 0.0

    def __len__(self) -> int:
        return len(self.line)

    def rows(self, line0: int, line1: int) -> Spans:
        """Take the spans of lines ``line0 <= line < line1`` (views, nothing is copied)."""
        first, last = np.searchsorted(self.line, np.array([line0, line1], dtype=np.int32))
        owner = None if self.owner is None else self.owner[first:last]
        return Spans(self.line[first:last], self.x0[first:last], self.x1[first:last], owner)

    def select_owners(self, mask: NDArray[np.bool_]) -> Spans:
        """Take the spans of chosen owners as one merged layer.

        Parameters
        ----------
        mask
            bool (n_owners,), true for the owners wanted.

        Raises
        ------
        ValueError
            The spans have no owners.
        """
        if self.owner is None:
            raise ValueError("these spans belong to a layer and have no owners to choose from")
        keep = np.asarray(mask, dtype=bool)[self.owner]
        return merge(self.line[keep], self.x0[keep], self.x1[keep])


def empty_spans(*, owned: bool = False) -> Spans:
    """No spans at all."""
    nothing = np.zeros(0, np.int32)
    return Spans(nothing, nothing, nothing, nothing if owned else None)


def union(layers: Sequence[Spans]) -> Spans:
    """Merge several sets of spans into one layer: ground in any of them."""
    layers = [spans for spans in layers if len(spans)]
    if not layers:
        return empty_spans()
    return stacked(
        [
            merge(
                np.concatenate([layers[index].line[part] for index, part in here]),
                np.concatenate([layers[index].x0[part] for index, part in here]),
                np.concatenate([layers[index].x1[part] for index, part in here]),
            )
            for here in bands([spans.line for spans in layers])
        ]
    )


def common(one: Spans, other: Spans) -> Spans:
    """Take the ground in both of two layers."""
    return _of_two(one, other, lambda first, second: first & second)


def without(one: Spans, other: Spans) -> Spans:
    """Take the ground in the first of two layers and not in the second."""
    return _of_two(one, other, lambda first, second: first & ~second)


def _of_two(
    one: Spans,
    other: Spans,
    wanted: Callable[[NDArray[np.bool_], NDArray[np.bool_]], NDArray[np.bool_]],
) -> Spans:
    """Cut two layers at each other's ends and take the pieces wanted, by whether each layer holds them."""
    if not len(one) or not len(other):
        layer = one if wanted(np.array([len(one) > 0]), np.array([len(other) > 0])).all() else empty_spans()
        return Spans(layer.line, layer.x0, layer.x1)
    place, step = [], []
    for number, layer in enumerate((one, other)):
        line = layer.line.astype(np.int64) << _X_BITS
        for x, sign in ((layer.x0, 1), (layer.x1, -1)):
            place.append(line | x)
            step.append(np.full(len(line), sign << (2 * number), np.int64))
    at = np.concatenate(place)
    order = np.argsort(at, kind="stable")  # sorted runs
    at = at[order]
    now = np.cumsum(np.concatenate(step)[order])  # 1 inside the first, 4 inside the second layer
    keep = wanted(now[:-1] & 3 == 1, now[:-1] >> 2 == 1) & (at[1:] > at[:-1])
    start, end = at[:-1][keep], at[1:][keep]
    return joined(start, end, 0, 0, _X_BITS)


def bands(runs: Sequence[NDArray[np.integer]]) -> Iterator[list[tuple[int, slice]]]:
    """Cut runs of sorted lines into bands that are small enough to be sorted fast.

    Parameters
    ----------
    runs
        Line numbers, each run sorted and not empty.

    Yields
    ------
    list of (int, slice)
        The part of each run that lies in the band, from the first lines to the last; runs without any
        are left out.
    """
    first, last = min(int(lines[0]) for lines in runs), max(int(lines[-1]) for lines in runs)
    count = -(-sum(map(len, runs)) // _MERGED_TOGETHER)
    borders = np.linspace(first, last + 1, count + 1).astype(np.int64)
    cuts = [np.searchsorted(lines, borders.astype(lines.dtype)).tolist() for lines in runs]
    for band in range(count):
        here = [
            (index, slice(cut[band], cut[band + 1]))
            for index, cut in enumerate(cuts)
            if cut[band + 1] > cut[band]
        ]
        if here:
            yield here


def stacked(bands_of_spans: Sequence[Spans]) -> Spans:
    """Put spans of bands, from the first lines to the last, into one."""
    owners = [spans.owner for spans in bands_of_spans if spans.owner is not None]
    return Spans(
        np.concatenate([spans.line for spans in bands_of_spans]),
        np.concatenate([spans.x0 for spans in bands_of_spans]),
        np.concatenate([spans.x1 for spans in bands_of_spans]),
        np.concatenate(owners) if owners else None,
        sum(spans.contested_km2 for spans in bands_of_spans),
    )


class Packed(NamedTuple):
    """Stretches in one number each, ascending: from the highest bits line, start, length and polygon part.

    ``line0`` and ``left`` are taken off lines and starts; ``part_bits`` is 0 where parts do not matter.
    """

    key: NDArray[np.int64]
    line0: int
    left: int
    x_bits: int
    length_bits: int
    part_bits: int

    def parts(self) -> NDArray[np.int64]:
        """Say of which part each stretch is."""
        return self.key & ((1 << self.part_bits) - 1)

    def merged(self) -> Spans:
        """Join the stretches that touch or overlap; empty ones vanish."""
        start = self.key >> self.part_bits
        end = start & ((1 << self.length_bits) - 1)
        start >>= self.length_bits
        end += start
        return joined(start, end, self.line0, self.left, self.x_bits)


def joined(start: NDArray[np.int64], end: NDArray[np.int64], line0: int, left: int, x_bits: int) -> Spans:
    """Join stretches, sorted by their starts, that touch or overlap; empty ones vanish.

    Parameters
    ----------
    start, end
        int64 (k,): lines, ``line0`` taken off, in the bits above x, ``left`` taken off. ``end`` is changed.
    line0, left, x_bits
        What was taken off, and how many bits x has.
    """
    if not len(start):
        return empty_spans()
    np.maximum.accumulate(end, out=end)
    fresh = np.ones(len(start) + 1, bool)
    np.greater(start[1:], end[:-1], out=fresh[1:-1])
    start, end = start.compress(fresh[:-1]), end.compress(fresh[1:])  # several times as fast as brackets
    solid = end > start
    if not solid.all():
        start, end = start[solid], end[solid]
    x_mask = (1 << x_bits) - 1
    line, x0, x1 = start >> x_bits, start & x_mask, end & x_mask
    line += line0
    if left:
        x0 += left
        x1 += left
    return Spans(line.astype(np.int32), x0.astype(np.int32), x1.astype(np.int32))


def merge(line: NDArray[np.integer], x0: NDArray[np.integer], x1: NDArray[np.integer]) -> Spans:
    """Sort stretches and join those that touch or overlap; empty ones vanish.

    Parameters
    ----------
    line, x0, x1
        int (k,), in any order.
    """
    if not len(line):
        return empty_spans()
    x_bits = int(x1.max()).bit_length()
    line0 = int(line.min())
    line_bits = (int(line.max()) - line0).bit_length()
    if int(np.subtract(x1, x0).max()).bit_length() <= KEY_BITS - line_bits - x_bits:
        return pack(line, x0, x1).merged()
    start = line.astype(np.int64)  # too long for one number: rare, and slower
    start -= line0
    start <<= x_bits
    end = start | x1
    start |= x0
    order = np.argsort(start)
    return joined(start[order], end[order], line0, 0, x_bits)


def pack(
    line: NDArray[np.integer],
    x0: NDArray[np.integer],
    x1: NDArray[np.integer],
    part: NDArray[np.integer] | None = None,
) -> Packed:
    """Sort stretches, in one number each: one sort puts everything in order. Empty ones vanish.

    A stretch too long for its bits is cut into touching ones, which join again.

    Parameters
    ----------
    line, x0, x1
        int (k,), in any order.
    part
        int (k,): small numbers from 0 on to be kept with the stretches.
    """
    solid = x1 > x0
    if not solid.all():
        line, x0, x1 = line[solid], x0[solid], x1[solid]
        part = None if part is None else part[solid]
    if not len(line):
        return Packed(np.zeros(0, np.int64), 0, 0, 1, 1, 0)
    line0, left = int(line.min()), 0 if part is None else int(x0.min())
    part_bits = 0 if part is None else int(part.max()).bit_length()
    line_bits, x_bits = (int(line.max()) - line0).bit_length(), (int(x1.max()) - left).bit_length()
    length_bits = KEY_BITS - line_bits - x_bits - part_bits
    key = line.astype(np.int64)
    key -= line0
    key <<= x_bits
    key |= x0 - left if left else x0
    length = np.subtract(x1, x0, dtype=np.int64)
    longest = (1 << length_bits) - 1
    if int(length.max()) > longest:
        key, length, of = _cut(key, length, longest)
        part = None if part is None else part[of]
    key <<= length_bits
    key |= length
    if part is not None:
        key <<= part_bits
        key |= part
    key.sort(kind="stable")  # merges what is in order already
    return Packed(key, line0, left, x_bits, length_bits, part_bits)


def _cut(
    start: NDArray[np.int64], length: NDArray[np.int64], longest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Cut stretches into touching ones that are not too long; also say of which one each is."""
    long = np.flatnonzero(length > longest)
    pieces = -(-length[long] // longest)
    each = np.repeat(long, pieces)
    done = (np.arange(len(each)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) * longest
    short = np.flatnonzero(length <= longest)
    return (
        np.concatenate([start[short], start[each] + done]),
        np.concatenate([length[short], np.minimum(length[each] - done, longest)]),
        np.concatenate([short, each]),
    )
