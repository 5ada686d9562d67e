"""Files of others are read by a child that can reach nothing: hostile ones, broken ones, and its own replies."""

from __future__ import annotations

import signal
import tempfile
import time
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ConfigDict

from blackspot.data.findings.collector import Findings
from blackspot.data.isolation import client as isolation
from blackspot.data.isolation.answers import Answer
from blackspot.data.isolation.client import isolated, isolation_report
from blackspot.data.isolation.folder import ReadingFolder
from blackspot.data.isolation.sandbox import Limits
from machine_trouble import killed_readers, small_disk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


JOBS = """
def crash(inside, outside):
    import ctypes
    ctypes.string_at(0)
def hoard(inside, outside):
    return {"findings": [], "answer": {"kept": len([bytearray(1 << 20) for _ in range(1 << 14)])}}
def spin(inside, outside):
    while True:
        pass
def sleep(inside, outside):
    import time
    time.sleep(600)
def fill(inside, outside):
    (outside / "large").write_bytes(bytes(1 << 22))
def lie(inside, outside):
    return {"findings": [{"code": "no.such-rule"}], "answer": {}}
def shrug(inside, outside):
    return {"findings": [], "answer": None}
def chat(inside, outside):
    return {"findings": [], "answer": {}, "more": 1}
def rest(inside, outside):
    import os
    found = {"environment": sorted(os.environ), "files": sorted(os.listdir(inside)), "here": os.getcwd()}
    return {"findings": [], "answer": found}
def scribble(inside, outside):
    import numpy
    try:
        numpy.save(outside / "rows.npy", numpy.zeros(1 << 20))  # says nothing of a full disk
    except OSError as error:
        raise ValueError(str(error))
def broken_disk(inside, outside):
    import errno
    raise OSError(errno.EIO, "Input/output error")
def die(inside, outside):
    import os, signal, threading
    signal.pthread_kill(threading.get_ident(), signal.SIGKILL)
def nap(inside, outside):
    import time
    time.sleep(0.3)
    return {"findings": [], "answer": {}}
def reach(inside, outside):
    import os, socket
    reached = []
    def attempt(name, act):
        try:
            act()
            reached.append(name)
        except OSError:
            pass
    attempt("read", lambda: open("/etc/passwd").read())
    attempt("list", lambda: os.listdir("/"))
    attempt("write", lambda: (inside / "x").write_text("x"))
    attempt("tcp", lambda: socket.socket())
    attempt("udp", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    attempt("local", lambda: socket.socket(socket.AF_UNIX))
    attempt("execute", lambda: os.execv("/bin/true", ["true"]))
    attempt("fork", lambda: os.fork())
    attempt("signal", lambda: os.kill(os.getppid(), 0))
    attempt("link", lambda: os.symlink("/etc/passwd", outside / "reply.json"))
    attempt("pipe", lambda: os.mkfifo(outside / "pipe"))
    attempt("own", lambda: (outside / "own").write_text("x"))
    return {"findings": [], "answer": {"reached": reached}}
for job in (crash, hoard, spin, sleep, fill, lie, shrug, chat, rest, scribble, broken_disk, die, nap, reach):
    JOBS[job.__name__] = lambda inside, outside, accept, job=job: job(inside, outside)
server.serve(JOBS)
"""


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Reading processes that also know the jobs above."""
    monkeypatch.setattr(isolation, "_BOOT", isolation._BOOT.replace("server.serve(JOBS)\n", JOBS))
    isolation._stop()
    yield
    isolation._stop()


class Anything(Answer):
    """What the jobs above answer."""

    model_config = ConfigDict(extra="allow")


def _codes(job: str) -> list[str]:
    findings = Findings()
    with ReadingFolder() as folder:
        assert isolated(job, folder, findings.about("x.gpkg"), {}, Anything) is None
    return [finding.code for finding in findings.items]


def _answer(job: str) -> dict[str, Any]:
    with ReadingFolder() as folder:
        (folder.inside / "layer").write_text("x")
        answer = isolated(job, folder, Findings().about("x.gpkg"), {}, Anything)
    assert answer is not None
    return answer.model_extra or {}


@pytest.mark.usefixtures("jobs")
def test_a_child_that_breaks_off_is_a_finding_about_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Crash, memory, processor time, waiting, and lies; the next file is read as if nothing had been."""
    roomy = Limits(memory_bytes=1 << 28, seconds=20, file_bytes=1 << 30)
    monkeypatch.setattr(isolation, "_limits", lambda _: roomy)
    assert ["file.reader-failed"] == _codes("crash")
    assert ["file.reader-memory"] == _codes("hoard")
    for lie in ("lie", "shrug", "chat"):
        assert ["file.reader-failed"] == _codes(lie)
    limits = Limits(memory_bytes=1 << 28, seconds=1, file_bytes=1 << 30)
    monkeypatch.setattr(isolation, "_limits", lambda _: limits)
    started = time.monotonic()
    assert ["file.reader-time"] == _codes("spin")
    assert ["file.reader-time"] == _codes("sleep")
    assert time.monotonic() - started < 30
    assert ["layer"] == _answer("rest")["files"]


@pytest.mark.usefixtures("jobs")
def test_a_full_disk_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is not blamed for it."""
    monkeypatch.setattr(isolation, "_limits", lambda _: Limits(1 << 28, 10, 1 << 20))
    with pytest.raises(isolation.WorkplaceError, match="no space"):
        _codes("fill")


@pytest.mark.usefixtures("jobs")
def test_a_full_disk_is_found_whatever_it_was_called_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that gives another reason: the disk itself is asked."""
    with small_disk(tmp_path / "disk", 200) as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
        with pytest.raises(isolation.WorkplaceError, match="no space left"):
            _codes("scribble")
        assert [] == [path for path in disk.iterdir() if path.name.startswith("blackspot-")]
    monkeypatch.undo()
    isolation._stop()


@pytest.mark.usefixtures("jobs")
def test_a_failing_disk_is_no_fault_of_the_file() -> None:
    """Nor is a connection to it that breaks."""
    with pytest.raises(isolation.WorkplaceError, match="the disk failed"):
        _codes("broken_disk")


@pytest.mark.usefixtures("jobs")
def test_a_child_that_somebody_kills_is_asked_once_more_and_never_blames_the_file() -> None:
    """As the system does that runs out of memory."""
    for number in (signal.SIGKILL, signal.SIGTERM):
        with killed_readers(1, number) as killed:
            assert {} == _answer("nap")
        assert 1 == len(killed)
    with killed_readers(2) as killed, pytest.raises(isolation.WorkplaceError, match="was killed"):
        _codes("nap")
    assert 2 == len(killed)


@pytest.mark.usefixtures("jobs")
def test_a_file_cannot_pretend_that_the_machine_killed_its_reader() -> None:
    """A reader that a file took over sends itself no signal that would be taken for the system's."""
    if isolation_report().level != "full":
        pytest.skip("this kernel gives less")
    assert ["file.reader-failed"] == _codes("die")


@pytest.mark.usefixtures("jobs")
def test_a_child_reaches_its_own_folder_and_nothing_else() -> None:
    """With both layers of the kernel; without one, the other still refuses what is its part."""
    report = isolation_report()
    if report.level != "full":
        pytest.skip("this kernel gives less")
    assert ["own"] == _answer("reach")["reached"]


@pytest.mark.usefixtures("jobs")
def test_the_environment_is_built_from_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set around blackspot never reaches a library that reads a file of others."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("GDAL_DRIVER_PATH", "/tmp")  # noqa: S108 - only a value
    monkeypatch.setenv("PYTHONPATH", "/tmp")  # noqa: S108 - only a value
    answer = _answer("rest")
    added = set(answer["environment"]) - set(isolation._environment())
    assert added <= {"GDAL_CURL_CA_BUNDLE", "PROJ_CURL_CA_BUNDLE"}  # by rasterio, when it is imported
    assert not {"NO_PROXY", "GDAL_DRIVER_PATH", "PYTHONPATH", "PATH", "HOME"} & set(answer["environment"])
    assert "blackspot-" in answer["here"]


@pytest.mark.usefixtures("jobs")
def test_a_reading_process_that_was_killed_is_started_again() -> None:
    """By the next file."""
    assert _answer("rest")
    isolation._running[0]._process.send_signal(signal.SIGKILL)
    isolation._running[0]._process.wait()
    assert _answer("rest")
