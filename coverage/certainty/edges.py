"""How far the cells of a window lie from the edge of coverage, with the share of the cell in which the edge lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.ndimage import distance_transform_edt, maximum_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SLIVER = 1 / 1024  # of a cell: less is nothing, and more than all but it is the whole cell
_HALF = 0.5
_TILE = 256  # columns in which distances are measured at once: where no edge is near nothing is measured
_BLOCK = 8  # cells a side, by which what is near is found


class CellSize(NamedTuple):
    """Sides of the cells of a window on the ground, in metres."""

    down: float
    across: float

    @property
    def width_m(self) -> float:
        """Side of a square cell of the same area."""
        return float(np.sqrt(self.down * self.across))


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
    for reached in (~none, share >= _HALF):
        _nearer(distance, _Edges(share, none, reached, size, reach_m), 1.0)
    for open_ground in (~full & known, (share < _HALF) & known):
        _nearer(distance, _Edges(share, full, open_ground, size, reach_m), -1.0)
    beyond = np.abs(distance) > reach_m + width / 2
    return np.where(beyond, np.copysign(np.inf, distance), distance).astype(np.float32)


class _Edges(NamedTuple):
    """Cells of a window, and others that they are measured to: bool (rows, columns).

    ``share``, ``size`` and ``reach_m`` are those of :func:`signed_distance_m`.
    """

    share: NDArray[np.floating]
    cells: NDArray[np.bool_]
    others: NDArray[np.bool_]
    size: CellSize
    reach_m: float

    def within(self) -> tuple[int, int]:
        """Say how many rows and columns away another cell may be whose edge comes within reach."""
        most = self.reach_m + self.size.width_m
        rows, cols = self.cells.shape
        return min(rows, int(most / self.size.down) + 2), min(cols, int(most / self.size.across) + 2)


def _nearer(distance: NDArray[np.float64], edges: _Edges, sign: float) -> None:
    """Put the way to the edge in the nearest of the others where it is the shorter one, unless it is beyond reach.

    Ties between equally near cells are decided as in the whole window: every one of them is in the tile.
    """
    down, across = edges.within()
    near = edges.cells & _near(edges.others, down, across)
    for left in range(0, near.shape[1], _TILE):
        inside = slice(left, left + _TILE)
        if near[:, inside].any():
            first = max(0, left - across)
            around = slice(first, left + _TILE + across)
            tile = edges._replace(
                share=edges.share[:, around], cells=near[:, inside], others=edges.others[:, around]
            )
            metres = _to_edge(tile, left - first, sign)
            known = distance[:, inside]
            better = np.minimum if sign > 0 else np.maximum
            known[tile.cells] = better(known[tile.cells], metres)


def _near(others: NDArray[np.bool_], down: int, across: int) -> NDArray[np.bool_]:
    """Say which cells may have another within so many rows and columns: all that have, and a few more."""
    rows, cols = (-(-length // _BLOCK) for length in others.shape)
    filled = np.zeros((rows * _BLOCK, cols * _BLOCK), np.bool_)
    filled[: others.shape[0], : others.shape[1]] = others
    blocks = filled.reshape(rows, _BLOCK, cols, _BLOCK).any(axis=(1, 3))
    square = (2 * (-(-down // _BLOCK)) + 1, 2 * (-(-across // _BLOCK)) + 1)
    grown = maximum_filter(blocks, size=square, mode="constant", cval=False)
    near: NDArray[np.bool_] = grown.repeat(_BLOCK, axis=0).repeat(_BLOCK, axis=1)
    return near[: others.shape[0], : others.shape[1]]


def _to_edge(tile: _Edges, shift: int, sign: float) -> NDArray[np.float64]:
    """Measure how far cells lie from the edge in the nearest of the others, which begin ``shift`` columns before them."""
    size = tile.size
    if not tile.others.any():
        return np.full(np.count_nonzero(tile.cells), sign * np.inf)
    row, col = np.nonzero(tile.cells)
    col += shift
    nearest = distance_transform_edt(~tile.others, sampling=size, return_distances=False, return_indices=True)
    to_row, to_col = nearest[0][row, col], nearest[1][row, col]
    down, across = (to_row - row) * size.down, (to_col - col) * size.across
    metres = np.sqrt(down * down + across * across)
    return np.asarray(sign * metres + (0.5 - tile.share[to_row, to_col]) * size.width_m)
