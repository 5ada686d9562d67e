"""Which rows of a file count, and an account of those that do not."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from ..text.cells import as_text, composed, listed
from ..text.sentences import phrase
from .levels import HIGHEST_DBM, is_dbm, is_dbm_without_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.sections.where import WhereFilter

_NUMBER = re.compile(r"[+-]?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,30})?")  # 007 is a code


def chosen_rows(
    columns: pd.DataFrame, where: WhereFilter | None, about: FileFindings, area: str = "coverage"
) -> NDArray[np.intp] | None:
    """Choose the rows that every filter keeps.

    Values are compared as text, without the spaces around, and numbers as numbers, however they are written.

    Parameters
    ----------
    columns
        The columns the filters look at; one row for each feature.
    where
        The filters; None keeps everything.
    about
        Told how many rows each value left out, and when nothing is left.
    area
        First word of the findings' codes: ``coverage`` or ``communes``.

    Returns
    -------
    ndarray of intp or None
        Positions of the rows that count; None after an error finding.
    """
    kept = np.arange(len(columns))
    for rule in () if where is None else where.every:
        values = [as_text(value) for value in columns[rule.column].iloc[kept]]
        keep = _kept(rule, values, about)
        if keep is None:
            return None
        if not keep.any():
            about.add(
                f"{area}.filter-keeps-nothing",
                column=rule.column,
                wanted=rule.values if rule.at_least is None else [phrase("or-more", number=rule.at_least)],  # noqa: PD011 - the key of the project file, no frame
                present=listed(values),
            )
            return None
        left_out = [value for value, keeps in zip(values, keep, strict=True) if not keeps]
        if left_out:
            about.add(
                f"{area}.filtered",
                column=rule.column,
                count=len(left_out),
                kept=int(keep.sum()),
                total=len(keep),
                left_out=listed(left_out),
            )
        kept = kept[keep]
    return kept


def _kept(rule: WhereFilter, values: list[str | None], about: FileFindings) -> NDArray[np.bool_] | None:
    """Say which values a filter keeps; None after an unanswered question."""
    if rule.at_least is not None:
        return reached_rows(values, rule.at_least, rule.column, about)
    wanted = {same_number(composed(value)) for value in rule.values}  # noqa: PD011 - the key of the project file, no frame
    return np.array([value is not None and same_number(value) in wanted for value in values], dtype=bool)


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
