"""Columns, technologies and statuses, however people call them."""

from __future__ import annotations

import pytest

from blackspot.data.text.column_names import guess_column, service_of


@pytest.mark.parametrize(
    ("columns", "meaning", "expected"),
    [
        (["Mã xã", "Tên xã"], "code", "Mã xã"),
        (["pop_api_2025_07"], "population", "pop_api_2025_07"),
        (["Kinh độ"], "longitude", "Kinh độ"),
        (["NHA_MANG"], "operator", "NHA_MANG"),
        (["abc"], "code", ""),
    ],
)
def test_columns_are_known_by_what_people_call_them(columns: list[str], meaning: str, expected: str) -> None:
    """English or Vietnamese, any case, with or without accents."""
    assert expected == guess_column(columns, meaning)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5G", "5g"),
        ("NR", "5g"),
        ("5G NSA", "5g"),
        ("LTE", "4g"),
        ("LTE-A", "4g"),
        ("FTTH", "fibre"),
        ("x", ""),
    ],
)
def test_technologies_however_they_are_spelt(text: str, expected: str) -> None:
    """Five spellings of two things."""
    assert expected == service_of(text)
