"""The runs of an output folder as anybody may list them: read from the history, nothing written, nothing needed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ...errors import WorkplaceError
from .history import HISTORY, History, record_of
from .listing import list_runs

if TYPE_CHECKING:
    from pathlib import Path

    from .history import RunRecord

log = logging.getLogger("blackspot")


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
