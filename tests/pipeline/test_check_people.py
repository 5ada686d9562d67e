"""The people a check counts of one coverage file are those of a run."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from blackspot.data.checking.request import CheckRequest
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.check import check
from small_country import box, change, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 11, 25)


def people(file: Path, **given: object) -> float | None:
    """Give the people a check counts."""
    report = check(CheckRequest.of(file, "coverage", **given), today=TODAY)
    assert report.used
    return report.facts.people_covered


def test_as_a_run_of_the_project_counts(project: Path) -> None:
    """Of one operator and service; a submission that the profile does not count has none."""
    figures = pipeline.run(project, pages="none").figures
    file = project.parent / "five.gpkg"
    asked = {"project": project, "operator": "Sao Mai", "service": "5g"}
    assert pytest.approx(figures["pop_covered_5g_sao_mai"]) == people(file, **asked)
    change(project, 'path = "five.gpkg"', 'path = "five.gpkg"\nbasis = "predicted"')
    assert people(file, **asked) is None


def test_with_a_raster_alone(project: Path) -> None:
    """5 people in each of 400 cells under 20 by 20: within communes, or anywhere in the outline box."""
    folder = project.parent
    write_coverage(folder / "half.gpkg", box(0, 0, 20, 10))
    raster, communes = folder / "people.tif", folder / "communes.gpkg"
    assert pytest.approx(1000.0) == people(folder / "half.gpkg", population=raster, communes=communes)
    assert pytest.approx(1000.0) == people(folder / "half.gpkg", population=raster)
    assert people(folder / "half.gpkg", communes=communes) is None
