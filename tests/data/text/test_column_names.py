"""Columns, technologies and statuses, however people call them."""

from __future__ import annotations

import pytest

from blackspot.data.text.column_names import guess_column


@pytest.mark.parametrize(
    ("columns", "meaning", "expected"),
    [
        (["Mã xã", "Tên xã"], "code", "Mã xã"),
        (["pop_api_2025_07"], "population", "pop_api_2025_07"),
        (["Kinh độ"], "longitude", "Kinh độ"),
        (["NGAY"], "date", "NGAY"),
        (["abc"], "code", ""),
    ],
)
def test_columns_are_known_by_what_people_call_them(columns: list[str], meaning: str, expected: str) -> None:
    """English or Vietnamese, any case, with or without accents."""
    assert expected == guess_column(columns, meaning)
