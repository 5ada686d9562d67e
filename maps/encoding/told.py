"""Sentences that a page already holds the numbers of: which form each has, and the few numbers it lacks.

A sentence is taken apart into texts, numbers and words such as a name. A number that one of the page's own columns
gives, rounded as the sentence rounds it, is not written again; which column, is found by trying all of them on all
sentences of one form. Whatever a sentence says, in whatever words: what the page puts together is that text, letter
for letter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ...data.text.wording import kilometres, number, percent
from ...data.text.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

GIVEN: Final = -1
"""Stands for a column where the number is written with the sentence."""

BELOW, ABOVE = -1, -2
"""Codes of what is more than nothing and less than the smallest number shown, and of nearly all."""

_MOST_DECIMALS = 4
_LARGEST = 10**12
_FIGURE = r"\d+(?:[.,]\d+)*"
_TOKEN = re.compile(rf"([<>]?{_FIGURE}%|(?<![\w.,]){_FIGURE} km(?![\w²])|(?<![\w.,-]){_FIGURE}(?![\w-]))")
_WHOLE = 100.0
_TENTHS = 10
_SMALL_KM = 0.05
_LARGE_KM = 9.95
_NOISE_PCT = 1e-7


class Slot(NamedTuple):
    """A number in a sentence: ``percent``, ``km`` or the decimals of a plain one, and the column that gives it."""

    kind: int
    column: int


PERCENT, KM, PLAIN = 0, 1, 2
"""Kinds of slots; ``PLAIN`` plus the decimals is that of a plain number, ``PLAIN`` plus 5 and more of one in English signs."""


class Form(NamedTuple):
    """What all sentences of a form have in common, in Vietnamese and English.

    A part is a text, the number of a slot, or below zero a word: -1 is the first one.
    """

    parts: tuple[tuple[str | int, ...], ...]
    slots: tuple[Slot, ...]


class Told(NamedTuple):
    """A sentence as a page holds it: its form, and the numbers that no column gives."""

    form: Form
    given: tuple[int, ...]


class Columns(NamedTuple):
    """The numbers a page has of each thing, float64 (things, columns) with NaN where unknown, and of which all is 100%."""

    values: NDArray[np.float64]
    whole: int


def tell(
    sentences: Sequence[tuple[str, str]],
    of: NDArray[np.int64],
    words: Sequence[Sequence[tuple[str, ...]]],
    columns: Columns,
) -> list[Told]:
    """Bring sentences into forms.

    Parameters
    ----------
    sentences
        Each in Vietnamese and English.
    of
        The thing each is about, a row of the columns; shape (sentences,).
    words
        For each thing its words, each in Vietnamese and English, as the page has them.
    columns
        What the page knows of each thing.
    """
    gathered = Gathered()
    for at, (pair, thing) in enumerate(zip(sentences, of.tolist(), strict=True)):
        gathered.add(at, taken_apart(pair, words[thing]))
    return gathered.told(of, columns)


class TakenApart(NamedTuple):
    """A sentence taken apart: its parts in both languages, the kinds of its slots, and their numbers."""

    parts: tuple[tuple[str | int, ...], ...]
    kinds: tuple[int, ...]
    codes: tuple[int, ...]


class Gathered:
    """Sentences that were taken apart, those of the same parts and kinds together."""

    def __init__(self) -> None:
        self._groups: defaultdict[tuple[Any, ...], tuple[list[int], list[Sequence[int]]]]
        self._groups = defaultdict(lambda: ([], []))

    def add(self, at: int, apart: TakenApart) -> None:
        """Take one sentence; ``at`` is its place among all."""
        self.extend(apart, [at], [apart.codes])

    def extend(self, form: TakenApart, places: Sequence[int], codes: Sequence[Sequence[int]]) -> None:
        """Take sentences that differ from one in nothing but their numbers."""
        members, numbers = self._groups[form.parts, form.kinds]
        members.extend(places)
        numbers.extend(codes)

    def told(self, of: NDArray[np.int64], columns: Columns) -> list[Told]:
        """Bring them into forms, in the order of their places; ``of`` and ``columns`` are those of :func:`tell`."""
        table = _Codes(columns)
        told: dict[int, Told] = {}
        for (parts, kinds), (members, codes) in self._groups.items():
            wanted = np.array(codes, dtype=np.int64).reshape(len(members), len(kinds))
            sources = _sources(kinds, wanted, of[members], table)
            forms: dict[tuple[int, ...], Form] = {}
            for at, row, numbers in zip(members, sources.tolist(), codes, strict=True):
                chosen = tuple(row)
                if chosen not in forms:
                    forms[chosen] = Form(parts, tuple(map(Slot, kinds, chosen)))
                given = [one for one, column in zip(numbers, chosen, strict=True) if column == GIVEN]
                told[at] = Told(forms[chosen], tuple(given))
        return [told[at] for at in range(len(told))]


def written(kind: int, code: int, language: str) -> str:
    """Write the number of a slot; ``BS.toldNumber`` of the page writes the same."""
    if kind == PERCENT:
        value = {BELOW: 0.01, ABOVE: 99.99}.get(code, code / _TENTHS)
        return percent(value, _WHOLE, language)
    if kind == KM:
        return kilometres(code / _TENTHS, language)
    decimals = (kind - PLAIN) % (_MOST_DECIMALS + 1)
    return number(code / 10**decimals, "en" if kind - PLAIN > _MOST_DECIMALS else language, decimals)


def taken_apart(pair: tuple[str, str], words: Sequence[tuple[str, ...]]) -> TakenApart:
    """Take a sentence apart; its words are cut out first, each once."""
    slots: list[tuple[int, int]] = []
    parts = []
    for place, text in enumerate(pair):
        free = list(range(len(slots))) if place else []
        pieces: list[str | int] = []
        for piece in _between(text, [word[place] for word in words]):
            if isinstance(piece, str):
                pieces += _numbers(piece, LANGUAGES[place], slots, free)
            else:
                pieces.append(piece)
        parts.append(tuple(pieces))
    return TakenApart(tuple(parts), tuple(kind for kind, _ in slots), tuple(code for _, code in slots))


def _between(text: str, words: Sequence[str]) -> list[str | int]:
    """Cut a text at its words, each once."""
    pieces: list[str | int] = [text]
    for at, word in enumerate(words):
        for place, piece in enumerate(pieces):
            if word and isinstance(piece, str) and word in piece:
                before, _, after = piece.partition(word)
                pieces[place : place + 1] = [one for one in (before, -at - 1, after) if one != ""]
                break
    return pieces


def _numbers(text: str, language: str, slots: list[tuple[int, int]], free: list[int]) -> list[str | int]:
    """Cut a text at its numbers; one that a free slot holds already takes that."""
    pieces: list[str | int] = []
    literal, *found = _TOKEN.split(text)
    for token, after in zip(found[::2], found[1::2], strict=True):
        slot = _slot(token, language)
        if slot is None:
            literal += token + after
            continue
        for at in free:
            if slots[at] == slot:
                free.remove(at)
                break
        else:
            at = len(slots)
            slots.append(slot)
        pieces += [literal, at] if literal else [at]
        literal = after
    return [*pieces, literal] if literal else pieces


@lru_cache(maxsize=2**16)
def _slot(token: str, language: str) -> tuple[int, int] | None:
    """Read a number; None where it is not written as the page writes numbers."""
    if token.startswith(("<", ">")):
        kind, code = PERCENT, BELOW if token[0] == "<" else ABOVE
        return (kind, code) if written(kind, code, language) == token else None
    figure = token.removesuffix("%").removesuffix(" km")
    unit = token[len(figure) :].strip()
    # degrees have English signs in both languages
    for other in (True,) if _decimals(figure) == _MOST_DECIMALS else (False, True):
        thousands, point = ".," if language == "vi" and not other else ",."
        whole, _, rest = figure.replace(thousands, "").partition(point)
        if not (whole + rest).isdigit() or len(rest) > _MOST_DECIMALS:
            continue
        code, decimals = int(whole + rest), len(rest)
        if unit:
            kind, code = PERCENT if unit == "%" else KM, code * _TENTHS if not rest else code
        else:
            kind = PLAIN + decimals + (_MOST_DECIMALS + 1) * other
        if code < _LARGEST and written(kind, code, language) == token:
            return kind, code
    return None


def _decimals(figure: str) -> int:
    at = max(figure.rfind("."), figure.rfind(","))
    return len(figure) - 1 - at if at >= 0 else 0


class _Codes:
    """The numbers of the columns as each kind of slot shows them, int64 (things, columns); made once each."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._made: dict[int, NDArray[np.int64]] = {}

    def of(self, kind: int) -> NDArray[np.int64]:
        if kind not in self._made:
            self._made[kind] = self._code(kind)
        return self._made[kind]

    def _code(self, kind: int) -> NDArray[np.int64]:
        values = self._columns.values
        nothing = np.iinfo(np.int64).min
        with np.errstate(invalid="ignore", divide="ignore"):
            if kind == PERCENT:
                whole = values[:, self._columns.whole : self._columns.whole + 1]
                pct = np.where(whole > 0, _WHOLE * values / whole, np.nan)
                code = np.floor(pct * _TENTHS + 0.5)
                code = np.where((pct > 0) & (code == 0), BELOW, code)
                code = np.where((pct < _WHOLE) & (code == _WHOLE * _TENTHS), ABOVE, code)
                code = np.where(np.abs(pct) <= _NOISE_PCT, 0, code)
                code = np.where(np.abs(pct - _WHOLE) <= _NOISE_PCT, _WHOLE * _TENTHS, code)
            elif kind == KM:
                code = np.where(
                    values < _LARGE_KM, np.floor(values * _TENTHS + 0.5), np.floor(values + 0.5) * _TENTHS
                )
                code = np.where((values > 0) & (values < _SMALL_KM), np.nan, code)
            else:
                code = np.floor(values * 10.0 ** ((kind - PLAIN) % (_MOST_DECIMALS + 1)) + 0.5)
        return np.where(np.isfinite(code) & (code < _LARGEST), code, nothing).astype(np.int64)


def _sources(
    kinds: Sequence[int], wanted: NDArray[np.int64], things: NDArray[np.int64], table: _Codes
) -> NDArray[np.int64]:
    """Choose for each slot the column that most sentences of a form agree with; where one does not, it is given."""
    found = np.full(wanted.shape, GIVEN, dtype=np.int64)
    for slot, kind in enumerate(kinds):
        agrees = table.of(kind)[things] == wanted[:, slot : slot + 1]
        counts = agrees.sum(axis=0)
        best = int(np.argmax(counts))
        if 2 * counts[best] >= len(wanted):
            found[:, slot] = np.where(agrees[:, best], best, GIVEN)
    return found
