"""The run as a workbook for people: the ranking first, then words, provinces, communes and black spots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..text.safe import clean_text
from .published import without_geometry
from .ranking import ranking
from .sheets import (
    ROW_LIMIT,
    DraftedWorkbook,
    SheetColumn,
    drafted_workbook,
    rows_of,
    sheet_columns,
    too_many_rows,
    write_about,
    write_table,
    write_text,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from xlsxwriter.worksheet import Worksheet

    from ..columns.register import Table

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
    tables = {table: sheet_columns(table, frame, operators) for table, frame in frames.items()}
    listed = sheet_columns("ranking", ranking(without_geometry(communes)), operators)
    with drafted_workbook(path) as draft:
        _write_ranking(draft, draft.add_sheet("ranking"), listed, clean_text(notice), row_limit)
        explained: dict[Table, list[SheetColumn]] = {"ranking": listed, **tables}
        write_about(draft.add_sheet("about"), draft.styles, about, clean_text(notice), explained)
        for name, columns in tables.items():
            write_table(draft, draft.add_sheet(name), name, columns, clean_text(notice), row_limit)


def _write_ranking(
    draft: DraftedWorkbook, sheet: Worksheet, columns: Sequence[SheetColumn], notice: str, row_limit: int
) -> None:
    """Write the list of communes, ready to be printed: one page wide, its head on every page."""
    styles, rows = draft.styles, len(columns[0].content) if columns else 0
    head = int(bool(notice))
    too_many = head + 1 + rows > row_limit
    head += too_many
    shown, last = min(rows, row_limit - head - 1), max(len(columns) - 1, 0)
    for position, column in enumerate(columns):
        sheet.set_column(position, position, _PRINTED_WIDTHS.get(column.name, 12))
    sheet.freeze_panes(head + 1, sum(column.name in {"rank", "code", "name"} for column in columns[:3]))
    sheet.autofilter(head, 0, head + shown, last)
    _set_up_print(sheet, head, head + shown, last)
    write_text(sheet, 0, 0, notice, styles.warning)
    if too_many:
        write_text(sheet, head - 1, 0, too_many_rows("communes", shown, rows), styles.warning)
    for position, column in enumerate(columns):
        write_text(sheet, head, position, "\n".join(column.header), styles.words)
    draft.write_rows(sheet, rows_of(columns, shown, head + 1, styles.printed, styles.marked_prose))


def _set_up_print(sheet: Worksheet, head_row: int, last_row: int, last_column: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=_NARROW_INCHES, right=_NARROW_INCHES)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, head_row)
    sheet.print_area(0, 0, last_row, last_column)
    sheet.set_footer("&R&P / &N")
