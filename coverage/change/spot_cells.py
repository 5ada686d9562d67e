"""Which cells the clusters of black spots of a run are made of, from the people it kept cell by cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import pyproj

from ...data.geodesy.crs import LONLAT
from ...data.geodesy.transformers import transformer_between
from ..blackspots.find import is_enough
from ..blackspots.lattice import Lattice
from .lacking_cells import PROFILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lacking_cells import LackingCells

_NOWHERE: Final = -1


class ClusterCells(NamedTuple):
    """Cells of clusters.

    Attributes
    ----------
    cluster
        object (k,): id of the cluster.
    code
        object (k,): its commune.
    row, col
        int64 (k,): the cell.
    """

    cluster: NDArray[np.object_]
    code: NDArray[np.object_]
    row: NDArray[np.int64]
    col: NDArray[np.int64]

    def shifted(self, rows: int, cols: int) -> ClusterCells:
        """Give the same cells by the rows and columns of another grid."""
        return self._replace(row=self.row + rows, col=self.col + cols)


def cluster_cells(cells: LackingCells, spots: pd.DataFrame, min_cell_share: float) -> ClusterCells | None:
    """Find the cells of the clusters of a run.

    Parameters
    ----------
    cells
        What the run kept.
    spots
        Its black spots: ``code``, ``cluster_id``, and ``lon`` and ``lat`` of a cell of each.
    min_cell_share
        The rule of the run: which share of a cell's people must fail.

    Returns
    -------
    ClusterCells or None
        None where a spot lies in no such cell: then the file is of another run's rules.
    """
    failing = cells.people[PROFILE].astype(np.float32)
    enough = np.flatnonzero(is_enough(failing, cells.everybody.astype(np.float32), min_cell_share))
    commune, codes = pd.factorize(cells.code[enough])
    row, col = cells.row[enough], cells.col[enough]
    order = np.lexsort((col, row, commune))
    commune, row, col = commune[order], row[order], col[order]
    labels = Lattice(*(one.astype(np.int32) for one in (commune, row, col))).clusters(diagonal=True)
    spot_row, spot_col = _cells_at(cells, spots)
    at = _positions(
        (commune, row, col), (pd.Index(codes).get_indexer(pd.Index(spots["code"])), spot_row, spot_col)
    )
    if (at == _NOWHERE).any():
        return None
    names = np.full(int(labels.max(initial=-1)) + 1, None, object)
    names[labels[at]] = spots["cluster_id"].to_numpy()
    named = names[labels]
    kept = np.array([name is not None for name in names], bool)[labels]
    return ClusterCells(named[kept], np.asarray(codes, object)[commune[kept]], row[kept], col[kept])


def _cells_at(cells: LackingCells, spots: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the row and column of the grid that the place of each spot lies in."""
    lon, lat = (spots[name].to_numpy(float) for name in ("lon", "lat"))
    crs = pyproj.CRS.from_wkt(cells.grid.crs)
    x, y = (lon, lat) if crs.equals(LONLAT) else transformer_between(LONLAT, crs).transform(lon, lat)
    step_x, _, left, _, step_y, top = cells.grid.transform
    row = np.floor((np.asarray(y) - top) / step_y).astype(np.int64)
    return row, np.floor((np.asarray(x) - left) / step_x).astype(np.int64)


def _positions(
    there: tuple[NDArray[np.integer], ...], wanted: tuple[NDArray[np.integer], ...]
) -> NDArray[np.int64]:
    """Find cells of communes among others, ``_NOWHERE`` where they are not."""
    every = pd.MultiIndex.from_arrays(there)
    found: NDArray[np.int64] = every.get_indexer(pd.MultiIndex.from_arrays(wanted)).astype(np.int64)
    return found
