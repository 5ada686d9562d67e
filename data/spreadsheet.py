"""The run as a workbook for people: words first, then provinces, communes and black spots.

Texts are stored as texts, so no spreadsheet runs them; those that look like a formula also carry the mark that
keeps them text when somebody edits the cell.
"""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from contextlib import ExitStack
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.xml.functions import tostring

from .column_labels import column_label
from .delimited import guard_formulas
from .published import Kind, clean_text, kind_of, without_geometry
from .spreadsheet_rows import Column, SheetRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pandas as pd
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

ROW_LIMIT = 1_048_576
"""Rows of a sheet, as the format allows."""

CELL_LIMIT = 32_767
"""Characters of a cell, as the format allows, counted in UTF-16."""

CUT_MARK = " […cắt bớt / cut]"
"""What ends a text that was too long for a cell."""

_FIXED_TIME = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zones
_FIXED_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_FORMATS: dict[Kind, str] = {
    "people": "#,##0",
    "count": "#,##0",
    "share": "0.0%",
    "area": "#,##0.00",
    "distance": "#,##0.0",
    "degree": "0.0000",
    "number": "#,##0.00",
    "text": "@",
    "flag": "General",
}
_WIDTHS: dict[Kind, float] = {"text": 18, "flag": 12}
_WIDE = {"name": 28, "province_name": 22, "reason": 60, "reason_vi": 60, "reason_en": 60, "notice": 30}
_BOLD = Font(bold=True)
_WARNING = Font(bold=True, color="FF9C0006")
_HEAD_FILL = PatternFill("solid", fgColor="FFDDE7F0")
_WRAP = Alignment(wrap_text=True, vertical="top")


class _Texts:
    """Cells for texts of one sheet: one plain, one marked as text for ever."""

    def __init__(self, sheet: Worksheet, alignment: Alignment | None = None) -> None:
        self._plain = _cell(sheet, number_format="@", alignment=alignment)
        self._marked = _cell(sheet, number_format="@", alignment=alignment)
        self._marked.quotePrefix = True

    def __call__(self, text: str) -> Cell | None:
        if not text:
            return None
        cell = self._plain if guard_formulas(text) == text else self._marked
        cell.value = cut_to_cell(text)
        cell.data_type = "s"  # openpyxl takes a text that starts with = for a formula
        return cell


def write_spreadsheet(
    path: Path,
    *,
    communes: pd.DataFrame,
    provinces: pd.DataFrame,
    black_spots: pd.DataFrame,
    about: Mapping[str, str],
    notice: str = "",
    row_limit: int = ROW_LIMIT,
) -> None:
    """Write the workbook.

    Parameters
    ----------
    path
        The file; replaced when it exists.
    communes, provinces, black_spots
        As ``published`` gives them; geometry columns are left out. People, shares and so on keep all their
        decimals, only their display is rounded.
    about
        Topic and text for the first sheet.
    notice
        Warning that stands on top of every sheet; empty prints none.
    row_limit
        Rows a sheet may have; what does not fit is left out and said so on the sheet.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    workbook = openpyxl.Workbook(write_only=True)
    workbook.properties = DocumentProperties(creator="blackspot", created=_FIXED_TIME, modified=_FIXED_TIME)
    tables = {"provinces": provinces, "communes": communes, "black_spots": black_spots}
    _write_about(workbook.create_sheet("about"), about, clean_text(notice), tables)
    draft = path.with_name(f"{path.name}.draft")
    with ExitStack() as kept:
        rows: dict[str, SheetRows] = {}
        for number, (name, frame) in enumerate(tables.items(), 2):
            sheet = workbook.create_sheet(name)
            here = rows[f"xl/worksheets/sheet{number}.xml"] = kept.enter_context(SheetRows())
            _write_table(sheet, here, name, without_geometry(frame), clean_text(notice), row_limit)
        try:
            workbook.save(draft)
            _copy_with_fixed_times(draft, path, rows)
        finally:
            draft.unlink(missing_ok=True)


def cut_to_cell(text: str) -> str:
    """Shorten a text that no cell can hold, and say so at its end.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text itself when it has at most ``CELL_LIMIT`` UTF-16 units, else its start and ``CUT_MARK``.
    """
    if len(text) * 2 <= CELL_LIMIT:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    kept = units[: 2 * (CELL_LIMIT - len(CUT_MARK))]
    return kept.decode("utf-16-le", "ignore") + CUT_MARK  # a pair cut in two is dropped whole


def _cell(
    sheet: Worksheet,
    value: str | None = None,
    *,
    number_format: str = "General",
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
) -> Cell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    if alignment:
        cell.alignment = alignment
    if value is not None:
        cell.data_type = "s"
    return cell


def _append(sheet: Worksheet, cells: Iterable[Cell | None]) -> None:
    """Write one row; given a generator, the sheet writes each cell before it asks for the next one."""
    sheet.append(cells)  # type: ignore[arg-type] # the stub wants GeneratorType, which nobody can write


def _write_about(
    sheet: Worksheet, about: Mapping[str, str], notice: str, tables: Mapping[str, pd.DataFrame]
) -> None:
    for letter, width in zip("ABCD", (34, 70, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    _write_notice(sheet, notice)
    texts = _Texts(sheet, _WRAP)
    for topic, text in about.items():
        # One cell object serves a whole row, so the row is made while it is written.
        _append(sheet, (texts(clean_text(value)) for value in (topic, text)))
    _append(sheet, [])
    head = ("Bảng / Table", "Cột / Column", "Tiếng Việt", "English")
    _append(sheet, [_cell(sheet, text, font=_BOLD, fill=_HEAD_FILL) for text in head])
    for table, frame in tables.items():
        for column in without_geometry(frame).columns:
            label = column_label(str(column))
            _append(sheet, (texts(text) for text in (table, str(column), label.vi, label.en)))


def _write_notice(sheet: Worksheet, notice: str) -> int:
    if notice:
        _append(sheet, [_cell(sheet, cut_to_cell(notice), font=_WARNING)])
    return int(bool(notice))


def _write_table(
    sheet: Worksheet, rows: SheetRows, name: str, frame: pd.DataFrame, notice: str, row_limit: int
) -> None:
    columns = [_column(str(column), frame[column]) for column in frame.columns]
    head_row = bool(notice) + 2
    too_many = head_row + len(frame) > row_limit
    head_row += too_many
    shown = min(len(frame), row_limit - head_row)
    for position, column in enumerate(columns, 1):
        width = _WIDE.get(column.name, _WIDTHS.get(column.kind, 15))
        sheet.column_dimensions[get_column_letter(position)].width = width
    names_shown = sum(column.name in {"spot_id", "code", "name"} for column in columns[:3])
    sheet.freeze_panes = f"{get_column_letter(names_shown + 1)}{head_row + 1}"
    sheet.auto_filter.ref = (
        f"A{head_row}:{get_column_letter(max(len(columns), 1))}{max(head_row, head_row + shown)}"
    )
    _write_notice(sheet, notice)
    if too_many:
        _append(sheet, [_cell(sheet, _too_many(name, shown, len(frame)), font=_WARNING)])
    labels = [column_label(column.name) for column in columns]
    words = ["\n".join(word for word in label if word) for label in labels]
    _append(sheet, [_cell(sheet, text, alignment=_WRAP, fill=_HEAD_FILL) for text in words])
    _append(sheet, [_cell(sheet, column.name, font=_BOLD, fill=_HEAD_FILL) for column in columns])
    cells = {column.name: _cell(sheet, number_format=_FORMATS[column.kind]) for column in columns}
    rows.write(head_row + 1, shown, columns, _Texts(sheet), lambda column: cells[column.name])


def _too_many(name: str, shown: int, total: int) -> str:
    return (
        f"Trang tính chỉ chứa được {shown} trong số {total} dòng; tất cả các dòng có trong {name}.csv. / "
        f"This sheet holds only {shown} of {total} rows; all of them are in {name}.csv."
    )


def _column(name: str, values: pd.Series) -> Column:
    return Column(name, kind_of(name, values), values.tolist(), values.isna().tolist())


def _copy_with_fixed_times(draft: Path, path: Path, rows: Mapping[str, SheetRows]) -> None:
    """Copy a workbook member by member, with the rows of its tables.

    The times of writing are left out, so that the same run gives the same bytes.
    """
    with (
        zipfile.ZipFile(draft) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target,
    ):
        for member in source.infolist():
            fixed = zipfile.ZipInfo(member.filename, _FIXED_ZIP_TIME)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o644 << 16
            if member.filename == _CORE:
                target.writestr(fixed, _fixed_properties())
                continue
            with target.open(fixed, "w", force_zip64=False) as writer:
                if member.filename in rows:
                    before, cells, after = rows[member.filename].put_into(source.read(member))
                    writer.write(before)
                    shutil.copyfileobj(cells, writer)
                    writer.write(after)
                else:
                    writer.write(source.read(member))


def _fixed_properties() -> str | bytes:
    properties = DocumentProperties(creator="blackspot", created=_FIXED_TIME, modified=_FIXED_TIME)
    return tostring(properties.to_tree())
