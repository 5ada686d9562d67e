"""Names of the provinces, from a vector file or a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..readers.formats import is_table
from ..readers.table import read_table
from ..readers.vector import read_vector
from ..text.names import clean_name
from .codes import PROVINCE_CODE_WIDTH, read_codes, repeated, tell_padded

if TYPE_CHECKING:
    import pandas as pd

    from ..findings.collector import Findings
    from ..project.models import ProvincesSource


def read_province_names(source: ProvincesSource, findings: Findings) -> dict[str, str] | None:
    """Read which province code has which name.

    Parameters
    ----------
    source
        A CSV or XLSX table, or a vector file whose geometry is not used.
    findings
        Told every problem.

    Returns
    -------
    dict of str to str or None
        Code of 2 characters to name; rows without a code or a name are left out, and a commune that needs
        one is reported by its reader. None after an error finding.
    """
    rows = _rows(source, findings)
    if rows is None:
        return None
    about = findings.about(source.path, source.layer)
    codes = read_codes(rows[source.columns.code], PROVINCE_CODE_WIDTH)
    if codes.bad.any():
        wrong = sorted(set(codes.text[codes.bad]))
        about.add(
            "communes.bad-code",
            column=source.columns.code,
            count=len(wrong),
            codes=wrong,
            width=PROVINCE_CODE_WIDTH,
        )
    twice = repeated(codes.text)
    if twice:
        about.add("provinces.duplicate-code", column=source.columns.code, count=len(twice), codes=twice)
    if twice or codes.bad.any():
        return None
    tell_padded("communes", codes, PROVINCE_CODE_WIDTH, source.columns.code, about, registered=True)
    names = [clean_name(name) for name in rows[source.columns.name]]
    empty = [
        str(row) for row, code, name in zip(rows.index, codes.text, names, strict=True) if not (code and name)
    ]
    if empty:
        about.add("provinces.row-left-out", count=len(empty), rows=empty)
    return {code: name for code, name in zip(codes.text, names, strict=True) if code and name}


def _rows(source: ProvincesSource, findings: Findings) -> pd.DataFrame | None:
    columns = [source.columns.code, source.columns.name]
    if is_table(source.path):
        return read_table(source.path, sheet=source.layer, columns=columns, findings=findings)
    table = read_vector(source.path, layer=source.layer, columns=columns, findings=findings, strict=True)
    return None if table is None else table.columns
