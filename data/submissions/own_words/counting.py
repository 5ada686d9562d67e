"""What a coverage file says of its own rows: which of them count, which do not, and which nobody can tell.

A file speaks by its columns: the status of a route, the operator of an area, its technology, whether there is
coverage at all. Rows that by such words certainly do not count are left out and told; where words are not certain the
reader asks. Whatever the project file names in ``where`` is decided there and not looked at here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from ...text.cells import listed
from .statements import other_basis, services_in, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd
    from numpy.typing import NDArray

    from ...findings.collector import FileFindings
    from ...text.sentences import Phrase
    from .column import Statement
    from .statements import Entry

_ALL_OUT: Final = {
    "status": "submission.not-in-service",
    "basis": "submission.not-in-service",
    "environment": "submission.other-environment",
    "service": "submission.other-service",
    "service column": "submission.other-service",
    "operator": "submission.other-operator",
    "covered": "submission.not-covered",
    "count": "submission.not-covered",
}


def rows_that_count(
    columns: pd.DataFrame,
    entry: Entry,
    decided: Collection[str],
    size_of: Callable[[NDArray[np.intp]], Phrase],
    about: FileFindings,
) -> NDArray[np.intp] | None:
    """Choose the rows that count by the file's own words.

    Parameters
    ----------
    columns
        All columns of the rows that the project's filters keep.
    entry
        What is known of the file from outside.
    decided
        Columns that those filters look at.
    size_of
        Measures the shapes of some rows, by their positions.
    about
        Told what is left out, and asked about what is not certain.

    Returns
    -------
    ndarray of intp or None
        Positions in ``columns``; None where no row counts by what several columns say together.
    """
    kept = np.ones(len(columns), dtype=bool)
    statements = [one for one in statements_of(columns, entry) if one.column not in decided]
    unsure: list[Statement] = []
    for one in statements:
        out = one.verdicts == "out"
        if not out.any():
            unsure.append(one)
        elif not (one.verdicts == "counts").any() and not (one.verdicts == "unsure").any():
            _tell_all_out(one, entry, about)
        elif one.certain:
            _tell_left_out(one, kept & out, size_of, about)
            kept &= ~out
            unsure.append(one)
        else:
            unsure.append(replace(one, verdicts=np.where(out, "unsure", one.verdicts)))
    otherwise = other_basis(columns, entry)
    if otherwise is not None and otherwise[0] not in decided:
        about.add("submission.other-basis", column=otherwise[0], found=otherwise[1], wanted=entry.basis)
    for one in unsure:
        _ask(one, kept & (one.verdicts == "unsure"), size_of, about)
    if not kept.any() and len(columns):
        about.add("submission.nothing-counts", count=len(columns))
        return None
    return np.flatnonzero(kept)


def _tell_all_out(one: Statement, entry: Entry, about: FileFindings) -> None:
    """Say that by one column nothing counts: the file may be another one, or the column out of date."""
    found = sorted({value for value in one.texts if value is not None})
    wanted = {"operator": entry.operator, "environment": entry.environment}.get(one.meaning, entry.service)
    if one.meaning in {"service", "service column"}:
        found = sorted({word for value in found for word in services_in(value)})
    about.add(_ALL_OUT[one.meaning], column=one.column, found=found, wanted=wanted)


def _tell_left_out(
    one: Statement,
    out: NDArray[np.bool_],
    size_of: Callable[[NDArray[np.intp]], Phrase],
    about: FileFindings,
) -> None:
    at = np.flatnonzero(out)
    if not len(at):
        return
    about.add(
        "submission.rows-left-out",
        column=one.column,
        count=len(at),
        total=len(out),
        left_out=listed(one.texts[row] for row in at),
        size=size_of(at),
    )


def _ask(
    one: Statement,
    unsure: NDArray[np.bool_],
    size_of: Callable[[NDArray[np.intp]], Phrase],
    about: FileFindings,
) -> None:
    at = np.flatnonzero(unsure)
    if not len(at):
        return
    about.add(
        one.code,
        column=one.column,
        count=len(at),
        total=len(unsure),
        found=listed(one.texts[row] for row in at),
        size=size_of(at),
    )
