"""A run that was published is explained and drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from blackspot.errors import RunNotFoundError
from blackspot.pipeline import past_runs
from blackspot.pipeline import run as pipeline

if TYPE_CHECKING:
    from pathlib import Path


from four_communes import files
from small_country import box, write_coverage


def test_a_commune_is_explained_in_both_languages(project: Path) -> None:
    """The words carry the operator's own name and the commune's, and an unknown code says so."""
    report = pipeline.run(project, pages="none")
    out = project.parent / "out"
    vietnamese = past_runs.explain(out, "00101")
    assert "Núi Đá" in vietnamese.text
    assert "Hải Đăng" in vietnamese.text
    assert "people" in past_runs.explain(out, "00101", run=report.run_id, language="en").text
    assert vietnamese.text == past_runs.explain(out, "nui da").text
    with pytest.raises(RunNotFoundError):
        past_runs.explain(out, "99999")


def test_a_black_spot_is_explained_alone(project: Path) -> None:
    """By its id: its commune, and this spot only."""
    report = pipeline.run(project, pages="none")
    spots = pd.read_parquet(report.folder / "black_spots.parquet")
    told = past_runs.explain(project.parent / "out", spots["spot_id"].iloc[0], language="en").text
    assert [spots["spot_id"].iloc[0]] == [name for name in spots["spot_id"] if name in told]


def test_a_run_by_another_profile_is_no_run_before(project: Path) -> None:
    """People who failed something else are not compared with; the same rules are, whatever the inputs."""
    out = project.parent / "out"
    pipeline.run(project, pages="none", overrides=["profile.min_people=11"])
    pipeline.run(project, pages="none")
    assert "Before (" not in past_runs.explain(out, "00101", language="en").text
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 5))
    pipeline.run(project, pages="none")
    assert "Before (000002-" in past_runs.explain(out, "00101", language="en").text


def test_pages_of_a_kept_run_are_built_again(project: Path) -> None:
    """Rebuilding gives the published page byte for byte, and a new title where one is asked for."""
    report = pipeline.run(project)
    before = files(report.folder)
    pages = {path.name: path for path in past_runs.rebuild_map(report.folder.parent.parent / "latest")}
    assert project.parent / "out" / "pages" / report.run_id / "map.html" == pages["map.html"]
    assert (report.folder / "map.html").read_bytes() == pages["map.html"].read_bytes()
    renamed = {path.name: path for path in past_runs.rebuild_map(report.folder, title="Khác & <b>")}
    assert "Khác &amp; &lt;b&gt;" in renamed["map.html"].read_text(encoding="utf-8")
    assert before == files(report.folder)
