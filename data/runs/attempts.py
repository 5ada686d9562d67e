"""Noting how a run ended: in the history, and in the status for whoever watches over the nightly runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ...errors import BlackspotError, WorkplaceError, exit_code
from .history import FailedAttempt, History, RunRecord
from .listing import open_run
from .status import record_failure, record_success

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ...errors import Finding
    from ..submissions.records import SubmissionRecord


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
    """Put a run that ended well into the history and the status.

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
        The disk is full or read-only, or the rights do not suffice.
    """
    now = datetime.now(UTC)
    severities = [finding.severity for finding in findings]
    with History(out) as history:
        history.add_missing(out)
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
    errors = [finding.sentence() for finding in findings if finding.severity == "error"]
    record_success(
        out,
        at=now,
        run_id=run_id,
        exit_code=code,
        published=published,
        messages=[*messages, *errors],
        submissions=[entry for entry in submissions if entry.state != "delivered"],
    )


def note_failure(out: Path, error: BaseException, seconds: float) -> None:
    """Put a failed attempt into the history and the status, as far as the disk allows.

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
    try:
        with History(out) as history:
            history.add_failure(
                FailedAttempt(recorded_at=now, digest="", exit_code=code, seconds=seconds, messages=messages)
            )
        record_failure(out, at=now, exit_code=code, messages=messages)
    except WorkplaceError as second:
        error.add_note(f"the failure could not be noted: {second}")
