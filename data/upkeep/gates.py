"""Whether a run passes its gates: what it must not be for the program to end with 0."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from ...errors import SEVERITIES
from ..text.sentences import as_number, say
from ..text.words import LANGUAGES, Both

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ...errors import Finding
    from ..project.sections.upkeep import Gate
    from ..submissions.records import SubmissionRecord

_WARNING: Final = SEVERITIES.index("warning")


def not_passed(
    gates: Sequence[Gate],
    *,
    figures: Mapping[str, object],
    findings: Sequence[Finding],
    submissions: Sequence[SubmissionRecord],
    lost: Callable[[str], float | None],
) -> tuple[Both, ...]:
    """Find the gates a run does not pass.

    Parameters
    ----------
    gates
        As they were understood.
    figures
        Of the country; one that is not there, or not known, passes no gate.
    findings, submissions
        Of the run.
    lost
        Gives the people who lost a service, or fail the profile and did not, since the run before; None where there is no
        run before that may be compared, which passes.

    Returns
    -------
    tuple of Both
        One sentence for each gate that is not passed.
    """
    told = []
    for gate in gates:
        count: float
        if gate.kind == "refused":
            count = sum(entry.state != "delivered" for entry in submissions)
            key = "gate.refused" if count else ""
        elif gate.kind == "warnings":
            count = sum(SEVERITIES.index(item.severity) <= _WARNING for item in findings)
            key = "gate.warnings" if count else ""
        else:
            value = lost(gate.name) if gate.kind == "lost" else _figure(figures, gate.name)
            if value is None:
                continue
            count = value
            known = not math.isnan(value)
            key = ("gate.figure" if gate.fails(value) else "") if known else "gate.unknown"
        if key:
            told.append(
                Both(*(say("upkeep", key, language, gate=gate.text, count=count) for language in LANGUAGES))
            )
    return tuple(told)


def _figure(figures: Mapping[str, object], name: str) -> float:
    """Give a figure as a number; NaN where it is not known."""
    value = as_number(figures.get(name))
    return math.nan if value is None else float(value)
