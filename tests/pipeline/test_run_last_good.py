"""A refused submission: the version published before is used and every output says so, or there is no data."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.input_files import hash_inputs
from blackspot.data.project.load import load_project
from blackspot.data.reading import Refusal, read_inputs
from blackspot.data.submissions.intake import Intake
from blackspot.errors import InputError
from blackspot.maps.summary.as_json import as_json, run_facts
from blackspot.maps.summary.run import run_summary
from blackspot.pipeline import past_runs
from blackspot.pipeline import run as pipeline
from small_country import box, change, frame, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.summary.report import RunReport

BROKEN = "{ broken"
FIGURES = ("pop_covered_5g", "pop_uncovered_5g", "pop_no_data_5g")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Write the small country."""
    return write_country(tmp_path)


def run(project: Path, *overrides: str, pages: str = "none") -> RunReport:
    return pipeline.run(project, overrides=overrides, pages=pages)


def manifest(report: RunReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((report.folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def kept(project: Path) -> list[Path]:
    """The kept copies, without their folders."""
    return sorted(path for path in (project.parent / "out" / "accepted").glob("*/*"))


def files(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_last_good_version_is_used_and_every_output_says_so(project: Path) -> None:
    """The figures are those of the run before; screen, tables, page, manifest and status name the old data."""
    first = run(project)
    assert 0 == first.exit_code
    (project.parent / "other.geojson").write_text(BROKEN, encoding="utf-8")
    second = run(project, pages="national")
    assert (3, True) == (second.exit_code, second.published)
    assert [first.figures[name] for name in FIGURES] == [second.figures[name] for name in FIGURES]

    entry = manifest(second)["submissions"][1]
    assert ("last_good", True, ["file.broken-json"]) == (entry["state"], entry["stale"], entry["refused"])
    version = entry["version"]
    assert first.run_id == version["since"]
    assert "2026-09-30" == version["files"][0]["vintage"]
    assert manifest(first)["submissions"][1]["file"]["sha256"] == version["files"][0]["sha256"]
    assert entry["file"]["sha256"] != version["files"][0]["sha256"]

    vietnamese, english = "Hải Đăng 5g: dùng số liệu cũ 2026-09-30", "Hải Đăng 5g: older data of 2026-09-30"
    notice = pd.read_csv(second.folder / "communes.csv", encoding="utf-8-sig")["notice"]
    assert notice.str.contains(vietnamese).all()
    assert notice.str.startswith("DỮ LIỆU THỬ").all()
    page = (second.folder / "map.html").read_text(encoding="utf-8")
    shown = page.split('id="notice"')[1].split("</div>")[0]
    assert vietnamese in shown
    assert english in page
    with closing(sqlite3.connect(second.folder / "blackspot.gpkg")) as database:
        about = " ".join(str(row) for row in database.execute("SELECT * FROM about"))
    assert vietnamese in about
    assert english in about
    sheet = openpyxl.load_workbook(second.folder / "blackspot.xlsx")["about"]
    assert vietnamese in " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    codes = {item["code"] for item in json.loads((second.folder / "findings.json").read_text("utf-8"))}
    assert {"file.broken-json", "submission.last-good-used"} <= codes
    status = json.loads((project.parent / "out" / "status.json").read_text("utf-8"))["last_success"]
    assert 3 == status["exit_code"]
    assert any(english in message for message in status["messages"])
    assert ["last_good"] == [item["state"] for item in status["submissions"]]
    assert english in past_runs.explain(project.parent / "out", "00101", language="en").text
    assert vietnamese in past_runs.explain(project.parent / "out", "00101").text
    lines = [line for block in run_summary(second, "en") for line in block.lines]
    assert any(english in line for line in lines)
    assert "last_good" in as_json(run_facts(second, 3))
    assert vietnamese in second.notice["vi"]


def test_without_a_version_before_there_is_no_data_and_never_zero_coverage(project: Path) -> None:
    """In the first run of all a missing file leaves its operator silent everywhere."""
    (project.parent / "other.geojson").unlink()
    report = run(project)
    assert 3 == report.exit_code
    assert 0 == report.figures["pop_uncovered_5g"]
    assert 0 < report.figures["pop_no_data_5g"]
    entry = manifest(report)["submissions"][1]
    assert ("no_data", None, None) == (entry["state"], entry["file"], entry["version"])
    assert ["file.missing"] == entry["refused"]
    assert "Hải Đăng 5g: không có dữ liệu" in report.notice["vi"]
    assert "submission.no-last-good" in {item.code for item in report.findings}


def test_a_refused_file_a_second_time_is_nothing_new_and_a_good_one_is_used(project: Path) -> None:
    """The missing file changes nothing twice; the good one ends the use of old data, and only it stays kept."""
    run(project)
    other = project.parent / "other.geojson"
    other.unlink()
    old = run(project)
    before = files(project.parent / "out" / "runs")
    again = run(project)
    assert (True, 3, old.run_id) == (again.nothing_new, again.exit_code, again.run_id)
    assert "dùng số liệu cũ" in again.notice["vi"]
    assert before == files(project.parent / "out" / "runs")
    write_coverage(other, box(2, 2, 7, 6), box(12, 1, 16, 5))
    good = run(project)
    assert (0, True) == (good.exit_code, good.published)
    assert "DỮ LIỆU THỬ" == good.notice["vi"]
    entry = manifest(good)["submissions"][1]
    assert ("delivered", good.run_id) == (entry["state"], entry["version"]["since"])
    assert manifest(good)["submissions"][0]["version"]["since"] == "000001" + run_digest(project, "000001")
    assert 3 == len(kept(project))  # two of the run before, of which one is in use, and the new one
    write_coverage(other, box(2, 2, 8, 6), box(12, 1, 16, 5))
    run(project)
    assert 3 == len(kept(project))  # bounded: the oldest is gone


def run_digest(project: Path, number: str) -> str:
    """The second half of a run's name."""
    (folder,) = (project.parent / "out" / "runs").glob(f"{number}-*")
    return folder.name.removeprefix(number)


def test_two_refused_files_that_differ_are_two_runs_with_the_same_data(project: Path) -> None:
    """The digest knows the refused file as well as the version used; the version stays the first run's."""
    first = run(project)
    other = project.parent / "other.geojson"
    other.write_text(BROKEN, encoding="utf-8")
    second = run(project)
    other.write_text("{ broken otherwise", encoding="utf-8")
    third = run(project)
    assert len({first.run_id, second.run_id, third.run_id}) == 3
    assert manifest(third)["submissions"][1]["version"]["since"] == first.run_id
    assert second.figures["pop_covered_5g"] == third.figures["pop_covered_5g"]


def test_a_kept_copy_that_somebody_changed_is_not_used(project: Path) -> None:
    """Found even where nothing is new; then there is no data, and a finding says why."""
    run(project)
    (project.parent / "other.geojson").unlink()
    run(project)
    (copy,) = [path for path in kept(project) if path.name == "other.geojson"]
    copy.write_bytes(copy.read_bytes().replace(b"105.02", b"105.01"))
    report = run(project)
    assert (True, 3) == (report.published, report.exit_code)
    assert {"submission.kept-damaged", "submission.no-last-good"} <= {item.code for item in report.findings}
    assert "no_data" == manifest(report)["submissions"][1]["state"]
    assert 0 == report.figures["pop_uncovered_5g"]


def test_a_link_in_place_of_a_kept_copy_is_not_followed(project: Path) -> None:
    """Even where it leads to the same bytes."""
    run(project)
    (copy,) = [path for path in kept(project) if path.name == "other.geojson"]
    elsewhere = project.parent / "elsewhere.geojson"
    shutil.move(copy, elsewhere)
    copy.symlink_to(elsewhere)
    (project.parent / "other.geojson").unlink()
    report = run(project)
    assert "submission.kept-damaged" in {item.code for item in report.findings}
    assert "no_data" == manifest(report)["submissions"][1]["state"]


def test_a_lost_copy_is_made_again_while_the_good_file_is_still_there(project: Path) -> None:
    """Deleting the folder costs nothing as long as nothing is refused; no run is published for it."""
    run(project)
    shutil.rmtree(project.parent / "out" / "accepted")
    assert run(project).nothing_new
    assert {"five.gpkg", "other.geojson"} == {path.name for path in kept(project)}


def test_stop_publishes_nothing_and_no_data_keeps_the_version_for_later(project: Path) -> None:
    """Stop: every problem and no run. No data at once: but the next run may use the last good version again."""
    first = run(project)
    (project.parent / "other.geojson").write_text(BROKEN, encoding="utf-8")
    with pytest.raises(InputError, match=r"other\.geojson"):
        run(project, 'project.refused_submissions="stop"')
    silent = run(project, 'project.refused_submissions="no_data"')
    assert "no_data" == manifest(silent)["submissions"][1]["state"]
    later = run(project)
    assert "last_good" == manifest(later)["submissions"][1]["state"]
    assert first.figures["pop_covered_5g"] == later.figures["pop_covered_5g"]


def test_a_version_is_read_as_it_was_described_when_it_was_accepted(project: Path) -> None:
    """A new layer, filter and extent belong to the refused file; the old one keeps its own, and its shapefile."""
    source = project.parent / "o.shp"
    frame([box(2, 2, 6, 6), box(0, 8, 5, 9)], trạng=["on", "off"]).to_file(source)
    area = project.parent / "area.geojson"
    frame([box(0, 0, 10, 10)]).to_file(area)
    change(project, 'path = "other.geojson"', 'path = "o.shp"\nwhere = { column = "trạng", values = ["on"] }')
    change(project, 'extent = { except_provinces = ["02"] }', 'extent = { path = "area.geojson" }')
    first = run(project)
    assert {"o.cpg", "o.dbf", "o.prj", "o.shp", "o.shx", "area.geojson", "five.gpkg"} == {
        path.name for path in kept(project)
    }
    for part in project.parent.glob("o.*"):
        part.unlink()
    (project.parent / "new.gpkg").write_bytes(b"no database")
    change(project, 'path = "o.shp"', 'path = "new.gpkg"\nlayer = "fresh"')
    change(project, 'column = "trạng"', 'column = "status"')
    change(project, 'extent = { path = "area.geojson" }', "")
    second = run(project)
    assert "last_good" == manifest(second)["submissions"][1]["state"]
    assert [first.figures[name] for name in FIGURES] == [second.figures[name] for name in FIGURES]


def test_submissions_that_cannot_be_told_apart_are_told_by_their_path(project: Path) -> None:
    """Two files of one operator and service: each falls back on its own version, never on the other's."""
    text = project.read_text(encoding="utf-8")
    extra = '[[submissions]]\noperator = "Sao Mai"\nservice = "5g"\npath = "south.gpkg"\n[profile]'
    project.write_text(text.replace("[profile]", extra), encoding="utf-8")
    write_coverage(project.parent / "south.gpkg", box(0, 12, 20, 14))
    first = run(project)
    (project.parent / "south.gpkg").write_bytes(b"")
    second = run(project)
    assert "south.gpkg" == manifest(second)["submissions"][2]["version"]["files"][0]["file"]
    assert first.figures["pop_covered_5g"] == second.figures["pop_covered_5g"]
    (project.parent / "moved.gpkg").write_bytes(b"")
    change(project, '"south.gpkg"', '"moved.gpkg"')
    third = run(project)
    assert "no_data" == manifest(third)["submissions"][2]["state"]


def test_problems_of_other_inputs_still_stop_the_run(project: Path) -> None:
    """Communes are no submission: nothing stands in for them."""
    run(project)
    (project.parent / "other.geojson").unlink()
    (project.parent / "communes.gpkg").unlink()
    with pytest.raises(InputError, match="communes"):
        run(project)


def test_a_version_that_the_communes_of_today_refuse_is_not_used(project: Path) -> None:
    """The kept copy passes the same checks as any file: outside the country it is no better than a new one."""
    run(project)
    (project.parent / "other.geojson").unlink()
    communes = gpd.read_file(project.parent / "communes.gpkg")
    communes["province_code"] = "03"
    communes.to_file(project.parent / "communes.gpkg", layer="communes")
    report = run(project)
    assert "submission.kept-unusable" in {item.code for item in report.findings}
    assert "no_data" == manifest(report)["submissions"][1]["state"]


def test_a_file_that_changes_while_it_is_read_is_refused(project: Path) -> None:
    """What was hashed and what was read must be the same bytes."""
    loaded = load_project(project)
    findings, refusals = Findings(), Findings()
    hashed = hash_inputs(loaded, findings, refusals)
    write_coverage(project.parent / "other.geojson", box(2, 2, 6, 7))
    inputs = read_inputs(loaded, findings, refusals, intake=Intake(loaded, hashed, refusals))
    assert inputs is not None
    assert (Refusal("Hải Đăng", "5g", "declared"),) == inputs.refused
    assert "file.changed" in {item.code for item in refusals.errors}
