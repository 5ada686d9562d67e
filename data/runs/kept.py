"""Everything an output folder keeps: the series, what failed, was stopped or waits, and the variants."""

from __future__ import annotations

import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ...errors import INTERRUPTIONS, WorkplaceError
from ..text.sentences import told
from ..text.words import LANGUAGES
from .attempts import killed_attempt
from .history import HISTORY, History
from .listing import list_runs, open_run, run_names, sequence_of
from .run_records import kept_approvals, record_of
from .series import differences, in_words
from .variants import variant_folder, variant_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ..text.words import Both
    from .listing import Run
    from .run_records import Event, FailedAttempt, RunRecord


log = logging.getLogger("blackspot")


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One line of what is kept: a run of the series, a variant, or an attempt that published nothing.

    Attributes
    ----------
    kind
        ``run``, ``variant``, ``failure``; ``interruption``, an attempt that was stopped or killed; ``pending``, a run
        that waits for approval; ``superseded``, one that waited until a newer one was made.
    name
        Of the variant, also where an attempt is one at it; of the superseded run; empty for the rest.
    record
        What the history says; None for a failure or interruption.
    failure
        Why nothing was published; None for the rest.
    differs
        In what it differs, besides coverage, from the run before in the series, or the variant from the series; by
        language.
    events
        What was done to the run, oldest first, such as its approval with the reason.
    reasons
        Why it waits for approval, one sentence each.
    """

    kind: Literal["run", "variant", "failure", "interruption", "pending", "superseded"]
    name: str = ""
    record: RunRecord | None = None
    failure: FailedAttempt | None = None
    differs: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    reasons: tuple[Both, ...] = ()


def known_runs(out: Path) -> tuple[RunRecord, ...]:
    """Give all published runs, with what the history knows of them.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough. It need not exist.

    Returns
    -------
    tuple of RunRecord
        Oldest first. A run that the history does not know is described by its folder, as are all of them where the
        history is lost, damaged or of a newer program; the log says so.

    Raises
    ------
    WorkplaceError
        The folder cannot be read.
    """
    found: dict[str, RunRecord] = {}
    if (out / HISTORY).exists():
        try:
            with History(out, read_only=True) as history:
                found = {record.id: record for record in history.runs()}
        except WorkplaceError as error:
            log.warning(told("errors", "warning.from_folders", error=error.args[0]))
    found = {run.id: record_of(run) for run in list_runs(out)} | found
    return tuple(sorted(found.values(), key=lambda record: (int(record.id.partition("-")[0]), record.id)))


def preceding(out: Path, run: Run) -> Run | None:
    """Give the run that was published before this one, whatever its rules; None for the first."""
    for name in (one for one in reversed(run_names(out)) if sequence_of(one) < run.sequence):
        with contextlib.suppress(WorkplaceError):  # a damaged one says nothing; ``damaged_runs`` names it
            return open_run(out, name)
    return None


def list_kept(out: Path) -> list[KeptRun]:
    """Give the runs of a series and what published nothing, oldest first, then its variants; empty where nothing was ever run."""
    if not out.is_dir():
        return []
    records, failures, events = known_runs(out), _failures(out), events_of(out)
    manifests = {run.id: run.manifest for run in list_runs(out)}
    series, before = [], None
    for record in records:
        now = manifests.get(record.id)
        found = differences(before, now) if before is not None and now is not None else ()
        words: dict[str, str] = {str(language): in_words(found, language) for language in LANGUAGES if found}
        done = tuple(event for event in events if event.run == record.id)
        series.append((record.recorded_at, KeptRun("run", record=record, differs=words, events=done)))
        before = now or before
    series += [(one.recorded_at, _unpublished(one)) for one in failures]
    series += [
        (one.recorded_at, KeptRun("superseded", one.run, events=(one,)))
        for one in events
        if one.what == "superseded"
    ]
    ordered = [kept for _, kept in sorted(series, key=lambda pair: pair[0])]
    return [*ordered, *_variants(out)]


def _unpublished(attempt: FailedAttempt, name: str = "") -> KeptRun:
    kind: Literal["interruption", "failure"] = (
        "interruption" if attempt.exit_code in INTERRUPTIONS else "failure"
    )
    return KeptRun(kind, name, failure=attempt)


def events_of(out: Path) -> tuple[Event, ...]:
    """Give what was done to runs, oldest first, without any right to write.

    Where the history cannot be read, or does not know of them any more, approvals come from their own files.
    """
    noted: tuple[Event, ...] = ()
    if (out / HISTORY).exists():
        try:
            with History(out, read_only=True) as history:
                noted = history.events()
        except WorkplaceError as error:
            log.warning(told("errors", "warning.no_events", error=error.args[0]))
    known = {event.run for event in noted if event.what == "approved"}
    forgotten = [event for event in kept_approvals(out) if event.run not in known]
    return tuple(sorted([*noted, *forgotten], key=lambda event: event.recorded_at)) if forgotten else noted


def _variants(out: Path) -> Iterator[KeptRun]:
    """Give the latest run of each variant, after its attempts that published nothing."""
    for name in variant_names(out):
        folder = variant_folder(out, name)
        yield from (_unpublished(one, name) for one in _failures(folder))
        records = known_runs(folder)
        if records:
            stated = open_run(folder, records[-1].id).manifest.get("variant")
            label = stated.get("label") if isinstance(stated, dict) else None
            yield KeptRun(
                "variant", name, record=records[-1], differs=label if isinstance(label, dict) else {}
            )


def _failures(out: Path) -> tuple[FailedAttempt, ...]:
    """Give the attempts that published nothing, without any right to write; few where the history cannot be read."""
    killed = killed_attempt(out)
    last = () if killed is None else (killed,)
    if not (out / HISTORY).exists():
        return last
    try:
        with History(out, read_only=True) as history:
            noted = history.failures()
    except WorkplaceError as error:
        log.warning(told("errors", "warning.no_failures", error=error.args[0]))
        return last
    return noted if killed in noted else (*noted, *last)
