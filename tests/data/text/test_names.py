"""Names are what people read."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.names import bare_name, clean_name, is_nothing


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Đồng Văn", "Đồng Văn"),
        (unicodedata.normalize("NFD", "Đồng Văn"), "Đồng Văn"),
        ("  Hòa\n\tBình ", "Hòa Bình"),
        ("Hòa\u00a0Bình", "Hòa Bình"),
        ("Hòa\u200b\u202eBình\x00", "Hòa Bình"),
        ("${x} </script>", "${x} </script>"),
        (None, ""),
        (float("nan"), ""),
        (7, "7"),
    ],
)
def test_names_are_shown_clean(name: object, shown: str) -> None:
    """Accents compose, spaces are single, invisible characters go; everything else stays."""
    assert shown == clean_name(name)


@given(st.text())
def test_cleaning_twice_changes_nothing(name: str) -> None:
    """A clean name is clean."""
    assert clean_name(name) == clean_name(clean_name(name))


def test_an_empty_text_is_not_nothing() -> None:
    """Only cells without content are nothing; zero and empty text are values."""
    assert [True, True, True, True] == [is_nothing(v) for v in (None, float("nan"), pd.NA, pd.NaT)]
    assert [False, False, False] == [is_nothing(v) for v in ("", 0, [])]


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Phường Dương Đông", "duong_dong"),
        ("Xã Hoà Bình", "hoa_binh"),
        ("Hòa Bình", "hoa_binh"),
        ("Thị trấn Sa Pa", "sa_pa"),
        ("Xã", "xa"),
        ("Xa Dung", "dung"),
        ("ຫຼວງ", "ຫຼວງ"),
        ("", ""),
    ],
)
def test_bare_names_are_alike_whatever_the_type_and_the_tones(name: str, bare: str) -> None:
    """One type goes, never the whole name; other scripts stay."""
    assert bare == bare_name(name)
