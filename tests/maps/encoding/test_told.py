"""Sentences taken apart and put together again: the same letters, whatever they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.text.wording import kilometres, number, people, percent
from blackspot.data.text.words import LANGUAGES
from blackspot.maps.encoding.told import GIVEN, Columns, Told, tell, written

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_COLUMNS = Columns(np.zeros((1, 1)), 0)


def back(told: Told, words: Sequence[tuple[str, ...]], codes: Sequence[int] = ()) -> tuple[str, ...]:
    """Put a sentence together as the page does, with the codes of the slots where columns give them."""
    numbers = iter(told.given)
    filled = [
        next(numbers) if slot.column == GIVEN else code
        for slot, code in zip(told.form.slots, codes or [0] * 99, strict=False)
    ]
    return tuple(
        "".join(
            part
            if isinstance(part, str)
            else words[-part - 1][at]
            if part < 0
            else written(told.form.slots[part].kind, filled[part], language)
            for part in parts
        )
        for at, (language, parts) in enumerate(zip(LANGUAGES, told.form.parts, strict=True))
    )


def told_alone(pair: tuple[str, str], *words: tuple[str, str]) -> Told:
    (told,) = tell([pair], np.array([0]), [words], NO_COLUMNS)
    return told


VALUES = st.one_of(st.just(0.0), st.floats(0, 3e6), st.integers(0, 10**7).map(float))


@given(VALUES, VALUES, st.sampled_from([0.0, 0.4, 50.0, 99.96, 100.0]))
def test_numbers_come_back_as_they_were_written(count: float, far: float, share: float) -> None:
    """People, distances, shares and degrees; one in each language, held once for both."""
    pair = (
        f"{people(count, 'vi')}: {percent(share, 100, 'vi')}, {kilometres(far, 'vi')} tại 9.3579",
        f"{people(count, 'en')}: {percent(share, 100, 'en')}, {kilometres(far, 'en')} at 9.3579",
    )
    told = told_alone(pair)
    assert pair == back(told, [])
    assert len(told.form.slots) <= 4


@given(
    st.text(alphabet="0123456789.,%<>km² xG-", max_size=30), st.text(alphabet="0123456789., km%", max_size=30)
)
def test_whatever_it_says_comes_back(vietnamese: str, english: str) -> None:
    """What only looks like a number stays text."""
    assert (vietnamese, english) == back(told_alone((vietnamese, english)), [])


def test_words_are_not_written_again() -> None:
    """A name and a code stand where the sentence has them, each once, and need not be the same in both languages."""
    words = (("Sóng Nhung", "Sóng Nhung"), ("00043", "00043"), ("lý do 5", "reason 5"))
    pair = ("Xã Sóng Nhung (00043). lý do 5", "Sóng Nhung (00043), commune. reason 5")
    told = told_alone(pair, *words)
    assert (("Xã ", -1, " (", -2, "). ", -3), (-1, " (", -2, "), commune. ", -3)) == told.form.parts
    assert pair == back(told, words)


def test_numbers_of_the_page_are_not_written_again() -> None:
    """Where most sentences of a form have the number of a column, the others bring theirs along."""
    values = np.array([[1000.0, 250.4, 12.34], [2000.0, 499.6, 0.26], [500.0, 500.0, 9.96]])
    said = [
        (
            f"{number(b, 'vi')} người ({percent(b, a, 'vi')}), {kilometres(c, 'vi')}",
            f"{number(b, 'en')} people ({percent(b, a, 'en')}), {kilometres(c, 'en')}",
        )
        for a, b, c in values
    ]
    said[1] = (said[1][0].replace("500", "501"), said[1][1].replace("500", "501"))
    first, second, third = tell(said, np.arange(3), [()] * 3, Columns(values, 0))
    assert [1, 1, 2] == [slot.column for slot in first.form.slots]
    assert ((), (501,), ()) == (first.given, second.given, third.given)
    assert [GIVEN, 1, 2] == [slot.column for slot in second.form.slots]
    assert first.form == third.form


@pytest.mark.parametrize("share", [0.0, 1e-6, 0.04, 0.05, 33.333, 99.94, 99.96, 100.0])
def test_a_share_of_a_column_is_the_one_that_is_said(share: float) -> None:
    """At both ends, too, where only nothing is 0 % and only all is 100 %."""
    values = np.array([[1000.0, 10 * share]])
    pair = tuple(percent(10 * share, 1000.0, language) for language in LANGUAGES)
    (told,) = tell([(pair[0], pair[1])], np.array([0]), [()], Columns(values, 0))
    assert GIVEN not in {slot.column for slot in told.form.slots}
    assert () == told.given
