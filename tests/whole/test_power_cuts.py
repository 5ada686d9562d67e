"""Power cuts on a simulated disk: at every step, whatever of the unsynced writes survived, the folder is whole."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import simulated_disk
from blackspot.data.runs.history import DamagedHistoryError, History
from blackspot.data.runs.listing import latest_id
from blackspot.data.runs.output_folder import OutputFolder
from blackspot.data.runs.status import read_status
from blackspot.errors import WorkplaceError
from crash_actions import CHANGES, NEW
from publishing import check_view, publish
from simulated_disk import Crash, Recording, crashes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow
OLD = "000001-aaaaaa"


def recorded(out: Path, change: str = "") -> Recording:
    """Publish a first run, then a second one that is recorded."""
    assert OLD == publish(out)
    command = [sys.executable, simulated_disk.__file__, str(out), "publish and note", change]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    recording = pickle.loads(said)  # noqa: S301 - our own child's
    assert isinstance(recording, Recording)
    return recording


def looks_whole(crash: Crash, folder: Path) -> bool:
    """Say whether a reader finds the old run or the new one, whole; the new one from its publication on."""
    crash.write(folder)
    try:
        check_view(folder, {NEW} if "published" in crash.marks else {OLD, NEW})
        read_status(folder)
    except (AssertionError, WorkplaceError):
        return False
    return True


def bad_states(recording: Recording, folder: Path, forgets: Callable[[str], bool]) -> int:
    """Count contents in which a reader finds something else than a whole run."""
    return sum(
        not looks_whole(crash, folder / str(number))
        for number, crash in enumerate(crashes(recording, forgets))
    )


def goes_on(folder: Path) -> None:
    """Run again after the crash: nothing hinders it, and it leaves everything as it should be."""
    with OutputFolder(folder):
        newest = latest_id(folder)
        check_view(folder, {newest})
    third = publish(folder, "c" * 64)
    check_view(folder, {third})
    assert int(newest[:6]) + 1 == int(third[:6])
    try:
        with History(folder) as history:
            history.runs()
    except DamagedHistoryError:
        pass  # it is set aside and made again from the runs, see tests/data/runs/test_attempts.py


def test_no_power_cut_leaves_a_bad_folder(tmp_path: Path) -> None:
    """More than a hundred different contents; none is bad, and in each of them the next run works."""
    recording = recorded(tmp_path / "out")
    seen = set()
    for number, crash in enumerate(crashes(recording)):
        folder = tmp_path / str(number)
        assert looks_whole(crash, folder), f"step {crash.step}"
        seen.add(latest_id(folder))
        goes_on(folder)
    assert {OLD, NEW} == seen
    assert 100 < number


FORGOTTEN = {
    "the files of the run": lambda path: (
        path.startswith("runs/") and path.endswith((".csv", ".html", ".json"))
    ),
    "the folder of the run": lambda path: path.startswith("runs/") and "." not in path.rsplit("/", 1)[-1][1:],
    "the folder of the runs": lambda path: path == "runs",
    "the pointer": lambda path: path.startswith(".latest.json"),
    "the output folder": lambda path: not path,
}


@pytest.mark.parametrize("forgotten", FORGOTTEN)
def test_each_forced_write_is_needed(tmp_path: Path, forgotten: str) -> None:
    """Without it there are contents in which a reader finds something broken."""
    (tmp_path / "states").mkdir()
    recording = recorded(tmp_path / "out")
    assert 0 < bad_states(recording, tmp_path / "states", FORGOTTEN[forgotten])


@pytest.mark.parametrize("change", CHANGES)
def test_each_order_is_needed(tmp_path: Path, change: str) -> None:
    """As above, for a pointer that is written in place, or before the run is there."""
    (tmp_path / "states").mkdir()
    recording = recorded(tmp_path / "out", change)
    assert 0 < bad_states(recording, tmp_path / "states", lambda _: False)
