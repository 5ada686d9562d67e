"""Where the people of a window come from: a raster of people, in a file or in memory, or true areas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from typing import Any

    import pyproj
    from affine import Affine
    from numpy.typing import NDArray

    from ..burn.grid import Grid, Raster


_ROWS_TOGETHER = 256  # read for single cells


class PeopleSource(Protocol):
    """People per cell, in grid coordinates."""

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window; NaN where there is no data."""


@dataclass(frozen=True, slots=True)
class RasterPeople:
    """The people of a population raster, cell by cell of a grid.

    Attributes
    ----------
    raster
        The raster.
    grid
        The grid.
    taken
        int64 (k,), ascending: ``row * grid.width + column`` of cells that are counted elsewhere. Nobody lives
        there here, and :meth:`beyond_grid` does not know their people either. None takes no cell out.
    """

    raster: Raster
    grid: Grid
    taken: NDArray[np.int64] | None = None

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window in grid coordinates; NaN where there is no data."""
        window = self.raster.read(row0 + self.grid.raster_row0, rows, col0 + self.grid.raster_col0, cols)
        if self.taken is None:
            return window
        first, stop = np.searchsorted(self.taken, np.array([row0, row0 + rows]) * self.grid.width)
        row, col = np.divmod(self.taken[first:stop], self.grid.width)
        here = (col >= col0) & (col < col0 + cols)
        row, col = row[here] - row0, col[here] - col0
        window = window.copy()
        window[row, col] = np.where(np.isnan(window[row, col]), np.nan, 0.0)
        return window

    def at(self, cells: NDArray[np.int64]) -> NDArray[np.float64]:
        """Give the people of single cells, ``row * grid.width + column``, ascending; NaN where there is no data."""
        people = np.full(len(cells), np.nan)
        row, col = np.divmod(cells, self.grid.width)
        cuts = np.flatnonzero(np.diff(row // _ROWS_TOGETHER, prepend=-1))
        for first, stop in pairwise([*cuts.tolist(), len(cells)]):
            rows, cols = row[first:stop], col[first:stop]
            row0, col0 = int(rows[0]), int(cols.min())
            window = self.read(row0, int(rows[-1]) - row0 + 1, col0, int(cols.max()) - col0 + 1)
            people[first:stop] = window[rows - row0, cols - col0]
        return people

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


@dataclass(frozen=True, slots=True, eq=False)
class ArrayRaster:
    """A raster of people that somebody holds in memory.

    Attributes
    ----------
    people
        (rows, columns) people per cell, of any real type, the northernmost row first; NaN, or masked, where
        there is no data.
    transform
        From (column, row) of cell corners to CRS coordinates; north-up.
    crs
        Its coordinate reference system.
    """

    people: NDArray[Any]
    transform: Affine
    crs: pyproj.CRS

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.people.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.people.shape[0])

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window; NaN where there is no data and outside the array."""
        window = np.full((rows, cols), np.nan)
        top, left = max(row0, 0), max(col0, 0)
        inside = self.people[top : max(row0 + rows, top), left : max(col0 + cols, left)]
        if inside.size:
            known = np.ma.filled(inside.astype(np.float64), np.nan)
            window[top - row0 :, left - col0 :][: known.shape[0], : known.shape[1]] = known
        return window


@dataclass(frozen=True, slots=True)
class DenserPeople:
    """People of another source, with some cells multiplied.

    Attributes
    ----------
    source
        The other source.
    cell
        int64 (k,), ascending: ``row * grid.width + column`` of the cells.
    factor
        float64 (k,): what their people are multiplied by.
    """

    source: RasterPeople
    cell: NDArray[np.int64]
    factor: NDArray[np.float64]

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window in grid coordinates; NaN where there is no data."""
        window = self.source.read(row0, rows, col0, cols).copy()
        width = self.source.grid.width
        here = slice(*np.searchsorted(self.cell, np.array([row0, row0 + rows]) * width).tolist())
        row, col = np.divmod(self.cell[here], width)
        inside = (col >= col0) & (col < col0 + cols)
        window[row[inside] - row0, col[inside] - col0] *= self.factor[here][inside]
        return window


@dataclass(frozen=True, slots=True)
class TablePeople:
    """People of a table of cells."""

    people: NDArray[np.float64]

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window inside the table; NaN where there is no data."""
        return self.people[row0 : row0 + rows, col0 : col0 + cols]


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
