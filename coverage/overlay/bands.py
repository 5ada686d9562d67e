"""People per commune and combination of layers, one band of rows after the other."""

from __future__ import annotations

import logging
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ...data.text.sentences import told
from ..burn.spans import CELL_UNITS
from .join import Band, join_band, join_whole
from .rejoin import BandState, rejoin
from .sources import PeopleSource, RasterPeople
from .totals import Overlay, Total

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ...progress import Progress
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from .join import BandResult, EdgeCells, Groups
    from .store import BandKey, BandStore

    _Later = Callable[[], tuple[float, BandResult | None]]

log = logging.getLogger("blackspot")

BAND_LINES = 512  # sub-lines per band; fixed, because the order of sums must not depend on the machine
MOST_LAYERS = 64  # a mask is one unsigned 64-bit number


def overlay(  # noqa: PLR0913 - the one door to the engine: sources, rules and how to run
    people: PeopleSource,
    grid: Grid,
    communes: Spans,
    layers: Sequence[Spans],
    *,
    n_communes: int,
    edge_cells: EdgeCells,
    groups: Groups | None,
    threads: int = 1,
    store: BandStore | None = None,
    progress: Progress = None,
) -> Overlay:
    """Sum people per commune and combination of layers, in bounded memory.

    Parameters
    ----------
    people
        People per cell in grid coordinates.
    grid
        The grid the spans were burned on.
    communes
        Spans with owners from 0 to ``n_communes - 1``.
    layers
        At most 64 layers; layer i is bit i of the masks.
    n_communes
        How many communes there are, with or without spans.
    edge_cells
        ``land``: people of a cell that lies partly outside every commune belong wholly to the communes
        in it (below 1/256 of the cell inside, in proportion, so that slivers decide nothing). ``share``:
        they are left outside in proportion to the area.
    groups
        Maps masks uint64 (m,) to bool (g, m): the groups of failing people to keep cell by cell, where
        anybody is in the first one; None keeps no cells.
    threads
        Bands computed at the same time; the result is the same for any number.
    store
        Keeps the bands' results between runs: only bands whose spans have changed are read and joined,
        with the same result to the byte. None keeps nothing.
    progress
        Told the share done and a word, from 0 to 1.

    Raises
    ------
    ValueError
        More than 64 layers, or commune spans without owners.
    """
    check_layers(layers)
    total = Total(n_communes)
    bands = _Bands(people, grid, communes, layers, edge_cells, groups, store)
    for done, (found, result) in enumerate(_results(bands, threads)):
        total.add(found, result)
        if progress is not None:
            progress((done + 1) / band_count(grid), told("progress", "counting"))
    if store is not None:
        log.debug(told("reading", "bands", kept=len(bands.kept), count=band_count(grid)))
        store.prune(band_count(grid))
    beyond = people.beyond_grid() if isinstance(people, RasterPeople) else 0.0
    return total.overlay(beyond, groups)


def check_layers(layers: Sequence[Spans]) -> None:
    """Refuse more layers than a mask has bits.

    Raises
    ------
    ValueError
        There are more than 64.
    """
    if len(layers) > MOST_LAYERS:
        raise ValueError(f"{len(layers)} layers do not fit the {MOST_LAYERS} bits of a mask")


def band_count(grid: Grid) -> int:
    """How many bands a grid has."""
    return -(-grid.height // _band_rows(grid))


def _band_rows(grid: Grid) -> int:
    return max(1, BAND_LINES // grid.sublines)


def read_band(
    index: int,
    people: PeopleSource,
    grid: Grid,
    communes: Spans,
    layers: Sequence[Spans],
    edge_cells: EdgeCells,
    groups: Groups | None,
) -> tuple[float, Band | None]:
    """Read what band number ``index`` needs: all people of its rows, and the band if a commune is in it."""
    row0, rows, ground, here = band_spans(index, grid, communes, layers)
    window = people.read(row0, rows, 0, grid.width)
    known = ~np.isnan(window)
    if not len(ground):
        return float(window[known].sum()), None
    col0 = int(ground.x0.min()) // CELL_UNITS
    col1 = -(-int(ground.x1.max()) // CELL_UNITS)
    found = sum(float(window[:, side][known[:, side]].sum()) for side in (slice(col0), slice(col1, None)))
    known = known[:, col0:col1]
    window = np.where(known, window[:, col0:col1], 0.0)
    found += float(window.sum())
    return found, Band(row0, col0, window, known, grid.sublines, ground, here, edge_cells, groups)


def band_spans(
    index: int, grid: Grid, communes: Spans, layers: Sequence[Spans]
) -> tuple[int, int, Spans, list[Spans]]:
    """Say where band number ``index`` lies: first row, rows, and the communes' and layers' spans in it."""
    row0 = index * _band_rows(grid)
    rows = min(_band_rows(grid), grid.height - row0)
    line0, line1 = row0 * grid.sublines, (row0 + rows) * grid.sublines
    return row0, rows, communes.rows(line0, line1), [layer.rows(line0, line1) for layer in layers]


@dataclass(frozen=True, slots=True)
class _Bands:
    """Everything that the bands of one overlay have in common."""

    people: PeopleSource
    grid: Grid
    communes: Spans
    layers: Sequence[Spans]
    edge_cells: EdgeCells
    groups: Groups | None
    store: BandStore | None
    kept: list[int] = field(default_factory=list)

    def begin(self, index: int) -> _Later:
        """Read what a band needs, and say how to compute it."""
        if self.store is None:
            found, band = self._read(index)
            return lambda: (found, None if band is None else join_band(band))
        key, here = self._key(self.store, index)
        kept = self.store.load(index, key)
        if kept is not None:
            self.kept.append(index)
            return lambda: kept
        before = self.store.load_state(index, key)
        if before is not None:
            return partial(_put_in, self.store, index, key, *before, here, self.groups)
        found, band = self._read(index)
        return partial(_join_and_keep, self.store, index, key, found, band)

    def _read(self, index: int) -> tuple[float, Band | None]:
        return read_band(
            index, self.people, self.grid, self.communes, self.layers, self.edge_cells, self.groups
        )

    def _key(self, store: BandStore, index: int) -> tuple[BandKey, list[Spans]]:
        _, _, ground, here = band_spans(index, self.grid, self.communes, self.layers)
        return store.key(self.grid, ground, here, self.edge_cells, cells=self.groups is not None), here


def _put_in(
    store: BandStore,
    index: int,
    key: BandKey,
    state: BandState,
    bit: int,
    layers: Sequence[Spans],
    groups: Groups | None,
) -> tuple[float, BandResult | None]:
    """Put the one changed layer into a band that was joined before."""
    found, result = float(state.found), rejoin(state, bit, layers[bit], groups)
    store.save(index, key, found, result)
    return found, result


def _join_and_keep(
    store: BandStore, index: int, key: BandKey, found: float, band: Band | None
) -> tuple[float, BandResult | None]:
    """Join a band, and keep its result and what it takes to put another layer in."""
    if band is None:
        store.save(index, key, found, None)
        return found, None
    joined = join_whole(band)
    store.save(index, key, found, joined.result)
    if band.layers:
        store.save_state(index, key, BandState.of(found, band, joined))
    return found, joined.result


def _results(bands: _Bands, threads: int) -> Iterator[tuple[float, BandResult | None]]:
    """Results of all bands in order; reading happens here, computing in ``threads`` threads."""
    with ThreadPoolExecutor(max(1, threads)) as pool:
        waiting: deque[_Later] = deque()
        for index in range(band_count(bands.grid)):
            later = bands.begin(index)
            waiting.append(later if threads <= 1 else pool.submit(later).result)
            if threads <= 1 or len(waiting) > 2 * threads:
                yield waiting.popleft()()
        for later in waiting:
            yield later()
