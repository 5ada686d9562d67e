"""What an error means to whoever started the program."""

from __future__ import annotations

import errno
import json

import pytest

from blackspot import cli
from blackspot.commands import failures
from blackspot.errors import BusyError, InputError, ProjectError, RunNotFoundError, WorkplaceError
from fake_pipeline import FakePipeline, some_finding


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (KeyboardInterrupt(), "đã ngắt; không công bố gì\n"),
        (
            MemoryError(),
            "lỗi: không đủ bộ nhớ; hãy đóng chương trình khác hoặc dùng máy có nhiều bộ nhớ hơn\n",
        ),
        (ValueError("x"), "lỗi: đây là lỗi của chính blackspot (ValueError: x)\n"),
    ],
)
def test_the_program_ends_in_vietnamese(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str], error: BaseException, expected: str
) -> None:
    """What the command line itself says follows the language as well."""
    pipeline.error = error
    assert cli.run_line(["run", "-q", "--language", "vi"]) != 0
    assert capsys.readouterr().err.lstrip("\n") == expected


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            ProjectError(["a.toml line 1, x: is missing", "a.toml line 2, y: too"]),
            2,
            "error: a.toml line 2, y: too",
        ),
        (RunNotFoundError("no run 7; see `blackspot runs`"), 2, "error: no run 7; see `blackspot runs`"),
        (InputError([some_finding(severity="error", file="c.gpkg")]), 4, "error: c.gpkg: codes were padded."),
        (WorkplaceError("the disk is full"), 5, "error: the disk is full"),
        (MemoryError(), 5, "error: the memory does not suffice"),
        (OSError(errno.ENOSPC, "No space left on device", "/srv"), 5, "No space left on device"),
        (BusyError("another run holds /srv/out"), 6, "error: another run holds /srv/out"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was published"),
        (ZeroDivisionError("x/0"), 1, "error: this is a mistake of blackspot (ZeroDivisionError: x/0)"),
        (
            FileNotFoundError(errno.ENOENT, "gone", "x"),
            1,
            "this is a mistake of blackspot (FileNotFoundError",
        ),
        (OSError("odd"), 1, "this is a mistake of blackspot (OSError: odd)"),
    ],
)
def test_every_error_has_its_exit_code_and_its_sentence(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    """Words on stderr, no traceback anywhere, nothing on stdout."""
    pipeline.error = error
    assert code == cli.run_line(["run", "-q"])
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_an_error_is_told_in_the_language_asked_for(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--language vi`` holds for what stopped the run, too, whatever the machine speaks."""
    pipeline.error = InputError([some_finding(severity="error")])
    assert cli.run_line(["run", "--language", "vi"]) == 4
    assert "lỗi: mã đã được điền lại." in capsys.readouterr().err
    assert cli.run_line(["run"]) == 4
    assert "error: codes were padded." in capsys.readouterr().err


def test_a_failure_as_json_is_the_last_line_of_stdout(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine learns the codes even when nothing was published."""
    pipeline.error = InputError([some_finding("communes.bad-code", severity="error", count=3)])
    assert cli.run_line(["run", "--json", "-q"]) == 4
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {
        "exit_code": 4,
        "findings": [{"code": "communes.bad-code", "severity": "error", "count": 3}],
        "problems": ["codes were padded."],
    }


def test_many_findings_are_cut_with_their_number() -> None:
    """Fifty sentences are enough for a screen."""
    told = failures.sentences(InputError([some_finding(severity="error")] * 53), "vi")
    assert len(told) == 51
    assert told[0] == "mã đã được điền lại."
    assert told[-1] == "... và 3 lỗi khác"
