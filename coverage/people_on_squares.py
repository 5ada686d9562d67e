"""Where the people of a run live: by commune and square kilometre, on a grid of equal area and on the same one moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .burn.cells import cell_runs, single_cells, span_steps
from .burn.spans import CELL_UNITS
from .overlay.bands import BAND_LINES, band_count, read_band
from .overlay.join import BandCells, join_band
from .overlay.totals import FailingCells, Overlay
from .people.fine_cells import add_fine_cells
from .setting.equal_area_grid import EqualAreaGrid, OnCells, OnSquares, on_squares, spread_of
from .setting.urbanisation import SHIFTS, PeopleAndGround

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .burn.grid import Grid
    from .burn.spans import Spans
    from .overlay.join import EdgeCells
    from .overlay.sources import RasterPeople
    from .people.counted_ground import CountedGround


def people_on_squares(
    people: RasterPeople,
    ground: CountedGround,
    zones: Spans,
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
    zones
        Spans of the communes alone.
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
        For each of ``SHIFTS``. The first amount of ``people`` and ``ground`` is people and km²; the second and the third
        are these times the longitude and the latitude (degrees) of the raster's cells that they come from.
    """
    first, grid = EqualAreaGrid.around(bounds), people.grid
    grids = [first.shifted(*shift) for shift in SHIFTS]
    spreads = [spread_of(each, grid.crs, grid.transform, (grid.height, grid.width)) for each in grids]
    living = on_squares(_people(people, ground, edge_cells), spreads)
    land = on_squares(_ground(zones, grid), spreads)
    return [
        PeopleAndGround(each, _scaled(lives, lies, total), lies)
        for each, lives, lies in zip(grids, living, land, strict=True)
    ]


def _people(people: RasterPeople, ground: CountedGround, edge_cells: EdgeCells) -> Iterator[OnCells]:
    """Count the raster's people by commune and cell, a band of rows at a time."""
    own, grid = len(ground.factors), people.grid
    taken = replace(people, taken=ground.fine.cell)
    for index in range(band_count(grid)):
        _, band = read_band(index, taken, grid, ground.zones, [], edge_cells, _everybody)
        if band is not None:
            yield _of_communes(join_band(band).cells, grid, own)
    if len(ground.fine):
        yield _of_communes(
            add_fine_cells(_nothing(own + 1), ground, [], people, edge_cells, _everybody).cells, grid, own
        )


def _everybody(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Take everybody for a group, so that all cells with people are kept."""
    return np.ones((1, len(masks)), dtype=bool)


def _nothing(owners: int) -> Overlay:
    """Give the count of nobody by so many owners."""
    none, some = np.zeros(0, np.int32), np.zeros(0, np.float32)
    cells = FailingCells(none, none, none, some, np.zeros((0, 1), np.float32))
    return Overlay(np.zeros(0, np.uint64), np.zeros((owners, 0)), np.zeros(owners, bool), 0.0, 0.0, cells)


def _of_communes(cells: BandCells | FailingCells | None, grid: Grid, own: int) -> OnCells:
    """Leave out the people on other land, and say where the cells lie."""
    if cells is None:
        nothing = np.zeros(0, np.int64)
        return _on_cells(nothing, nothing, nothing, np.zeros(0), grid)
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


def _ground(zones: Spans, grid: Grid) -> Iterator[OnCells]:
    """Measure the communes' ground by commune and cell, a band of rows at a time."""
    rows = max(1, BAND_LINES // grid.sublines)
    for row0 in range(0, grid.height, rows):
        here = zones.rows(row0 * grid.sublines, (row0 + rows) * grid.sublines)
        if here.owner is None or not len(here):
            continue
        strip = here.owner.astype(np.int64) * rows + (here.line // grid.sublines - row0)
        runs = cell_runs(span_steps(strip, here.x0, here.x1), 1)
        cells = single_cells(runs, np.ones(len(runs.strip), dtype=bool))
        commune, row = np.divmod(cells.strip, rows)
        share = cells.units[:, 0] / (CELL_UNITS * grid.sublines)
        yield _on_cells(
            commune, row + row0, cells.col, share * grid.cell_area_km2(row + row0, cells.col), grid
        )


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
