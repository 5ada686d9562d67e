"""Which rows of a file count, and an account of those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..text.cells import as_text, composed, listed
from ..text.sentences import phrase
from .number_filter import reached_rows, same_number

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.models import WhereFilter


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
