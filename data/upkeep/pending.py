"""Runs that wait for somebody's approval before they become the latest one.

::

    out/pending/000124-9f2c41/         the run: complete, with its pages
    out/pending/000124-9f2c41.json     with which run it was compared, why it waits, since when

What stands beside the folder is not part of the run: approved, the run has the bytes it would have had anyway.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...errors import ApprovalError
from ..disk.atomic import bytes_if_there, explained_os_errors, remove, write_atomically
from ..runs.attempts import note_event
from ..runs.listing import PENDING, Run, latest_id, pending_runs, run_names, sequence_of
from ..runs.manifest import added, canonical_json, damage
from ..runs.not_found import not_found
from ..runs.run_records import RunRecord, record_of
from ..text.sentences import say, told
from ..text.words import LANGUAGES, Both

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..runs.output_folder import OutputFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRun:
    """A run that waits for approval.

    Attributes
    ----------
    run
        The run itself.
    compared_with
        The latest run when it was made; only in its place may it be put.
    since
        When it was made; of one whose notes are lost, the time of its manifest.
    exit_code, seconds
        How its program would have ended if nothing had been to approve, and how long it took; None where not known.
    reasons
        Why it waits, one sentence each.
    """

    run: Run
    compared_with: str
    since: dt.datetime
    exit_code: int | None
    seconds: float | None
    reasons: tuple[Both, ...]

    def record(self) -> RunRecord:
        """Describe it as the history describes a run."""
        described = record_of(self.run)
        return RunRecord(
            id=described.id,
            recorded_at=self.since,
            digest=described.digest,
            exit_code=self.exit_code,
            seconds=self.seconds,
            figures=described.figures,
            findings=described.findings,
        )


def hold_back(
    output: OutputFolder,
    draft: Path,
    run_id: str,
    *,
    reasons: Sequence[Both],
    exit_code: int,
    seconds: float,
) -> Path:
    """Put a finished run where it waits for approval, in the place of any that waited before.

    Parameters
    ----------
    output
        The output folder, held.
    draft
        The finished folder.
    run_id
        Its name.
    reasons
        Why it waits.
    exit_code, seconds
        How the program would end otherwise, and how long it took.

    Returns
    -------
    Path
        The folder in which it waits.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    facts = {
        "compared_with": latest_id(output.path),
        "since": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "exit_code": exit_code,
        "seconds": seconds,
        "reasons": [reason._asdict() for reason in reasons],
    }
    notes = _notes(output.path, run_id)
    with explained_os_errors(notes.parent, told("errors", "doing.wait_for_approval")):
        notes.parent.mkdir(exist_ok=True)
    write_atomically(notes, canonical_json(facts))
    return output.hold_back(draft, run_id)


def waiting_runs(out: Path) -> tuple[PendingRun, ...]:
    """Give the runs that wait for approval, oldest first; there is one, or after a crash a superseded one beside it.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough.

    Raises
    ------
    WorkplaceError
        The folder cannot be read.
    """
    return tuple(_pending(out, run) for run in pending_runs(out))


def waiting_run(out: Path) -> PendingRun | None:
    """Give the newest run that waits and may still take the place of the latest one; None where there is none."""
    fitting = [one for one in waiting_runs(out) if one.compared_with == latest_id(out)]
    return fitting[-1] if fitting else None


def supersede(output: OutputFolder, run_id: str) -> None:
    """Remove the runs that waited when a newer one was made.

    Parameters
    ----------
    output
        The output folder, held.
    run_id
        The newer run, which stays where it is.

    Raises
    ------
    WorkplaceError
        The rights do not suffice, or the disk failed.
    """
    for name in run_names(output.path, PENDING):
        if name != run_id:
            note_event(output.path, "superseded", name, f"run {run_id}")
            output.remove_run(output.path / PENDING / name)
    for notes in sorted((output.path / PENDING).glob("*.json")):
        if notes.stem != run_id:
            with explained_os_errors(notes, told("errors", "doing.remove_notes")):
                remove(notes)


def approve(output: OutputFolder, name: str, reason: str) -> PendingRun:
    """Publish a run that waits.

    Parameters
    ----------
    output
        The output folder, held.
    name
        Of the run, the start of its name, or its number.
    reason
        Why it may be published; kept in the history.

    Returns
    -------
    PendingRun
        The run, whose folder is where it now stands.

    Raises
    ------
    RunNotFoundError
        No such run waits.
    ApprovalError
        It is damaged, or the latest run is another one than it was compared with. Nothing is published.
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    pending = find_waiting(output.path, name)
    run, latest = pending.run, latest_id(output.path)
    spoilt = (*damage(run.folder), *added(run.folder))
    if spoilt:
        raise _refused("damaged", run=run.id, files="; ".join(spoilt))
    if pending.compared_with != latest:
        raise _refused("outdated", run=run.id, compared=pending.compared_with or "-", latest=latest or "-")
    note_event(output.path, "approved", run.id, reason)
    folder = output.publish(run.folder, run.id)
    with explained_os_errors(folder, told("errors", "doing.remove_notes")):
        remove(_notes(output.path, run.id))
    return PendingRun(
        run=Run(run.id, folder, run.manifest),
        compared_with=pending.compared_with,
        since=pending.since,
        exit_code=pending.exit_code,
        seconds=pending.seconds,
        reasons=pending.reasons,
    )


def find_waiting(out: Path, name: str) -> PendingRun:
    """Find a run that waits by its name, the start of its name, or its number.

    Raises
    ------
    RunNotFoundError
        None fits, or several do.
    """
    wanted, waiting = name.strip().lower(), waiting_runs(out)
    known = ", ".join(one.run.id for one in waiting)
    numbered = [one for one in waiting if wanted.isdecimal() and sequence_of(one.run.id) == int(wanted)]
    fitting = numbered or [one for one in waiting if wanted and one.run.id.startswith(wanted)]
    if len(fitting) > 1:
        raise not_found("runs", "several_runs", wanted=repr(name), known=known)
    if not fitting:
        raise not_found("runs", "waiting", wanted=repr(name), out=str(out), known=known)
    return fitting[0]


def _notes(out: Path, run_id: str) -> Path:
    return out / PENDING / f"{run_id}.json"


def _pending(out: Path, run: Run) -> PendingRun:
    """Read the notes beside a run that waits; without them it can be looked at, and not approved."""
    try:
        facts = json.loads(bytes_if_there(_notes(out, run.id)) or b"{}")
        since = dt.datetime.fromisoformat(str(facts["since"]))
        reasons = tuple(Both(str(one["vi"]), str(one["en"])) for one in facts["reasons"])
        compared, code, seconds = (
            str(facts["compared_with"]),
            int(facts["exit_code"]),
            float(facts["seconds"]),
        )
    except (ValueError, KeyError, TypeError):
        return PendingRun(
            run=run,
            compared_with="",
            since=record_of(run).recorded_at,
            exit_code=None,
            seconds=None,
            reasons=(),
        )
    return PendingRun(
        run=run, compared_with=compared, since=since, exit_code=code, seconds=seconds, reasons=reasons
    )


def _refused(key: str, **values: str) -> ApprovalError:
    vietnamese, english = (say("upkeep", f"refused.{key}", language, **values) for language in LANGUAGES)
    return ApprovalError(english, vietnamese)
