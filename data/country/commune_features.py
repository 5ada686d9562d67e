"""Which features of a commune file are communes: some are left out, and several may be one commune."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from ..geodesy.area import area_km2
from ..geodesy.crs import to_lonlat
from ..readers.row_filter import chosen_rows
from ..text.names import clean_name
from .codes import CodeSystem, read_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.models import CommunesSource
    from ..readers.vector import VectorTable


class CommuneFeatures(NamedTuple):
    """The features that are communes, and whether all that was asked about the others was accepted."""

    table: VectorTable
    accepted: bool


def commune_features(
    table: VectorTable, source: CommunesSource, about: FileFindings
) -> CommuneFeatures | None:
    """Leave out what is no commune, and put the parts of a commune together.

    Parameters
    ----------
    table
        The file as it was read.
    source
        Its columns, its filter, and how long its codes are.
    about
        Told what the filter left out, which features have no code (a question: nobody on their ground is counted for
        a commune), and which communes had several features.

    Returns
    -------
    CommuneFeatures or None
        One feature for each commune, unless codes stand twice with other names or provinces; None where no feature
        is left.
    """
    rows = chosen_rows(table.columns, source.where, about, area="communes")
    if rows is None:
        return None
    table = _only(table, rows)
    codes = read_codes(table.columns[source.columns.code], CodeSystem.of(source).commune)
    if codes.missing.all():
        about.add("communes.no-code-at-all", column=source.columns.code, count=len(rows))
        return None
    accepted = True
    if codes.missing.any():
        without = _only(table, np.flatnonzero(codes.missing))
        accepted = about.ask(
            "communes.missing-code",
            column=source.columns.code,
            count=len(without.geometry),
            area=float(area_km2(to_lonlat(without.geometry, without.crs)).sum()),
            ids=without.feature_id,
        )
        table = _only(table, np.flatnonzero(~codes.missing))
    return CommuneFeatures(_merged(table, codes.text[~codes.missing], source, about), accepted)


def _only(table: VectorTable, rows: NDArray[np.intp]) -> VectorTable:
    """Take some features."""
    if len(rows) == len(table.geometry):
        return table
    return replace(
        table,
        geometry=table.geometry[rows],
        columns=table.columns.iloc[rows].reset_index(drop=True),
        feature_id=table.feature_id[rows],
    )


def _merged(
    table: VectorTable, codes: NDArray[np.object_], source: CommunesSource, about: FileFindings
) -> VectorTable:
    """Make one feature of those with the same code, name, province and type."""
    if len(set(codes)) == len(codes):
        return table
    columns = source.columns
    said = [name for name in (columns.name, columns.province_code, columns.type) if name]
    same = pd.DataFrame({"code": codes} | {f"{n}": table.columns[n].map(clean_name) for n in said})
    first = np.full(len(codes), -1, dtype=np.intp)
    geometry, merged = table.geometry.copy(), []
    cells = table.columns.copy()
    for code, rows in same.groupby("code", sort=True).indices.items():
        first[rows] = rows[0] if len(same.iloc[rows].drop_duplicates()) == 1 else rows
        if len(rows) == 1 or first[rows[-1]] != rows[0]:
            continue
        merged.append(str(code))
        geometry[rows[0]] = _together(table.geometry[rows])
        if columns.area_km2 and len(cells[columns.area_km2].iloc[rows].unique()) > 1:
            cells.loc[rows[0], columns.area_km2] = None  # of the parts, or of the whole: nobody can tell
    if merged:
        about.add("communes.parts-merged", column=columns.code, count=len(merged), codes=merged)
    return _only(replace(table, geometry=geometry, columns=cells), np.unique(first))


def _together(parts: NDArray[np.object_]) -> Any:  # noqa: ANN401 - shapely's type of any geometry
    """Put polygons together; what they share is dissolved, unless one of them crosses itself."""
    whole = shapely.multipolygons(shapely.get_parts(parts))
    if shapely.is_valid(whole) or not shapely.is_valid(parts).all():
        return whole
    return shapely.union_all(parts)
