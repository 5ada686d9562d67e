"""What changed between two runs of the small country, and what is no change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot import cli
from blackspot.errors import RunNotFoundError, WorkplaceError
from blackspot.maps.summary.compare import compare_blocks, compare_facts
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.comparing.compare import compare
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
    failing = found.country("profile")
    assert failing["gained"] - failing["lost"] == pytest.approx(compare_facts(found)["progress_people"])


def test_other_rules_are_no_progress(project: Path) -> None:
    """Whoever fails by them alone has lost nothing."""
    pipeline.run(project, pages="none")
    pipeline.run(project, pages="none", variant="gap-any", overrides=['profile.gap="any"'])
    found = compare(project.parent / "out", "latest", "gap-any")
    assert "rule" == found.cause
    assert "0 people of progress: the change comes from other rules." in said(found)
    assert 0.0 == compare_facts(found)["progress_people"]
    assert 0.0 == found.country("profile")["newly_reported"]


def test_another_legal_list_is_named_and_moves_nobody(project: Path) -> None:
    """A commune that is struck off the list changes its tier: alone it is a rule, beside coverage it takes nothing from it."""
    more = '\n[setting.border.list]\npath = "list.csv"\n'
    project.write_text(project.read_text(encoding="utf-8") + more, encoding="utf-8")
    lists = project.parent / "list.csv"
    lists.write_text("code\n00101\n00201\n", encoding="utf-8")
    out = project.parent / "out"
    pipeline.run(project, pages="none")
    lists.write_text("code\n00101\n", encoding="utf-8")
    second = pipeline.run(project, pages="none")
    assert "other legal lists, border lines or fixed links" in second.not_compared["en"]
    alone = compare(out, "1", "2")
    assert ["setting"] == [one.what for one in alone.differences]
    assert "Nobody gained or lost" in said(alone)
    frame([box(2, 0, 20, 6)], kind=["x"]).to_crs(3405).to_file(project.parent / "five.gpkg", layer="five")
    pipeline.run(project, pages="none")
    for before in ("1", "2"):
        found = compare(out, before, "3")
        assert found.country("5g")["gained"] == compare(out, "2", "3").country("5g")["gained"] > 100
        assert {"coverage"} == {cause for part in found.parts for cause in part.causes}
        assert "other legal lists" not in said(found).partition("People covered by each operator")[2]


def test_a_limit_that_moves_nobody_is_no_change_of_coverage(project: Path) -> None:
    """Only black spots differ: nothing is said to come from coverage."""
    pipeline.run(project, pages="none")
    pipeline.run(project, pages="none", variant="large", overrides=["profile.min_people=900"])
    found = compare(project.parent / "out", "latest", "large")
    assert "Nobody gained or lost" in said(found)
    assert "Không ai có thêm hoặc mất" in said(found, "vi")
    assert "comes from coverage" not in said(found)


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
    assert "reported" == found.cause
    assert {("reported",)} == {one.causes for one in found.parts}
    assert 0.0 == found.progress_people
    assert (1000.0, 1000.0) == pytest.approx((country["newly_reported"], country["newly_without"]))
    assert (0.0, 0.0) == (country["lost"], country["gained"])
    assert "reported for the first time" in said(found)


def test_several_causes_are_told_apart(project: Path) -> None:
    """New coverage of 5G, other reach of fibre and another rule at once: the parts add up to what was published."""
    out, text = project.parent / "out", project.read_text(encoding="utf-8")
    first = pipeline.run(project, pages="none")
    frame([box(0, 0, 20, 6)], kind=["x"]).to_crs(3405).to_file(project.parent / "five.gpkg", layer="five")
    project.write_text(
        text.replace("buffer_m = 500", "buffer_m = 1500").replace(
            "mobile_service", 'gap = "any"\nmobile_service'
        ),
        encoding="utf-8",
    )
    second = pipeline.run(project, pages="none")
    found = compare(out, "1", "2")
    assert ("several", True) == (found.cause, found.is_by_cells)
    for group, name in (
        ("profile", "pop_failing"),
        ("5g", "pop_uncovered_5g"),
        ("fibre", "pop_uncovered_fibre"),
    ):
        change = float(second.figures[name]) - float(first.figures[name])
        assert change == pytest.approx(
            sum(one.people for one in found.parts if one.service == group), rel=1e-9
        )
    parts = {(one.service, one.cause): one.people for one in found.parts}
    assert {("5g", "coverage"), ("fibre", "claims")} == {key for key in parts if key[0] != "profile"}
    assert {"coverage", "claims", "rules"} == {cause for group, cause in parts if group == "profile"}
    assert parts["profile", "coverage"] < 0 < parts["profile", "rules"]
    assert -parts["profile", "coverage"] == found.progress_people == compare_facts(found)["progress_people"]
    shown = said(found)
    assert "people of progress: the change has several causes" in shown
    assert "how submissions are read" in shown
    assert "cách đọc hồ sơ" in said(found, "vi")
    by_commune = found.commune_parts.groupby(["service", "cause"])["people"].sum()
    assert parts["5g", "coverage"] == pytest.approx(by_commune["5g", "coverage"], abs=2)
    gained = found.operator_flows.set_index(["service", "operator"])["gained"].groupby(level=[0, 1]).sum()
    assert {("5g", "Sao Mai"), ("fibre", "Sao Mai")} == set(gained.index)


def test_boundaries_drawn_anew_are_no_change(project: Path) -> None:
    """The two northern communes become one under another code, a southern one is divided: nobody gained or lost."""
    out = project.parent / "out"
    first = pipeline.run(project, pages="none")
    squares = [box(0, 0, 20, 10), box(0, 10, 4, 20), box(4, 10, 10, 20), box(10, 10, 20, 20)]
    frame(
        squares,
        code=["00109", "00203", "00204", "00202"],
        name=["Xã Mới", "Xã Tây", "Xã Đông", "Phường Chợ"],
        province_code=["01", "02", "02", "02"],
        type=["xã", "xã", "xã", "phường"],
    ).to_file(project.parent / "communes.gpkg", layer="communes")
    second = pipeline.run(project, pages="none")
    found = compare(out, "1", "2")
    assert ("communes", True, 0.0) == (found.cause, found.is_by_cells, found.progress_people)
    assert frozenset({"00203", "00204"}) == found.crosses_split
    assert found.crosswalk is not None
    assert float(first.figures["pop_total"]) == pytest.approx(found.crosswalk["people"].sum())
    for group in found.flows:
        table = found.flows[group]
        assert ["00109", "00202", "00203", "00204"] == table.index.tolist()
        assert [0.0] * 8 == pytest.approx(table[["gained", "lost"]].to_numpy().ravel().tolist(), abs=1e-3)
    assert {("boundaries",)} == {one.causes for one in found.parts}
    assert all(one.is_noise for one in found.parts)
    assert float(second.figures["pop_failing"]) == pytest.approx(found.country("profile")["without_before"])
    assert "in 2 communes they are estimates" in said(found)


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
