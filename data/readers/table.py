"""Tables out of CSV and XLSX files: every cell as text, and nothing guessed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from ..disk.atomic import reason_of
from ..disk.copying import ChangedError, TooLargeError, copy_regular
from ..disk.hashing import ANYTHING, Expected
from ..isolation.answers import NamesAnswer
from ..isolation.client import isolated
from ..isolation.folder import ReadingFolder
from ..isolation.reply import BadReplyError, load_table
from .facts import LayerFacts, Refused
from .formats import is_table
from .staging import exists, sha256_as_expected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import FileFindings, Findings

_MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of a table.

    Attributes
    ----------
    cells
        Text without spaces around, in NFC, empty where a cell is; the index is the row number in the file.
    facts
        What is known of the table; its layer is the sheet that was asked for.
    """

    cells: pd.DataFrame
    facts: LayerFacts


def read_table(
    path: Path,
    *,
    sheet: str = "",
    columns: Sequence[str] | None,
    findings: Findings,
    numbers: Sequence[str] = (),
    expected: Expected = ANYTHING,
) -> Table | Refused[LayerFacts]:
    """Read columns of a table as text.

    The file is copied and then read by a process of its own (:mod:`blackspot.data.isolation`). A CSV file is UTF-8 (or
    UTF-16 with its mark) with commas, semicolons or tabs. The first row that holds anything is the header.

    Parameters
    ----------
    path
        A CSV or XLSX file, told by its content.
    sheet
        Sheet of a workbook; empty takes the first visible one.
    columns
        Columns to read, spelt as in the file; None reads all that have a name.
    findings
        Told every problem, with its row as a spreadsheet counts (the header is usually row 1).
    numbers
        Columns that may hold numeric cells in a workbook. In every other column such cells are reported,
        because a number has lost the leading zeros of a code.
    expected
        What the file must be.

    Returns
    -------
    Table or Refused
        Refused after an error finding.
    """
    about, facts = findings.about(path, sheet), LayerFacts(path, sheet)
    if not exists(path, findings):
        return Refused(facts)
    with ReadingFolder() as folder:
        ending = path.suffix.lower()
        # The ending decides nothing but what is refused; a strange one does not belong in a name of ours.
        file = f"table{ending if is_table(path) else ''}"
        facts = replace(facts, sha256=_copied(path, folder.inside / file, about, expected))
        if not facts.sha256:
            return Refused(facts)
        arguments = {
            "file": file,
            "sheet": sheet,
            "columns": None if columns is None else list(columns),
            "numbers": list(numbers),
        }
        said = isolated("table", folder, about, arguments, NamesAnswer)
        cells = None if said is None else _frame(folder, said.names, about)
    return Refused(facts) if cells is None else Table(cells, replace(facts, rows=len(cells)))


def _copied(path: Path, copy: Path, about: FileFindings, expected: Expected) -> str:
    """Copy a table and give its hash; empty after an error finding."""
    try:
        sha256 = copy_regular(path, copy, _MAX_BYTES)
    except ChangedError:
        about.add("file.changed")
        return ""
    except TooLargeError:
        about.add("table.too-large", limit=f"{_MAX_BYTES // 1_000_000} MB")
        return ""
    except OSError as error:
        about.add("table.unreadable", reason=reason_of(path, error))
        return ""
    return sha256_as_expected(path, {"": sha256}, about.findings, expected) or ""


def _frame(folder: ReadingFolder, names: Sequence[str], about: FileFindings) -> pd.DataFrame | None:
    """Take over what the reading process left."""
    try:
        table = load_table(folder.outside / "cells.arrow", [*map(str, range(len(names))), "row"])
    except BadReplyError as bad:
        about.add("file.reader-failed", reason=bad)
        return None
    cells = {name: table.column(at).to_pylist() for at, name in enumerate(names)}
    return pd.DataFrame(cells, index=pd.Index(table.column("row").to_pylist()), dtype=object)
