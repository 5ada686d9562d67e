"""The features, communes and sites that findings name, with their geometries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import shapely

from ...data.checking.sites import site_points
from ...data.country.codes import CodeSystem, read_codes
from ...data.geodesy.crs import LONLAT, to_lonlat
from ...data.readers.facts import Refused
from ...data.readers.formats import is_raster, is_table
from ...data.readers.vector import read_column_names, read_vector
from ...data.text.column_names import guess_column
from ...data.text.wording import severity_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...data.checking.subject import Checked, Subject
    from ...data.findings.collector import NamedItems
    from ...data.readers.vector import VectorTable

_WITHOUT_SHAPES = frozenset({"population", "list"})
_MOST_PER_FINDING = 10_000
_MOST_FILES = 200  # of a folder; each is read by itself


def offending_features(subject: Subject, checked: Checked) -> geopandas.GeoDataFrame | None:
    """Collect the features, communes and rows that findings name, with their geometries.

    Parameters
    ----------
    subject
        The check, done.
    checked
        What it read of the file. Features that it could not use are read here, for those that a finding names.

    Returns
    -------
    geopandas.GeoDataFrame or None
        One row for each thing and finding: ``feature_id`` (a feature id, a commune code or a row), ``code``
        and ``muc_do`` of the finding, and its words as ``ly_do`` (vi) and ``reason`` (en); geometry in
        EPSG:4326, empty where the thing has no usable one. None where nothing is named.
    """
    named = [one for one in subject.findings.mentioned if _is_shown(one, subject)]
    if not named:
        return None
    kinds = {one.kind for one in named}
    if checked.features is None:
        checked = _read(subject, checked, with_codes="codes" in kinds)
    geometries = {kind: _geometries(kind, subject, checked) for kind in sorted(kinds)}
    if subject.path.is_dir():
        geometries["ids"] = {**geometries.get("ids", {}), **_geometries_of_files(subject, named)}
    rows = [
        {
            "feature_id": name,
            "code": one.finding.code,
            "muc_do": severity_name(one.finding.severity, "vi", heading=True),
            "ly_do": one.finding.message_vi,
            "reason": one.finding.message_en,
            "geometry": geometries[one.kind].get(name),
        }
        for one in named
        for name in one.names[:_MOST_PER_FINDING]
    ]
    if all(row["geometry"] is None for row in rows):
        return None
    return geopandas.GeoDataFrame(rows, geometry="geometry", crs=LONLAT)


def _is_shown(one: NamedItems, subject: Subject) -> bool:
    """Leave out what is said about other files, and codes of findings."""
    return bool(one.names) and one.file == subject.path and not one.finding.code.startswith("check.")


def surroundings(subject: Subject) -> NDArray[np.object_]:
    """Give the outlines that a map of the features needs around them: those of the communes, else nothing.

    Parameters
    ----------
    subject
        The check.

    Returns
    -------
    ndarray of geometries
        EPSG:4326.
    """
    if subject.communes is None:
        return np.empty(0, dtype=object)
    return np.asarray(subject.communes.frame.geometry.array, dtype=object)


def _read(subject: Subject, checked: Checked, *, with_codes: bool) -> Checked:
    """Read the features that the check could not use, in silence; nothing of files without geometry."""
    request = subject.request
    if request.kind in _WITHOUT_SHAPES or is_raster(subject.path) or is_table(subject.path):
        return checked
    silent = subject.findings.fresh()
    code_column = ""
    if with_codes and request.kind == "communes":
        names = read_column_names(subject.path, layer=request.layer, findings=silent) or []
        code_column = guess_column(names, "code")
    columns = [code_column] if code_column else []
    table = read_vector(subject.path, layer=request.layer, crs=request.crs, columns=columns, findings=silent)
    return (
        checked if isinstance(table, Refused) else replace(checked, features=table, code_column=code_column)
    )


def _geometries(kind: str, subject: Subject, checked: Checked) -> Mapping[str, shapely.Geometry]:
    """Name to geometry, for one kind of names."""
    if kind == "codes":
        return _geometries_of_codes(subject, checked)
    if checked.features is None:
        return {} if checked.cells is None else site_points(checked.cells)
    return _by_name([str(number) for number in checked.features.feature_id], checked.features)


def _geometries_of_codes(subject: Subject, checked: Checked) -> Mapping[str, shapely.Geometry]:
    """Find communes in the file itself, and else among those it is compared with."""
    found: dict[str, shapely.Geometry] = {}
    if subject.communes is not None:
        frame = subject.communes.frame
        found.update(zip(frame["code"].map(str), frame.geometry, strict=True))
    if checked.features is not None and checked.code_column:
        system = CodeSystem.of(None if subject.project is None else subject.project.communes)
        own = read_codes(checked.features.columns[checked.code_column], system.commune).text
        found.update(_by_name([str(code) for code in own], checked.features))
    return found


def _geometries_of_files(subject: Subject, named: list[NamedItems]) -> Mapping[str, shapely.Geometry]:
    """Read the files of a folder that findings name: there a feature is called after its file."""
    found: dict[str, shapely.Geometry] = {}
    files = [name for one in named if one.kind == "ids" for name in one.names[:_MOST_FILES]]
    for name in dict.fromkeys(files):
        if Path(name).suffix and (subject.path / name).is_file():
            table = read_vector(
                subject.path / name, crs=subject.request.crs, findings=subject.findings.fresh()
            )
            if not isinstance(table, Refused):
                shapes = to_lonlat(table.geometry, table.crs)
                found[name] = shapes[0] if len(shapes) == 1 else shapely.GeometryCollection(list(shapes))
    return found


def _by_name(names: list[str], table: VectorTable) -> Mapping[str, shapely.Geometry]:
    return dict(zip(names, to_lonlat(table.geometry, table.crs), strict=True))
