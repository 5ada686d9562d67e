"""What the readers of tables hand on: rows of text, each with its number in the file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

MAX_CELLS = 20_000_000
MAX_COLUMNS = 5_000
"""More columns than any table or layer has; what readers do with names grows with the square of their number."""


class Row(NamedTuple):
    """One row that holds anything: its number as a spreadsheet counts, and its cells as text."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as it stands in a file.

    Attributes
    ----------
    rows
        Rows in order, the header first; rows without any content are left out.
    numeric
        (row number, column from 0) of the cells a workbook stores as numbers.
    workbook, sheet
        Where formulas can be looked up; None for text files.
    """

    rows: list[Row]
    numeric: frozenset[tuple[int, int]] = field(default=frozenset())
    workbook: Path | None = None
    sheet: str = ""


def clean(text: str) -> str:
    """Take the spaces around a cell off and bring it to NFC.

    Parameters
    ----------
    text
        A cell.

    Returns
    -------
    str
        The text that is compared and kept.
    """
    return unicodedata.normalize("NFC", text).strip()
