"""The people of cells that are measured exactly: counted on their own lines, added to those of all others."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from ..burn.cells import cell_runs, span_steps
from ..burn.claims import resolve_claims
from ..burn.fine import FineLines
from ..burn.spans import CELL_UNITS, merge
from ..overlay.bands import overlay
from ..overlay.land import LEAST_LAND_SHARE, outline_of
from ..overlay.sources import TablePeople
from ..overlay.totals import CellShares, FailingCells, Overlay, everybody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..burn.fine import FineCells, FineEdges
    from ..burn.spans import Spans
    from ..overlay.join import EdgeCells as EdgeRule
    from ..overlay.join import Groups
    from ..overlay.sources import RasterPeople
    from .counted_ground import CountedGround


def add_fine_cells(
    first: Overlay,
    ground: CountedGround,
    layers: Sequence[FineEdges],
    people: RasterPeople,
    edge_cells: EdgeRule,
    groups: Groups | None,
) -> Overlay:
    """Count the people of fine cells, and add them to those of all others.

    Parameters
    ----------
    first
        Counted on the grid, where nobody lives in fine cells; its owners are the communes and other land.
    ground
        The fine cells, and the ground in them.
    layers
        The layers' edges in the fine cells.
    people
        The raster of people, with the fine cells.
    edge_cells
        The rule for cells partly outside every commune.
    groups
        As in ``overlay.overlay``.
    """
    lines = FineLines.of(ground.fine_edges, layers)
    zones = resolve_claims(*lines.spans(ground.fine_edges), lines.grid)
    in_cell = people.at(ground.fine.cell)
    density = in_cell
    if edge_cells == "land":
        density = in_cell / np.maximum(_land(zones, lines, len(in_cell)), LEAST_LAND_SHARE)
    second = overlay(
        TablePeople(lines.table(density[lines.cell] * lines.weight)),
        lines.grid,
        zones,
        [merge(*lines.spans(layer)[:3]) for layer in layers],
        n_communes=len(first.people),
        edge_cells="share",
        groups=None if groups is None else _and_everybody(groups),
    )
    masks, table = joined_tables(first.masks, first.people, second.masks, second.people)
    taken = everybody(np.nan_to_num(in_cell))
    return Overlay(
        masks,
        table,
        first.has_population | second.has_population,
        first.people_outside + taken - everybody(second.people),
        first.people_raster + taken,
        first.cells if groups is None else _inserted(first.cells, _on_grid(second.cells, lines, ground.fine)),
    )


def shares_of_cells(ground: CountedGround) -> CellShares:
    """Measure how much of each fine cell is each commune's own ground.

    Parameters
    ----------
    ground
        The fine cells, and the ground in them; what several communes claim belongs to the one it is counted for.
    """
    lines = FineLines.of(ground.fine_edges, [])
    zones = resolve_claims(*lines.spans(ground.fine_edges), lines.grid)
    measured = overlay(
        TablePeople(lines.table(lines.weight)),
        lines.grid,
        zones,
        [],
        n_communes=len(ground.factors) + 1,
        edge_cells="share",
        groups=_and_everybody(lambda masks: np.ones((1, len(masks)), bool)),
    )
    cells = _on_grid(measured.cells, lines, ground.fine)
    own = cells.commune < len(ground.factors)  # other land has no spots
    cell = cells.row.astype(np.int64) * ground.fine.grid.width + cells.col
    return CellShares(cells.commune[own], cell[own], cells.people[own].astype(np.float64))


def _and_everybody(groups: Groups) -> Groups:
    """Count everybody as the first group, so that lines on which nobody fails count for their cell as well."""

    def more(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return np.concatenate([np.ones((1, len(masks)), bool), np.asarray(groups(masks), dtype=bool)])

    return more


def _land(zones: Spans, lines: FineLines, cells: int) -> NDArray[np.float64]:
    """Say how much of each fine cell is known land."""
    outline = outline_of(zones)
    runs = cell_runs(span_steps(outline.line, outline.x0, outline.x1), 1)
    row, col = np.divmod(np.arange(len(lines.cell)), lines.grid.width)
    share = runs.at(row, col, lines.grid.width)[:, 0] / CELL_UNITS
    land: NDArray[np.float64] = np.bincount(lines.cell, share * lines.weight, cells).astype(np.float64)
    return land


def joined_tables(
    masks_a: NDArray[np.uint64],
    people_a: NDArray[np.float64],
    masks_b: NDArray[np.uint64],
    people_b: NDArray[np.float64],
) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Add two tables of people whose columns are different combinations of layers.

    Parameters
    ----------
    masks_a, masks_b
        uint64 (m,): the combinations, ascending.
    people_a, people_b
        float64 (communes, m).
    """
    masks = np.union1d(masks_a, masks_b)
    people = np.zeros((len(people_a), len(masks)))
    people[:, np.searchsorted(masks, masks_a)] += people_a
    people[:, np.searchsorted(masks, masks_b)] += people_b
    return masks, people


def _on_grid(cells: FailingCells, lines: FineLines, fine: FineCells) -> FailingCells:
    """Give lines (row and column of their grid) the row and column of their cells; lines of a cell become one.

    The first group of the lines is everybody; cells in which nobody of the second fails are left out.
    """
    place = fine.cell[lines.cell[cells.row * lines.grid.width + cells.col]]
    fresh = np.ones(len(place), bool)
    fresh[1:] = (np.diff(cells.commune) != 0) | (np.diff(place) != 0)
    start = np.flatnonzero(fresh)
    commune = cells.commune[start]
    row, col = np.divmod(place[start], fine.grid.width)
    sums = np.zeros((0, cells.failing.shape[1]))
    if len(start):
        sums = np.add.reduceat(cells.failing.astype(np.float64), start)
    counts = sums.astype(np.float32)
    some = counts[:, 1:2].any(axis=1)
    row, col = row[some].astype(np.int32), col[some].astype(np.int32)
    return FailingCells(commune[some], row, col, counts[some, 0], counts[some, 1:])


def _inserted(cells: FailingCells, more: FailingCells) -> FailingCells:
    """Put a few cells where they belong among many, all sorted by commune, row and column; none is in both."""
    if not len(more.commune):
        return cells
    place = np.empty(len(more.commune), np.int64)
    for number, wanted in enumerate(zip(more.commune, more.row, more.col, strict=True)):
        low, high = 0, len(cells.commune)
        for key, value in zip((cells.commune, cells.row, cells.col), wanted, strict=True):
            first, stop = np.searchsorted(key[low:high], [value, value + 1])
            low, high = low + int(first), low + int(stop)
        place[number] = low
    return FailingCells(
        *(
            np.insert(getattr(cells, field.name), place, getattr(more, field.name), axis=0)
            for field in fields(FailingCells)
        )
    )
