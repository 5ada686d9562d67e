"""Sentences about thousands of things, taken apart once for all that differ only in their numbers and names.

A sentence that is not written yet shows which texts it is made of and which numbers and words stand in it. One of
those made of the same is written and taken apart as :mod:`.told` does it; the others have the same parts with their own
numbers. Where that is not certain, such as where the name of a commune stands in an operator's name, too, or a number
is negative, a sentence is written and taken apart itself: what comes out is the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from ...data.text.safe import printable
from ...data.text.said import Amount, Said
from ...data.text.wording import capital
from ...data.text.words import LANGUAGES, Both
from .told import ABOVE, BELOW, Gathered, taken_apart

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .told import Columns, TakenApart, Told

    Pair = tuple[str, str]
    Code = tuple[str, int] | None

_LARGEST: Final = 1e12
_SHORTEST_KM, _LONG_KM = 0.05, 9.95
_LARGE_KM2 = 99.95
_HALF, _ONE_AND_A_HALF = 0.5, 1.5
_NOISE_PCT = 1e-7
_MOST_PLAIN = 1000  # from here on a number of Python's format language lacks the sign between thousands
_STANDS_FOR = 0xE000  # signs of private use, which no printable text has


def tell_said(
    lines: Sequence[Said], of: NDArray[np.int64], words: Sequence[Sequence[Pair]], columns: Columns
) -> list[Told]:
    """Bring sentences into forms: the same as :func:`~blackspot.maps.encoding.told.tell` makes of their texts.

    Parameters
    ----------
    lines
        The sentences. What a terminal would obey in their texts is replaced, see
        :func:`~blackspot.data.text.safe.printable`.
    of, words, columns
        As for ``tell``.
    """
    known = [_Words(each) for each in words]
    patterns: defaultdict[tuple[object, ...], tuple[list[int], list[list[int]]]]
    patterns = defaultdict(lambda: ([], []))
    single: list[int] = []
    things = of.tolist()
    for at, (line, thing) in enumerate(zip(lines, things, strict=True)):
        shape: list[object] = [line.finish]
        codes: list[int] = []
        if known[thing].are_apart and _outline(line, known[thing].place, shape, codes):
            places, numbers = patterns[tuple(shape)]
            places.append(at)
            numbers.append(codes)
        else:
            single.append(at)
    gathered = Gathered()
    for places, numbers in patterns.values():
        first = places[0]
        pattern = _Pattern.of(lines[first], words[things[first]], numbers[0])
        if pattern is None:
            single += places
            continue
        sure = [known[things[at]].are_not_in(pattern.literals) for at in places]
        single += [at for at, is_sure in zip(places, sure, strict=True) if not is_sure]
        told = [one for one, is_sure in zip(zip(places, numbers, strict=True), sure, strict=True) if is_sure]
        gathered.extend(pattern.apart, [at for at, _ in told], [codes for _, codes in told])
    for at in single:
        gathered.add(at, taken_apart(_texts(lines[at]), words[things[at]]))
    return gathered.told(of, columns)


def _texts(line: Said) -> Pair:
    vietnamese, english = (printable(line.text(language)) for language in LANGUAGES)
    return vietnamese, english


class _Words:
    """The words of a thing: where each stands among them, and whether they can be told from one another in a text."""

    __slots__ = ("are_apart", "place", "there")

    def __init__(self, words: Sequence[Pair]) -> None:
        self.place: dict[object, int] = {}
        self.there: list[str] = []
        for at, pair in enumerate(words):
            if not any(pair):
                continue
            self.place[pair] = at
            if pair[0] == pair[1]:
                self.place[pair[0]] = at
        vietnamese, english = ([pair[one] for pair in words] for one in (0, 1))
        in_both = all(all(pair) for pair in words if any(pair))
        self.are_apart = in_both and _are_apart(vietnamese) and (english == vietnamese or _are_apart(english))
        self.there = [word for word in dict.fromkeys([*vietnamese, *english]) if word]

    def are_not_in(self, literals: str) -> bool:
        """Say that none of them stands in a text."""
        return not any(word in literals for word in self.there)


def _are_apart(words: Sequence[str]) -> bool:
    """Say that no word is part of another, and that none is changed at the begin or the end of a sentence."""
    for at, word in enumerate(words):
        if not word:
            continue
        if not word.isprintable() or word != word.strip() or word != capital(word):
            return False
        if any(word in other for place, other in enumerate(words) if place != at):
            return False
    return True


class _Pattern:
    """What all sentences of one outline have in common: their parts, and the texts among these."""

    __slots__ = ("apart", "literals")

    def __init__(self, apart: TakenApart) -> None:
        self.apart = apart
        self.literals = "\n".join(part for parts in apart.parts for part in parts if isinstance(part, str))

    @classmethod
    def of(cls, line: Said, words: Sequence[Pair], codes: Sequence[int]) -> _Pattern | None:
        """Take one of them apart, with signs of its own for its words; None where another may come out otherwise."""
        signs = [chr(_STANDS_FOR + at) for at in range(len(words))]
        instead: dict[object, str] = {
            pair: sign for pair, sign in zip(words, signs, strict=True) if any(pair)
        }
        instead |= {pair[0]: sign for pair, sign in instead.items() if pair[0] == pair[1]}  # type: ignore[index]
        vietnamese, english = (line.text(language, instead) for language in LANGUAGES)
        apart = taken_apart((vietnamese, english), [(sign, sign) for sign in signs])
        found = cls(apart)
        in_order = [
            [part for part in parts if not isinstance(part, str) and part >= 0] == list(range(len(codes)))
            for parts in apart.parts
        ]
        twice = any(sign in found.literals for sign in signs)
        return found if all(in_order) and list(codes) == list(apart.codes) and not twice else None


def _outline(line: Said, words: Mapping[object, int], shape: list[object], codes: list[int]) -> bool:
    """Write down what a sentence is made of, and its numbers apart; False where a number is not sure to be found again."""
    template, values = line.template, line.values
    shape.append(template)
    before = len(codes)
    for name, form in template.slots:
        value: Any = values[name]
        kind = type(value)
        if kind is float or kind is int:
            found = _FORMS[form](value) if form in _FORMS and 0 <= value < _LARGEST else None
        elif kind is Amount:
            found = _AMOUNTS[value.form](value)
        elif kind is Said:
            if not _outline(value, words, shape, codes):
                return False
            continue
        else:
            if value not in words and not _is_plain(value):
                return False
            shape.append(words.get(value, value))
            continue
        if found is None:
            return False
        shape.append(found[0])
        codes.append(found[1])
    # numbers that the languages have in another order cannot be told apart where they are the same
    return template.is_alike and (template.is_parallel or len(codes) - before <= 1)


@lru_cache(maxsize=2**12)
def _is_plain(value: object) -> bool:
    """Say that a value is a text, or one in each language, that is written as it stands."""
    if type(value) is Both:
        return all(map(str.isprintable, value))
    return type(value) is str and value.isprintable()


def _whole(value: float) -> Code:
    return "n", math.floor(value + 0.5)


def _people(value: float) -> Code:
    if 0 < value < _ONE_AND_A_HALF:
        return ("<1" if value < _HALF else "1"), 1
    return "n", math.floor(value + 0.5)


def _km(value: float) -> Code:
    if 0 < value < _SHORTEST_KM:
        return "<km", 1
    if value < _LONG_KM:
        return "km", math.floor(value * 10 + 0.5)
    return "km", math.floor(value + 0.5) * 10


def _km2(value: float) -> Code:
    if value < _LARGE_KM2:
        return "km2", math.floor(value * 10 + 0.5)
    return "0km2", math.floor(value + 0.5)


def _thousandths(value: float) -> Code:
    return ("3f", int(f"{value:.3f}".replace(".", ""))) if value < _MOST_PLAIN - 1 else None


def _as_it_is(value: float) -> Code:
    return ("d", value) if type(value) is int and value < _MOST_PLAIN else None


def _share(amount: Amount) -> Code:
    """Read :func:`~blackspot.data.text.wording.percent` as a page does; a dash is a word of its own."""
    if not (amount.whole > 0 and math.isfinite(amount.value)):
        return None
    share = 100 * amount.value / amount.whole
    tenths = math.floor(share * 10 + 0.5)
    for limit in (0, 100):
        if abs(share - limit) <= _NOISE_PCT:
            return "%", 10 * limit
    if not 0 < share < 100:
        return None
    return "%", BELOW if tenths == 0 else ABOVE if tenths == 1000 else tenths


def _degrees(amount: Amount) -> Code:
    if not 0 <= amount.value < _MOST_PLAIN - 1:
        return None
    return "deg", int(f"{amount.value:.4f}".replace(".", ""))


def _ranged(write: Callable[[float], Code]) -> Callable[[Amount], Code]:
    return lambda amount: write(amount.value) if 0 <= amount.value < _LARGEST else None


_FORMS: Final[Mapping[str, Callable[[float], Code]]] = {
    "number": _whole,
    "people": _people,
    "km": _km,
    "km2": _km2,
    ".3f": _thousandths,
    "": _as_it_is,
}
_AMOUNTS: Final[Mapping[str, Callable[[Amount], Code]]] = {
    "number": _ranged(_whole),
    "km": _ranged(_km),
    "percent": _share,
    "degrees": _degrees,
}
