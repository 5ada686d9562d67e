"""Outlines of black spots and their distances to coverage, kept between runs.

A changed limit of the profile leaves most black spots as they were, and most of the others begin in the same cells.
"""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..data.disk.kept import geometry_digest, packed, unpacked
from .blackspots.describe import measured_km
from .blackspots.outlines import drawn_outlines
from .overlay.store import grid_content, spans_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ..data.disk.kept import KeptResults
    from .blackspots.distance import Coverage
    from .blackspots.lattice import Lattice
    from .burn.grid import Grid

    Indices = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Objects = NDArray[np.object_]

_OUTLINES: Final = "spot-outlines"
_DISTANCES: Final = "spot-distances"
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
_MOST_CELLS: Final = 1 << 17  # kept with their distance to one coverage; of more only those of this run


class KeptOutlines:
    """Outlines of spots, spot by spot: only those of other cells are drawn anew.

    Parameters
    ----------
    grid
        The grid of the cells.
    shapes
        Valid polygons of all communes in EPSG:4326.
    shapes_digest
        Hash of ``shapes``; without one nothing is kept.
    kept
        Where the outlines of earlier runs are, and those of this one go.
    """

    def __init__(self, grid: Grid, shapes: Objects, shapes_digest: str, kept: KeptResults) -> None:
        self._grid, self._shapes, self._kept = grid, shapes, kept
        self._content = (*grid_content(grid), shapes_digest)
        self._keeps = kept.folder is not None and bool(shapes_digest)
        found = kept.find(_OUTLINES, self._content) if self._keeps else None
        self._drawn = np.zeros(0, object) if found is None else unpacked(found)
        self._number = {} if found is None else _numbers(found["digest"].tobytes())
        self._after: list[tuple[list[bytes], Objects]] = []
        self._is_new = False

    def of(self, lattice: Lattice, spot: Indices, owner: Indices, own_km2: Floats) -> Objects:
        """Draw spots as multipolygons, cut off where their commune ends.

        Parameters
        ----------
        lattice
            The cells.
        spot
            The spot of each cell, numbered from 0 without gaps.
        owner
            The commune of each spot, as an index into the shapes.
        own_km2
            The commune's own ground in the cells of each spot.

        Returns
        -------
        ndarray
            What :func:`~blackspot.coverage.blackspots.outlines.drawn_outlines` gives for each spot.
        """
        if not self._keeps:
            return self._fresh(lattice, spot, owner, own_km2)
        digests = _digests(lattice, spot, owner, own_km2)
        number = np.array([self._number.get(digest, -1) for digest in digests], np.int64)
        known, other = np.flatnonzero(number >= 0), np.flatnonzero(number < 0)
        drawn = np.empty(len(digests), object)
        drawn[known] = self._drawn[number[known]]
        if len(other):
            named = np.cumsum(number < 0) - 1
            asked = (number < 0)[spot]
            drawn[other] = self._fresh(lattice.only(asked), named[spot[asked]], owner[other], own_km2[other])
            self._is_new = True
        self._after.append((digests, drawn))
        return drawn

    def keep(self) -> None:
        """Keep the outlines of this run in place of those before, where they are others."""
        if not self._is_new:
            return
        digests = b"".join(digest for some, _ in self._after for digest in some)
        drawn = np.concatenate([some for _, some in self._after])
        arrays = packed(drawn) | {"digest": np.frombuffer(digests, np.uint8)}
        self._kept.keep(_OUTLINES, self._content, arrays)

    def _fresh(self, lattice: Lattice, spot: Indices, owner: Indices, own_km2: Floats) -> Objects:
        return drawn_outlines(self._grid, self._shapes, lattice, spot, owner, own_km2)


class KeptDistances:
    """Distances from cells of a grid to coverage, cell by cell: only from other cells is measured anew.

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
        self._before: Mapping[str, NDArray[Any]] = kept.find(_DISTANCES, self._content) or {}
        self._after: dict[str, NDArray[Any]] = {}
        self._is_new = False

    def km(self, row: Indices, col: Indices, coverage: Coverage) -> Floats:
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
        name = _coverage_digest(coverage)
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
            self._kept.keep(_DISTANCES, self._content, self._after)

    def _known(self, name: str) -> tuple[Indices, Floats]:
        """Give the cells from which a coverage was measured to before, ascending, and how far it was."""
        if f"{name}.cell" not in self._before:
            return np.zeros(0, np.int64), np.zeros(0)
        return self._before[f"{name}.cell"], self._before[f"{name}.km"]

    def _note(self, name: str, cell: Indices, km: Floats, own: int) -> None:
        """Note distances for later runs: the first ``own`` are those of this run."""
        room = cell if len(cell) <= _MOST_CELLS else cell[:own]
        once, first = np.unique(room, return_index=True)
        self._after |= {f"{name}.cell": once, f"{name}.km": km[first]}

    def _measured(self, row: Indices, col: Indices, coverage: Coverage) -> Floats:
        return measured_km(self._grid, row, col, coverage)


def _numbers(digests: bytes) -> dict[bytes, int]:
    """Say where in its row each digest stands."""
    starts = range(0, len(digests), _DIGEST_BYTES)
    return {digests[at : at + _DIGEST_BYTES]: at // _DIGEST_BYTES for at in starts}


def _digests(lattice: Lattice, spot: Indices, owner: Indices, own_km2: Floats) -> list[bytes]:
    """Hash all that decides each outline beside the grid and the communes (SHA-256)."""
    width = 2 * np.dtype(np.int64).itemsize
    order = np.argsort(spot, kind="stable")
    cells = np.stack([lattice.row[order], lattice.col[order]], axis=1).astype(np.int64).tobytes()
    facts = np.stack([owner.astype(np.int64), own_km2.view(np.int64)], axis=1).tobytes()
    ends = np.searchsorted(spot[order], np.arange(len(owner) + 1)) * width
    return [
        hashlib.sha256(facts[number * width : (number + 1) * width] + cells[start:end]).digest()
        for number, (start, end) in enumerate(pairwise(ends.tolist()))
    ]


def _coverage_digest(coverage: Coverage) -> str:
    """Hash all that decides how far a coverage is (SHA-256, hex)."""
    files = [
        part for file in coverage.files for part in (file.crs.to_wkt(), geometry_digest(file.geometries))
    ]
    return hashlib.sha256("\n".join([spans_digest(coverage.spans), *files]).encode()).hexdigest()
