"""The folder a reader works in."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

import pytest

from blackspot.data.isolation import folder as folders
from blackspot.data.isolation.folder import ReadingFolder

if TYPE_CHECKING:
    from pathlib import Path

HOLDING = """
import sys, tempfile, time
tempfile.tempdir = sys.argv[1]
from blackspot.data.isolation.folder import ReadingFolder
kept = [ReadingFolder() for _ in range(3)]
for folder in kept:
    (folder.inside / "copy").write_bytes(bytes(1000))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that nobody has looked at yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(folders, "_swept", set())
    return tmp_path


def test_what_a_killed_program_left_is_cleared_and_nothing_else(temporary: Path) -> None:
    """As soon as the next one makes a folder: those of a living program stay, and links lead nowhere."""
    mine = temporary / "mine"
    mine.mkdir()
    (mine / ".lock").touch()
    (temporary / "blackspot-reading-link").symlink_to(mine)
    (temporary / "blackspot-reading-of-somebody").mkdir()  # no lock: none of ours
    (temporary / "blackspot-begun-now").mkdir()
    (temporary / "blackspot-begun-long-ago").mkdir()
    os.utime(temporary / "blackspot-begun-long-ago", (0, 0))
    programs = [
        subprocess.Popen([sys.executable, "-c", HOLDING, temporary], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        for program in programs:
            assert program.stdout is not None
            assert "held\n" == program.stdout.readline()
        before = set(temporary.iterdir())
        assert 6 + 5 - 1 == len(before)  # the second has cleared what was begun long ago
        programs[0].send_signal(signal.SIGKILL)
        programs[0].wait()
        with ReadingFolder() as folder:
            left = set(temporary.iterdir()) - {folder.path}
        assert 3 == len(before - left)
        assert left < before
        assert (mine / ".lock").exists()
    finally:
        for program in programs:
            program.kill()
            program.communicate()
    started = time.monotonic()
    ReadingFolder().close()  # a program looks once
    assert left == set(temporary.iterdir())
    assert time.monotonic() - started < 5


def test_a_folder_of_somebody_else_is_left_alone(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder that everybody may write into, only what belongs to this user is removed."""
    left = temporary / "blackspot-reading-left"
    left.mkdir()
    (left / ".lock").touch()
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    ReadingFolder().close()
    assert left.is_dir()
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setattr(folders, "_swept", set())
    ReadingFolder().close()
    assert not left.exists()


def test_a_reading_folder_is_removed_by_its_maker_only() -> None:
    """Who borrows it leaves it alone."""
    folder = ReadingFolder()
    borrowed = pickle.loads(pickle.dumps(folder))  # noqa: S301 - our own bytes
    assert folder.path == borrowed.path
    del borrowed
    assert folder.inside.is_dir()
    folder.close()
    assert not folder.path.exists()
