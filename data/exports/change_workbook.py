"""A comparison as a workbook for people: what changed in sentences first, then every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..text.safe import clean_text
from .sheets import drafted_workbook, sheet_columns, write_about, write_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from ..columns.register import Table


def write_change_spreadsheet(
    path: Path, tables: Mapping[Table, pd.DataFrame], about: Mapping[str, str], notice: str = ""
) -> None:
    """Write the workbook of a comparison.

    Parameters
    ----------
    path
        The file; replaced when it exists.
    tables
        As ``published`` gives them, in the order of the sheets: each is called as its table without ``changes_``.
    about
        Topic and text for the first sheet, which also says what every column means.
    notice
        Warning that stands on top of every sheet; empty prints none.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    columns = {table: sheet_columns(table, frame, {}) for table, frame in tables.items()}
    with drafted_workbook(path) as draft:
        warning = clean_text(notice)
        write_about(draft.add_sheet("about"), draft.styles, about, warning, columns)
        for table, shown in columns.items():
            sheet = draft.add_sheet(table.removeprefix("changes_"))
            write_table(draft, sheet, table, shown, warning)
