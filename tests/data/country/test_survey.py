"""One pass over the cells of a population raster, with verdicts worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.data.country.survey import (
    Survey,
    is_dense_enough,
    largest_value,
    plausible,
    survey_cells,
)
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import CellAreas
from blackspot.data.project.limits import CheckRules
from blackspot.data.readers.raster_cells import RasterCells
from raster_files import GRID, opened, write

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.readers.raster_cells import RasterFile


def surveyed(
    raster: RasterFile, kind: Any = "count", limit: float = math.inf, town: float = math.inf
) -> Survey:
    areas = CellAreas(raster.crs, raster.transform, raster.width, raster.height)
    return survey_cells(RasterCells(raster), areas, kind, limit, town)


def judged(survey: Survey, raster: RasterFile) -> tuple[bool, list[str]]:
    findings = Findings()
    verdict = plausible(survey, raster, findings.about("a.tif"))
    return verdict, [item.code for item in findings.items]


def test_people_of_known_cells_are_added_up(tmp_path: Path) -> None:
    """0 to 11, without the cell that has no data: 66 less 5."""
    cells = GRID.copy()
    cells[1, 1] = -1
    raster = opened(write(tmp_path / "a.tif", cells))
    survey = surveyed(raster)
    assert (11, 61.0, 0) == (survey.known, survey.total, survey.negative.count)
    assert (True, []) == judged(survey, raster)


def test_densities_count_by_the_ground_of_their_cells(tmp_path: Path) -> None:
    """One person a square kilometre is as many people as square kilometres: 12 cells of 1.11 by 1.04 km."""
    raster = opened(write(tmp_path / "a.tif", np.ones((3, 4), np.float32)))
    assert 12 * 1.1074 * 1.0396 == pytest.approx(surveyed(raster, "density").total, rel=2e-3)


def test_negative_and_impossible_cells_are_counted_with_the_first_and_the_worst(tmp_path: Path) -> None:
    """Two below nothing, one above 100 million; the impossible one adds nothing to the sum."""
    cells = np.full((3, 4), 10.0, np.float32)
    cells[0, 2], cells[2, 0], cells[2, 3] = -3, -7, 2e8
    raster = opened(write(tmp_path / "a.tif", cells))
    survey = surveyed(raster)
    assert (2, (0, 2), -7.0) == (survey.negative.count, survey.negative.first, survey.negative.extreme)
    assert (1, (2, 3), 2e8) == (survey.impossible.count, survey.impossible.first, survey.impossible.extreme)
    assert 9 * 10.0 - 10.0 == survey.total
    assert (False, ["population.impossible", "population.negative"]) == judged(survey, raster)


@pytest.mark.parametrize(
    ("in_the_tower", "elsewhere", "verdict", "code"),
    [(2e6, 2.1e8, True, "population.crowded"), (2e6, 1.5e8, False, "population.wrong-unit")],
)
def test_a_tower_may_be_but_not_a_country_of_towers(
    tmp_path: Path,
    in_the_tower: float,
    elsewhere: float,
    verdict: bool,  # noqa: FBT001 - a drawn case
    code: str,
) -> None:
    """One cell of 1.15 km2 above a million a km2 holds less than a hundredth of all people, or more."""
    cells = np.full((20, 20), elsewhere / 399, np.float64)
    cells[7, 3] = in_the_tower
    raster = opened(write(tmp_path / "a.tif", cells))
    assert (verdict, [code]) == judged(surveyed(raster), raster)


@pytest.mark.parametrize(("value", "code"), [(0.0, "population.nobody"), (9e7, "population.wrong-unit")])
def test_nobody_or_more_than_live_on_the_earth(tmp_path: Path, value: float, code: str) -> None:
    """Zero everywhere; 144 cells of 90 million."""
    raster = opened(write(tmp_path / "a.tif", np.full((12, 12), value, np.float64)))
    assert (False, [code]) == judged(surveyed(raster), raster)


@pytest.mark.parametrize(
    ("dtype", "options", "expected"),
    [
        ("uint8", {"nodata": 0}, 255.0),
        ("int16", {}, 32_767.0),
        ("int32", {}, math.inf),
        ("float32", {}, math.inf),
    ],
)
def test_the_largest_value_of_a_small_type_is_suspect(
    tmp_path: Path, dtype: str, options: dict[str, Any], expected: float
) -> None:
    """A city has more people in a cell than a byte holds; nobody fills four bytes."""
    cells = np.full((2, 2), 7, dtype)
    cells[0, 0] = 255 if dtype == "uint8" else 32_767
    raster = opened(write(tmp_path / "a.tif", cells, **options))
    assert expected == largest_value(raster)
    assert (1 if math.isfinite(expected) else 0) == surveyed(raster, limit=expected).saturated


@pytest.mark.parametrize(
    ("area_km2", "town_people", "enough"),
    [(100_000.0, 11.0, True), (100_000.0, 9.0, False), (10.0, 0.0, True)],
)
def test_where_people_live_some_live_in_a_town(area_km2: float, town_people: float, enough: bool) -> None:  # noqa: FBT001
    """Of 1000 people 11 live densely, 9 do, or none do in a piece too small to tell."""
    survey = Survey(known=1, sums=[1000.0], town_sums=[town_people], populated_km2=[area_km2])
    findings = Findings()
    assert enough == is_dense_enough(survey, CheckRules(), findings.about("a.tif"))
    assert ([] if enough else ["population.sparse"]) == [item.code for item in findings.items]
