"""A joined band kept so that one changed layer can be put in without joining everything again.

Where a layer is new, only the stretches change sides that lie in the old layer or in the new one, but not
in both. Their people go from one combination of layers to the other. All sums are whole numbers of quanta
(see ``join.quanta_per_person``), so taking away and adding leaves exactly what a full join finds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..burn.spans import CELL_UNITS, FRACTION_BITS
from .join import BandCells, BandResult, Pieces, failing_cells
from .land import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..burn.spans import Spans
    from .join import Band, Groups, Joined

_WORD_BITS = 6  # cells per word of the bitmap, as a power of two


@dataclass(frozen=True, slots=True)
class BandState:
    """Everything a join found out about a band, compactly.

    Attributes
    ----------
    window
        int64 (5,): first row and column, rows, columns and sub-lines per row.
    per_person
        float64 (): quanta per person.
    found
        float64 (): all people of the rows.
    on_line
        int32 (lines,): stretches of each sub-line.
    x0, x1
        int32 (k,): the stretches inside communes, in units from the window's left edge; on a sub-line from
        left to right.
    zone, code
        uint16 or int32 (k,): in which commune and which combination of layers.
    commune, masks, has_data
        As in ``BandResult``.
    sums
        float64 (z, m): quanta per commune and combination, whole numbers.
    length
        int64 (m,): units of the stretches of each combination.
    lived
        uint64 words (n,): one bit per cell of the window, set where anybody lives; a word more than needed.
    people, odd_at, odd
        People of these cells, float32; float64 for those few (``odd_at`` says which) that it does not hold.
    """

    window: NDArray[np.int64]
    per_person: NDArray[np.float64]
    found: NDArray[np.float64]
    on_line: NDArray[np.int32]
    x0: NDArray[np.int32]
    x1: NDArray[np.int32]
    zone: NDArray[np.integer]
    code: NDArray[np.integer]
    commune: NDArray[np.int32]
    masks: NDArray[np.uint64]
    has_data: NDArray[np.bool_]
    sums: NDArray[np.float64]
    length: NDArray[np.int64]
    lived: NDArray[np.uint64]
    people: NDArray[np.float32]
    odd_at: NDArray[np.int32]
    odd: NDArray[np.float64]

    @classmethod
    def of(cls, found: float, band: Band, joined: Joined) -> BandState:
        """Take what a join of a band found."""
        stretches, people = joined.stretches, joined.people
        rows, cols = people.shape
        here = people != 0
        words = np.zeros((here.size >> _WORD_BITS) + 1, np.dtype("<u8"))
        packed = np.packbits(here, axis=None, bitorder="little")
        words.view(np.uint8)[: len(packed)] = packed
        exact = people[here]
        short = exact.astype(np.float32)
        odd = np.flatnonzero(short != exact)
        length = np.bincount(joined.code, stretches.x1() - stretches.x0(), len(joined.result.masks))
        return cls(
            np.array([band.row0, band.col0, rows, cols, band.sublines]),
            np.array(joined.per_person),
            np.array(found),
            np.bincount(stretches.line(), minlength=rows * band.sublines).astype(np.int32),
            stretches.x0().astype(np.int32),
            stretches.x1().astype(np.int32),
            _short(stretches.zone),
            _short(joined.code),
            joined.result.commune,
            joined.result.masks,
            joined.result.has_data,
            joined.sums,
            length.astype(np.int64),
            words,
            short,
            odd.astype(np.int32),
            exact[odd],
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give everything by name, to be kept."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> BandState:
        """Take back what ``arrays`` gave."""
        return cls(**{field.name: arrays[field.name] for field in fields(cls)})


def _short(numbers: NDArray[np.integer]) -> NDArray[np.integer]:
    """Keep small numbers in two bytes each."""
    return numbers.astype(np.uint16 if int(numbers.max(initial=0)) < 1 << 16 else np.int32)


def rejoin(state: BandState, bit: int, layer: Spans, groups: Groups | None) -> BandResult:
    """Give the result of a band with another layer in place of one it was joined with.

    The result has the same bytes as that of ``join.join_band``.

    Parameters
    ----------
    state
        Of the band before.
    bit
        Which layer is another one.
    layer
        Its spans in the band's rows now.
    groups
        As in ``join.Band``, the same as before.
    """
    window = Window(*state.window.tolist())
    x_bits = (window.cols * CELL_UNITS).bit_length()
    line = np.repeat(np.arange(len(state.on_line), dtype=np.int64) << x_bits, state.on_line)
    start, end = line + state.x0.astype(np.int64), line + state.x1.astype(np.int64)
    flag = np.uint64(1 << bit)
    left, right = window.col0 * CELL_UNITS, (window.col0 + window.cols) * CELL_UNITS
    place = (layer.line - np.int64(window.row0 * window.sublines)) << x_bits
    x0, x1 = (np.clip(x, left, right) - left for x in (layer.x0, layer.x1))
    inside = x1 > x0
    now = (place + x0)[inside], (place + x1)[inside]
    masks_had = state.masks & flag != 0
    if 2 * int((x1 - x0).sum(dtype=np.int64)) <= int(state.length[masks_had].sum()):
        # so much is lost that it is less work to take the layer out as a whole and to put the new one in
        state = _without(state, flag)
        turned = _cut(start, end, *now)
    else:
        had = masks_had.take(state.code)  # compress and take: several times as fast as brackets
        turned = _cut(start, end, *_either([*_runs(start.compress(had), end.compress(had)), *now]))
    lookup = _Lookup(state)
    along = lookup.along(turned, x_bits)
    result = _moved(state, flag, turned, along)
    if groups is None:
        return result
    return replace(result, cells=_cells(state, flag, start, end, turned, lookup, groups))


def _without(state: BandState, flag: np.uint64) -> BandState:
    """Take a layer out of a band."""
    masks, code = np.unique(state.masks & ~flag, return_inverse=True)
    sums, length = np.zeros((len(state.commune), len(masks))), np.zeros(len(masks), np.int64)
    for old, new in enumerate(code.tolist()):  # two at most go to the same one
        sums[:, new] += state.sums[:, old]
        length[new] += state.length[old]
    return replace(state, masks=masks, code=_short(code)[state.code], sums=sums, length=length)


def _cells(
    state: BandState,
    flag: np.uint64,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    turned: _Turned,
    lookup: _Lookup,
    groups: Groups,
) -> BandCells:
    """Compute the cells of those rows of communes in which anybody fails now, or failed before."""
    window = lookup.window
    x_bits = (window.cols * CELL_UNITS).bit_length()
    before, after = (np.asarray(groups(masks), dtype=bool) for masks in (state.masks, state.masks ^ flag))
    strip = state.zone.astype(np.int64) * window.rows + (start >> x_bits) // window.sublines
    fail = np.zeros(len(state.commune) * window.rows, bool)
    fail[strip[before[0][state.code]]] = True
    fail[strip[turned.of][after[0][state.code[turned.of]]]] = True
    place, until, of, is_turned = _split(start, end, fail[strip], turned)
    code = state.code[of]
    fails = np.where(is_turned, after[:, code], before[:, code])
    mask = (1 << x_bits) - 1
    ground = Pieces(place >> x_bits, place & mask, until & mask, state.zone[of].astype(np.int64))
    return failing_cells(ground, fails, lookup.people_at, window, state.commune)


def _split(
    start: NDArray[np.int64], end: NDArray[np.int64], chosen: NDArray[np.bool_], turned: _Turned
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Split some stretches where a part of them turned: start, end, which stretch, and whether it turned."""
    here = chosen[turned.of]
    begin, stop = turned.start[here], turned.end[here]
    place = np.concatenate([start[chosen], begin, stop])
    place.sort(kind="stable")  # three sorted runs
    place = place[np.diff(place, prepend=-1) > 0]
    of = np.searchsorted(start, place, side="right") - 1
    inside = chosen[of] & (place < end[of])
    place, of = place[inside], of[inside]
    until = end[of]
    until[:-1] = np.minimum(until[:-1], place[1:])
    piece = np.searchsorted(begin, place, side="right") - 1
    is_turned = piece >= 0
    is_turned[is_turned] = place[is_turned] < stop[piece[is_turned]]
    return place, until, of, is_turned


def _runs(start: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Join stretches, sorted and disjoint, that touch."""
    fresh = np.ones(len(start) + 1, bool)
    np.not_equal(start[1:], end[:-1], out=fresh[1:-1])
    return start.compress(fresh[:-1]), end.compress(fresh[1:])


def _either(edges: list[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the ground in one of two sets of stretches but not in both, from all their starts and ends."""
    edge = np.concatenate(edges)
    edge.sort(kind="stable")  # four sorted runs
    twice = np.zeros(len(edge) + 1, bool)
    np.equal(edge[1:], edge[:-1], out=twice[1:-1])
    edge = edge.compress(~(twice[1:] | twice[:-1]))  # an edge of both sets changes nothing
    return edge[0::2], edge[1::2]


class _Turned(NamedTuple):
    """Ground that the changed layer has won or lost: of which stretch each piece is, and its ends."""

    of: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]


def _cut(
    start: NDArray[np.int64], end: NDArray[np.int64], begin: NDArray[np.int64], stop: NDArray[np.int64]
) -> _Turned:
    """Cut stretches to the ground from ``begin`` to ``stop``."""
    first = np.searchsorted(end, begin, side="right")
    count = np.searchsorted(start, stop, side="left") - first
    some = count > 0
    first, count, begin, stop = first[some], count[some], begin[some], stop[some]
    behind = np.cumsum(count)
    piece = np.arange(int(count.sum())) + np.repeat(first - (behind - count), count)
    here, there = start.take(piece), end.take(piece)
    outermost = behind - count  # only the first and the last stretch can reach over the ground's ends
    here[outermost] = np.maximum(here[outermost], begin)
    outermost = behind - 1
    there[outermost] = np.minimum(there[outermost], stop)
    return _Turned(piece, here, there)


class _Lookup:
    """Finds the people of single cells, and of a row up to any place, in the kept ones."""

    def __init__(self, state: BandState) -> None:
        self.window = Window(*state.window.tolist())
        self._lived = state.lived
        self._state = state
        per_person = float(state.per_person)
        quanta = np.multiply(state.people, per_person, dtype=np.float64)
        quanta[state.odd_at] = state.odd * per_person
        self._summed = np.zeros(len(quanta) + 1, np.int64)
        np.cumsum(np.rint(quanta, out=quanta).astype(np.int64), out=self._summed[1:])
        self._before = np.zeros(len(state.lived) + 1, np.int64)
        np.cumsum(np.bitwise_count(state.lived), out=self._before[1:])

    def along(self, turned: _Turned, x_bits: int) -> NDArray[np.float64]:
        """Quanta under each piece, whole numbers, if its sub-line stood for the whole row."""
        until = self.until(turned.start, x_bits)
        ends = np.ones(len(until), bool)
        np.not_equal(turned.end[:-1], turned.start[1:], out=ends[:-1])  # most end where the next one starts
        after = np.empty_like(until)
        after[:-1] = until[1:]
        after[ends] = self.until(turned.end[ends], x_bits)
        after -= until
        return after

    def until(self, place: NDArray[np.int64], x_bits: int) -> NDArray[np.float64]:
        """Quanta of the window from its first cell to each place, row after row."""
        x = place & ((1 << x_bits) - 1)
        row = (place >> x_bits) // self.window.sublines
        rank, lived = self._rank(row * self.window.cols + (x >> FRACTION_BITS))
        before = self._summed.take(rank)
        rank += lived
        own = self._summed.take(rank)
        own -= before
        until: NDArray[np.float64] = own * ((x & (CELL_UNITS - 1)) / CELL_UNITS)
        np.rint(until, out=until)
        until += before
        return until

    def people_at(self, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[np.float64]:
        """People of cells of the window."""
        rank, lived = self._rank(row * self.window.cols + col)
        padded = np.append(self._state.people, np.float32(0)).astype(np.float64)
        padded[self._state.odd_at] = self._state.odd
        return np.where(lived > 0, padded[rank], 0.0)

    def _rank(self, cell: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Count the cells with people before each cell, and say (0 or 1) whether it has any."""
        word, number = cell >> _WORD_BITS, (cell & ((1 << _WORD_BITS) - 1)).astype(np.uint64)
        bits = self._lived.take(word) >> number
        word += 1
        rank = self._before.take(word) - np.bitwise_count(bits)
        return rank, (bits & np.uint64(1)).astype(np.int64)


def _moved(state: BandState, flag: np.uint64, turned: _Turned, along: NDArray[np.float64]) -> BandResult:
    """Move people to the combination with the layer's bit turned."""
    masks = np.union1d(state.masks, state.masks ^ flag)
    own, other = np.searchsorted(masks, state.masks), np.searchsorted(masks, state.masks ^ flag)
    zones, code = len(state.commune), state.code.take(turned.of).astype(np.int64)
    slot = state.zone.take(turned.of) * np.int64(len(state.masks)) + code
    moved = np.bincount(slot, along, zones * len(state.masks)).reshape(zones, -1)
    length = np.bincount(code, turned.end - turned.start, len(state.masks)).astype(np.int64)
    sums, lengths = np.zeros((zones, len(masks))), np.zeros(len(masks), np.int64)
    sums[:, own] += state.sums - moved
    sums[:, other] += moved
    lengths[own] += state.length - length
    lengths[other] += length
    there = lengths > 0
    people = sums[:, there] / (float(state.per_person) * int(state.window[4]))
    return BandResult(state.commune, masks[there], people, state.has_data, None)
