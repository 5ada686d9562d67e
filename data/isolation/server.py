"""The clean process that readers of users' files are forked from: it imports libraries and opens no such file.

It starts once for a program, with an environment built from nothing. For every file it forks a child, which
gives up its rights (:mod:`.sandbox`), reads that one file and ends. A child that a file takes over can reach
neither this process nor the next child.
"""

# ruff: noqa: PLC0415 - a library that few files need is loaded for the first one of them

from __future__ import annotations

import contextlib
import errno
import gc
import io
import json
import os
import select
import signal
import sys
import sysconfig
import time
import warnings
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

import numpy as np
import pyogrio.raw
import shapely

from ...errors import is_of_machine
from . import sandbox
from .gdal import lock_down as lock_gdal_down

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Job = Callable[..., dict[str, Any]]

_NO_SPACE_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FROM_OUTSIDE = frozenset({signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT})
_GRACE_SECONDS = 2.0
_LIMIT_SHARE = 0.8  # of the limit of processor time: the kernel counts it in ticks, and rounds
_WAITING_SHARE = 0.5  # of all time, waiting for a processor: nobody could have read the file so
_PROBE_LIMITS = sandbox.Limits(memory_bytes=1 << 28, seconds=10, file_bytes=1 << 20)
_SYSTEM_PLACES = ("/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/share/zoneinfo", "/etc/ld.so.cache")
_JOBS_OF_RASTERS = frozenset({"raster", "trace"})
_JOBS_OF_TABLES = frozenset({"table"})
_DEVICES = ("/dev/null", "/dev/urandom", "/dev/zero")


def serve(jobs: Mapping[str, Job]) -> None:
    """Answer requests from standard input, one line of JSON each, until it is closed.

    Parameters
    ----------
    jobs
        What can be asked of a reader: name to function.
    """
    channel = os.fdopen(os.dup(1), "wb", buffering=0)
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked decides when to stop
    lock_gdal_down()
    _warm_up()
    gc.freeze()  # children share these objects instead of copying them
    temporary = Path(json.loads(sys.argv[1])["temporary"])
    layers = _probed(temporary)
    _answer(channel, asdict(layers))
    while line := requests.readline():
        request: dict[str, Any] = json.loads(line)
        limits = sandbox.Limits(**request["limits"])
        folder = Path(request["folder"])

        def work(
            request: dict[str, Any] = request, folder: Path = folder, limits: sandbox.Limits = limits
        ) -> None:
            _read_one(jobs[request["job"]], request, folder, limits, layers)

        _load_for(request["job"])
        status = _in_child(work, float(request["wall_seconds"]), limits.seconds, (requests, channel))
        _answer(channel, {"status": status})


def _warm_up() -> None:
    """Let GDAL make its tables ready, by a layer of our own that never leaves the memory."""
    made = io.BytesIO()
    point = np.array([shapely.to_wkb(shapely.Point(105, 21))], dtype=object)
    pyogrio.raw.write(
        made, point, [], [], driver="GPKG", layer="layer", geometry_type="Point", crs="EPSG:4326"
    )
    pyogrio.read_info(made.getvalue())


def _load_for(job: str) -> None:
    """Load what one kind of job needs besides; it stays for all later children."""
    if job in _JOBS_OF_RASTERS:
        import rasterio

        with rasterio.Env():  # registers the drivers
            pass
    if job in _JOBS_OF_TABLES:  # openpyxl asks the system for its types of files, which a child may not
        for name in ("pandas", "openpyxl"):
            import_module(name)


def _probed(temporary: Path) -> sandbox.SandboxLayers:
    """Find out in a child which layers this machine gives, since nobody can take them off again."""
    reading, writing = os.pipe()

    def probe() -> None:
        if sandbox.may_become_nobody([temporary, *_readable()]):
            with contextlib.suppress(OSError):  # refused inside some containers: then root's rights are told
                sandbox.become_nobody([], [])
        layers = sandbox.lock_down([], [], _PROBE_LIMITS)
        os.write(writing, json.dumps(asdict(layers)).encode())

    status = _in_child(probe, _GRACE_SECONDS * 10, _PROBE_LIMITS.seconds, ())
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        said = stream.read()
    # A layer that the kernel has but refuses to put into force counts as one that it has not.
    return sandbox.SandboxLayers(**json.loads(said)) if status == 0 and said else sandbox.SandboxLayers()


def _in_child(
    work: Callable[[], None], seconds: float, processor_seconds: float, channels: Sequence[BinaryIO]
) -> int:
    """Fork, do one piece of work there, and wait for its end; say how it ended, as :func:`_told` does.

    The child lets go of ``channels``, so that it can neither ask nor answer. Other files that are open (the
    database of PROJ, of which libraries keep handles) stay so: their numbers must not be given to others.
    """
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(alive)
        _work_and_end(work, channels)
    os.close(held)
    watched = select.poll()
    watched.register(alive, 0)  # only that the child lets go of its end
    for channel in channels:
        watched.register(channel, 0)  # only that nobody waits for the answer any more
    changed = {number for number, _ in watched.poll(seconds * 1000)}
    starved = not changed and _waited_seconds(child) > _WAITING_SHARE * seconds
    status = _ended(child, _GRACE_SECONDS if alive in changed else 0.0, processor_seconds)
    os.close(alive)
    return sandbox.KEPT_WAITING if starved else status


def _ended(child: int, seconds: float, processor_seconds: float) -> int:
    """Wait for a child that lets go of its pipe a moment before it ends, or end it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            spent = used.ru_utime + used.ru_stime
            return _told(os.waitstatus_to_exitcode(status), spent >= _LIMIT_SHARE * processor_seconds)
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return sandbox.OUT_OF_TIME


def _told(code: int, spent: bool) -> int:  # noqa: FBT001 - the second half of what is known of an end
    """Tell a limit of ours from somebody else's signal.

    Both arrive as a signal: the kernel ends a process that has used up its processor time, and kills one when
    the machine has no memory left. A locked-in child cannot send itself these signals (see :mod:`.seccomp`).

    Parameters
    ----------
    code
        The exit code, or minus the signal.
    spent
        The child used up its processor time.
    """
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and spent):
        return sandbox.OUT_OF_TIME
    return sandbox.KILLED if -code in _FROM_OUTSIDE else code


def _waited_seconds(child: int) -> float:
    """Say how long a child was ready and no processor was free; 0 where the system does not tell."""
    try:
        told = Path(f"/proc/{child}/schedstat").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(told[1]) / 1e9 if len(told) > 1 else 0.0


def _work_and_end(work: Callable[[], None], channels: Sequence[BinaryIO]) -> NoReturn:
    code = sandbox.FAILED
    try:
        os.dup2(0, 2)  # what libraries print about a file is of no use to anybody
        for channel in channels:
            os.close(channel.fileno())
        work()
        code = 0
    except MemoryError:
        code = sandbox.OUT_OF_MEMORY
    except _WeakerError:
        code = sandbox.WEAKER_THAN_PROMISED
    except OSError as error:
        code = sandbox.FAILED
        if is_of_machine(error):
            code = sandbox.NO_SPACE if error.errno in _NO_SPACE_ERRORS else sandbox.BROKEN_DISK
    finally:
        os._exit(code)  # nothing of the server may be cleaned up twice


class _WeakerError(Exception):
    """A child got fewer layers than the probe."""


def _read_one(
    job: Job, request: dict[str, Any], folder: Path, limits: sandbox.Limits, promised: sandbox.SandboxLayers
) -> None:
    inside, outside = folder / "in", folder / "out"
    os.chdir(outside)
    if promised.user == "nobody" and os.geteuid() == 0:
        os.chown(folder, 0, sandbox.NOBODY)
        folder.chmod(0o710)
        sandbox.become_nobody([inside], [outside])
    if sandbox.lock_down([inside, *_readable()], [outside], limits) != promised:
        raise _WeakerError
    warnings.simplefilter("ignore")
    reply = job(inside, outside, **request["arguments"])
    (outside / "reply.json").write_text(json.dumps(reply), encoding="ascii")


def _readable() -> list[Path]:
    """Name where Python and its libraries lie, which load some parts only when they are needed."""
    own = {Path(place) for name, place in sysconfig.get_paths().items() if name.endswith(("lib", "stdlib"))}
    packages = {Path(pyogrio.__file__).parents[1], Path(__file__).parents[2]}
    return [*sorted(own | packages), *map(Path, (*_SYSTEM_PLACES, *_DEVICES))]


def _answer(channel: BinaryIO, content: dict[str, Any]) -> None:
    channel.write(json.dumps(content).encode() + b"\n")
