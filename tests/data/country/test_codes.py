"""Codes are text of a fixed length, and names are what people read."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.country.codes import read_codes, repeated


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("00004", "00004"),
        ("4", "00004"),
        (4, "00004"),
        (4.0, "00004"),
        ("4.0", "00004"),
        ("4,0", "00004"),
        (np.int64(31_234), "31234"),
        (" 00004\n", "00004"),
        ("", ""),
        (None, ""),
        (float("nan"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        ("4.5", "4.5"),
        ("-4", "-4"),
        ("A12", "A12"),
        ("123456", "123456"),
        ("٤", "٤"),
    ],
)
def test_a_code_is_read_from_whatever_a_file_holds(value: object, code: str) -> None:
    """Numbers, decimal numbers that are whole and text give the same code; nothing else is bent into one."""
    assert [code] == read_codes([value], 5).text.tolist()


def test_what_happened_to_each_code_is_told() -> None:
    """Padded, missing and wrong codes are marked; a code that was right is not."""
    codes = read_codes(["00004", 4, None, "123456", "AB", "4"], 5)
    assert [False, True, False, False, False, True] == codes.padded.tolist()
    assert [False, False, True, False, False, False] == codes.missing.tolist()
    assert [False, False, False, True, True, False] == codes.bad.tolist()


@pytest.mark.parametrize("value", ["31.000", "1.234", "1,000", "031.000"])
def test_a_code_with_a_thousands_separator_is_never_guessed(value: str) -> None:
    """31.000 may be commune 31000 as a spreadsheet shows it, or 31 with decimals: it is refused as it is."""
    codes = read_codes([value, "4.00", "4.0000"], 5)
    assert [value, "00004", "00004"] == codes.text.tolist()
    assert [True, False, False] == codes.bad.tolist()


@given(st.integers(0, 99_999))
def test_any_spelling_of_a_number_gives_one_code(number: int) -> None:
    """What a spreadsheet made of a code is undone, whatever the code."""
    spellings = [f"{number:05d}", str(number), number, float(number), f"{number}.0", np.float64(number)]
    assert {f"{number:05d}"} == set(read_codes(spellings, 5).text)


def test_repeated_codes_are_listed_once_in_order() -> None:
    """Empty ones are missing, not repeated."""
    assert ["1", "2"] == repeated(["2", "1", "2", "1", "1", "", "", "3"])
