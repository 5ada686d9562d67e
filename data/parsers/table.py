"""A staged table, CSV or XLSX, into columns of text: the format told by content, the header found, rows counted."""

# ruff: noqa: PLC0415 - the libraries of tables and workbooks are loaded for the first of each

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..readers.formats import TEXT_ENDINGS, WORKBOOK_ENDINGS
from .csv_text import read_text
from .rows import clean

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from ..findings.collector import FileFindings
    from .rows import RawTable, Row

_HEADER_SEARCH = 30  # rows of title that a table may begin with
_OLE = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password
_ZIP = b"PK\x03\x04"


def parse_table(
    path: Path, sheet: str, columns: Sequence[str] | None, about: FileFindings, numbers: Sequence[str]
) -> pd.DataFrame | None:
    """Parse a table; see :func:`.table.read_table` for what it gives.

    Parameters
    ----------
    path
        The staged file, with the ending of its original.
    sheet
        Sheet of a workbook; empty takes the first visible one.
    columns
        Columns to read; None reads all that have a name.
    about
        Told every problem.
    numbers
        Columns that may hold numeric cells in a workbook.

    Returns
    -------
    pandas.DataFrame or None
        None after an error finding.
    """
    raw = _raw(path, sheet, columns, about)
    if raw is None:
        return None
    header = _header(_without_title(raw.rows, columns, about), columns, about)
    if header is None:
        return None
    names, below = header
    rows = _even(below, len(names), about)
    picked = {name: names.index(clean(name)) for name in (columns if columns is not None else names) if name}
    if rows is None or not _numeric_cells_told(raw, rows, picked, numbers, about):
        return None
    if not rows:
        about.add("table.no-rows")
        return None
    cells = {name: [row.cells[at] for row in rows] for name, at in picked.items()}
    import pandas as pd

    return pd.DataFrame(cells, index=pd.Index([row.number for row in rows]), dtype=object)


def _raw(path: Path, sheet: str, columns: Sequence[str] | None, about: FileFindings) -> RawTable | None:
    """Recognise the format by content, and read with its reader."""
    with path.open("rb") as stream:
        head = stream.read(4)
    is_workbook = head == _ZIP
    if head == _OLE or path.suffix.lower() not in (WORKBOOK_ENDINGS if is_workbook else TEXT_ENDINGS):
        about.add("table.old-excel" if head == _OLE else "table.unknown-format")
        return None
    if not is_workbook:
        return read_text(path, columns or (), about)
    from .workbook import read_workbook

    return read_workbook(path, sheet, about)


def _without_title(
    rows: Sequence[Row], columns: Sequence[str] | None, about: FileFindings
) -> Sequence[Row] | None:
    """Leave out the title above the names of the columns, when somebody accepts that; None when not."""
    wanted = {clean(name) for name in columns or ()}
    widths = [sum(map(bool, row.cells)) for row in rows[:_HEADER_SEARCH]]
    if not rows or (wanted <= set(rows[0].cells) and (columns is not None or 2 * widths[0] > max(widths))):
        return rows
    for at, row in enumerate(rows[1:_HEADER_SEARCH], start=1):
        if wanted <= set(row.cells) and (columns is not None or 2 * widths[at] > max(widths)):
            names = sorted(wanted) or [name for name in row.cells if name]
            taken = about.ask("table.header-below", row=str(row.number), columns=names, count=at)
            return rows[at:] if taken else None
    return rows


def _header(
    rows: Sequence[Row] | None, columns: Sequence[str] | None, about: FileFindings
) -> tuple[list[str], list[Row]] | None:
    """Split a table into the names of its columns and the rows below, when the names are usable."""
    if rows is None:
        return None
    if not rows:
        about.add("table.no-rows")
        return None
    names = rows[0].cells
    wanted = [clean(name) for name in (columns if columns is not None else names) if name]
    missing = [name for name in wanted if name not in names]
    for name in missing:
        about.add("column.missing", column=name, columns=[known for known in names if known])
    times = Counter(names)
    twice = [name for name in dict.fromkeys(wanted) if times[name] > 1]
    for name in twice:
        about.add("table.duplicate-column", column=name, count=times[name])
    return None if missing or twice else (names, list(rows[1:]))


def _even(rows: list[Row], width: int, about: FileFindings) -> list[Row] | None:
    """Bring rows to the width of the header; cells beyond it may only be empty."""
    ragged = [row for row in rows if len(row.cells) < width or any(row.cells[width:])]
    if ragged:
        about.add(
            "table.ragged-rows",
            row=str(ragged[0].number),
            count=len(ragged),
            rows=[row.number for row in ragged],
            width=width,
            found=len(ragged[0].cells),
        )
        return None
    return rows


def _numeric_cells_told(
    raw: RawTable,
    rows: Sequence[Row],
    picked: dict[str, int],
    numbers: Sequence[str],
    about: FileFindings,
) -> bool:
    """Report numbers where text belongs, and formulas that nobody has computed."""
    for name, at in picked.items():
        numeric = [row.number for row in rows if (row.number, at) in raw.numeric]
        if numeric and name not in numbers:
            about.add("table.numeric-cells", column=name, row=str(numeric[0]), count=len(numeric))
    if raw.workbook is None:
        return True
    empty = {(row.number, at) for row in rows for at in picked.values() if not row.cells[at]}
    from .workbook import uncomputed

    formulas = uncomputed(raw.workbook, raw.sheet, empty) if empty else []
    if formulas:
        about.add("table.uncomputed", row=str(formulas[0]), rows=formulas, count=len(formulas))
    return not formulas
