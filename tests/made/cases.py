"""How a case of ``make_fixtures.py`` is asked: a check of one file, or runs of a small project; nothing is pretended.

A reader that runs out of time or memory has the limits of every reader, only lower; one that crashes gets the
signal of a crash from outside.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import code_places
from blackspot.data.checking.request import CheckRequest
from blackspot.data.findings.collector import Findings
from blackspot.data.findings.rules import RULES
from blackspot.data.isolation import client as isolation
from blackspot.errors import InputError
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.check import check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from blackspot.data.checking.request import CheckReport
    from blackspot.errors import Finding

TODAY = dt.date(2026, 11, 25)
_PATHS = frozenset({"communes", "previous", "other", "project"})


class Told(NamedTuple):
    """What came of a case: all findings, and whether everything was used without reserve."""

    findings: Sequence[Finding]
    used: bool

    @property
    def codes(self) -> set[str]:
        """The codes of all findings."""
        return {finding.code for finding in self.findings}


def ask(case: dict[str, Any], folder: Path, scratch: Path) -> Told:
    """Do what a case says with the made files of ``folder``; ``scratch`` is an empty folder it may fill."""
    with _conditions(case, folder):
        if case["ask"] == "run":
            return _run(case, folder, scratch)
        report = check_made(folder, case["kind"], case["file"], **case["options"])
        return Told(report.findings, report.used)


def check_made(folder: Path, kind: str, file: str, **options: Any) -> CheckReport:
    """Check a made file; paths among the options are names of made files."""
    given = {name: folder / value if name in _PATHS else value for name, value in options.items()}
    if "date" in given:
        given["date"] = dt.date.fromisoformat(given["date"])
    return check(CheckRequest.of(folder / file, kind, **given), today=TODAY)


@contextlib.contextmanager
def without_rule(code: str) -> Iterator[None]:
    """Take a rule out of the table, in this process and in every reader."""
    whole = dict(RULES)
    with _readers_told(without=code):
        del RULES[code]
        try:
            yield
        finally:
            RULES.clear()
            RULES.update(whole)


@contextlib.contextmanager
def _readers_told(**words: str) -> Iterator[None]:
    """Give every reader further words, see :mod:`readers`."""
    run = isolation._Server.run

    def telling(
        server: isolation._Server, job: str, place: Any, limits: Any, arguments: dict[str, Any]
    ) -> int:
        return run(server, job, place, limits, arguments | words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(isolation._Server, "run", telling)
        yield


@contextlib.contextmanager
def observed() -> Iterator[None]:
    """Note in :data:`code_places.said` who says what, here and in readers, which can also forget rules."""
    load = isolation.load_json

    def noting(path: Path) -> dict[str, Any]:
        reply = load(path)
        code_places.said.extend(code_places.Said(*said) for said in reply.pop("said", []))
        return reply

    real = "server.serve(JOBS)\n"
    assert isolation._BOOT.endswith(real)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            isolation,
            "_BOOT",
            isolation._BOOT.removesuffix(real) + "import readers\nreaders.serve()\n",
        )
        patch.setattr(isolation, "load_json", noting)
        patch.setattr(Findings, "add", code_places.listening)
        isolation._stop()  # the next reading starts the process anew
        yield
    isolation._stop()


# -- runs --------------------------------------------------------------------------------------------------


def _run(case: dict[str, Any], folder: Path, scratch: Path) -> Told:
    """Take the steps of a case in a copy of its project's folder; the last one's findings count."""
    place, steps = scratch / case["folder"], case["steps"]
    source = folder / case["folder"]
    if len(steps) > 1 and steps[0] == ["run"]:  # the same first run for many cases is made once
        source, steps = _after_a_run(folder, case), steps[1:]
    shutil.copytree(source, place)
    told = Told((), used=False)
    changes: dict[str, tuple[Path, str]] = {}

    def say(_fraction: float, text: str) -> None:
        for moment in [moment for moment in changes if moment in text]:
            path, content = changes.pop(moment)
            path.write_text(content, encoding="utf-8")

    for step, *words in steps:
        match step:
            case "run":
                told = _told(place / case["project"], say)
            case "write":
                for path in list(place.glob(words[0])):
                    path.unlink(missing_ok=True)  # what is published may not be written to
                    path.write_text(words[1], encoding="utf-8")
            case "copy":
                shutil.copy(place / words[0], place / words[1])
            case "when":
                changes[words[0]] = (place / words[1], words[2])
            case _:
                raise ValueError(step)
    assert not changes
    return told


def _after_a_run(folder: Path, case: dict[str, Any]) -> Path:
    """Give a copy of a project in which one run was published, beside the made files."""
    done = folder.with_name(f"{folder.name} after {case['project']}")
    if not done.exists():
        shutil.copytree(folder / case["folder"], done)
        assert pipeline.run(done / case["project"], pages="none").published
    return done


def _told(project: Path, say: Any) -> Told:
    try:
        report = pipeline.run(project, pages="none", progress=say)
    except InputError as error:
        return Told(error.findings, used=False)
    return Told(report.findings, used=report.exit_code == 0)


# -- conditions --------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _conditions(case: dict[str, Any], folder: Path) -> Iterator[None]:
    """Lower the limits of readers, end the first of them, or write to the file, while a case is asked."""
    limits = case.get("limits", {})
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
        if "seconds" in limits:
            patch.setattr(isolation, "_MOST_SECONDS", limits["seconds"])
        if "memory_mb" in limits:
            patch.setattr(isolation, "_MOST_MEMORY_BYTES", limits["memory_mb"] << 20)
        if "signal" in case:
            stack.enter_context(_first_reader_gets(signal.Signals[case["signal"]]))
        if "lacking" in case:
            stack.enter_context(_readers_told(lacking=case["lacking"]))
        if case.get("restless"):
            stack.enter_context(_written_to(folder / case["file"]))
        yield


@contextlib.contextmanager
def _first_reader_gets(number: signal.Signals) -> Iterator[None]:
    isolation.isolation_report()  # has forked its trial child by now
    server = isolation._running[0]._process.pid

    def end(done: threading.Event) -> None:
        while not done.wait(0.001):
            for child in _children(server):
                os.kill(child, number)
                return

    with _meanwhile(end):
        yield


def _children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
    return [int(number) for number in listed.split()]


@contextlib.contextmanager
def _written_to(path: Path) -> Iterator[None]:
    def touch(done: threading.Event) -> None:
        while not done.wait(0.0001):
            path.touch()

    with _meanwhile(touch):
        yield


@contextlib.contextmanager
def _meanwhile(work: Callable[[threading.Event], None]) -> Iterator[None]:
    done = threading.Event()
    worker = threading.Thread(target=work, args=(done,))
    worker.start()
    try:
        yield
    finally:
        done.set()
        worker.join()
