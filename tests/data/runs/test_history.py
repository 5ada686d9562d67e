"""The history in a real SQLite file."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from blackspot.data.runs import history as module
from blackspot.data.runs.history import History
from blackspot.data.runs.manifest import canonical_json
from blackspot.data.runs.run_records import MIGRATIONS, FailedAttempt, Migration, RunRecord
from blackspot.errors import WorkplaceError
from failed_attempts import failed_attempts
from paths import MADE

AT = dt.datetime(2026, 11, 2, 20, 4, 5, tzinfo=dt.UTC)


def record(name: str = "000001-aaaaaa", **changes: Any) -> RunRecord:
    values: dict[str, Any] = {
        "id": name,
        "recorded_at": AT,
        "digest": "a" * 64,
        "exit_code": 0,
        "seconds": 12.5,
        "figures": {"pop_total": 97_338_583.25, "tên": "Việt Nam", "unknown": None},
        "findings": {"note": 3, "warning": 1},
    }
    return RunRecord(**(values | changes))


def attempt(**changes: Any) -> FailedAttempt:
    values: dict[str, Any] = {
        "recorded_at": AT,
        "digest": "",
        "exit_code": 4,
        "seconds": 0.5,
        "messages": ("thiếu tệp", "b"),
    }
    return FailedAttempt(**(values | changes))


def folder_of(out: Path, name: str, findings: list[dict[str, str]] | None = None) -> Path:
    folder = out / "runs" / name
    folder.mkdir(parents=True)
    manifest = {"inputs_digest": name[-6:], "outputs": {}, "figures": {"pop": 5}, "findings": findings or []}
    (folder / "manifest.json").write_text(canonical_json(manifest))
    os.utime(folder / "manifest.json", (AT.timestamp(), AT.timestamp()))
    return folder


def test_runs_and_failures_are_kept(tmp_path: Path) -> None:
    """What was put in comes out, after closing and opening again."""
    with History(tmp_path) as history:
        history.add_run(record())
        history.add_failure(attempt())
    with History(tmp_path) as history:
        assert (record(),) == history.runs()
    assert (attempt(),) == failed_attempts(tmp_path)


def test_order_is_by_number_and_not_by_clock(tmp_path: Path) -> None:
    """A clock that was set back does not reorder runs."""
    earlier = AT - dt.timedelta(days=400)
    with History(tmp_path) as history:
        history.add_run(record("000010-aaaaaa", recorded_at=earlier))
        history.add_run(record("000002-bbbbbb"))
        history.add_run(record("1000000-cccccc", recorded_at=earlier))
        assert ["000002-bbbbbb", "000010-aaaaaa", "1000000-cccccc"] == [run.id for run in history.runs()]


def test_times_are_kept_in_utc(tmp_path: Path) -> None:
    """The same instant, whatever the zone it was given in; without a zone it is a mistake."""
    local = AT.astimezone(dt.timezone(dt.timedelta(hours=7)))
    with History(tmp_path) as history:
        history.add_run(record(recorded_at=local))
        assert "2026-11-02T20:04:05+00:00" == history.runs()[0].recorded_at.isoformat()
        with pytest.raises(ValueError, match="no time zone"):
            history.add_failure(attempt(recorded_at=dt.datetime(2026, 1, 1)))  # noqa: DTZ001 - the mistake


def test_the_same_run_is_kept_once(tmp_path: Path) -> None:
    """A second record of a run replaces the first."""
    with History(tmp_path) as history:
        history.add_run(record(seconds=None, exit_code=None))
        history.add_run(record())
        assert (record(),) == history.runs()


def test_it_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    """A reader sees the last finished state and does not wait for the writer."""
    with History(tmp_path) as writer:
        writer.add_run(record())
        with writer._transaction():
            writer._insert(record("000002-bbbbbb"), replace=False)
            with History(tmp_path, read_only=True) as reader:
                assert ["000001-aaaaaa"] == [run.id for run in reader.runs()]
        with History(tmp_path, read_only=True) as reader:
            assert 2 == len(reader.runs())


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    """Looking changes nothing, and a missing history is not made by looking."""
    with pytest.raises(WorkplaceError, match="cannot use the history"):
        History(tmp_path, read_only=True).runs()
    assert [] == list(tmp_path.iterdir())
    History(tmp_path).close()
    with History(tmp_path, read_only=True) as reader, pytest.raises(WorkplaceError, match="readonly"):
        reader.add_run(record())


def test_a_history_on_a_read_only_disk_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the right to write beside the file it is opened as unchanging."""
    with History(tmp_path) as history:
        history.add_run(record())
    monkeypatch.setattr(os, "access", lambda *_: False)
    with History(tmp_path, read_only=True) as reader:
        assert (record(),) == reader.runs()
    assert ["history.sqlite"] == [path.name for path in tmp_path.iterdir()]


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Four threads that write at the same time lose nothing."""
    History(tmp_path).close()

    def work(start: int) -> None:
        with History(tmp_path) as history:
            for number in range(start, start + 10):
                history.add_run(record(f"{number:06}-aaaaaa"))

    threads = [threading.Thread(target=work, args=(start,)) for start in (100, 200, 300, 400)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with History(tmp_path) as history:
        assert 40 == len(history.runs())


def test_a_lost_history_is_made_again_from_the_runs(tmp_path: Path) -> None:
    """Digest, figures, findings and the time of the manifest come back; how the program ended does not."""
    folder_of(tmp_path, "000002-bbbbbb", [{"severity": "note"}, {"severity": "error"}, {"severity": "note"}])
    folder_of(tmp_path, "000001-aaaaaa")
    with History(tmp_path) as history:
        assert ("000001-aaaaaa", "000002-bbbbbb") == history.add_missing(tmp_path)
        second = history.runs()[1]
        assert () == history.add_missing(tmp_path)
    expected = record(
        "000002-bbbbbb",
        digest="bbbbbb",
        exit_code=None,
        seconds=None,
        figures={"pop": 5},
        findings={"error": 1, "note": 2},
    )
    assert expected == second


def test_records_are_not_replaced_by_what_the_folder_knows(tmp_path: Path) -> None:
    """What the program noted at the time is worth more."""
    folder_of(tmp_path, "000001-aaaaaa")
    with History(tmp_path) as history:
        history.add_run(record())
        history.add_missing(tmp_path)
        assert (record(),) == history.runs()


def test_two_folders_with_one_number_are_both_kept(tmp_path: Path) -> None:
    """Somebody copied a run in from elsewhere; that is no damage."""
    folder_of(tmp_path, "000001-aaaaaa")
    folder_of(tmp_path, "000001-bbbbbb")
    with History(tmp_path) as history:
        assert 2 == len(history.add_missing(tmp_path))


@pytest.mark.parametrize(
    "content", [b"this is no database, but long enough to be looked at" * 100, b"SQLite format 3\x00" * 200]
)
def test_a_damaged_history_is_said_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    """The sentence says that moving it away is safe; moving it away makes it again."""
    (tmp_path / "history.sqlite").write_bytes(content)
    with pytest.raises(WorkplaceError, match=r"history\.sqlite: .*; .*(move it away|look at the disk)"):
        History(tmp_path)
    (tmp_path / "history.sqlite").unlink()
    folder_of(tmp_path, "000001-aaaaaa")
    with History(tmp_path) as history:
        assert ("000001-aaaaaa",) == history.add_missing(tmp_path)


def test_a_missing_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    """No traceback of SQLite."""
    with pytest.raises(WorkplaceError, match="cannot use the history, unable to open"):
        History(tmp_path / "no")


def test_a_newer_history_is_not_touched(tmp_path: Path) -> None:
    """An old program refuses a file it does not understand and leaves it as it is."""
    History(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(WorkplaceError, match="a newer version of blackspot"):
        History(tmp_path)
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as database:
        assert (99,) == database.execute("PRAGMA user_version").fetchone()


def test_an_older_history_is_brought_up_to_date_without_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later migration runs once, on top of the rows that are there."""
    with History(tmp_path) as history:
        history.add_run(record())
    later = Migration(
        "a note for each run", ("ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT 'none'",)
    )
    monkeypatch.setattr(module, "MIGRATIONS", (*MIGRATIONS, later))
    for _ in range(2):
        with History(tmp_path) as history:
            assert (record(),) == history.runs()
            assert [("none",)] == history._database.execute("SELECT note FROM runs").fetchall()
            assert len(MIGRATIONS) + 1 == history._version()


def test_a_migration_that_fails_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements and version number go together or not at all."""
    with History(tmp_path) as history:
        history.add_run(record())
    broken = Migration("broken", ("ALTER TABLE runs ADD COLUMN note TEXT", "NOT SQL"))
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", (*MIGRATIONS, broken))
        with pytest.raises(WorkplaceError):
            History(tmp_path)
    with History(tmp_path) as history:
        assert (record(),) == history.runs()
        assert len(MIGRATIONS) == history._version()


def test_kill_9_in_the_middle_of_a_migration(tmp_path: Path) -> None:
    """A process killed between two statements leaves no half made tables; the next one makes them whole."""
    script = (
        "import os, signal, sys; from pathlib import Path; from blackspot.data.runs import history\n"
        "class Deadly(tuple):\n"
        "    def __iter__(self):\n"
        "        yield from list(tuple.__iter__(self))[:int(sys.argv[2])]\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "first = history.MIGRATIONS[0]\n"
        "history.MIGRATIONS = (first._replace(statements=Deadly(first.statements)),)\n"
        "history.History(Path(sys.argv[1]))"
    )
    for statements in range(3):
        out = tmp_path / str(statements)
        out.mkdir()
        done = subprocess.run([sys.executable, "-c", script, str(out), str(statements)], check=False)
        assert -signal.SIGKILL == done.returncode
        with History(out) as history:
            history.add_run(record())
            assert (record(),) == history.runs()


def test_kill_9_while_writing_loses_nothing_that_was_noted(tmp_path: Path) -> None:
    """Every run whose number the process had printed is in the history."""
    script = (
        f"import sys; sys.path[:0] = [sys.argv[1], {str(MADE)!r}]; from pathlib import Path; import test_history as t\n"
        "with t.History(Path(sys.argv[2])) as history:\n"
        "    for number in range(1, 100000):\n"
        "        history.add_run(t.record(f'{number:06}-aaaaaa')); print(number, flush=True)"
    )
    command = [sys.executable, "-c", script, str(Path(__file__).parent), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        noted = [int(process.stdout.readline()) for _ in range(20)][-1]
        process.kill()
        noted = max([noted, *(int(line) for line in process.stdout.read().split() if line.isdigit())])
    with History(tmp_path) as history:
        assert list(range(1, noted + 1)) == [int(run.id[:6]) for run in history.runs()][:noted]


def test_a_disk_that_takes_no_more_is_said_in_a_sentence(tmp_path: Path) -> None:
    """SQLite's own limit on pages stands in for a full disk; what was noted before is still there."""
    with History(tmp_path) as history:
        history.add_run(record())
        history._database.execute("PRAGMA max_page_count = 8")
        with pytest.raises(WorkplaceError, match="database or disk is full; look at the disk"):
            history.add_run(record("000002-aaaaaa", figures={"x": "y" * 100_000}))
        assert (record(),) == history.runs()
