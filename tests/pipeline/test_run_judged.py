"""Plausibility inside a run: the rules of the check on every submission, and what they lead to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.errors import InputError
from blackspot.pipeline import run as pipeline
from small_country import CODES, NORTH, STEP, box, change, frame, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.errors import Finding
    from blackspot.maps.summary.report import RunReport


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write the small country."""
    return write_country(tmp_path)


def run(project: Path, *overrides: str) -> RunReport:
    return pipeline.run(project, overrides=overrides, pages="none")


def of(report: RunReport, code: str) -> list[Finding]:
    return [item for item in report.findings if item.code == code]


def wavy(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle with rough edges, in cells: no outline of a network is straight."""
    ring = shapely.segmentize(box(west, south, east, north), 0.2 * STEP).exterior
    at = shapely.get_coordinates(ring)[:-1]
    rough = at + np.random.default_rng(1).uniform(-0.05, 0.05, at.shape) * STEP
    return shapely.Polygon(rough)


def test_a_file_that_lost_more_than_half_is_a_question(project: Path) -> None:
    """Unanswered it is refused, and says how to answer; the answer lets the same file in, with a note."""
    first = run(project)
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 1))
    asked = run(project)
    (finding,) = of(asked, "plausibility.collapsed")
    assert ("ask", 3) == (finding.severity, asked.exit_code)
    assert 'accept = ["plausibility.collapsed"]' in finding.cure_en
    assert first.figures["pop_covered_5g"] == asked.figures["pop_covered_5g"]
    assert run(project).nothing_new
    change(project, "[profile]", '[checks]\naccept = ["plausibility.collapsed"]\n[profile]')
    answered = run(project)
    (note,) = of(answered, "plausibility.collapsed")
    assert ("note", 0) == (note.severity, answered.exit_code)
    assert answered.figures["pop_covered_5g"] < asked.figures["pop_covered_5g"]
    change(project, '[checks]\naccept = ["plausibility.collapsed"]\n', "")
    later = run(project)  # compared with itself now: nothing is lost any more
    assert ([], 0) == (of(later, "plausibility.collapsed"), later.exit_code)


def test_growth_and_lost_communes_are_told_and_used(project: Path) -> None:
    """Warnings never refuse: the new file counts."""
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 4), box(0, 17, 5, 19))
    run(project)
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 7))
    report = run(project)
    assert 0 == report.exit_code
    (lost,) = of(report, "plausibility.commune-lost")
    assert "00201" in lost.message_en
    (grew,) = of(report, "plausibility.grew")
    assert "56%" in grew.message_en  # 140 cells after 90
    assert 1e-9 < report.figures["pop_covered_5g"]


def test_a_moved_file_is_told_with_the_shift(project: Path) -> None:
    """Two cells to the east: told in metres; the unmoved file of the other operator is not accused."""
    shapes = [wavy(1, 1, 8, 4), wavy(2, 12, 6, 17)]
    write_coverage(project.parent / "five.gpkg", *shapes)
    run(project)
    write_coverage(
        project.parent / "five.gpkg",
        *(shapely.transform(one, lambda at: np.add(at, [2 * STEP, 0.0])) for one in shapes),
    )
    report = run(project)
    (moved,) = of(report, "plausibility.displaced")
    assert moved.file == "five.gpkg"
    east_m = float(moved.message_en.split(" m east")[0].split()[-1].replace(",", ""))
    assert 2 * STEP * 111_320 * np.cos(np.radians(NORTH - 0.1)) == pytest.approx(east_m, rel=0.03)


def test_stale_files_and_other_senders_are_refused(project: Path) -> None:
    """What a file says about itself is compared with what the project says about it."""
    frame([box(0, 0, 20, 4)], operator=["Biển Xanh"], date=["2024-01-31"]).to_file(
        project.parent / "other.geojson"
    )
    report = run(project)
    assert {"submission.other-operator", "plausibility.stale"} <= {item.code for item in report.findings}
    refused = report.submissions[1]
    assert ("no_data", {"submission.other-operator", "plausibility.stale"}) == (
        refused.state,
        set(refused.refused),
    )


def test_the_day_of_the_machine_decides_nothing(project: Path) -> None:
    """A vintage far ahead is no matter of a run: the same inputs give the same run on any day."""
    change(project, "vintage = 2026-08-31", "vintage = 2999-01-01")
    assert [] == of(run(project), "plausibility.date-future")


def test_everything_covered_and_copied_borders_are_told(project: Path) -> None:
    """A file of whole communes covers all it touches and runs along their borders."""
    write_coverage(project.parent / "five.gpkg", box(0, 0, 10, 10), box(10, 10, 20, 20))
    report = run(project)
    assert {"plausibility.covers-everything", "plausibility.copies-communes"} <= {
        item.code for item in report.findings if item.file == "five.gpkg"
    }


def test_ground_outside_the_country_is_told_even_beyond_the_grid(project: Path) -> None:
    """Two thirds of the file lie west of every commune, where the run burns nothing."""
    write_coverage(project.parent / "five.gpkg", box(-10, 2, 5, 8))
    (finding,) = of(run(project), "plausibility.outside-communes")
    assert finding.message_en.startswith("67%")


def test_one_file_under_two_operators_is_told(project: Path) -> None:
    """The same bytes, and the same ground in another format; two files that differ are left alone."""
    assert not of(run(project), "submission.same-file")
    shapes = [wavy(1, 1, 18, 5)]
    write_coverage(project.parent / "five.gpkg", *shapes)
    write_coverage(project.parent / "other.geojson", *shapes)
    assert of(run(project), "submission.same-shape")
    (project.parent / "five.geojson").write_bytes((project.parent / "other.geojson").read_bytes())
    change(project, '"five.gpkg"', '"five.geojson"')
    assert of(run(project), "submission.same-file")


def test_two_layers_of_one_file_are_two_submissions(project: Path) -> None:
    """One GeoPackage may hold the coverage of both operators: only the same layer is the same file."""
    both = project.parent / "both.gpkg"
    frame([wavy(1, 1, 18, 5)]).to_file(both, layer="mai")
    frame([wavy(2, 2, 6, 6)]).to_file(both, layer="dang")
    change(project, 'path = "five.gpkg"', 'path = "both.gpkg"\nlayer = "mai"')
    change(project, 'path = "other.geojson"', 'path = "both.gpkg"\nlayer = "dang"')
    assert [] == of(run(project), "submission.same-file")
    change(project, 'layer = "dang"', 'layer = "mai"')
    assert of(run(project), "submission.same-file")


def test_ground_beyond_the_grid_counts_in_what_was_lost(project: Path) -> None:
    """Nothing changed in the country; of what the file covered before, most lay west of it, and is gone."""
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 4), box(-20, 0, -5, 10))
    run(project)
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 4))
    (lost,) = of(run(project), "plausibility.collapsed")
    assert "65%" in lost.message_en  # 150 of 230 cells


def test_a_run_that_is_to_stop_counts_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the judge refuses stops it, before the overlay takes its minutes."""
    run(project)
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 1))
    counted: list[object] = []
    monkeypatch.setattr("blackspot.coverage.analysis.analyse", counted.append)
    with pytest.raises(InputError) as stopped:
        run(project, 'project.refused_submissions="stop"')
    assert "plausibility.collapsed" in {item.code for item in stopped.value.findings}
    assert [] == counted


def test_5g_outside_4g_of_the_same_operator_is_told(project: Path) -> None:
    """Half of it lies outside; where the 4G does not speak, nobody is blamed."""
    write_coverage(project.parent / "four.gpkg", box(0, 0, 10, 6))
    extra = '[[submissions]]\noperator = "Sao Mai"\nservice = "4g"\npath = "four.gpkg"\n[profile]'
    change(project, "[profile]", extra)
    (finding,) = of(run(project), "submission.outside-4g")
    assert finding.message_en.startswith("50%")
    write_coverage(project.parent / "five.gpkg", box(0, 0, 10, 5), box(0, 12, 20, 17))
    change(project, 'path = "four.gpkg"', 'path = "four.gpkg"\nextent = { provinces = ["01"] }')
    assert [] == of(run(project), "submission.outside-4g")


def test_official_figures_that_lost_a_digit_are_told(project: Path) -> None:
    """Two of four communes at one tenth, by their codes; the sum differs as well."""
    table = "code,population\n" + "".join(
        f"{code},{people}\n" for code, people in zip(CODES, (500, 500, 50, 50), strict=True)
    )
    (project.parent / "totals.csv").write_text(table, encoding="utf-8")
    change(
        project,
        '[[submissions]]\noperator = "Sao',
        '[population.totals]\npath = "totals.csv"\n[[submissions]]\noperator = "Sao',
    )
    report = run(project, "checks.digit_cluster=0.1", "checks.digit_ratio=0.5")
    found = of(report, "totals.digits-lost") + of(report, "totals.sum-differs")
    assert {"totals.digits-lost", "totals.sum-differs"} == {item.code for item in found}
    assert "00201" in found[0].message_en
    assert 0 == report.exit_code


def test_the_same_file_of_a_new_day_is_noted(project: Path) -> None:
    """The vintage changed and the file did not; running again without a new day notes nothing."""
    run(project)
    change(project, "min_people = 10", "min_people = 11")
    assert [] == of(run(project), "plausibility.unchanged")
    change(project, "vintage = 2026-08-31", "vintage = 2026-10-31")
    report = run(project)
    assert ["five.gpkg"] == [item.file for item in of(report, "plausibility.unchanged")]


def test_a_crossed_column_nobody_asked_for_refuses_nothing(project: Path) -> None:
    """Text of an old encoding in a remark is no reason to refuse a file whose geometry is all that counts."""
    target = project.parent / "five.shp"
    gpd.GeoDataFrame({"note": ["Đông"]}, geometry=[box(0, 0, 20, 4)], crs=4326).to_file(
        target, encoding="cp1258"
    )
    target.with_suffix(".cpg").unlink()
    change(project, '"five.gpkg"', '"five.shp"')
    assert 0 == run(project).exit_code


def test_a_run_says_what_it_found_in_its_folder(project: Path) -> None:
    """Findings of the judge stand in findings.json like any other."""
    write_coverage(project.parent / "five.gpkg", box(-10, 2, 5, 8))
    report = run(project)
    written = json.loads((report.folder / "findings.json").read_text(encoding="utf-8"))
    assert "plausibility.outside-communes" in {item["code"] for item in written}
