"""Decisions about the people of single communes: which figure counts, why, and since when."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..disk.hashing import ANYTHING
from ..readers.facts import Refused
from ..readers.table import read_table
from .codes import VIET_NAM, read_codes, repeated
from .figures import AmbiguousNumberError, parse_people

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..disk.hashing import Expected
    from ..findings.collector import FileFindings, Findings
    from ..project.population import OverridesSource
    from .communes import Communes

Basis = Literal["raster", "official", "number"]
_BASES: dict[str, Basis] = {"raster": "raster", "official": "official"}


@dataclass(frozen=True, slots=True)
class Override:
    """One decision.

    Attributes
    ----------
    basis
        ``raster`` or ``official``: that figure counts; ``number``: ``people`` counts.
    people
        The people of the commune; NaN unless the basis is ``number``.
    reason
        Why, in the words of whoever decided.
    date
        When it was decided.
    """

    basis: Basis
    people: float
    reason: str
    date: dt.date


def read_overrides(
    source: OverridesSource,
    communes: Communes | None,
    findings: Findings,
    expected: Expected = ANYTHING,
) -> Mapping[str, Override]:
    """Read the decisions about single communes.

    Parameters
    ----------
    source
        The table and its columns.
    communes
        The communes the codes must belong to; None leaves that unchecked.
    findings
        Told about codes that are missing, unknown or repeated, rows that state neither a basis nor a number, numbers
        that are none, and rows without a reason or a date (all errors).
    expected
        What the file was when it was hashed.

    Returns
    -------
    dict
        Commune code to decision; empty after an error finding.
    """
    columns = source.columns
    wanted = [columns.code, columns.basis, columns.population, columns.reason, columns.date]
    table = read_table(
        source.path,
        sheet=source.sheet,
        columns=wanted,
        findings=findings,
        numbers=[columns.population],
        expected=expected,
    )
    if isinstance(table, Refused):
        return {}
    cells = table.cells
    about = findings.about(source.path, source.sheet)
    codes = _codes(cells[columns.code], communes, about)
    figures = _figures(cells[columns.basis], cells[columns.population], about)
    days = _days(cells[columns.reason], cells[columns.date], about)
    if codes is None or figures is None or days is None:
        return {}
    reasons = cells[columns.reason].tolist()
    rows = zip(codes, figures, reasons, days, strict=True)
    return {
        code: Override(basis, people, str(reason).strip(), day) for code, (basis, people), reason, day in rows
    }


def _codes(column: pd.Series, communes: Communes | None, about: FileFindings) -> list[str] | None:
    """Give the code of every row when each is that of one commune and stands once."""
    system = VIET_NAM if communes is None else communes.system
    codes = read_codes(column, system.commune)
    edited = codes.padded & codes.uneven  # other codes still have their zeros: 04 is a province, not 00004
    known = None if communes is None else frozenset(communes.frame["code"])
    twice = set(repeated(codes.text))
    wrong = [
        (row, str(given) if short else code)
        for row, given, code, short in zip(
            column.index.tolist(), column.tolist(), codes.text.tolist(), edited.tolist(), strict=True
        )
        if not code or short or code in twice or (known is not None and code not in known)
    ]
    if wrong:
        about.add(
            "overrides.bad-code",
            column=str(column.name),
            row=str(wrong[0][0]),
            rows=[row for row, _ in wrong],
            codes=sorted({code or "-" for _, code in wrong}),
            count=len(wrong),
        )
        return None
    return [str(code) for code in codes.text]


def _figures(bases: pd.Series, people: pd.Series, about: FileFindings) -> list[tuple[Basis, float]] | None:
    """Give the basis and the number of every row: exactly one of them must be stated."""
    found: list[tuple[Basis, float]] = []
    wrong: dict[int, str] = {}
    for row, basis, text in zip(bases.index.tolist(), bases.tolist(), people.tolist(), strict=True):
        word = str(basis or "").strip().casefold()
        number = _number(text)
        if bool(word) == bool(text) or (word and word not in _BASES) or (text and not number >= 0):
            wrong[row] = f"{basis or '-'}, {text or '-'}"
            continue
        found.append((_BASES[word], math.nan) if word else ("number", number))
    if wrong:
        row, example = next(iter(wrong.items()))
        about.add(
            "overrides.no-figure",
            column=str(bases.name),
            row=str(row),
            rows=list(wrong),
            example=example,
            count=len(wrong),
        )
        return None
    return found


def _number(text: object) -> float:
    """Read people; NaN where the cell is empty, no number, or can be read in two ways."""
    try:
        return parse_people(str(text)) if text else math.nan
    except (AmbiguousNumberError, ValueError):
        return math.nan


def _days(reasons: pd.Series, dates: pd.Series, about: FileFindings) -> list[dt.date] | None:
    """Give the day of every row; every row must say why and when."""
    days: list[dt.date] = []
    wrong: list[int] = []
    for row, reason, text in zip(reasons.index.tolist(), reasons.tolist(), dates.tolist(), strict=True):
        try:
            day = dt.date.fromisoformat(str(text or "")[:10])
        except ValueError:
            day = None
        if day is None or not str(reason or "").strip():
            wrong.append(row)
        else:
            days.append(day)
    if wrong:
        about.add(
            "overrides.no-reason",
            column=str(reasons.name),
            row=str(wrong[0]),
            rows=wrong,
            date_column=str(dates.name),
            count=len(wrong),
        )
        return None
    return days
