"""Publication, whatever kills it: whole or not at all."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import publishing
from blackspot.data.runs.listing import latest_id, latest_run, list_runs
from blackspot.data.runs.output_folder import OutputFolder
from publishing import check_view, publish

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.slow


def run_deadly(out: Path, point: int) -> int:
    """Publish in another process that kills itself before the system call number ``point``."""
    command = [sys.executable, publishing.__file__, str(out), str(point)]
    return subprocess.run(command, check=False).returncode


def test_kill_9_before_every_single_system_call(tmp_path: Path) -> None:
    """At each instant readers see the old run or the new one, whole; the next run is not hindered and repairs."""
    views = []
    for point in range(60):
        out = tmp_path / str(point)
        old = publish(out)
        new = "000002-bbbbbb"
        code = run_deadly(out, point)
        check_view(out, {old, new})
        views.append(latest_id(out))
        with OutputFolder(out):
            names = [path.name for path in (out / "runs").iterdir()]
            assert latest_id(out) == max(names)
            assert not [name for name in names if name.startswith(".")]
            assert [".lock", "latest", "latest.json", "runs"] == sorted(path.name for path in out.iterdir())
            check_view(out, {max(names)})
            assert str((out / "latest").readlink()) == f"runs/{max(names)}"
        third = publish(out, "c" * 64)
        check_view(out, {third})
        if code == 0:
            break
        assert -signal.SIGKILL == code
    else:
        pytest.fail("the child never came to its end")
    assert 15 < len(views)
    assert sorted(views) == views  # once the new run is seen it stays
    assert {"000001-aaaaaa", "000002-bbbbbb"} == set(views)


def test_kill_9_before_the_very_first_run_is_published(tmp_path: Path) -> None:
    """Readers see nothing at all, or the first run whole."""
    seen = set()
    for point in range(0, 60, 4):
        out = tmp_path / str(point)
        code = run_deadly(out, point)
        seen.add(latest_id(out))
        check_view(out, {"", "000001-bbbbbb"})
        if code == 0:
            break
    assert {"", "000001-bbbbbb"} == seen


def test_kill_9_at_random_times(tmp_path: Path) -> None:
    """A process that publishes run after run is killed now and then; every view of the folder is whole."""
    chance = random.Random(7)  # noqa: S311 - no secret
    reached = 0
    for _ in range(12):
        command = [sys.executable, publishing.__file__, str(tmp_path), "for ever"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline()
            time.sleep(chance.random() * 0.1)
            process.kill()
        latest = latest_run(tmp_path)
        check_view(tmp_path, {run.id for run in list_runs(tmp_path)[-2:]})
        sequence = latest.sequence if latest else 0
        assert reached < sequence
        reached = sequence
    final = publish(tmp_path, "d" * 64)
    assert reached < int(final[:6])
    check_view(tmp_path, {final})
