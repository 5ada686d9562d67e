"""One band of rows: communes, layers and people joined on the spans. Pure: arrays in, arrays out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from .cells import Steps, cell_runs, single_cells, span_steps
from .spans import CELL_UNITS, FRACTION_BITS, Spans, merge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Groups = Callable[[NDArray[np.uint64]], NDArray[np.bool_]]

EdgeCells = Literal["land", "share"]
LEAST_LAND_SHARE = 1 / 256  # below it a cell's people fade out with its share, so that slivers decide nothing


@dataclass(frozen=True, slots=True)
class Band:
    """What one band of rows needs.

    Attributes
    ----------
    row0, col0
        Grid row and column of the window's first cell.
    people
        float64 (rows, cols) people per cell of the window; 0 where there is no data. Every commune span of
        these rows lies inside the window.
    known
        bool (rows, cols): the cell has data.
    sublines
        Sub-lines per row.
    communes, layers
        Spans of these rows, in grid coordinates.
    edge_cells
        ``land``: people of a cell partly outside every commune belong to the part inside.
        ``share``: they are left outside in proportion.
    groups
        For every mask that occurs, which groups of failing people it counts for; bool (g, m).
    """

    row0: int
    col0: int
    people: NDArray[np.float64]
    known: NDArray[np.bool_]
    sublines: int
    communes: Spans
    layers: Sequence[Spans]
    edge_cells: EdgeCells
    groups: Groups | None


class BandCells(NamedTuple):
    """Failing people per commune and cell of a band; see ``overlay.FailingCells``."""

    commune: NDArray[np.int32]
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    people: NDArray[np.float32]
    failing: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BandResult:
    """People of one band.

    Attributes
    ----------
    commune
        int32 (z,) communes that have ground in the band, ascending.
    masks
        uint64 (m,) combinations of layer bits that occur, ascending.
    people
        float64 (z, m).
    has_data
        bool (z,): the commune has a share in a cell with data.
    cells
        Failing people per commune and cell; None without groups.
    """

    commune: NDArray[np.int32]
    masks: NDArray[np.uint64]
    people: NDArray[np.float64]
    has_data: NDArray[np.bool_]
    cells: BandCells | None


@dataclass(frozen=True, slots=True)
class _Stretches:
    """Stretches of sub-lines inside communes, each from one event to the next.

    ``place`` int64 (n,) are the sorted places of all events (line and x of the window in one number),
    ``at`` int64 (k,) which of them start a stretch; zone and mask (k,) say what it lies in.
    """

    place: NDArray[np.int64]
    at: NDArray[np.int64]
    zone: NDArray[np.int64]
    mask: NDArray[np.uint64]
    x_bits: int
    sublines: int

    def row(self) -> NDArray[np.int64]:
        """Row of the window each stretch lies in."""
        return (self.place[self.at] >> self.x_bits) // self.sublines

    def x0(self) -> NDArray[np.int64]:
        """Start, in units from the window's left edge."""
        return self.place[self.at] & ((1 << self.x_bits) - 1)

    def x1(self) -> NDArray[np.int64]:
        """End, in units from the window's left edge."""
        return self.place[self.at + 1] & ((1 << self.x_bits) - 1)


def join_band(band: Band) -> BandResult:
    """Sum people per commune and combination of layers over one band."""
    owner = band.communes.owner
    if owner is None:
        raise ValueError("commune spans need owners")
    commune, zone = np.unique(owner, return_inverse=True)
    people = band.people
    if band.edge_cells == "land":
        people = people.copy()
        _gather_on_land(people, band)
    stretches = _stretches(band, zone, len(commune))
    weight = _people_along(people, stretches) / band.sublines
    code, masks = pd.factorize(stretches.mask, sort=True)
    masks = np.asarray(masks, dtype=np.uint64)
    slot = stretches.zone * len(masks) + code
    sums = np.bincount(slot, weights=weight, minlength=len(commune) * len(masks))
    table = np.asarray(sums, dtype=np.float64).reshape(len(commune), len(masks))
    has_data: NDArray[np.bool_] = np.any(table, axis=1)
    if not has_data.all():
        has_data |= _touch_data(band.known, stretches, len(commune))
    cells = None
    if band.groups is not None:
        fails = np.asarray(band.groups(masks), dtype=bool)
        cells = _failing_cells(band, people, stretches, fails[:, code], commune)
    return BandResult(commune.astype(np.int32), masks, table, has_data, cells)


def _gather_on_land(people: NDArray[np.float64], band: Band) -> None:
    """Scale up, in place, the people of cells that lie partly outside every commune."""
    outline = merge(band.communes.line, band.communes.x0, band.communes.x1)
    shift = band.col0 * CELL_UNITS
    row = outline.line // band.sublines - band.row0
    runs = cell_runs(span_steps(row, outline.x0 - shift, outline.x1 - shift), 1)
    full = CELL_UNITS * band.sublines
    cut = single_cells(runs, runs.units[:, 0] < full)
    people[cut.strip, cut.col] *= full / np.maximum(cut.units[:, 0], full * LEAST_LAND_SHARE)


def _stretches(band: Band, zone: NDArray[np.int64], zones: int) -> _Stretches:
    """Cut the sub-lines wherever a commune or a layer starts or ends; keep what lies in communes."""
    x_bits = (band.people.shape[1] * CELL_UNITS).bit_length()
    step_bits = (2 * (zones + len(band.layers)) - 1).bit_length()
    event = np.empty(2 * (len(band.communes) + sum(map(len, band.layers))), np.int64)
    done = 0

    def write(line: NDArray[np.int32], x: NDArray[np.int32], step: NDArray[np.int64] | int) -> None:
        nonlocal done
        here = event[done : done + len(line)]
        done += len(line)
        np.subtract(line, band.row0 * band.sublines, out=here, dtype=np.int64)
        here <<= x_bits
        here += x
        here <<= step_bits
        here |= step

    # steps 0 to z - 1 enter a commune, z to 2z - 1 leave it, then each layer starts and ends
    left = band.col0 * CELL_UNITS
    right = left + band.people.shape[1] * CELL_UNITS
    write(band.communes.line, band.communes.x0 - left, zone)
    write(band.communes.line, band.communes.x1 - left, zone + zones)
    for bit, layer in enumerate(band.layers):
        write(layer.line, np.clip(layer.x0, left, right) - left, 2 * (zones + bit))
        write(layer.line, np.clip(layer.x1, left, right) - left, 2 * (zones + bit) + 1)
    event.sort(kind="stable")  # these are sorted runs, which the stable sort merges
    step = event & ((1 << step_bits) - 1)
    zone_step, mask_step = _step_tables(zones, len(band.layers))
    zone_now = np.cumsum(zone_step[step])
    mask_now = np.cumsum(mask_step[step], dtype=np.uint64)
    event >>= step_bits
    inside = zone_now[:-1] > 0
    inside &= event[1:] > event[:-1]
    at = np.flatnonzero(inside)
    return _Stretches(event, at, zone_now[at] - 1, mask_now[at], x_bits, band.sublines)


def _step_tables(zones: int, layers: int) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Say what each kind of step adds to the commune's number and to the mask (modulo 2^64)."""
    size = 2 * (zones + layers)
    zone_step = np.zeros(size, np.int64)
    zone_step[:zones] = np.arange(1, zones + 1)
    zone_step[zones : 2 * zones] = -np.arange(1, zones + 1)
    mask_step = np.zeros(size, np.uint64)
    bits = np.left_shift(np.uint64(1), np.arange(layers, dtype=np.uint64))
    mask_step[2 * zones :: 2] = bits
    mask_step[2 * zones + 1 :: 2] = np.uint64(0) - bits
    return zone_step, mask_step


def _people_along(people: NDArray[np.float64], stretches: _Stretches) -> NDArray[np.float64]:
    """People under each stretch if its sub-line stood for the whole row."""
    rows, cols = people.shape
    summed = np.zeros((rows + 1, cols + 2))  # one column before and one behind the cells
    np.cumsum(people, axis=1, out=summed[:-1, 1:-1])
    summed[:-1, -1] = summed[:-1, -2]
    flat = summed.ravel()
    cell = stretches.place >> stretches.x_bits
    cell //= stretches.sublines
    cell *= cols + 2
    x = stretches.place & ((1 << stretches.x_bits) - 1)
    cell += x >> FRACTION_BITS
    x &= CELL_UNITS - 1
    before = flat[cell]
    cell += 1
    until = flat[cell]  # people of the row until each event, in whole cells and a part
    until -= before
    until *= x / CELL_UNITS
    until += before
    along: NDArray[np.float64] = np.diff(until)[stretches.at]
    return np.maximum(along, 0.0, out=along)


def _touch_data(known: NDArray[np.bool_], stretches: _Stretches, zones: int) -> NDArray[np.bool_]:
    """Say which communes have a share in a cell with data."""
    rows, cols = known.shape
    summed = np.zeros((rows, cols + 1), np.int64)
    np.cumsum(known, axis=1, out=summed[:, 1:])
    row = stretches.row()
    last = (stretches.x1() - 1) >> FRACTION_BITS
    first = stretches.x0() >> FRACTION_BITS
    touches = summed[row, last + 1] > summed[row, first]
    return np.bincount(stretches.zone[touches], minlength=zones) > 0


def _failing_cells(
    band: Band,
    people: NDArray[np.float64],
    stretches: _Stretches,
    fails: NDArray[np.bool_],
    commune: NDArray[np.int32],
) -> BandCells:
    """Sum, per commune and cell, all people and the failing people of each group."""
    rows = band.people.shape[0]
    everywhere = np.ones((1, len(stretches.zone)), bool)
    steps = _status_steps(stretches, np.concatenate([everywhere, fails]), rows)
    runs = cell_runs(steps, 1 + len(fails))
    some: NDArray[np.bool_] = np.any(runs.units[:, 1:] > 0, axis=1)
    cells = single_cells(runs, some)
    zone, row = np.divmod(cells.strip, rows)
    share = cells.units * (people[row, cells.col] / (CELL_UNITS * band.sublines))[:, None]
    counts = share.astype(np.float32)
    keep = (counts[:, 1:] > 0).any(axis=1)
    return BandCells(
        commune[zone[keep]].astype(np.int32),
        (row[keep] + band.row0).astype(np.int32),
        (cells.col[keep] + band.col0).astype(np.int32),
        counts[keep, 0],
        counts[keep, 1:],
    )


def _status_steps(stretches: _Stretches, status: NDArray[np.bool_], rows: int) -> Steps:
    """Find the steps where a commune's stretches start or stop having a status; bool (columns, k)."""
    strip, x0, x1 = stretches.zone * rows + stretches.row(), stretches.x0(), stretches.x1()
    follows = np.zeros(len(strip), bool)  # the stretch continues the one before it
    follows[1:] = (strip[1:] == strip[:-1]) & (x0[1:] == x1[:-1])
    strips, places, columns, signs = [], [], [], []
    for column, on in enumerate(status):
        joined = follows.copy()
        joined[1:] &= on[:-1]
        first = np.flatnonzero(on & ~joined)
        ends = on.copy()
        ends[:-1] &= ~(follows[1:] & on[1:])
        last = np.flatnonzero(ends)
        strips += [strip[first], strip[last]]
        places += [x0[first], x1[last]]
        columns.append(np.full(2 * len(first), column, np.int64))
        signs += [np.ones(len(first), np.int64), np.full(len(last), -1, np.int64)]
    return Steps(*(np.concatenate(pieces) for pieces in (strips, places, columns, signs)))
