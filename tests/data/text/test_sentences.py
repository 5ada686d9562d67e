"""Sentences of the catalogue: slots filled, numbers written as the language writes them."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.sentences import Spoken, as_number, fill, phrase, slots, spoken, told


@pytest.mark.parametrize(
    ("text", "value", "vi", "en"),
    [
        ("{x}", "1.5 a,b", "1.5 a,b", "1.5 a,b"),
        ("{x}", 12345, "12345", "12345"),
        ("{x:,}", 12345, "12.345", "12,345"),
        ("{x:,.1f}", 2302.25, "2.302,2", "2,302.2"),
        ("{x:+,.0f}", -1234.4, "-1.234", "-1,234"),
        ("{x:.2f}%", np.float32(0.5), "0,50%", "0.50%"),
        ("{x}", np.int64(7), "7", "7"),
        ("{x}", 0.25, "0,25", "0.25"),
        ("{x:.1f}", "?", "?", "?"),
        ("{x}", True, "True", "True"),
        ("{x:ground}", 3.5123, "3,512 km²", "3.512 km²"),
        ("{x:ground}", 0.008412, "8.412 m²", "8,412 m²"),
        ("{x:ground}", 4e-7, "<1 m²", "<1 m²"),
        ("{x:.1f}", [1.5, 2], "1,5, 2,0", "1.5, 2.0"),
        ("a {x} {{b}}", "{y}", "a {y} {b}", "a {y} {b}"),
    ],
)
def test_a_slot_writes_its_value(text: str, value: object, vi: str, en: str) -> None:
    """The format of the slot says how many digits, the language which signs; text stays as it is."""
    assert (vi, en) == (fill(text, "vi", {"x": value}), fill(text, "en", {"x": value}))


def test_a_phrase_speaks_the_language_of_its_sentence() -> None:
    """Phrases in a list are held apart by semicolons."""
    place = phrase("place", lat=21.0, lon=105.851)
    assert "21,00° B, 105,85° Đ" == fill("{x}", "vi", {"x": place})
    assert "21.00° N, 105.85° E; … (+3)" == fill("{x}", "en", {"x": [place, phrase("more", count=3)]})


def test_a_value_that_is_missing_is_a_mistake_of_the_program() -> None:
    """No sentence is said with a hole in it."""
    with pytest.raises(KeyError, match="x"):
        fill("{x}", "vi", {})


def test_slots_are_taken_apart() -> None:
    """Text before, name and format of each; the rest of the text has no name."""
    assert (("a ", "x", ",.1f"), (" b", None, "")) == slots("a {x:,.1f} b")


@given(st.one_of(st.integers(), st.floats(), st.booleans(), st.text(), st.none()))
def test_only_numbers_are_numbers(value: object) -> None:
    """True and false are none, though Python counts with them."""
    expected = isinstance(value, int | float) and not isinstance(value, bool)
    assert expected == (as_number(value) is not None)


@given(st.floats(-1e9, 1e9))
def test_both_languages_write_the_same_number(value: float) -> None:
    """Reading the signs back the other way gives the other text."""
    en, vi = (fill("{x:,.3f}", language, {"x": value}) for language in ("en", "vi"))
    assert en == vi.translate(str.maketrans(",.", ".,"))
    assert f"{value:,.3f}" == en


def test_a_sentence_is_english_until_somebody_asks_for_another_language() -> None:
    """A log writes the text as it is; a screen says it in its language, also inside another sentence, and in a copy."""
    disk = told("errors", "cause.full")
    whole = told("errors", "disk", path="/srv", doing=told("errors", "doing.publish"), cause=disk, cure="?")
    assert "/srv: cannot publish the run, the disk is full; ?." == whole
    assert "/srv: không thể công bố lần chạy, đĩa đã đầy; ?." == spoken(whole, "vi")
    assert "disk" == whole.key
    copied = copy.copy(whole)
    assert (whole, spoken(whole, "vi")) == (copied, spoken(copied, "vi"))
    assert ("plain", "plain") == (spoken("plain", "vi"), spoken("plain", "en"))
    assert Spoken("a", "b") == spoken(Spoken("a", "b"), "en")


def test_the_name_of_a_service_follows_the_language() -> None:
    """Also in a sentence that is told far from the screen."""
    text = told("progress", "distances", service="fibre")
    assert "Measuring distances to the nearest fibre" == text
    assert "Đo khoảng cách tới cáp quang gần nhất" == spoken(text, "vi")
