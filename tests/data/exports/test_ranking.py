"""The first sheet of the workbook: the ranking, as it is read and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from blackspot.data.exports.published import published
from blackspot.data.exports.ranking import ranking
from blackspot.data.exports.workbook import write_spreadsheet

if TYPE_CHECKING:
    from pathlib import Path

FRAME = pd.DataFrame(
    {
        "code": ["00688", "00691", "00692", "00693"],
        "name": ["Xã A", "=1+1", "Xã C", "Xã D"],
        "province_name": ["Tỉnh X", "Tỉnh X", "Tỉnh Y", "Tỉnh Y"],
        "pop_total": [1000.0, 200.0, 0.0, None],
        "pop_failing": [250.0, 150.0, 0.0, None],
        "rank": pd.array([2, 1, 4, 3], dtype="Int64"),
        "tier": pd.array([4, 1, None, None], dtype="Int64"),
        "score": [250.0, 100.0, 0.0, None],
        "reason_vi": ["lý do A", "lý do B", "lý do C", "lý do D"],
        "reason_en": ["reason A", "reason B", "reason C", "reason D"],
    }
)


def sheet_of(path: Path, frame: pd.DataFrame = FRAME, **options: Any) -> Any:
    write_spreadsheet(
        path,
        communes=published(frame, "communes"),
        provinces=published(pd.DataFrame({"province_code": ["1"]}), "provinces"),
        black_spots=published(pd.DataFrame({"code": ["1"]}), "black_spots"),
        about={},
        operators={},
        **options,
    )
    return openpyxl.load_workbook(path)["ranking"]


def test_the_rows_stand_in_the_order_of_the_rank() -> None:
    """With the people who fail, those by whom a commune is ranked, and their shares; what is not known stays empty."""
    listed = ranking(FRAME)
    assert ["00691", "00688", "00693", "00692"] == listed["code"].tolist()
    assert [1, 2, 3, 4] == listed["rank"].tolist()
    np.testing.assert_array_equal([0.75, 0.25, np.nan, np.nan], listed["failing_share"])
    np.testing.assert_array_equal([100.0, 250.0, np.nan, 0.0], listed["score_people"])
    np.testing.assert_array_equal([0.5, 0.25, np.nan, np.nan], listed["score_share"])


def test_an_order_without_tiers_has_no_people_by_whom_it_is_ranked() -> None:
    """Its deciding number may be a share or anything else."""
    plain = ranking(FRAME.assign(tier=pd.array([None] * 4, dtype="Int64")))
    assert not {"score_people", "score_share"} & set(plain.columns)
    assert [0.75, 0.25] == plain["failing_share"].tolist()[:2]


def test_how_sure_a_place_is_stands_there_in_words() -> None:
    sure = FRAME.assign(certainty=["likely", "certain", "", "verify_first"])
    expected = ["chắc chắn / certain", "có khả năng / likely", "cần xác minh / verify first", ""]
    assert expected == ranking(published(sure, "communes"))["certainty"].tolist()


def test_a_commune_without_rank_stands_at_the_end() -> None:
    """Nothing is dropped."""
    listed = ranking(FRAME.assign(rank=pd.array([2, None, 1, 3], dtype="Int64")))
    assert ["00692", "00688", "00693", "00691"] == listed["code"].tolist()


def test_the_sheet_holds_the_list(tmp_path: Path) -> None:
    """Words of both languages as heads, one row per commune below; a formula is text."""
    sheet = sheet_of(tmp_path / "t.xlsx")
    heads = [cell.value for cell in sheet[1]]
    assert "Thứ hạng\nRank" == heads[0]
    assert "Dân số chưa đạt bộ tiêu chí\nPeople who fail the profile" in heads
    first = [1, "00691", "=1+1", "Tỉnh X", 200, 150, 0.75, 100, 0.5, "lý do B", "reason B"]
    assert first == [cell.value for cell in sheet[2]]
    assert "s" == sheet["C2"].data_type
    assert sheet["C2"].quotePrefix
    assert ["#,##0", "0.0%"] == [sheet[place].number_format for place in ("F2", "G2")]
    assert 5 == sheet.max_row


@pytest.mark.parametrize("notice", ["", "DỮ LIỆU MẪU &Z"])
def test_the_sheet_is_ready_to_print(tmp_path: Path, notice: str) -> None:
    """A4 landscape, one page wide, its head and the notice on every page, pages numbered, reasons wrapped."""
    sheet = sheet_of(tmp_path / "t.xlsx", notice=notice)
    head = 2 if notice else 1
    assert ("landscape", 9) == (sheet.page_setup.orientation, sheet.page_setup.paperSize)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (1, 0) == (int(sheet.page_setup.fitToWidth or 1), int(sheet.page_setup.fitToHeight))
    assert f"$1:${head}" == sheet.print_title_rows
    assert f"'ranking'!$A$1:$K${head + 4}" == sheet.print_area
    assert "&P / &N" == sheet.oddFooter.right.text
    assert f"A{head}:K{head + 4}" == sheet.auto_filter.ref
    assert f"D{head + 1}" == sheet.freeze_panes
    assert all(sheet.cell(head + 1, column).alignment.wrap_text for column in range(1, 12))
    assert 44 == pytest.approx(sheet.column_dimensions["J"].width, abs=1)


def test_rows_that_do_not_fit_are_said_to_be_missing(tmp_path: Path) -> None:
    """The first ranks are kept, and the sheet says where all of them are."""
    sheet = sheet_of(tmp_path / "t.xlsx", row_limit=4)
    assert "holds only 2 of 4 rows; all of them are in communes.csv" in sheet["A1"].value
    assert ["00691", "00688"] == [sheet["B3"].value, sheet["B4"].value]
    assert 4 == sheet.max_row
