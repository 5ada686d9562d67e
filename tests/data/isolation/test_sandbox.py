"""The filter of system calls, run on paper for both kinds of machine, and the lock-down of a real process."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from blackspot.data.isolation.sandbox import landlock_version
from blackspot.data.isolation.seccomp import MACHINES

if TYPE_CHECKING:
    from pathlib import Path


LOCKED = """
import fcntl, json, os, resource, socket, sys, threading
from pathlib import Path
from blackspot.data.isolation import sandbox
inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
if sys.argv[3] == "without-landlock":
    sandbox.landlock_version = lambda: 0
layers = sandbox.lock_down([inside, Path(sys.prefix)], [outside], sandbox.Limits(1 << 28, 20, 1 << 20))
done = []
def attempt(name, act):
    try:
        act()
        done.append(name)
    except (OSError, MemoryError):
        pass
def thread():
    started = threading.Thread(target=lambda: done.append("thread"))
    started.start()
    started.join()
attempt("foreign file", lambda: open("/etc/passwd").read())
attempt("staged file", lambda: (inside / "a").read_text())
attempt("change staged file", lambda: (inside / "a").write_text("x"))
attempt("write", lambda: (outside / "b").write_text("x"))
attempt("write much", lambda: (outside / "c").write_bytes(bytes(2 << 20)))
attempt("socket", lambda: socket.socket())
attempt("process", lambda: os.fork() or os._exit(0))
attempt("program", lambda: os.execv("/bin/true", ["true"]))
attempt("memory", lambda: bytearray(1 << 29))
attempt("thread", thread)
attempt("mode", lambda: os.chmod(inside / "a", 0o777))
attempt("mode of an open file", lambda: os.fchmod(os.open(outside / "b", os.O_RDONLY), 0o777))
attempt("owner", lambda: os.chown(outside / "b", os.getuid(), os.getgid()))
attempt("time", lambda: os.utime("/etc/passwd", (0, 0)))
attempt("attribute", lambda: os.setxattr(outside / "b", "user.x", b"x"))
attempt("limits of others", lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE))
attempt("limits of others set", lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0)))
attempt("priority of others", lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19))
attempt("processors of others", lambda: os.sched_setaffinity(os.getppid(), {0}))
attempt("signal by a pipe", lambda: fcntl.fcntl(os.pipe()[0], fcntl.F_SETOWN, os.getppid()))
attempt("own limits", lambda: resource.getrlimit(resource.RLIMIT_NOFILE))
attempt("own locks", lambda: fcntl.lockf(open(outside / "b", "r+"), fcntl.LOCK_EX))
capable = int(next(line for line in Path("/proc/self/status").open() if line.startswith("CapEff")).split()[1], 16) if not layers.landlock else 0
print(json.dumps({"layers": [layers.landlock, layers.seccomp], "done": sorted(set(done)), "capable": capable}))
"""


def _locked(tmp_path: Path, word: str) -> dict[str, list[object]]:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "a").write_text("a")
    ended = subprocess.run(
        [sys.executable, "-c", LOCKED, str(inside), str(outside), word],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found: dict[str, list[object]] = json.loads(ended.stdout)
    return found


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="the filter knows other machines")
def test_a_locked_process_keeps_what_it_needs_and_nothing_else(tmp_path: Path) -> None:
    """Its own folders and threads; no other file, socket, process or program, and not more than its limits."""
    if not landlock_version():
        pytest.skip("this kernel has no Landlock")
    found = _locked(tmp_path, "")
    assert [landlock_version(), True] == found["layers"]
    assert ["own limits", "own locks", "staged file", "thread", "write"] == found["done"]


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="the filter knows other machines")
def test_without_landlock_network_and_programs_are_still_refused(tmp_path: Path) -> None:
    """Files are then kept apart by the other measures only, and the answer says so."""
    found = _locked(tmp_path, "without-landlock")
    assert [0, True] == found["layers"]
    files = {"foreign file", "staged file", "change staged file", "write"}
    assert {"own limits", "own locks", "thread"} == set(found["done"]) - files
    assert 0 == found["capable"]  # also where root starts it
