"""Checking one file by itself: communes, tables, lists, cell sites and border lines, with or without a project.

Coverage and population need the grid and are checked in :mod:`blackspot.coverage.checking`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import shapely

from .check_request import CheckFacts
from .checking_text import tell_decodings, tell_old_fonts
from .codes import COMMUNE_CODE_WIDTH, PRETENDED, read_codes
from .column_guess import guess_column
from .communes import Communes, read_communes
from .crs import LONLAT, VIET_NAM, to_lonlat
from .findings import Findings
from .lists import read_code_list, read_lines
from .plausibility import tell_repeated_vertices
from .project import CodeList, CommuneColumns, CommunesSource, TotalsColumns, TotalsSource, VectorSource
from .register import compare_register
from .table import read_table
from .totals import read_totals
from .vector import read_column_names, read_vector

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from .check_request import CheckRequest
    from .findings import FileFindings
    from .project import Project
    from .project_checks import CheckRules
    from .totals import OfficialTotals

OUTLINE_BOX = VIET_NAM
"""Where a file must lie that nobody gave communes for."""

MAINLAND_BOX = (102.1, 8.5, 109.5, 23.4)
"""The part of it where population rasters have cells."""

OFFICIAL_COMMUNES = 3321
"""Communes, wards and special zones since 1 July 2025."""

_TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_OLD_UNITS = 1.3  # times the official number: there were 10,035 communes before the reform, 11,000 in 2009


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
    def country(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the country: of its communes, else the outline box."""
        if self.communes is None:
            return OUTLINE_BOX
        west, south, east, north = (float(edge) for edge in self.communes.frame.total_bounds)
        return (west, south, east, north)


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
    found = _columns(names, ("code", "name"), subject, path)
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
    """Say under the file's short name what was found while nobody listened."""
    named = Findings()
    for item in scratch.items:
        short = path.name if item.file and path.parent == subject.path.parent else item.file
        named.extend([type(item)(**{slot: getattr(item, slot) for slot in item.__slots__} | {"file": short})])
    return named


def _columns(
    columns: Sequence[str], wanted: Sequence[str], subject: Subject, path: Path
) -> dict[str, str] | None:
    found = {meaning: guess_column(columns, meaning) for meaning in wanted}
    missing = [meaning for meaning, column in found.items() if not column]
    for meaning in missing:
        subject.findings.add("check.column-not-found", file=path, wanted=meaning, columns=list(columns))
    return None if missing else found


def check_communes(subject: Subject) -> tuple[CheckFacts, Communes | None]:
    """Check a file of communes as the run reads it, against the register where one is given.

    The communes are given back, so that somebody sees how they fit together.
    """
    source = commune_source(subject, subject.path, subject.request.layer)
    if source is None:
        tell_decodings(subject.path, subject.findings, _official_names(subject))
        return CheckFacts(), None
    communes = read_communes(source, None, subject.findings)
    about = subject.about
    count = subject.findings.ledger.rows.get(subject.path, 0) if communes is None else len(communes.frame)
    if count > _OLD_UNITS * OFFICIAL_COMMUNES:
        about.add("register.old-units", count=count, official=OFFICIAL_COMMUNES)
    elif communes is not None and count != OFFICIAL_COMMUNES:
        about.add("register.partial", count=count, official=OFFICIAL_COMMUNES)
    if communes is None:
        tell_decodings(subject.path, subject.findings, _official_names(subject))
        return CheckFacts(), None
    frame = communes.frame
    tell_old_fonts(frame["name"], _official_names(subject), about)
    tell_repeated_vertices(np.asarray(frame.geometry.array, dtype=object), about)
    joins = None if subject.communes is None else compare_register(frame, subject.communes, about)
    return CheckFacts(rows=count, joins=joins), communes


def _official_names(subject: Subject) -> list[str]:
    return [] if subject.communes is None else [str(name) for name in subject.communes.frame["name"]]


def check_list(subject: Subject) -> CheckFacts:
    """Check a list of commune codes, such as that of the border communes."""
    rows = _table(subject)
    if rows is None:
        return CheckFacts()
    columns = list(rows.columns)
    found = columns[:1] if len(columns) == 1 else [guess_column(columns, "code")]
    if not found[0]:
        subject.about.add("check.column-not-found", wanted="code", columns=columns)
        return CheckFacts(rows=len(rows))
    communes = subject.communes or _pretended(rows[found[0]])
    joined = read_code_list(CodeList(path=subject.path, column=found[0]), communes, subject.findings)
    return CheckFacts(rows=len(rows), joins=len(joined))


def check_table(subject: Subject) -> tuple[CheckFacts, OfficialTotals | None]:
    """Check a table of official figures; the totals are given back to be compared with a raster."""
    rows = _table(subject)
    if rows is None:
        return CheckFacts(), None
    project = subject.project
    stated = None if project is None else project.population.totals
    if stated is None:
        found = _columns(list(rows.columns), ("code", "population"), subject, subject.path)
        if found is None:
            return CheckFacts(rows=len(rows)), None
        columns = TotalsColumns(**found)
        if columns.population != "population" or columns.code != "code":
            told = [f"{name} = {value}" for name, value in found.items()]
            subject.about.add("check.columns-guessed", columns=told)
    else:
        columns = stated.columns
    source = TotalsSource(path=subject.path, sheet=subject.request.layer, columns=columns)
    if columns.code not in rows:
        read_totals(source, subject.communes or _pretended(pd.Series([], dtype=object)), subject.findings)
        return CheckFacts(rows=len(rows)), None
    communes = subject.communes or _pretended(rows[columns.code])
    name = guess_column(rows.columns, "name")
    if name:
        tell_old_fonts(rows[name], _official_names(subject), subject.about)
    totals = read_totals(source, communes, subject.findings)
    if totals is None:
        return CheckFacts(rows=len(rows)), None
    people = float(sum(totals.people.values()))
    return CheckFacts(rows=len(rows), pop_total=people, joins=len(totals.people)), totals


def _table(subject: Subject) -> pd.DataFrame | None:
    """Read all columns, in silence: the reader that follows says what is wrong with those it needs."""
    scratch = subject.findings.fresh()
    rows = read_table(
        subject.path, sheet=subject.request.layer, columns=None, findings=scratch, role=subject.request.kind
    )
    if rows is None:
        subject.findings.extend(scratch)
        tell_decodings(subject.path, subject.findings, _official_names(subject))
    return rows


def _pretended(codes: pd.Series) -> Communes:
    """Make communes of a table's own codes, where there are none to compare with."""
    read = read_codes(codes, COMMUNE_CODE_WIDTH)
    known = sorted({str(code) for code in read.text[~read.missing & ~read.bad]})
    frame = geopandas.GeoDataFrame({"code": known}, geometry=[shapely.Point()] * len(known), crs=LONLAT)
    frame.attrs[PRETENDED] = True
    return Communes(frame)


def is_table(path: Path) -> bool:
    """Say whether a file is a table by its name."""
    return path.suffix.lower() in _TABLE_ENDINGS


def check_sites(subject: Subject) -> CheckFacts:
    """Check a table or a layer of cell sites."""
    if is_table(subject.path):
        return _check_site_table(subject)
    table = read_vector(
        subject.path,
        layer=subject.request.layer,
        crs=subject.request.crs,
        columns=None,
        findings=subject.findings,
        role="sites",
        kinds=("point",),
    )
    if table is None:
        return CheckFacts()
    at = shapely.get_coordinates(shapely.centroid(to_lonlat(table.geometry, table.crs)))
    joins = _place_sites(at, table.feature_id, subject)
    return CheckFacts(rows=len(table.geometry), joins=joins)


def _check_site_table(subject: Subject) -> CheckFacts:
    rows = _table(subject)
    if rows is None:
        return CheckFacts()
    found = _columns(list(rows.columns), ("longitude", "latitude"), subject, subject.path)
    if found is None:
        return CheckFacts(rows=len(rows))
    about = subject.about
    text = rows[[found["longitude"], found["latitude"]]].map(lambda cell: str(cell).strip())
    empty = (text == "").any(axis=1)
    if empty.any():
        numbers = [str(row) for row in rows.index[empty]]
        about.add("sites.missing-coordinate", count=len(numbers), rows=numbers)
    at = text[~empty].apply(pd.to_numeric, errors="coerce").astype(float)  # also where no row is left
    bad = ~np.isfinite(at).all(axis=1) | (at.abs() > 180.0).any(axis=1)
    if bad.any():
        numbers = [str(row) for row in at.index[bad]]
        example = " ".join(text.loc[at.index[bad][0]])
        about.add("sites.bad-coordinate", count=len(numbers), rows=numbers, example=example)
        return CheckFacts(rows=len(rows))
    if at.empty:
        about.add("layer.no-features")
        return CheckFacts(rows=len(rows))
    return CheckFacts(rows=len(rows), joins=_place_sites(at.to_numpy(float), at.index.to_numpy(), subject))


def site_places(subject: Subject) -> dict[str, shapely.Point]:
    """Say where the sites of a table stand, by the numbers of their rows.

    Parameters
    ----------
    subject
        The check of a table of cell sites.

    Returns
    -------
    dict
        Without rows that hold no usable coordinates; empty where the table cannot be read.
    """
    rows = _table(replace(subject, findings=subject.findings.fresh()))
    if rows is None:
        return {}
    names = [guess_column(rows.columns, meaning) for meaning in ("longitude", "latitude")]
    if not all(names):
        return {}
    at = rows[names].apply(pd.to_numeric, errors="coerce")
    at = at[np.isfinite(at).all(axis=1)]
    return dict(zip(map(str, at.index), shapely.points(at.to_numpy(float)), strict=True))


def _place_sites(at: np.ndarray, names: np.ndarray, subject: Subject) -> int | None:
    """See where sites stand; gives how many stand in a commune, None without communes."""
    about, total = subject.about, len(at)
    inside = _in_box(at, subject.country)
    example = f"{at[0, 0]:.4f} {at[0, 1]:.4f}"
    if not inside.any():
        exchanged = _in_box(at[:, ::-1], subject.country).all()
        about.add("sites.exchanged" if exchanged else "sites.outside-country", total=total, example=example)
        return None
    if not inside.all():
        rows = [str(name) for name in names[~inside]]
        about.add("sites.partly-outside", count=len(rows), total=total, rows=rows)
    same = total - len(np.unique(at.round(6), axis=0))
    if same:
        about.add("sites.same-place", count=same, total=total)
    if subject.communes is None:
        return None
    tree = shapely.STRtree(np.asarray(subject.communes.frame.geometry.array, dtype=object))
    return len(np.unique(tree.query(shapely.points(at), predicate="intersects")[0]))


def _in_box(at: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    west, south, east, north = box
    return (at[:, 0] >= west) & (at[:, 0] <= east) & (at[:, 1] >= south) & (at[:, 1] <= north)


def check_border(subject: Subject) -> CheckFacts:
    """Check lines of the land border, or land of the neighbours."""
    source = VectorSource(path=subject.path, layer=subject.request.layer)
    lines = read_lines(source, subject.findings)
    if not len(lines):
        return CheckFacts()
    touching = shapely.intersects(lines, shapely.box(*subject.country).buffer(0.5))
    if not touching.any():
        bounds = shapely.bounds(lines[:1])[0]
        where = f"{bounds[1]:.2f}° N, {bounds[0]:.2f}° E"
        subject.about.add("coverage.outside-country", total=len(lines), where=where, count=len(lines))
    return CheckFacts(rows=len(lines))
