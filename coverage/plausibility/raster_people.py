"""People per commune of a raster, without a run: sums along the spans of the communes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..burn.grid import Grid
from ..burn.polygons import burn_communes
from ..burn.spans import CELL_UNITS

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from ..burn.grid import Raster
    from ..burn.spans import Spans

_BAND_CELLS = 4_000_000  # bounds the memory of one band of rows


def people_per_commune(communes: gpd.GeoDataFrame, raster: Raster) -> NDArray[np.float64]:
    """Sum the people of a raster over communes; a cell cut by a border gives each side its share.

    Parameters
    ----------
    communes
        One row per commune.
    raster
        People per cell.

    Returns
    -------
    ndarray of float64, shape (n,)
        People; cells without data count as nobody.
    """
    grid = Grid.around(raster, communes.total_bounds.tolist())
    return people_on(burn_communes(communes, grid), grid, raster, len(communes))


def people_on(spans: Spans, grid: Grid, raster: Raster, count: int) -> NDArray[np.float64]:
    """Sum the people of a raster over spans that were burned already; see :func:`people_per_commune`.

    Parameters
    ----------
    spans
        Spans of the communes.
    grid
        The grid they were burned on, made of the raster's cells.
    raster
        People per cell.
    count
        How many communes there are.

    Returns
    -------
    ndarray of float64, shape (count,)
        People; cells without data count as nobody.
    """
    people = np.zeros(count)
    rows = max(1, _BAND_CELLS // grid.width)
    for row0 in range(0, grid.height, rows):
        height = min(rows, grid.height - row0)
        window = raster.read(grid.raster_row0 + row0, height, grid.raster_col0, grid.width)
        before = np.zeros((height, grid.width + 1))
        np.nancumsum(window, axis=1, out=before[:, 1:])
        band = spans.rows(row0 * grid.sublines, (row0 + height) * grid.sublines)
        if not len(band) or band.owner is None:
            continue
        row = band.line // grid.sublines - row0
        found = _until(before, row, band.x1) - _until(before, row, band.x0)
        people += np.bincount(band.owner, found / grid.sublines, count)
    return people


def _until(before: NDArray[np.float64], row: NDArray[np.int32], x: NDArray[np.int32]) -> NDArray[np.float64]:
    """People of a row west of a position."""
    cell = np.minimum(x // CELL_UNITS, before.shape[1] - 2)
    share = x / CELL_UNITS - cell
    people: NDArray[np.float64] = before[row, cell] * (1.0 - share) + before[row, cell + 1] * share
    return people
