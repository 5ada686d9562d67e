"""How far the cells of a window lie from the edge of coverage, with the share of the cell in which the edge lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.ndimage import distance_transform_edt

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SLIVER = 1 / 1024  # of a cell: less is nothing, and more than all but it is the whole cell
_HALF = 0.5


class CellSize(NamedTuple):
    """Sides of the cells of a window on the ground, in metres."""

    down: float
    across: float

    @property
    def width_m(self) -> float:
        """Side of a square cell of the same area."""
        return float(np.sqrt(self.down * self.across))


class _Places(NamedTuple):
    """Cells of a window, one row and one column each: it indexes an array of the window."""

    row: NDArray[np.intp]
    col: NDArray[np.intp]


def signed_distance_m(
    share: NDArray[np.floating], known: NDArray[np.bool_], size: CellSize, reach_m: float
) -> NDArray[np.float32]:
    """Measure from the centre of each cell to the edge of coverage.

    A cell that the edge crosses tells by its share where: half of it is an edge through the centre. From any other cell
    it is as far as to the centre of the nearest cell that is not like it, or of which more than half is not (Euclidean
    distance transform), and to where the edge crosses that one; the shorter way counts. Straight edges along rows or
    columns come out exactly, a circle to a fifth of a cell.

    Parameters
    ----------
    share
        Covered share of each cell, (rows, columns), 0 to 1.
    known
        Where the operator speaks. Coverage that ends where nothing is known has no edge there.
    size
        Sides of the cells.
    reach_m
        How far an edge may come, in metres.

    Returns
    -------
    ndarray of float32, (rows, columns)
        Metres, below 0 where the centre is covered; minus and plus infinity for cells that no edge within reach decides.
    """
    none, full = share <= _SLIVER, share >= 1.0 - _SLIVER
    width = size.width_m
    distance = np.where(full, -np.inf, np.inf)
    crossed = ~none & ~full
    distance[crossed] = (0.5 - share[crossed]) * width
    bare, covered = (_Places(*np.nonzero(cells)) for cells in (none, full))
    for reached in (~none, share >= _HALF):
        distance[bare] = np.minimum(distance[bare], _to_edge(share, bare, reached, size, 1.0))
    for open_ground in (~full & known, (share < _HALF) & known):
        distance[covered] = np.maximum(distance[covered], _to_edge(share, covered, open_ground, size, -1.0))
    beyond = np.abs(distance) > reach_m + width / 2
    return np.where(beyond, np.copysign(np.inf, distance), distance).astype(np.float32)


def _to_edge(
    share: NDArray[np.floating],
    cells: _Places,
    others: NDArray[np.bool_],
    size: CellSize,
    sign: float,
) -> NDArray[np.float64]:
    """Measure how far some cells lie from the edge in the nearest of the others; infinite without any."""
    if not others.any() or not len(cells.row):
        return np.full(len(cells.row), sign * np.inf)
    nearest = distance_transform_edt(~others, sampling=size, return_distances=False, return_indices=True)
    row, col = nearest[0][cells], nearest[1][cells]
    down, across = (row - cells.row) * size.down, (col - cells.col) * size.across
    metres = np.sqrt(down * down + across * across)
    return np.asarray(sign * metres + (0.5 - share[row, col]) * size.width_m)
