"""The names that communes had before a reform, and the communes of today that took their ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..country.codes import check_padded, read_codes
from ..disk.hashing import ANYTHING, Expected
from ..readers.facts import Refused
from ..readers.table import read_table
from ..text.names import clean_name

if TYPE_CHECKING:
    from ..country.communes import Communes
    from ..findings.collector import FileFindings, Findings
    from ..project.sections.former import FormerSource

LONGEST_NAME = 200
"""Characters that are kept of a name; no name has more, and every page carries them."""


def read_former(
    source: FormerSource, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> pd.DataFrame | None:
    """Read the table of former names.

    Parameters
    ----------
    source
        The table and its columns.
    communes
        Those of the country; None leaves the codes unchecked.
    findings
        Told of rows without a name or a code, of codes that no commune has, and of codes that had lost their zeros.
    expected
        What the file must be.

    Returns
    -------
    DataFrame or None
        ``code`` (of today), ``name`` and ``place`` (district and province of the former commune, with a comma between;
        may be empty), each different row once, sorted. Rows that lead to no commune are left out. None after an error
        finding.
    """
    columns = source.columns
    wanted = [columns.name, columns.district, columns.province, columns.code]
    table = read_table(
        source.path,
        sheet=source.sheet,
        columns=list(dict.fromkeys(name for name in wanted if name)),
        findings=findings,
        expected=expected,
    )
    if isinstance(table, Refused):
        return None
    about = findings.about(source.path, source.sheet)
    found = _named(table.cells, source)
    width = 0 if communes is None else communes.system.commune
    codes = read_codes(table.cells[columns.code], width)
    registered = communes is not None and communes.registered
    if not check_padded("list", codes, width, columns.code, about, registered=registered):
        return None
    found["code"] = codes.text
    kept = found[_leads_somewhere(found, communes, columns.code, about)]
    ordered = kept.drop_duplicates().sort_values(["code", "name", "place"], kind="stable")
    return ordered.reset_index(drop=True)


def _named(cells: pd.DataFrame, source: FormerSource) -> pd.DataFrame:
    """Take name and place of each row; a district that had no communes has its own name."""
    nothing = pd.Series("", index=cells.index)
    columns = source.columns
    name, district, province = (
        cells[column].map(clean_name).str.slice(0, LONGEST_NAME) if column else nothing
        for column in (columns.name, columns.district, columns.province)
    )
    alone = (name == "") & (district != "")
    within = district.mask(alone, "")
    between = np.where((within != "") & (province != ""), ", ", "")
    return pd.DataFrame(
        {"code": "", "name": name.mask(alone, district), "place": within + between + province}
    )


def _leads_somewhere(
    found: pd.DataFrame, communes: Communes | None, column: str, about: FileFindings
) -> pd.Series:
    """Say which rows lead from a name to a commune, and tell the others."""
    incomplete = (found["name"] == "") | (found["code"] == "")
    if incomplete.any():
        rows = found.index[incomplete]  # as a spreadsheet counts
        about.add("former.incomplete", count=len(rows), rows=[str(row) for row in rows])
    known = ~incomplete
    if communes is not None:
        known &= found["code"].isin(communes.frame["code"])
        unknown = ~incomplete & ~known
        if unknown.any():
            wrong = sorted(set(found.loc[unknown, "code"]))
            about.add("former.unknown-commune", column=column, count=int(unknown.sum()), codes=wrong)
    return known
