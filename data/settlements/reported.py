"""The list of villages that were reported as having no signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..country.codes import read_codes
from ..disk.hashing import ANYTHING, Expected
from ..readers.facts import Refused
from ..readers.table import read_table

if TYPE_CHECKING:
    from ..country.communes import Communes
    from ..findings.collector import Findings
    from ..project.sections.settlements import ReportedVillages


def read_reported(
    source: ReportedVillages, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> pd.DataFrame | None:
    """Read the list.

    Parameters
    ----------
    source
        The table and its columns.
    communes
        Those of the country; None leaves the codes unchecked.
    findings
        Told of rows without a name and of codes that no commune has.
    expected
        What the file must be.

    Returns
    -------
    DataFrame or None
        ``name`` and ``code``, one row per row of the list, index as a spreadsheet counts its rows; rows whose commune
        is not known are kept, as nobody can locate them. None after an error finding.
    """
    columns = source.columns
    table = read_table(
        source.path,
        sheet=source.sheet,
        columns=[columns.name, columns.code],
        findings=findings,
        expected=expected,
    )
    if isinstance(table, Refused):
        return None
    about = findings.about(source.path, source.sheet)
    cells = table.cells
    width = 0 if communes is None else communes.system.commune
    codes = read_codes(cells[columns.code], width).text
    given = cells[columns.name]
    names = ["" if gap else str(text).strip() for text, gap in zip(given, given.isna(), strict=True)]
    found = pd.DataFrame({"name": names, "code": codes}, index=cells.index)
    unnamed = found.index[found["name"] == ""]
    if len(unnamed):
        about.add(
            "settlements.no-name", column=columns.name, count=len(unnamed), ids=[str(row) for row in unnamed]
        )
    if communes is not None:
        unknown = ~found["code"].isin(communes.frame["code"])
        if unknown.any():
            wrong = sorted(set(found.loc[unknown, "code"]))
            about.add(
                "settlements.unknown-commune", column=columns.code, count=int(unknown.sum()), codes=wrong
            )
    return found
