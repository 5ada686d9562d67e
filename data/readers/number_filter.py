"""Columns of numbers beside a filter: levels of signal, speeds, however they are written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from ..text.sentences import phrase
from .levels import HIGHEST_DBM, is_dbm, is_dbm_without_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?")  # 007 is a code


def same_number(text: str) -> str:
    """Write a number in one way, ``-105.0`` and ``-105`` as ``-105``; any other text stays as it is.

    Parameters
    ----------
    text
        A value without spaces around it. Leading zeros make a code of it, which is a text.
    """
    if not _NUMBER.fullmatch(text):
        return text
    number = Decimal(text)
    return format(number.normalize(), "f") if number else "0"


def reached_rows(
    values: Sequence[str | None], at_least: float, column: str, about: FileFindings
) -> NDArray[np.bool_] | None:
    """Find the values that are numbers from a threshold up.

    Where the threshold is a level in dBm, numbers that no receiver measures, such as 0, reach nothing.

    Parameters
    ----------
    values
        Values of a column without spaces around them; None for missing ones.
    at_least
        The threshold.
    column
        Name of the column.
    about
        Asked whether positive levels, or the threshold, lost their sign.

    Returns
    -------
    ndarray of bool or None
        None after a question that nobody has answered.
    """
    numbers = np.array(
        [float(value) if value is not None and _NUMBER.fullmatch(value) else np.nan for value in values]
    )
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return np.zeros(len(values), dtype=bool)
    range_of = phrase("values", lowest=float(known.min()), highest=float(known.max()))
    if is_dbm_without_sign(at_least) and known.max() <= 0 and known.min() < HIGHEST_DBM:
        told: dict[str, Any] = {"values": range_of, "threshold": at_least, "negative": -at_least}
        if not about.ask("coverage.threshold-sign", column=column, **told):
            return None
        at_least = -at_least
    if not is_dbm(at_least):
        return numbers >= at_least
    if known.min() >= 0 and known.max() > -HIGHEST_DBM:
        if not about.ask("coverage.sign-missing", column=column, values=range_of, threshold=at_least):
            return None
        numbers = -numbers
    return (numbers >= at_least) & (numbers <= HIGHEST_DBM)
