"""Rows of provinces in a table of communes: offices put the province above its communes.

The code of a province is shorter than that of a commune. Filled up with zeros it is the code of another place
altogether: 04 becomes 00004. Such rows are told and left out; what the other cells of a row say decides where a
number alone could be either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..readers.facts import Refused
from ..readers.table import read_table
from ..text.names import clean_name, is_nothing
from ..text.slug import slug
from ..text.wording import type_words
from .codes import VIET_NAM, CodeSystem, code_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from ..disk.hashing import Expected
    from ..findings.collector import Findings
    from .communes import Communes

_PROVINCE = re.compile(r"(tinh|thanh_pho|tp|province)_")
_LONGEST_NAME = 100  # a longer cell is a remark


@dataclass(frozen=True, slots=True)
class TableOfCodes:
    """A table of communes that is being read.

    Attributes
    ----------
    path, sheet
        Where it stands.
    column
        Its column of codes.
    area
        First word of the findings' codes: ``list``, ``totals`` or ``overrides``.
    """

    path: Path
    sheet: str
    column: str
    area: str


class OtherRows(NamedTuple):
    """The rows of a table that are those of communes.

    ``unsure`` says that one of them is short enough to be a province's code, and that nothing decides.
    """

    cells: pd.DataFrame
    unsure: bool


def without_province_rows(
    cells: pd.DataFrame,
    table: TableOfCodes,
    communes: Communes | None,
    findings: Findings,
    expected: Expected,
) -> OtherRows:
    """Leave out the rows of a table that are those of provinces.

    Parameters
    ----------
    cells
        The columns that were read.
    table
        Where they stand.
    communes
        The communes, whose provinces are known; None where they could not be read.
    findings
        Told which rows were left out.
    expected
        What the file must be.

    Returns
    -------
    OtherRows
        The other rows, and whether one of them may be a province's all the same.
    """
    system = VIET_NAM if communes is None else communes.system
    given = [
        "" if is_nothing(value) else code_text(value, system.commune)
        for value in cells[table.column].tolist()
    ]
    short = [bool(code) and len(code) < (system.commune or len(code) + 1) for code in given]
    known = _Known.of(communes, system)
    nothing_tells = not known.registered and not system.commune  # any code may be a commune's
    if nothing_tells or not any(short):
        return OtherRows(cells, unsure=False)
    every = read_table(
        table.path, sheet=table.sheet, columns=None, findings=findings.fresh(), expected=expected
    )
    beside = None if isinstance(every, Refused) else every.cells.drop(columns=table.column, errors="ignore")
    verdicts = _verdicts(given, cells.index.tolist(), beside, known)
    rows = np.array([verdict is True for verdict in verdicts], dtype=bool)
    if rows.any():
        numbers = cells.index[rows].tolist()
        findings.about(table.path, table.sheet).add(
            f"{table.area}.province-rows",
            column=table.column,
            row=str(numbers[0]),
            count=len(numbers),
            rows=numbers,
            examples=sorted({code for code, out in zip(given, rows, strict=True) if out})[:10],
        )
    return OtherRows(cells[~rows], unsure=None in verdicts)


@dataclass(frozen=True, slots=True)
class _Known:
    """Names by code, as slugs without the words for the kind of place."""

    communes: Mapping[str, str]
    provinces: Mapping[str, str]
    system: CodeSystem
    registered: bool

    @classmethod
    def of(cls, communes: Communes | None, system: CodeSystem) -> _Known:
        if communes is None or not communes.registered or "province_code" not in communes.frame:
            return cls({}, {}, system, registered=False)
        frame = communes.frame
        return cls(
            {str(code): _bare(name) for code, name in zip(frame["code"], frame["name"], strict=True)},
            {
                str(code): _bare(name)
                for code, name in zip(frame["province_code"], frame["province_name"], strict=True)
            },
            system,
            registered=True,
        )

    def province(self, code: str) -> str:
        """Give the code of the province that a code may be; empty where it is none."""
        if len(code) > self.system.province > 0:
            return ""
        whole = code.zfill(self.system.province) if code.isdecimal() else code
        return whole if whole in self.provinces or not self.registered else ""


def _verdicts(
    given: Sequence[str], numbers: Sequence[int], beside: pd.DataFrame | None, known: _Known
) -> list[bool | None]:
    """Say which rows are those of provinces; None where nothing decides."""
    verdicts: list[bool | None] = []
    for code, number in zip(given, numbers, strict=True):
        province = known.province(code) if code else ""
        if not province or code in known.communes:
            verdicts.append(False)
            continue
        words = [] if beside is None or number not in beside.index else list(beside.loc[number])
        said = [slug(name) for name in map(clean_name, words) if name and len(name) <= _LONGEST_NAME]
        verdicts.append(_is_province(code, province, said, known))
    return verdicts


def _is_province(code: str, province: str, said: Sequence[str], known: _Known) -> bool | None:
    """Decide whether a row is that of a province, by the names in its cells, else by its code; None leaves it open."""
    commune = code.zfill(known.system.commune) if code.isdecimal() else code
    name = known.communes.get(commune, "")
    if any(_is_of_commune(word) or (name and _bare(word) == name) for word in said):
        return False
    if any(_PROVINCE.match(word) or _bare(word) == known.provinces.get(province, "-") for word in said):
        return True
    if not known.registered:
        return False
    # A spreadsheet takes all zeros of a code: one that begins with a zero was never longer.
    if code.startswith("0") or not code.isdecimal() or commune not in known.communes:
        return True
    return None


def _is_of_commune(word: str) -> bool:
    """Say whether a name begins with the word for a commune, such as ``xa_binh_lu``."""
    return any(word.startswith(f"{slug(kind)}_") for kind in type_words("vi"))


def _bare(name: object) -> str:
    """Write a name for comparing: a slug without the word for the kind of place."""
    word = slug(clean_name(name))
    for kind in (*(slug(kind) for kind in type_words("vi")), "tinh", "thanh_pho", "tp"):
        word = word.removeprefix(f"{kind}_")
    return word
