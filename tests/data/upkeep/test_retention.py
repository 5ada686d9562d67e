"""Which runs may go."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.sections.upkeep import Retention
from blackspot.data.runs.attempts import note_event
from blackspot.data.runs.history import HISTORY, History
from blackspot.data.runs.kept import events_of, known_runs
from blackspot.data.runs.listing import LATEST, latest_id, list_runs
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.runs.run_records import APPROVED, Event
from blackspot.data.upkeep.retention import removable, remove_runs, remove_variant, size_of, variant_to_remove
from blackspot.data.upkeep.verify import verify_all
from blackspot.errors import RunNotFoundError, WorkplaceError
from publishing import publish

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Runs 1 to 6, published every ten days."""
    for number, letter in enumerate("abcdef"):
        publish(tmp_path, letter * 64)
        with History(tmp_path) as history:
            history.add_missing(tmp_path)
        set_time(tmp_path, number + 1, 10 * number)
    return tmp_path


def set_time(out: Path, sequence: int, day: int) -> None:
    """Say when a run was published."""
    at = (dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)).isoformat()
    with closing(sqlite3.connect(out / "history.sqlite", isolation_level=None)) as database:
        database.execute("UPDATE runs SET recorded_at = ? WHERE sequence = ?", (at, sequence))


def gone(out: Path, **rules: int) -> list[int]:
    """Numbers of the runs that may go."""
    return [int(one.name[:6]) for one in removable(out, Retention(**rules))]


def test_without_a_rule_everything_stays(out: Path) -> None:
    """That is the default."""
    assert [] == gone(out)
    assert () == removable(out / "none", Retention(keep_runs=1))


@pytest.mark.parametrize(
    ("rules", "numbers"),
    [
        ({"keep_runs": 3}, [1, 2, 3]),
        ({"keep_runs": 1}, [1, 2, 3, 4, 5]),
        ({"keep_runs": 9}, []),
        ({"keep_days": 20}, [1, 2, 3]),
        ({"keep_days": 19}, [1, 2, 3, 4]),
        ({"keep_days": 1}, [1, 2, 3, 4, 5]),
        ({"keep_runs": 2, "keep_days": 30}, [1, 2]),
        ({"keep_runs": 5, "keep_days": 10}, [1]),
    ],
)
def test_a_run_stays_while_one_rule_keeps_it(out: Path, rules: dict[str, int], numbers: list[int]) -> None:
    """By number, or by age before the latest run. (These runs cannot be compared, so none is a predecessor.)"""
    assert numbers == gone(out, **rules)


def test_a_clock_that_was_set_back_changes_no_order(out: Path) -> None:
    """The newest runs are those of the highest numbers, whatever time they bear."""
    set_time(out, 6, -100)
    assert [1, 2, 3, 4] == gone(out, keep_runs=2)
    assert [] == gone(out, keep_days=1)  # nothing is older than the latest


def test_the_latest_run_stays_wherever_it_is(out: Path) -> None:
    """Somebody pointed back to an older one, whose successors were wrong: they are newer, and stay, too."""
    (out / LATEST).write_text('{"run": "000003-cccccc", "path": "runs/000003-cccccc"}', encoding="utf-8")
    assert [1, 2] == gone(out, keep_runs=1)


def test_the_predecessor_of_the_latest_stays(out: Path) -> None:
    """Its figures are on the pages; here run 2 is the only one by the same rules."""
    for number in (2, 6):
        for path in (out / "runs").glob(f"{number:06d}-*/manifest.json"):
            path.chmod(0o644)
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("{", '{"rules": {}, "claims": {},', 1), encoding="utf-8")
    assert [1, 3, 4, 5] == gone(out, keep_runs=1)


def test_an_approved_run_stays(out: Path) -> None:
    """Somebody answered for it."""
    with History(out) as history:
        history.add_event(Event(dt.datetime.now(dt.UTC), "approved", "000002-bbbbbb", "confirmed"))
    assert [1, 3, 4, 5] == gone(out, keep_runs=1)


@pytest.mark.parametrize("damage", ["gone", "no database", "no file of it"])
def test_an_approved_run_stays_whatever_becomes_of_the_history(out: Path, damage: str) -> None:
    """Its approval stands in a file, whose name is enough; without one, as an older program left it, the history tells."""
    with OutputFolder(out):
        note_event(out, "approved", "000002-bbbbbb", "confirmed")
    before = events_of(out)
    if damage == "gone":
        (out / HISTORY).unlink()
    elif damage == "no database":
        (out / HISTORY).write_bytes(b"x" * 4096)
    else:
        (out / APPROVED / "000002-bbbbbb.json").unlink()
    assert before == events_of(out)
    assert [1, 3, 4, 5] == gone(out, keep_runs=1)


def test_an_approval_that_cannot_be_read_still_keeps_its_run(out: Path) -> None:
    """Nobody knows the reason any more, but that there was one."""
    with OutputFolder(out):
        note_event(out, "approved", "000002-bbbbbb", "confirmed")
    (out / HISTORY).unlink()
    for text in ("", "[]", '{"at": "yesterday", "reason": "x"}'):
        (out / APPROVED / "000002-bbbbbb.json").write_text(text, encoding="utf-8")
        assert [("approved", "000002-bbbbbb", "")] == [
            (event.what, event.run, event.reason) for event in events_of(out)
        ]
        assert [1, 3, 4, 5] == gone(out, keep_runs=1)


def test_variants_and_what_they_were_compared_with_stay(out: Path) -> None:
    """A variant goes only when somebody names it."""
    variant = out / "variants" / "gap-any"
    run_id = publish(variant)
    path = variant / "runs" / run_id / "manifest.json"
    path.chmod(0o644)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{", '{"variant": {"of": "000004-dddddd"},', 1), encoding="utf-8")
    assert [1, 2, 3, 5] == gone(out, keep_runs=1)
    found = variant_to_remove(out, "gap-any")
    assert size_of(variant) == found.size > 0
    with OutputFolder(out), OutputFolder(variant):
        remove_variant(out, found)
    assert [] == list((out / "variants").iterdir())
    assert [] == list(out.glob(".*.unfinished"))
    assert [1, 2, 3, 4, 5] == gone(out, keep_runs=1)
    with pytest.raises(RunNotFoundError, match="no variant 'gap-any'"):
        variant_to_remove(out, "gap-any")


def test_a_run_nobody_can_read_is_left_alone(out: Path) -> None:
    """Verify tells of it; somebody has to look."""
    (out / "runs" / "000001-aaaaaa" / "manifest.json").unlink()
    assert [2, 3] == gone(out, keep_runs=3)


def test_what_is_removed_is_known_for_ever(out: Path) -> None:
    """The history keeps its figures and that it was removed; nothing is damaged, and numbers go on."""
    with OutputFolder(out) as output:
        removed = remove_runs(output, removable(out, Retention(keep_runs=3)), "retention")
    assert [1, 2, 3] == [int(one.name[:6]) for one in removed]
    assert [4, 5, 6] == [run.sequence for run in list_runs(out)]
    assert [1, 2, 3, 4, 5, 6] == [int(record.id[:6]) for record in known_runs(out)]
    assert [("removed", "000001-aaaaaa", "retention")] == [
        (event.what, event.run, event.reason) for event in events_of(out)
    ][:1]
    assert () == verify_all(out).damage
    assert ["000004-dddddd", "000005-eeeeee", "000006-ffffff"] == sorted(
        path.name for path in (out / "runs").iterdir()
    )
    assert "000007-aaaaaa" == publish(out)


def test_the_latest_run_is_never_removed(out: Path) -> None:
    """Not even when it is asked for; nor what is no run, nor without holding the folder."""
    with OutputFolder(out) as output:
        for folder in (out / "runs" / latest_id(out), out / "cache"):
            with pytest.raises(ValueError, match="run"):
                output.remove_run(folder)
    with pytest.raises(ValueError, match="not held"):
        output.remove_run(out / "runs" / "000001-aaaaaa")
    assert 6 == len(list_runs(out))


@pytest.mark.parametrize("call", ["rename", "fsync", "rmtree"])
def test_a_removal_that_is_broken_off_leaves_whole_runs(
    out: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of it is no run any more, and the next run clears it."""
    import os  # noqa: PLC0415 - patched
    import shutil  # noqa: PLC0415 - patched

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with OutputFolder(out) as output, monkeypatch.context() as patch:
        patch.setattr(shutil if call == "rmtree" else os, call, fail)
        with pytest.raises(WorkplaceError):
            remove_runs(output, removable(out, Retention(keep_runs=5)), "retention")
    assert () == verify_all(out).damage
    with OutputFolder(out):
        assert [] == list((out / "runs").glob(".*"))
    assert () == verify_all(out).damage
    assert (6 if call == "rename" else 5) == len(list_runs(out))
