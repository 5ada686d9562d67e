"""What the history keeps of a run, and of an attempt that published nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One published run in the history.

    Attributes
    ----------
    id
        Such as ``000123-9f2c41``.
    recorded_at
        When it was published, in UTC; of a record made again from the run folder, the time of its manifest.
    digest
        Of inputs, project and version.
    exit_code, seconds
        How the program ended and how long it took; None in a record made again from the run folder.
    figures
        Figures of the whole country by name.
    findings
        How many findings there were of each severity.
    """

    id: str
    recorded_at: dt.datetime
    digest: str
    exit_code: int | None
    seconds: float | None
    figures: Mapping[str, object]
    findings: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedAttempt:
    """One attempt that published nothing.

    Attributes
    ----------
    recorded_at
        When, in UTC.
    digest
        Of inputs, project and version; empty when it was not known yet.
    exit_code, seconds
        How the program ended and how long it took.
    messages
        Why, one sentence each.
    """

    recorded_at: dt.datetime
    digest: str
    exit_code: int
    seconds: float
    messages: tuple[str, ...]
