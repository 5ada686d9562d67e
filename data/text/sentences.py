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
``service``  no number but the name of a service: ``5G``, ``cáp quang``
===========  =======================================================================

Any other value that is no number stands as it is, whatever its slot says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from numbers import Integral, Real
from string import Formatter
from typing import TYPE_CHECKING, Final, Self, cast

from .wording import (
    figure,
    ground_text,
    kilometres,
    localized,
    number,
    people,
    service_name,
    square_kilometres,
)
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


_PLAIN: Final = frozenset(
    {int, float}
)  # as nearly all numbers are; classes of numbers are asked far more slowly


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence with words of its own: a text of the subject ``phrases``, and what fills its slots."""

    key: str
    values: tuple[tuple[str, object], ...]


def phrase(key: str, /, **values: object) -> Phrase:
    """Make a phrase of a key of the subject ``phrases`` and the values of its slots."""
    return Phrase(key, tuple(values.items()))


class Spoken(str):
    """A sentence whose language is chosen where it is shown: as a text it is the English one.

    Messages of errors, of the log and of progress are made far from the screen, which alone knows its language;
    whoever knows nothing of languages, such as a log file, writes the English text.

    Attributes
    ----------
    vietnamese
        The same in Vietnamese.
    key
        Which text of the catalogue it is; empty for one that is none.
    """

    __slots__ = ("key", "vietnamese")

    vietnamese: str
    key: str

    def __new__(cls, english: str, vietnamese: str, key: str = "") -> Self:
        """Keep the Vietnamese text beside the English one."""
        made = super().__new__(cls, english)
        made.vietnamese, made.key = vietnamese, key
        return made

    def __reduce__(self) -> tuple[type[Spoken], tuple[str, str, str]]:
        """Let errors that carry such a sentence be copied, and come from another process."""
        return Spoken, (str(self), self.vietnamese, self.key)


def told(subject: str, key: str, /, **values: object) -> Spoken:
    """Make a sentence of the catalogue that is shown in the language of whoever reads it.

    Parameters
    ----------
    subject, key
        Which one.
    **values
        What its slots ask for.

    Raises
    ------
    KeyError
        There is no such text, or a value is missing.
    """
    return Spoken(say(subject, key, "en", **values), say(subject, key, "vi", **values), key)


def spoken(text: object, language: str) -> str:
    """Give a message or a phrase in a language, as far as it is known in it; any other text stands as it is."""
    if isinstance(text, Phrase):
        return fill(words("phrases", language)[text.key], language, dict(text.values))
    return text.vietnamese if isinstance(text, Spoken) and language == "vi" else str(text)


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
    pieces = []
    for literal, name, form in slots(text):
        pieces.append(literal)
        if name is not None:
            pieces.append(written(values[name], language, form))
    return "".join(pieces)


def verbatim(text: str) -> str:
    """Write a text as a part of one with slots, in which it stands as it is, braces and all."""
    return text.replace("{", "{{").replace("}", "}}")


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
    if type(value) is str:  # as most are
        return service_name(value, language) if form == "service" else value
    if isinstance(value, list | tuple):
        separator = "; " if any(isinstance(member, Phrase) for member in value) else ", "
        return separator.join(written(member, language, form) for member in value)
    amount = as_number(value)
    if amount is None:
        return service_name(str(value), language) if form == "service" else spoken(value, language)
    if form in _WRITERS:
        return _WRITERS[form](amount, language)
    return localized(format(amount, form), language)


def as_number(value: object) -> float | None:
    """Give a number, of Python or of numpy, as one of Python; None for what is none, such as true and false."""
    if type(value) in _PLAIN:
        return cast("float", value)
    if isinstance(value, bool | str):
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else None


@cache
def slots(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """Take a text apart: what stands before each slot, the name of the slot, and how it writes numbers."""
    return tuple((literal, name, form or "") for literal, name, form, _ in Formatter().parse(text))
