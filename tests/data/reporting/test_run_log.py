"""The log of a run: lines of JSON with times, safe to print, bounded, and never a reason to fail."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.reporting import run_log
from blackspot.data.reporting.run_log import RunLog
from blackspot.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSTILE = "Xã \x1b[31mMột\u202e\r\n\x00{}"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[RunLog]:
    """The log of an output folder."""
    record = RunLog(tmp_path)
    yield record
    record.close()


def read(folder: Path, pattern: str = "*.jsonl") -> list[dict[str, Any]]:
    (path,) = (folder / "logs").glob(pattern)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "logs").iterdir())


def test_steps_have_their_durations_and_every_line_its_time(tmp_path: Path, log: RunLog) -> None:
    """A step ends where the next one begins; whoever else listens hears everything."""
    heard: list[tuple[float, str]] = []
    tell = log.listening(lambda share, text: heard.append((share, text)))
    assert tell is not None
    for share, text in ((0.0, "read"), (0.2, "read"), (0.5, "write")):
        tell(share, text)
    log.end("000001-abcdef", exit_code=0)
    assert [(0.0, "read"), (0.2, "read"), (0.5, "write")] == heard
    lines = read(tmp_path)
    assert ["step", "step", "end"] == [line["event"] for line in lines]
    assert ["read", "write"] == [line["name"] for line in lines[:2]]
    assert all(0 <= line["took"] <= line["seconds"] for line in lines[:2])
    assert all(datetime.fromisoformat(line["at"]).utcoffset() == timedelta(0) for line in lines)
    assert ["000001-abcdef.jsonl"] == names(tmp_path)


def test_no_control_character_gets_into_a_line(tmp_path: Path, log: RunLog) -> None:
    """Neither as it is nor written as JSON does; the letters stay."""
    log.write("step", name=HOSTILE, members=[HOSTILE, {HOSTILE: HOSTILE}], long="x" * 10**6)
    log.findings([Finding("a.b", "warning", HOSTILE, HOSTILE, file=HOSTILE)])
    log.end("unchanged")
    lines = read(tmp_path)
    assert 3 == len(lines)
    assert lines[0]["name"].startswith("Xã ")
    assert all(letter.isprintable() for line in lines for value in line.values() for letter in str(value))
    assert len(lines[0]["long"]) < 10**4
    assert ("a.b", "warning", 1) == tuple(lines[1][key] for key in ("code", "severity", "count"))


def test_what_the_program_logs_stands_there_too(tmp_path: Path, log: RunLog) -> None:
    """Warnings and information; what is only for whoever mends the program goes elsewhere."""
    logger = logging.getLogger("blackspot.test_run_log")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(log)
    logger.warning("the disk is %s", "slow")
    logger.debug("nothing")
    logger.removeHandler(log)
    log.end("unchanged")
    assert [("message", "warning", "the disk is slow")] == [
        (line["event"], line["level"], line["text"]) for line in read(tmp_path)[:-1]
    ]


def test_the_end_gives_the_log_its_name_and_the_hook_may_follow(tmp_path: Path, log: RunLog) -> None:
    """The folder is let go before the hook is told."""
    log.end("failed", exit_code=4)
    log.write("hook", problem="")
    assert ["end", "hook"] == [line["event"] for line in read(tmp_path, "failed-*.jsonl")]


def test_the_log_of_a_killed_run_is_kept_as_that_of_a_failure(tmp_path: Path, log: RunLog) -> None:
    """It says how far the run came, and when."""
    log.write("begin")
    log.close()
    os.utime(tmp_path / "logs" / ".unfinished.jsonl", (0, 0))
    after = RunLog(tmp_path)
    after.end("000001-abcdef")
    after.close()
    assert ["000001-abcdef.jsonl", "failed-1970-01-01T000000Z.jsonl"] == names(tmp_path)
    assert ["begin"] == [line["event"] for line in read(tmp_path, "failed-*")]


def test_two_failures_in_one_second_have_two_logs(tmp_path: Path) -> None:
    """Neither is written over."""
    for _ in range(3):
        record = RunLog(tmp_path)
        record.end("failed")
        record.close()
    assert 3 == len(names(tmp_path))


def test_the_newest_of_each_kind_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nightly runs with nothing new do not push out the logs of published ones; other files stay."""
    monkeypatch.setattr(run_log, "KEPT_OF_EACH_KIND", 2)
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(5):
        (folder / f"failed-2026-10-0{number}T000000Z.jsonl").touch()
        (folder / f"00000{number}-abcdef.jsonl").touch()
        (folder / f"unchanged-2026-10-0{number}T000000Z.jsonl").touch()
    (folder / "notes.jsonl").touch()
    record = RunLog(tmp_path)
    record.end("000005-abcdef")
    record.close()
    assert [
        "000004-abcdef.jsonl",
        "000005-abcdef.jsonl",
        "failed-2026-10-03T000000Z.jsonl",
        "failed-2026-10-04T000000Z.jsonl",
        "notes.jsonl",
        "unchanged-2026-10-03T000000Z.jsonl",
        "unchanged-2026-10-04T000000Z.jsonl",
    ] == names(tmp_path)


def test_a_log_is_bounded_and_its_end_is_there_all_the_same(
    tmp_path: Path, log: RunLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much there is to say."""
    monkeypatch.setattr(run_log, "_MOST_LINES", 10)
    for _ in range(50):
        log.write("message", text="again")
    log.end("unchanged", exit_code=0)
    assert (11, "end") == (len(read(tmp_path)), read(tmp_path)[-1]["event"])


def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file stands where the folder would be."""
    (tmp_path / "logs").touch()
    record = RunLog(tmp_path)
    record.write("begin")
    record.end("failed")
    record.close()
    assert 1 == len(caplog.messages)
    assert "the run goes on" in caplog.messages[0]


def test_a_disk_that_fills_up_is_told_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In the middle of a run."""
    record = RunLog(tmp_path)
    assert record._stream is not None
    record._stream.close()
    record._stream = open("/dev/full", "w", encoding="utf-8")  # noqa: PTH123, SIM115 - a disk that is always full
    for _ in range(3):
        record.write("begin")
    record.end("failed")
    record.close()
    assert 1 == len(caplog.messages)


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    """Whoever may write into the folder cannot have another file written to."""
    (tmp_path / "logs").mkdir()
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs", encoding="utf-8")
    (tmp_path / "logs" / ".unfinished.jsonl").symlink_to(theirs)
    record = RunLog(tmp_path)
    record.end("unchanged")
    record.close()
    assert "theirs" == theirs.read_text(encoding="utf-8")
