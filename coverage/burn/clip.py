"""Rings cut to single cells of a grid: what lies in the cell, closed again along the cell's sides.

Whatever the rings look like, inside a cell the even-odd state of every point stays what it was. Only edges that
touch the wanted cells are looked at, and one number per ring and cell: whether its upper left corner is inside.
That follows from where the ring crosses the upper edge of the cell's row further left.

Cells are half open: a cell holds its left and its upper side. Which cell a vertex lies in and which sides an edge
crosses are decided on the same whole numbers everywhere, so every ring that enters a cell leaves it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grid import Grid
    from .rings import Rings

_INNER, _LEFT, _RIGHT, _TOP, _BOTTOM = range(5)


class CellEdges(NamedTuple):
    """Edges in cells.

    Attributes
    ----------
    part, cell
        int64 (n,): polygon part of the rings, and number of the cell among those wanted.
    start, end
        float64 (n, 2): ends in the cell, from 0 at its left and upper side to 1 at its right and lower side.
    """

    part: NDArray[np.int64]
    cell: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]


class Ends(NamedTuple):
    """Where edges of a part reach a side of a cell: part, cell, place (n, 2), and which side."""

    part: NDArray[np.int64]
    cell: NDArray[np.int64]
    place: NDArray[np.float64]
    side: NDArray[np.int64]


class Cut(NamedTuple):
    """Polygon parts cut to cells.

    Attributes
    ----------
    edges
        The parts' own edges inside the cells.
    ends
        Where these reach the cells' sides.
    corner_part, corner_cell
        int64 (n,): the parts that hold the upper left corner of a cell, with the cell.
    """

    edges: CellEdges
    ends: Ends
    corner_part: NDArray[np.int64]
    corner_cell: NDArray[np.int64]

    def closed(self) -> CellEdges:
        """Close the edges of every part and cell along the cell's sides.

        From wherever an edge reaches a side, the outline goes on to the lower right corner: on the left side
        down and then right, on the upper side right and then down. There an even number of ways meet. A part
        that holds the upper left corner goes once around the cell besides.
        """
        ends, place = self.ends, self.ends.place
        last = np.ones_like(place)
        turn = last.copy()
        turn[ends.side == _LEFT, 0] = 0.0
        turn[ends.side == _TOP, 1] = 0.0
        bent = np.isin(ends.side, (_LEFT, _TOP))
        around = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]], dtype=np.float64)
        sides, count = len(around) - 1, len(self.corner_part)
        return CellEdges(
            np.concatenate([self.edges.part, ends.part, ends.part[bent], np.repeat(self.corner_part, sides)]),
            np.concatenate([self.edges.cell, ends.cell, ends.cell[bent], np.repeat(self.corner_cell, sides)]),
            np.concatenate([self.edges.start, place, turn[bent], np.tile(around[:-1], (count, 1))]),
            np.concatenate([self.edges.end, turn, last[bent], np.tile(around[1:], (count, 1))]),
        )


class _Pieces(NamedTuple):
    """Pieces of edges, each inside one row: part, row, and the ends (u in columns, v in the row) with their side."""

    part: NDArray[np.int64]
    row: NDArray[np.int64]
    start: NDArray[np.float64]
    end: NDArray[np.float64]
    from_top: NDArray[np.bool_]
    to_bottom: NDArray[np.bool_]

    def only(self, keep: NDArray[np.bool_] | NDArray[np.int64]) -> _Pieces:
        return _Pieces(
            self.part[keep],
            self.row[keep],
            self.start[keep],
            self.end[keep],
            self.from_top[keep],
            self.to_bottom[keep],
        )


def cut_to_cells(rings: Rings, grid: Grid, cells: NDArray[np.int64]) -> Cut:
    """Cut rings to some cells of a grid.

    Parameters
    ----------
    rings
        Rings in the grid's CRS, none of them outside the grid.
    grid
        The grid.
    cells
        int64 (k,), ascending: ``row * grid.width + column`` of the cells.
    """
    rows = np.zeros(grid.height + 1, bool)
    rows[cells // grid.width] = True
    pieces = _in_rows(rings, grid, rows)
    corner_part, corner_cell = _corners(pieces, grid, cells)
    column = np.floor(np.stack([pieces.start[:, 0], pieces.end[:, 0]])).astype(np.int64)
    piece, cell = _met(cells, grid.width, pieces.row, column.min(axis=0), column.max(axis=0))
    edges, ends = _in_columns(pieces.only(piece), cell, cells[cell] % grid.width)
    return Cut(edges, ends, corner_part, corner_cell)


def touched_cells(rings: Rings, grid: Grid) -> NDArray[np.int64]:
    """Say through which cells of a grid the edges of rings run.

    Parameters
    ----------
    rings
        Rings in the grid's CRS, none of them outside the grid.
    grid
        The grid.

    Returns
    -------
    ndarray of int64
        ``row * grid.width + column``, ascending, each once.
    """
    place = _places(rings, grid)
    whole = np.floor(place).astype(np.int64)
    still = (whole[1:] == whole[:-1]).all(axis=1)
    still[rings.joints()] = True
    own = whole[np.concatenate([[True], (whole[1:] != whole[:-1]).any(axis=1)])]
    pieces = _cut_edges(rings, place, np.flatnonzero(~still), None)
    column = np.floor(np.stack([pieces.start[:, 0], pieces.end[:, 0]])).astype(np.int64)
    count = np.abs(column[1] - column[0]) + 1
    each = np.repeat(np.arange(len(count)), count)
    across = column.min(axis=0)[each] + np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    row, col = np.concatenate([own[:, 1], pieces.row[each]]), np.concatenate([own[:, 0], across])
    inside = (row < grid.height) & (col < grid.width)
    return np.unique(row[inside] * grid.width + col[inside])


def _places(rings: Rings, grid: Grid) -> NDArray[np.float64]:
    """Give the vertices in columns and rows of the grid, not beyond its sides."""
    place = (rings.xy - (grid.transform.c, grid.transform.f)) / (grid.transform.a, grid.transform.e)
    return np.clip(place, 0.0, (grid.width, grid.height))


def _in_rows(rings: Rings, grid: Grid, rows: NDArray[np.bool_]) -> _Pieces:
    """Cut the edges that touch some rows at the rows' sides, and take the pieces in these rows."""
    place = _places(rings, grid)
    row = np.floor(place[:, 1]).astype(np.int64)
    low, high = np.minimum(row[:-1], row[1:]), np.maximum(row[:-1], row[1:])
    before = np.concatenate([[0], np.cumsum(rows)])
    busy = before[high + 1] > before[low]
    busy[rings.joints()] = False
    return _cut_edges(rings, place, np.flatnonzero(busy), rows)


def _cut_edges(
    rings: Rings, place: NDArray[np.float64], edge: NDArray[np.int64], rows: NDArray[np.bool_] | None
) -> _Pieces:
    """Cut some edges at the sides of all rows; take the pieces in ``rows``, or all."""
    turned = place[edge, 1] > place[edge + 1, 1]
    upper, lower = place[edge + turned], place[edge + 1 - turned]
    first, last = (np.floor(ends[:, 1]).astype(np.int64) for ends in (upper, lower))
    count = last - first + 1
    each = np.repeat(np.arange(len(edge)), count)
    row = first[each] + np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    if rows is not None:
        wanted = rows[row]
        each, row = each[wanted], row[wanted]
    from_top, to_bottom = row > first[each], row < last[each]
    height = lower[:, 1] - upper[:, 1]
    slope = np.divide(lower[:, 0] - upper[:, 0], height, out=np.zeros(len(edge)), where=height > 0)
    low, high = np.minimum(upper[:, 0], lower[:, 0]), np.maximum(upper[:, 0], lower[:, 0])
    ends = []
    for cut, own, side in ((from_top, upper, 0), (to_bottom, lower, 1)):
        across = upper[each, 0] + (row + side - upper[each, 1]) * slope[each]
        u = np.where(cut, np.clip(across, low[each], high[each]), own[each, 0])
        v = np.where(cut, float(side), own[each, 1] - row)
        ends.append(np.column_stack([u, v]))
    first_vertex = rings.ring_start[rings.part_start]
    part = np.searchsorted(first_vertex, edge, side="right") - 1
    return _Pieces(part[each], row, ends[0], ends[1], from_top, to_bottom)


def _met(
    cells: NDArray[np.int64],
    width: int,
    row: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pair stretches of rows, from column ``low`` to ``high``, with the wanted cells among them."""
    first = np.searchsorted(cells, row * width + np.minimum(low, width))
    stop = np.searchsorted(cells, row * width + np.minimum(high, width - 1), side="right")
    count = np.maximum(stop - first, 0)
    each = np.repeat(np.arange(len(row)), count)
    cell = first[each] + np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
    return each, cell


def _corners(
    pieces: _Pieces, grid: Grid, cells: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the parts that hold the upper left corner of a cell: left of it they cross the row's upper side oddly."""
    across = pieces.only(pieces.from_top)
    order = np.lexsort((across.start[:, 0], across.row, across.part))
    part, row, u = across.part[order], across.row[order], across.start[order, 0]
    column = np.floor(u).astype(np.int64)
    each, cell = _met(cells, grid.width, row[0::2], column[0::2] + 1, column[1::2])
    return part[0::2][each], cell


def _in_columns(
    pieces: _Pieces, cell: NDArray[np.int64], column: NDArray[np.int64]
) -> tuple[CellEdges, Ends]:
    """Cut each piece at both sides of the column of its cell."""
    turned = pieces.start[:, 0] > pieces.end[:, 0]
    left = np.where(turned[:, None], pieces.end, pieces.start)
    right = np.where(turned[:, None], pieces.start, pieces.end)
    top, bottom = np.where(pieces.from_top, _TOP, _INNER), np.where(pieces.to_bottom, _BOTTOM, _INNER)
    width = right[:, 0] - left[:, 0]
    slope = np.divide(right[:, 1] - left[:, 1], width, out=np.zeros(len(cell)), where=width > 0)
    low, high = np.minimum(left[:, 1], right[:, 1]), np.maximum(left[:, 1], right[:, 1])
    ends, sides = [], []
    for cut, own, side, own_side, name in (
        (left[:, 0] < column, left, 0, np.where(turned, bottom, top), _LEFT),
        (right[:, 0] >= column + 1, right, 1, np.where(turned, top, bottom), _RIGHT),
    ):
        v = np.clip(left[:, 1] + (column + side - left[:, 0]) * slope, low, high)
        place = [np.where(cut, float(side), own[:, 0] - column), np.where(cut, v, own[:, 1])]
        ends.append(np.column_stack(place))
        sides.append(np.where(cut, name, own_side))
    edges = CellEdges(pieces.part, cell, ends[0], ends[1])
    reached = np.concatenate(sides)
    at = np.flatnonzero(reached != _INNER)
    both = Ends(np.tile(pieces.part, 2)[at], np.tile(cell, 2)[at], np.concatenate(ends)[at], reached[at])
    return edges, both
