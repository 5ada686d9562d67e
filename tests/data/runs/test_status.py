"""status.json for whoever watches over nightly runs."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.status import read_status, record_failure, record_success

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
        "last_failure": {"at": "2026-11-02T03:04:05+07:00", "exit_code": 5, "messages": ["disk full"]},
    }
    record_success(tmp_path, at=AT, run_id="000001-aaaaaa", exit_code=0, published=False)
    assert "success" == read_status(tmp_path)["last"]
    assert status["last_failure"] == read_status(tmp_path)["last_failure"]


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
