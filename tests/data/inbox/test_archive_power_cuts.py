"""Power cuts while a delivery is taken: whatever survives, the file is in the drop folder or whole in the archive."""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import simulated_disk
from crash_actions import CHANGES_OF_TAKING
from drop_folders import NAME, TEXT, Inbox
from simulated_disk import Crash, Recording, crashes

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def recorded(place: Path, change: str = "") -> Recording:
    place.mkdir()
    command = [sys.executable, simulated_disk.__file__, str(place), "take a delivery", change]
    recording = pickle.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S301 - our own child's
    assert isinstance(recording, Recording)
    return recording


def is_lost(crash: Crash, folder: Path) -> bool:
    """Say whether the delivery is nowhere as it was handed in; a half copy counts for nothing."""
    crash.write(folder)
    dropped = folder / "drop" / NAME
    in_drop = dropped.is_file() and TEXT == dropped.read_text(encoding="utf-8")
    aside = folder / "drop" / ".blackspot-taken" / NAME
    waits = aside.is_file() and TEXT == aside.read_text(encoding="utf-8")
    return not (in_drop or waits or any(kept.is_whole() for kept in Inbox(folder).archive.deliveries))


def test_no_power_cut_loses_a_delivery(tmp_path: Path) -> None:
    """In each content that the disk may have, the next sweep ends with one whole copy and an empty folder."""
    (tmp_path / "states").mkdir()
    seen = set()
    for number, crash in enumerate(crashes(recorded(tmp_path / "place"))):
        folder = tmp_path / "states" / str(number)
        assert not is_lost(crash, folder), f"step {crash.step}"
        inbox = Inbox(folder)
        assert [] == inbox.archive.damaged
        seen.add((len(inbox.kept()), len(inbox.left())))
        inbox.sweep()
        assert ([NAME], []) == (inbox.kept(), inbox.left()), f"step {crash.step}"
        assert all(kept.is_whole() for kept in inbox.archive.deliveries)
    assert {(0, 1), (1, 1), (1, 0)} <= seen
    assert number > 20


FORGOTTEN = {
    "the copy": lambda path: path.endswith(NAME),
    "the archive and the folder of the submission": lambda path: (
        path.startswith("archive") and "." not in path
    ),
}


@pytest.mark.parametrize("forgotten", FORGOTTEN)
def test_each_forced_write_is_needed(tmp_path: Path, forgotten: str) -> None:
    """Without it a delivery can be lost."""
    (tmp_path / "states").mkdir()
    found = crashes(recorded(tmp_path / "place"), FORGOTTEN[forgotten])
    assert any(is_lost(crash, tmp_path / "states" / str(number)) for number, crash in enumerate(found))


@pytest.mark.parametrize("change", CHANGES_OF_TAKING)
def test_each_order_is_needed(tmp_path: Path, change: str) -> None:
    """As above, for a file that is moved before its copy is there."""
    (tmp_path / "states").mkdir()
    found = crashes(recorded(tmp_path / "place", change))
    assert any(is_lost(crash, tmp_path / "states" / str(number)) for number, crash in enumerate(found))
