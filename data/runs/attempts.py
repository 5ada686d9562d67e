"""Noting how a run ended: in the history, and in the status for whoever watches over the nightly runs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ...errors import (
    INTERRUPTIONS,
    KILLED,
    NOT_PUBLISHED,
    TERMINATED,
    BlackspotError,
    WorkplaceError,
    exit_code,
    interruption_code,
    is_out_of_memory,
)
from ..disk.reserve import free_reserve, keep_reserve
from ..text.problems import problems_of
from ..text.sentences import say, told
from .history import DamagedHistoryError, History, set_aside
from .listing import latest_id, open_run
from .output_folder import is_held
from .run_records import Event, FailedAttempt, RunRecord, keep_approval, record_of
from .signals import HeldSignals
from .status import (
    read_status,
    record_failure,
    record_interruption,
    record_pending,
    record_start,
    record_success,
    started_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ...errors import Finding
    from ..submissions.records import SubmissionRecord
    from .run_records import What

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
        _with_reserve(
            out,
            lambda: record_success(
                out,
                at=now,
                run_id=run_id,
                exit_code=code,
                published=published,
                messages=[*messages, *errors],
                submissions=[entry for entry in submissions if entry.state != "delivered"],
            ),
        )
    except WorkplaceError as error:
        if not published:
            raise
        log.warning(told("errors", "warning.published_all_the_same", error=error.args[0], run=run_id))
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
        _with_reserve(out, lambda: _in_history(out, add))
    except WorkplaceError as error:
        log.warning(told("errors", "warning.noted_next_time", error=error.args[0]))


def _in_history(out: Path, add: Callable[[History], None]) -> None:
    """Bring the history up to date and add to it; a damaged one is put aside and made again from the runs."""
    try:
        with History(out) as history:
            history.add_missing(out)
            add(history)
    except DamagedHistoryError as error:
        log.warning(told("errors", "warning.set_aside", error=error.args[0], name=set_aside(out).name))
        with History(out) as history:
            history.add_missing(out)
            add(history)


def note_start(out: Path) -> None:
    """Note that a run begins, and what became of one that never said how it ended.

    Parameters
    ----------
    out
        The output folder, held by the caller.

    Raises
    ------
    WorkplaceError
        The status cannot be written: a run that fails would not be seen to.
    """
    lost = _unfinished(out)
    if lost is not None:
        _note_killed(out, lost, _published_unseen(out))
    _with_reserve(out, lambda: record_start(out, at=datetime.now(UTC)))
    keep_reserve(out)


def killed_attempt(out: Path) -> FailedAttempt | None:
    """Give the run that was killed and that no later run has noted yet; the right to read is enough.

    Parameters
    ----------
    out
        The output folder; nobody need hold it.

    Returns
    -------
    FailedAttempt or None
        None where the last run said how it ended, is still being made, or was published before it was killed.
    """
    first = _unfinished(out)
    if first is None or is_held(out) or _published_unseen(out):
        return None
    return first if _unfinished(out) == first else None  # it ended between the first look and the lock


def _unfinished(out: Path) -> FailedAttempt | None:
    """Describe the run that is noted as going on, as one that was killed."""
    began = started_at(read_status(out))
    if began is None:
        return None
    message = (
        f"the run that began at {began.isoformat(timespec='seconds')} ended without a word: it was killed (kill -9, no "
        "memory left), the power went, or there was no room to note its end."
    )
    return FailedAttempt(recorded_at=began, digest="", exit_code=KILLED, seconds=None, messages=(message,))


def _published_unseen(out: Path) -> str:
    """Name the latest run where the status does not know it: whoever published it was killed before noting that."""
    status, latest = read_status(out), latest_id(out)
    known = next(
        (
            str(entry.get("run", ""))
            for key in ("last_published", "last_success")
            if isinstance(entry := status.get(key), dict)
        ),
        "",
    )
    return latest if _number(latest) > _number(known) else ""


def _number(run_id: str) -> int:
    """Give the number of a run; 0 for what is no name of one, as a status that somebody edited may hold."""
    number = run_id.partition("-")[0]
    return int(number) if number.isdecimal() else 0


def _note_killed(out: Path, lost: FailedAttempt, published: str) -> None:
    """Put a run that was killed into the status, and, where it published nothing, into the history, once."""
    what = f"run {published} had been published before." if published else "nothing of it was published."
    more = {"last_published": _publication(out, published)} if published else {}

    def add(history: History) -> None:
        if not published and lost not in history.failures():
            history.add_failure(lost)

    try:
        _with_reserve(out, lambda: _in_history(out, add))
        _with_reserve(
            out,
            lambda: record_interruption(
                out,
                at=datetime.now(UTC),
                exit_code=lost.exit_code,
                began=lost.recorded_at,
                messages=(*lost.messages, what),
                more=more,
            ),
        )
    except WorkplaceError as error:
        log.warning(told("errors", "warning.killed_not_noted", error=error.args[0]))


def _publication(out: Path, run_id: str) -> dict[str, object]:
    """Say when a run was published of which only its folder knows."""
    at = record_of(open_run(out, run_id)).recorded_at
    return {"run": run_id, "at": at.isoformat(timespec="seconds")}


def note_pending(out: Path, run_id: str, messages: Sequence[str]) -> None:
    """Put a run that waits for approval into the status.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    run_id
        The run.
    messages
        Why it waits.

    Raises
    ------
    WorkplaceError
        The status cannot be written.
    """
    now = datetime.now(UTC)
    _with_reserve(
        out,
        lambda: record_pending(out, at=now, run_id=run_id, exit_code=NOT_PUBLISHED, messages=messages),
    )


def note_event(out: Path, what: What, run_id: str, reason: str) -> None:
    """Put into the history what is about to be done to a run; the same thing twice is noted once.

    An approval is kept in a file as well, which outlives a damaged history.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    what
        What is done.
    run_id
        To which run.
    reason
        Why.

    Raises
    ------
    WorkplaceError
        The history cannot be written; then nothing may be done.
    """
    event = Event(datetime.now(UTC).replace(microsecond=0), what, run_id, reason)

    def add(history: History) -> None:
        if (what, run_id, reason) not in {(one.what, one.run, one.reason) for one in history.events()}:
            history.add_event(event)

    def note() -> None:
        if what == "approved":
            keep_approval(out, event)
        _in_history(out, add)

    _with_reserve(out, note)


def note_failure(out: Path, error: BaseException, seconds: float) -> None:
    """Put an attempt that failed or was stopped into the status and the history, as far as the disk allows.

    Whoever stops the program a second time meanwhile has to wait for the notes.

    Parameters
    ----------
    out
        The output folder, held by the caller.
    error
        Why nothing was published.
    seconds
        How long the attempt took.
    """
    now = datetime.now(UTC)
    code, messages = _told(error)
    attempt = FailedAttempt(recorded_at=now, digest="", exit_code=code, seconds=seconds, messages=messages)
    notes: tuple[Callable[[], None], ...] = (
        lambda: _note_in_status(out, attempt),
        lambda: _in_history(out, lambda history: history.add_failure(attempt)),
    )
    signals = HeldSignals()
    signals.hold()
    try:
        for note in notes:
            try:
                _with_reserve(out, note)
            except WorkplaceError as second:
                error.add_note(f"the failure could not be noted: {second}")
    finally:
        signals.release()


def _told(error: BaseException) -> tuple[int, tuple[str, ...]]:
    """Give the exit code of an attempt, and what is said of it."""
    if not isinstance(error, Exception):
        code = interruption_code(error)
        by = "SIGTERM" if code == TERMINATED else "Ctrl-C"
        return code, (f"stopped by {by} before anything was published.",)
    if is_out_of_memory(error):
        return exit_code(error), (f"{say('commands', 'memory', 'en')}.",)
    messages = problems_of(error) if isinstance(error, BlackspotError) else (repr(error),)
    return exit_code(error), messages


def _note_in_status(out: Path, attempt: FailedAttempt) -> None:
    now, code, messages = attempt.recorded_at, attempt.exit_code, attempt.messages
    if code in INTERRUPTIONS:
        began = now - timedelta(seconds=attempt.seconds or 0)
        record_interruption(out, at=now, exit_code=code, began=began, messages=messages)
    else:
        record_failure(out, at=now, exit_code=code, messages=messages)


def _with_reserve(out: Path, note: Callable[[], None]) -> None:
    """Write a note; where the disk is full, in the room that was kept for it."""
    try:
        note()
    except WorkplaceError:
        if not free_reserve(out):
            raise
        note()
