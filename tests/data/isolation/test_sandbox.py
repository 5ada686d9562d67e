"""The filter of system calls, run on paper for both kinds of machine, and the lock-down of a real process."""

from __future__ import annotations

import errno
import json
import platform
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from blackspot.data.isolation.sandbox import landlock_version
from blackspot.data.isolation.seccomp import MACHINES, Machine, program

if TYPE_CHECKING:
    from pathlib import Path

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
OURS = 4711

# read, write, openat, close, mmap, munmap, brk, futex, exit_group, lseek, pread64, fstat, getrandom
NEEDED = {
    "x86_64": (0, 1, 257, 3, 9, 11, 12, 202, 231, 8, 17, 5, 318),
    "aarch64": (63, 64, 56, 57, 222, 215, 214, 98, 94, 62, 67, 80, 278),
}


def decide(lines: bytes, number: int, audit_number: int, argument: int = 0) -> int:
    """Run a filter as the kernel does (the instructions of classic BPF that it uses)."""
    data = struct.pack("<IIQQ", number, audit_number, 0, argument)
    at = value = 0
    while True:
        code, then, otherwise, operand = struct.unpack_from("=HBBI", lines, 8 * at)
        at += 1
        match code:
            case 0x20:
                value = struct.unpack_from("<I", data, operand)[0]
            case 0x06:
                return int(operand)
            case 0x15:
                at += then if value == operand else otherwise
            case 0x35:
                at += then if value >= operand else otherwise
            case 0x45:
                at += then if value & operand else otherwise
            case _:
                raise AssertionError(code)


@pytest.mark.parametrize(("name", "machine"), MACHINES.items())
def test_every_number_is_decided_as_the_table_says(name: str, machine: Machine) -> None:
    """All numbers up to 600: refused, looked at, or allowed; what Python needs is among the allowed."""
    lines = program(machine, OURS)
    for number in range(600):
        if number in (machine.clone, machine.tgkill):
            continue
        expected = UNKNOWN if number == machine.clone3 else REFUSE if number in machine.refused else ALLOW
        assert expected == decide(lines, number, machine.audit_number), number
    assert not set(NEEDED[name]) & set(machine.refused)
    assert len(set(machine.refused)) == len(machine.refused)
    assert len(lines) // 8 < 4096  # the most that the kernel takes


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
def test_threads_may_start_and_only_own_signals_are_sent(machine: Machine) -> None:
    """A clone that makes a process is refused, as is a signal to another process."""
    lines = program(machine, OURS)
    thread_flags, process_flags = 0x3D0F00, 0x1200011
    assert ALLOW == decide(lines, machine.clone, machine.audit_number, thread_flags)
    assert REFUSE == decide(lines, machine.clone, machine.audit_number, process_flags)
    assert ALLOW == decide(lines, machine.tgkill, machine.audit_number, OURS)
    assert REFUSE == decide(lines, machine.tgkill, machine.audit_number, OURS + 1)


def test_other_ways_of_calling_are_no_way_around() -> None:
    """Calls of 32-bit programs end the process; the numbers of x32 are refused."""
    machine = MACHINES["x86_64"]
    lines = program(machine, OURS)
    assert KILL == decide(lines, 102, 0x40000003)
    assert REFUSE == decide(lines, 0x40000000 | 41, machine.audit_number)


LOCKED = """
import json, os, socket, sys, threading
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
print(json.dumps({"layers": [layers.landlock, layers.seccomp], "done": sorted(set(done))}))
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
    assert ["staged file", "thread", "write"] == found["done"]


@pytest.mark.skipif(platform.machine() not in MACHINES, reason="the filter knows other machines")
def test_without_landlock_network_and_programs_are_still_refused(tmp_path: Path) -> None:
    """Files are then kept apart by the other measures only, and the answer says so."""
    found = _locked(tmp_path, "without-landlock")
    assert [0, True] == found["layers"]
    assert not {"socket", "process", "program", "memory", "write much"} & set(found["done"])
