"""Where the people of a run live: by commune and square kilometre, on a grid of equal area and on the same one moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .burn.cells import cell_runs, single_cells, span_steps
from .overlay.bands import band_count, read_band
from .overlay.join import people_by_cell
from .overlay.land import full_cell
from .overlay.totals import FailingCells, Overlay
from .people.fine_cells import add_fine_cells
from .setting.equal_area_grid import EqualAreaGrid, OnCells, OnSquares, SquareSums, spread_of
from .setting.urbanisation import SHIFTS, PeopleAndGround

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .burn.grid import Grid
    from .overlay.join import Band, EdgeCells
    from .overlay.sources import RasterPeople
    from .people.counted_ground import CountedGround

_MOMENTS = 3  # an amount, and that times the longitude and the latitude of where it is


def people_on_squares(
    people: RasterPeople,
    ground: CountedGround,
    edge_cells: EdgeCells,
    total: NDArray[np.float64],
    bounds: Sequence[float],
) -> list[PeopleAndGround]:
    """Put the people and the ground of communes on square kilometres.

    Parameters
    ----------
    people
        The raster of people.
    ground
        What they are counted on.
    edge_cells
        The rule for cells partly outside every commune, with which the ground was found.
    total
        float64 (communes,): the people of each, as the run counts them; NaN where they are not known. The raster says
        where in the commune they live; where it has nobody they are spread evenly over the commune.
    bounds
        Of the communes: west, south, east, north in degrees.

    Returns
    -------
    list of PeopleAndGround
        For each of ``SHIFTS``. The first amount of ``people`` and ``ground`` is people and km²; on the first grid the
        second and the third are these times the longitude and the latitude (degrees) of the raster's cells that they come
        from. The moved grids have the first alone.
    """
    first, grid = EqualAreaGrid.around(bounds), people.grid
    grids = [first.shifted(*shift) for shift in SHIFTS]
    spreads = [spread_of(each, grid.crs, grid.transform, (grid.height, grid.width)) for each in grids]
    amounts = [_MOMENTS, *[1] * (len(spreads) - 1)]
    living, land = (
        [SquareSums(spread, several) for spread, several in zip(spreads, amounts, strict=True)]
        for _ in range(2)
    )
    for lives, lies in _bands(people, ground, edge_cells):
        for sums in living:
            sums.add(lives)
        for sums in land:
            sums.add(lies)
    if len(ground.fine):
        lives = _in_fine_cells(people, ground, edge_cells)
        for sums in living:
            sums.add(lives)
    return [
        PeopleAndGround(each, _scaled(lives, lies, total), lies)
        for each, lives, lies in zip(
            grids, (sums.joined() for sums in living), (sums.joined() for sums in land), strict=True
        )
    ]


def _bands(
    people: RasterPeople, ground: CountedGround, edge_cells: EdgeCells
) -> Iterator[tuple[OnCells, OnCells]]:
    """Count the raster's people, and measure the ground, by commune and cell, a band of rows at a time."""
    grid, taken = people.grid, replace(people, taken=ground.fine.cell)
    for index in range(band_count(grid)):
        _, band = read_band(index, taken, grid, ground.zones, [], edge_cells, None)
        if band is None:
            continue
        commune, row, col, units = _cells_of(band, len(ground.factors))
        in_cell = people_by_cell(band)[row - band.row0, col - band.col0]
        lives = (units * (in_cell / full_cell(grid.sublines))).astype(np.float32)
        some = lives > 0
        lies = units / full_cell(grid.sublines) * grid.cell_area_km2(row, col)
        yield (
            _on_cells(commune[some], row[some], col[some], lives[some].astype(np.float64), grid),
            _on_cells(commune, row, col, lies, grid),
        )


def _cells_of(
    band: Band, communes: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Give every cell of every commune in a band: commune, row and column of the grid, and the units in it."""
    spans, rows = band.communes, len(band.people)
    if spans.owner is None:
        raise ValueError("commune spans need owners")
    own = spans.owner < communes  # other land comes after them
    strip = spans.owner[own].astype(np.int64) * rows + (spans.line[own] // band.sublines - band.row0)
    runs = cell_runs(span_steps(strip, spans.x0[own], spans.x1[own]), 1)
    cells = single_cells(runs, np.ones(len(runs.strip), dtype=bool))
    commune, row = np.divmod(cells.strip, rows)
    return commune, row + band.row0, cells.col, cells.units[:, 0]


def _in_fine_cells(people: RasterPeople, ground: CountedGround, edge_cells: EdgeCells) -> OnCells:
    """Count the people of fine cells by commune and cell."""
    own = len(ground.factors)
    cells = add_fine_cells(_nothing(own + 1), ground, [], people, edge_cells, _everybody).cells
    return _of_communes(cells, people.grid, own)


def _everybody(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Take everybody for a group, so that all cells with people are kept."""
    return np.ones((1, len(masks)), dtype=bool)


def _nothing(owners: int) -> Overlay:
    """Give the count of nobody by so many owners."""
    none, some = np.zeros(0, np.int32), np.zeros(0, np.float32)
    cells = FailingCells(none, none, none, some, np.zeros((0, 1), np.float32))
    return Overlay(np.zeros(0, np.uint64), np.zeros((owners, 0)), np.zeros(owners, bool), 0.0, 0.0, cells)


def _of_communes(cells: FailingCells, grid: Grid, own: int) -> OnCells:
    """Leave out the people on other land, and say where the cells lie."""
    kept = cells.commune < own
    commune, row, col = (each[kept].astype(np.int64) for each in (cells.commune, cells.row, cells.col))
    return _on_cells(commune, row, col, cells.people[kept].astype(np.float64), grid)


def _on_cells(
    commune: NDArray[np.int64],
    row: NDArray[np.int64],
    col: NDArray[np.int64],
    amount: NDArray[np.float64],
    grid: Grid,
) -> OnCells:
    """Put amounts beside their moments, by longitude and latitude."""
    at = grid.cell_centres_lonlat(row, col)
    return OnCells(commune, row, col, np.column_stack([amount, amount * at.lon, amount * at.lat]))


def _scaled(people: OnSquares, ground: OnSquares, total: NDArray[np.float64]) -> OnSquares:
    """Give every commune as many people as the run counts there; who lives nowhere is spread over the ground."""
    wanted, parts = np.nan_to_num(total), []
    counted = np.bincount(people.commune, people.amount[:, 0], len(total))
    for sums, amounts, whose in ((counted, people, counted > 0), (None, ground, counted <= 0)):
        whole = np.bincount(ground.commune, ground.amount[:, 0], len(total)) if sums is None else sums
        factor = np.where(whose & (whole > 0), wanted, 0.0) / np.where(whole > 0, whole, 1.0)
        each = factor[amounts.commune]
        some = each > 0
        parts.append(
            OnSquares(
                amounts.commune[some], amounts.square[some], amounts.amount[some] * each[some, np.newaxis]
            )
        )
    parts = [one for one in parts if len(one.commune)] or parts[-1:]  # nobody's amounts have no moments
    commune, square, amount = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(commune, kind="stable")
    return OnSquares(commune[order], square[order], amount[order])
