"""Checking one coverage file: as the run reads it, against the communes, the delivery before, and another."""

# ruff: noqa: PLC0415 - the library of search trees waits for a list of sites

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..coverage.plausibility.footprint import CommunesOnGrid, Footprint, FootprintCoverage, grid_around
from ..coverage.plausibility.judge import judge_copy, judge_nesting, judge_submission
from ..coverage.plausibility.measure import MeasuredSubmission, ReferenceCountry
from ..data.checking.request import CheckFacts
from ..data.checking.sites import site_points
from ..data.checking.subject import Subject, outline_box, read_all_columns
from ..data.geodesy.area import area_km2
from ..data.geodesy.crs import LONLAT, to_lonlat
from ..data.geodesy.places import Bounds
from ..data.project.models import SubmissionSource
from ..data.readers.facts import Refused
from ..data.readers.formats import BY_NAME, is_raster, is_table
from ..data.readers.vector import read_vector
from ..data.submissions.own_words.statements import Entry
from ..data.submissions.own_words.vocabulary import likeliest, services_of
from ..data.submissions.reader import Reading, place_columns, read_submission
from ..data.text.slug import slug
from .check_people import people_covered

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ..data.readers.vector import VectorTable
    from ..data.submissions.reader import Submission

    Measured = MeasuredSubmission[FootprintCoverage]

_OVERLAP = 1.01  # sum over union from which features overlap more than by slivers
_ONLY_NESTED = 0.5  # with an unknown technology, only a plain contradiction is told
_SITES_TESTED = 5000


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the check.

    Attributes
    ----------
    path, layer, crs
        Where it is, and how it is asked for.
    reading
        What it holds with all columns, read once; None for a table or a raster.
    """

    path: Path
    layer: str
    crs: str
    reading: Reading | None

    @property
    def table(self) -> VectorTable | None:
        """Its features; None where it has none, or cannot be read with all columns."""
        table = None if self.reading is None else self.reading.table
        return None if isinstance(table, Refused) else table


@dataclass(frozen=True)
class _Read:
    """A coverage file read as the run would, and its polygons in longitude and latitude."""

    source: SubmissionSource
    submission: Submission

    @cached_property
    def shapes_4326(self) -> NDArray[np.object_]:
        return to_lonlat(self.submission.geometries, self.submission.crs)


def check_coverage(subject: Subject) -> tuple[CheckFacts, VectorTable | None]:
    """Check one coverage file.

    Parameters
    ----------
    subject
        The check.

    Returns
    -------
    tuple
        Features read, the ground they cover, and how many communes they reach; and the features themselves, None
        where the file has none that can be read.
    """
    stated, country = _stated(subject), _country(subject)
    file = _open(subject, subject.path, stated)
    source = stated or _guessed(subject, file)
    entry = _entry(subject, stated)
    submission = read_submission(
        source,
        country.communes,
        subject.findings,
        rules=subject.rules,
        today=subject.today,
        reading=file.reading,
        entry=entry,
    )
    understood = CheckFacts(operator=entry.operator or None, service=entry.service or None)
    if isinstance(submission, Refused):
        return replace(understood, rows=submission.facts.coverage.rows), file.table
    read = _Read(source, submission)
    beside = _open_other(subject, stated)
    now, before, other = _measured(
        read, _read_before(subject, stated, country), _read_other(subject, stated, beside, country), country
    )
    _report_overlaps(subject, read.shapes_4326, now.ground.area_km2)
    verdict = judge_submission(now, before, country, subject.rules, subject.findings)
    if beside is not None:
        if other is not None:
            _judge_other(subject, (now, file), (other, beside), country)
        _judge_sites(subject, read.shapes_4326, beside)
    facts = replace(
        understood,
        rows=submission.features_read,
        rows_counted=len(submission.geometries),
        union_km2=round(now.ground.area_km2, 3),
        people_covered=people_covered(subject, source, submission),
        joins=verdict.communes_reached if country.is_known else None,
        bounds=_bounds(read.shapes_4326),
    )
    return facts, file.table


def _bounds(shapes_4326: NDArray[np.object_]) -> Bounds:
    """Say from where to where shapes reach, in degrees, to some ten metres."""
    return Bounds(*(round(float(edge), 4) for edge in shapely.total_bounds(shapes_4326)))


def _entry(subject: Subject, stated: SubmissionSource | None) -> Entry:
    """Say what is known of the file from outside: by the project file, and by the words of the request."""
    request = subject.request
    entry = Entry() if stated is None else Entry.of(stated)
    return replace(
        entry, operator=request.operator or entry.operator, service=request.service or entry.service
    )


def _report_overlaps(subject: Subject, shapes: NDArray[np.object_], union_km2: float) -> None:
    """Report features that cover the same ground."""
    sum_km2 = float(area_km2(shapes).sum())
    if sum_km2 > _OVERLAP * union_km2 and len(shapes) > 1 and union_km2 > 0:
        subject.about.add("plausibility.overlapping", sum_km2=sum_km2, union_km2=union_km2)


def _country(subject: Subject) -> ReferenceCountry:
    """Give the communes to compare with; without any the outline box stands for the country."""
    if subject.communes is not None:
        return ReferenceCountry(subject.communes)
    return ReferenceCountry(outline_box(), is_known=False)


# --- what the files are ---


def _open(subject: Subject, path: Path, stated: SubmissionSource | None) -> _File:
    """Read a file with all its columns, in silence: whoever uses it says what is wrong with it."""
    request = subject.request
    layer, crs = (request.layer if path == request.path else "", request.crs)
    if stated is not None:
        layer, crs = stated.layer, stated.crs
    if is_raster(path) or (is_table(path) and path != request.path):  # of cell sites
        return _File(path, layer, crs, None)
    told = subject.findings.fresh()
    places = BY_NAME if stated is None else place_columns(stated)
    table = read_vector(path, layer=layer, crs=crs, columns=None, findings=told, places=places)
    return _File(path, layer, crs, Reading(table, told))


def _stated(subject: Subject) -> SubmissionSource | None:
    """Describe the file as the project does; None without a project, or where it does not know the file."""
    found, request = _from_project(subject), subject.request
    if found is None:
        return None
    changes: dict[str, object] = {"path": request.path}
    changes |= {key: value for key in ("layer", "crs") if (value := getattr(request, key))}
    changes |= {} if request.date is None else {"vintage": request.date}
    return found.model_copy(update=changes)


def _from_project(subject: Subject) -> SubmissionSource | None:
    """Find the submission of the project that the file belongs to."""
    if subject.project is None:
        return None
    request = subject.request
    sources = subject.project.submissions
    of_file = [
        source
        for source in sources
        if source.path == request.path.absolute()
        and (not request.operator or slug(source.operator) == slug(request.operator))
    ]
    for source in (*(one for one in of_file if one.service == request.service), *of_file):
        return source
    for source in sources:
        if slug(source.operator) == slug(request.operator) and source.service == request.service:
            return source
    return None


def _guessed(subject: Subject, file: _File) -> SubmissionSource:
    """Describe a file by what it shows, and by the words of the request."""
    request, table, buffer_m = subject.request, file.table, None
    if table is not None:
        kinds = shapely.get_dimensions(table.geometry)
        if len(kinds) and (kinds < 2).all():
            buffer_m = subject.rules.service_distance_m
            subject.about.add("check.distance-assumed", distance_m=buffer_m)
    return SubmissionSource(
        operator=request.operator or "operator",
        service=request.service or "service",
        path=file.path,
        layer=file.layer,
        crs=file.crs,
        vintage=request.date,
        buffer_m=buffer_m,
    )


def _read_before(
    subject: Subject, stated: SubmissionSource | None, country: ReferenceCountry
) -> _Read | None:
    """Read the delivery before, in the same way as the one under check."""
    path = subject.request.previous
    if path is None:
        return None
    before = None if stated is None else stated.model_copy(update={"path": path, "layer": "", "extent": None})
    return _compared(subject, _open(subject, path, before), before, country)


def _open_other(subject: Subject, stated: SubmissionSource | None) -> _File | None:
    """Open the other file to compare with."""
    path = subject.request.other
    return None if path is None else _open(subject, path, _other_stated(subject, stated, path))


def _other_stated(subject: Subject, stated: SubmissionSource | None, path: Path) -> SubmissionSource | None:
    """Describe the other file as the project does, else like the one under check, with all its rows."""
    if stated is None or subject.project is None or path == stated.path:
        return stated
    known = [source for source in subject.project.submissions if source.path == path.absolute()]
    changes = {"path": path, "layer": "", "where": None, "extent": None}
    return known[0] if known else stated.model_copy(update=changes)


def _read_other(
    subject: Subject, stated: SubmissionSource | None, file: _File | None, country: ReferenceCountry
) -> _Read | None:
    """Read the other file as coverage; None where it holds cell sites, which are looked at elsewhere."""
    if file is None or is_table(file.path):
        return None
    if file.table is not None:
        kinds = shapely.get_type_id(file.table.geometry)
        if np.isin(kinds, (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)).all():
            return None
    return _compared(subject, file, _other_stated(subject, stated, file.path), country)


def _compared(
    subject: Subject, file: _File, stated: SubmissionSource | None, country: ReferenceCountry
) -> _Read | None:
    """Read a file to compare with, in silence but for one warning where that is impossible."""
    silent = replace(subject, findings=subject.findings.fresh())
    source = stated or _guessed(silent, file)
    submission = read_submission(
        source, country.communes, silent.findings, reading=file.reading, entry=_entry(subject, stated)
    )
    if isinstance(submission, Refused):
        codes = [item.code for item in silent.findings.errors]
        subject.about.add("check.comparison-unusable", other=file.path.name, codes=codes)
        return None
    return _Read(source, submission)


# --- whether it may be true ---


def _measured(
    read: _Read, before: _Read | None, other: _Read | None, country: ReferenceCountry
) -> tuple[Measured, Measured | None, Measured | None]:
    """Measure all files on one equal-area grid."""
    grid = grid_around([one.shapes_4326 for one in (read, before, other) if one is not None], country.bounds)
    communes = CommunesOnGrid.of(country.communes.frame, grid)

    def measured(one: _Read) -> Measured:
        ground = FootprintCoverage(Footprint.of(one.shapes_4326, LONLAT, grid), communes)
        return MeasuredSubmission(one.source, one.submission, ground)

    return (
        measured(read),
        None if before is None else measured(before),
        None if other is None else measured(other),
    )


def _judge_other(
    subject: Subject, own: tuple[Measured, _File], beside: tuple[Measured, _File], country: ReferenceCountry
) -> None:
    """Compare with another file: the same one, the same ground, or 5G outside 4G."""
    (now, file), (other, other_file) = own, beside
    if judge_copy(now, other, subject.rules, subject.findings):
        return
    service = _technology(other_file)
    if (subject.request.service or _technology(file)) != "5g" or service not in {"", "4g"}:
        return
    most = subject.rules.outside_other_share if service == "4g" else _ONLY_NESTED
    judge_nesting(now, [other], country, most, subject.findings)


def _technology(file: _File) -> str:
    """Find out which service a file speaks of: by its column, else by its name."""
    table = file.table
    column = "" if table is None else likeliest(table.columns.columns, "service")
    stated = [] if table is None or not column else list(table.columns[column].unique())
    for known in (frozenset().union(*map(services_of, stated)), services_of(file.path.stem)):
        if len(known) == 1:
            return next(iter(known))
    return ""


def _judge_sites(subject: Subject, shapes: NDArray[np.object_], file: _File) -> None:
    """Compare with cell sites, where the other file holds points."""
    sites = _sites(subject, file)
    if not len(sites):
        return
    from scipy.spatial import cKDTree

    parts = shapely.get_parts(shapes)
    step = max(1, len(parts) // _SITES_TESTED)
    places = shapely.get_coordinates(shapely.point_on_surface(parts[::step]))
    stretch = np.array([np.cos(np.radians(places[:, 1].mean())), 1.0]) * 111.32
    distance, _ = cKDTree(sites * stretch).query(places * stretch)
    far = float(np.mean(distance > subject.rules.site_distance_km))
    if far > subject.rules.site_share:
        subject.about.add(
            "plausibility.far-from-sites",
            share_pct=100 * far,
            distance_km=subject.rules.site_distance_km,
        )


def _sites(subject: Subject, file: _File) -> NDArray[np.float64]:
    """Give the places of cell sites, longitude and latitude; none where the file holds something else."""
    if is_table(file.path):
        request = replace(subject.request, path=file.path, kind="sites", layer="")
        rows = read_all_columns(replace(subject, request=request, findings=subject.findings.fresh()))
        places = {} if rows is None else site_points(rows)
        if not places:
            codes = ["check.column-not-found"]
            subject.about.add("check.comparison-unusable", other=file.path.name, codes=codes)
        return shapely.get_coordinates(list(places.values())).reshape(-1, 2)
    table = file.table
    if table is None or not len(table.geometry) or shapely.get_dimensions(table.geometry).max() > 0:
        return np.empty((0, 2))
    return shapely.get_coordinates(shapely.centroid(to_lonlat(table.geometry, table.crs)))
