"""Rows of sheets, written column by column: the bytes of the library that writes cell by cell."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from blackspot.data.exports.sheet_rows import RowsColumn, SheetRows, fill_sheets, write_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pytest
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    Column = tuple[Sequence[object], Sequence[bool] | None]

HEADS = 2
COUNT = 5
NUMBERS = st.one_of(
    st.none(), st.integers(-(10**18), 10**18), st.floats(allow_nan=False, allow_infinity=False)
)
FLAGS = st.one_of(st.none(), st.booleans())
TEXTS = st.one_of(
    st.none(),
    st.sampled_from(["Xã", " a ", "<b>&\"'", "_x0041_", "_x12", "\x07", "\uffff", "a\u3000", "=1+1"]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
).filter(lambda text: text is None or not text.startswith("<r>"))


MARKS = st.lists(st.booleans(), min_size=COUNT, max_size=COUNT)


def columns(
    values: st.SearchStrategy[object], marks: st.SearchStrategy[list[bool] | None]
) -> st.SearchStrategy[Column]:
    """Draw a column."""
    return st.tuples(st.lists(values, min_size=COUNT, max_size=COUNT), marks)


TABLES = st.lists(
    st.one_of(columns(NUMBERS, st.none()), columns(FLAGS, st.none()), columns(TEXTS, MARKS)),
    min_size=1,
    max_size=4,
)


def cell_by_cell(sheet: Worksheet, rows: SheetRows) -> None:
    """Write every cell with the library."""
    for row in range(COUNT):
        for position, column in enumerate(rows.columns):
            value, place = column.values[row], (rows.first_row + row, position)
            if isinstance(value, str):
                sheet.write_string(*place, value, column.look_of(row))
            elif isinstance(value, bool):
                sheet.write_boolean(*place, value, column.look_of(row))
            elif value is not None:
                sheet.write_number(*place, value, column.look_of(row))


def write(
    path: Path, tables: list[list[Column]], fill: Callable[[Worksheet, SheetRows], None]
) -> dict[str, SheetRows]:
    """Write tables below heads, with looks that several columns share; the last column has its own."""
    workbook = Workbook(path, {"constant_memory": True})
    head: Format = workbook.add_format({"bold": True})
    looks = [workbook.add_format({"num_format": shown}) for shown in ("0.0%", "#,##0", "@", "0.00")]
    marked = workbook.add_format({"quote_prefix": True})
    found = {}
    for number, table in enumerate(tables, 1):
        sheet = workbook.add_worksheet()
        for position in range(len(table)):
            sheet.write_string(HEADS - 1, position, "head", head)
        made = [
            RowsColumn(values, looks[(number + place) % 3], None if marks is None else (marks, marked))  # type: ignore[arg-type] # as drawn
            for place, (values, marks) in enumerate(table)
        ]
        rows = SheetRows(HEADS, [*made, RowsColumn([None] * COUNT, looks[3])])
        fill(sheet, rows)
        found[f"xl/worksheets/sheet{number}.xml"] = rows
    workbook.close()
    return found


def members(path: Path) -> dict[str, bytes]:
    """Read the members of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.startswith("docProps")}


@settings(max_examples=60, deadline=None)
@given(st.lists(TABLES, min_size=1, max_size=2))
def test_the_bytes_are_those_of_cells_written_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, tables: list[list[Column]]
) -> None:
    """Looks and their numbers, gaps, rows and columns without a cell, signs that XML lacks, the size of the sheet."""
    folder = tmp_path_factory.mktemp("sheets")
    write(folder / "cells.xlsx", tables, cell_by_cell)
    rows = write(folder / "samples.xlsx", tables, write_samples)
    fill_sheets(folder / "samples.xlsx", folder / "whole.xlsx", rows)
    cells, whole = members(folder / "cells.xlsx"), members(folder / "whole.xlsx")
    assert [] == [name for name in cells if cells[name] != whole[name]]
    assert cells.keys() == whole.keys()


def test_rows_are_more_than_a_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is lost or doubled where one block ends and the next begins."""
    monkeypatch.setattr("blackspot.data.exports.sheet_rows._BLOCK", 2)
    table: list[Column] = [(list(range(COUNT)), None), (["a", None, None, "b", "=c"], [False] * 4 + [True])]
    rows = write(tmp_path / "samples.xlsx", [table], write_samples)
    fill_sheets(tmp_path / "samples.xlsx", tmp_path / "whole.xlsx", rows)
    write(tmp_path / "cells.xlsx", [table], cell_by_cell)
    assert members(tmp_path / "cells.xlsx") == members(tmp_path / "whole.xlsx")


def test_a_text_that_looks_like_xml_is_a_text(tmp_path: Path) -> None:
    """A name can neither format itself nor break the sheet."""
    name = '<r><t>bold</t></r><c r="A4" s="99"><r></r>'
    rows = write(tmp_path / "samples.xlsx", [[([None, name, name, None, name], None)]], write_samples)
    fill_sheets(tmp_path / "samples.xlsx", tmp_path / "whole.xlsx", rows)
    assert name == openpyxl.load_workbook(tmp_path / "whole.xlsx").active.cell(HEADS + 3, 1).value  # type: ignore[union-attr] # the only sheet
