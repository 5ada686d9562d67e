"""What a run says at its end: the same figures with a map and without one, now and asked again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest

from blackspot.data.project.load import load_project
from blackspot.data.runs.listing import open_run
from blackspot.maps.summary.as_json import as_json, run_facts
from blackspot.maps.summary.provinces import NOT_KNOWN
from blackspot.maps.summary.run import run_summary
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.report import nothing_new
from small_country import box, change, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.summary.report import RunReport

FIBRE = """
[[submissions]]
operator = "Sao Mai"
service = "fibre"
path = "fibre.fgb"
extent = { except_provinces = ["02"] }
[profile]
"""
OWN = ("run", "folder", "map", "seconds", "published", "nothing_new", "submissions")
"""What each run may say differently: its name, its files, and since which run a submission is in use."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A country whose southern province is silent on both services: nobody there may be counted twice."""
    project = write_country(tmp_path)
    write_coverage(tmp_path / "fibre.fgb", box(0, 0, 10, 10))
    change(project, "[profile]", FIBRE)
    change(project, 'services = ["5g"]', 'services = ["5g", "fibre"]\nfibre_service = "fibre"')
    return project


def run(project: Path, pages: str) -> RunReport:
    return pipeline.run(project, pages=pages, overrides=[f'project.out="{pages}"'])


def words(report: RunReport, language: str) -> list[Any]:
    """Everything said at the end but the last block, which names the run's folder and its map."""
    return list(run_summary(report, language)[:-1])


def figures(report: RunReport) -> dict[str, object]:
    """What the command prints for a machine, where a figure that is not known is null."""
    printed: dict[str, object] = json.loads(as_json(run_facts(report, 0)))
    return {name: value for name, value in printed.items() if name not in OWN}


def test_no_figure_depends_on_whether_a_map_was_drawn(project: Path) -> None:
    """Summary, JSON and tables are the same; 1000 people of the south may fail, on two counts yet once."""
    drawn, bare = run(project, "national"), run(project, "none")
    assert (True, None) == (drawn.map_path is not None, bare.map_path)
    for language in ("vi", "en"):
        assert words(drawn, language) == words(bare, language)
    assert figures(drawn) == figures(bare)
    pd.testing.assert_frame_equal(drawn.provinces, bare.provinces)
    pd.testing.assert_frame_equal(drawn.communes, bare.communes)
    assert [0.0, pytest.approx(1000.0)] == bare.provinces["pop_may_fail"].tolist()
    assert pytest.approx(1000.0) == bare.figures["pop_may_fail"]
    said = [line for block in run_summary(bare, "en") for line in block.lines]
    high = float(bare.figures["pop_failing"]) + 1000.0
    assert any(f"at most {high:,.0f}, fail the profile" in line for line in said)


@pytest.mark.parametrize("pages", ["national", "none"])
def test_asked_again_a_run_says_the_same(project: Path, pages: str) -> None:
    """What is read back from its files is what it said when it was made."""
    first, again = run(project, pages), run(project, pages)
    assert (True, True) == (first.published, again.nothing_new)
    for language in ("vi", "en"):
        assert words(first, language) == words(again, language)
    assert figures(first) == figures(again)


def test_a_run_of_an_older_program_can_be_told_again(project: Path) -> None:
    """It has neither the count of who may fail nor provinces.parquet: nothing is made up, codes stay text."""
    made = run(project, "none")
    (made.folder / "provinces.parquet").unlink()
    path = made.folder / "communes.parquet"
    gpd.read_parquet(path).drop(columns="pop_may_fail").to_parquet(path)
    table = pd.read_csv(made.folder / "provinces.csv", dtype=str, encoding="utf-8-sig")
    table.drop(columns="pop_may_fail").to_csv(
        made.folder / "provinces.csv", encoding="utf-8-sig", index=False
    )
    kept = open_run(project.parent / "none", made.run_id)
    figures = {name: value for name, value in kept.figures.items() if name != "pop_may_fail"}
    older = replace(kept, manifest={**kept.manifest, "figures": figures})
    blocks = run_summary(nothing_new(load_project(project), older, None, 0.0), "en")
    (provinces,) = (block for block in blocks if block.title.startswith("Provinces"))
    assert {"01": "280", "02": NOT_KNOWN} == {row[0]: row[2] for row in provinces.rows}
    assert not [line for block in blocks for line in block.lines if "at most" in line]
