"""Which columns speak, and of what."""

from __future__ import annotations

import pandas as pd

from blackspot.data.submissions.own_words.statements import Entry, statements_of

ENTRY = Entry("Sao Mai", "5g", "declared", "outdoor")


def meanings(columns: dict[str, list[object]]) -> dict[str, str]:
    """Give the meaning of each column that speaks."""
    return {one.column: one.meaning for one in statements_of(pd.DataFrame(columns), ENTRY)}


def test_every_meaning_has_its_column() -> None:
    """A file of many columns; those without a say are silent."""
    columns: dict[str, list[object]] = {
        "id": [1, 2],
        "nhà mạng": ["Sao Mai", "Hải Đăng"],
        "Công nghệ": ["5G", "4G"],
        "trạng thái": ["hoạt động", "quy hoạch"],
        "basis": ["modelled", "planned"],
        "moi_truong": ["ngoài trời", "trong nhà"],
        "phu_song": ["có", "không"],
        "so_nha_mang": [2, 0],
        "ghi_chu": ["a", "b"],
    }
    assert {
        "nhà mạng": "operator",
        "Công nghệ": "service",
        "trạng thái": "status",
        "basis": "basis",
        "moi_truong": "environment",
        "phu_song": "covered",
        "so_nha_mang": "count",
    } == meanings(columns)


def test_the_likelier_name_speaks() -> None:
    """Of two columns of operators that which holds the operator; of two of technologies the better named."""
    assert {"owner": "operator"} == meanings(
        {"operator": ["TowerCo", "TowerCo"], "owner": ["Sao Mai", "Sao Mai"]}
    )
    assert {"tech": "service"} == meanings({"generation": ["5G", "4G"], "tech": ["5G", "5G"]})
