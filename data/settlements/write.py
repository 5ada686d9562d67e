"""Villages and facilities as CSV: each with its state, and the counts of reports; and the counts read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ..disk.atomic import explained_os_errors
from ..exports.csv_file import write_csv
from ..exports.published import published
from ..text.sentences import told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..columns.register import Table

_COUNTS: Final = {"villages": "village_counts.csv", "facilities": "facility_counts.csv"}


def write_settlements(folder: Path, tables: Mapping[Table, pd.DataFrame], notice: str) -> tuple[Path, ...]:
    """Write the tables of villages and facilities.

    Parameters
    ----------
    folder
        The folder of a run.
    tables
        By the name of the register of columns.
    notice
        Warning such as SAMPLE DATA, the last column; empty: none.

    Returns
    -------
    tuple of Path
        The files, such as ``villages.csv``.

    Raises
    ------
    WorkplaceError
        The disk is full or read-only, or the rights do not suffice.
    """
    paths = []
    with explained_os_errors(folder, told("errors", "doing.write_results")):
        for table, frame in tables.items():
            path = folder / f"{table}.csv"
            write_csv(path, table, published(frame, table, notice))
            paths.append(path)
    return tuple(paths)


def read_counts(folder: Path) -> dict[str, dict[str, int]]:
    """Add up the counts of a run.

    Parameters
    ----------
    folder
        The folder of a run.

    Returns
    -------
    dict
        For ``villages`` and ``facilities``, as far as the run has them: how many there are, by that same word, and how
        many are in each state.
    """
    found = {}
    for name, file in _COUNTS.items():
        if (folder / file).exists():
            table = pd.read_csv(folder / file)
            states = ["no_signal", "partly_covered", "covered", "no_data"]
            found[name] = {one: int(table[one].sum()) for one in [name, *states] if one in table}
    return found
