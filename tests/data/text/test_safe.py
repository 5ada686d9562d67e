"""Words that are safe to print, and text that any table can hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.safe import clean_text, plain


@given(st.text())
def test_any_text_becomes_one_printable_line(text: str) -> None:
    """Whatever a file holds, a finding is one line that can be encoded."""
    line = plain(text)
    assert 1 >= len(line.splitlines())
    assert line == line.encode().decode()


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("Xã Đồng Văn", "Xã Đồng Văn"),
        ("a\r\nb", "a b"),
        ("a\rb\nc\td", "a b c d"),
        ("a\u2028b\u2029c\x85d\ve\ff", "a b c d e f"),
        ("a\x00b\x07c\x7fd\x9fe", "a\ufffdb\ufffdc\ufffdd\ufffde"),
        ("a\ud800b", "a\ufffdb"),
        ("a\ufffeb\uffffc", "a\ufffdb\ufffdc"),
        ("\u202eabc\u200b", "\u202eabc\u200b"),
        ("Ho\u0300a", "Ho\u0300a"),
    ],
)
def test_text_is_one_writable_line(dirty: str, clean: str) -> None:
    """Breaks become spaces, unwritable characters U+FFFD; letters and marks stay, even right-to-left ones."""
    assert clean == clean_text(dirty)


@given(st.text(alphabet=st.characters()))
def test_clean_text_can_be_encoded_and_stays_clean(text: str) -> None:
    """Whatever the text, UTF-8 takes the cleaned one, it is one line, and cleaning again changes nothing."""
    clean = clean_text(text)
    assert clean.encode().decode() == clean
    assert len(clean.splitlines()) <= 1
    assert clean == clean_text(clean)
