"""Where the people of a run live: everybody the run counts, on each grid, and on the ground of their commune."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio

from blackspot.coverage.ground import lay_ground
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.ground_of_run import ground_of
from blackspot.coverage.people_on_squares import people_on_squares
from blackspot.coverage.setting.urbanisation import SHIFTS
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.load import load_project
from blackspot.data.reading import read_inputs
from small_country import CELLS, NORTH, STEP, WEST, write_country

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.setting.urbanisation import PeopleAndGround


def settled(path: Path, total: np.ndarray) -> tuple[list[PeopleAndGround], np.ndarray]:
    """Read the small country, and put so many people on squares; also give the areas of its communes."""
    project = load_project(path)
    findings = Findings()
    inputs = read_inputs(project, findings, findings.fresh())
    assert inputs is not None
    ground = lay_ground(inputs, project)
    people, frame = RasterPeople(inputs.population, ground.grid), inputs.communes.frame
    counted = ground_of(inputs, project.population, people, ground.zones)
    rule = project.population.edge_cells
    found = people_on_squares(people, counted, rule, total, frame.total_bounds.tolist())
    return found, area_km2(frame.geometry.to_numpy())


@pytest.fixture
def country(tmp_path: Path) -> Path:
    return write_country(tmp_path)


def test_everybody_lives_somewhere_on_each_grid(country: Path) -> None:
    """The people of each commune to a billionth, scaled to what the run counts; nobody of an unknown commune."""
    total = np.array([500.0, 1234.5, np.nan, 0.0])
    found, areas_km2 = settled(country, total)
    assert len(SHIFTS) == len(found)
    for grid, people, ground in found:
        each = np.bincount(people.commune, people.amount[:, 0], 4)
        assert each.tolist() == pytest.approx([500.0, 1234.5, 0.0, 0.0], rel=1e-9)
        assert math.fsum(people.on(grid).ravel()) == pytest.approx(1734.5, rel=1e-9)
        assert np.bincount(ground.commune, ground.amount[:, 0], 4).tolist() == pytest.approx(
            areas_km2, rel=1e-3
        )
        assert ground.on(grid).max() <= 1.0 + 1e-9


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
