"""Sentences before they are written: one for both languages, their numbers still numbers.

Whoever writes a sentence about each of thousands of places decides once what is said of a place, and can see which
places are told in the same words with other numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from .sentences import slots, written
from .wording import kilometres, number, percent
from .words import LANGUAGES, Both, both

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .words import Language


class Amount(NamedTuple):
    """A number where the text itself does not say how it is written.

    ``form`` is ``number``, ``km``, ``percent`` (the share that ``value`` is of ``whole``) or ``degrees``, which have
    English signs in both languages.
    """

    form: str
    value: float
    whole: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A text in both languages with slots; there is one of each.

    Attributes
    ----------
    texts
        In Vietnamese and English.
    slots
        Name and form of each slot, in the order of the Vietnamese text.
    is_alike
        Both languages have the same slots, each in the same form.
    is_parallel
        They have them in the same order.
    """

    texts: Both
    slots: tuple[tuple[str, str], ...]
    is_alike: bool
    is_parallel: bool


@dataclass(slots=True, eq=False)
class Said:
    """A sentence, or a part of one, with what fills its slots.

    Attributes
    ----------
    template
        Its text.
    values
        By the names of the slots: numbers, texts, texts in both languages, or further parts.
    finish
        What is done to the whole text in the end, such as a full stop; None for nothing.
    """

    template: Template
    values: Mapping[str, object]
    finish: Callable[[str], str] | None = None

    def text(self, language: Language, instead: Mapping[object, str] | None = None) -> str:
        """Write it.

        Parameters
        ----------
        language
            vi or en.
        instead
            Texts that stand for values.
        """
        at = LANGUAGES.index(language)
        pieces = []
        for literal, name, form in slots(self.template.texts[at]):
            pieces.append(literal)
            if name is not None:
                pieces.append(_part(self.values[name], language, form, instead or {}))
        text = "".join(pieces)
        return text if self.finish is None else self.finish(text)


_AMOUNTS: Final[Mapping[str, Callable[[Amount, str], str]]] = {
    "number": lambda amount, language: number(amount.value, language),
    "km": lambda amount, language: kilometres(amount.value, language),
    "percent": lambda amount, language: percent(amount.value, amount.whole, language),
    "degrees": lambda amount, _: f"{amount.value:.4f}",
}


def _part(value: object, language: Language, form: str, instead: Mapping[object, str]) -> str:
    if isinstance(value, Said):
        return value.text(language, instead)
    if isinstance(value, Amount):
        return _AMOUNTS[value.form](value, language)
    if instead and isinstance(value, str | Both) and value in instead:
        return instead[value]
    if isinstance(value, Both):
        return value[LANGUAGES.index(language)]
    return written(value, language, form)


@cache
def template(subject: str, key: str) -> Template:
    """Give a text of the catalogue with its slots.

    Parameters
    ----------
    subject, key
        Which one.

    Raises
    ------
    KeyError
        There is no such text.
    """
    return plain_template(both(subject, key))


@cache
def plain_template(texts: Both) -> Template:
    """Take a text apart that is none of the catalogue, such as one that only puts others side by side."""
    here, there = (tuple((name, form) for _, name, form in slots(text) if name is not None) for text in texts)
    return Template(texts, here, sorted(here) == sorted(there), here == there)


def joined(parts: Sequence[object], separator: str = "", finish: Callable[[str], str] | None = None) -> Said:
    """Put parts behind one another.

    Parameters
    ----------
    parts
        What fills slots.
    separator
        What stands between two; without braces.
    finish
        As in :class:`Said`.
    """
    names = _names(len(parts))
    return Said(_row(len(parts), separator), dict(zip(names, parts, strict=True)), finish)


@cache
def _names(count: int) -> tuple[str, ...]:
    return tuple(f"part{at}" for at in range(count))


@cache
def _row(count: int, separator: str) -> Template:
    text = separator.join(f"{{{name}}}" for name in _names(count))
    return plain_template(Both(text, text))
