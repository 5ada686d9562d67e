"""Runs with official totals, decisions and several rasters: what counts, what is told, what adds up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from blackspot.errors import InputError
from blackspot.pipeline import run as pipeline
from small_country import CODES, NORTH, PROJECT, STEP, WEST, box, change, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

TOTALS = 'vintage = "2020"\ntotals = { path = "official.csv" }\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Four communes of 500 people by the raster; officially 600, 400, 2,000 and none stated."""
    path = write_country(tmp_path)
    (tmp_path / "official.csv").write_text(
        "code,population\n00101,600\n00102,400\n00201,2000\n", encoding="utf-8"
    )
    change(path, 'vintage = "2020"\n', TOTALS)
    return path


def _communes(project: Path, *overrides: str) -> pd.DataFrame:
    report = pipeline.run(project, pages="none", overrides=overrides)
    return report.communes.set_index("code").loc[list(CODES)]


def test_official_totals_count_where_there_are_some(project: Path) -> None:
    """Without a word in the project file; the figure of the raster stays beside it."""
    table = _communes(project)
    assert [600.0, 400.0, 2000.0, 500.0] == pytest.approx(table["pop_total"].tolist())
    assert ["official"] * 3 + ["raster"] == table["pop_basis"].tolist()
    assert [500.0] * 4 == pytest.approx(table["pop_raster"].tolist())
    assert [False, False, True, False] == table["pop_disputed"].tolist()
    whole = table["pop_covered_5g"] + table["pop_uncovered_5g"] + table["pop_no_data_5g"]
    assert table["pop_total"].tolist() == pytest.approx(whole.tolist())
    assert "disputed: 500 by the raster, 2,000 officially" in table["reason_en"]["00201"]


def test_they_can_be_compared_only(project: Path) -> None:
    """``calibrate = "none"`` keeps the raster's people and still tells the dispute."""
    table = _communes(project, "population.calibrate=none")
    assert [500.0] * 4 == pytest.approx(table["pop_total"].tolist())
    assert ["raster"] * 4 == table["pop_basis"].tolist()
    assert [False, False, True, False] == table["pop_disputed"].tolist()


def test_disputed_communes_are_one_warning(project: Path) -> None:
    """It names the communes."""
    report = pipeline.run(project, pages="none")
    told = [item for item in report.findings if item.code == "population.disputed"]
    assert [("warning", 1)] == [(item.severity, item.count) for item in told]
    assert "00201 Xã Ba: 500 / 2000" in told[0].message_en


def test_a_decision_wins(project: Path) -> None:
    """The raster for one commune, a number for another; nothing is disputed any more."""
    change(project, TOTALS, f'{TOTALS}overrides = {{ path = "decisions.csv" }}\n')
    rows = "code,basis,population,reason,date\n00201,raster,,the table counts a dam,2026-10-31\n00202,,800,counted,2026-11-01\n"
    (project.parent / "decisions.csv").write_text(rows, encoding="utf-8")
    table = _communes(project)
    assert [600.0, 400.0, 500.0, 800.0] == pytest.approx(table["pop_total"].tolist())
    assert ["official", "official", "override", "override"] == table["pop_basis"].tolist()
    assert not table["pop_disputed"].any()


def test_other_rasters_give_a_range(project: Path) -> None:
    """Least and most people of all rasters; a raster that ends early knows nothing of the rest."""
    change(project, TOTALS, f'{TOTALS}alternatives = [{{ path = "other.tif" }}]\n')
    profile = {"driver": "GTiff", "width": 10, "height": 20, "count": 1, "dtype": "float32", "nodata": -1}
    place = {"crs": "EPSG:4326", "transform": from_origin(WEST, NORTH, STEP, STEP)}
    with rasterio.open(project.parent / "other.tif", "w", **profile, **place) as target:
        target.write(np.full((20, 10), 8, dtype="float32"), 1)
    table = _communes(project)
    assert [500.0] * 4 == pytest.approx(table["pop_raster_min"].tolist())
    assert [800.0, 500.0, 800.0, 500.0] == pytest.approx(table["pop_raster_max"].tolist())


def test_the_official_area_is_read(project: Path) -> None:
    """It stands beside the area on the map."""
    change(
        project, 'path = "communes.gpkg"', 'path = "communes.gpkg"\ncolumns = { area_km2 = "province_code" }'
    )
    assert [1.0, 1.0, 2.0, 2.0] == _communes(project)["area_official_km2"].tolist()


def test_a_plan_shows_whom_it_would_reach(project: Path) -> None:
    """Uncovered people are split into planned and residual ones; nothing else changes."""
    before = _communes(project)
    write_coverage(project.parent / "plan.gpkg", box(0, 0, 20, 7))
    plan = 'operator = "Sao Mai"\nservice = "5g"\npath = "plan.gpkg"\nbasis = "planned"\n[profile]'
    change(project, "[profile]", f"[[submissions]]\n{plan}")
    table = _communes(project)
    planned, residual = table["pop_planned_5g"], table["pop_residual_5g"]
    assert table["pop_uncovered_5g"].tolist() == pytest.approx((planned + residual).tolist())
    assert before["pop_uncovered_5g"].tolist() == table["pop_uncovered_5g"].tolist()
    assert planned["00101"] > 0
    assert 0 == planned["00201"]


def test_without_totals_nothing_is_calibrated(tmp_path: Path) -> None:
    """And there is no official figure."""
    path = write_country(tmp_path)
    assert path.read_text(encoding="utf-8") == PROJECT
    table = _communes(path)
    assert ["raster"] * 4 == table["pop_basis"].tolist()
    assert table["pop_official"].isna().all()


def _short_raster(project: Path, rows: int) -> None:
    """Let the raster end after so many of its 20 rows."""
    with rasterio.open(project.parent / "people.tif") as whole:
        profile, cells = whole.profile | {"height": rows}, whole.read(1)
    with rasterio.open(project.parent / "people.tif", "w", **profile) as part:
        part.write(cells[:rows], 1)


def test_a_raster_that_ends_inside_communes_is_asked_about(tmp_path: Path) -> None:
    """Of the southern communes it knows 30% of the ground and 150 of 500 people."""
    path = write_country(tmp_path)
    _short_raster(path, 13)
    with pytest.raises(InputError) as refused:
        pipeline.run(path, pages="none")
    assert ["population.ends-inside"] == [finding.code for finding in refused.value.findings if finding.stops]
    assert "00201 Xã Ba: 30% of its ground known, 150 people" in str(refused.value)


def test_accepted_they_are_unknown(tmp_path: Path) -> None:
    """Their people are in no sum, and in no black spot; those of the others stay."""
    path = write_country(tmp_path)
    _short_raster(path, 13)
    report = pipeline.run(path, pages="none", accept=["population.ends-inside"])
    table = report.communes.set_index("code").loc[list(CODES)]
    assert [500.0, 500.0] == pytest.approx(table["pop_total"].tolist()[:2])
    assert [True, True] == table["pop_total"].isna().tolist()[2:]
    assert ["raster", "raster", "unknown", "unknown"] == table["pop_basis"].tolist()
    figures = report.figures
    assert (1000.0, 300.0) == pytest.approx((figures["pop_total"], figures["people_in_unknown_communes"]))
    assert pytest.approx(1300.0) == figures["people_raster"]
    assert 2 == figures["population_unknown_communes"]
    assert [True, True] == table["black_spot_count"].isna().tolist()[2:]


def test_an_official_figure_counts_where_the_raster_ends(project: Path) -> None:
    """Spread evenly over the commune, not over the part that the raster knows: it says nothing of the rest."""
    _short_raster(project, 13)
    report = pipeline.run(project, pages="none", accept=["population.ends-inside"])
    table = report.communes.set_index("code").loc[list(CODES)]
    assert [600.0, 400.0, 2000.0] == pytest.approx(table["pop_total"].tolist()[:3])
    assert "official_spread_evenly" == table["pop_source"]["00201"]
    said = {finding.code: finding for finding in report.findings}
    assert "00201" in said["population.spread-beyond"].message_en
    assert "00202" in said["population.ends-inside"].message_en


def _tiles(project: Path, *parts: tuple[slice, slice]) -> list[str]:
    """Cut the raster into tiles."""
    folder = project.parent / "tiles"
    folder.mkdir(exist_ok=True)
    with rasterio.open(project.parent / "people.tif") as whole:
        profile, cells = whole.profile, whole.read(1)
    for number, (rows, cols) in enumerate(parts):
        part = cells[rows, cols]
        there = from_origin(WEST + cols.start * STEP, NORTH - rows.start * STEP, STEP, STEP)
        of_part = profile | {"height": part.shape[0], "width": part.shape[1], "transform": there}
        with rasterio.open(folder / f"{number}.tif", "w", **of_part) as target:
            target.write(part, 1)
    return [f"tiles/{number}.tif" for number in range(len(parts))]


_QUARTERS = [(rows, cols) for rows in (slice(0, 7), slice(7, 20)) for cols in (slice(0, 13), slice(13, 20))]


def test_tiles_count_as_the_raster_they_were_cut_from(tmp_path: Path) -> None:
    """As a list and as a folder: the same tables to the byte, and every tile is an input of the run."""
    path = write_country(tmp_path)
    whole = pipeline.run(path, pages="none")
    listed = ", ".join(f'"{name}"' for name in _tiles(path, *_QUARTERS))
    change(path, 'path = "people.tif"', f"path = [{listed}]")
    of_list = pipeline.run(path, pages="none")
    change(path, f"path = [{listed}]", 'path = "tiles"')
    of_folder = pipeline.run(path, pages="none")
    tables = [(run.folder / "communes.csv").read_bytes() for run in (whole, of_list, of_folder)]
    assert tables[0] == tables[1] == tables[2]
    inputs = json.loads((of_folder.folder / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    population = [item for item in inputs if item["role"] == "population"]
    assert [f"{number}.tif" for number in range(4)] == [item["path"].split("/")[-1] for item in population]
    assert all(item["sha256"] for item in population)


def test_a_changed_tile_is_a_new_input(tmp_path: Path) -> None:
    """The first and the last alike; what was kept of the tiles before is not used."""
    path = write_country(tmp_path)
    _tiles(path, *_QUARTERS)
    change(path, 'path = "people.tif"', 'path = "tiles"')
    before = pipeline.run(path, pages="none")
    assert pipeline.run(path, pages="none").nothing_new
    for name, people in (("0.tif", 2455.0), ("3.tif", 2910.0)):
        with rasterio.open(path.parent / "tiles" / name, "r+") as file:
            cells = file.read(1) + 5.0
            file.write(cells, 1)
        after = pipeline.run(path, pages="none")
        assert after.run_id != before.run_id
        assert pytest.approx(people) == after.figures["pop_total"]


def test_a_missing_tile_is_told(tmp_path: Path) -> None:
    """The south-eastern one: its commune has 39% of its ground from the others, those beside it 70 and 100%."""
    path = write_country(tmp_path)
    names = _tiles(path, *_QUARTERS)
    (path.parent / names[3]).unlink()
    change(path, 'path = "people.tif"', 'path = "tiles"')
    with pytest.raises(InputError, match=r"00202 Phường Bốn: 30% of its ground known, 150 people"):
        pipeline.run(path, pages="none")
