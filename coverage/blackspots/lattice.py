"""Cells that hang together: neighbours and connected clusters of sparse cells, cut at commune borders."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

_FORWARD = ("east", "southwest", "south", "southeast")
_STEPS = {
    "north": (-1, 0),
    "northeast": (-1, 1),
    "east": (0, 1),
    "southeast": (1, 1),
    "south": (1, 0),
    "southwest": (1, -1),
    "west": (0, -1),
    "northwest": (-1, -1),
}


@dataclass(frozen=True)
class Lattice:
    """Cells of many communes on one grid, looked up by where they lie.

    A cell that two communes share stands here once for each of them; cells are neighbours only inside
    one commune.

    Attributes
    ----------
    commune, row, col
        Int arrays of shape (cells,), sorted by commune, row and column; no cell twice.

    Raises
    ------
    ValueError
        The cells are not sorted, or a cell stands twice.
    """

    commune: NDArray[np.int32]
    row: NDArray[np.int32]
    col: NDArray[np.int32]

    def __post_init__(self) -> None:
        if (np.diff(self._keys) <= 0).any():
            message = "the cells must be sorted by commune, row and column, each once"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.row)

    def only(self, keep: NDArray[np.bool_]) -> Lattice:
        """Take some of the cells."""
        return Lattice(self.commune[keep], self.row[keep], self.col[keep])

    @cached_property
    def _stride(self) -> int:
        # One empty column and row around the widest extent: a step never runs into another row or commune.
        return int(self.col.max(initial=0)) + 3

    @cached_property
    def _keys(self) -> Indices:
        rows = int(self.row.max(initial=0)) + 3
        line = self.commune.astype(np.int64) * rows + self.row + 1
        return line * self._stride + self.col + 1

    def neighbour(self, direction: str) -> Indices:
        """Give for each cell the index of its neighbour, or -1.

        Parameters
        ----------
        direction
            One of north, northeast, east, southeast, south, southwest, west, northwest; rows grow south.
        """
        rows, cols = _STEPS[direction]
        wanted = self._keys + rows * self._stride + cols
        found = np.searchsorted(self._keys, wanted)
        found[found == len(self)] = 0
        return np.where(self._keys[found] == wanted, found, -1) if len(self) else found

    def pairs(self, *, diagonal: bool) -> tuple[Indices, Indices]:
        """Give every pair of neighbours once, as two arrays of indices.

        Parameters
        ----------
        diagonal
            Whether cells that touch only at a corner are neighbours (8 neighbours instead of 4).
        """
        directions = _FORWARD if diagonal else ("east", "south")
        ahead = [self.neighbour(direction) for direction in directions]
        here = np.concatenate([np.flatnonzero(there >= 0) for there in ahead])
        return here, np.concatenate([index[index >= 0] for index in ahead])

    def clusters(self, *, diagonal: bool) -> Indices:
        """Find the connected clusters.

        Parameters
        ----------
        diagonal
            Whether cells that touch only at a corner hang together (8 neighbours instead of 4).

        Returns
        -------
        ndarray
            The cluster of each cell, counted from 0 in the order of the clusters' first cells.
        """
        here, there = self.pairs(diagonal=diagonal)
        links = coo_array((np.ones(len(here), dtype=np.int8), (here, there)), shape=(len(self), len(self)))
        count, labels = connected_components(links, directed=False)
        first = np.empty(count, dtype=np.int64)
        first[labels[::-1]] = np.arange(len(self))[::-1]
        number = np.empty(count, dtype=np.int64)
        number[np.argsort(first)] = np.arange(count)
        return np.asarray(number[labels])
