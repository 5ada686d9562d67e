"""Approval, gates and retention as a run meets them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.sections.upkeep import Retention
from blackspot.data.runs.listing import latest_id, list_runs
from blackspot.data.runs.manifest import damage
from blackspot.data.runs.status import read_status
from blackspot.errors import ProjectError, RunNotFoundError
from blackspot.pipeline import past_runs, upkeep
from blackspot.pipeline import run as pipeline
from four_communes import files
from small_country import box, change, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.summary.report import RunReport

LIMITS = ("approval.province_pct=5", "approval.operator_people=10")
"""Beyond both: five.gpkg of the fixture takes 100 people of province 01 the signal."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small country with one published run, and a delivery that changes much."""
    path = write_country(tmp_path)
    assert 0 == pipeline.run(path, pages="none").exit_code
    write_coverage(tmp_path / "five.gpkg", box(0, 0, 20, 3))
    return path


def run(project: Path, *overrides: str, **others: object) -> RunReport:
    """Run it without pages."""
    return pipeline.run(project, pages="none", overrides=overrides, **others)  # type: ignore[arg-type] # fail_on, variant


def test_off_by_default(project: Path) -> None:
    """A run is published whatever changed."""
    assert run(project).published


def test_a_change_beyond_the_limits_waits_until_somebody_answers_for_it(project: Path) -> None:
    """Complete and with everything a run has; published it has the bytes it would have had without any limit."""
    out, first = project.parent / "out", latest_id(project.parent / "out")
    before = files(out / "runs")
    waiting = run(project, *LIMITS)
    assert (False, False, 4, 2) == (
        waiting.published,
        waiting.nothing_new,
        waiting.exit_code,
        len(waiting.pending),
    )
    assert waiting.pending[0].en.startswith("01: ")
    assert "Sao Mai, 5G: 100 fewer people are covered (before 400, now 300; 25.0%)." == waiting.pending[1].en
    assert (first, before, ()) == (latest_id(out), files(out / "runs"), damage(waiting.folder))
    status = read_status(out)
    assert ("pending", waiting.run_id, 4) == (
        status["last"],
        status["last_pending"]["run"],  # type: ignore[index] # as it is written
        status["last_pending"]["exit_code"],  # type: ignore[index] # as it is written
    )
    assert ["run", "pending"] == [one.kind for one in past_runs.list_runs(out)]
    made = files(waiting.folder)
    approved = upkeep.approve(out, "2", "confirmed by phone")
    assert (waiting.run_id, made) == (latest_id(out), files(approved.run.folder))
    (_, listed) = past_runs.list_runs(out)
    assert ["confirmed by phone"] == [event.reason for event in listed.events]
    assert ("success", ["approved: confirmed by phone"]) == (
        read_status(out)["last"],
        read_status(out)["last_success"]["messages"],  # type: ignore[index] # as it is written
    )
    assert run(project, *LIMITS).nothing_new
    unlimited = run(project, f"project.out={json.dumps(str(project.parent / 'other'))}")
    assert unlimited.run_id != waiting.run_id  # its number is another one, and with it what names it


def test_the_same_inputs_wait_without_being_counted_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 4 every night until somebody decides; where the limits are lifted it is made and published."""
    first = run(project, *LIMITS)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_run_anew", None)
        again = run(project, *LIMITS)
    assert (first.run_id, first.pending, 4, False) == (
        again.run_id,
        again.pending,
        again.exit_code,
        again.nothing_new,
    )
    assert run(project, "approval.province_people=1000").published
    assert [] == upkeep.list_pending(project.parent / "out")


def test_one_that_waits_and_is_damaged_is_made_again(project: Path) -> None:
    """What cannot be approved any more is worth nothing."""
    first = run(project, *LIMITS)
    (first.folder / "communes.csv").unlink()
    again = run(project, *LIMITS)
    assert (4, ()) == (again.exit_code, damage(again.folder))
    assert [again.run_id] == [
        one.record.id for one in upkeep.list_pending(project.parent / "out") if one.record
    ]


def test_a_newer_run_supersedes_one_that_waits(project: Path) -> None:
    """Another delivery: it waits, or is published, in the place of the older one, which nobody can approve any more."""
    out = project.parent / "out"
    first = run(project, *LIMITS)
    write_coverage(project.parent / "five.gpkg", box(0, 0, 19, 3))
    second = run(project, *LIMITS)
    assert (4, True) == (second.exit_code, second.run_id > first.run_id)
    with pytest.raises(RunNotFoundError):
        upkeep.approve(out, first.run_id, "late")
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 4), box(0, 19, 1, 20))
    third = run(project, *LIMITS)
    assert (True, third.run_id) == (third.published, latest_id(out))
    assert ["run", "run", "superseded", "superseded"] == sorted(one.kind for one in past_runs.list_runs(out))
    assert [] == upkeep.list_pending(out)


def test_a_change_within_the_limits_and_a_variant_do_not_wait(project: Path) -> None:
    """A variant never stands for the series."""
    assert run(project, "approval.province_pct=30", "approval.operator_pct=25").published
    assert run(project, *LIMITS, variant="what-if").published


def test_nothing_published_before_is_no_change(tmp_path: Path) -> None:
    """The first run of all has nobody to differ from."""
    assert run(write_country(tmp_path), *LIMITS).published


def test_an_operator_that_is_heard_no_more_waits_too(project: Path) -> None:
    """Such a run is no next one of its series, and changes the published figures most of all."""
    text = project.read_text(encoding="utf-8")
    start = text.index('[[submissions]]\noperator = "Hải Đăng"')
    project.write_text(text[:start] + text[text.index("[profile]") :], encoding="utf-8")
    told = run(project, "approval.operator_pct=50").pending
    assert ["Hải Đăng, 5G: there are no data any more; 160 people were covered."] == [one.en for one in told]


def test_a_published_run_that_is_damaged_cannot_be_compared(project: Path) -> None:
    """Nobody knows how much changed: somebody has to look."""
    out = project.parent / "out"
    table = out / "runs" / latest_id(out) / "provinces.parquet"
    table.chmod(0o644)
    table.write_bytes(b"no table")
    waiting = run(project, "approval.province_pct=99")
    assert 4 == waiting.exit_code
    assert "nobody knows how much changed" in waiting.pending[0].en
    assert waiting.run_id == upkeep.approve(out, waiting.run_id, "looked at the map").run.id


def test_an_approval_has_a_reason(project: Path) -> None:
    """Somebody answers for it by name and word."""
    with pytest.raises(ProjectError, match="--reason is empty"):
        upkeep.approve(project.parent / "out", "2", " \n ")
    with pytest.raises(RunNotFoundError):
        upkeep.approve(project.parent / "nowhere", "2", "why")
    assert not (project.parent / "nowhere").exists()


def test_gates_are_met_after_publishing_and_every_night(project: Path) -> None:
    """Of the project file and the command line; the exit code stays while the published run does not pass."""
    change(project, "[communes]", 'fail_on = ["pop_lost_5g > 59"]\n[communes]')
    out = project.parent / "out"
    report = run(project, fail_on=["black_spot_count > 100", "refused"])
    assert (True, 8, ["Gate pop_lost_5g > 59 is not passed: it is 60."]) == (
        report.published,
        report.exit_code,
        [gate.en for gate in report.gates],
    )
    assert report.run_id == latest_id(out)
    success = read_status(out)["last_success"]
    assert (8, [gate.en for gate in report.gates]) == (success["exit_code"], success["messages"])  # type: ignore[index] # as it is written
    again = run(project)
    assert (True, 8) == (again.nothing_new, again.exit_code)
    assert 0 == run(project, 'project.fail_on=["pop_lost_5g > 60.1"]').exit_code


def test_a_gate_that_is_none_stops_before_anything(project: Path) -> None:
    """Nothing is read, noted or written; every one is told."""
    out = project.parent / "out"
    before = (out / "status.json").read_bytes()
    with pytest.raises(ProjectError) as caught:
        run(project, fail_on=["often", "pop_lost_9g > 1", "refused"])
    assert 2 == len(caught.value.problems)
    assert before == (out / "status.json").read_bytes()


def test_a_run_that_waits_meets_no_gate(project: Path) -> None:
    """It is not published: exit 4 says more."""
    assert (4, ()) == ((report := run(project, *LIMITS, fail_on=["warnings"])).exit_code, report.gates)


def test_people_lost_are_not_known_where_the_run_before_is_damaged(project: Path) -> None:
    """The run is published, and the gate is not passed."""
    out = project.parent / "out"
    (out / "runs" / latest_id(out) / "lacking_cells.parquet").unlink()
    report = run(project, fail_on=["pop_lost_5g > 1000000"])
    assert (True, 8) == (report.published, report.exit_code)
    assert "the figure is not known" in report.gates[0].en


def test_old_runs_go_after_publication(project: Path) -> None:
    """The predecessor stays beside the latest; where one cannot be removed the run is published all the same."""
    out = project.parent / "out"
    for south in (3, 4, 5):
        write_coverage(project.parent / "five.gpkg", box(0, 0, 20, south))
        assert run(project, "retention.keep_runs=1").published
    assert [3, 4] == [one.sequence for one in list_runs(out)]
    assert () == upkeep.verify(out).damage


def test_retention_never_makes_a_run_fail(
    project: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told in the log."""
    from blackspot.data.runs.output_folder import OutputFolder  # noqa: PLC0415 - patched
    from blackspot.errors import WorkplaceError  # noqa: PLC0415 - only here

    def fail(*_: object) -> None:
        raise WorkplaceError("no right to remove it.")

    run(project)
    monkeypatch.setattr(OutputFolder, "remove_run", fail)
    write_coverage(project.parent / "five.gpkg", box(0, 0, 20, 5))
    assert run(project, "retention.keep_runs=1").published
    assert "no right to remove it." in caplog.text


def test_prune_by_hand(project: Path) -> None:
    """A dry run says the same and removes nothing."""
    out = project.parent / "out"
    for south in (3, 4):
        write_coverage(project.parent / "five.gpkg", box(0, 0, 20, south))
        run(project)
    run(project, variant="what-if")
    planned = upkeep.prune(out, Retention(keep_runs=1), dry_run=True)
    assert 3 == len(list_runs(out))
    done = upkeep.prune(out, Retention(keep_runs=1))
    assert planned == done
    assert ([1], True) == ([int(one.name[:6]) for one in done.removed], done.is_limited)
    assert (out / "variants" / "what-if").is_dir()
    assert 1 == len(upkeep.prune_variant(out, "what-if", dry_run=True).removed)
    upkeep.prune_variant(out, "what-if")
    assert not (out / "variants" / "what-if").exists()
    assert ((), False) == ((nothing := upkeep.prune(out, Retention())).removed, nothing.is_limited)
    assert () == upkeep.prune(project.parent / "nowhere", Retention(keep_runs=1)).removed
