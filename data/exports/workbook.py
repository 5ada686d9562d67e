"""The run as a workbook for people: the ranking first, then words, provinces, communes and black spots.

Texts are stored as texts, so no spreadsheet runs them; those that look like a formula also carry the mark that
keeps them text when somebody edits the cell.
"""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from ..columns.register import find
from ..text.safe import clean_text
from ..text.sentences import say
from ..text.words import LANGUAGES, Both, beside, both
from .csv_file import guard_formulas
from .published import without_geometry
from .ranking import ranking

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from ..columns.column import Kind
    from ..columns.register import Table

ROW_LIMIT = 1_048_576
"""Rows of a sheet, as the format allows."""

CELL_LIMIT = 32_767
"""Characters of a cell, as the format allows, counted in UTF-16."""

_FIXED_TIME = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zones
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
_PRINTED_WIDTHS = {
    "rank": 7,
    "code": 8,
    "name": 22,
    "province_name": 17,
    "reason_vi": 44,
    "reason_en": 44,
}
_A4 = 9  # as the format numbers papers
_NARROW_INCHES = 0.4
_WIDE = {"name": 28, "province_name": 22, "reason_vi": 60, "reason_en": 60, "notice": 30}


class _Styles:
    """The looks of cells; those of one kind share one."""

    def __init__(self, workbook: Workbook) -> None:
        head = {"bg_color": "#DDE7F0"}
        wrap = {"text_wrap": True, "valign": "top"}
        self.warning: Format = workbook.add_format({"bold": True, "font_color": "#9C0006"})
        self.words: Format = workbook.add_format(head | wrap)
        self.names: Format = workbook.add_format(head | {"bold": True})
        self.kinds: dict[Kind, Format] = {
            kind: workbook.add_format({"num_format": shown}) for kind, shown in _FORMATS.items()
        }
        self.printed: dict[Kind, Format] = {
            kind: workbook.add_format({"num_format": shown} | wrap) for kind, shown in _FORMATS.items()
        }
        self.marked: Format = workbook.add_format({"num_format": "@", "quote_prefix": True})
        self.prose: Format = workbook.add_format({"num_format": "@"} | wrap)
        self.marked_prose: Format = workbook.add_format({"num_format": "@", "quote_prefix": True} | wrap)


class _Column(NamedTuple):
    name: str
    kind: Kind
    header: Both
    meaning: Both
    unit: Both
    content: Sequence[str | float]
    missing: Sequence[bool]


def write_spreadsheet(
    path: Path,
    *,
    communes: pd.DataFrame,
    provinces: pd.DataFrame,
    black_spots: pd.DataFrame,
    about: Mapping[str, str],
    operators: Mapping[str, str],
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
        Topic and text for the sheet of words.
    operators
        Names of operators by the word their columns end with.
    notice
        Warning that stands on top of every sheet; empty prints none.
    row_limit
        Rows a sheet may have; what does not fit is left out and said so on the sheet.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    frames: dict[Table, pd.DataFrame] = {
        "provinces": provinces,
        "communes": communes,
        "black_spots": black_spots,
    }
    tables = {table: _columns(table, frame, operators) for table, frame in frames.items()}
    listed = _columns("ranking", ranking(without_geometry(communes)), operators)
    with tempfile.TemporaryDirectory(prefix=".workbook-", dir=path.parent) as drafts:
        draft = Path(drafts) / "draft.xlsx"
        # Rows go to disk at once. The library dates and orders the members alike every time.
        workbook = Workbook(draft, {"constant_memory": True, "tmpdir": drafts})
        workbook.set_properties({"author": "blackspot", "created": _FIXED_TIME})
        styles = _Styles(workbook)
        _write_ranking(workbook.add_worksheet("ranking"), styles, listed, clean_text(notice), row_limit)
        explained: dict[Table, list[_Column]] = {"ranking": listed, **tables}
        _write_about(workbook.add_worksheet("about"), styles, about, clean_text(notice), explained)
        for name, columns in tables.items():
            sheet = workbook.add_worksheet(name)
            _write_table(sheet, styles, name, columns, len(frames[name]), clean_text(notice), row_limit)
        try:
            workbook.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error  # what the library was told by the system
        draft.replace(path)


def cut_to_cell(text: str) -> str:
    """Shorten a text that no cell can hold, and say so at its end.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text itself when it has at most ``CELL_LIMIT`` UTF-16 units, else its start and a mark.
    """
    if len(text) * 2 <= CELL_LIMIT:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    mark = f" [{beside('exports', 'workbook.cut')}]"
    kept = units[: 2 * (CELL_LIMIT - len(mark))]
    return kept.decode("utf-16-le", "ignore") + mark  # a pair cut in two is dropped whole


def _write_text(
    sheet: Worksheet, row: int, column: int, text: str, style: Format, marked: Format | None = None
) -> None:
    """Write a text as a text, whatever it looks like; nothing for an empty one."""
    if text:
        look = style if marked is None or guard_formulas(text) == text else marked
        sheet.write_string(row, column, cut_to_cell(text), look)


def _write_texts(sheet: Worksheet, row: int, texts: Iterable[str], style: Format, marked: Format) -> None:
    for column, text in enumerate(texts):
        _write_text(sheet, row, column, text, style, marked)


def _write_about(
    sheet: Worksheet,
    styles: _Styles,
    about: Mapping[str, str],
    notice: str,
    tables: Mapping[Table, Sequence[_Column]],
) -> None:
    """Write the words about the run, and what every column of every table means."""
    for position, width in enumerate((34, 70, 12, 40, 60, 40, 60)):
        sheet.set_column(position, position, width)
    _write_text(sheet, 0, 0, notice, styles.warning)
    first = int(bool(notice))
    for row, (topic, text) in enumerate(about.items(), first):
        _write_texts(sheet, row, (clean_text(topic), clean_text(text)), styles.prose, styles.marked_prose)
    head_row = first + len(about) + 1
    first_heads = [beside("exports", f"workbook.{name}") for name in ("table", "column", "unit")]
    label, meaning = both("exports", "workbook.label"), both("exports", "workbook.meaning")
    heads = (*first_heads, label.vi, meaning.vi, label.en, meaning.en)
    _write_texts(sheet, head_row, heads, styles.names, styles.names)
    explained = [(table, column) for table, columns in tables.items() for column in columns]
    for row, (table, column) in enumerate(explained, head_row + 1):
        unit = " / ".join(dict.fromkeys(column.unit))
        words = (column.header.vi, column.meaning.vi, column.header.en, column.meaning.en)
        _write_texts(sheet, row, (table, column.name, unit, *words), styles.prose, styles.marked_prose)


def _write_ranking(
    sheet: Worksheet, styles: _Styles, columns: Sequence[_Column], notice: str, row_limit: int
) -> None:
    """Write the list of communes, ready to be printed: one page wide, its head on every page."""
    rows = len(columns[0].content) if columns else 0
    head = int(bool(notice))
    too_many = head + 1 + rows > row_limit
    head += too_many
    shown, last = min(rows, row_limit - head - 1), max(len(columns) - 1, 0)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, _PRINTED_WIDTHS.get(column.name, 12))
    sheet.freeze_panes(head + 1, sum(column.name in {"rank", "code", "name"} for column in columns[:3]))
    sheet.autofilter(head, 0, head + shown, last)
    _set_up_print(sheet, head, head + shown, last)
    _write_text(sheet, 0, 0, notice, styles.warning)
    if too_many:
        _write_text(sheet, head - 1, 0, _too_many("communes", shown, rows), styles.warning)
    for position, column in enumerate(columns):
        _write_text(sheet, head, position, "\n".join(column.header), styles.words)
    _write_rows(sheet, styles.printed, styles.marked_prose, head + 1, columns, shown)


def _set_up_print(sheet: Worksheet, head_row: int, last_row: int, last_column: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=_NARROW_INCHES, right=_NARROW_INCHES)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head_row)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&R&P / &N")


def _write_table(
    sheet: Worksheet,
    styles: _Styles,
    name: str,
    columns: Sequence[_Column],
    rows: int,
    notice: str,
    row_limit: int,
) -> None:
    names_row = bool(notice) + 1
    too_many = names_row + 1 + rows > row_limit
    names_row += too_many
    shown = min(rows, row_limit - names_row - 1)
    for position, column in enumerate(columns):
        width = _WIDE.get(column.name, _WIDTHS.get(column.kind, 15))
        sheet.set_column(position, position, width)
    names_shown = sum(column.name in {"spot_id", "code", "name"} for column in columns[:3])
    sheet.freeze_panes(names_row + 1, names_shown)
    sheet.autofilter(names_row, 0, names_row + shown, max(len(columns) - 1, 0))
    _write_text(sheet, 0, 0, notice, styles.warning)
    if too_many:
        _write_text(sheet, names_row - 2, 0, _too_many(name, shown, rows), styles.warning)
    for position, column in enumerate(columns):
        _write_text(sheet, names_row - 1, position, "\n".join(column.header), styles.words)
    _write_texts(sheet, names_row, (column.name for column in columns), styles.names, styles.names)
    _write_rows(sheet, styles.kinds, styles.marked, names_row + 1, columns, shown)


def _too_many(name: str, shown: int, total: int) -> str:
    values = {"name": name, "shown": shown, "total": total}
    return " / ".join(say("exports", "workbook.too_many", language, **values) for language in LANGUAGES)


def _columns(table: Table, frame: pd.DataFrame, operators: Mapping[str, str]) -> list[_Column]:
    """Put together what is written of each column of a table."""
    clean = {word: clean_text(name) for word, name in operators.items()}
    plain = without_geometry(frame)
    columns = []
    for name in map(str, plain.columns):
        column, slots = find(table, name)
        words, values = column.header(slots, clean), plain[name]
        columns.append(
            _Column(
                name,
                column.kind,
                words,
                Both(*(text.replace("`", "") for text in column.meaning)),
                column.unit,
                values.tolist(),
                values.isna().tolist(),
            )
        )
    return columns


def _write_rows(
    sheet: Worksheet,
    kinds: Mapping[Kind, Format],
    marked: Format,
    first_row: int,
    columns: Sequence[_Column],
    count: int,
) -> None:
    for row in range(count):
        for position, column in enumerate(columns):
            value = column.content[row]
            if column.missing[row]:
                continue
            style = kinds[column.kind]
            if column.kind == "text":
                _write_text(sheet, first_row + row, position, str(value), style, marked)
            elif column.kind == "flag":
                sheet.write_boolean(first_row + row, position, bool(value), style)
            elif math.isfinite(float(value)):
                sheet.write_number(first_row + row, position, float(value), style)
