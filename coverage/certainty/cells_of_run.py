"""The cells of a run whose people depend on where edges of coverage lie, band after band of the grid."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ...data.geodesy.places import LonLat, geodesic_km
from ..burn.cells import cell_runs, single_cells, span_steps
from ..burn.spans import CELL_UNITS
from ..overlay.store import grid_content, spans_digest
from ..people.cell_bits import cell_units
from .edges import CellSize, signed_distance_m
from .near_edges import NearEdges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ..blackspots.spots import SpotCells
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.join import EdgeCells as EdgeRule
    from ..people.cell_bits import CellLayers
    from .gap_rule import GapRule

_ROWS: Final = 256  # looked at together: bounds the memory
_MOST_AROUND: Final = 128  # rows and columns around a band: no edge further away is looked for
_HALF: Final = 0.5
_LEAST_PEOPLE: Final = 0.01  # of a cell: fewer may stand where they are published


class _Window(NamedTuple):
    """A box of the grid: its first row and column, and its size."""

    row0: int
    col0: int
    rows: int
    cols: int


class _Owned(NamedTuple):
    """Cells of communes in a band: row of the commune, row and column of the grid, and what weighs in each.

    ``people`` are the raster's people by the rule for edge cells, ``ground`` is the share of the cell.
    """

    commune: NDArray[np.int64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    people: NDArray[np.float64]
    ground: NDArray[np.float64]


def cells_near_edges(
    cells: CellLayers,
    pop_total: NDArray[np.float64],
    spots: SpotCells,
    rule: GapRule,
    reach_m: Sequence[float],
    edge_cells: EdgeRule,
) -> NearEdges:
    """Find the cells that fail or not depending on where edges lie, and whose people they are.

    The people of a commune lie in its cells as the raster says, evenly by area where the raster has nobody, and are as many
    altogether as its table says. Inside a cell they are not told apart: the layers that cross it leave out shares of it as
    if these were independent.

    Parameters
    ----------
    cells
        The grid, the communes, the layers and the raster of a run.
    pop_total
        float64 (communes,): people of each commune; NaN where not known.
    spots
        The cells of the black spots.
    rule
        The gap profile.
    reach_m
        By layer, how far its edges come at most, in metres.
    edge_cells
        How the people of a cell are shared out that lies partly outside all communes.
    """
    found = _found(cells, len(pop_total), rule, reach_m, edge_cells)
    people, ground, near = found.people, found.ground, _with_spots(found, spots, cells.grid)
    total = np.nan_to_num(pop_total)
    by_people = people > 0
    scale = np.where(by_people, total / np.where(by_people, people, 1.0), 0.0)
    evenly = np.where(ground > 0, total / np.where(ground > 0, ground, 1.0), 0.0)
    of = near.commune
    own_people = np.where(by_people[of], near.people * scale[of], found.share * evenly[of]).astype(np.float32)
    order = np.lexsort((near.spot, of))
    weighted = replace(near, people=own_people).only(order)
    return weighted.only(weighted.people * weighted.open_share(rule, reach_m) >= _LEAST_PEOPLE)


class _Found(NamedTuple):
    """Cells near edges, band after band, before anything is known of black spots and of official people.

    ``row`` and ``col`` are int32 (n,), of the grid; ``share`` is float32 (n,), the commune's ground as a share of the cell.
    ``people`` and ``ground`` are float64 (communes,): what weighs in all cells of each.
    """

    near: NearEdges
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    share: NDArray[np.float32]
    people: NDArray[np.float64]
    ground: NDArray[np.float64]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give everything by name, to be kept."""
        near = {f"near_{field.name}": getattr(self.near, field.name) for field in fields(NearEdges)}
        return near | {name: getattr(self, name) for name in self._fields[1:]}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> _Found:
        """Take back what ``arrays`` gave."""
        near = NearEdges(*(arrays[f"near_{field.name}"] for field in fields(NearEdges)))
        return cls(near, *(arrays[name] for name in cls._fields[1:]))


def _found(
    cells: CellLayers, count: int, rule: GapRule, reach_m: Sequence[float], edge_cells: EdgeRule
) -> _Found:
    """Find the cells near edges, or take them from an earlier run with the same layers, people and rules."""

    def made() -> dict[str, NDArray[Any]]:
        return _looked_for(cells, count, rule, reach_m, edge_cells).arrays()

    if cells.kept.folder is None:
        return _Found.of(made())
    content = (
        *grid_content(cells.grid),
        *map(spans_digest, (cells.zones, *cells.spans)),
        repr((cells.layers.items, rule, tuple(map(float, reach_m)), edge_cells, count)),
        *cells.content,
    )
    return _Found.of(cells.kept.arrays("near-edges", content, made))


def _looked_for(
    cells: CellLayers, count: int, rule: GapRule, reach_m: Sequence[float], edge_cells: EdgeRule
) -> _Found:
    """Go through the grid, a band of rows at a time."""
    grid = cells.grid
    people, ground = np.zeros(count), np.zeros(count)
    near_edges: list[NearEdges] = []
    places: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]] = []
    for row0 in range(0, grid.height, _ROWS):
        window = _Window(row0, 0, min(_ROWS, grid.height - row0), grid.width)
        owned = _owned(cells, window, edge_cells)
        people += np.bincount(owned.commune, owned.people, count)
        ground += np.bincount(owned.commune, owned.ground, count)
        near = _near(cells, owned, window, rule, reach_m)
        kept = near.open_share(rule, reach_m) > 0
        near_edges.append(near.only(kept))
        row, col = (each[kept].astype(np.int32) for each in (owned.row, owned.col))
        places.append((row, col, owned.ground[kept].astype(np.float32)))
    row, col, share = (np.concatenate(column) for column in zip(*places, strict=True))
    return _Found(NearEdges.joined(near_edges), row, col, share, people, ground)


def _owned(cells: CellLayers, window: _Window, edge_cells: EdgeRule) -> _Owned:
    """Say which commune has which part of which cell of a band, and how many people there."""
    grid, zones = cells.grid, cells.zones
    here = zones.rows(window.row0 * grid.sublines, (window.row0 + window.rows) * grid.sublines)
    owner = np.zeros(0, np.int32) if here.owner is None else here.owner
    strip = owner.astype(np.int64) * window.rows + here.line // grid.sublines - window.row0
    runs = cell_runs(span_steps(strip, here.x0, here.x1), 1)
    single = single_cells(runs, np.ones(len(runs.strip), np.bool_))
    commune, row = np.divmod(single.strip, window.rows)
    units = single.units[:, 0]
    place = row * grid.width + single.col
    full = float(CELL_UNITS * grid.sublines)
    whole = np.bincount(place, units, window.rows * grid.width)[place] if edge_cells == "land" else full
    people = cells.people.read(window.row0, window.rows, 0, grid.width)
    theirs = np.nan_to_num(people[row, single.col]) * units / whole
    return _Owned(commune, row + window.row0, single.col, theirs, units / full)


def _near(
    cells: CellLayers, owned: _Owned, window: _Window, rule: GapRule, reach_m: Sequence[float]
) -> NearEdges:
    """Measure how far the cells of a band lie from the edge of each layer that decides anything."""
    count, grid = len(owned.commune), cells.grid
    distance = np.full((count, len(reach_m)), -np.inf, np.float32)
    size = _cell_size(grid, window)
    if count and rule.layers:
        box = _box(owned, window, grid, size, max(reach_m))
        land = _units([cells.zones], box, grid)
        for layer in rule.layers:
            item = cells.layers.items[layer]
            share, known = _share([cells.spans[bit] for bit in item.coverage_bits], land, box, grid), land > 0
            if item.extent_bits is not None:
                inside = _share([cells.spans[bit] for bit in item.extent_bits], land, box, grid)
                known &= (inside >= _HALF) | (share >= _HALF)
            metres = signed_distance_m(share, known, size, reach_m[layer])
            metres[~known] = -np.inf
            distance[:, layer] = metres[owned.row - box.row0, owned.col - box.col0]
    return NearEdges(
        owned.commune.astype(np.int32),
        np.full(count, -1, np.int32),
        owned.people.astype(np.float32),
        distance,
        np.full(count, size.width_m, np.float32),
    )


def _box(owned: _Owned, window: _Window, grid: Grid, size: CellSize, reach_m: float) -> _Window:
    """Take the communes' cells of a band, and as much around them as an edge reaches."""
    down, across = (min(int(reach_m / side) + 2, _MOST_AROUND) for side in size)
    row0, col0 = max(0, window.row0 - down), max(0, int(owned.col.min()) - across)
    row1 = min(grid.height, window.row0 + window.rows + down)
    col1 = min(grid.width, int(owned.col.max()) + 1 + across)
    return _Window(row0, col0, row1 - row0, col1 - col0)


def _share(layers: Sequence[Spans], land: NDArray[np.int32], box: _Window, grid: Grid) -> NDArray[np.float32]:
    """Say how much of the land of each cell of a box is covered, float32 (rows, columns), 0 to 1; at sea of the cell.

    Coverage that is cut off along a coast or a border covers all of the land in the cells there: that is no edge of a signal.
    """
    whole = np.where(land > 0, land, CELL_UNITS * grid.sublines)
    return np.minimum(_units(layers, box, grid) / whole, 1.0).astype(np.float32)


def _units(layers: Sequence[Spans], box: _Window, grid: Grid) -> NDArray[np.int32]:
    """Measure how much of each cell of a box lies in a layer: the largest of several layers."""
    units = np.zeros((box.rows, box.cols), np.int32)
    for spans in layers:
        inside = cell_units(spans, box.row0, box.rows, grid)[:, box.col0 : box.col0 + box.cols]
        np.maximum(units, inside, out=units)
    return units


def _cell_size(grid: Grid, window: _Window) -> CellSize:
    """Measure the sides of a cell in the middle of a band, in metres."""
    row, col = window.row0 + window.rows // 2, window.col0 + window.cols // 2
    centre = grid.cell_centres_lonlat(np.array([row, row]), np.array([col, col]))
    beside = grid.cell_centres_lonlat(np.array([row + 1, row]), np.array([col, col + 1]))
    down, across = (1000.0 * geodesic_km(LonLat(*centre), LonLat(*beside))).tolist()
    return CellSize(down, across)


def _with_spots(found: _Found, spots: SpotCells, grid: Grid) -> NearEdges:
    """Say in which black spot each cell lies, a band of rows at a time."""
    number = np.full(len(found.near), -1, np.int32)
    bands = np.arange(-(-grid.height // _ROWS) + 1)
    cuts, known = (np.searchsorted(rows // _ROWS, bands) for rows in (found.row, np.sort(spots.row)))
    order = np.argsort(spots.row, kind="stable")
    for band in bands[:-1].tolist():
        here, theirs = slice(cuts[band], cuts[band + 1]), order[known[band] : known[band + 1]]
        asked = _keys(found.near.commune[here], found.row[here], found.col[here], grid)
        there = _keys(spots.commune[theirs], spots.row[theirs], spots.col[theirs], grid)
        _, at, of = np.intersect1d(asked, there, assume_unique=True, return_indices=True)
        number[here][at] = spots.spot[theirs][of]
    return replace(found.near, spot=number)


def _keys(
    commune: NDArray[np.integer], row: NDArray[np.integer], col: NDArray[np.integer], grid: Grid
) -> NDArray[np.int64]:
    """Give each cell of each commune a number."""
    place = row.astype(np.int64) * grid.width + col
    return commune.astype(np.int64) * (grid.height * grid.width) + place
