"""The filter of system calls, run on paper for both kinds of machine."""

from __future__ import annotations

import errno
import signal
import struct

import pytest

from blackspot.data.isolation.seccomp import MACHINES, Machine, program

ALLOW, KILL = 0x7FFF0000, 0x80000000
REFUSE, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
OURS = 4711
# read, write, openat, close, mmap, munmap, brk, futex, exit_group, lseek, pread64, fstat, getrandom
NEEDED = {
    "x86_64": (0, 1, 257, 3, 9, 11, 12, 202, 231, 8, 17, 5, 318),
    "aarch64": (63, 64, 56, 57, 222, 215, 214, 98, 94, 62, 67, 80, 278),
}


def decide(lines: bytes, number: int, audit_number: int, *arguments: int) -> int:
    """Run a filter as the kernel does (the instructions of classic BPF that it uses)."""
    data = struct.pack("<IIQ6Q", number, audit_number, 0, *(arguments + (0,) * 6)[:6])
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
        if number in (machine.clone, machine.tgkill, machine.prlimit, machine.fcntl):
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
    tgkill, audit_number = machine.tgkill, machine.audit_number
    assert ALLOW == decide(lines, tgkill, audit_number, OURS, OURS + 1, signal.SIGABRT)
    assert REFUSE == decide(lines, tgkill, audit_number, OURS, OURS + 1, signal.SIGKILL)
    assert REFUSE == decide(lines, tgkill, audit_number, OURS + 1, OURS + 1, signal.SIGABRT)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
def test_no_other_process_is_limited_or_told_of_a_file(machine: Machine) -> None:
    """Limits of its own are asked by the number 0; locks and flags of a file are set, its owner is not."""
    lines = program(machine, OURS)
    assert ALLOW == decide(lines, machine.prlimit, machine.audit_number, 0, 7)
    assert REFUSE == decide(lines, machine.prlimit, machine.audit_number, OURS + 1, 7)
    for what in range(1100):
        expected = REFUSE if what in (8, 10, 15) else ALLOW
        assert expected == decide(lines, machine.fcntl, machine.audit_number, 3, what)


def test_other_ways_of_calling_are_no_way_around() -> None:
    """Calls of 32-bit programs end the process; the numbers of x32 are refused."""
    machine = MACHINES["x86_64"]
    lines = program(machine, OURS)
    assert KILL == decide(lines, 102, 0x40000003)
    assert REFUSE == decide(lines, 0x40000000 | 41, machine.audit_number)
