"""Everything an output folder keeps: the series, what failed, and the variants."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ...errors import WorkplaceError
from ..text.words import LANGUAGES
from .history import HISTORY, History, record_of
from .listing import list_runs, open_run
from .series import differences, in_words
from .variants import variant_folder, variant_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .run_records import FailedAttempt, RunRecord


log = logging.getLogger("blackspot")


@dataclass(frozen=True, slots=True)
class KeptRun:
    """One line of what is kept: a run of the series, a variant, or an attempt that published nothing.

    Attributes
    ----------
    kind
        ``run``, ``variant`` or ``failure``.
    name
        Of the variant; empty for the rest.
    record
        What the history says; None for a failure.
    failure
        Why nothing was published; None for the rest.
    differs
        In what it differs, besides coverage, from the run before in the series, or the variant from the series; by
        language.
    """

    kind: Literal["run", "variant", "failure"]
    name: str = ""
    record: RunRecord | None = None
    failure: FailedAttempt | None = None
    differs: Mapping[str, str] = field(default_factory=dict)


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
            log.warning("%s The runs are listed as their folders describe them.", error)
    found = {run.id: record_of(run) for run in list_runs(out)} | found
    return tuple(sorted(found.values(), key=lambda record: (int(record.id.partition("-")[0]), record.id)))


def list_kept(out: Path) -> list[KeptRun]:
    """Give the runs of a series and its failures, oldest first, then its variants; empty where nothing was ever run."""
    if not out.is_dir():
        return []
    records, failures = known_runs(out), _failures(out)
    manifests = {run.id: run.manifest for run in list_runs(out)}
    series, before = [], None
    for record in records:
        now = manifests.get(record.id)
        found = differences(before, now) if before is not None and now is not None else ()
        words: dict[str, str] = {str(language): in_words(found, language) for language in LANGUAGES if found}
        series.append((record.recorded_at, KeptRun("run", record=record, differs=words)))
        before = now or before
    series += [(one.recorded_at, KeptRun("failure", failure=one)) for one in failures]
    ordered = [kept for _, kept in sorted(series, key=lambda pair: pair[0])]
    return [*ordered, *_variants(out)]


def _variants(out: Path) -> Iterator[KeptRun]:
    """Give the latest run of each variant."""
    for name in variant_names(out):
        folder = variant_folder(out, name)
        records = known_runs(folder)
        if records:
            stated = open_run(folder, records[-1].id).manifest.get("variant")
            label = stated.get("label") if isinstance(stated, dict) else None
            yield KeptRun(
                "variant", name, record=records[-1], differs=label if isinstance(label, dict) else {}
            )


def _failures(out: Path) -> tuple[FailedAttempt, ...]:
    """Give the attempts that published nothing, without any right to write; none where the history cannot be read."""
    if not (out / HISTORY).exists():
        return ()
    try:
        with History(out, read_only=True) as history:
            return history.failures()
    except WorkplaceError as error:
        log.warning("%s Attempts that published nothing are not listed.", error)
        return ()
