"""Growth over a grid: which seed reaches which cell first, and on which way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Number = TypeVar("_Number", np.int64, np.float64)
_NEIGHBOURS = ((0, 1), (1, 0), (1, 1), (1, -1))  # the other four are the same edges, seen from there


@dataclass(frozen=True, slots=True)
class Growth:
    """What reached every cell; arrays of the grid's shape.

    ``source`` is the number of the seed that came first (-1 where none did), ``reached`` the cost of its
    way, ``previous`` the flat index of the cell before on that way (-1 at seeds).
    """

    source: NDArray[np.int64]
    reached: NDArray[np.float64]
    previous: NDArray[np.int64]


def grow(
    mask: NDArray[np.bool_],
    cost: NDArray[np.float64],
    rows: NDArray[np.int64],
    cols: NDArray[np.int64],
    *,
    delay: NDArray[np.float64] | None = None,
) -> Growth:
    """Let seeds grow over the cells of a mask, each cell going to the seed with the cheapest way to it.

    Parameters
    ----------
    mask
        Cells that can be crossed.
    cost
        Cost of crossing a cell, per cell side; positive.
    rows, cols
        The seeds, cells of the mask.
    delay
        Head start the seeds must give, in the unit of cost, all positive; none where left out.

    Returns
    -------
    Growth
        Ways go to the eight neighbours.
    """
    node = np.full(mask.shape, -1, dtype=np.int64)
    flat = np.flatnonzero(mask)
    node.ravel()[flat] = np.arange(len(flat))
    start = node[rows, cols]
    waits = np.full(len(start), 1e-6) if delay is None else delay
    graph = _graph(node, cost, start, waits)
    reached, previous = csgraph.dijkstra(graph, indices=len(flat), return_predecessors=True)
    return _on_grid(mask.shape, flat, start, reached[:-1], previous[:-1])


def way_back(growth: Growth, cell: int) -> list[int]:
    """Follow the way from a cell (flat index) back to its seed, both included."""
    way = [cell]
    previous = growth.previous.ravel()
    while previous[way[-1]] >= 0:
        way.append(int(previous[way[-1]]))
    return way


def accumulate(growth: Growth) -> NDArray[np.float64]:
    """Count the cells whose way leads through each cell, itself included; the grid's shape."""
    previous = growth.previous.ravel().tolist()
    order = np.argsort(-growth.reached.ravel(), kind="stable")
    order = order[np.isfinite(growth.reached.ravel()[order])]
    flow = np.isfinite(growth.reached).astype(np.float64).ravel().tolist()
    for cell in order.tolist():  # the far end first, so that every cell is complete before it is passed on
        before = previous[cell]
        if before >= 0:
            flow[before] += flow[cell]
    return np.asarray(flow, dtype=np.float64).reshape(growth.source.shape)


def _graph(
    node: NDArray[np.int64], cost: NDArray[np.float64], start: NDArray[np.int64], waits: NDArray[np.float64]
) -> sparse.csr_array:
    """Join neighbouring cells, and one extra last node to all seeds."""
    count = int(node.max()) + 1
    ends, weights = [], []
    for down, right in _NEIGHBOURS:
        here, there = _shifted(node, down, right)
        both = (here >= 0) & (there >= 0)
        cost_here, cost_there = _shifted(cost, down, right)
        ends.append(np.stack([here[both], there[both]]))
        weights.append((cost_here[both] + cost_there[both]) * (0.5 * np.hypot(down, right)))
    one, other = np.concatenate(ends, axis=1)
    weight = np.concatenate(weights)
    begin = np.concatenate([one, other, np.full(len(start), count)])
    end = np.concatenate([other, one, start])
    values = np.concatenate([weight, weight, waits])
    return sparse.csr_array((values, (begin, end)), shape=(count + 1, count + 1))


def _shifted(array: NDArray[_Number], down: int, right: int) -> tuple[NDArray[_Number], NDArray[_Number]]:
    """Give two views of an array in which every cell lies on its neighbour."""
    rows, cols = array.shape
    first_col, last_col = max(0, -right), cols - max(0, right)
    here = array[: rows - down, first_col:last_col]
    there = array[down:, first_col + right : last_col + right]
    return here, there


def _on_grid(
    shape: tuple[int, ...],
    flat: NDArray[np.int64],
    start: NDArray[np.int64],
    reached: NDArray[np.float64],
    previous: NDArray[np.int64],
) -> Growth:
    """Put the tree of cheapest ways back onto the grid and name the seed of every cell."""
    count = len(flat)
    at_seed = previous == count
    # Pointer jumping: every step doubles the way looked back, so that all cells soon see their seed.
    root = np.where(at_seed | (previous < 0), np.arange(count), previous)
    while True:
        further = root[root]
        if np.array_equal(further, root):
            break
        root = further
    number = np.full(count, -1, dtype=np.int64)
    number[start] = np.arange(len(start))
    cells = int(np.prod(shape))
    source = np.full(cells, -1, dtype=np.int64)
    source[flat] = np.where(np.isfinite(reached), number[root], -1)
    cost = np.full(cells, np.inf)
    cost[flat] = reached
    back = np.full(cells, -1, dtype=np.int64)
    moved = ~at_seed & (previous >= 0)
    back[flat[moved]] = flat[previous[moved]]
    return Growth(source.reshape(shape), cost.reshape(shape), back.reshape(shape))
