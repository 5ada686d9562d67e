"""What changed between two runs of the small country, and what is no change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot import cli
from blackspot.errors import RunNotFoundError, WorkplaceError
from blackspot.maps.summary.compare import compare_blocks, compare_facts
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.compare import compare
from four_communes import project
from small_country import box, frame

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.change.comparison import Comparison

__all__ = ["project"]


def said(found: Comparison, language: str = "en") -> str:
    """Everything on the screen."""
    return "\n".join(
        line
        for block in compare_blocks(found, language)
        for line in (*block.lines, *map(" ".join, block.rows))
    )


def test_more_and_less_coverage_are_told_apart(project: Path) -> None:
    """Rows 4 to 6 gain 5G, columns 0 to 2 of rows 0 to 4 lose it: 5 people a cell."""
    out = project.parent / "out"
    first = pipeline.run(project, pages="none")
    frame([box(2, 0, 20, 6)], kind=["x"]).to_crs(3405).to_file(project.parent / "five.gpkg", layer="five")
    second = pipeline.run(project, pages="none")
    found = compare(out, first.run_id, "latest")
    assert ("coverage", True, ()) == (found.cause, found.is_by_cells, found.differences)
    country = found.country("5g")
    change = float(second.figures["pop_uncovered_5g"]) - float(first.figures["pop_uncovered_5g"])
    assert change == pytest.approx(country["lost"] - country["gained"], abs=1e-6)
    assert country["lost"] == pytest.approx(2 * 4 * 5, abs=0.5)
    assert country["gained"] > 100
    assert "people gained" in said(found)
    assert "người" in said(found, "vi")
    profile = found.country("profile")
    assert compare_facts(found)["progress_people"] == pytest.approx(profile["gained"] - profile["lost"])


def test_other_rules_are_no_progress(project: Path) -> None:
    """Whoever fails by them alone has lost nothing."""
    pipeline.run(project, pages="none")
    pipeline.run(project, pages="none", variant="gap-any", overrides=['profile.gap="any"'])
    found = compare(project.parent / "out", "latest", "gap-any")
    assert "rule" == found.cause
    assert "0 people of progress: the change comes from other rules." in said(found)
    assert 0.0 == compare_facts(found)["progress_people"]
    assert 0.0 == found.country("profile")["newly_reported"]


def test_a_first_report_is_no_change_of_coverage(project: Path) -> None:
    """The south is reported for the first time, 1,000 people without 5G: nobody has lost it."""
    out, text = project.parent / "out", project.read_text(encoding="utf-8")
    south = 'extent = { except_provinces = ["02"] }\n'
    north = text.replace('path = "five.gpkg"\n', f'path = "five.gpkg"\n{south}')
    project.write_text(north, encoding="utf-8")
    pipeline.run(project, pages="none")
    project.write_text(north.replace(south, ""), encoding="utf-8")
    pipeline.run(project, pages="none")
    found = compare(out, "1", "2")
    country = found.country("5g")
    assert "claim" == found.cause
    assert (1000.0, 1000.0) == pytest.approx((country["newly_reported"], country["newly_without"]))
    assert (0.0, 0.0) == (country["lost"], country["gained"])
    assert "reported for the first time" in said(found)


def test_the_command(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run with itself: nothing changed; a run that is not there is told."""
    pipeline.run(project, pages="none")
    out = str(project.parent / "out")
    assert 0 == cli.run_line(["compare", "1", "latest", "--out", out, "--language", "en"])
    assert "Nothing changed for as much as one person." in capsys.readouterr().out
    assert 0 == cli.run_line(["compare", "1", "latest", "--out", out, "--json"])
    assert '"cause": "coverage"' in capsys.readouterr().out
    with pytest.raises(RunNotFoundError):
        compare(project.parent / "out", "1", "77")


def test_a_run_that_was_changed_is_not_compared(project: Path) -> None:
    """Its tables are not what was published: the error names the file."""
    first = pipeline.run(project, pages="none")
    table = first.folder / "communes.parquet"
    table.chmod(0o644)
    table.write_bytes(table.read_bytes()[:-1])
    with pytest.raises(WorkplaceError, match=r"communes\.parquet"):
        compare(project.parent / "out", "1", "latest")
