"""One band of rows: communes, layers and people joined on the spans. Pure: arrays in, arrays out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from ..burn.cells import Steps, cell_runs, single_cells
from ..burn.spans import CELL_UNITS, FRACTION_BITS
from .land import Window, cut_cells, gather_on_land, land_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ..burn.spans import Spans

    Groups = Callable[[NDArray[np.uint64]], NDArray[np.bool_]]

EdgeCells = Literal["land", "share"]
_SUM_BITS = 52  # sums of whole numbers stay exact in float64 up to one bit more


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

    @property
    def window(self) -> Window:
        """Where the cells lie."""
        rows, cols = self.people.shape
        return Window(self.row0, self.col0, rows, cols, self.sublines)


class Pieces(NamedTuple):
    """Pieces of sub-lines inside communes, sorted: line and ends in the window, and the commune; int64 (k,)."""

    line: NDArray[np.int64]
    x0: NDArray[np.int64]
    x1: NDArray[np.int64]
    zone: NDArray[np.int64]


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
class Stretches:
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

    def line(self) -> NDArray[np.int64]:
        """Sub-line of the window each stretch lies on."""
        return self.place[self.at] >> self.x_bits

    def row(self) -> NDArray[np.int64]:
        """Row of the window each stretch lies in."""
        return self.line() // self.sublines

    def x0(self) -> NDArray[np.int64]:
        """Start, in units from the window's left edge."""
        return self.place[self.at] & ((1 << self.x_bits) - 1)

    def x1(self) -> NDArray[np.int64]:
        """End, in units from the window's left edge."""
        return self.place[self.at + 1] & ((1 << self.x_bits) - 1)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the join of a band found on the way.

    ``people`` float64 (rows, cols) are those of the window as they were counted, ``per_person`` the quanta
    they were counted in, ``sums`` float64 (z, m) quanta per commune and combination, ``code`` int64 (k,)
    the combination of each stretch.
    """

    result: BandResult
    people: NDArray[np.float64]
    per_person: float
    stretches: Stretches
    code: NDArray[np.int64]
    sums: NDArray[np.float64]


def join_band(band: Band) -> BandResult:
    """Sum people per commune and combination of layers over one band."""
    return join_whole(band).result


def join_whole(band: Band) -> Joined:
    """Join a band and tell everything that was found on the way."""
    owner = band.communes.owner
    if owner is None:
        raise ValueError("commune spans need owners")
    commune, zone = np.unique(owner, return_inverse=True)
    people, window = people_by_cell(band), band.window
    stretches = _stretches(band, zone, len(commune))
    per_person = quanta_per_person(people, band.sublines)
    code, masks = pd.factorize(stretches.mask, sort=True)
    masks = np.asarray(masks, dtype=np.uint64)
    slot = stretches.zone * len(masks) + code
    along = _people_along(whole_quanta(people, per_person), stretches)
    counted = np.bincount(slot, weights=along, minlength=len(commune) * len(masks))
    sums = np.asarray(counted, dtype=np.float64).reshape(len(commune), len(masks))
    has_data: NDArray[np.bool_] = np.any(sums, axis=1)
    if not has_data.all():
        has_data |= _touch_data(band.known, stretches, len(commune))
    cells = None
    if band.groups is not None:
        fails = np.asarray(band.groups(masks), dtype=bool)[:, code]
        ground = Pieces(stretches.line(), stretches.x0(), stretches.x1(), stretches.zone)
        cells = failing_cells(ground, fails, lambda row, col: people[row, col], window, commune)
    table = sums / (per_person * band.sublines)
    result = BandResult(commune.astype(np.int32), masks, table, has_data, cells)
    return Joined(result, people, per_person, stretches, code, sums)


def people_by_cell(band: Band) -> NDArray[np.float64]:
    """Give the people of each cell of a band as if it lay in communes wholly, float64 (rows, cols), by the rule for edge cells."""
    if band.edge_cells != "land":
        return band.people
    people = band.people.copy()
    gather_on_land(people, cut_cells(land_runs(band.communes, band.window), band.sublines), band.sublines)
    return people


def quanta_per_person(people: NDArray[np.float64], sublines: int) -> float:
    """Say in how small parts of a person a band is counted: a power of two.

    All sums over the band are then whole numbers below 2^53, which float64 holds exactly: they do not depend
    on the order of adding, and what was added can be taken away again.

    Parameters
    ----------
    people
        float64 (rows, cols) of the window.
    sublines
        Sub-lines per row: how many times every cell is counted.
    """
    _, exponent = math.frexp(float(people.sum()) * sublines)
    return math.ldexp(1.0, _SUM_BITS - max(exponent, -_SUM_BITS))


def whole_quanta(people: NDArray[np.float64], per_person: float) -> NDArray[np.float64]:
    """Count people in whole quanta."""
    quanta: NDArray[np.float64] = people * per_person
    return np.rint(quanta, out=quanta)


def _stretches(band: Band, zone: NDArray[np.int64], zones: int) -> Stretches:
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
    zone_now = np.cumsum(zone_step.take(step))
    mask_now = np.cumsum(mask_step.take(step), dtype=np.uint64)
    event >>= step_bits
    inside = zone_now[:-1] > 0
    inside &= event[1:] > event[:-1]
    at = np.flatnonzero(inside)
    return Stretches(event, at, zone_now.take(at) - 1, mask_now.take(at), x_bits, band.sublines)


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


def _people_along(quanta: NDArray[np.float64], stretches: Stretches) -> NDArray[np.float64]:
    """Quanta under each stretch, whole numbers, if its sub-line stood for the whole row."""
    rows, cols = quanta.shape
    summed = np.zeros((rows + 1, cols + 2), np.int64)  # one column before and one behind the cells
    np.cumsum(quanta.astype(np.int64), axis=1, out=summed[:-1, 1:-1])  # a few times as fast as of floats
    summed[:-1, -1] = summed[:-1, -2]
    flat = summed.ravel()
    cell = stretches.place >> stretches.x_bits
    cell //= stretches.sublines
    cell *= cols + 2
    x = stretches.place & ((1 << stretches.x_bits) - 1)
    cell += x >> FRACTION_BITS
    x &= CELL_UNITS - 1
    before = flat.take(cell)
    cell += 1
    own = flat.take(cell)  # quanta of the cell that each event lies in
    own -= before
    until = own * (x / CELL_UNITS)
    np.rint(until, out=until)
    until += before  # quanta of the row until each event, in whole cells and a part
    along: NDArray[np.float64] = np.diff(until).take(stretches.at)
    return along


def _touch_data(known: NDArray[np.bool_], stretches: Stretches, zones: int) -> NDArray[np.bool_]:
    """Say which communes have a share in a cell with data."""
    rows, cols = known.shape
    summed = np.zeros((rows, cols + 1), np.int64)
    np.cumsum(known, axis=1, out=summed[:, 1:])
    row = stretches.row()
    last = (stretches.x1() - 1) >> FRACTION_BITS
    first = stretches.x0() >> FRACTION_BITS
    touches = summed[row, last + 1] > summed[row, first]
    return np.bincount(stretches.zone[touches], minlength=zones) > 0


def failing_cells(
    ground: Pieces,
    fails: NDArray[np.bool_],
    people_at: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]],
    window: Window,
    commune: NDArray[np.int32],
) -> BandCells:
    """Sum, per commune and cell where anybody fails the first group, all people and those of each group.

    Parameters
    ----------
    ground
        Pieces of sub-lines inside communes.
    fails
        bool (g, k): which groups the people of each piece belong to.
    people_at
        Gives the people of cells by row and column of the window.
    window
        Where the cells lie.
    commune
        int32 (z,): the communes that ``ground.zone`` counts.
    """
    strip = ground.zone * window.rows + ground.line // window.sublines
    wanted = np.zeros(len(commune) * window.rows, bool)
    wanted[strip[fails[0]]] = True
    some = wanted[strip]
    each = fails[:, some]
    everybody = bool(each[0].all())  # whoever is counted at all is in the first group: one sum serves both
    status = each if everybody else np.concatenate([np.ones((1, each.shape[1]), bool), each])
    runs = cell_runs(_status_steps(strip[some], ground.x0[some], ground.x1[some], status), len(status))
    cells = single_cells(runs, runs.units[:, 0 if everybody else 1] > 0)
    zone, row = np.divmod(cells.strip, window.rows)
    share = cells.units * (people_at(row, cells.col) / (CELL_UNITS * window.sublines))[:, None]
    counts = share.astype(np.float32)
    if everybody:
        counts = np.concatenate([counts[:, :1], counts], axis=1)
    keep = counts[:, 1] > 0
    return BandCells(
        commune[zone[keep]].astype(np.int32),
        (row[keep] + window.row0).astype(np.int32),
        (cells.col[keep] + window.col0).astype(np.int32),
        counts[keep, 0],
        counts[keep, 1:],
    )


def _status_steps(
    strip: NDArray[np.int64], x0: NDArray[np.int64], x1: NDArray[np.int64], status: NDArray[np.bool_]
) -> Steps:
    """Find the steps where a commune's stretches start or stop having a status; bool (columns, k)."""
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
