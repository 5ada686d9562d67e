"""Distances to coverage, kept between runs cell by cell: a run measures only from cells no earlier run measured from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ....data.disk.kept import geometry_digest
from ...overlay.store import grid_content, spans_digest
from ..distance import distance_to_coverage_km

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ....data.disk.kept import KeptResults
    from ...burn.grid import Grid
    from ..distance import Coverage

    Cells = NDArray[np.int64]
    Floats = NDArray[np.float64]

_NAME: Final = "spot-distances"
_MOST_CELLS: Final = 1 << 17  # kept for one coverage; where there are more, only those of the last run


class KeptDistances:
    """Distances from cells of a grid to coverage, as far as they were measured before.

    Parameters
    ----------
    grid
        The grid of the cells.
    kept
        Where the distances of earlier runs are, and those of this one go.
    """

    def __init__(self, grid: Grid, kept: KeptResults) -> None:
        self._grid, self._kept = grid, kept
        self._content = grid_content(grid)
        self._before: Mapping[str, NDArray[Any]] = kept.find(_NAME, self._content) or {}
        self._after: dict[str, NDArray[Any]] = {}
        self._is_new = False

    def km(self, row: Cells, col: Cells, coverage: Coverage) -> Floats:
        """Measure from the centres of cells to the nearest covered ground.

        Parameters
        ----------
        row, col
            The cells, inside the grid.
        coverage
            The coverage.

        Returns
        -------
        ndarray of float64
            Kilometres, see :func:`~blackspot.coverage.blackspots.distance.distance_to_coverage_km`.
        """
        if self._kept.folder is None:
            return self._measured(row, col, coverage)
        name = _digest(coverage)
        cell, at = np.unique(row * self._grid.width + col, return_inverse=True)
        known, known_km = self._known(name)
        place = np.minimum(np.searchsorted(known, cell), max(len(known) - 1, 0))
        is_known = known[place] == cell if len(known) else np.zeros(len(cell), np.bool_)
        km = np.empty(len(cell))
        km[is_known] = known_km[place[is_known]]
        fresh = cell[~is_known]
        if len(fresh):
            below, right = np.divmod(fresh, self._grid.width)
            km[~is_known] = self._measured(below, right, coverage)
        self._note(name, np.concatenate([cell, known]), np.concatenate([km, known_km]), len(cell))
        self._is_new |= bool(len(fresh))
        return km[at]

    def keep(self) -> None:
        """Keep what was measured, where anything was."""
        if self._is_new:
            self._kept.keep(_NAME, self._content, self._after)

    def _known(self, name: str) -> tuple[Cells, Floats]:
        """Give the cells from which a coverage was measured to before, ascending, and how far it was."""
        if f"{name}.cell" not in self._before:
            return np.zeros(0, np.int64), np.zeros(0)
        return self._before[f"{name}.cell"], self._before[f"{name}.km"]

    def _note(self, name: str, cell: Cells, km: Floats, own: int) -> None:
        """Note distances for later runs: the first ``own`` are those of this run."""
        room = cell if len(cell) <= _MOST_CELLS else cell[:own]
        once, first = np.unique(room, return_index=True)
        self._after |= {f"{name}.cell": once, f"{name}.km": km[first]}

    def _measured(self, row: Cells, col: Cells, coverage: Coverage) -> Floats:
        return distance_to_coverage_km(self._grid.cell_centres_lonlat(row, col), coverage, self._grid)


def _digest(coverage: Coverage) -> str:
    """Hash all that decides how far a coverage is (SHA-256, hex)."""
    files = [
        part for file in coverage.files for part in (file.crs.to_wkt(), geometry_digest(file.geometries))
    ]
    return hashlib.sha256("\n".join([spans_digest(coverage.spans), *files]).encode()).hexdigest()
