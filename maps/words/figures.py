"""Numbers as they are said in vi and en."""

from __future__ import annotations

import math
from numbers import Real

from ...data.text import wording

ONE_PERSON = 0.5
"""Fewer than this are shown as nobody."""


def number(value: object, language: str) -> str:
    """Write a count of people for reading: no decimals, thousands apart; a dash where it is unknown."""
    count = real(value)
    return "-" if math.isnan(count) else wording.number(count, language)


def signed(value: object, language: str) -> str:
    """Write a change of people with its sign; one that rounds to nothing has none."""
    text = number(value, language)
    return f"+{text}" if real(value) > 0 and text != "0" else text


def percent(part: object, whole: object, language: str) -> str:
    """Write a share as :func:`~blackspot.data.text.wording.percent` does, of figures that may be missing."""
    return wording.percent(real(part), real(whole), language)


def people_range(low: object, high: object, language: str) -> str:
    """Write people between two ends; a dash where the lower one is unknown."""
    least, most = real(low), real(high)
    return "-" if math.isnan(least) else wording.people_range(least, most, language)


def percent_range(low: object, high: object, whole: object, language: str) -> str:
    """Write a share between two ends of figures that may be missing."""
    return wording.percent_range(real(low), real(high), real(whole), language)


def real(value: object) -> float:
    """Take a figure as a number; NaN for what is none (a missing key, an empty cell)."""
    return float(value) if isinstance(value, Real) else math.nan
