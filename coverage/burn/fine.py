"""Single cells measured exactly: small ground in a cell counts as truly as large ground.

Sub-lines lie some 20 m apart. Land of 10 m in a corner of a populated cell may lie between two of them, although
all people of the cell live on it. Such cells are taken out of the grid and get lines of their own, parallel to the
rows: one in the middle between each two heights at which any outline in the cell has a vertex. Between such heights
all edges are straight, so what lies left of an edge has the area that its middle line tells, exactly.

The lines of all cells stand side by side, each as a cell of a grid of its own, so that everything that counts on
spans counts on these as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyproj
from affine import Affine

from .clip import CellEdges, cut_to_cells, touched_cells
from .grid import Grid
from .rings import Carrier, boxes_on, rings_of
from .spans import CELL_UNITS, FRACTION_BITS, KEY_BITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from .rings import Rings

LEAST_LINES = 64
"""Lines across the ground of a cell, at least: edges of two outlines may cross between two heights."""
_FLAT = 1e-9  # of a cell's height: two heights nearer than that are one
_BLOCK = 16  # cells to each side, in which geometries are looked for
_ACROSS = 4096  # lines side by side in a row of their grid
_LONLAT = pyproj.CRS.from_epsg(4326)

Outlines = tuple["NDArray[np.object_]", pyproj.CRS]
"""Polygons and the reference system they are in."""


class FineEdges(NamedTuple):
    """Edges of polygons in single cells, closed along the cells' left and right sides.

    Attributes
    ----------
    owner
        int32 (n,): the geometry an edge is of.
    part
        int64 (n,): its polygon part; the even-odd rule holds for each part by itself.
    cell
        int64 (n,): number of the cell among the fine cells.
    upper, lower
        float64 (n, 2): ends, from 0 at the cell's left and upper side to 1; the upper one lies higher.
    """

    owner: NDArray[np.int32]
    part: NDArray[np.int64]
    cell: NDArray[np.int64]
    upper: NDArray[np.float64]
    lower: NDArray[np.float64]

    def only(self, keep: NDArray[np.bool_]) -> FineEdges:
        """Take some edges; all of a part in a cell or none."""
        return FineEdges(
            self.owner[keep], self.part[keep], self.cell[keep], self.upper[keep], self.lower[keep]
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give everything by name, to be kept."""
        return self._asdict()

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> FineEdges:
        """Take back what ``arrays`` gave."""
        return cls(*(arrays[name] for name in cls._fields))

    @classmethod
    def joined(cls, several: Sequence[FineEdges]) -> FineEdges:
        """Put the edges of several sets of polygons into one."""
        nothing = np.zeros(0, np.int64)
        parts, most = [nothing], 0
        for edges in several:
            parts.append(edges.part + most)
            most += int(edges.part.max(initial=-1)) + 1
        return cls(
            np.concatenate([nothing.astype(np.int32), *(edges.owner for edges in several)]),
            np.concatenate(parts),
            np.concatenate([nothing, *(edges.cell for edges in several)]),
            np.concatenate([np.zeros((0, 2)), *(edges.upper for edges in several)]),
            np.concatenate([np.zeros((0, 2)), *(edges.lower for edges in several)]),
        )


@dataclass(frozen=True)
class FineCells:
    """Cells that are measured exactly.

    Attributes
    ----------
    grid
        The grid the cells are of.
    cell
        int64 (k,), ascending: ``row * grid.width + column``.
    """

    grid: Grid
    cell: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.cell)

    @cached_property
    def digest(self) -> str:
        """Hash which cells there are (SHA-256, hex)."""
        return hashlib.sha256(self.cell.astype("<i8").tobytes()).hexdigest()

    def edges(self, outlines: Outlines) -> FineEdges:
        """Cut polygons to the cells.

        Parameters
        ----------
        outlines
            Polygons and multipolygons; anything else is passed over. Inside one polygon the even-odd rule
            decides, as on the grid.
        """
        found, parts = [], 0
        near = self._near(outlines) if len(self) else np.zeros(0, np.int64)
        for rings in _carried((outlines[0][near], outlines[1]), self.grid):
            edges = cut_to_cells(rings, self.grid, self.cell).closed()
            found.append(_upright(edges, near[rings.feature].astype(np.int32), parts))
            parts += len(rings.feature)
        return FineEdges.joined(found)

    def _near(self, outlines: Outlines) -> NDArray[np.int64]:
        """Find the geometries whose boxes come near any fine cell."""
        step, corner = self.grid.transform.a, self.grid.transform.c
        rise, top = self.grid.transform.e, self.grid.transform.f
        west, south, east, north = boxes_on(*outlines, self.grid).T
        size = np.array([self.grid.height, self.grid.width]) // _BLOCK + 1
        row, col = np.divmod(self.cell, self.grid.width)
        before = np.zeros((size + 1).tolist(), np.int64)
        np.add.at(before, (row // _BLOCK + 1, col // _BLOCK + 1), 1)
        before = before.cumsum(axis=0).cumsum(axis=1)
        with np.errstate(invalid="ignore"):  # empty geometries have no box
            edges = np.array(
                [(north - top) / rise, (west - corner) / step, (south - top) / rise, (east - corner) / step]
            )
            block = np.nan_to_num(np.floor(edges / _BLOCK), nan=-1.0)
        low = np.clip(block[:2], 0, size[:, None] - 1).astype(np.int64)
        high = np.clip(block[2:], -1, size[:, None] - 1).astype(np.int64) + 1
        count = before[*high] - before[low[0], high[1]] - before[high[0], low[1]] + before[*low]
        return np.flatnonzero((count > 0) & (high > low).all(axis=0))


def _upright(edges: CellEdges, feature: NDArray[np.int32], parts: int) -> FineEdges:
    """Turn edges upside up, without the level ones; ``parts`` polygon parts came before."""
    turned = edges.start[:, 1] > edges.end[:, 1]
    keep = edges.start[:, 1] != edges.end[:, 1]
    upper = np.where(turned[:, None], edges.end, edges.start)[keep]
    lower = np.where(turned[:, None], edges.start, edges.end)[keep]
    part = edges.part[keep]
    return FineEdges(feature[part], part + parts, edges.cell[keep], upper, lower)


def _carried(outlines: Outlines, grid: Grid) -> Iterator[Rings]:
    """Bring polygons to a grid, a bounded number of vertices at a time."""
    geometries, crs = outlines
    carry = Carrier(crs, grid)
    for chunk in rings_of(geometries).chunks():
        yield carry(chunk)


def cells_touched(outlines: Outlines, grid: Grid) -> NDArray[np.int64]:
    """Say through which cells the outlines of polygons run.

    Parameters
    ----------
    outlines
        Polygons and multipolygons.
    grid
        The grid.

    Returns
    -------
    ndarray of int64
        ``row * grid.width + column``, ascending, each once.
    """
    found = [touched_cells(rings, grid) for rings in _carried(outlines, grid)]
    return np.unique(np.concatenate([np.zeros(0, np.int64), *found]))


class LineSpans(NamedTuple):
    """Stretches of fine lines: line and ends on the lines' grid, and the owner; int64 (n,) each."""

    line: NDArray[np.int64]
    x0: NDArray[np.int64]
    x1: NDArray[np.int64]
    owner: NDArray[np.int64]


@dataclass(frozen=True)
class FineLines:
    """The lines of fine cells.

    Attributes
    ----------
    cell
        int64 (n,), ascending: number of the fine cell each line is of.
    height
        float64 (n,), ascending in each cell: where the line lies, from 0 at the cell's upper side to 1.
    weight
        float64 (n,): share of the cell's height that it stands for.
    """

    cell: NDArray[np.int64]
    height: NDArray[np.float64]
    weight: NDArray[np.float64]

    @classmethod
    def of(cls, ground: FineEdges, layers: Sequence[FineEdges]) -> FineLines:
        """Lay lines across ground.

        Parameters
        ----------
        ground
            Only where it lies are there lines.
        layers
            Everything else that is to be measured on them.
        """
        lines = cls._between(FineEdges.joined([ground, *layers]))
        met = np.zeros(len(lines.cell), bool)
        spans = lines.spans(ground)
        met[lines.numbers(spans)] = True
        lines = cls(lines.cell[met], lines.height[met], lines.weight[met])
        total = np.bincount(lines.cell, lines.weight, int(lines.cell.max(initial=-1)) + 1)
        pieces = np.ceil(lines.weight * LEAST_LINES / total[lines.cell] * (1 - _FLAT)).astype(np.int64)
        each = np.repeat(np.arange(len(pieces)), pieces)
        step = np.arange(len(each)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        weight = (lines.weight / pieces)[each]
        top = (lines.height - lines.weight / 2)[each]
        return cls(lines.cell[each], top + (step + 0.5) * weight, weight)

    @classmethod
    def _between(cls, edges: FineEdges) -> FineLines:
        """Lay a line between each two neighbouring heights of vertices."""
        cell = np.concatenate([edges.cell, edges.cell])
        height = np.concatenate([edges.upper[:, 1], edges.lower[:, 1]])
        order = np.lexsort((height, cell))
        cell, height = cell[order], height[order]
        weight = np.diff(height)
        apart = np.flatnonzero((cell[1:] == cell[:-1]) & (weight > _FLAT))
        return cls(cell[apart], height[apart] + weight[apart] / 2, weight[apart])

    @cached_property
    def grid(self) -> Grid:
        """The grid on which every line is a cell; it lies nowhere on the earth."""
        rows = -(-len(self.cell) // _ACROSS)
        return Grid(_LONLAT, Affine(1.0, 0.0, 0.0, 0.0, -1.0, 0.0), _ACROSS, max(1, rows), 1)

    def table(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Put one value per line into the cells of the lines' grid; 0 in what is left over."""
        table = np.zeros(self.grid.height * _ACROSS)
        table[: len(values)] = values
        return table.reshape(-1, _ACROSS)

    def numbers(self, spans: LineSpans) -> NDArray[np.int64]:
        """Give the number of the line each stretch lies on."""
        number: NDArray[np.int64] = spans.line * _ACROSS + (spans.x0 >> FRACTION_BITS)
        return number

    def spans(self, edges: FineEdges) -> LineSpans:
        """Cut polygons into stretches of the lines.

        Parameters
        ----------
        edges
            Of the same fine cells.
        """
        # a key that ascends from line to line; heights lie between 0 and 1
        place = self.cell * 2.0 + self.height
        first = np.searchsorted(place, edges.cell * 2.0 + edges.upper[:, 1], side="right")
        count = np.searchsorted(place, edges.cell * 2.0 + edges.lower[:, 1], side="right") - first
        each = np.repeat(np.arange(len(count)), count)
        line = first[each] + np.arange(len(each)) - np.repeat(np.cumsum(count) - count, count)
        upper, lower = edges.upper[each], edges.lower[each]
        share = (self.height[line] - upper[:, 1]) / (lower[:, 1] - upper[:, 1])
        across = upper[:, 0] + np.clip(share, 0.0, 1.0) * (lower[:, 0] - upper[:, 0])
        unit = np.rint(across * CELL_UNITS).astype(np.int64)
        part_bits = int(edges.part.max(initial=0)).bit_length()
        unit_bits = FRACTION_BITS + 1
        if len(place).bit_length() + part_bits + unit_bits > KEY_BITS:
            raise OverflowError(f"{len(place)} lines and {part_bits} bits of polygons do not fit a sort key")
        key = (line << part_bits | edges.part[each]) << unit_bits | unit
        order = np.argsort(key)
        line, unit, owner = line[order], unit[order], edges.owner[each][order].astype(np.int64)
        row, col = np.divmod(line, _ACROSS)
        x = (col << FRACTION_BITS) + unit
        solid = np.flatnonzero(x[1::2] > x[0::2]) * 2  # crossings of a part and line come in pairs
        return LineSpans(row[solid], x[solid], x[solid + 1], owner[solid])
