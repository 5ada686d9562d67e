"""How a run ended, noted in the history and in the status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.runs.attempts import note_failure, note_success
from blackspot.data.runs.history import History
from blackspot.data.runs.status import read_status
from blackspot.data.submissions.records import SubmissionRecord
from blackspot.errors import Finding, InputError, WorkplaceError
from failed_attempts import failed_attempts
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


def test_an_interruption_is_no_failure(tmp_path: Path) -> None:
    """Somebody stopped it: nothing is wrong, and nothing is written."""
    note_failure(tmp_path, KeyboardInterrupt(), 1.0)
    assert [] == list(tmp_path.iterdir())


def test_a_failure_that_cannot_be_noted_still_tells_the_first_one(tmp_path: Path) -> None:
    """The error of the run goes on, with a note of why nobody will find it in the history."""
    error = InputError([ERROR])
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    note_failure(tmp_path / "out", error, 1.0)
    (told,) = error.__notes__
    assert told.startswith("the failure could not be noted: ")
