"""A run that fails is noted with the exit code its caller sees."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from blackspot.data.runs.history import History
from blackspot.data.runs.listing import latest_id
from blackspot.data.runs.status import read_status
from blackspot.errors import InputError, WorkplaceError, exit_code
from blackspot.pipeline import received
from blackspot.pipeline import run as pipeline
from failed_attempts import failed_attempts
from project_files import SMALL, write_project
from small_country import write_country

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError([]), 4),
        (WorkplaceError("the disk is full"), 5),
        (MemoryError(), 5),
        (OSError(errno.ENOSPC, "No space left on device"), 5),
        (ZeroDivisionError("x/0"), 1),
    ],
)
def test_history_status_and_program_agree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    """Whoever watches ``status.json`` learns what the shell learnt."""

    def fail(*_: object) -> NoReturn:
        raise error

    monkeypatch.setattr(received, "hash_inputs", fail)
    with pytest.raises(type(error)):
        pipeline.run(write_project(tmp_path, SMALL))
    assert code == exit_code(error)
    assert {"exit_code": code} == _only_code(read_status(tmp_path / "out")["last_failure"])
    assert [code] == [attempt.exit_code for attempt in failed_attempts(tmp_path / "out")]


def test_an_interrupted_run_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody pressed Ctrl-C: nothing is wrong, and that it was is noted."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(received, "hash_inputs", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(write_project(tmp_path, SMALL))
    status = read_status(tmp_path / "out")
    assert ("interruption", False, False) == (status["last"], "last_failure" in status, "running" in status)
    assert [130] == [attempt.exit_code for attempt in failed_attempts(tmp_path / "out")]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_just_after_publication_tells_the_truth(tmp_path: Path, number: int, code: int) -> None:
    """The first moment in which others see the run: it is noted everywhere, and then the program stops and says so."""
    project = write_country(tmp_path)
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal\n"
        "from blackspot import cli\n"
        "from blackspot.data.runs.output_folder import OutputFolder\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "real = OutputFolder._name_latest\n"
        "def name(*given):\n"
        "    real(*given)\n"
        f"    os.kill(os.getpid(), {int(number)})\n"
        "OutputFolder._name_latest = name\n"
        "cli.main()\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(script), "run", str(project), "--map", "none", "-q", "--language", "en"]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    out = tmp_path / "out"
    run = latest_id(out)
    assert (code, True) == (ended.returncode, f"run {run} had been published before" in ended.stderr)
    assert f"runs/{run}" == str((out / "latest").readlink())
    success = read_status(out)["last_success"]
    assert isinstance(success, dict)
    assert (run, True) == (success["run"], success["published"])
    with History(out, read_only=True) as history:
        assert [(run, 0)] == [(record.id, record.exit_code) for record in history.runs()]


def _only_code(entry: object) -> dict[str, object]:
    assert isinstance(entry, dict)
    return {"exit_code": entry["exit_code"]}
