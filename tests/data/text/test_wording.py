"""Figures and names in Vietnamese and English sentences."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text import wording
from blackspot.data.text.wording import ground_text


@pytest.mark.parametrize(
    ("value", "decimals", "vi", "en"),
    [
        (0, 0, "0", "0"),
        (999.4, 0, "999", "999"),
        (1234567.5, 0, "1.234.568", "1,234,568"),
        (2.5, 0, "3", "3"),
        (1234.56, 1, "1.234,6", "1,234.6"),
        (-1234.56, 1, "-1.234,6", "-1,234.6"),
        (-0.3, 0, "0", "0"),
    ],
)
def test_number(value: float, decimals: int, vi: str, en: str) -> None:
    """Vietnamese groups with points and has a decimal comma, English the other way round."""
    assert vi == wording.number(value, "vi", decimals)
    assert en == wording.number(value, "en", decimals)


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (0.0, "0 người", "0 people"),
        (0.2, "dưới 1 người", "under 1 person"),
        (0.7, "1 người", "1 person"),
        (12345.0, "12.345 người", "12,345 people"),
    ],
)
def test_people(value: float, vi: str, en: str) -> None:
    """Some people are never written as nobody."""
    assert vi == wording.people(value, "vi")
    assert en == wording.people(value, "en")


@pytest.mark.parametrize(
    ("part", "vi", "en"),
    [
        (0.0, "0%", "0%"),
        (0.1, "<0,1%", "<0.1%"),
        (0.49, "<0,1%", "<0.1%"),
        (0.5, "0,1%", "0.1%"),
        (217.0, "21,7%", "21.7%"),
        (999.4, "99,9%", "99.9%"),
        (999.5, ">99,9%", ">99.9%"),
        (999.99, ">99,9%", ">99.9%"),
        (1000.0, "100%", "100%"),
        (1000.0 - 1e-9, "100%", "100%"),
        (1e-9, "0%", "0%"),
        (math.nan, "-", "-"),
    ],
)
def test_percent(part: float, vi: str, en: str) -> None:
    """Only nothing is 0% and only all is 100%, noise of sums apart."""
    assert vi == wording.percent(part, 1000.0, "vi")
    assert en == wording.percent(part, 1000.0, "en")


@pytest.mark.parametrize("whole", [0.0, math.nan])
def test_there_is_no_percent_of_nobody(whole: float) -> None:
    """A dash where there is nobody or where it is not known."""
    assert wording.percent(0.0, whole, "en") == "-"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0 km"),
        (0.01, "under 0.1 km"),
        (3.24, "3.2 km"),
        (9.94, "9.9 km"),
        (9.96, "10 km"),
        (1234.4, "1,234 km"),
    ],
)
def test_kilometres(value: float, expected: str) -> None:
    """One decimal for what is near, whole kilometres for what is far."""
    assert expected == wording.kilometres(value, "en")


def test_square_kilometres() -> None:
    """One decimal below 100 km²."""
    assert wording.square_kilometres(12.345, "vi") == "12,3 km²"
    assert wording.square_kilometres(1234.5, "vi") == "1.235 km²"


@pytest.mark.parametrize(
    ("service", "vi", "en"), [("5g", "5G", "5G"), ("fibre", "cáp quang", "fibre"), ("wifi", "wifi", "wifi")]
)
def test_service_name(service: str, vi: str, en: str) -> None:
    """Generations are written as people write them; fibre has a Vietnamese word."""
    assert vi == wording.service_name(service, "vi")
    assert en == wording.service_name(service, "en")


def test_type_name() -> None:
    """A commune without a known type still has a word."""
    assert wording.type_name("special_zone", "vi") == "đặc khu"
    assert wording.type_name("ward", "en") == "ward"
    assert wording.type_name(None, "vi") == "đơn vị hành chính"


@pytest.mark.parametrize(
    ("words", "either", "expected"),
    [
        ([], False, ""),
        (["5G"], True, "5G"),
        (["5G", "fibre"], False, "5G and fibre"),
        (["4G", "5G", "fibre"], True, "4G, 5G or fibre"),
    ],
)
def test_listed(words: list[str], either: bool, expected: str) -> None:  # noqa: FBT001 - a drawn parameter
    """The last two words are joined by and, or by or."""
    assert expected == wording.listed(words, "en", either=either)


def test_listed_in_vietnamese() -> None:
    """Và and hoặc."""
    assert wording.listed(["5G", "cáp quang"], "vi") == "5G và cáp quang"
    assert wording.listed(["5G", "cáp quang"], "vi", either=True) == "5G hoặc cáp quang"


@given(st.integers(0, 100_000_000), st.integers(1, 100_000_000), st.sampled_from(["vi", "en"]))
def test_percent_never_claims_all_or_nothing(part: int, more: int, language: str) -> None:
    """0% and 100% are written only for nobody and everybody, of up to 200 million people."""
    text = wording.percent(part, part + more, language)
    assert (text == "0%") == (part == 0)
    assert text != "100%"
    assert not text.startswith(("0,0", "0.0", "100"))
    assert wording.percent(part + more, part + more, language) == "100%"


@pytest.mark.parametrize(
    ("ground_km2", "text"),
    [(3.5123, "3.512 km²"), (0.01, "0.010 km²"), (0.008412, "8,412 m²"), (4e-7, "<1 m²"), (0.0, "0 m²")],
)
def test_small_ground_is_told_in_square_metres(ground_km2: float, text: str) -> None:
    """No area that is there reads 0.000 km²."""
    assert text == ground_text(ground_km2, "en")
