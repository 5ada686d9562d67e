"""Checking a table of official figures, a list of codes, or border lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import pandas as pd
import shapely

from ..country.codes import CodeSystem, read_codes
from ..country.communes import Communes
from ..country.lists import read_code_list, read_lines
from ..country.totals import read_totals
from ..geodesy.crs import LONLAT
from ..project.population import TotalsColumns, TotalsSource
from ..project.profile import CodeList
from ..project.sections.values import VectorSource
from ..text.column_names import guess_column
from ..text.sentences import phrase
from .decodings import report_old_fonts
from .request import CheckFacts
from .subject import Subject, guess_columns, official_names, read_all_columns

if TYPE_CHECKING:
    from ..country.totals import OfficialTotals


def check_list(subject: Subject) -> CheckFacts:
    """Check a list of commune codes, such as that of the border communes."""
    rows = read_all_columns(subject)
    if rows is None:
        return CheckFacts()
    columns = list(rows.columns)
    found = columns[:1] if len(columns) == 1 else [guess_column(columns, "code")]
    if not found[0]:
        subject.about.add("check.column-not-found", wanted="code", columns=columns)
        return CheckFacts(rows=len(rows))
    communes = subject.communes or _pretended(rows[found[0]], subject)
    joined = read_code_list(CodeList(path=subject.path, column=found[0]), communes, subject.findings)
    return CheckFacts(rows=len(rows), joins=len(joined))


def check_table(subject: Subject) -> tuple[CheckFacts, OfficialTotals | None]:
    """Check a table of official figures; the totals are given back to be compared with a raster."""
    rows = read_all_columns(subject)
    if rows is None:
        return CheckFacts(), None
    project = subject.project
    stated = None if project is None else project.population.totals
    if stated is None:
        found = guess_columns(list(rows.columns), ("code", "population"), subject, subject.path)
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
        nothing = _pretended(pd.Series([], dtype=object), subject)
        read_totals(source, subject.communes or nothing, subject.findings)
        return CheckFacts(rows=len(rows)), None
    communes = subject.communes or _pretended(rows[columns.code], subject)
    name = guess_column(rows.columns, "name")
    if name:
        report_old_fonts(rows[name], official_names(subject), subject.about)
    totals = read_totals(source, communes, subject.findings)
    if totals is None:
        return CheckFacts(rows=len(rows)), None
    people = float(sum(totals.people.values()))
    return CheckFacts(rows=len(rows), pop_total=people, joins=len(totals.people)), totals


def _pretended(codes: pd.Series, subject: Subject) -> Communes:
    """Make communes of a table's own codes, where there are none to compare with."""
    system = CodeSystem.of(None if subject.project is None else subject.project.communes)
    read = read_codes(codes, system.commune)
    known = sorted({str(code) for code in read.text[~read.missing & ~read.bad]})
    frame = geopandas.GeoDataFrame({"code": known}, geometry=[shapely.Point()] * len(known), crs=LONLAT)
    return Communes(frame, registered=False, system=system)


def check_border(subject: Subject) -> CheckFacts:
    """Check lines of the land border, or land of the neighbours."""
    source = VectorSource(path=subject.path, layer=subject.request.layer)
    lines = read_lines(source, subject.findings)
    geometry, rows = lines.geometry, lines.facts.rows
    if not len(geometry):
        return CheckFacts(rows=rows)
    touching = shapely.intersects(geometry, shapely.box(*subject.country).buffer(0.5))
    if not touching.any():
        bounds = shapely.bounds(geometry[:1])[0]
        where = phrase("place", lat=bounds[1], lon=bounds[0])
        subject.about.add("coverage.outside-country", total=len(geometry), where=where, count=len(geometry))
    return CheckFacts(rows=rows)
