"""Runs that wait for approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.kept import events_of, list_kept
from blackspot.data.runs.listing import PENDING, latest_id, list_runs, next_run_id, open_run
from blackspot.data.runs.manifest import damage
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.text.words import Both
from blackspot.data.upkeep.pending import approve, hold_back, supersede, waiting_run, waiting_runs
from blackspot.errors import ApprovalError, RunNotFoundError, WorkplaceError
from publishing import fill, publish

if TYPE_CHECKING:
    from pathlib import Path

WHY = (Both("Hà Nội: bớt 60 người.", "Hà Nội: 60 fewer people."),)


def wait(out: Path, digest: str = "b" * 64) -> str:
    """Make a run that waits."""
    with OutputFolder(out) as folder:
        run_id = next_run_id(out, digest)
        draft = folder.begin(run_id)
        fill(draft, run_id)
        place = hold_back(folder, draft, run_id, reasons=WHY, exit_code=3, seconds=7.0)
        supersede(folder, run_id)
    assert out / PENDING / run_id == place
    return run_id


def test_a_run_that_waits_is_complete_and_nobodys_predecessor(tmp_path: Path) -> None:
    """The latest run stays; it can be opened by its name, and its number is not given away again."""
    latest = publish(tmp_path)
    waiting = wait(tmp_path)
    assert (latest, [latest]) == (latest_id(tmp_path), [run.id for run in list_runs(tmp_path)])
    assert () == damage(open_run(tmp_path, "2").folder)
    assert "000003-cccccc" == next_run_id(tmp_path, "c" * 64)
    found = waiting_run(tmp_path)
    assert found is not None
    assert (waiting, latest, 3, 7.0, WHY) == (
        found.run.id,
        found.compared_with,
        found.exit_code,
        found.seconds,
        found.reasons,
    )
    assert (3, 7.0, {"pop_total": 7.0}) == (
        found.record().exit_code,
        found.record().seconds,
        found.record().figures,
    )
    with OutputFolder(tmp_path):
        assert latest == latest_id(tmp_path)  # nothing is repaired into being the latest
    assert [waiting] == [one.run.id for one in waiting_runs(tmp_path)]


def test_approved_it_is_the_latest_run_as_it_was_made(tmp_path: Path) -> None:
    """With time and reason in the history; nothing stays behind."""
    publish(tmp_path)
    waiting = wait(tmp_path)
    before = (tmp_path / PENDING / waiting / "manifest.json").read_bytes()
    with OutputFolder(tmp_path) as folder:
        approved = approve(folder, "2", "confirmed by phone")
    assert (waiting, tmp_path / "runs" / waiting) == (latest_id(tmp_path), approved.run.folder)
    assert before == (approved.run.folder / "manifest.json").read_bytes()
    assert [("approved", waiting, "confirmed by phone")] == [
        (event.what, event.run, event.reason) for event in events_of(tmp_path)
    ]
    assert [] == list((tmp_path / PENDING).iterdir())
    assert None is waiting_run(tmp_path)
    with OutputFolder(tmp_path) as folder, pytest.raises(RunNotFoundError, match="no run '2' waits"):
        approve(folder, "2", "again")


def test_a_newer_run_takes_the_place_of_one_that_waits(tmp_path: Path) -> None:
    """Its number stays used, the history says what became of it."""
    publish(tmp_path)
    first, second = wait(tmp_path), wait(tmp_path, "c" * 64)
    assert ("000002-bbbbbb", "000003-cccccc") == (first, second)
    assert [f"{second}", f"{second}.json"] == sorted(path.name for path in (tmp_path / PENDING).iterdir())
    assert [("superseded", first)] == [
        (one.kind, one.name) for one in list_kept(tmp_path) if one.kind != "run"
    ]


def test_a_damaged_run_is_not_approved(tmp_path: Path) -> None:
    """Changed, or with something beside its files; it says what to do, and stays where it is."""
    latest, waiting = publish(tmp_path), wait(tmp_path)
    folder = tmp_path / PENDING / waiting
    (folder / "somebody's").touch()
    with OutputFolder(tmp_path) as output, pytest.raises(ApprovalError, match="somebody's") as caught:
        approve(output, waiting, "x")
    assert "không thể công bố" in caught.value.vietnamese
    (folder / "somebody's").unlink()
    (folder / "map.html").unlink()
    with OutputFolder(tmp_path) as output, pytest.raises(ApprovalError, match=r"map\.html is missing"):
        approve(output, waiting, "x")
    assert (latest, ()) == (latest_id(tmp_path), events_of(tmp_path))


def test_a_run_that_was_compared_with_another_one_is_not_approved(tmp_path: Path) -> None:
    """As after a crash between a newer run's publication and the removal of this one; nor one whose notes are lost."""
    publish(tmp_path)
    waiting = wait(tmp_path)
    newer = publish(tmp_path, "c" * 64)
    assert None is waiting_run(tmp_path)
    with OutputFolder(tmp_path) as output, pytest.raises(ApprovalError, match=f"the latest run is {newer}"):
        approve(output, waiting, "x")
    (tmp_path / PENDING / f"{waiting}.json").write_text("[]", encoding="utf-8")
    with OutputFolder(tmp_path) as output, pytest.raises(ApprovalError, match="compared with -"):
        approve(output, waiting, "x")
    assert newer == latest_id(tmp_path)
    (found,) = waiting_runs(tmp_path)
    assert (None, None, ()) == (found.exit_code, found.seconds, found.reasons)


def test_one_whose_manifest_is_lost_is_superseded_as_well(tmp_path: Path) -> None:
    """It can never be approved; a folder of somebody else stays."""
    publish(tmp_path)
    waiting = wait(tmp_path)
    (tmp_path / PENDING / waiting / "manifest.json").unlink()
    (tmp_path / PENDING / "notes").mkdir()
    assert () == waiting_runs(tmp_path)
    newer = wait(tmp_path, "c" * 64)
    assert ["000003-cccccc", "000003-cccccc.json", "notes"] == sorted(
        path.name for path in (tmp_path / PENDING).iterdir()
    )
    assert "000003-cccccc" == newer


def test_a_publication_that_fails_leaves_it_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fails while the pointer is written: the next attempt publishes it."""
    latest, waiting = publish(tmp_path), wait(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with OutputFolder(tmp_path) as output:
        with monkeypatch.context() as patch:
            patch.setattr(OutputFolder, "_name_latest", fail)
            with pytest.raises(WorkplaceError):
                approve(output, waiting, "x")
        assert (latest, [latest]) == (latest_id(tmp_path), [run.id for run in list_runs(tmp_path)])
        assert waiting == approve(output, waiting, "x").run.id
    assert waiting == latest_id(tmp_path)
