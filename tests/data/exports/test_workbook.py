"""The workbook, read back with openpyxl."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from blackspot.data.exports.published import published
from blackspot.data.exports.sheets import CELL_LIMIT, cut_to_cell
from blackspot.data.exports.workbook import write_spreadsheet

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, frame: pd.DataFrame, **options: Any) -> openpyxl.Workbook:
    tables: dict[str, Any] = {
        "communes": published(frame, "communes"),
        "provinces": published(pd.DataFrame({"province_code": ["1"]}), "provinces"),
        "black_spots": published(pd.DataFrame({"code": ["1"]}), "black_spots"),
        "about": {},
        "operators": {},
    }
    write_spreadsheet(path, **(tables | options))
    return openpyxl.load_workbook(path)


CUT_MARK = " […cắt bớt / cut]"

FRAME = pd.DataFrame(
    {
        "code": ["00688", "00691"],
        "name": ["=1+1", "Xã B"],
        "pop_total": [1234.5, None],
        "covered_share_5g": [0.5, 0.25],
        "is_island": [True, False],
        "rank": pd.array([1, None], dtype="Int64"),
        "border_distance_km": [1.25, 2.0],
    }
)


def test_sheets_and_their_order(tmp_path: Path) -> None:
    """What to read first, then words, then from the large to the small."""
    book = write(tmp_path / "t.xlsx", FRAME)
    assert ["ranking", "about", "provinces", "communes", "black_spots"] == book.sheetnames
    assert "ranking" == book.active.title


def test_cells_have_their_types(tmp_path: Path) -> None:
    """Codes keep their zeros as text, a formula is text, flags are flags, gaps are empty."""
    sheet = write(tmp_path / "t.xlsx", FRAME)["communes"]
    assert ["00688", "=1+1", 1234.5, 0.5, True, 1, 1.25] == [cell.value for cell in sheet[3]]
    assert [None, None] == [sheet["C4"].value, sheet["F4"].value]
    assert ["s", "s", "n", "n", "b", "n", "n"] == [cell.data_type for cell in sheet[3]]


def test_awkward_values_come_back(tmp_path: Path) -> None:
    """Signs of XML, spaces at the ends, codes, long and endless numbers: what was written is read."""
    texts = ['a<b>&"c"', " x ", "x y ", "#N/A", "=1+1", "-5", "Ngọc Hà", "_x0041_", "", None]
    numbers = [0.1 + 0.2, 1e300, -0.0, float("inf"), 2**60, 0.001, 3.0, None, 5, -6.5]
    flags = [True, False, None, True, False] * 2
    frame = pd.DataFrame({"name": texts, "pop_total": numbers, "is_island": pd.array(flags, dtype="boolean")})
    sheet = write(tmp_path / "t.xlsx", frame)["communes"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    # _x0041_ is an A to a spreadsheet, unless it is escaped
    assert [text or None for text in texts] == [row[0] and unescape(row[0]) for row in rows]
    read = [float("nan") if row[1] is None else row[1] for row in rows]
    finite = [float("nan") if number in {None, float("inf")} else number for number in numbers]
    assert finite == pytest.approx(read, rel=1e-15, nan_ok=True)  # sixteen digits, as spreadsheets keep them
    assert flags == [row[2] for row in rows]


def test_a_formula_stays_text_when_the_cell_is_edited(tmp_path: Path) -> None:
    """The cell carries the mark spreadsheets use for a typed apostrophe; plain names do not."""
    sheet = write(tmp_path / "t.xlsx", FRAME)["communes"]
    assert sheet["B3"].quotePrefix
    assert not sheet["B4"].quotePrefix
    assert b"<f>" not in zipfile.ZipFile(tmp_path / "t.xlsx").read("xl/worksheets/sheet4.xml")


def test_numbers_are_formatted_by_kind(tmp_path: Path) -> None:
    """People without decimals, shares in per cent, km with one decimal; the value itself keeps all digits."""
    sheet = write(tmp_path / "t.xlsx", FRAME)["communes"]
    formats = {sheet.cell(2, column).value: sheet.cell(3, column).number_format for column in range(1, 8)}
    assert "#,##0" == formats["pop_total"]
    assert "0.0%" == formats["covered_share_5g"]
    assert "#,##0.0" == formats["border_distance_km"]
    assert "@" == formats["code"]


def test_the_header_is_frozen_filtered_and_in_words(tmp_path: Path) -> None:
    """Row 1 in Vietnamese and English, row 2 the column names with a filter, names stay in sight."""
    sheet = write(tmp_path / "t.xlsx", FRAME)["communes"]
    assert "Dân số có 5G" not in [cell.value for cell in sheet[1]]
    assert "Dân số\nPeople" == sheet["C1"].value
    assert "C3" == sheet.freeze_panes
    assert "A2:G4" == sheet.auto_filter.ref
    assert sheet.column_dimensions["B"].width > sheet.column_dimensions["A"].width


def test_the_notice_stands_on_top_of_every_sheet(tmp_path: Path) -> None:
    """It moves the header down by one row."""
    book = write(tmp_path / "t.xlsx", FRAME, notice="DỮ LIỆU MẪU")
    assert {"DỮ LIỆU MẪU"} == {sheet["A1"].value for sheet in book}
    assert "C4" == book["communes"].freeze_panes
    assert "code" == book["communes"]["A3"].value


def test_a_notice_that_is_a_formula_is_text(tmp_path: Path) -> None:
    """Text from the project file is not trusted either."""
    book = write(tmp_path / "t.xlsx", FRAME, notice="=1+1", about={"=2": "+3\x07"})
    assert "s" == book["about"]["A1"].data_type
    assert ["=2", "+3\ufffd"] == [cell.value for cell in book["about"][2][:2]]


def test_about_explains_every_column(tmp_path: Path) -> None:
    """Each column of each table is listed with its meaning in both languages."""
    sheet = write(tmp_path / "t.xlsx", FRAME, about={"Nguồn": "WorldPop"})["about"]
    rows = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    assert ("Nguồn", "WorldPop") == rows[0][:2]
    assert (
        *("communes", "is_island", None),
        *("Hải đảo", "đúng nếu đơn vị được tính là hải đảo"),
        *("Island", "true where the commune counts as an island commune"),
    ) in rows
    units = {row[1]: row[2] for row in rows}
    assert ("người / people", "km") == (units["pop_total"], units["border_distance_km"])
    assert 1 + 1 + 1 + 4 + 7 + 1 + 1 == len(rows)


def test_rows_that_do_not_fit_are_said_to_be_missing(tmp_path: Path) -> None:
    """The sheet keeps the first rows and says in both languages where all of them are."""
    frame = pd.DataFrame({"code": [str(number) for number in range(10)]})
    sheet = write(tmp_path / "t.xlsx", frame, row_limit=8)["communes"]
    assert 8 == sheet.max_row
    assert "chỉ chứa được 5 trong số 10 dòng" in sheet["A1"].value
    assert "holds only 5 of 10 rows; all of them are in communes.csv" in sheet["A1"].value
    assert ["0", "4"] == [sheet["A4"].value, sheet["A8"].value]
    assert "A3:A8" == sheet.auto_filter.ref


def test_rows_that_just_fit_are_all_there(tmp_path: Path) -> None:
    """At the limit nothing is left out and nothing is said."""
    frame = pd.DataFrame({"code": [str(number) for number in range(6)]})
    sheet = write(tmp_path / "t.xlsx", frame, row_limit=8)["communes"]
    assert 8 == sheet.max_row
    assert "Mã\nCode" == sheet["A1"].value


def test_a_text_too_long_for_a_cell_is_cut_visibly(tmp_path: Path) -> None:
    """32,767 characters at most, the last ones say that there was more."""
    sheet = write(tmp_path / "t.xlsx", pd.DataFrame({"code": ["a" * 40_000, "b" * CELL_LIMIT]}))["communes"]
    assert CELL_LIMIT == len(sheet["A3"].value)
    assert sheet["A3"].value.endswith("a" + CUT_MARK)
    assert "b" * CELL_LIMIT == sheet["A4"].value


@given(st.text(alphabet="a𠀀ế", min_size=1, max_size=5), st.integers(CELL_LIMIT - 9, CELL_LIMIT + 9))
def test_length_counts_as_spreadsheets_count(piece: str, length: int) -> None:
    """Letters beyond 16 bits count twice, and none is cut in half."""
    text = (piece * length)[:length]
    cut = cut_to_cell(text)
    assert len(cut.encode("utf-16-le")) // 2 <= CELL_LIMIT
    assert cut == text or (cut.endswith(CUT_MARK) and text.startswith(cut[: -len(CUT_MARK)]))
    assert (cut == text) == (len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT)


def test_no_time_of_writing_is_kept(tmp_path: Path) -> None:
    """Members of the archive and the properties carry fixed dates."""
    book = write(tmp_path / "t.xlsx", FRAME)
    assert dt.datetime(2000, 1, 1) == book.properties.created == book.properties.modified  # noqa: DTZ001 - the format has no zones
    assert {(1980, 1, 31, 0, 0, 0)} == {
        member.date_time for member in zipfile.ZipFile(tmp_path / "t.xlsx").infolist()
    }


def test_a_failed_workbook_leaves_no_draft(tmp_path: Path) -> None:
    """Where the target cannot be written the draft goes, too."""
    (tmp_path / "t.xlsx").mkdir()
    with pytest.raises(IsADirectoryError):
        write(tmp_path / "t.xlsx", FRAME)
    assert ["t.xlsx"] == [path.name for path in tmp_path.iterdir()]


def test_operators_are_called_as_they_write_themselves(tmp_path: Path) -> None:
    """Headers show their names, cleaned; column names keep the plain word."""
    frame = pd.DataFrame({"code": ["1"], "pop_covered_5g_dai_duong": [1.0], "pop_covered_fibre_x": [2.0]})
    operators = {"dai_duong": "Đại\x07Dương", "x": "=X"}
    book = write(tmp_path / "t.xlsx", frame, operators=operators)
    sheet, about = book["communes"], book["about"]
    header = "Dân số có 5G của Đại\ufffdDương\nPeople with 5G from Đại\ufffdDương"
    assert [header, "Dân số có cáp quang của =X\nPeople with fibre from =X"] == [
        sheet["B1"].value,
        sheet["C1"].value,
    ]
    assert "pop_covered_5g_dai_duong" == sheet["B2"].value
    words = [tuple(row) for row in about.iter_rows(values_only=True)]
    assert ("communes", "pop_covered_fibre_x", "Dân số có cáp quang của =X") in [
        (row[0], row[1], row[3]) for row in words
    ]
