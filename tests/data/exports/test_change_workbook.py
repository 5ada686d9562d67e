"""The workbook of a comparison: a sheet of words, then one for each table, grey where a number is no progress."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pandas as pd

from blackspot.data.exports.change_workbook import write_change_spreadsheet
from blackspot.data.exports.published import published

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, notice: str = "") -> None:
    causes = pd.DataFrame(
        {
            "code": ["00101", "00102"],
            "name": ["=1+1", "Xã Suối"],
            "province_code": ["01", "01"],
            "province_name": ["Núi", "Núi"],
            "service": ["5g", "5g"],
            "cause": ["coverage", "claims"],
            "pop_change": [12.5, -3.0],
        }
    )
    operators = causes.drop(columns="pop_change").assign(
        operator=["@Sao", "Sao"],
        pop_covered_before=[1.0, 2.0],
        pop_covered_after=[2.0, 4.0],
        pop_lost=[0.0, float("nan")],
        pop_gained=[1.0, float("nan")],
        pop_covered_otherwise=[0.0, 2.0],
        pop_newly_reported=[0.0, 0.0],
        pop_no_longer_reported=[0.0, 0.0],
    )
    tables = {
        "changes_causes": published(causes, "changes_causes", notice),
        "changes_operators": published(operators, "changes_operators", notice),
    }
    write_change_spreadsheet(path, tables, {"Hai lần chạy / Runs": "=1 → 2"}, notice)  # type: ignore[arg-type]


def test_sheets_and_their_words(tmp_path: Path) -> None:
    """Every column of every sheet is explained on the first one; the notice stands on top of each."""
    write(tmp_path / "changes.xlsx", "DỮ LIỆU MẪU")
    book = openpyxl.load_workbook(tmp_path / "changes.xlsx")
    assert ["about", "causes", "operators"] == book.sheetnames
    assert {"DỮ LIỆU MẪU"} == {sheet["A1"].value for sheet in book}
    explained = {(row[0], row[1]) for row in book["about"].iter_rows(min_row=4, values_only=True)}
    for name in book.sheetnames[1:]:
        heads = [cell.value for cell in book[name][3]]
        assert {(f"changes_{name}", head) for head in heads} <= explained


def test_formulas_are_texts(tmp_path: Path) -> None:
    """With the mark that keeps them so."""
    write(tmp_path / "changes.xlsx")
    book = openpyxl.load_workbook(tmp_path / "changes.xlsx")
    risky = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value)[:1] in "=@"
    ]
    assert {"=1+1", "@Sao", "=1 → 2"} == {cell.value for cell in risky}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_what_is_no_progress_is_grey(tmp_path: Path) -> None:
    """People gained are not; what is not known is an empty cell."""
    write(tmp_path / "changes.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "changes.xlsx")["operators"]
    column = {cell.value: cell.column for cell in sheet[2]}
    colours = {
        name: sheet.cell(4, column[name]).font.color.rgb
        for name in ("pop_covered_otherwise", "pop_covered_after")
        if sheet.cell(4, column[name]).font.color is not None
        and isinstance(sheet.cell(4, column[name]).font.color.rgb, str)
    }
    assert {"pop_covered_otherwise": "FF767676"} == colours
    assert sheet.cell(4, column["pop_gained"]).value is None


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    """Also in another folder."""
    (tmp_path / "b").mkdir()
    for path in (tmp_path / "a.xlsx", tmp_path / "b" / "other.xlsx"):
        write(path)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b" / "other.xlsx").read_bytes()
