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


class _Stretches(NamedTuple):
    """Consecutive stretches of sub-lines inside communes: ``x0 <= x < x1`` relative to the window."""

    row: NDArray[np.int64]
    x0: NDArray[np.int64]
    x1: NDArray[np.int64]
    zone: NDArray[np.int64]
    mask: NDArray[np.uint64]


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
    line0 = band.row0 * band.sublines
    shift = band.col0 * CELL_UNITS
    width = band.people.shape[1] * CELL_UNITS
    x_bits = width.bit_length()
    step_bits = (2 * (zones + len(band.layers)) - 1).bit_length()

    def place(line: NDArray[np.int32], x: NDArray[np.int32]) -> NDArray[np.int64]:
        clipped = np.clip(x.astype(np.int64) - shift, 0, width)
        placed: NDArray[np.int64] = ((line.astype(np.int64) - line0) << x_bits | clipped) << step_bits
        return placed

    # steps 0 to z - 1 enter a commune, z to 2z - 1 leave it, then each layer starts and ends
    communes = band.communes
    events = [place(communes.line, communes.x0) | zone, place(communes.line, communes.x1) | (zone + zones)]
    for bit, layer in enumerate(band.layers):
        events.append(place(layer.line, layer.x0) | (2 * (zones + bit)))
        events.append(place(layer.line, layer.x1) | (2 * (zones + bit) + 1))
    event = np.concatenate(events)
    event.sort(kind="stable")  # these are sorted runs, which the stable sort merges
    step = event & ((1 << step_bits) - 1)
    zone_step, mask_step = _step_tables(zones, len(band.layers))
    zone_now = np.cumsum(zone_step[step])
    mask_now = np.cumsum(mask_step[step], dtype=np.uint64)
    event >>= step_bits
    x = event & ((1 << x_bits) - 1)
    inside = np.flatnonzero((zone_now[:-1] > 0) & (event[1:] > event[:-1]))
    row = (event[inside] >> x_bits) // band.sublines
    return _Stretches(row, x[inside], x[inside + 1], zone_now[inside] - 1, mask_now[inside])


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
    summed = np.zeros((rows, cols + 2))  # one column before and one behind the cells
    np.cumsum(people, axis=1, out=summed[:, 1:-1])
    summed[:, -1] = summed[:, -2]
    flat = summed.ravel()

    def until(x: NDArray[np.int64]) -> NDArray[np.float64]:
        cell = stretches.row * (cols + 2) + (x >> FRACTION_BITS)
        before = flat[cell]
        part: NDArray[np.float64] = (x & (CELL_UNITS - 1)) / CELL_UNITS
        people_until: NDArray[np.float64] = before + (flat[cell + 1] - before) * part
        return people_until

    return np.maximum(until(stretches.x1) - until(stretches.x0), 0.0)


def _touch_data(known: NDArray[np.bool_], stretches: _Stretches, zones: int) -> NDArray[np.bool_]:
    """Say which communes have a share in a cell with data."""
    rows, cols = known.shape
    summed = np.zeros((rows, cols + 1), np.int64)
    np.cumsum(known, axis=1, out=summed[:, 1:])
    last = (stretches.x1 - 1) >> FRACTION_BITS
    first = stretches.x0 >> FRACTION_BITS
    touches = summed[stretches.row, last + 1] > summed[stretches.row, first]
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
    strip = stretches.zone * rows + stretches.row
    follows = np.zeros(len(strip), bool)  # the stretch continues the one before it
    follows[1:] = (strip[1:] == strip[:-1]) & (stretches.x0[1:] == stretches.x1[:-1])
    strips, places, columns, signs = [], [], [], []
    for column, on in enumerate(status):
        joined = follows.copy()
        joined[1:] &= on[:-1]
        first = np.flatnonzero(on & ~joined)
        ends = on.copy()
        ends[:-1] &= ~(follows[1:] & on[1:])
        last = np.flatnonzero(ends)
        strips += [strip[first], strip[last]]
        places += [stretches.x0[first], stretches.x1[last]]
        columns.append(np.full(2 * len(first), column, np.int64))
        signs += [np.ones(len(first), np.int64), np.full(len(last), -1, np.int64)]
    return Steps(*(np.concatenate(pieces) for pieces in (strips, places, columns, signs)))
