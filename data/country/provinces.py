"""Names of the provinces, from a vector file or a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..disk.hashing import ANYTHING, Expected
from ..readers.facts import Refused
from ..readers.formats import Requirements, is_table
from ..readers.table import read_table
from ..readers.vector import read_vector
from ..text.names import clean_name
from .codes import VIET_NAM, CodeSystem, check_padded, likely_width, read_codes, repeated

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..findings.collector import Findings
    from ..project.models import ProvincesSource
    from ..readers.facts import LayerFacts


@dataclass(frozen=True, slots=True)
class ProvinceNames:
    """Names of the provinces.

    Attributes
    ----------
    names
        Code of 2 characters to name.
    facts
        What is known of the file.
    """

    names: Mapping[str, str]
    facts: LayerFacts


def read_province_names(
    source: ProvincesSource,
    findings: Findings,
    expected: Expected = ANYTHING,
    system: CodeSystem = VIET_NAM,
) -> ProvinceNames | None:
    """Read which province code has which name.

    Parameters
    ----------
    source
        A CSV or XLSX table, or a vector file whose geometry is not used.
    findings
        Told every problem.
    expected
        What the file must be.
    system
        How long codes are.

    Returns
    -------
    ProvinceNames or None
        Rows without a code or a name are left out, and a commune that needs one is reported by its reader.
        None after an error finding.
    """
    read = _read(source, findings, expected)
    if read is None:
        return None
    rows, facts = read
    about = findings.about(source.path, source.layer)
    codes = read_codes(rows[source.columns.code], system.province)
    if codes.bad.any():
        wrong = sorted(set(codes.text[codes.bad]))
        about.add(
            "communes.bad-code",
            column=source.columns.code,
            count=len(wrong),
            codes=wrong,
            width=system.province,
            key="province_code_width",
            length=likely_width(codes),
        )
    twice = repeated(codes.text)
    if twice:
        about.add("provinces.duplicate-code", column=source.columns.code, count=len(twice), codes=twice)
    if twice or codes.bad.any():
        return None
    if not check_padded("communes", codes, system.province, source.columns.code, about, registered=True):
        return None
    names = [clean_name(name) for name in rows[source.columns.name]]
    empty = [
        str(row) for row, code, name in zip(rows.index, codes.text, names, strict=True) if not (code and name)
    ]
    if empty:
        about.add("provinces.row-left-out", count=len(empty), rows=empty)
    kept = {code: name for code, name in zip(codes.text, names, strict=True) if code and name}
    return ProvinceNames(kept, facts)


def _read(
    source: ProvincesSource, findings: Findings, expected: Expected
) -> tuple[pd.DataFrame, LayerFacts] | None:
    columns = [source.columns.code, source.columns.name]
    if is_table(source.path):
        table = read_table(
            source.path, sheet=source.layer, columns=columns, findings=findings, expected=expected
        )
        return None if isinstance(table, Refused) else (table.cells, table.facts)
    layer = read_vector(
        source.path,
        layer=source.layer,
        columns=columns,
        findings=findings,
        requirements=Requirements(strict_place=True),
        expected=expected,
    )
    return None if isinstance(layer, Refused) else (layer.columns, layer.facts)
