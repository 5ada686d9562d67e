"""Runs in processes of their own that begin at once, to be stopped, killed, or set against each other: ``python many_runs.py``.

Everything is loaded once; each run is a copy of the process that has it, so that a moment within the run can be met.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_LOADED = (
    "rasterio",
    "pyogrio",
    "openpyxl",
    "xlsxwriter",
    "folium",
    "blackspot.cli",
    "blackspot.pipeline.run",
    "blackspot.pipeline.judge",
    "blackspot.pipeline.report",
    "blackspot.coverage.analysis",
    "blackspot.coverage.ground",
    "blackspot.data.exports.write",
    "blackspot.data.submissions.reader",
    "blackspot.data.isolation.client",
    "blackspot.maps.build",
)


class ManyRuns:
    """Starts command lines of blackspot; use it in a ``with`` statement."""

    def __enter__(self) -> Self:
        command = [sys.executable, __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._answer() == "ready"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def start(self, arguments: Sequence[str], count: int = 1) -> list[int]:
        """Start a command line so many times at once; gives the numbers of the processes."""
        self._ask([list(arguments), count])
        return [int(number) for number in self._answer()]

    def wait(self) -> list[int]:
        """Wait for all that was started last; gives exit codes, or the negative number of the signal that killed one.

        Until then its number belongs to nobody else, even when it has ended.
        """
        self._ask([])
        return [int(code) for code in self._answer()]

    def run(self, arguments: Sequence[str]) -> tuple[int, float]:
        """Carry out a command line; gives its exit code and its seconds."""
        began = time.monotonic()
        self.start(arguments)
        (code,) = self.wait()
        return code, time.monotonic() - began

    def _ask(self, question: list[object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> list[int] | str:
        assert self._process.stdout is not None
        answer: list[int] | str = json.loads(self._process.stdout.readline())
        return answer


def of_session(number: int) -> list[int]:
    """Find the processes that a run started and that are still there; the run was the first of its session.

    Readers have sessions of their own, so their parents are looked at as well.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                state, parent, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if state != "Z" and number in {int(parent), int(session)}:
                found.append(int(entry.name))
    return found


def _child(arguments: list[str], begin: int) -> None:
    """Be a process of blackspot, as ``blackspot.cli.main`` makes it."""
    from blackspot import cli  # noqa: PLC0415 - loaded before, by the parent
    from blackspot.data.runs.signals import obey_signals  # noqa: PLC0415 - the same

    os.setsid()
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    obey_signals()
    os.read(begin, 1)  # nothing ever comes: it ends when the parent closes its end, for all at once
    os._exit(cli.run_line(arguments))


def _children(arguments: list[str], count: int) -> list[int]:
    """Start so many processes that all begin when the last one is there."""
    begin, close = os.pipe()
    children = []
    for _ in range(count):
        number = os.fork()
        if not number:
            os.close(close)
            try:
                _child(arguments, begin)
            finally:
                os._exit(99)
        children.append(number)
    os.close(begin)
    os.close(close)
    return children


def main() -> None:
    """Load everything, then start what is asked for on standard input."""
    for name in _LOADED:
        importlib.import_module(name)
    print(json.dumps("ready"), flush=True)  # noqa: T201 - the answer
    children: list[int] = []
    for line in sys.stdin:
        question = json.loads(line)
        if question:
            children = _children(*question)
            print(json.dumps(children), flush=True)  # noqa: T201 - the answer
        else:
            ended = [os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) for number in children]
            print(json.dumps(ended), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
