"""A look at the cells before any layer is counted: where communes end in them, and who lives there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..burn.cells import cell_runs, span_steps
from ..burn.spans import CELL_UNITS, FRACTION_BITS
from .bands import band_count, band_spans, read_band
from .land import LEAST_LAND_SHARE, Window, cut_cells, full_cell, land_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.cells import CellRuns, Cells
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from .join import Band
    from .sources import RasterPeople

MOST_AT_BORDER = 1 / 1000
"""Of a commune's people: so many may a line across a cell carry where a commune ends in the cell."""
MOST_INSIDE = 1 / 100
"""The same for cells in which only layers end."""
_NEARLY_LAND = 0.9  # of a cell: the rest may be a gap between outlines
_X_BITS = 31
_MANY_CELLS = 20_000_000  # of a grid: there a quarter of the rows tells how many people a commune has
_ROWS, _OF_ROWS = 4, 16  # that are looked at then, in blocks
_ALL_ROWS = 64


class EdgeCells(NamedTuple):
    """Cells partly outside of all communes, as far as the sub-lines see it.

    Attributes
    ----------
    cell
        int64 (k,), ascending: ``row * grid.width + column``.
    land
        float64 (k,): share of the cell that is known land; 0 where no sub-line meets any.
    people
        float64 (k,): people of the cell; 0 where there is no data.
    least
        float64 (k,): people of the smallest commune that ends in the cell; infinite where no line sees an end.
    """

    cell: NDArray[np.int64]
    land: NDArray[np.float64]
    people: NDArray[np.float64]
    least: NDArray[np.float64]

    def denser(self) -> NDArray[np.float64]:
        """Say how much denser people live on the land of each cell than in the whole cell."""
        return 1.0 / np.maximum(self.land, LEAST_LAND_SHARE)

    def with_land(self, beside: Spans, grid: Grid) -> EdgeCells:
        """Take other land, disjoint from the communes, for known land as well."""
        runs = cell_runs(span_steps(beside.line // grid.sublines, beside.x0, beside.x1), 1)
        units = runs.at(*np.divmod(self.cell, grid.width), grid.width)[:, 0]
        return self._replace(land=np.minimum(1.0, self.land + units / full_cell(grid.sublines)))


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the cells found.

    Attributes
    ----------
    edge
        The edge cells.
    crowded
        int64 (n,): cells inside the communes' ground of which a line carries more of a commune's people than
        :data:`MOST_AT_BORDER` or :data:`MOST_INSIDE` allow.
    at_edge
        float64 (communes,): about which share of each commune's ground lies in cells that are less than nine
        tenths known land.
    """

    edge: EdgeCells
    crowded: NDArray[np.int64]
    at_edge: NDArray[np.float64]


def people_about(people: RasterPeople, zones: Spans, communes: int) -> NDArray[np.float64]:
    """Say about how many people each commune has, by the share of cells.

    In a large grid a quarter of the rows tells. A commune between those that are looked at has as many people as
    its ground has on average in the whole country.

    Parameters
    ----------
    people
        People per cell in grid coordinates.
    zones
        Spans with owners from 0 to ``communes - 1``.
    communes
        How many there are.

    Raises
    ------
    ValueError
        The spans have no owners.
    """
    if zones.owner is None:
        raise ValueError("communes need owners")
    grid = people.grid
    large = grid.height * grid.width > _MANY_CELLS
    take, period = (_ROWS, _OF_ROWS) if large else (_ALL_ROWS, _ALL_ROWS)
    counted, seen = np.zeros((2, communes))
    for row0 in range(0, grid.height, period):
        rows = min(take, grid.height - row0)
        here = zones.rows(row0 * grid.sublines, (row0 + rows) * grid.sublines)
        if not len(here) or here.owner is None:
            continue
        window = np.nan_to_num(people.read(row0, rows, 0, grid.width))
        summed = np.zeros((rows, grid.width + 2))
        np.cumsum(window, axis=1, out=summed[:, 1:-1])
        summed[:, -1] = summed[:, -2]
        row = here.line // grid.sublines - row0
        until = []
        for x in (here.x0, here.x1):
            col = x >> FRACTION_BITS
            before = summed[row, col]
            until.append(before + (summed[row, col + 1] - before) * ((x & (CELL_UNITS - 1)) / CELL_UNITS))
        counted += np.bincount(here.owner, until[1] - until[0], communes)
        seen += np.bincount(here.owner, here.x1 - here.x0, communes)
    length = np.bincount(zones.owner, zones.x1 - zones.x0, communes)
    everywhere = counted.sum() / max(1.0, seen.sum())
    about: NDArray[np.float64] = np.where(seen > 0, counted / np.maximum(seen, 1.0), everywhere) * length
    return about / grid.sublines


def look_at_cells(
    people: RasterPeople,
    zones: Spans,
    about: NDArray[np.float64],
    touched: NDArray[np.int64],
    *,
    crowded: bool,
) -> Look:
    """Look at every cell in which a commune has ground.

    Parameters
    ----------
    people
        People per cell in grid coordinates.
    zones
        Spans of the communes, with owners.
    about
        float64 (communes,): about how many people each has.
    touched
        int64 (k,), ascending: ``row * grid.width + column`` of the cells through which outlines run; they are
        edge cells as well where no sub-line meets ground.
    crowded
        Look for crowded cells.

    Raises
    ------
    ValueError
        The spans have no owners.
    """
    grid = people.grid
    ground, outer = np.zeros((2, len(about)))
    nothing = np.zeros(0, np.int64)
    edges, found = [_missed(nothing)], [nothing]
    for index in range(band_count(grid)):
        _, band = read_band(index, people, grid, zones, [], "share", None)
        row0, rows, _, _ = band_spans(index, grid, zones, [])
        here = touched[slice(*np.searchsorted(touched, np.array([row0, row0 + rows]) * grid.width).tolist())]
        if band is None:
            edges.append(_missed(here))
            continue
        view = _View.of(band, grid, about)
        edges.append(view.edge_cells(here))
        if crowded:
            found += [view.crowded_at_borders(), view.crowded_inside()]
        view.add_ground(ground, outer)
    edge = EdgeCells(*(np.concatenate(parts) for parts in zip(*edges, strict=True)))
    edge = edge._replace(people=np.nan_to_num(people.at(edge.cell)))
    return Look(edge, np.unique(np.concatenate(found)), outer / np.maximum(ground, 1))


def _missed(cell: NDArray[np.int64]) -> EdgeCells:
    """Give cells in which no sub-line meets ground, without their people."""
    nothing = np.zeros(len(cell))
    return EdgeCells(cell, nothing, nothing, np.full(len(cell), np.inf))


@dataclass(frozen=True, slots=True)
class _View:
    """A band with what is needed to look at its cells.

    ``row`` int64 (k,) is the row of each span in the window; ``least`` float64 (rows, cols) are people of the
    smallest commune that ends in a cell.
    """

    band: Band
    grid: Grid
    window: Window
    owner: NDArray[np.int32]
    about: NDArray[np.float64]
    row: NDArray[np.int64]
    land: CellRuns
    cut: Cells
    least: NDArray[np.float64]

    @classmethod
    def of(cls, band: Band, grid: Grid, about: NDArray[np.float64]) -> _View:
        """Find the edge cells of a band, and which communes end in which cells."""
        zones = band.communes
        if zones.owner is None:
            raise ValueError("communes need owners")
        rows, cols = band.people.shape
        window = Window(band.row0, band.col0, rows, cols, band.sublines)
        row = (zones.line // band.sublines - band.row0).astype(np.int64)
        land = land_runs(zones, window)
        least = np.full((rows, cols + 1), np.inf)
        people = about[zones.owner]
        for x in (zones.x0, zones.x1):
            ends = x & (CELL_UNITS - 1) != 0
            col = (x[ends] >> FRACTION_BITS) - band.col0
            np.minimum.at(least, (row[ends], col), people[ends])
        cut = cut_cells(land, band.sublines)
        return cls(band, grid, window, zones.owner, about, row, land, cut, least[:, :-1])

    def _numbers(self, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give cells of the window the numbers they have in the grid."""
        numbers: NDArray[np.int64] = (row + self.window.row0) * self.grid.width + col + self.window.col0
        return numbers

    def edge_cells(self, touched: NDArray[np.int64]) -> EdgeCells:
        """Give the edge cells, without their people; ``touched`` are all cells through which outlines run."""
        row, col = np.divmod(touched, self.grid.width)
        row, col = row - self.window.row0, col - self.window.col0
        inside = (col >= 0) & (col < self.window.cols)
        met = inside & (self.land.at(row, np.where(inside, col, 0), self.window.cols)[:, 0] > 0)
        seen = EdgeCells(
            self._numbers(self.cut.strip, self.cut.col),
            self.cut.units[:, 0] / full_cell(self.window.sublines),
            np.zeros(len(self.cut.col)),
            self.least[self.cut.strip, self.cut.col],
        )
        both = [np.concatenate(parts) for parts in zip(seen, _missed(touched[~met]), strict=True)]
        order = np.argsort(both[0])
        return EdgeCells(*(values[order] for values in both))

    def crowded_at_borders(self) -> NDArray[np.int64]:
        """Find the cells in which a commune ends and a line carries too many of its people."""
        limit = np.where(np.isinf(self.least), np.inf, self.least * (MOST_AT_BORDER * self.window.sublines))
        return self._numbers(*np.nonzero(self.band.people > limit))

    def crowded_inside(self) -> NDArray[np.int64]:
        """Find the cells of which a line carries too many of a commune's people, wherever the commune ends."""
        most = MOST_INSIDE * self.window.sublines
        lowest = float(self.about[np.unique(self.owner)].min()) * most
        row, col = np.nonzero(self.band.people > lowest)
        zones, middle = self.band.communes, self.window.sublines // 2
        start = zones.line.astype(np.int64) << _X_BITS | zones.x0
        line = (row + self.window.row0) * self.window.sublines + middle
        place = line << _X_BITS | (col + self.window.col0) * CELL_UNITS + CELL_UNITS // 2
        span = np.maximum(np.searchsorted(start, place, side="right") - 1, 0)
        owned = (zones.line[span] == line) & (place - start[span] < (zones.x1 - zones.x0)[span])
        keep = owned & (self.band.people[row, col] > most * self.about[self.owner[span]])
        return self._numbers(row[keep], col[keep])

    def add_ground(self, ground: NDArray[np.float64], outer: NDArray[np.float64]) -> None:
        """Add the length of spans, and what of it lies in cells with other than land, to sums per commune."""
        rows, cols = self.least.shape
        before = np.zeros((rows, cols + 1), np.int64)
        open_water = self.cut.units[:, 0] < _NEARLY_LAND * full_cell(self.window.sublines)
        before[self.cut.strip[open_water], self.cut.col[open_water] + 1] = 1
        np.cumsum(before, axis=1, out=before)
        zones, shift = self.band.communes, self.window.col0
        first, last = (zones.x0 >> FRACTION_BITS) - shift, ((zones.x1 - 1) >> FRACTION_BITS) - shift
        met = before[self.row, last + 1] - before[self.row, first]
        length = (zones.x1 - zones.x0).astype(np.int64)
        ground += np.bincount(self.owner, length, len(ground))
        outer += np.bincount(self.owner, np.minimum(length, met * CELL_UNITS), len(outer))
