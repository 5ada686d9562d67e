"""Everything that can go wrong, as one tree.

::

    BlackspotError
    ├── ProjectError (ValueError)         the project file or the command is wrong        exit 2
    ├── ArgumentError (ValueError)        what a Python program handed in cannot be used  exit 2
    ├── InputError (ValueError)           inputs were refused; nothing was published       exit 4
    ├── RunNotFoundError (LookupError)    no such run, or no such commune in it            exit 2
    ├── ApprovalError (RuntimeError)      a run that waits for approval cannot be published exit 4
    ├── WorkplaceError (OSError)          disk, rights, memory or time                     exit 5
    └── BusyError (RuntimeError)          another run holds the output folder              exit 6

Beside the tree stands TerminatedError, a BaseException as KeyboardInterrupt is: somebody stopped the program.

A message says what, where (file, layer, row or feature id) and what to do, in one sentence.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

Severity = Literal["error", "ask", "warning", "note"]
_STOPPING: frozenset[Severity] = frozenset({"error", "ask"})

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""All severities, the worst first."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a check about an input.

    ``code`` is stable: it never changes its meaning. ``row`` is a feature id, a row number counted as
    a spreadsheet counts (the header is row 1), or a commune code. ``count`` is how many rows are meant.
    """

    code: str
    severity: Severity
    message_en: str
    message_vi: str
    cure_en: str = ""
    cure_vi: str = ""
    file: str = ""
    layer: str = ""
    row: str = ""
    column: str = ""
    count: int = 1

    @property
    def stops(self) -> bool:
        """Whether it stops a run: an error, or a question that was not accepted."""
        return self.severity in _STOPPING

    def sentence(self, language: str = "en") -> str:
        """Give what, where and what to do, as one line."""
        vietnamese = language == "vi"
        where = ", ".join(part for part in (self.file, self.layer, self.column, self.row) if part)
        message = self.message_vi if vietnamese else self.message_en
        cure = self.cure_vi if vietnamese else self.cure_en
        return " ".join(part for part in (f"{where}:" if where else "", message, cure) if part)


class BlackspotError(Exception):
    """The root of every error this package raises on purpose."""


class ProjectError(BlackspotError, ValueError):
    """The project file or the command line is wrong; ``problems`` lists every mistake found.

    ``vietnamese`` lists them in that language, where they are known in it.
    """

    def __init__(self, problems: str | Sequence[str], vietnamese: Sequence[str] = ()) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        self.vietnamese: tuple[str, ...] = tuple(vietnamese) or self.problems
        super().__init__("\n".join(self.problems))


class ArgumentError(BlackspotError, ValueError):
    """Frames, arrays or options handed in from Python cannot be used; ``problems`` lists every one found."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems: tuple[str, ...] = tuple(problems)
        super().__init__("\n".join(self.problems))


class InputError(BlackspotError, ValueError):
    """Inputs were refused; ``findings`` lists every problem of every input."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(finding.sentence() for finding in self.findings))


class RunNotFoundError(BlackspotError, LookupError):
    """There is no such run, or the run has no such commune; ``vietnamese`` is the message in that language."""

    def __init__(self, message: str, vietnamese: str = "") -> None:
        self.vietnamese = vietnamese or message
        super().__init__(message)


class ApprovalError(BlackspotError, RuntimeError):
    """A run that waits for approval cannot be published as it stands; ``vietnamese`` says so in that language."""

    def __init__(self, message: str, vietnamese: str = "") -> None:
        self.vietnamese = vietnamese or message
        super().__init__(message)


class WorkplaceError(BlackspotError, OSError):
    """The disk, the rights, the memory or the time do not suffice."""


class BusyError(BlackspotError, RuntimeError):
    """Another run is writing into the same output folder."""


class TerminatedError(BaseException):
    """SIGTERM arrived; raised so that every open file and lock is closed on the way out."""


_PUBLISHED = "published: "


def note_published(stopped: BaseException, run_id: str) -> None:
    """Note on what stopped the program that a run was published before; nothing where ``run_id`` is empty."""
    if run_id:
        stopped.add_note(f"{_PUBLISHED}{run_id}")


def published_before(stopped: BaseException) -> str:
    """Give the run that was published before the program was stopped; empty where none was.

    Parameters
    ----------
    stopped
        What stopped the program, or what was raised because of it.
    """
    for error in (stopped, stopped.__cause__, stopped.__context__):
        for note in getattr(error, "__notes__", ()):
            if note.startswith(_PUBLISHED):
                return str(note.removeprefix(_PUBLISHED))
    return ""


DONE, BUG, USAGE, PARTLY, NOT_PUBLISHED, WORKPLACE, BUSY, DAMAGED, GATED = 0, 1, 2, 3, 4, 5, 6, 7, 8
REFUSED = NOT_PUBLISHED  # a check that ends so is a run that would end so
INTERRUPTED, KILLED, CLOSED_PIPE, TERMINATED = (
    130,
    137,
    141,
    143,
)  # 128 and the signal's number, as shells count
INTERRUPTIONS: frozenset[int] = frozenset({INTERRUPTED, KILLED, TERMINATED})
"""Exit codes of attempts that were stopped from outside: nothing was wrong with them."""

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (ProjectError, USAGE),
    (ArgumentError, USAGE),
    (RunNotFoundError, USAGE),
    (InputError, NOT_PUBLISHED),
    (ApprovalError, NOT_PUBLISHED),
    (WorkplaceError, WORKPLACE),
    (BusyError, BUSY),
    (MemoryError, WORKPLACE),
)
_MACHINE = frozenset(
    {
        errno.EDQUOT,
        errno.EFBIG,
        errno.EHOSTDOWN,
        errno.EHOSTUNREACH,
        errno.EIO,
        errno.EMFILE,
        errno.ENETDOWN,
        errno.ENETUNREACH,
        errno.ENFILE,
        errno.ENOMEM,
        errno.ENOSPC,
        errno.ENOTCONN,
        errno.EREMOTEIO,
        errno.EROFS,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)
_NO_MEMORY = (
    "bad_alloc",  # of libraries in C++, such as GEOS
    "cannot allocate memory",
    "failed to map segment",  # of the loader of libraries
    "can't start new thread",
)
_PLACE = _MACHINE | {errno.EACCES, errno.EPERM}


def is_of_machine(error: OSError) -> bool:
    """Say whether a failed file operation is the fault of the machine and never of the file.

    Parameters
    ----------
    error
        What the system said. Missing rights are not counted: whoever hands in a file decides who may read it.
    """
    return isinstance(error, WorkplaceError) or error.errno in _MACHINE


def exit_code(error: Exception) -> int:
    """Give the exit code of an error.

    Parameters
    ----------
    error
        What stopped the program.

    Returns
    -------
    int
        2 usage or project file, 4 inputs refused, 5 machine, 6 busy, 1 anything unexpected.
    """
    for kind, code in _CODES:
        if isinstance(error, kind):
            return code
    if is_out_of_memory(error):
        return WORKPLACE
    return WORKPLACE if isinstance(error, OSError) and error.errno in _PLACE else BUG


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether the memory did not suffice, in whatever words a library says so.

    Parameters
    ----------
    error
        What stopped the program. Errors of this package say what they are themselves.
    """
    if isinstance(error, BlackspotError):
        return False
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(words in said for words in _NO_MEMORY)


def interruption_code(stopped: BaseException) -> int:
    """Give the exit code of a program that somebody stopped: 143 for SIGTERM, 130 for Ctrl-C."""
    return TERMINATED if isinstance(stopped, TerminatedError) else INTERRUPTED
