"""Which rows of a file count, and an account of those that do not."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ..text.names import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.models import WhereFilter


def chosen_rows(
    columns: pd.DataFrame, where: WhereFilter | None, about: FileFindings, area: str = "coverage"
) -> NDArray[np.intp] | None:
    """Choose the rows that every filter keeps.

    Values are compared as text, without the spaces around; a whole number is written without a point.

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
        wanted = {_plain(value) for value in rule.values}  # noqa: PD011 - the key of the project file, no frame
        keep = np.array([value in wanted for value in values], dtype=bool)
        if not keep.any():
            about.add(
                f"{area}.filter-keeps-nothing",
                column=rule.column,
                wanted=rule.values,
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


def as_text(value: object) -> str | None:
    """Write a value of a column as the filters compare it.

    Parameters
    ----------
    value
        A cell.

    Returns
    -------
    str or None
        None for a missing value; the text ``<NA>`` is a text like any other.
    """
    if is_nothing(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _plain(str(value))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def listed(values: Iterable[str | None]) -> list[str]:
    """Count values, the most frequent first: ``'Planned' 75``; a missing value is an empty pair of quotes."""
    counts = Counter("" if value is None else value for value in values)
    return [
        f"'{value}' {count}" for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
