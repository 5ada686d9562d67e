"""Which rows of a coverage file count, and an account of those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..text.cells import as_text, composed, listed

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.models import WhereFilter


def chosen_rows(
    columns: pd.DataFrame, where: WhereFilter | None, about: FileFindings
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

    Returns
    -------
    ndarray of intp or None
        Positions of the rows that count; None after an error finding.
    """
    kept = np.arange(len(columns))
    for rule in () if where is None else where.every:
        values = [as_text(value) for value in columns[rule.column].iloc[kept]]
        wanted = {composed(value) for value in rule.values}  # noqa: PD011 - the key of the project file, no frame
        keep = np.array([value in wanted for value in values], dtype=bool)
        if not keep.any():
            about.add(
                "coverage.filter-keeps-nothing",
                column=rule.column,
                wanted=rule.values,
                present=listed(values),
            )
            return None
        left_out = [value for value, keeps in zip(values, keep, strict=True) if not keeps]
        if left_out:
            about.add(
                "coverage.filtered",
                column=rule.column,
                count=len(left_out),
                kept=int(keep.sum()),
                total=len(keep),
                left_out=listed(left_out),
            )
        kept = kept[keep]
    return kept
