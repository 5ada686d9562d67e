"""Outlines of black spots, kept between runs spot by spot: only spots of other cells are drawn anew."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from ....data.disk.kept import packed, unpacked
from ...overlay.store import grid_content
from ..outlines import clipped, outlines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....data.disk.kept import KeptResults
    from ...burn.grid import Grid
    from ..lattice import Lattice

    Indices = NDArray[np.int64]
    Objects = NDArray[np.object_]

_NAME: Final = "spot-outlines"
_DIGEST_BYTES: Final = hashlib.sha256().digest_size


class KeptOutlines:
    """Outlines of spots, as far as they were drawn before.

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
        found = kept.find(_NAME, self._content) if self._keeps else None
        self._drawn = np.zeros(0, object) if found is None else unpacked(found)
        self._number = {} if found is None else _numbers(found["digest"].tobytes())
        self._after: list[tuple[list[bytes], Objects]] = []
        self._is_new = False

    def of(self, lattice: Lattice, spot: Indices, owner: Indices, own_km2: NDArray[np.float64]) -> Objects:
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
            What :func:`~blackspot.coverage.blackspots.outlines.outlines` and
            :func:`~blackspot.coverage.blackspots.outlines.clipped` give for each spot, which depends on no other spot.
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
        self._kept.keep(_NAME, self._content, arrays)

    def _fresh(
        self, lattice: Lattice, spot: Indices, owner: Indices, own_km2: NDArray[np.float64]
    ) -> Objects:
        return clipped(outlines(lattice, spot, self._grid), self._shapes, owner, own_km2, self._grid)


def _numbers(digests: bytes) -> dict[bytes, int]:
    """Say where in its row each digest stands."""
    starts = range(0, len(digests), _DIGEST_BYTES)
    return {digests[at : at + _DIGEST_BYTES]: at // _DIGEST_BYTES for at in starts}


def _digests(lattice: Lattice, spot: Indices, owner: Indices, own_km2: NDArray[np.float64]) -> list[bytes]:
    """Hash all that decides each outline beside the grid and the communes (SHA-256)."""
    order = np.argsort(spot, kind="stable")
    cells = np.stack([lattice.row[order], lattice.col[order]], axis=1).astype(np.int64).tobytes()
    facts = np.stack([owner.astype(np.int64), own_km2.view(np.int64)], axis=1).tobytes()
    ends = np.searchsorted(spot[order], np.arange(len(owner) + 1)) * (2 * np.dtype(np.int64).itemsize)
    width = 2 * np.dtype(np.int64).itemsize
    return [
        hashlib.sha256(facts[number * width : (number + 1) * width] + cells[start:end]).digest()
        for number, (start, end) in enumerate(pairwise(ends.tolist()))
    ]
