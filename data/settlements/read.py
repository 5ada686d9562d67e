"""Reading villages and facilities: names, communes, centres and outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from ..country.codes import read_codes
from ..disk.hashing import ANYTHING, Expected
from ..geodesy.crs import to_lonlat
from ..readers.facts import LayerFacts, Refused
from ..readers.formats import Requirements
from ..readers.vector import read_vector
from ..text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import FileFindings, Findings
    from ..project.sections.settlements import FacilitiesSource, VillagesSource
    from ..readers.vector import VectorTable

_AREA: Final = 2  # dimensions
_KINDS: Final = ("point", "polygon")
_YES: Final = frozenset({"1", "yes", "y", "true", "t", "x", "co", "dung", "si", "oui"})
_NO: Final = frozenset({"0", "no", "n", "false", "f", "khong", "chua", "sai", "non"})


@dataclass(frozen=True)
class Settlements:
    """Villages or facilities.

    Attributes
    ----------
    table
        One row each, index 0 to n - 1: ``name``; ``code`` of its commune, empty where it lies in none; ``lon`` and ``lat`` of
        its centre in degrees, EPSG:4326; and of villages ``has_grid_power``, ``is_extremely_difficult`` (boolean, missing
        where nobody says) and ``households`` (Int64), as far as the file has them.
    outline
        Polygon of each in EPSG:4326, or None where the file has its centre only; shape (n,).
    facts
        What is known of the file.
    """

    table: pd.DataFrame
    outline: NDArray[np.object_]
    facts: LayerFacts


def read_villages(
    source: VillagesSource, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> Settlements | None:
    """Read the villages.

    Parameters
    ----------
    source
        The file and its columns.
    communes
        Those of the country; None leaves the codes unchecked.
    findings
        Told of villages without a name, without a commune, with a code that no commune has or another commune than the
        one they lie in, and of values that are neither yes nor no.
    expected
        What the file must be.

    Returns
    -------
    Settlements or None
        None after an error finding. Villages without a name are kept: nobody may be lost for want of a word.
    """
    columns = source.columns
    flags = {
        name: column
        for name, column in (
            ("has_grid_power", columns.has_grid_power),
            ("is_extremely_difficult", columns.is_extremely_difficult),
        )
        if column
    }
    wanted = [columns.name, columns.code, columns.households, *flags.values()]
    table = _read(source.path, source.layer, source.crs, wanted, findings, expected)
    if table is None:
        return None
    about = findings.about(source.path, source.layer)
    found = _placed(table, columns.name, about)
    place = _communes_at(found, communes)
    stated = _stated(table, columns.code, communes, place, about)
    found["code"] = np.where(stated != "", stated, place)
    _report_nowhere(found, about)
    for name, column in flags.items():
        found[name] = _yes_or_no(table.columns[column], column, about)
    if columns.households:
        found["households"] = _whole_numbers(table.columns[columns.households], columns.households, about)
    return Settlements(found, _outlines(table), table.facts)


def read_facilities(
    source: FacilitiesSource, communes: Communes | None, findings: Findings, expected: Expected = ANYTHING
) -> Settlements | None:
    """Read facilities of one kind.

    Parameters
    ----------
    source
        The file, its kind and its column of names.
    communes
        Those of the country.
    findings
        Told of facilities without a name and outside every commune.
    expected
        What the file must be.

    Returns
    -------
    Settlements or None
        None after an error finding.
    """
    table = _read(source.path, source.layer, source.crs, [source.name], findings, expected)
    if table is None:
        return None
    about = findings.about(source.path, source.layer)
    found = _placed(table, source.name, about)
    found["code"] = _communes_at(found, communes)
    _report_nowhere(found, about)
    return Settlements(found, _outlines(table), table.facts)


def _read(
    path: Path, layer: str, crs: str, columns: Sequence[str], findings: Findings, expected: Expected
) -> VectorTable | None:
    wanted = [column for column in dict.fromkeys(columns) if column]
    table = read_vector(
        path, layer=layer, crs=crs, columns=wanted, findings=findings, requirements=Requirements(_KINDS),
        expected=expected,
    )  # fmt: skip
    return None if isinstance(table, Refused) else table


def _placed(table: VectorTable, name: str, about: FileFindings) -> pd.DataFrame:
    """Give name and centre of each: of a polygon a point that lies in it."""
    given = table.columns[name]
    names = ["" if gap else str(text).strip() for text, gap in zip(given, given.isna(), strict=True)]
    unnamed = [str(one) for one, text in zip(table.feature_id, names, strict=True) if not text]
    if unnamed:
        about.add("settlements.no-name", column=name, count=len(unnamed), ids=unnamed)
    at = shapely.get_coordinates(shapely.point_on_surface(to_lonlat(table.geometry, table.crs)))
    return pd.DataFrame({"name": names, "lon": at[:, 0], "lat": at[:, 1]})


def _outlines(table: VectorTable) -> NDArray[np.object_]:
    shapes = to_lonlat(table.geometry, table.crs).copy()
    shapes[shapely.get_dimensions(shapes) != _AREA] = None
    return shapes


def _communes_at(found: pd.DataFrame, communes: Communes | None) -> NDArray[np.object_]:
    """Give the code of the commune each centre lies in; of several the first by code; empty where there is none."""
    codes = np.full(len(found), "", dtype=object)
    if communes is None or not len(found):
        return codes
    points = shapely.points(found["lon"].to_numpy(), found["lat"].to_numpy())
    tree = shapely.STRtree(communes.frame.geometry.to_numpy())
    which, where = tree.query(points, predicate="within")
    first = pd.Series(communes.frame["code"].to_numpy()[where]).groupby(which).min()
    codes[first.index.to_numpy(dtype=np.intp)] = first.to_numpy()
    return codes


def _stated(
    table: VectorTable,
    column: str,
    communes: Communes | None,
    place: NDArray[np.object_],
    about: FileFindings,
) -> NDArray[np.object_]:
    """Give the code of the commune that the file states, empty where it states none that exists."""
    if not column:
        return np.full(len(place), "", dtype=object)
    width = 0 if communes is None else communes.system.commune
    codes = read_codes(table.columns[column], width).text.astype(object)
    if communes is None:
        return codes
    unknown = (codes != "") & ~np.isin(codes, communes.frame["code"].to_numpy())
    if unknown.any():
        wrong = sorted(set(codes[unknown]))
        about.add("settlements.unknown-commune", column=column, count=int(unknown.sum()), codes=wrong)
        codes = np.where(unknown, "", codes)
    elsewhere = (codes != "") & (place != "") & (codes != place)
    if elsewhere.any():
        ids = [str(one) for one in table.feature_id[elsewhere]]
        about.add("settlements.other-commune", column=column, count=len(ids), ids=ids)
    return codes


def _report_nowhere(found: pd.DataFrame, about: FileFindings) -> None:
    nowhere = found[found["code"] == ""]
    if len(nowhere):
        about.add("settlements.outside", count=len(nowhere), names=nowhere["name"].tolist())


def _yes_or_no(cells: pd.Series, column: str, about: FileFindings) -> pd.Series:
    """Read a column of yes and no; what is neither is missing and told."""
    texts = ["" if gap else _word(value) for value, gap in zip(cells, cells.isna(), strict=True)]
    unsure = sorted({text for text in texts if text and text not in _YES | _NO})
    if unsure:
        count = sum(text in unsure for text in texts)
        about.add("settlements.neither-yes-nor-no", column=column, count=count, values=unsure)
    values = [True if text in _YES else False if text in _NO else None for text in texts]
    return pd.Series(values, dtype="boolean")


def _word(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return slug(str(value))


def _whole_numbers(cells: pd.Series, column: str, about: FileFindings) -> pd.Series:
    numbers = pd.to_numeric(cells, errors="coerce")
    wrong = cells.notna() & ~(numbers >= 0)
    if wrong.any():
        about.add(
            "settlements.no-number", column=column, count=int(wrong.sum()), values=cells[wrong].tolist()
        )
    return numbers.where(numbers >= 0).round().astype("Int64")
