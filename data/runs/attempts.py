"""Noting how a run ended: in the history, and in the status for whoever watches over the nightly runs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...errors import BlackspotError, WorkplaceError, exit_code
from .history import DamagedHistoryError, History, set_aside
from .listing import open_run
from .run_records import FailedAttempt, RunRecord
from .status import record_failure, record_success

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ...errors import Finding
    from ..submissions.records import SubmissionRecord

log = logging.getLogger("blackspot")


def note_success(
    out: Path,
    *,
    run_id: str,
    published: bool,
    code: int,
    seconds: float,
    findings: Sequence[Finding],
    submissions: Sequence[SubmissionRecord],
    messages: Sequence[str],
) -> None:
    """Put a run that ended well into the status and the history.

    The status comes first: it is what others watch. A published run stays a success whatever becomes of the
    notes about it; what could not be noted is told in the log.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    run_id
        The latest run, whether it is new or not.
    published
        False when there was nothing new.
    code
        Exit code of the program.
    seconds
        How long it took.
    findings
        What the checks said.
    submissions
        What became of each submission.
    messages
        What people should know about submissions that are not used as handed in, one sentence each.

    Raises
    ------
    WorkplaceError
        Nothing was published, and the status cannot be written.
    """
    now = datetime.now(UTC)
    errors = [finding.sentence() for finding in findings if finding.severity == "error"]
    try:
        record_success(
            out,
            at=now,
            run_id=run_id,
            exit_code=code,
            published=published,
            messages=[*messages, *errors],
            submissions=[entry for entry in submissions if entry.state != "delivered"],
        )
    except WorkplaceError as error:
        if not published:
            raise
        log.warning("%s Run %s is published all the same.", error, run_id)
    severities = [finding.severity for finding in findings]

    def add(history: History) -> None:
        if published:
            run = open_run(out, run_id)
            history.add_run(
                RunRecord(
                    id=run_id,
                    recorded_at=now,
                    digest=run.inputs_digest,
                    exit_code=code,
                    seconds=seconds,
                    figures=run.figures,
                    findings={severity: severities.count(severity) for severity in sorted(set(severities))},
                )
            )

    try:
        _in_history(out, add)
    except WorkplaceError as error:
        log.warning("%s The runs are as they should be; the next one notes them.", error)


def _in_history(out: Path, add: Callable[[History], None]) -> None:
    """Bring the history up to date and add to it; a damaged one is put aside and made again from the runs."""
    try:
        with History(out) as history:
            history.add_missing(out)
            add(history)
    except DamagedHistoryError as error:
        log.warning("%s It is kept as %s.", error, set_aside(out).name)
        with History(out) as history:
            history.add_missing(out)
            add(history)


def note_failure(out: Path, error: BaseException, seconds: float) -> None:
    """Put a failed attempt into the status and the history, as far as the disk allows.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    error
        Why nothing was published; an interruption is not noted.
    seconds
        How long the attempt took.
    """
    if not isinstance(error, Exception):
        return  # interrupted: nothing is wrong
    code = exit_code(error)
    messages = tuple(str(error).splitlines()) if isinstance(error, BlackspotError) else (repr(error),)
    now = datetime.now(UTC)
    attempt = FailedAttempt(recorded_at=now, digest="", exit_code=code, seconds=seconds, messages=messages)
    notes: tuple[Callable[[], None], ...] = (
        lambda: record_failure(out, at=now, exit_code=code, messages=messages),
        lambda: _in_history(out, lambda history: history.add_failure(attempt)),
    )
    for note in notes:
        try:
            note()
        except WorkplaceError as second:
            error.add_note(f"the failure could not be noted: {second}")
