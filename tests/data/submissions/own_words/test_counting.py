"""Which rows count by the words of the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.submissions.own_words.counting import rows_that_count
from blackspot.data.submissions.own_words.statements import Entry
from blackspot.data.text.sentences import phrase

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from blackspot.data.text.sentences import Phrase

FOUR = Entry("Sao Mai", "4g", "declared")


def size_of(at: NDArray[np.intp]) -> Phrase:
    """Say that each row measures a square kilometre."""
    return phrase("size-areas", km2=float(len(at)))


def counted(
    columns: dict[str, list[Any]],
    entry: Entry = FOUR,
    decided: tuple[str, ...] = (),
    accept: tuple[str, ...] = (),
) -> tuple[list[int], set[str]]:
    """Give the rows that count, and what was said."""
    findings = Findings(accept=accept)
    rows = rows_that_count(pd.DataFrame(columns), entry, decided, size_of, findings.about("x"))
    codes = {item.code for item in findings.items if item.severity != "note"}
    return ([] if rows is None else rows.tolist()), codes


LEFT_OUT = {"submission.rows-left-out"}
UNSURE = {"submission.rows-unsure"}


@pytest.mark.parametrize(
    "columns",
    [
        {"status": ["Operational", "Planned"]},
        {"Trạng thái": ["Hoạt động", "Quy hoạch"]},
        {"spanStatus": ["operational", "underConstruction"]},
        {"estado": ["En servicio", "Planificado"]},
        {"status": ["Operational", "decommissioned"]},
        {"status": ["Operational", "Planned"], "node_status": ["Operational", None]},
        {"basis": ["modelled", "planned"]},
        {"tech": ["4G", "5G"]},
        {"rat": ["LTE", "NR"]},
        {"technology": ["4G/5G", "3G"]},
        {"operator": ["Sao Mai", "Hải Đăng"]},
        {"operator": ["SAO MAI; Hải Đăng", "Hải Đăng"]},
        {"brand": ["Sao Mai", "Hải Đăng"]},
        {"4G": ["SI", "NO"]},
        {"cov_lte": [1, 0]},
        {"has_4g": [True, False]},
        {"4g": ["x", None]},
        {"covered": [1.0, 0.0]},
        {"phu_song": ["có", "không"]},
        {"coverage": ["Covered", "No coverage"]},
        {"not_covered": [0, 1]},
        {"vung_lom": ["không", "có"]},
        {"mobilesBB_AnzahlMNB": [3, 0]},
        {"so_nha_mang": ["2", "0"]},
        {"Sao Mai": ["yes", "no"]},
    ],
)
def test_what_does_not_count_is_left_out_and_told(columns: dict[str, list[Any]]) -> None:
    """The second of two rows does not count, by each of these words."""
    assert ([0], LEFT_OUT) == counted(columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"status": ["Operational", "B2"]},
        {"status": ["hoạt động", "hoạt động không ổn định"]},
        {"remark": ["existing", "planned"]},
        {"layer": ["4G", "5G"]},
        {"group": ["Sao Mai", "Hải Đăng"]},
        {"tech": ["4G", "Wimax"]},
        {"operator": ["Sao Mai", "Sao Mai Xanh"]},
        {"coverage": [0.4, 1, 0]},
        {"DN": [255 // 20, 0]},
        {"class": [1, 0]},
    ],
)
def test_what_is_not_certain_is_asked(columns: dict[str, list[Any]]) -> None:
    """Nothing is left out unasked; what is accepted counts."""
    rows, codes = counted(columns)
    assert "submission.rows-unsure" in codes
    accepted, after = counted(columns, accept=("submission.rows-unsure",))
    assert (rows, codes - UNSURE) == (accepted, after)
    assert set(rows) >= {0, 1}


@pytest.mark.parametrize(
    "columns",
    [
        {"status": ["Operational", "active"]},
        {"status": ["Operational", None]},
        {"tech": ["4G", "LTE"]},
        {"operator": ["Sao Mai", "sao mai"]},
        {"ghi_chu": ["phủ sóng ngoài trời", "phủ sóng ngoài trời"]},
        {"coverage": [1, 1]},
        {"dl_mbps": [0, 30]},
        {"site": ["Planned Parenthood", "x"]},
        {"ma_tinh": ["01", "02"]},
        {"state": ["Lagos", "Kano"]},
        {"provider": ["Hải Đăng", "Biển Xanh"]},
        {"network": ["a", "b"]},
        {"id": [0, 1]},
        {"name": ["Quảng Ninh", "Quảng Trị"]},
        {"class": [1, 2]},
        {"number": [0, 1]},
        {"rsrp": [-95, -95]},
        {"signal": [1, 2]},
        {"THRESHOLD": ["RSRP>=-110", "RSRP>=-110"]},
    ],
)
def test_other_columns_decide_nothing(columns: dict[str, list[Any]]) -> None:
    """All rows count, and nothing is said."""
    assert ([0, 1], set()) == counted(columns)


@pytest.mark.parametrize(
    ("columns", "entry", "code"),
    [
        ({"status": ["Planned", "proposed"]}, FOUR, "submission.not-in-service"),
        ({"basis": ["planned", "planned"]}, FOUR, "submission.not-in-service"),
        ({"tech": ["5G", "5G"]}, FOUR, "submission.other-service"),
        ({"5G": ["SI", "NO"]}, FOUR, "submission.other-service"),
        ({"technology": [500, 500]}, FOUR, "submission.other-service"),
        ({"operator": ["Hải Đăng", "Hải Đăng"]}, FOUR, "submission.other-operator"),
        ({"covered": [0, 0]}, FOUR, "submission.not-covered"),
        (
            {"environment": ["indoor", "indoor"]},
            Entry("Sao Mai", "4g", "declared", "outdoor"),
            "submission.other-environment",
        ),
        ({"environment": ["indoor", "outdoor"]}, FOUR, "submission.several-environments"),
        ({"technology": [300, 400]}, FOUR, "submission.service-codes"),
        ({"rsrp": ["-85", "-105.0"]}, FOUR, "submission.signal-bands"),
        ({"environmnt": [0, 1]}, FOUR, "submission.several-environments"),
        ({"basis": ["modelled", "modelled"]}, Entry("Sao Mai", "4g", "measured"), "submission.other-basis"),
    ],
)
def test_a_file_that_speaks_of_something_else_is_asked_about(
    columns: dict[str, list[Any]], entry: Entry, code: str
) -> None:
    """No row counts by one column: then it is the file that is in doubt, and all its rows stay until somebody says."""
    assert ([0, 1], {code}) == counted(columns, entry)


def test_the_environment_that_is_meant_counts() -> None:
    """Rows of another one do not, however it is spelt."""
    entry = Entry("Sao Mai", "4g", "declared", "outdoor")
    assert ([0], LEFT_OUT) == counted({"moi_truong": ["Ngoài trời", "Trong nhà"]}, entry)


def test_plans_count_where_plans_are_meant() -> None:
    """In a file of plans; what was taken down never."""
    plans = Entry("Sao Mai", "4g", "planned")
    assert ([0, 1], LEFT_OUT) == counted({"status": ["Planned", "Operational", "decommissioned"]}, plans)


def test_what_the_project_decides_is_not_looked_at() -> None:
    """A column that where names; others still speak."""
    columns = {"status": ["Planned", "Planned"], "tech": ["4G", "5G"]}
    assert ([0], LEFT_OUT) == counted(columns, decided=("status",))


def test_an_empty_cell_does_not_count_beside_rows_that_do_not() -> None:
    """Where the column tells rows apart, silence is no coverage; where it does not, nothing changes."""
    assert ([0], LEFT_OUT) == counted({"status": ["Operational", "Planned", None, "Unknown"]})
    assert ([0, 1], set()) == counted({"status": ["Operational", None]})


def test_columns_that_contradict_each_other_leave_nothing() -> None:
    """Every row is left out by one column or another: that is an error of its own."""
    rows, codes = counted({"status": ["Planned", "Operational"], "covered": ["yes", "no"]})
    assert ([], {"submission.nothing-counts", "submission.rows-left-out"}) == (rows, codes)


def test_the_size_of_what_is_left_out_is_told() -> None:
    """Number, values and ground."""
    findings = Findings()
    columns = pd.DataFrame({"status": ["Operational", "Planned", "Planned"]})
    rows_that_count(columns, FOUR, (), size_of, findings.about("x"))
    (finding,) = findings.items
    assert "2 of 3 rows do not count: 'Planned' 2; their shapes: 2.0 km²." in finding.message_en
