"""Sentences of the catalogue with their slots filled, numbers written as the language writes them.

A slot may say how a number is written: ``{share_pct:.1f}`` and whatever else Python's format language knows, or one
of these words, each a function of :mod:`.wording`:

===========  =======================================================================
``number``   whole, thousands apart, halves away from zero
``figure``   people without the word for them; ``under 1`` for a part of one
``people``   the same with the word: ``1.983 người``
``km``       a distance with its unit: ``9,9 km``, ``12 km``
``km2``      an area with its unit: ``12,3 km²``
``ground``   a small area with its unit: ``0,512 km²``, ``84 m²``
===========  =======================================================================

A value that is no number stands as it is, whatever its slot says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from numbers import Integral, Real
from string import Formatter
from typing import TYPE_CHECKING, Final

from .wording import figure, ground_text, kilometres, localized, number, people, square_kilometres
from .words import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WRITERS: Final[Mapping[str, Callable[[float, str], str]]] = {
    "number": number,
    "figure": figure,
    "people": people,
    "km": kilometres,
    "km2": square_kilometres,
    "ground": ground_text,
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence with words of its own: a text of the subject ``phrases``, and what fills its slots."""

    key: str
    values: tuple[tuple[str, object], ...]


def phrase(key: str, /, **values: object) -> Phrase:
    """Make a phrase of a key of the subject ``phrases`` and the values of its slots."""
    return Phrase(key, tuple(values.items()))


def say(subject: str, key: str, language: str, /, **values: object) -> str:
    """Say a sentence of the catalogue.

    Parameters
    ----------
    subject, key
        Which one.
    language
        vi or en.
    **values
        What its slots ask for.

    Raises
    ------
    KeyError
        There is no such text, or a value is missing.
    """
    return fill(words(subject, language)[key], language, values)


def fill(text: str, language: str, values: Mapping[str, object]) -> str:
    """Fill the slots of a text.

    Parameters
    ----------
    text
        With ``{name}`` or ``{name:format}``.
    language
        vi or en.
    values
        Texts, numbers, phrases and lists of them, by the names of the slots.

    Raises
    ------
    KeyError
        A value is missing.
    """
    return "".join(
        literal if name is None else literal + written(values[name], language, form)
        for literal, name, form in slots(text)
    )


def written(value: object, language: str, form: str = "") -> str:
    """Write a value as a language does.

    Parameters
    ----------
    value
        A number is written as ``form`` says, a phrase in its own words, the members of a list are joined with
        commas, or with semicolons where they are phrases; a text stands as it is.
    language
        vi or en.
    form
        What stands behind the colon of the slot.
    """
    if isinstance(value, Phrase):
        return fill(words("phrases", language)[value.key], language, dict(value.values))
    if isinstance(value, list | tuple):
        separator = "; " if any(isinstance(member, Phrase) for member in value) else ", "
        return separator.join(written(member, language, form) for member in value)
    amount = as_number(value)
    if amount is None:
        return str(value)
    if form in _WRITERS:
        return _WRITERS[form](amount, language)
    return localized(format(amount, form), language)


def as_number(value: object) -> float | None:
    """Give a number, of Python or of numpy, as one of Python; None for what is none, such as true and false."""
    if isinstance(value, bool):
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else None


@cache
def slots(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """Take a text apart: what stands before each slot, the name of the slot, and how it writes numbers."""
    return tuple((literal, name, form or "") for literal, name, form, _ in Formatter().parse(text))
