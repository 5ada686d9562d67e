"""The sandbox of a reading process: rights it gives up for good before it opens an untrusted file.

Linux only needs the C library for it, and no rights: limits (``setrlimit``), ``no_new_privs``, Landlock (which
files and which network) and seccomp (which system calls). What the kernel lacks is told, not hidden.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import stat
import struct
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .seccomp import MACHINES, program

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PARENT_DEATH_SIGNAL, _SET_SECCOMP, _NO_NEW_PRIVS, _FILTER_MODE = 1, 22, 38, 2  # of prctl
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every machine
_VERSION_ONLY, _PATH_BENEATH = 1, 1
_CAPABILITY_VERSION = 0x20080522
_CAPSET = {"x86_64": 126, "aarch64": 91}
_OPEN_FILES = 256

OUT_OF_MEMORY, WEAKER_THAN_PROMISED, NO_SPACE, FAILED = 70, 71, 72, 73
OUT_OF_TIME, KEPT_WAITING, KILLED, BROKEN_DISK = 74, 75, 76, 77
"""How a process that reads files of others ended, besides 0 and the signals of a crash.

The first four and ``BROKEN_DISK`` are its exit codes. ``OUT_OF_TIME`` is a limit of ours, ``KEPT_WAITING`` a
machine that gave it no processor, ``KILLED`` a signal that it cannot have sent itself.
"""

NOBODY = 65534
"""Number of the user and of the group without rights, on every Linux."""

# Rights of Landlock (include/uapi/linux/landlock.h).
_WRITE_FILE, _READ_FILE, _READ_FOLDER, _REMOVE_FILE, _MAKE_FILE = 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 8
_TRUNCATE = 1 << 14
_FIRST_RIGHTS = (1 << 13) - 1
_LATER_RIGHTS = {2: 1 << 13, 3: _TRUNCATE, 5: 1 << 15}  # version to the right that came with it
_READING = _READ_FILE | _READ_FOLDER
_WRITING = _READING | _WRITE_FILE | _REMOVE_FILE | _MAKE_FILE | _TRUNCATE
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE
_NETWORK_SINCE, _SCOPES_SINCE = 4, 6
_BIND_AND_CONNECT, _SOCKETS_AND_SIGNALS = 0b11, 0b11


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use.

    Attributes
    ----------
    memory_bytes
        Address space on top of what the process has when it is locked down.
    seconds
        Processor time.
    file_bytes
        Size of each file it writes.
    """

    memory_bytes: int
    seconds: int
    file_bytes: int


@dataclass(frozen=True, slots=True)
class SandboxLayers:
    """Which layers a process got.

    Attributes
    ----------
    landlock
        Version of Landlock that is in force; 0 where the kernel has none.
    seccomp
        The filter of system calls is in force.
    user
        Whose rights the process has: ``own`` are those of whoever started the program, who is not root;
        ``nobody`` when root's were given up; ``root`` where that was not possible.
    """

    landlock: int = 0
    seccomp: bool = False
    user: str = "own"

    @property
    def full(self) -> bool:
        """Say whether files, network and programs are out of reach by the kernel's own word."""
        return self.landlock > 0 and self.seccomp


def may_become_nobody(paths: Sequence[Path]) -> bool:
    """Say whether this process is root's and a user without rights could still read some paths.

    Parameters
    ----------
    paths
        Files and folders; those that do not exist are passed over.

    Returns
    -------
    bool
        False for a process that is not root's: it has nothing to give up.
    """
    return os.geteuid() == 0 and all(_is_open_to_all(path) for path in paths if path.exists())


def _is_open_to_all(path: Path) -> bool:
    """Say whether everybody may read a path, and pass through all folders above it."""
    needed = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
    above = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.resolve().parents)
    return above and path.stat().st_mode & needed == needed


def become_nobody(readable: Sequence[Path], writable: Sequence[Path]) -> None:
    """Hand folders over to a user without rights, and become that user. There is no way back.

    Parameters
    ----------
    readable
        Folders of ours whose files that user may read, also those in folders inside; they stay root's.
    writable
        Folders of ours that become that user's.

    Raises
    ------
    OSError
        The system refuses, as it does inside some containers.
    """
    for folder in readable:
        os.chown(folder, 0, NOBODY)
        folder.chmod(0o750)
        for file in folder.rglob("*"):
            os.chown(file, 0, NOBODY, follow_symlinks=False)
            file.chmod(0o750 if file.is_dir() else 0o640)
    for folder in writable:
        os.chown(folder, NOBODY, NOBODY)
        folder.chmod(0o700)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def lock_down(readable: Sequence[Path], writable: Sequence[Path], limits: Limits) -> SandboxLayers:
    """Give up everything that reading a file does not need. There is no way back for this process.

    Parameters
    ----------
    readable
        Files and folders that may still be read.
    writable
        Folders in which files may still be read, made, changed and removed.
    limits
        What may still be used.

    Returns
    -------
    SandboxLayers
        What is in force now, besides the limits.

    Raises
    ------
    OSError
        A layer that the kernel has could not be put into force.
    """
    _limit(limits)
    user = _user()
    if sys.platform != "linux":
        return SandboxLayers(user=user)
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    _check(library.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    version = landlock_version()
    if version:
        _restrict_files(library, version, readable, writable)
    _drop_capabilities(library)
    return SandboxLayers(version, _refuse_calls(library), user)


def _user() -> str:
    """Say whose rights this process has."""
    return {0: "root", NOBODY: "nobody"}.get(os.geteuid(), "own")


def landlock_version() -> int:
    """Ask the kernel which version of Landlock it has.

    Returns
    -------
    int
        0 for none.
    """
    if sys.platform != "linux":
        return 0
    library = ctypes.CDLL(None, use_errno=True)
    return max(0, int(library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION_ONLY)))


def _limit(limits: Limits) -> None:
    values = {
        resource.RLIMIT_CPU: limits.seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    used = _address_space_bytes()
    if used:
        values[resource.RLIMIT_AS] = used + limits.memory_bytes
    for what, value in values.items():
        highest = resource.getrlimit(what)[1]
        chosen = value if highest == resource.RLIM_INFINITY else min(value, highest)
        resource.setrlimit(what, (chosen, chosen))


def _address_space_bytes() -> int:
    """Say how much address space this process has; 0 where the system does not tell."""
    with contextlib.suppress(OSError), open("/proc/self/statm", encoding="ascii") as stream:  # noqa: PTH123 - no file of a user
        return int(stream.read().split()[0]) * resource.getpagesize()
    return 0


def _restrict_files(
    library: ctypes.CDLL, version: int, readable: Sequence[Path], writable: Sequence[Path]
) -> None:
    rights = _FIRST_RIGHTS | sum(right for since, right in _LATER_RIGHTS.items() if version >= since)
    network = _BIND_AND_CONNECT if version >= _NETWORK_SINCE else 0
    scopes = _SOCKETS_AND_SIGNALS if version >= _SCOPES_SINCE else 0
    known_bytes = 24 if version >= _SCOPES_SINCE else 16 if version >= _NETWORK_SINCE else 8
    attributes = struct.pack("=QQQ", rights, network, scopes)[:known_bytes]
    ruleset = library.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(known_bytes), 0)
    _check(min(ruleset, 0), "landlock_create_ruleset")
    for paths, allowed in ((readable, _READING), (writable, _WRITING)):
        for path in paths:
            _allow(library, ruleset, path, allowed & rights)
    _check(library.syscall(_RESTRICT_SELF, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


def _allow(library: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:  # of the places where systems keep their libraries, not all are everywhere
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        rule = struct.pack("=Qi", rights, opened)
        _check(library.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0), f"landlock_add_rule {path}")
    finally:
        os.close(opened)


def _drop_capabilities(library: ctypes.CDLL) -> None:
    """Give up what makes root more than the owner of its files, where this process is root's and stays so."""
    if os.geteuid() != 0 or platform.machine() not in MACHINES:
        return
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _check(library.syscall(_CAPSET[platform.machine()], header, bytes(24)), "capset")


def _refuse_calls(library: ctypes.CDLL) -> bool:
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return False
    lines = program(machine, os.getpid())
    buffer = ctypes.create_string_buffer(lines, len(lines))
    described = struct.pack("@HP", len(lines) // 8, ctypes.addressof(buffer))
    refused = library.prctl(_SET_SECCOMP, _FILTER_MODE, described, 0, 0)
    return not refused  # by a kernel that was built without it


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
