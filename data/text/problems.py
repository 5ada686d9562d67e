"""What an error of this package says, problem by problem, in both languages."""

from __future__ import annotations

from ...errors import ApprovalError, BlackspotError, InputError, ProjectError, RunNotFoundError
from .sentences import Spoken, spoken


def problems_of(error: BlackspotError) -> tuple[str, ...]:
    """Give the problems that an error names, each a sentence.

    Parameters
    ----------
    error
        What stopped the program.

    Returns
    -------
    tuple of str
        Each knows its Vietnamese text, see :func:`.sentences.spoken`, where there is one.
    """
    if isinstance(error, InputError):
        return tuple(Spoken(one.sentence("en"), one.sentence("vi")) for one in error.findings)
    if isinstance(error, ProjectError):
        both = zip(error.problems, error.vietnamese, strict=True)
        return tuple(Spoken(english, spoken(vietnamese, "vi")) for english, vietnamese in both)
    if isinstance(error, RunNotFoundError | ApprovalError):
        return (Spoken(str(error), error.vietnamese),)
    problem = error.args[0] if error.args else ""
    return (problem,) if isinstance(problem, str) else (str(error),)
