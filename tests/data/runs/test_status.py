"""status.json for whoever watches over nightly runs."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.status import (
    read_status,
    record_failure,
    record_interruption,
    record_pending,
    record_start,
    record_success,
    started_at,
)

if TYPE_CHECKING:
    from pathlib import Path

AT = dt.datetime(2026, 11, 2, 3, 4, 5, 678, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def test_a_success_and_a_failure_stand_side_by_side(tmp_path: Path) -> None:
    """A failure does not wipe out when it last went well, and the other way round."""
    record_success(
        tmp_path, at=AT, run_id="000001-aaaaaa", exit_code=3, published=True, messages=["một tệp bị từ chối"]
    )
    record_failure(tmp_path, at=AT, exit_code=5, messages=["disk full"])
    status = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))
    assert status == {
        "last": "failure",
        "last_success": {
            "at": "2026-11-02T03:04:05+07:00",
            "run": "000001-aaaaaa",
            "exit_code": 3,
            "published": True,
            "messages": ["một tệp bị từ chối"],
            "submissions": [],
        },
        "last_published": {"at": "2026-11-02T03:04:05+07:00", "run": "000001-aaaaaa"},
        "last_failure": {"at": "2026-11-02T03:04:05+07:00", "exit_code": 5, "messages": ["disk full"]},
    }
    record_success(tmp_path, at=AT, run_id="000001-aaaaaa", exit_code=0, published=False)
    assert "success" == read_status(tmp_path)["last"]
    for unchanged in (
        "last_failure",
        "last_published",
    ):  # nothing new: it went well, and nothing was published
        assert status[unchanged] == read_status(tmp_path)[unchanged]


def test_an_interruption_and_a_run_that_waits(tmp_path: Path) -> None:
    """Neither is a failure: nothing was wrong."""
    record_interruption(
        tmp_path, at=AT, exit_code=143, began=AT - dt.timedelta(minutes=5), messages=["stopped"]
    )
    record_pending(tmp_path, at=AT, run_id="000002-bbbbbb", exit_code=4, messages=["moved"])
    assert read_status(tmp_path) == {
        "last": "pending",
        "last_interruption": {
            "at": "2026-11-02T03:04:05+07:00",
            "began": "2026-11-02T02:59:05+07:00",
            "exit_code": 143,
            "messages": ["stopped"],
        },
        "last_pending": {
            "at": "2026-11-02T03:04:05+07:00",
            "run": "000002-bbbbbb",
            "exit_code": 4,
            "messages": ["moved"],
        },
    }


@pytest.mark.parametrize("ending", ["success", "failure", "interruption", "pending"])
def test_a_run_is_going_on_until_it_says_how_it_ended(tmp_path: Path, ending: str) -> None:
    """Whatever the end is, it replaces the note of the beginning in one step."""
    assert None is started_at(read_status(tmp_path))
    record_start(tmp_path, at=AT)
    assert AT.replace(microsecond=0) == started_at(read_status(tmp_path))
    if ending == "success":
        record_success(tmp_path, at=AT, run_id="000001-aaaaaa", exit_code=0, published=True)
    elif ending == "failure":
        record_failure(tmp_path, at=AT, exit_code=5, messages=[])
    elif ending == "interruption":
        record_interruption(tmp_path, at=AT, exit_code=130, began=AT, messages=[])
    else:
        record_pending(tmp_path, at=AT, run_id="000001-aaaaaa", exit_code=4, messages=[])
    assert None is started_at(read_status(tmp_path))
    assert ending == read_status(tmp_path)["last"]


@pytest.mark.parametrize("running", [{}, {"at": "yesterday"}, {"at": 7}])
def test_a_beginning_nobody_can_read_is_one_all_the_same(tmp_path: Path, running: dict[str, object]) -> None:
    """Somebody edited the file: that a run did not end is told, when it began is not known."""
    (tmp_path / "status.json").write_text(json.dumps({"running": running}), encoding="utf-8")
    assert dt.datetime.fromtimestamp(0, dt.UTC) == started_at(read_status(tmp_path))


@pytest.mark.parametrize("content", ["", "{", "[1]"])
def test_a_broken_file_is_written_anew(tmp_path: Path, content: str) -> None:
    """Monitoring recovers with the next run."""
    (tmp_path / "status.json").write_text(content)
    assert {} == read_status(tmp_path)
    record_failure(tmp_path, at=AT, exit_code=4, messages=[])
    assert "failure" == read_status(tmp_path)["last"]


def test_no_file_says_nothing(tmp_path: Path) -> None:
    """Before the first run there is no status."""
    assert {} == read_status(tmp_path)


def test_a_time_without_zone_is_a_mistake(tmp_path: Path) -> None:
    """Whoever watches from another zone must not be misled."""
    with pytest.raises(ValueError, match="no time zone"):
        record_failure(tmp_path, at=dt.datetime(2026, 1, 1), exit_code=1, messages=[])  # noqa: DTZ001 - the mistake
    assert {} == read_status(tmp_path)
