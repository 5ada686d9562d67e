"""Where the people of a run live: everybody the run counts, on each grid, and on the ground of their commune."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio

from blackspot.coverage.ground import lay_ground
from blackspot.coverage.overlay.bands import band_count, read_band
from blackspot.coverage.overlay.join import join_band
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.ground_of_run import ground_of
from blackspot.coverage.people_on_squares import _bands, people_on_squares
from blackspot.coverage.setting.urbanisation import SHIFTS
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.load import load_project
from blackspot.data.reading import read_inputs
from small_country import CELLS, NORTH, STEP, WEST, write_country

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.overlay.join import EdgeCells
    from blackspot.coverage.people.counted_ground import CountedGround
    from blackspot.coverage.setting.urbanisation import PeopleAndGround
    from blackspot.data.reading import Inputs


def ground(path: Path, rule: EdgeCells) -> tuple[Inputs, RasterPeople, CountedGround]:
    """Read the small country, and lay its ground."""
    project = load_project(path, [f"population.edge_cells={rule}"])
    findings = Findings()
    inputs = read_inputs(project, findings, findings.fresh())
    assert inputs is not None
    laid = lay_ground(inputs, project)
    people = RasterPeople(inputs.population, laid.grid)
    return inputs, people, ground_of(inputs, project.population, people, laid.zones)


def settled(path: Path, total: np.ndarray) -> tuple[list[PeopleAndGround], np.ndarray]:
    """Put so many people on squares; also give the areas of the communes."""
    inputs, people, counted = ground(path, "land")
    frame = inputs.communes.frame
    found = people_on_squares(people, counted, "land", total, frame.total_bounds.tolist())
    return found, area_km2(frame.geometry.to_numpy())


@pytest.fixture
def country(tmp_path: Path) -> Path:
    return write_country(tmp_path)


def test_everybody_lives_somewhere_on_each_grid(country: Path) -> None:
    """The people of each commune to a billionth, scaled to what the run counts; nobody of an unknown commune."""
    total = np.array([500.0, 1234.5, np.nan, 0.0])
    found, areas_km2 = settled(country, total)
    assert len(SHIFTS) == len(found)
    for grid, people, lies in found:
        each = np.bincount(people.commune, people.amount[:, 0], 4)
        assert each.tolist() == pytest.approx([500.0, 1234.5, 0.0, 0.0], rel=1e-9)
        assert math.fsum(people.on(grid).ravel()) == pytest.approx(1734.5, rel=1e-9)
        assert np.bincount(lies.commune, lies.amount[:, 0], 4).tolist() == pytest.approx(areas_km2, rel=1e-3)
        assert lies.on(grid).max() <= 1.0 + 1e-9


def test_people_know_their_place(country: Path) -> None:
    """Their mean place is the middle of the square commune they live in."""
    (first, *_), _ = settled(country, np.full(4, 500.0))
    people = first.people
    whole = np.stack([np.bincount(people.commune, people.amount[:, column], 4) for column in range(3)])
    middle = [WEST + 5 * STEP, NORTH - 5 * STEP]
    assert (whole[1:, 0] / whole[0, 0]).tolist() == pytest.approx(middle, abs=1e-6)


def test_whom_the_raster_does_not_know_is_spread_over_the_commune(country: Path) -> None:
    """A commune without people in the raster and with an official figure: evenly over its ground."""
    path = country.parent / "people.tif"
    with rasterio.open(path, "r+") as raster:
        cells = raster.read(1)
        cells[: CELLS // 2, : CELLS // 2] = 0
        raster.write(cells, 1)
    (first, *_), areas_km2 = settled(country, np.array([300.0, 500.0, 500.0, 500.0]))
    theirs, lies = (each.commune == 0 for each in (first.people, first.ground))
    density = first.people.amount[theirs, 0] / first.ground.amount[lies, 0]
    assert first.people.square[theirs].tolist() == first.ground.square[lies].tolist()
    assert density.tolist() == pytest.approx(np.full(len(density), 300.0 / areas_km2[0]), rel=1e-3)


def test_the_moved_grids_have_the_same_people_without_their_places(country: Path) -> None:
    """Whom each has on its own; only the first says where."""
    (first, *moved), _ = settled(country, np.full(4, 500.0))
    assert (3, 3) == (first.people.amount.shape[1], first.ground.amount.shape[1])
    for other in moved:
        assert (1, 1) == (other.people.amount.shape[1], other.ground.amount.shape[1])
        assert other.people.amount.sum() == pytest.approx(first.people.amount[:, 0].sum(), rel=1e-9)


@pytest.mark.parametrize("rule", ["land", "share"])
def test_a_cell_has_the_people_that_the_overlay_finds_there(country: Path, rule: EdgeCells) -> None:
    """To the bit, and in the same order, as an overlay without layers in which everybody fails."""
    _, people, counted = ground(country, rule)
    grid, own = people.grid, len(counted.factors)
    taken = replace(people, taken=counted.fine.cell)
    found = list(_bands(people, counted, rule))
    joined = []
    for index in range(band_count(grid)):
        _, band = read_band(
            index, taken, grid, counted.zones, [], rule, lambda masks: np.ones((1, len(masks)), dtype=bool)
        )
        cells = None if band is None else join_band(band).cells
        if cells is not None:
            joined.append((cells, cells.commune < own))
    assert len(found) == len(joined) > 0
    for (lives, lies), (cells, here) in zip(found, joined, strict=True):
        for name in ("commune", "row", "col"):
            assert getattr(cells, name)[here].tolist() == getattr(lives, name).tolist()
        assert cells.people[here].tolist() == lives.amount[:, 0].tolist()
        assert set(zip(lives.row, lives.col, strict=True)) <= set(zip(lies.row, lies.col, strict=True))
