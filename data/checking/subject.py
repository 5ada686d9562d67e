"""Checking one file by itself: communes, tables, lists, cell sites and border lines, with or without a project.

Coverage and population need the grid and are checked in :mod:`blackspot.pipeline.check`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas
import shapely

from ..country.communes import Communes
from ..findings.collector import Findings
from ..geodesy.crs import LONLAT, VIET_NAM
from ..project.countries.pack import find_pack, shipped_pack
from ..project.models import CommuneColumns, CommunesSource
from ..readers.facts import Refused
from ..readers.table import read_table
from ..readers.vector import read_column_names
from ..text.column_names import guess_column
from .decodings import report_decodings

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from ..findings.collector import FileFindings
    from ..project.countries.pack import CountryPack
    from ..project.limits import CheckRules
    from ..project.models import Project
    from ..readers.vector import VectorTable
    from .request import CheckFacts, CheckRequest

OUTLINE_BOX = VIET_NAM
"""The bounding box a file must lie in where no communes are given."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One check under way: what was asked, what it is compared with, and where findings go.

    ``communes`` are those to compare with, None where there are none; ``project`` is the project file's.
    """

    request: CheckRequest
    findings: Findings
    rules: CheckRules
    today: dt.date
    project: Project | None = None
    communes: Communes | None = None

    @property
    def path(self) -> Path:
        """The file under check."""
        return self.request.path

    @property
    def about(self) -> FileFindings:
        """Speaks of the file under check."""
        return self.findings.about(self.request.path, self.request.layer)

    @property
    def pack(self) -> CountryPack:
        """What is usual in the country of the project file; without one, in Viet Nam."""
        if self.project is None:
            return shipped_pack()
        return find_pack(self.project.project.country, self.project.folder)

    @property
    def country(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the country: of its communes, else the outline box."""
        if self.communes is None:
            return OUTLINE_BOX
        west, south, east, north = (float(edge) for edge in self.communes.frame.total_bounds)
        return (west, south, east, north)


def outline_box() -> Communes:
    """Give the outline box as the only commune of a country, where no communes are known."""
    frame = geopandas.GeoDataFrame(
        {
            "code": ["00000"],
            "name": ["Việt Nam"],
            "province_code": ["00"],
            "province_name": [""],
            "type": [None],
            "area_km2": [float("nan")],
        },
        geometry=[shapely.box(*OUTLINE_BOX)],
        crs=LONLAT,
    )
    return Communes(frame)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check of a file counted, and what it read of the file, so that it is read once.

    Attributes
    ----------
    facts
        What was counted.
    features
        The features of a layer; None for a file without any, and where they cannot be used.
    code_column
        The column of ``features`` with the codes of communes; empty for other kinds of files.
    cells
        All columns of a table of cell sites, by the numbers of its rows; None for anything else.
    """

    facts: CheckFacts
    features: VectorTable | None = None
    code_column: str = ""
    cells: pd.DataFrame | None = None


def commune_source(subject: Subject, path: Path, layer: str = "") -> CommunesSource | None:
    """Say which columns of a commune file are which: as the project file says, else by their names.

    Parameters
    ----------
    subject
        The check; told when a column is not found.
    path
        The commune file.
    layer
        Layer of it.

    Returns
    -------
    CommunesSource or None
        None where the file cannot be read or a column is not found.
    """
    if subject.project is not None:
        return subject.project.communes.model_copy(update={"path": path, "layer": layer})
    crs = subject.request.crs if path == subject.path else ""
    scratch = subject.findings.fresh()
    names = read_column_names(path, layer=layer, findings=scratch)
    if names is None:
        subject.findings.extend(_again(scratch, subject, path))
        return None
    found = guess_columns(names, ("code", "name"), subject, path)
    if found is None:
        return None
    given = {name: guess_column(names, name) for name in ("province_name", "type")}
    columns = CommuneColumns(**found, **given)
    province = guess_column(names, "province_code")
    columns = columns.model_copy(update={"province_code": province})  # may be empty here, not in a project
    if not province:
        subject.findings.add("check.no-province-code", file=path, columns=names)
    told = [f"{name} = {value}" for name, value in columns.model_dump().items() if value not in (name, "")]
    if told:
        subject.findings.add("check.columns-guessed", file=path, columns=told)
    return CommunesSource(path=path, layer=layer, crs=crs, columns=columns)


def _again(scratch: Findings, subject: Subject, path: Path) -> Findings:
    """Say under the file's short name what a silent reading found."""
    named = Findings()
    for item in scratch.items:
        short = path.name if item.file and path.parent == subject.path.parent else item.file
        named.extend([replace(item, file=short)])
    return named


def guess_columns(
    columns: Sequence[str], wanted: Sequence[str], subject: Subject, path: Path
) -> dict[str, str] | None:
    """Find the columns that are wanted by their names; None, with a finding each, where one is not there."""
    found = {meaning: guess_column(columns, meaning) for meaning in wanted}
    missing = [meaning for meaning, column in found.items() if not column]
    for meaning in missing:
        subject.findings.add("check.column-not-found", file=path, wanted=meaning, columns=list(columns))
    return None if missing else found


def official_names(subject: Subject) -> list[str]:
    """Names of the communes to compare with; empty where there are none."""
    return [] if subject.communes is None else [str(name) for name in subject.communes.frame["name"]]


def read_all_columns(subject: Subject) -> pd.DataFrame | None:
    """Read all columns, in silence: the reader that follows says what is wrong with those it needs."""
    scratch = subject.findings.fresh()
    table = read_table(subject.path, sheet=subject.request.layer, columns=None, findings=scratch)
    if isinstance(table, Refused):
        subject.findings.extend(scratch)
        report_decodings(subject.path, subject.findings, official_names(subject))
        return None
    return table.cells
