"""What an output folder keeps, in the order it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.kept import list_kept
from blackspot.errors import ProjectError
from blackspot.pipeline import run as pipeline
from four_communes import files, project

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["project"]


def test_runs_failures_and_variants(project: Path) -> None:
    """A variant is kept beside the series, labelled, and changes nothing in it; what failed stands among the runs."""
    out = project.parent / "out"
    assert [] == list_kept(out)
    first = pipeline.run(project, pages="none")
    before = files(first.folder), (out / "latest.json").read_bytes()
    variant = pipeline.run(project, variant="gap-any", overrides=['profile.gap="any"'])
    assert out / "variants" / "gap-any" / "runs" == variant.folder.parent
    assert before == (files(first.folder), (out / "latest.json").read_bytes())
    assert "VARIANT gap-any" in variant.notice or "BIẾN THỂ gap-any" in variant.notice
    assert pipeline.run(project, pages="none").nothing_new
    with pytest.raises(ProjectError):
        pipeline.run(project, pages="none", overrides=["submissions[0].buffer_m=5"])
    second = pipeline.run(project, pages="none", overrides=["profile.min_people=11"])
    kept = list_kept(out)
    assert ["run", "failure", "run", "variant"] == [one.kind for one in kept]
    assert [first.run_id, second.run_id] == [
        one.record.id for one in kept if one.kind == "run" and one.record
    ]
    assert "profile.min_people = 11.0 (before: 10.0)" == kept[2].differs["en"]
    assert "profile.gap = any (before: all)" in kept[3].differs["en"]
    assert kept[1].failure is not None
    assert 2 == kept[1].failure.exit_code


def test_a_variant_falls_back_on_the_last_good_version_of_its_series(project: Path) -> None:
    """And keeps no copies of its own."""
    pipeline.run(project, pages="none")
    (project.parent / "other.geojson").write_text("{ broken", encoding="utf-8")
    variant = pipeline.run(project, pages="none", variant="late", overrides=["profile.min_people=5"])
    assert 3 == variant.exit_code
    assert ["last_good"] == [item.state for item in variant.submissions if item.state != "delivered"]
    assert not (project.parent / "out" / "variants" / "late" / "accepted").exists()
