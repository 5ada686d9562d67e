"""Which runs may go: by count and by age, and never one that is in use."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from ..disk.atomic import UNFINISHED_SUFFIX, explained_os_errors, remove, sync_folder
from ..runs.attempts import note_event
from ..runs.kept import events_of, known_runs
from ..runs.listing import Run, latest_id, latest_run, list_runs, open_run, run_before
from ..runs.not_found import not_found
from ..runs.variants import VARIANTS, variant_folder, variant_names
from ..text.sentences import told

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ..project.sections.upkeep import Retention
    from ..runs.output_folder import OutputFolder

log = logging.getLogger("blackspot")


@dataclass(frozen=True, slots=True)
class Removable:
    """A run that may go, or a variant.

    Attributes
    ----------
    name
        Of the run or the variant.
    folder
        What is removed.
    recorded_at
        When it was published; None for a variant.
    size
        Bytes that its removal gives back.
    """

    name: str
    folder: Path
    recorded_at: dt.datetime | None
    size: int


def removable(out: Path, retention: Retention) -> tuple[Removable, ...]:
    """Find the runs that may go.

    Parameters
    ----------
    out
        The output folder; the right to read it is enough.
    retention
        What keeps a run. Age is counted back from the latest run, by the times of the history: a folder where nothing
        is published any more loses nothing.

    Returns
    -------
    tuple of Removable
        Oldest first, by number. Runs without a readable manifest are none of them: nobody knows what they are.

    Raises
    ------
    WorkplaceError
        The folder cannot be read.
    """
    latest = latest_run(out)
    if latest is None or (retention.keep_runs is None and retention.keep_days is None):
        return ()
    runs = [run for run in list_runs(out) if run.sequence <= latest.sequence]
    times = {record.id: record.recorded_at for record in known_runs(out)}
    kept = _in_use(out, latest)
    if retention.keep_runs is not None:
        kept |= {run.id for run in runs[-retention.keep_runs :]}
    if retention.keep_days is not None:
        oldest = times[latest.id] - timedelta(days=retention.keep_days)
        kept |= {run.id for run in runs if times[run.id] >= oldest}
    return tuple(
        Removable(run.id, run.folder, times[run.id], size_of(run.folder))
        for run in runs
        if run.id not in kept
    )


def variant_to_remove(out: Path, name: str) -> Removable:
    """Describe a variant that somebody wants to be gone.

    Raises
    ------
    RunNotFoundError
        There is no such variant.
    """
    names = variant_names(out)
    if name not in names:
        raise not_found("runs", "variant_missing", wanted=repr(name), out=str(out), known=", ".join(names))
    folder = variant_folder(out, name)
    return Removable(name, folder, None, size_of(folder))


def remove_runs(output: OutputFolder, runs: Sequence[Removable], reason: str) -> tuple[Removable, ...]:
    """Remove runs; the history keeps what it knows of them, and that they were removed.

    Parameters
    ----------
    output
        The output folder, held.
    runs
        From :func:`removable`, asked while it was held.
    reason
        For the history.

    Returns
    -------
    tuple of Removable
        Those that are gone.

    Raises
    ------
    WorkplaceError
        The rights do not suffice, or the disk failed; those before are gone.
    """
    for one in runs:
        note_event(output.path, "removed", one.name, reason)
        output.remove_run(one.folder)
        log.info("%s: removed, %d bytes (%s)", one.folder, one.size, reason)
    return tuple(runs)


def remove_variant(out: Path, variant: Removable) -> None:
    """Remove a variant with all its runs.

    Parameters
    ----------
    out
        The output folder of the series; it and that of the variant are held by the caller.
    variant
        From :func:`variant_to_remove`.

    Raises
    ------
    WorkplaceError
        The rights do not suffice, or the disk failed.
    """
    litter = (
        out / f".{VARIANTS}-{variant.name}{UNFINISHED_SUFFIX}"
    )  # what a crash leaves of it, the next run clears
    with explained_os_errors(variant.folder, told("errors", "doing.remove_variant")):
        remove(litter)
        variant.folder.rename(litter)
        sync_folder(variant.folder.parent)
        sync_folder(out)
        remove(litter)


def size_of(folder: Path) -> int:
    """Give the bytes of all files below a folder that nothing else has; links count for nothing."""
    with explained_os_errors(folder, told("errors", "doing.run_size")):
        files = (path.lstat() for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        return sum(about.st_size for about in files if about.st_nlink == 1)


def _in_use(out: Path, latest: Run) -> set[str]:
    """Name the runs that no rule removes: the latest, the one it is compared with, approved ones, bases of variants."""
    before = run_before(out, latest)
    approved = {event.run for event in events_of(out) if event.what == "approved"}
    return {latest.id, *([before.id] if before else []), *approved, *_bases(out)}


def _bases(out: Path) -> set[str]:
    """Name the runs with which the variants were compared."""
    bases = set()
    for name in variant_names(out):
        folder = variant_folder(out, name)
        if latest_id(folder):
            stated = open_run(folder, "latest").manifest.get("variant")
            bases.add(str(cast("Mapping[str, object]", stated).get("of")) if isinstance(stated, dict) else "")
    return bases
