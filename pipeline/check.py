"""The use case of `blackspot check`: one file, what the pipeline would say, and whether it may be true."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..coverage.burn.grid import Grid, lonlat_bounds
from ..coverage.burn.polygons import burn_communes
from ..coverage.people.raster_reach import reached_shares, report_reach
from ..coverage.plausibility.boundaries import check_boundaries
from ..coverage.plausibility.official_totals import compare_totals, report_digits
from ..coverage.plausibility.raster_people import people_on, people_per_commune
from ..data.checking.communes import check_communes
from ..data.checking.request import KINDS, CheckFacts, CheckReport
from ..data.checking.sites import check_sites
from ..data.checking.subject import Checked, Subject, commune_source
from ..data.checking.tables import check_border, check_list, check_table
from ..data.country.communes import read_communes
from ..data.country.population import open_population, read_totals
from ..data.findings.collector import Findings
from ..data.isolation.level import ensure_isolation
from ..data.project.accept import check_questions
from ..data.project.limits import CheckRules
from ..data.project.load import load_project
from ..data.project.population import PopulationSource
from ..data.readers.facts import Refused
from ..data.readers.formats import is_raster
from ..data.text.sentences import Phrase, phrase, told
from ..errors import ProjectError
from ..maps.kit.features import offending_features, surroundings
from ..maps.kit.write import write_kit
from ..progress import silent
from .check_coverage import check_coverage

if TYPE_CHECKING:
    from pathlib import Path

    from ..data.checking.request import CheckRequest
    from ..data.country.communes import Communes
    from ..data.country.population import PopulationRaster
    from ..data.country.totals import OfficialTotals
    from ..data.project.countries.pack import CountryPack
    from ..progress import Progress


_WHOLE = 0.9  # of the mainland's box: the raster speaks of the whole country


def check(request: CheckRequest, *, today: dt.date | None = None, progress: Progress = None) -> CheckReport:
    """Check one file.

    Parameters
    ----------
    request
        The file and everything known about it.
    today
        Days after it have not come yet; None takes the day of the machine.
    progress
        Told the share done and what is being done.

    Returns
    -------
    CheckReport
        Findings, verdict and counts; a folder for the operator where one was asked for.

    Raises
    ------
    ProjectError
        The project file is wrong, or a code to accept is no question.
    """
    say = progress or silent
    subject = _subject(request, today or dt.datetime.now(dt.UTC).date())
    say(0.1, told("progress", "checking", file=request.path.name))
    checked = _check_kind(subject)
    items = subject.findings.items
    report = CheckReport(request=request, findings=items, facts=checked.facts)
    if request.kit is not None:
        say(0.9, told("progress", "kit", folder=request.kit))
        mentioned = subject.findings.mentioned
        features = offending_features(subject, checked)
        write_kit(request.kit, report, features, surroundings(subject), mentioned)
        report = replace(report, kit=request.kit)
    return report


def _subject(request: CheckRequest, today: dt.date) -> Subject:
    if request.kind not in KINDS:
        raise ProjectError(told("project", "no_kind", kind=request.kind, known=", ".join(KINDS)))
    project = None if request.project is None else load_project(request.project)
    ensure_isolation("any" if project is None else project.project.isolation)
    rules = CheckRules() if project is None else project.checks
    check_questions((*rules.accept, *request.accept))
    findings = Findings(request.path.parent, (*rules.accept, *request.accept))
    subject = Subject(request, findings, rules, today, project)
    return replace(subject, communes=_communes(subject))


def _communes(subject: Subject) -> Communes | None:
    """Read the communes to compare with; what is wrong with them is said in one warning."""
    request, project = subject.request, subject.project
    if request.communes is not None:
        path, layer = request.communes, ""
    elif project is not None and project.communes.path != request.path:
        path, layer = project.communes.path, project.communes.layer
    else:
        return None
    scratch = replace(subject, findings=subject.findings.fresh())
    source = commune_source(scratch, path, layer)
    communes = None if source is None else read_communes(source, None, scratch.findings)
    if communes is None or isinstance(communes, Refused):
        codes = [item.code for item in scratch.findings.errors]
        subject.about.add("check.comparison-unusable", other=path.name, codes=codes)
        return None
    return communes


def _check_kind(subject: Subject) -> Checked:
    """Check a file as what it is; gives what was counted, and what was read of it."""
    kind = subject.request.kind
    if kind == "coverage":
        facts, features = check_coverage(subject)
        return Checked(facts=facts, features=features)
    if kind == "communes":
        checked, communes = check_communes(subject)
        if communes is None:
            return checked
        union_km2 = check_boundaries(communes.frame, subject.rules, subject.about)
        return replace(checked, facts=replace(checked.facts, union_km2=union_km2))
    if kind == "sites":
        return check_sites(subject)
    return Checked(facts=_check_other_kind(subject))


def _check_other_kind(subject: Subject) -> CheckFacts:
    kind = subject.request.kind
    if kind == "population":
        return _check_population(subject)
    if kind == "table":
        facts, totals = check_table(subject)
        if totals is not None:
            _compare_table(subject, totals)
        return facts
    return check_border(subject) if kind == "border" else check_list(subject)


# --- population ---


def _population_source(subject: Subject, path: object) -> PopulationSource:
    project = subject.project
    if project is None:
        return PopulationSource(path=path, crs=subject.request.crs)  # type: ignore[arg-type] # a Path
    return project.population.model_copy(
        update={"path": path, "totals": None, "calibrate": "none", "overrides": None, "alternatives": ()}
    )


def _check_population(subject: Subject) -> CheckFacts:
    """Check a raster of people: as the run opens it, then its sum."""
    raster = open_population(_population_source(subject, subject.path), subject.findings, subject.rules)
    if raster is None:
        return CheckFacts()
    about, total = subject.about, raster.total()
    share = _share_of_mainland(raster, subject.pack)
    if subject.communes is not None and not _is_one_tile(subject):
        _compare_ground(subject, subject.communes, raster)
    elif share is None:
        pass  # nobody says where the country lies
    elif share <= 0:
        about.add("coverage.outside-country", total=1, where=_place(raster), count=1)
    elif share < _WHOLE:
        about.add("population.partial", total=total, share_pct=100 * share)
    usual = subject.pack.people
    if usual and share is not None and share >= _WHOLE and not usual[0] <= total <= usual[1]:
        expected = phrase("people-between", low=usual[0], high=usual[1])
        about.add("population.total-differs", total=total, expected=expected)
    other = subject.request.other
    if other is not None and subject.communes is not None:
        totals = _official(subject, other)
        people = people_per_commune(subject.communes.frame, raster)
        if totals is not None:
            known = [totals.people.get(str(code), math.nan) for code in subject.communes.frame["code"]]
            official = float(np.nansum(known))
            here = float(people[np.isfinite(known)].sum())
            ratio = max(here, 1.0) / official
            if not 1 / subject.rules.total_ratio <= ratio <= subject.rules.total_ratio:
                about.add("population.total-differs", total=here, expected=official)
    joins = None if subject.communes is None else len(subject.communes.frame)
    return CheckFacts(pop_total=total, joins=joins)


def _is_one_tile(subject: Subject) -> bool:
    """Say whether the project names the file as one of several tiles: the others know the rest of the ground."""
    tiles = () if subject.project is None else subject.project.population.files
    return len(tiles) > 1 and subject.path in tiles


def _compare_ground(subject: Subject, communes: Communes, raster: PopulationRaster) -> None:
    """Compare the ground of a raster with the communes, as a run does."""
    frame = communes.frame
    grid = Grid.around(raster, frame.total_bounds.tolist())
    zones = burn_communes(frame, grid)
    reached = reached_shares(zones, grid, raster.tiles, len(frame))
    if not reached.any():
        subject.about.add("coverage.outside-country", total=1, where=_place(raster), count=1)
        return
    people = people_on(zones, grid, raster, len(frame))
    stated = frame["code"].isin(_stated_codes(subject, communes)).to_numpy()
    report_reach(frame, reached, people, stated, subject.rules.unreached_share, subject.about)


def _stated_codes(subject: Subject, communes: Communes) -> frozenset[str]:
    """Give the communes whose official figure counts by the project file."""
    project = subject.project
    if project is None or project.population.totals is None or not project.population.is_calibrated:
        return frozenset()
    totals = read_totals(project.population.totals, communes, subject.findings.fresh())
    return frozenset(() if totals is None else totals.people)


def _official(subject: Subject, path: Path) -> OfficialTotals | None:
    """Read a table to compare with, in silence but for one warning."""
    request = replace(subject.request, path=path, layer="")
    scratch = replace(subject, findings=subject.findings.fresh(), request=request)
    _, totals = check_table(scratch)
    if totals is None:
        codes = [item.code for item in scratch.findings.errors]
        subject.about.add("check.comparison-unusable", other=scratch.path.name, codes=codes)
    return totals


def _place(raster: PopulationRaster) -> Phrase:
    west, south, _, _ = lonlat_bounds(raster)
    return phrase("place", lat=south, lon=west)


def _share_of_mainland(raster: PopulationRaster, pack: CountryPack) -> float | None:
    if pack.mainland_box_lonlat is None:
        return None
    box, land = shapely.box(*lonlat_bounds(raster)), shapely.box(*pack.mainland_box_lonlat)
    return float(box.intersection(land).area / land.area)


# --- official figures ---


def _compare_table(subject: Subject, totals: OfficialTotals) -> None:
    """Compare official figures with a raster, or with the table before, commune by commune."""
    request = subject.request
    project = subject.project
    if request.previous is not None:
        before = _official(subject, request.previous)
        if before is not None:
            codes = sorted(totals.people.keys() & before.people.keys())
            expected = np.array([before.people[code] for code in codes])
            figures = np.array([totals.people[code] for code in codes])
            report_digits(figures, expected, codes, subject.rules, subject.about)
    raster = None
    if request.other is not None and is_raster(request.other):
        raster = request.other
    elif project is not None:
        raster = project.population.named
    if raster is None or subject.communes is None:
        return
    scratch = subject.findings.fresh()
    named = project is not None and raster == project.population.named
    path = project.population.path if project is not None and named else raster
    people = open_population(_population_source(subject, path), scratch)
    if people is None:
        codes = [item.code for item in scratch.errors]
        subject.about.add("check.comparison-unusable", other=raster.name, codes=codes)
        return
    frame = subject.communes.frame
    here = people_per_commune(frame, people)
    codes = [str(code) for code in frame["code"]]
    figures = np.array([totals.people.get(code, math.nan) for code in codes])
    provinces = frame["province_code"].to_numpy()
    compare_totals(figures, here, codes, provinces, subject.rules, subject.about)
