"""A run that fails is noted with the exit code its caller sees."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, NoReturn

import pytest

from blackspot.data.runs.status import read_status
from blackspot.errors import InputError, WorkplaceError, exit_code
from blackspot.pipeline import run as pipeline
from failed_attempts import failed_attempts
from project_files import SMALL, write_project

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

    monkeypatch.setattr(pipeline, "hash_inputs", fail)
    with pytest.raises(type(error)):
        pipeline.run(write_project(tmp_path, SMALL))
    assert code == exit_code(error)
    assert {"exit_code": code} == _only_code(read_status(tmp_path / "out")["last_failure"])
    assert [code] == [attempt.exit_code for attempt in failed_attempts(tmp_path / "out")]


def test_an_interrupted_run_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody pressed Ctrl-C: nothing is wrong, so nothing is noted."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "hash_inputs", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pipeline.run(write_project(tmp_path, SMALL))
    assert {} == read_status(tmp_path / "out")


def _only_code(entry: object) -> dict[str, object]:
    assert isinstance(entry, dict)
    return {"exit_code": entry["exit_code"]}
