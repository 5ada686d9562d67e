"""Errors as the user sees them: an exit code, and one sentence per problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..data.text.problems import problems_of
from ..data.text.safe import printable
from ..data.text.sentences import say, spoken
from ..errors import WORKPLACE, BlackspotError, InputError, exit_code, is_out_of_memory

if TYPE_CHECKING:
    from pathlib import Path

SHOWN_FINDINGS = 50

EXIT_CODES = """\b
Exit codes:
  0  published, or nothing new; a checked file can be used
  1  a mistake of this program (the trace is in the log file)
  2  the command line or the project file is wrong
  3  published, but a submission was refused or old data was used
  4  nothing published: inputs were refused, a run waits for approval, or a checked file cannot be used
  5  disk, rights, memory or time did not suffice
  6  another run holds the output folder
  7  verify found damage
  8  published, but it does not pass a gate of --fail-on
  130, 143  interrupted
"""


def sentences(error: Exception, language: str, log_file: Path | None = None) -> list[str]:
    """Say what stopped the program, one sentence per problem.

    Parameters
    ----------
    error
        What stopped the program.
    language
        vi or en. Words of the system and of libraries, such as those for a mistake of this program, stay in theirs.
    log_file
        Where the trace of an unforeseen error is kept.

    Returns
    -------
    list of str
        Safe to print: control and direction characters of inputs are replaced.
    """
    if isinstance(error, BlackspotError):
        told = [spoken(problem, language) for problem in problems_of(error)]
        rest = len(told) - SHOWN_FINDINGS if isinstance(error, InputError) else 0
        if rest > 0:
            told = [*told[:SHOWN_FINDINGS], say("commands", "more", language, count=rest)]
    elif is_out_of_memory(error):
        told = [say("commands", "memory", language)]
    elif exit_code(error) == WORKPLACE:
        told = [say("commands", "place", language, error=error)]
    else:
        where = say("commands", "trace", language, log_file=log_file) if log_file else ""
        told = [say("commands", "mistake", language, error=f"{type(error).__name__}: {error}") + where]
    return [printable(" ".join(sentence.split())) for sentence in told]
