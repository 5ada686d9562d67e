"""Sheets of workbooks for people: styles, tables with two rows of heads, and what every column means.

Texts are stored as texts, so no spreadsheet runs them; those that look like a formula also carry the mark that
keeps them text when somebody edits the cell.
"""

from __future__ import annotations

import datetime as dt
import math
import tempfile
from contextlib import contextmanager
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
from .sheet_rows import RowsColumn, SheetRows, fill_sheets, write_samples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from ..columns.column import Kind
    from ..columns.register import Table

ROW_LIMIT = 1_048_576
"""Rows of a sheet, as the format allows."""

CELL_LIMIT = 32_767
"""Characters of a cell, as the format allows, counted in UTF-16."""

_SAMPLES, _WHOLE = "samples.xlsx", "whole.xlsx"
_FIXED_TIME = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no time zones
_FORMATS: dict[Kind, str] = {
    "people": "#,##0",
    "count": "#,##0",
    "share": "0.0%",
    "area": "#,##0.00",
    "distance": "#,##0.0",
    "degree": "0.0000",
    "index": "0.0000",
    "number": "#,##0.00",
    "text": "@",
    "flag": "General",
}
_WIDTHS: dict[Kind, float] = {"text": 18, "flag": 12}
_WIDE = {"name": 28, "province_name": 22, "reason_vi": 60, "reason_en": 60, "notice": 30}

ASIDE = frozenset(
    {
        "pop_fewer_otherwise",
        "pop_more_otherwise",
        "pop_covered_otherwise",
        "pop_newly_reported",
        "pop_newly_without",
        "pop_no_longer_reported",
        "pop_no_longer_without",
    }
)
"""Columns of changes that are not changes of coverage: their numbers are grey."""


class Styles:
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
        self.aside: dict[Kind, Format] = {
            kind: workbook.add_format({"num_format": shown, "font_color": "#767676"})
            for kind, shown in _FORMATS.items()
        }
        self.printed: dict[Kind, Format] = {
            kind: workbook.add_format({"num_format": shown} | wrap) for kind, shown in _FORMATS.items()
        }
        self.marked: Format = workbook.add_format({"num_format": "@", "quote_prefix": True})
        self.prose: Format = workbook.add_format({"num_format": "@"} | wrap)
        self.marked_prose: Format = workbook.add_format({"num_format": "@", "quote_prefix": True} | wrap)


class SheetColumn(NamedTuple):
    """A column of a table as a sheet shows it: its words, and its content with what is missing in it."""

    name: str
    kind: Kind
    header: Both
    meaning: Both
    unit: Both
    content: Sequence[str | float]
    missing: Sequence[bool]


class DraftedWorkbook:
    """A workbook that is being written, the looks of its cells, and the rows of its tables."""

    def __init__(self, workbook: Workbook) -> None:
        self.styles = Styles(workbook)
        self._workbook = workbook
        self._rows: dict[str, SheetRows] = {}

    def add_sheet(self, name: str) -> Worksheet:
        """Add an empty sheet behind the others."""
        return self._workbook.add_worksheet(name)

    def write_rows(self, sheet: Worksheet, rows: SheetRows) -> None:
        """Let a sheet have rows below everything else that is written on it."""
        write_samples(sheet, rows)
        number = self._workbook.worksheets().index(sheet) + 1
        self._rows[f"xl/worksheets/sheet{number}.xml"] = rows

    def write(self, folder: Path) -> Path:
        """Write the file into a folder of its own, and give its path."""
        try:
            self._workbook.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error  # what the library was told by the system
        fill_sheets(folder / _SAMPLES, folder / _WHOLE, self._rows)
        return folder / _WHOLE


@contextmanager
def drafted_workbook(path: Path) -> Iterator[DraftedWorkbook]:
    """Offer an empty workbook that takes the place of a file once it is finished.

    Parameters
    ----------
    path
        The file; replaced when it exists.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    with tempfile.TemporaryDirectory(prefix=".workbook-", dir=path.parent) as drafts:
        folder = Path(drafts)
        # Rows go to disk at once. The library dates and orders the members alike every time.
        workbook = Workbook(folder / _SAMPLES, {"constant_memory": True, "tmpdir": drafts})
        workbook.set_properties({"author": "blackspot", "created": _FIXED_TIME})
        draft = DraftedWorkbook(workbook)
        yield draft
        draft.write(folder).replace(path)


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


def write_text(
    sheet: Worksheet, row: int, column: int, text: str, style: Format, marked: Format | None = None
) -> None:
    """Write a text as a text, whatever it looks like; nothing for an empty one."""
    if text:
        look = style if marked is None or guard_formulas(text) == text else marked
        sheet.write_string(row, column, cut_to_cell(text), look)


def write_texts(sheet: Worksheet, row: int, texts: Iterable[str], style: Format, marked: Format) -> None:
    """Write a row of texts from the first column on."""
    for column, text in enumerate(texts):
        write_text(sheet, row, column, text, style, marked)


def write_about(
    sheet: Worksheet,
    styles: Styles,
    about: Mapping[str, str],
    notice: str,
    tables: Mapping[Table, Sequence[SheetColumn]],
) -> None:
    """Write the words about the run, and what every column of every table means."""
    for position, width in enumerate((34, 70, 12, 40, 60, 40, 60)):
        sheet.set_column(position, position, width)
    write_text(sheet, 0, 0, notice, styles.warning)
    first = int(bool(notice))
    for row, (topic, text) in enumerate(about.items(), first):
        write_texts(sheet, row, (clean_text(topic), clean_text(text)), styles.prose, styles.marked_prose)
    head_row = first + len(about) + 1
    first_heads = [beside("exports", f"workbook.{name}") for name in ("table", "column", "unit")]
    label, meaning = both("exports", "workbook.label"), both("exports", "workbook.meaning")
    heads = (*first_heads, label.vi, meaning.vi, label.en, meaning.en)
    write_texts(sheet, head_row, heads, styles.names, styles.names)
    explained = [(table, column) for table, columns in tables.items() for column in columns]
    for row, (table, column) in enumerate(explained, head_row + 1):
        unit = " / ".join(dict.fromkeys(column.unit))
        words = (column.header.vi, column.meaning.vi, column.header.en, column.meaning.en)
        write_texts(sheet, row, (table, column.name, unit, *words), styles.prose, styles.marked_prose)


def write_table(
    draft: DraftedWorkbook,
    sheet: Worksheet,
    name: str,
    columns: Sequence[SheetColumn],
    notice: str,
    row_limit: int = ROW_LIMIT,
) -> None:
    """Write a table below its two rows of heads: what people call the columns, and what the files call them.

    Parameters
    ----------
    draft, sheet
        A workbook, and an empty sheet of it.
    name
        Of the table; the CSV file of the same name has the rows that do not fit.
    columns
        From :func:`sheet_columns`.
    notice
        Warning above the heads; empty prints none.
    row_limit
        Rows the sheet may have.
    """
    styles, rows = draft.styles, len(columns[0].content) if columns else 0
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
    write_text(sheet, 0, 0, notice, styles.warning)
    if too_many:
        write_text(sheet, names_row - 2, 0, too_many_rows(name, shown, rows), styles.warning)
    for position, column in enumerate(columns):
        write_text(sheet, names_row - 1, position, "\n".join(column.header), styles.words)
    write_texts(sheet, names_row, (column.name for column in columns), styles.names, styles.names)
    draft.write_rows(sheet, rows_of(columns, shown, names_row + 1, styles.kinds, styles.marked, styles.aside))


def too_many_rows(name: str, shown: int, total: int) -> str:
    """Say that a sheet does not hold all rows, and which CSV file does."""
    values = {"name": name, "shown": shown, "total": total}
    return " / ".join(say("exports", "workbook.too_many", language, **values) for language in LANGUAGES)


def sheet_columns(table: Table, frame: pd.DataFrame, operators: Mapping[str, str]) -> list[SheetColumn]:
    """Put together what is written of each column of a table."""
    clean = {word: clean_text(name) for word, name in operators.items()}
    plain = without_geometry(frame)
    columns = []
    for name in map(str, plain.columns):
        column, slots = find(table, name)
        words, values = column.header(slots, clean), plain[name]
        columns.append(
            SheetColumn(
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


def rows_of(
    columns: Sequence[SheetColumn],
    count: int,
    first_row: int,
    kinds: Mapping[Kind, Format],
    marked: Format,
    aside: Mapping[Kind, Format] | None = None,
) -> SheetRows:
    """Give the first rows of a table their looks; what is missing stays an empty cell.

    Parameters
    ----------
    columns
        From :func:`sheet_columns`.
    count
        How many are written.
    first_row
        Where the first of them stands, counted from 0.
    kinds
        The look of each kind of column.
    marked
        The look of a text that resembles a formula.
    aside
        The looks of numbers that are no progress; None where nothing stands aside.
    """
    made = []
    for column in columns:
        looks = aside if aside is not None and column.name in ASIDE else kinds
        present = list(zip(column.content[:count], column.missing[:count], strict=True))
        look = looks[column.kind]
        if column.kind == "text":
            texts = ["" if gap else cut_to_cell(str(value)) for value, gap in present]
            formulas = {text for text in set(texts) if guard_formulas(text) != text}
            marks = [text in formulas for text in texts]
            made.append(RowsColumn([text or None for text in texts], look, (marks, marked)))
        elif column.kind == "flag":
            made.append(RowsColumn([None if gap else bool(value) for value, gap in present], look))
        else:
            numbers = [
                float(value) if not gap and math.isfinite(float(value)) else None for value, gap in present
            ]
            made.append(RowsColumn(numbers, look))
    return SheetRows(first_row, made)
