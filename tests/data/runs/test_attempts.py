"""How a run ended, noted in the history and in the status."""

from __future__ import annotations

import signal
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.runs import attempts as attempts_of_runs
from blackspot.data.runs import history as history_of_runs
from blackspot.data.runs.attempts import note_failure, note_start, note_success
from blackspot.data.runs.history import History
from blackspot.data.runs.kept import known_runs, list_kept
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.runs.status import read_status
from blackspot.data.submissions.records import SubmissionRecord
from blackspot.errors import Finding, InputError, TerminatedError, WorkplaceError
from failed_attempts import failed_attempts
from machine_trouble import fill_up, small_disk
from publishing import publish

if TYPE_CHECKING:
    from pathlib import Path

WARNING = Finding("text.vni", "warning", "old text.", "chữ cũ.", file="a.shp")
DELIVERED = SubmissionRecord(operator="A", service="5g", basis="declared", state="delivered", path="a.gpkg")
SILENT = SubmissionRecord(operator="B", service="5g", basis="declared", state="no_data", path="b.gpkg")
ERROR = Finding("crs.missing", "error", "no system.", "không có hệ tọa độ.", file="b.shp")


def note(out: Path, run: str, *, published: bool, **changes: Any) -> None:
    """Note a success of 7 seconds with exit code 3."""
    given: dict[str, Any] = {
        "code": 3,
        "seconds": 7.0,
        "findings": [WARNING, ERROR, WARNING],
        "submissions": [DELIVERED, SILENT],
        "messages": ["the last good version is used."],
    }
    note_success(out, run_id=run, published=published, **(given | changes))


def test_a_published_run_is_in_the_history_and_the_status(tmp_path: Path) -> None:
    """Findings are counted by severity, with those who watch only what needs them: no file handed in in order."""
    run = publish(tmp_path, "a" * 64)
    note(tmp_path, run, published=True)
    with History(tmp_path, read_only=True) as history:
        (record,) = history.runs()
    assert (run, 3, 7.0) == (record.id, record.exit_code, record.seconds)
    assert ({"error": 1, "warning": 2}, {"pop_total": 7.0}) == (record.findings, record.figures)
    success = read_status(tmp_path)["last_success"]
    assert ["the last good version is used.", ERROR.sentence()] == success["messages"]
    assert [SILENT.to_json()] == success["submissions"]
    assert (run, 3, True) == (success["run"], success["exit_code"], success["published"])


def test_nothing_new_is_a_success_without_another_record(tmp_path: Path) -> None:
    """The history tells of runs; the status, when it last went well."""
    run = publish(tmp_path, "a" * 64)
    note(tmp_path, run, published=True)
    note(tmp_path, run, published=False, code=0, findings=[], submissions=[], messages=[])
    with History(tmp_path, read_only=True) as history:
        assert [run] == [record.id for record in history.runs()]
        assert [3] == [record.exit_code for record in history.runs()]
    success = read_status(tmp_path)["last_success"]
    assert (run, 0, False, []) == (
        success["run"],
        success["exit_code"],
        success["published"],
        success["messages"],
    )


@pytest.mark.parametrize(
    ("error", "code", "messages"),
    [
        (InputError([ERROR]), 4, ("b.shp: no system.",)),
        (WorkplaceError("the disk is full"), 5, ("the disk is full",)),
        (ZeroDivisionError("x/0"), 1, ("ZeroDivisionError('x/0')",)),
    ],
)
def test_a_failure_is_noted_with_its_exit_code(
    tmp_path: Path, error: Exception, code: int, messages: tuple[str, ...]
) -> None:
    """Errors of ours in their sentences, a mistake of the program by its name."""
    note_failure(tmp_path, error, 1.5)
    (attempt,) = failed_attempts(tmp_path)
    assert (code, 1.5, messages) == (attempt.exit_code, attempt.seconds, attempt.messages)
    failure = read_status(tmp_path)["last_failure"]
    assert (code, list(messages)) == (failure["exit_code"], failure["messages"])


@pytest.mark.parametrize(("stopped", "code"), [(KeyboardInterrupt(), 130), (TerminatedError(), 143)])
def test_an_interruption_is_no_failure(tmp_path: Path, stopped: BaseException, code: int) -> None:
    """Somebody stopped it: nothing is wrong, and the last failure stays the one it was."""
    note_failure(tmp_path, stopped, 90.0)
    status = read_status(tmp_path)
    assert ("interruption", False) == (status["last"], "last_failure" in status)
    assert code == status["last_interruption"]["exit_code"]  # type: ignore[index] # as it is written
    assert [code] == [one.exit_code for one in failed_attempts(tmp_path)]
    assert ["interruption"] == [one.kind for one in list_kept(tmp_path)]


def test_a_second_signal_waits_for_the_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever presses Ctrl-C twice still finds the first one in status and history."""
    monkeypatch.setattr(
        attempts_of_runs, "record_interruption", lambda *_, **__: signal.raise_signal(signal.SIGINT)
    )
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            note_failure(tmp_path, TerminatedError(), 1.0)
    finally:
        signal.signal(signal.SIGINT, before)
    assert [143] == [one.exit_code for one in failed_attempts(tmp_path)]


def test_a_run_that_never_said_how_it_ended_was_killed(tmp_path: Path) -> None:
    """Seen by whoever lists the runs once nobody holds the folder, and noted once by the next run."""
    with OutputFolder(tmp_path):
        note_start(tmp_path)
        assert [] == list_kept(tmp_path)  # it is being made
    (seen,) = list_kept(tmp_path)
    assert ("interruption", 137, None) == (seen.kind, seen.failure.exit_code, seen.failure.seconds)  # type: ignore[union-attr] # an attempt
    for _ in range(2):
        with OutputFolder(tmp_path):
            note_start(tmp_path)
            note_failure(tmp_path, WorkplaceError("full"), 1.0)
    assert [137, 5, 5] == [one.exit_code for one in failed_attempts(tmp_path)]
    assert seen.failure == failed_attempts(tmp_path)[0]
    status = read_status(tmp_path)
    assert ("failure", 137) == (status["last"], status["last_interruption"]["exit_code"])  # type: ignore[index] # as it is written


def test_a_run_that_was_killed_after_it_was_published_is_one(tmp_path: Path) -> None:
    """It stands among the runs and not among what published nothing; the status learns of it."""
    first = publish(tmp_path)
    with OutputFolder(tmp_path):
        note(tmp_path, first, published=True)
        note_start(tmp_path)
    second = publish(tmp_path, "b" * 64)
    assert ["run", "run"] == [one.kind for one in list_kept(tmp_path)]
    with OutputFolder(tmp_path):
        note_start(tmp_path)
    status = read_status(tmp_path)
    assert ("interruption", second) == (status["last"], status["last_published"]["run"])  # type: ignore[index] # as it is written
    assert f"run {second} had been published before." == status["last_interruption"]["messages"][-1]  # type: ignore[index] # as it is written
    assert () == failed_attempts(tmp_path)
    assert [first, second] == [record.id for record in known_runs(tmp_path)]


def test_a_full_disk_has_room_for_the_note_of_it(tmp_path: Path) -> None:
    """The room that every run keeps is given back when it is needed."""
    with small_disk(tmp_path / "disk", 1024) as disk:
        note_start(disk)
        fill_up(disk / "somebody's")
        with pytest.raises(OSError, match="No space"):
            (disk / "more").write_bytes(b"x" * 10_000)
        note_failure(disk, WorkplaceError("full"), 1.0)
        assert "failure" == read_status(disk)["last"]
        assert [5] == [one.exit_code for one in failed_attempts(disk)]
        note_start(disk)  # the next night, with what is left of that room
        note_failure(disk, WorkplaceError("still full"), 1.0)
        assert ["still full"] == read_status(disk)["last_failure"]["messages"]  # type: ignore[index] # as it is written


def test_a_failure_that_cannot_be_noted_still_tells_the_first_one(tmp_path: Path) -> None:
    """The error of the run goes on, with a note of why nobody will find it in the history."""
    error = InputError([ERROR])
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    note_failure(tmp_path / "out", error, 1.0)
    assert 2 == len(error.__notes__)  # neither in the status nor in the history
    assert all(told.startswith("the failure could not be noted: ") for told in error.__notes__)


@pytest.mark.parametrize("harm", ["rubbish", "empty tables", "torn page", "newer", "held", "a folder"])
def test_a_published_run_is_noted_whatever_became_of_the_history(
    tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The status names it in any case; a damaged history is kept aside and made again, another is left alone."""
    monkeypatch.setattr(history_of_runs, "_WAIT_S", 0.2)
    old = publish(tmp_path, "a" * 64)
    note(tmp_path, old, published=True)
    path = tmp_path / "history.sqlite"
    spoilt = spoil(path, harm)
    run = publish(tmp_path, "b" * 64)
    note(tmp_path, run, published=True)
    assert (run, True) == tuple(read_status(tmp_path)["last_success"][key] for key in ("run", "published"))
    assert 1 == len(caplog.messages)
    assert [old, run] == [record.id for record in known_runs(tmp_path)]
    if harm in ("rubbish", "empty tables", "torn page"):
        with History(tmp_path, read_only=True) as history:
            assert [old, run] == [record.id for record in history.runs()]
        assert spoilt == (tmp_path / "history.sqlite.damaged-1").read_bytes()
        note_failure(tmp_path, ZeroDivisionError(), 1.0)
        assert 1 == len(failed_attempts(tmp_path))
    else:
        assert not list(tmp_path.glob("*.damaged-*"))
    for database in held:
        database.close()
    held.clear()


held: list[sqlite3.Connection] = []


def spoil(path: Path, harm: str) -> bytes:
    """Do some harm to a history, and give its bytes."""
    if harm in ("empty tables", "newer", "held"):
        database = sqlite3.connect(path, isolation_level=None)
        if harm == "empty tables":
            database.execute("DROP TABLE runs")
        if harm == "newer":
            database.execute("PRAGMA user_version = 99")
        if harm == "held":
            database.execute("BEGIN EXCLUSIVE")
            held.append(database)
        else:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
    elif harm == "a folder":
        path.unlink()
        path.mkdir()
        return b""
    else:
        content = bytearray(path.read_bytes())
        content[4096 if harm == "torn page" else 0 : 8192] = b"rubbish!" * 512
        path.write_bytes(content)
    return path.read_bytes()


def test_a_published_run_stays_one_where_no_status_can_be_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told; a run that published nothing has nothing else to give and fails."""
    run = publish(tmp_path, "a" * 64)
    (tmp_path / "status.json").mkdir()
    (tmp_path / "status.json" / "somebody's").touch()
    note(tmp_path, run, published=True)
    assert f"Run {run} is published all the same." in caplog.text
    assert [run] == [record.id for record in known_runs(tmp_path)]
    with pytest.raises(WorkplaceError):
        note(tmp_path, run, published=False)
