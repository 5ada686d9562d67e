"""What the history keeps of a run, of an attempt that published nothing, and of what was done to a run; its tables.

An approval stands in a file of its own as well, ``out/approved/000124-9f2c41.json``: a history that is damaged is made again from
the runs, and they do not know who answered for them.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from ..disk.atomic import bytes_if_there, explained_os_errors, sync_folder, write_atomically
from ..text.sentences import told
from .manifest import MANIFEST, canonical_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .listing import Run

APPROVED: Final = "approved"
"""Folder of the approvals, in the output folder."""

What = Literal["approved", "removed", "superseded"]


class Migration(NamedTuple):
    """One step from the tables of one version to those of the next."""

    name: str
    statements: tuple[str, ...]


# Applied in order, each in one transaction together with its number; never change one that was released.
MIGRATIONS: Final = (
    Migration(
        "runs and failed attempts",
        (
            """CREATE TABLE runs (
                id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, recorded_at TEXT NOT NULL, digest TEXT NOT NULL,
                exit_code INTEGER, seconds REAL, figures TEXT NOT NULL, findings TEXT NOT NULL
            )""",
            """CREATE TABLE failures (
                number INTEGER PRIMARY KEY AUTOINCREMENT, recorded_at TEXT NOT NULL, digest TEXT NOT NULL,
                exit_code INTEGER NOT NULL, seconds REAL NOT NULL, messages TEXT NOT NULL
            )""",
        ),
    ),
    Migration(
        "what was done to runs, and attempts of which nobody knows how long they took",
        (
            """CREATE TABLE events (
                number INTEGER PRIMARY KEY AUTOINCREMENT, recorded_at TEXT NOT NULL, what TEXT NOT NULL,
                run TEXT NOT NULL, reason TEXT NOT NULL
            )""",
            """CREATE TABLE attempts (
                number INTEGER PRIMARY KEY AUTOINCREMENT, recorded_at TEXT NOT NULL, digest TEXT NOT NULL,
                exit_code INTEGER NOT NULL, seconds REAL, messages TEXT NOT NULL
            )""",
            "INSERT INTO attempts SELECT number, recorded_at, digest, exit_code, seconds, messages FROM failures",
            "DROP TABLE failures",
            "ALTER TABLE attempts RENAME TO failures",
        ),
    ),
)
EVENTS_SINCE: Final = 2
"""The number of the migration that made the table of events."""


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
        How the program ended and how long it took; None for one that was killed, since nobody knows.
    messages
        Why, one sentence each.
    """

    recorded_at: dt.datetime
    digest: str
    exit_code: int
    seconds: float | None
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """What was done to a run after it was made.

    Attributes
    ----------
    recorded_at
        When, in UTC.
    what
        ``approved`` and published; ``removed`` to free space; ``superseded`` by a newer run while it waited for approval.
    run
        Its name.
    reason
        Of an approval as somebody gave it; else in a few words.
    """

    recorded_at: dt.datetime
    what: What
    run: str
    reason: str


def record_of(run: Run) -> RunRecord:
    """Make a record from a run folder; what only the program knew at the time is lost.

    Parameters
    ----------
    run
        A published run.
    """
    figures = run.manifest.get("figures")
    findings = run.manifest.get("findings")
    counts: dict[str, int] = {}
    for finding in findings if isinstance(findings, list) else []:
        severity = str(cast("Mapping[str, object]", finding).get("severity", ""))
        counts[severity] = counts.get(severity, 0) + 1
    written = dt.datetime.fromtimestamp((run.folder / MANIFEST).stat().st_mtime, dt.UTC)
    return RunRecord(
        id=run.id,
        recorded_at=written,
        digest=run.inputs_digest,
        exit_code=None,
        seconds=None,
        figures=figures if isinstance(figures, dict) else {},
        findings=counts,
    )


def keep_approval(out: Path, approval: Event) -> None:
    """Write an approval into a file of its own, in the place of an earlier one of the same run.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    approval
        Which run, why and when.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    folder = out / APPROVED
    with explained_os_errors(folder, told("errors", "doing.write_file")):
        folder.mkdir(exist_ok=True)
        sync_folder(out)
    facts = {"at": approval.recorded_at.isoformat(), "reason": approval.reason}
    write_atomically(folder / f"{approval.run}.json", canonical_json(facts))


def kept_approvals(out: Path) -> tuple[Event, ...]:
    """Read the approvals that were written into files of their own, by the names of their runs.

    Of a file that cannot be understood the name still says which run was approved; then its own time counts, and the reason is
    empty.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough.
    """
    return tuple(_approval(path) for path in sorted((out / APPROVED).glob("*.json")))


def _approval(path: Path) -> Event:
    try:
        facts = json.loads(bytes_if_there(path) or b"{}")
        at, reason = dt.datetime.fromisoformat(str(facts["at"])).astimezone(dt.UTC), str(facts["reason"])
    except (ValueError, KeyError, TypeError):
        at, reason = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).replace(microsecond=0), ""
    return Event(at, "approved", path.stem, reason)
