"""Official people per commune, from a table."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..disk.hashing import ANYTHING, Expected
from ..readers.facts import Refused, tell_read
from ..readers.table import read_table
from ..text.sentences import phrase
from ..text.slug import slug
from .codes import VIET_NAM, check_padded, read_codes, repeated
from .figures import AmbiguousNumberError, Signs, parse_people
from .province_rows import TableOfCodes, without_province_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..findings.collector import FileFindings, Findings
    from ..project.population import TotalsSource
    from .communes import Communes
    from .province_rows import OtherRows

_THOUSANDS = frozenset({"nghin", "ngan", "thousand", "thousands", "1000", "000", "1000s", "x1000"})
_FEWEST_PER_KM2 = 1.0  # Mongolia has 2, the emptiest province of Viet Nam 50
_LEAST_KM2 = 100.0  # on less, nobody may live: a reef, a park


@dataclass(frozen=True, slots=True)
class OfficialTotals:
    """Official people of the communes.

    Attributes
    ----------
    people
        Commune code to people; communes without a figure are left out.
    vintage
        Date or year the figures speak of.
    source
        Who published them.
    """

    people: dict[str, float]
    vintage: str
    source: str


CLASSES = (OfficialTotals,)
"""All classes that official figures are made of."""


def read_totals(
    source: TotalsSource, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> OfficialTotals | None:
    """Read the official people of the communes.

    Parameters
    ----------
    source
        The table and its columns.
    communes
        The communes the codes must belong to; None leaves that unchecked.
    findings
        Told about rows without a code, unknown and repeated codes, figures that are no numbers, negative or
        ambiguous (errors), communes without a figure and codes that had lost zeros (warnings).
    expected
        What the file must be.

    Returns
    -------
    OfficialTotals or None
        None after an error finding.
    """
    code, population = source.columns.code, source.columns.population
    table = read_table(
        source.path,
        sheet=source.sheet,
        columns=[code, population],
        findings=findings,
        numbers=[population],
        expected=expected,
    )
    if isinstance(table, Refused):
        return None
    about = findings.about(source.path, source.sheet)
    known = [] if communes is None else [str(value) for value in communes.frame["code"]]
    official = None if communes is None else frozenset(known)
    registered = communes is not None and communes.registered
    rows = without_province_rows(
        table.cells, TableOfCodes(source.path, source.sheet, code, "totals"), communes, findings, expected
    )
    width = (VIET_NAM if communes is None else communes.system).commune
    codes = _codes(rows, code, width, official, about, registered=registered)
    figures = _figures(rows.cells[population], about)
    if codes is None or figures is None:
        return None
    people = {code_: figures[row] for row, code_ in codes.items() if row in figures}
    if not _are_people(people, population, communes, about):
        return None
    without = [row for row in codes if row not in figures]
    if without:
        about.add(
            "totals.no-figure", column=population, row=str(without[0]), rows=without, count=len(without)
        )
    if math.fsum(people.values()) <= 0:
        about.add("totals.nobody", column=population)
        return None
    missing = [code_ for code_ in known if code_ not in people]
    if missing:
        about.add("totals.missing-commune", column=population, count=len(missing), codes=missing)
    tell_read(table.facts, len(people), "figures")
    return OfficialTotals(dict(sorted(people.items())), source.vintage, source.source)


def _are_people(
    people: Mapping[str, float], column: str, communes: Communes | None, about: FileFindings
) -> bool:
    """Ask whether the figures are thousands of people, before anything is scaled to them.

    The name of the column may say so; and in thousands a country has fewer people per square kilometre than any has.
    """
    said = _THOUSANDS & set(slug(column).split("_"))
    if said:
        return about.ask("totals.thousands", column=column, reason=phrase("named-thousands", column=column))
    if communes is None or "area_km2" not in communes.frame:
        return True
    frame = communes.frame
    area_km2 = float(frame["area_km2"].to_numpy(dtype=float)[frame["code"].isin(people.keys())].sum())
    total = math.fsum(people.values())
    if area_km2 < _LEAST_KM2 or not 0 < total < _FEWEST_PER_KM2 * area_km2:
        return True
    reason = phrase("people-per-km2", total=total, area=area_km2, mean=total / area_km2)
    return about.ask("totals.thousands", column=column, reason=reason)


def _codes(
    table: OtherRows,
    name: str,
    width: int,
    known: frozenset[str] | None,
    about: FileFindings,
    *,
    registered: bool,
) -> dict[int, str] | None:
    """Row number to code, when every row has a code that one commune has and no other row has."""
    column = table.cells[name]
    codes = read_codes(column, width)
    rows = dict(zip(column.index.tolist(), codes.text.tolist(), strict=True))
    empty = [row for row, code in rows.items() if not code]
    if empty:
        about.add("totals.missing-code", column=name, row=str(empty[0]), rows=empty, count=len(empty))
    unknown = [] if known is None else sorted({code for code in rows.values() if code} - known)
    if unknown:
        first = next(row for row, code in rows.items() if code in unknown)
        about.add("totals.unknown-code", column=name, row=str(first), count=len(unknown), codes=unknown)
    twice = repeated(rows.values())
    if twice:
        where = [row for row, code in rows.items() if code in twice]
        about.add("totals.duplicate-code", column=name, count=len(twice), codes=twice, rows=where)
    sure = check_padded("totals", codes, width, name, about, registered=registered, unsure=table.unsure)
    return None if empty or unknown or twice or not sure else rows


def _figures(column: pd.Series, about: FileFindings) -> dict[int, float] | None:
    """Row number to people; rows with an empty cell are left out."""
    figures: dict[int, float] = {}
    wrong: dict[str, dict[int, str]] = {}
    ambiguous: dict[int, str] = {}
    for row, text in zip(column.index.tolist(), column.tolist(), strict=True):
        if not text:
            continue
        try:
            figures[row] = parse_people(text)
        except AmbiguousNumberError:
            ambiguous[row] = text
        except ValueError:
            wrong.setdefault("totals.not-a-number", {})[row] = text
        else:
            if figures[row] < 0:
                wrong.setdefault("totals.negative", {})[row] = text
    for code, rows in wrong.items():
        _ask_about(code, rows, str(column.name), about)
    clear = _as_the_column_shows(ambiguous, column, about)
    return None if wrong or clear is None else figures | clear


def _as_the_column_shows(
    ambiguous: Mapping[int, str], column: pd.Series, about: FileFindings
) -> dict[int, float] | None:
    """Read ambiguous figures as the others of their column, and ask about them where these do not decide."""
    signs = Signs.of(str(text) for text in column)
    read = {row: signs.read(text) for row, text in ambiguous.items()}
    decided = {row: figure for row, figure in read.items() if figure is not None}
    if decided:
        rows = {row: ambiguous[row] for row in decided}
        first = next(iter(decided.values()))
        _ask_about("totals.number-decided", rows, str(column.name), about, read=first)
    unclear = {row: text for row, text in ambiguous.items() if row not in decided}
    if unclear and not _ask_about("totals.ambiguous-number", unclear, str(column.name), about):
        return None
    # People are whole: what was accepted is that the sign separates thousands.
    return decided | {row: float(re.sub(r"[.,]", "", text)) for row, text in unclear.items()}


def _ask_about(code: str, rows: Mapping[int, str], column: str, about: FileFindings, **more: object) -> bool:
    """Ask whether ambiguous figures may be used; true where the question was accepted."""
    row, example = next(iter(rows.items()))
    return about.ask(
        code,
        column=column,
        row=str(row),
        count=len(rows),
        rows=list(rows),
        example=example,
        as_thousands=re.sub(r"[.,]", "", example),
        as_decimal=example.replace(",", "."),
        **more,
    )
