"""The command line as a process: its log file, and signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


SCRIPT = """
    import sys, time, types
    import blackspot.pipeline
    from blackspot import cli

    fake = types.ModuleType("blackspot.pipeline.run")

    def run(path, **others):
        {body}

    fake.run = run
    sys.modules["blackspot.pipeline.run"] = blackspot.pipeline.run = fake
    cli.main()
"""


def _process(tmp_path: Path, body: str, *arguments: str) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    code = textwrap.dedent(SCRIPT).replace("{body}", textwrap.indent(textwrap.dedent(body), "    ").strip())
    script.write_text(code, encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")},
    )


def test_a_bug_leaves_its_trace_in_the_log_file_only(tmp_path: Path) -> None:
    """One sentence on the screen that names the file; the trace stands there. Even with -vv."""
    process = _process(tmp_path, "raise RuntimeError('cell 7')", "run", "-vv")
    out, err = process.communicate(timeout=60)
    log_file = tmp_path / "state" / "blackspot" / "blackspot.log"
    assert (process.returncode, out) == (1, "")
    assert err == (
        f"error: this is a mistake of blackspot (RuntimeError: cell 7); the trace is in {log_file}, please report it\n"
    )
    assert "Traceback" in log_file.read_text(encoding="utf-8")


def test_warnings_of_libraries_go_to_the_log(tmp_path: Path) -> None:
    """A planner does not see them; whoever mends the program does."""
    body = "import warnings; warnings.warn('odd ring'); raise ValueError('x')"
    process = _process(tmp_path, body, "run")
    _, err = process.communicate(timeout=60)
    assert "odd ring" not in err
    assert "odd ring" in (tmp_path / "state" / "blackspot" / "blackspot.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("number", "code", "word"), [(signal.SIGTERM, 143, "terminated"), (signal.SIGINT, 130, "interrupted")]
)
def test_a_signal_ends_the_run_in_order(tmp_path: Path, number: int, code: int, word: str) -> None:
    """Clean-up code runs, the exit code is the shell's, and the screen says what happened."""
    body = """
        import signal
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts with it ignored
        try:
            print("started", flush=True)
            time.sleep(60)
        finally:
            print("cleaned", flush=True)
    """
    with _process(tmp_path, body, "run", "-q") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert (code, "cleaned\n") == (process.returncode, out)
    assert f"{word}; nothing was published" in err


def test_a_reader_that_goes_away_is_no_bug(tmp_path: Path) -> None:
    """``blackspot explain ... | head -1`` ends quietly, as other programs do."""
    script = tmp_path / "script.py"
    code = """
        import sys, types
        import blackspot.pipeline
        from blackspot import cli

        fake = types.ModuleType("blackspot.pipeline.past_runs")
        fake.explain = lambda *_, **__: types.SimpleNamespace(text="word\\n" * 500_000, facts={})
        sys.modules["blackspot.pipeline.past_runs"] = blackspot.pipeline.past_runs = fake
        cli.main()
    """
    script.write_text(textwrap.dedent(code), encoding="utf-8")
    command = [sys.executable, str(script), "explain", "1", "--out", "o"]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "word\n"
        process.stdout.close()
        err = process.stderr.read()
    assert (process.returncode, err) == (141, "")
