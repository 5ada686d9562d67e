"""Names become plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.slug import slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sao Mai", "sao_mai"),
        ("Hải Đăng", "hai_dang"),
        ("Biển Xanh!", "bien_xanh"),
        ("  VNPT--Net 2 ", "vnpt_net_2"),
        ("đặc khu", "dac_khu"),
        ("ĐẶC KHU", "dac_khu"),
        ("移动", ""),
        ("../../etc", "etc"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    """Names become plain words."""
    assert expected == slug(text)


@given(st.text())
def test_a_slug_is_plain_and_stays_as_it_is(text: str) -> None:
    """Only a-z, 0-9 and single inner underscores; a slug of a slug is itself."""
    word = slug(text)
    assert set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert word.strip("_") == word
    assert "__" not in word
    assert slug(word) == word
