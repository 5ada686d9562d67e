"""People per commune and combination of layers, one band of rows after the other."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .join import Band, BandCells, join_band, join_whole
from .memory import give_back
from .rejoin import BandState, rejoin
from .spans import CELL_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from .band_store import BandKey, BandStore
    from .grid import Grid, Raster
    from .join import BandResult, EdgeCells, Groups
    from .spans import Spans

    _Later = Callable[[], tuple[float, BandResult | None]]

BAND_LINES = 512  # sub-lines per band; fixed, because the order of sums must not depend on the machine
MOST_LAYERS = 64


class PeopleSource(Protocol):
    """People per cell, in grid coordinates."""

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window; NaN where there is no data."""


@dataclass(frozen=True, slots=True)
class RasterPeople:
    """The people of a population raster, cell by cell of a grid."""

    raster: Raster
    grid: Grid

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window in grid coordinates; NaN where there is no data."""
        return self.raster.read(row0 + self.grid.raster_row0, rows, col0 + self.grid.raster_col0, cols)

    def beyond_grid(self) -> float:
        """People of the raster in cells that the grid does not have."""
        top, left = self.grid.raster_row0, self.grid.raster_col0
        bottom, right = top + self.grid.height, left + self.grid.width
        height, width = self.raster.height, self.raster.width
        middle0, middle1 = min(max(top, 0), height), min(max(bottom, 0), height)
        return (
            self._sum(0, middle0, 0, width)
            + self._sum(middle1, height, 0, width)
            + self._sum(middle0, middle1, 0, min(max(left, 0), width))
            + self._sum(middle0, middle1, min(max(right, 0), width), width)
        )

    def _sum(self, row0: int, row1: int, col0: int, col1: int) -> float:
        if col1 <= col0:
            return 0.0
        return sum(
            float(np.nansum(self.raster.read(row, min(256, row1 - row), col0, col1 - col0)))
            for row in range(row0, row1, 256)
        )


@dataclass(frozen=True, slots=True)
class AreaPeople:
    """Every square kilometre counts as one person: spreads official totals evenly over ground."""

    grid: Grid

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """Area of the cells of a window, square kilometres; never NaN."""
        row = np.arange(row0, row0 + rows)[:, None]
        if self.grid.crs.is_geographic:  # all cells of a row are alike
            return np.broadcast_to(self.grid.cell_area_km2(row, np.zeros((1, 1))), (rows, cols)).copy()
        return self.grid.cell_area_km2(row, np.arange(col0, col0 + cols)[None, :])


@dataclass(frozen=True, slots=True)
class FailingCells:
    """Failing people per commune and cell where anybody fails the profile; sorted by commune, row, col.

    Attributes
    ----------
    commune, row, col
        int32 (k,): commune row index, grid row and column.
    people
        float32 (k,): all people of that commune in that cell.
    failing
        float32 (k, g): people of each group; group 0 fails the profile, and has some in every cell listed.
    """

    commune: NDArray[np.int32]
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    people: NDArray[np.float32]
    failing: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Overlay:
    """People per commune and combination of layers.

    Attributes
    ----------
    masks
        uint64 (m,): combinations of layer bits that occur inside communes, ascending.
    people
        float64 (n_communes, m).
    has_population
        bool (n_communes,): the commune has a share in at least one cell with data.
    people_outside
        People of the raster in no commune; ``people.sum() + people_outside == people_raster``.
    people_raster
        All people of the raster.
    cells
        Failing people per commune and cell; empty without groups.
    """

    masks: NDArray[np.uint64]
    people: NDArray[np.float64]
    has_population: NDArray[np.bool_]
    people_outside: float
    people_raster: float
    cells: FailingCells


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
    progress: Callable[[float, str], None] | None = None,
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
            progress((done + 1) / band_count(grid), "overlay")
    if store is not None:
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

    def begin(self, index: int) -> _Later:
        """Read what a band needs, and say how to compute it."""
        if self.store is None:
            found, band = self._read(index)
            return lambda: (found, None if band is None else join_band(band))
        key, here = self._key(self.store, index)
        kept = self.store.load(index, key)
        if kept is not None:
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


class Total:
    """Adds up bands in their order, so that the sums are the same however the bands were computed."""

    def __init__(self, n_communes: int) -> None:
        self._column: dict[int, int] = {}  # of each mask
        self._people = np.zeros((n_communes, 0))
        self._has_data = np.zeros(n_communes, bool)
        self._found = 0.0
        self._outside = 0.0
        self._parts: list[BandCells] = []

    def add(self, found: float, result: BandResult | None) -> None:
        """Add one band: all people of its rows, and what the communes have of them."""
        self._found += found
        if result is None:
            self._outside += found
            return
        self._outside += found - float(result.people.sum())
        self._has_data[result.commune] |= result.has_data
        columns = [self._column.setdefault(mask, len(self._column)) for mask in result.masks.tolist()]
        missing = len(self._column) - self._people.shape[1]
        if missing > 0:  # room for as many again, so that this happens seldom
            self._people = np.pad(self._people, ((0, 0), (0, missing + self._people.shape[1])))
        self._people[result.commune[:, None], columns] += result.people
        if result.cells is not None:
            self._parts.append(result.cells)

    def overlay(self, beyond: float, groups: Groups | None) -> Overlay:
        """Everything added so far; ``beyond`` people live in raster cells that the grid does not have."""
        masks = np.array(sorted(self._column), dtype=np.uint64)
        people = self._people[:, [self._column[mask] for mask in masks.tolist()]]
        count = 0 if groups is None else len(groups(np.zeros(1, np.uint64)))
        return Overlay(
            masks, people, self._has_data, self._outside + beyond, self._found + beyond, self._sorted(count)
        )

    def _sorted(self, groups: int) -> FailingCells:
        """Put the cells of all bands into the communes' order.

        The cells of a country may take a gigabyte: the pieces of a column are given up as they are copied.
        """
        nothing = np.zeros(0, np.int32)
        empty = BandCells(
            nothing, nothing, nothing, np.zeros(0, np.float32), np.zeros((0, groups), np.float32)
        )
        columns = [deque(values) for values in zip(empty, *self._parts, strict=True)]
        self._parts.clear()
        # the bands come from north to south, each sorted
        order = np.argsort(np.concatenate(columns[0]), kind="stable")
        small = np.int32 if len(order) < 1 << 31 else np.int64
        place: NDArray[np.integer] = np.empty(len(order), dtype=small)
        place[order] = np.arange(len(order))
        del order
        failing, people, col, row, commune = (_placed(column, place) for column in reversed(columns))
        return FailingCells(commune, row, col, people, failing)


def _placed(pieces: deque[NDArray[Any]], place: NDArray[np.integer]) -> NDArray[Any]:
    """Put the entries of pieces, one piece after the other, where they belong, and give the pieces up."""
    whole = np.empty((len(place), *pieces[0].shape[1:]), pieces[0].dtype)
    done = 0
    while pieces:
        piece = pieces.popleft()
        whole[place[done : done + len(piece)]] = piece
        done += len(piece)
    give_back()
    return whole
