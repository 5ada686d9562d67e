"""XLSX workbooks: looked at as zip files first, then read row by row, formulas by their stored results."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import openpyxl

from .rows import MAX_CELLS, MAX_COLUMNS, RawTable, Row, clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook

    from ..findings.collector import FileFindings

_ENCRYPTED = 0x1
_MAX_BYTES = 500_000_000
_MAX_RATIO = 200  # workbooks shrink five- to fiftyfold
_ALWAYS_ALLOWED_BYTES = 50_000_000
_PROLOG_BYTES = 4096
_MAX_ROWS = 1_048_576  # of an XLSX sheet; a file may claim more


def read_workbook(path: Path, sheet: str, about: FileFindings) -> RawTable | None:
    """Read one sheet of a workbook.

    Parameters
    ----------
    path
        An XLSX file.
    sheet
        Name of the sheet; empty takes the first visible one.
    about
        Told why it cannot be read, and which sheet was taken of several.

    Returns
    -------
    RawTable or None
        None after an error finding.
    """
    try:
        if not _is_safe(path, about):
            return None
        with _opened(path, formulas=False) as workbook:
            name = _choose(workbook, sheet, about)
            return None if name is None else _read(path, workbook, name, about)
    except MemoryError:  # told where the limit is set
        raise
    except Exception as error:  # noqa: BLE001 - the last place that can turn an error into a sentence
        about.add("table.unreadable", reason=" ".join(str(error).split()) or type(error).__name__)
        return None


def uncomputed(path: Path, sheet: str, empty: set[tuple[int, int]]) -> list[int]:
    """Find formulas without a stored result, as programs leave them that write but do not compute.

    Parameters
    ----------
    path
        The workbook, which has been read before.
    sheet
        Name of the sheet.
    empty
        (row number, column from 0) of cells that came back empty.

    Returns
    -------
    list of int
        Numbers of the rows in which such a cell is a formula, each once, ascending.
    """
    rows = set()
    last = max(row for row, _ in empty)
    with _opened(path, formulas=True) as workbook:
        for number, record in enumerate(workbook[sheet].iter_rows(max_row=last), start=1):
            for at, cell in enumerate(record):
                if cell.data_type == "f" and (number, at) in empty:
                    rows.add(number)
    return sorted(rows)


@contextmanager
def _opened(path: Path, *, formulas: bool) -> Iterator[Workbook]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl's remarks on styles and validation rules
        workbook = openpyxl.load_workbook(path, read_only=True, data_only=not formulas, keep_links=False)
        try:
            yield workbook
        finally:
            workbook.close()


def _is_safe(path: Path, about: FileFindings) -> bool:
    """Refuse passwords, bombs and document types (which could name entities and other files)."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if any(member.flag_bits & _ENCRYPTED for member in members):
            about.add("archive.encrypted")
            return False
        size = sum(member.file_size for member in members)
        if size > min(_MAX_BYTES, max(_ALWAYS_ALLOWED_BYTES, _MAX_RATIO * path.stat().st_size)):
            about.add("table.too-large", limit=f"{_MAX_BYTES // 1_000_000} MB")
            return False
        for member in members:
            with archive.open(member) as stream:
                prolog = stream.read(_PROLOG_BYTES).upper().replace(b"\0", b"")  # UTF-16 as well
            if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
                about.add("file.unsafe-content", what=f"DOCTYPE ({member.filename})")
                return False
    return True


def _choose(workbook: Workbook, sheet: str, about: FileFindings) -> str | None:
    names = [page.title for page in workbook.worksheets]
    visible = [page.title for page in workbook.worksheets if page.sheet_state == "visible"]
    if sheet:
        if sheet not in names:
            about.add("table.sheet-missing", wanted=sheet, sheets=names)
            return None
        return sheet
    if not visible:
        about.add("table.no-rows")
        return None
    if len(visible) > 1 and not about.ask("table.several-sheets", used=visible[0], sheets=visible):
        return None
    return visible[0]


def _read(path: Path, workbook: Workbook, name: str, about: FileFindings) -> RawTable | None:
    page = workbook[name]
    page.reset_dimensions()  # some writers state a size that is not true
    rows = []
    numeric: set[tuple[int, int]] = set()
    cells = 0
    for number, record in enumerate(page.iter_rows(), start=1):
        cells += len(record)
        if cells > MAX_CELLS or number > _MAX_ROWS:
            about.add("table.too-many-cells", limit=MAX_CELLS)
            return None
        if len(record) > MAX_COLUMNS:
            about.add("file.too-many-columns", found=len(record), limit=MAX_COLUMNS)
            return None
        row = Row(number, [_text(cell.value) for cell in record])
        if any(row.cells):
            rows.append(row)
            numeric.update((number, at) for at, cell in enumerate(record) if _is_number(cell.value))
    width = len(rows[0].cells) if rows else 0
    for row in rows:  # a workbook stores no empty cells at the end of a row
        row.cells.extend([""] * (width - len(row.cells)))
    return RawTable(rows, frozenset(numeric), path, name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return clean(str(value))
