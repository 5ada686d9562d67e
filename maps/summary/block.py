"""Text for a terminal or a log: blocks of it, and how figures are written there and in pages without scripts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

from ..coverage import wording

ONE_PERSON = 0.5
"""Fewer than this are shown as nobody."""


@dataclass(frozen=True, slots=True)
class Block:
    """A title, a small table and lines below it; any of them may be empty.

    ``numbers`` are the positions of the columns that are aligned to the right. The last column takes what
    room is left.
    """

    title: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()


def number(value: object, language: str) -> str:
    """Write a count of people for reading: no decimals, thousands apart; a dash where it is unknown."""
    count = real(value)
    return "-" if math.isnan(count) else wording.number(count, _language(language))


def percent(part: object, whole: object, language: str) -> str:
    """Write a share as :func:`~blackspot.coverage.wording.percent` does, of figures that may be missing."""
    return wording.percent(real(part), real(whole), _language(language))


def _language(language: str) -> wording.Language:
    """Take a word for a language; what is not Vietnamese is English."""
    return "vi" if language == "vi" else "en"


def real(value: object) -> float:
    """Take a figure as a number; NaN for what is none (a missing key, an empty cell)."""
    return float(value) if isinstance(value, Real) else math.nan
