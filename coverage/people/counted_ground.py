"""The ground that people are counted on: whose it is, where it is measured finely, and how many live there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..burn.cells import cell_runs, single_cells, span_steps
from ..burn.fine import FineCells, FineEdges, cells_touched
from ..burn.polygons import burn
from ..burn.spans import CELL_UNITS, empty_spans
from ..overlay.edge_cells import MOST_AT_BORDER, look_at_cells, people_about
from ..overlay.land import LEAST_LAND_SHARE
from .density_limit import density_factors
from .other_land import counts_there, land_beside, lives_beyond, with_owner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.fine import Outlines
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.edge_cells import EdgeCells
    from ..overlay.join import EdgeCells as EdgeRule
    from ..overlay.sources import RasterPeople

_FEW_LINES = 32  # across the ground of a cell: fewer measure it by chance
_SMALL = 1000.0  # lines, each across a cell, of a commune: smaller ones are measured exactly everywhere,
_SMALL_BORDER = 200.0  # or, where every cell has many, along their border


@dataclass(frozen=True)
class Land:
    """Other land.

    Attributes
    ----------
    outlines
        Polygons, and their reference system.
    as_counted
        Only where the raster counts people on it, see :func:`other_land.land_beside`.
    """

    outlines: Outlines
    as_counted: bool


@dataclass(frozen=True)
class CountedGround:
    """The ground of a run.

    Attributes
    ----------
    zones
        Spans of the communes, and of other land in edge cells: its owner comes after the last commune.
    fine
        Cells that are measured exactly; they are taken out of the grid.
    fine_edges
        The edges of the communes and of other land in them, with the same owners.
    factors
        float64 (communes,): what the people of each commune are multiplied by, see ``density_limit``.
    edge_cell, edge_factor
        int64, float64 (k,): edge cells, and how much denser people live on their land than in the whole cell.
    edge_doubtful
        bool (k,): beside the cell the raster counts people beyond all known land, see
        :func:`other_land.lives_beyond`.
    """

    zones: Spans
    fine: FineCells
    fine_edges: FineEdges
    factors: NDArray[np.float64]
    edge_cell: NDArray[np.int64]
    edge_factor: NDArray[np.float64]
    edge_doubtful: NDArray[np.bool_]

    def beside_unknown_land(self, people: RasterPeople) -> float:
        """Count the people who are given to known land although they may live on land that nobody told of."""
        return float(np.nansum(self._doubtful_people(people)))

    def beside_unknown_by_commune(self, people: RasterPeople) -> NDArray[np.float64]:
        """Count these people for each commune, float64 (communes,): in a cell of several, by their ground in it."""
        count, grid = len(self.factors), people.grid
        doubtful, zones = self.edge_cell[self.edge_doubtful], self.zones
        if zones.owner is None or not len(doubtful):
            return np.zeros(count)
        # The outer border cuts such a cell: on most of its lines a span of a commune begins or ends in it.
        first, last = zones.x0 // CELL_UNITS, (zones.x1 - 1) // CELL_UNITS
        own, row = zones.owner < count, (zones.line // grid.sublines).astype(np.int64) * grid.width
        cells, owners, lengths = [], [], []
        for cell, only in ((first, own), (last, own & (last != first))):
            here = only & np.isin(row + cell, doubtful)
            left = np.maximum(zones.x0[here], cell[here] * CELL_UNITS)
            right = np.minimum(zones.x1[here], (cell[here] + 1) * CELL_UNITS)
            cells.append((row + cell)[here])
            owners.append(zones.owner[here])
            lengths.append((right - left).astype(np.float64))
        at = np.searchsorted(doubtful, np.concatenate(cells))
        length = np.concatenate(lengths)
        share = length / np.bincount(at, length, len(doubtful))[at]
        theirs = np.nan_to_num(self._doubtful_people(people))[at] * share
        by_commune = np.zeros(count)
        by_commune += np.bincount(np.concatenate(owners), theirs, count)
        return by_commune

    def _doubtful_people(self, people: RasterPeople) -> NDArray[np.float64]:
        """Give the people of each doubtful cell who by area would live outside the known land."""
        outside = 1.0 - 1.0 / self.edge_factor[self.edge_doubtful]
        return people.at(self.edge_cell[self.edge_doubtful]) * outside


def counted_ground(
    communes: Outlines, zones: Spans, people: RasterPeople, edge_cells: EdgeRule, land: Land | None = None
) -> CountedGround:
    """Find out where people live by the rule for edge cells, and which cells are to be measured exactly.

    Parameters
    ----------
    communes
        One geometry per commune, and their reference system.
    zones
        Their spans.
    people
        The raster of people.
    edge_cells
        ``land`` or ``share``, as the project file says.
    land
        Other land, which shares the people of edge cells; of no matter by ``share``. None where none is known.
    """
    count, grid = len(communes[0]), people.grid
    few = grid.sublines < _FEW_LINES
    cells, factors = _of_small_communes(communes, zones, grid), np.ones(count)
    ground, beside = zones, FineEdges.joined([])
    edge_cell, denser, doubtful = np.zeros(0, np.int64), np.zeros(0), np.zeros(0, bool)
    if edge_cells == "land" or few:
        touched = cells_touched(communes, grid) if edge_cells == "land" else np.zeros(0, np.int64)
        look = look_at_cells(people, zones, people_about(people, zones, count), touched, crowded=few)
        cells = np.union1d(cells, look.crowded)
    if edge_cells == "land":
        other = empty_spans() if land is None else burn(*land.outlines, grid)
        edge, ground = _with_other_land(look.edge, zones, other, land, people, count)
        cells = np.union1d(cells, _chance_cells(edge, grid.sublines))
        factors = density_factors(look.at_edge, edge, zones, other, people)
        edge_cell, denser = edge.cell, edge.denser()
        doubtful = lives_beyond(edge.cell, other, zones, people)
    fine = FineCells(grid, cells)
    edges = fine.edges(communes)
    if edge_cells == "land" and land is not None:
        beside = _land_edges(fine, land, other, zones, people, count)
    return CountedGround(
        ground, fine, FineEdges.joined([edges, beside]), factors, edge_cell, denser, doubtful
    )


def _with_other_land(
    edge: EdgeCells, zones: Spans, other: Spans, land: Land | None, people: RasterPeople, owner: int
) -> tuple[EdgeCells, Spans]:
    """Take other land for known land in edge cells; also give the ground with it."""
    if land is None:
        return edge, zones
    beside = land_beside(other, zones, edge.cell, people, as_counted=land.as_counted)
    return (
        (edge.with_land(beside, people.grid), with_owner(zones, beside, owner))
        if len(beside)
        else (edge, zones)
    )


def _land_edges(
    fine: FineCells, land: Land, other: Spans, zones: Spans, people: RasterPeople, owner: int
) -> FineEdges:
    """Cut other land to the fine cells, where it counts."""
    edges = fine.edges(land.outlines)
    if land.as_counted:
        edges = edges.only(counts_there(fine.cell, other, zones, people)[edges.cell])
    return edges._replace(owner=np.full(len(edges.owner), owner, np.int32))


def _chance_cells(edge: EdgeCells, sublines: int) -> NDArray[np.int64]:
    """Find the edge cells whose few lines hold a good part of a commune's people, or that no line meets."""
    lines = edge.land * sublines
    on_one = edge.people * np.minimum(1.0, edge.land / LEAST_LAND_SHARE) / np.maximum(lines, 1e-12)
    many = (lines < _FEW_LINES) & (on_one > MOST_AT_BORDER * edge.least)
    chosen: NDArray[np.int64] = edge.cell[(edge.people > 0) & (many | np.isinf(edge.least))]
    return chosen


def _of_small_communes(communes: Outlines, zones: Spans, grid: Grid) -> NDArray[np.int64]:
    """Find the cells of communes so small that few lines meet them."""
    owner = np.zeros(0, np.int32) if zones.owner is None else zones.owner
    lines = np.bincount(owner, zones.x1 - zones.x0, len(communes[0])) / CELL_UNITS
    few = grid.sublines < _FEW_LINES
    small = lines < (_SMALL if few else _SMALL_BORDER)
    if not small.any():
        return np.zeros(0, np.int64)
    touched = cells_touched((communes[0][small], communes[1]), grid)
    if not few:
        return touched
    return np.union1d(touched, _cells_of(small, zones, grid))


def _cells_of(chosen: NDArray[np.bool_], zones: Spans, grid: Grid) -> NDArray[np.int64]:
    """Give the cells that hold ground of some communes."""
    inside = zones.select_owners(chosen)
    runs = cell_runs(span_steps(inside.line // grid.sublines, inside.x0, inside.x1), 1)
    cells = single_cells(runs, np.ones(len(runs.strip), bool))
    numbers: NDArray[np.int64] = cells.strip * grid.width + cells.col
    return numbers
