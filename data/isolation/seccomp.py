"""A seccomp filter put together by hand: the system calls that no reader of a file needs are refused.

The filter is a program for the kernel's classic packet filter: instructions of 8 bytes that look at the number
and the arguments of a system call (Linux, ``Documentation/userspace-api/seccomp_filter.rst``). Numbers of
system calls differ between machines; two kinds are known here.
"""

from __future__ import annotations

import errno
import signal
import struct
from dataclasses import dataclass

_LOAD, _IS_EQUAL, _IS_AT_LEAST, _HAS_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _MACHINE_AT, _ARGUMENT_AT = 0, 4, 16  # in struct seccomp_data; both machines are little-endian
_ARGUMENT_BYTES = 8
_TELLING = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX
_CLONE_THREAD = 0x00010000


@dataclass(frozen=True, slots=True)
class Machine:
    """How one kind of machine numbers its system calls.

    Attributes
    ----------
    audit_number
        What the kernel calls the machine (``AUDIT_ARCH_…``).
    refused
        Numbers of system calls that fail with "not permitted".
    clone, clone3, tgkill, prlimit, fcntl
        Numbers of the calls that are looked at more closely.
    foreign_from
        System calls from this number on belong to another way of calling; 0 where there is none.
    """

    audit_number: int
    refused: tuple[int, ...]
    clone: int
    clone3: int
    tgkill: int
    prlimit: int
    fcntl: int
    foreign_from: int = 0


# In the order: sockets (socket, socketpair, bind, connect, listen, accept, accept4, sendto, sendmsg), programs
# (execve, execveat, fork, vfork), other processes (ptrace, process_vm_readv/writev, kill, tkill,
# rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_open, pidfd_getfd, pidfd_send_signal), ways around a filter
# (io_uring_setup/enter/register), names in the file system that lead elsewhere (symlink, symlinkat, link,
# linkat, mknod, mknodat, name_to_handle_at, open_by_handle_at), the system itself (mount, umount2, pivot_root,
# chroot, unshare, setns, bpf, perf_event_open, add_key, request_key, keyctl, userfaultfd, init_module,
# finit_module, delete_module, kexec_load), what files are besides their content, which Landlock does not guard
# (chmod, fchmod, fchmodat, fchmodat2, chown, fchown, lchown, fchownat, utime, utimes, futimesat, utimensat,
# setxattr, lsetxattr, fsetxattr, setxattrat, removexattr, lremovexattr, fremovexattr, removexattrat), memory and
# queues of other processes (shmget, shmat, shmctl, semget, semop, semctl, semtimedop, msgget, msgsnd, msgrcv,
# msgctl, mq_open, mq_unlink, mq_notify), how they run (setpriority, sched_setparam, sched_setscheduler,
# sched_setaffinity, sched_setattr, ioprio_set, migrate_pages, move_pages, process_madvise, process_mrelease,
# kcmp), and a timer that sends any signal (timer_create).
MACHINES = {
    "x86_64": Machine(
        audit_number=0xC000003E,
        refused=(
            *(41, 53, 49, 42, 50, 43, 288, 44, 46),
            *(59, 322, 57, 58),
            *(101, 310, 311, 62, 200, 129, 297, 434, 438, 424),
            *(425, 426, 427),
            *(88, 266, 86, 265, 133, 259, 303, 304),
            *(165, 166, 155, 161, 272, 308, 321, 298, 248, 249, 250, 323, 175, 313, 176, 246),
            *(90, 91, 268, 452, 92, 93, 94, 260, 132, 235, 261, 280),
            *(188, 189, 190, 463, 197, 198, 199, 466),
            *(29, 30, 31, 64, 65, 66, 220, 68, 69, 70, 71, 240, 241, 244),
            *(141, 142, 144, 203, 314, 251, 256, 279, 440, 448, 312),
            222,
        ),
        clone=56,
        clone3=435,
        tgkill=234,
        prlimit=302,
        fcntl=72,
        foreign_from=0x40000000,  # x32
    ),
    "aarch64": Machine(
        audit_number=0xC00000B7,
        refused=(
            *(198, 199, 200, 203, 201, 202, 242, 206, 211),
            *(221, 281),
            *(117, 270, 271, 129, 130, 138, 240, 434, 438, 424),
            *(425, 426, 427),
            *(36, 37, 33, 264, 265),
            *(40, 39, 41, 51, 97, 268, 280, 241, 217, 218, 219, 282, 105, 273, 106, 104),
            *(52, 53, 452, 54, 55, 88),
            *(5, 6, 7, 463, 14, 15, 16, 466),
            *(194, 195, 196, 190, 191, 192, 193, 186, 187, 188, 189, 180, 181, 184),
            *(140, 118, 119, 122, 274, 30, 238, 239, 440, 448, 272),
            107,
        ),
        clone=220,
        clone3=435,
        tgkill=131,
        prlimit=261,
        fcntl=25,
    ),
}


def program(machine: Machine, process: int) -> bytes:
    """Write the filter for one process.

    Parameters
    ----------
    machine
        The kind of machine.
    process
        Number of the process, the only one that it may send signals to (a library that gives up does that).

    Returns
    -------
    bytes
        Instructions of 8 bytes each.
    """
    refuse = _returning(_ERROR | errno.EPERM)
    lines = [
        _line(_LOAD, _MACHINE_AT),
        _line(_IS_EQUAL, machine.audit_number, then=1),
        _returning(_KILL),
        _line(_LOAD, _NUMBER_AT),
    ]
    if machine.foreign_from:
        lines += [_line(_IS_AT_LEAST, machine.foreign_from, otherwise=1), refuse]
    for number in machine.refused:
        lines += [_line(_IS_EQUAL, number, otherwise=1), refuse]
    # The C library falls back from clone3, whose flags a filter cannot see, to clone.
    lines += [_line(_IS_EQUAL, machine.clone3, otherwise=1), _returning(_ERROR | errno.ENOSYS)]
    lines += [  # threads may be started, processes may not
        _line(_IS_EQUAL, machine.clone, otherwise=4),
        _line(_LOAD, _ARGUMENT_AT),
        _line(_HAS_BITS, _CLONE_THREAD, otherwise=1),
        _returning(_ALLOW),
        refuse,
    ]
    lines += [  # a library that gives up ends its own process; any other signal would look like the system's
        _line(_IS_EQUAL, machine.tgkill, otherwise=6),
        _line(_LOAD, _ARGUMENT_AT),
        _line(_IS_EQUAL, process, otherwise=3),
        _line(_LOAD, _ARGUMENT_AT + 2 * _ARGUMENT_BYTES),
        _line(_IS_EQUAL, signal.SIGABRT, otherwise=1),
        _returning(_ALLOW),
        refuse,
    ]
    lines += [  # limits of its own, by the number 0, and of no other process
        _line(_IS_EQUAL, machine.prlimit, otherwise=4),
        _line(_LOAD, _ARGUMENT_AT),
        _line(_IS_EQUAL, 0, otherwise=1),
        _returning(_ALLOW),
        refuse,
    ]
    lines += [  # a file may tell another process, by any signal, that it can be read
        _line(_IS_EQUAL, machine.fcntl, otherwise=3 + len(_TELLING)),
        _line(_LOAD, _ARGUMENT_AT + _ARGUMENT_BYTES),
        *(_line(_IS_EQUAL, what, then=len(_TELLING) - at) for at, what in enumerate(_TELLING)),
        _returning(_ALLOW),
        refuse,
    ]
    return b"".join([*lines, _returning(_ALLOW)])


def _line(code: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    """Write one instruction; ``then`` and ``otherwise`` say how many instructions a comparison skips."""
    return struct.pack("=HBBI", code, then, otherwise, value)


def _returning(value: int) -> bytes:
    return _line(_RETURN, value)
