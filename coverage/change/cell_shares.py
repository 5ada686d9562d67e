"""How much of single cells each operator's coverage of each service reaches, and how much of them it speaks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ..burn.spans import CELL_UNITS
from ..people.cell_bits import TILE, cell_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..burn.spans import Spans
    from ..people.cell_bits import CellLayers

WHOLE: Final = 250
"""A whole cell; shares are counted in whole numbers up to it, so that one byte holds them."""


class LayerShares(NamedTuple):
    """One operator's coverage of one service in single cells.

    Attributes
    ----------
    operator, service
        Whose it is.
    covered
        uint8 (k,): how much of the cell it covers, 0 to :data:`WHOLE`.
    known
        uint8 (k,): how much of the cell the operator speaks for; None where that is everything.
    """

    operator: str
    service: str
    covered: NDArray[np.uint8]
    known: NDArray[np.uint8] | None


def layer_shares(
    cells: CellLayers, row: NDArray[np.integer], col: NDArray[np.integer]
) -> tuple[LayerShares, ...]:
    """Measure every layer in some cells.

    A share is that of the part of the cell that lies in communes, as far as a layer fills as much of the cell: along a
    coast it does not matter whether an operator draws its coverage out to sea. It is rounded, but 0 always means nothing
    and ``WHOLE`` always everything.

    Parameters
    ----------
    cells
        Communes and layers on the grid.
    row, col
        Which cells, (k,).
    """
    items = cells.layers.items
    covered = np.zeros((len(items), len(row)), np.uint8)
    known = np.zeros((len(items), len(row)), np.uint8)
    for row0 in range(0, cells.grid.height, TILE):
        here = np.flatnonzero((row >= row0) & (row < row0 + TILE))
        if not len(here):
            continue
        at = row[here] - row0, col[here]
        measured = _Window(cells, row0, at)
        ground = measured.units([cells.zones])
        ground[ground == 0] = CELL_UNITS * cells.grid.sublines  # so small that no line meets it
        for number, item in enumerate(items):
            covered[number, here] = _share(measured.of(item.coverage_bits), ground)
            if item.extent_bits is not None:
                known[number, here] = _share(measured.of(item.extent_bits), ground)
    return tuple(
        LayerShares(
            item.operator,
            item.service,
            covered[number],
            None if item.extent_bits is None else known[number],
        )
        for number, item in enumerate(items)
    )


class _Window:
    """Measures spans in the cells wanted of some rows."""

    def __init__(
        self, cells: CellLayers, row0: int, at: tuple[NDArray[np.integer], NDArray[np.integer]]
    ) -> None:
        self._cells, self._row0, self._at = cells, row0, at

    def of(self, bits: Sequence[int]) -> NDArray[np.int32]:
        return self.units([self._cells.spans[bit] for bit in bits])

    def units(self, several: Sequence[Spans]) -> NDArray[np.int32]:
        """Give the most that one of them fills, int32 (k,)."""
        grid = self._cells.grid
        rows = min(TILE, grid.height - self._row0)
        most = np.zeros(len(self._at[0]), np.int32)
        for spans in several:
            np.maximum(most, cell_units(spans, self._row0, rows, grid)[self._at], out=most)
        return most


def _share(units: NDArray[np.int32], ground: NDArray[np.int32]) -> NDArray[np.uint8]:
    rounded = np.rint(units * (WHOLE / ground))
    part = (units > 0) & (units < ground)
    return np.where(part, np.clip(rounded, 1, WHOLE - 1), np.minimum(rounded, WHOLE)).astype(np.uint8)
