"""Checking a raster of people by itself: against the communes of the project, as a run does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import pytest
import rasterio
from affine import Affine

from blackspot.data.checking.request import CheckRequest
from blackspot.pipeline.check import check
from small_country import change, write_country

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.checking.request import CheckReport

EAST, NORTH = -95.0, 30.0  # from Viet Nam to Germany


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The small country, in another part of the world."""
    path = write_country(tmp_path)
    communes = geopandas.read_file(tmp_path / "communes.gpkg")
    moved = communes.set_geometry(communes.translate(EAST, NORTH))
    (tmp_path / "communes.gpkg").unlink()
    moved.to_file(tmp_path / "communes.gpkg", layer="communes")
    _rewrite(tmp_path, 20)
    return path


def _rewrite(folder: Path, rows: int) -> None:
    """Move the raster to where the communes are, and let it end after some rows."""
    with rasterio.open(folder / "people.tif") as whole:
        profile, cells = whole.profile, whole.read(1)
    there = profile["transform"]
    if there.c > 100:
        there = Affine.translation(EAST, NORTH) @ there
    profile |= {"transform": there, "height": rows}
    with rasterio.open(folder / "people.tif", "w", **profile) as part:
        part.write(cells[:rows], 1)


def _check(project: Path) -> CheckReport:
    return check(CheckRequest.of(project.parent / "people.tif", "population", project=project))


def test_a_raster_of_another_country_fits_its_communes(project: Path) -> None:
    """The box of Viet Nam counts only where no communes are known."""
    report = _check(project)
    assert report.used
    assert () == report.codes
    assert pytest.approx(2000) == report.facts.pop_total
    alone = check(CheckRequest.of(project.parent / "people.tif", "population"))
    assert ("coverage.outside-country",) == alone.codes


def test_a_raster_elsewhere_is_outside_the_country(project: Path, tmp_path: Path) -> None:
    """Of the communes, not of Viet Nam."""
    (tmp_path / "other").mkdir()
    write_country(tmp_path / "other")
    raster = tmp_path / "other" / "people.tif"
    report = check(CheckRequest.of(raster, "population", project=project))
    assert (False, ("coverage.outside-country",)) == (report.used, report.codes)


def test_a_tile_that_ends_inside_communes_is_told(project: Path) -> None:
    """The check says what the run would say."""
    _rewrite(project.parent, 13)
    report = _check(project)
    assert (False, ("population.ends-inside",)) == (report.used, report.codes)
    (finding,) = report.findings
    assert "00201 Xã Ba: 30% of its ground known, 150 people" in finding.message_en


def test_official_figures_of_the_project_are_known(project: Path) -> None:
    """They count where the raster ends."""
    rows = "00101,500\n00102,500\n00201,500\n00202,500\n"
    (project.parent / "official.csv").write_text(f"code,population\n{rows}", encoding="utf-8")
    change(project, 'vintage = "2020"\n', 'vintage = "2020"\ntotals = { path = "official.csv" }\n')
    _rewrite(project.parent, 13)
    report = _check(project)
    assert (True, ("population.spread-beyond",)) == (report.used, report.codes)
