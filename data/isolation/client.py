"""The client of the reading process: starts it, gives it one job per untrusted file, and checks the answer.

Only a folder of our own goes back and forth: ``in`` holds the staged file, ``out`` takes arrays, Arrow tables
and one JSON. Nothing that comes back is believed: :mod:`.reply` checks it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
import rasterio

from ...errors import WorkplaceError
from ..disk.atomic import remove
from ..text.sentences import told
from .answers import checked
from .gdal import ALLOWED_DRIVERS, OPTIONS
from .recorded import replay
from .reply import BadReplyError, load_json
from .sandbox import (
    BROKEN_DISK,
    KEPT_WAITING,
    KILLED,
    NO_SPACE,
    OUT_OF_MEMORY,
    OUT_OF_TIME,
    Limits,
    SandboxLayers,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...errors import Finding
    from ..findings.collector import FileFindings
    from .answers import Answer, Kind
    from .folder import ReadingFolder

_BOOT = """
import importlib.util, json, sys
said = json.loads(sys.argv[1])
sys.path[:] = said["path"]
root = said["root"]
spec = importlib.util.spec_from_file_location("blackspot", root + "/__init__.py", submodule_search_locations=[root])
sys.modules["blackspot"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["blackspot"])
later = ("geopandas", "pandas")  # pyogrio loads them where it can; a reader that needs them loads them itself
sys.modules.update(dict.fromkeys(later))
from blackspot.data.isolation import server
from blackspot.data.parsers.jobs import JOBS
for name in later:
    del sys.modules[name]
server.serve(JOBS)
"""
_START_SECONDS = 120.0
_LEAST_MEMORY_BYTES, _MOST_MEMORY_BYTES = 768 << 20, 12 << 30
_MEMORY_PER_BYTE = 24  # the largest of the readers: GeoJSON as a tree of objects
_LEAST_SECONDS, _MOST_SECONDS = 60, 3600
_BYTES_PER_SECOND = 1 << 20  # the slowest of the readers on a slow machine
_WAITING = 3  # a busy machine gives a process only a part of its time
_FREE_SHARE = 0.9  # of the disk
_LEAST_ROOM_BYTES = 1 << 16  # a disk with less is full, whatever the error was called on the way
_ATTEMPTS = 2
_BEYOND_LIMITS = {OUT_OF_MEMORY: "file.reader-memory", OUT_OF_TIME: "file.reader-time"}
_OF_MACHINE = {
    NO_SPACE: "no_space",
    BROKEN_DISK: "broken_disk",
    KEPT_WAITING: "kept_waiting",
    KILLED: "killed",
}
"""What went wrong with the machine and no file: texts of the catalogue."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """How far untrusted files are isolated on this machine.

    Attributes
    ----------
    level
        ``full`` when the kernel itself keeps a reader from every other file, the network and other programs;
        ``reduced`` when only the other measures do: an environment from nothing, allowed drivers and limits.
    landlock
        Version of Landlock in force; 0 for none.
    seccomp
        A filter of system calls is in force.
    user
        Whose rights a reader has: ``own``, those of a user who is not root; ``nobody`` when root started the
        program and readers give root's rights up; ``root`` where they cannot, because nobody but root can
        read Python's own files or the folder for temporary files.
    """

    level: str
    landlock: int
    seccomp: bool
    user: str

    @property
    def facts(self) -> dict[str, object]:
        """Everything it says, by the names that ``doctor`` prints."""
        return {
            "isolation": self.level,
            "landlock": self.landlock,
            "seccomp": self.seccomp,
            "readers' user": self.user,
        }


def start_reading_process() -> None:
    """Start the process that reads, and do not wait for it: it gets ready while this one loads its libraries.

    Raises
    ------
    WorkplaceError
        No process can be started.
    """
    _server()


def isolation_report() -> Isolation:
    """Find out, by trying, how far untrusted files are isolated on this machine.

    Returns
    -------
    Isolation
        For ``doctor`` and for the manifest of a run.

    Raises
    ------
    WorkplaceError
        No process can be started.
    """
    layers = _server().layers
    return Isolation("full" if layers.full else "reduced", layers.landlock, layers.seccomp, layers.user)


def isolated(
    job: str, folder: ReadingFolder, about: FileFindings, arguments: dict[str, Any], kind: type[Kind]
) -> Kind | None:
    """Let a child process do one job on the staged file.

    Parameters
    ----------
    job
        Name of the job in :mod:`blackspot.data.parsers.jobs`.
    folder
        The folder; ``inside`` holds everything that the child may read.
    about
        Told what the job has to say, and when the child came to no end.
    arguments
        Arguments of the job, of types that JSON knows.
    kind
        What the job answers, one of the models of :mod:`.answers`.

    Returns
    -------
    Kind or None
        What the job answered besides findings; None after an error finding.

    Raises
    ------
    WorkplaceError
        The machine did not let the child finish, twice: no process can be started, the disk is full or
        failing, or somebody else ended the child. The file is not blamed for it.
    """
    told = arguments | {"accept": sorted(about.findings.accepted)}
    status = _insistently(job, folder, told, about)
    if status in _BEYOND_LIMITS:
        about.add(_BEYOND_LIMITS[status])
        return None
    if status != 0:
        about.add("file.reader-failed", reason=_named(status))
        return None
    try:
        findings, answer = checked(load_json(folder.outside / "reply.json"), kind)
        _check_reasons(replay(findings, about), answer)
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return None
    return answer


def _insistently(job: str, folder: ReadingFolder, arguments: dict[str, Any], about: FileFindings) -> int:
    """Let a child do a job, once more where the machine was in its way, and say how it ended."""
    there = set(folder.outside.iterdir())
    trouble = ""
    for _ in range(_ATTEMPTS):
        try:
            status = _server().run(job, folder, _limits(folder), arguments)
        except WorkplaceError as error:
            trouble = error.args[0]
        else:
            if status not in _OF_MACHINE and _is_full(folder) and not _has_answer(status, folder):
                status = NO_SPACE
            if status not in _OF_MACHINE:
                return status
            words = told("errors", _OF_MACHINE[status])
            trouble = told("errors", "trouble", folder=folder.path.parent, trouble=words)
        for left in set(folder.outside.iterdir()) - there:
            remove(left)
    raise WorkplaceError(told("errors", "unread", file=about.file, trouble=trouble))


def _is_full(folder: ReadingFolder) -> bool:
    """Say whether the disk of a reading folder has no room left: few libraries call that by its name."""
    disk = os.statvfs(folder.outside)
    return disk.f_bavail * disk.f_frsize < _LEAST_ROOM_BYTES or (disk.f_files > 0 and disk.f_favail == 0)


def _has_answer(status: int, folder: ReadingFolder) -> bool:
    """Say whether a reader came to an end with an answer, and not only with reasons for giving none."""
    if status != 0:
        return False
    try:
        reply = load_json(folder.outside / "reply.json")
    except BadReplyError:
        return False
    return isinstance(reply, dict) and reply.get("answer") is not None


def _check_reasons(said: Sequence[Finding], answer: Answer | None) -> None:
    """Make sure that a reader without an answer says why: otherwise its file would be left out silently."""
    if answer is None and not any(finding.stops for finding in said):
        raise BadReplyError("neither an answer nor a reason")


def _limits(folder: ReadingFolder) -> Limits:
    folders = (folder.inside, folder.outside)  # the second holds cells that were unpacked before
    staged = sum(path.lstat().st_size for one in folders for path in one.rglob("*"))
    memory = min(max(_LEAST_MEMORY_BYTES, _MEMORY_PER_BYTE * staged), _MOST_MEMORY_BYTES)
    seconds = min(_LEAST_SECONDS + staged // _BYTES_PER_SECOND, _MOST_SECONDS)
    return Limits(memory, seconds, int(_FREE_SHARE * shutil.disk_usage(folder.outside).free))


def _named(status: int) -> str:
    if status < 0:
        with contextlib.suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit code {status}"


class _Server:
    """The clean process that children are forked from."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.temporary = tempfile.gettempdir()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._process = subprocess.Popen(  # noqa: S603 - this Python, with nothing from outside
            [sys.executable, "-I", "-S", "-c", _BOOT, json.dumps(_whereabouts())],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd="/",
            start_new_session=True,
        )
        self._layers: SandboxLayers | None = None

    @property
    def layers(self) -> SandboxLayers:
        """What keeps its children apart: it says so first of all, once it has found out."""
        with _ONE_AT_A_TIME:
            if self._layers is None:
                self._layers = SandboxLayers(**self._answer(_START_SECONDS))
            return self._layers

    @property
    def usable(self) -> bool:
        """It runs, and was started by this process and not by the one this was forked from.

        It has also looked at the folder in which reading folders are made.
        """
        mine = self.owner == os.getpid() and self.temporary == tempfile.gettempdir()
        return mine and self._process.poll() is None

    def run(self, job: str, folder: ReadingFolder, limits: Limits, arguments: dict[str, Any]) -> int:
        wall_seconds = _WAITING * limits.seconds
        request = {
            "job": job,
            "folder": str(folder.path),
            "limits": asdict(limits),
            "wall_seconds": wall_seconds,
            "arguments": arguments,
        }
        with _ONE_AT_A_TIME:
            _ = self.layers  # its first answer is not that to the request
            try:
                self._send(request)
                return int(self._answer(wall_seconds + _START_SECONDS)["status"])
            except BaseException:
                self.stop()  # an answer that nobody waits for any more must not reach the next question
                raise

    def stop(self) -> None:
        """End the process, and with it its child."""
        if self.owner != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _send(self, request: dict[str, Any]) -> None:
        stream = self._process.stdin
        try:
            if stream is not None:
                stream.write(json.dumps(request).encode() + b"\n")
                stream.flush()
        except OSError as error:
            raise WorkplaceError(told("errors", "reader_ended", words=error)) from error

    def _answer(self, seconds: float) -> dict[str, Any]:
        stream = self._process.stdout
        deadline = time.monotonic() + seconds
        line = b""
        while stream is not None and not line.endswith(b"\n"):
            ready = select.select([stream], [], [], max(0.0, deadline - time.monotonic()))[0]
            piece = os.read(stream.fileno(), 1 << 12) if ready else b""
            if not piece:
                self._log.seek(0)
                said = self._log.read()[-500:].decode("utf-8", "replace").strip().splitlines()[-1:]
                self.stop()
                raise WorkplaceError(told("errors", "reader_silent", words=" ".join(said)))
            line += piece
        found: dict[str, Any] = json.loads(line)
        return found


_ONE_AT_A_TIME = threading.RLock()
_running: list[_Server] = []


def _server() -> _Server:
    with _ONE_AT_A_TIME:
        if not _running or not _running[0].usable:
            for old in _running:
                old.stop()
            _running[:] = [_Server()]
        return _running[0]


@atexit.register
def _stop() -> None:
    for server in _running:
        server.stop()
    _running.clear()


def _whereabouts() -> dict[str, Any]:
    paths = [str(Path(entry).resolve()) for entry in sys.path if entry]
    root = str(Path(__file__).resolve().parents[2])
    return {"path": paths, "root": root, "temporary": tempfile.gettempdir()}


def _environment() -> dict[str, str]:
    """Everything the process and its libraries see, built from nothing but the path of Python's library."""
    with rasterio.Env() as environment:
        drivers = {str(name) for name in (*environment.drivers(), *pyogrio.list_drivers())}
    # Not every name is known to both of the GDALs; each says so on a channel that nobody reads.
    skipped = sorted(drivers - ALLOWED_DRIVERS)
    # Some Pythons find their own library only so; what it names was trusted when this process was started.
    own = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return own | {
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GDAL_SKIP": ",".join(skipped),
        "GDAL_CACHEMAX": "64",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",  # the others reserve address space ahead
        **OPTIONS,
    }
