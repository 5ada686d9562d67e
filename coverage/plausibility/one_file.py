"""Checking one coverage file: as the run reads it, against the communes, the delivery before, and another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import scipy.spatial
import shapely

from ...data.checking.request import CheckFacts
from ...data.checking.sites import site_places
from ...data.checking.subject import MAINLAND_BOX, OUTLINE_BOX, Subject, is_table
from ...data.country.communes import Communes
from ...data.geodesy.area import area_km2
from ...data.geodesy.crs import LONLAT, to_lonlat
from ...data.project.models import SubmissionSource, WhereFilter
from ...data.readers.facts import Refused
from ...data.readers.vector import read_vector
from ...data.submissions.reader import read_submission
from ...data.submissions.shapes import check_shapes
from ...data.submissions.statements import check_dates, check_sender, check_status
from ...data.text.column_names import guess_column, is_operational, service_of
from ...data.text.names import is_nothing
from ...data.text.slug import slug
from ..burn.polygons import burn_communes
from .along_borders import share_along_borders
from .footprint import Footprint, equal_area_grid
from .moves import tell_moved
from .verdicts import Cover, main_box, tell_everywhere, tell_place, tell_shift, tell_size

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from ...data.findings.collector import Findings
    from ...data.readers.vector import VectorTable
    from ..burn.grid import Grid
    from ..burn.spans import Spans

_RASTER_ENDINGS = (".tif", ".tiff")
_MARGIN_DEG = 2.0  # coverage may reach so far beyond the country and is still measured
_OVERLAP = 1.01  # sum over union from which features overlap more than by slivers
_ONLY_NESTED = 0.5  # with an unknown technology, only a plain contradiction is told
_SITES_TESTED = 5000


def check_coverage(subject: Subject) -> CheckFacts:
    """Check one coverage file.

    Parameters
    ----------
    subject
        The check.

    Returns
    -------
    CheckFacts
        Features read, the ground they cover, and how many communes they reach.
    """
    unread = subject.findings.fresh()
    table = None if _is_raster(subject.path) else _glance(subject, subject.path, unread)
    source = _source(subject, table)
    country = subject.communes or _box_as_communes()
    submission = read_submission(source, country, subject.findings)
    about = subject.about
    if table is not None:
        operator = subject.request.operator if source.where is None else ""
        check_sender(table.columns, operator, subject.request.service, about)
        if source.where is None and source.basis != "planned":
            check_status(table.columns, about)
        check_dates(table.columns, subject.request.date, subject.today, subject.rules, about)
    if isinstance(submission, Refused):
        return CheckFacts(rows=submission.facts.coverage.rows)
    _tell_unread(subject, unread)
    shapes = to_lonlat(submission.geometries, submission.crs)
    if source.buffer_m is None and not _is_raster(subject.path):
        check_shapes(shapes, submission.feature_ids, subject.rules, about)
    others = {
        name: None if path is None else _compared(subject, source, path, country)
        for name, path in (("previous", subject.request.previous), ("other", subject.request.other))
    }
    grid = _grid(subject, [shapes, *(shapes_of for shapes_of in others.values() if shapes_of is not None)])
    now = Footprint.of(shapes, LONLAT, grid)
    summed = float(area_km2(shapes).sum())
    union = now.area_km2
    if summed > _OVERLAP * union and len(shapes) > 1 and union > 0:
        about.add("plausibility.overlapping", sum_km2=summed, union_km2=union)
    owners = burn_communes(country.frame, grid)
    joins = _judge_place(subject, now, owners, country, shapes)
    if others["previous"] is not None:
        shifted = _judge_change(subject, now, Footprint.of(others["previous"], LONLAT, grid), owners, country)
        if not shifted:
            tell_moved(subject.rules, about, shapes, submission.feature_ids, others["previous"])
    if others["other"] is not None:
        _judge_other(subject, now, Footprint.of(others["other"], LONLAT, grid))
    _judge_sites(subject, shapes)
    return CheckFacts(rows=submission.features_read, union_km2=round(union, 3), joins=joins)


def _tell_unread(subject: Subject, unread: Findings) -> None:
    """Say why columns could not be looked at, although the shapes can be used."""
    too_long = [item for item in unread.errors if item.code == "text.too-long"]
    if too_long:
        subject.findings.extend(too_long)
    elif unread.errors:
        subject.about.add("check.columns-unread", codes=[item.code for item in unread.errors])


def _is_raster(path: Path) -> bool:
    return path.suffix.lower() in _RASTER_ENDINGS


def _box_as_communes() -> Communes:
    """Let the outline box stand for the country."""
    frame = geopandas.GeoDataFrame(
        {"code": ["00000"], "name": ["Việt Nam"], "province_code": ["00"]},
        geometry=[shapely.box(*OUTLINE_BOX)],
        crs=LONLAT,
    )
    return Communes(frame)


def _glance(subject: Subject, path: Path, findings: Findings | None = None) -> VectorTable | None:
    """Read a file with all its columns, in silence: the run's own reader says what is wrong with it."""
    if is_table(path):
        return None
    told = subject.findings.fresh() if findings is None else findings
    request = subject.request
    layer = request.layer if path == request.path else ""
    table = read_vector(path, layer=layer, crs=request.crs, columns=None, findings=told)
    return None if isinstance(table, Refused) else table


# --- what the file is ---


def _source(subject: Subject, table: VectorTable | None) -> SubmissionSource:
    """Describe the file as a project would: by the project's own words, else by what the file shows."""
    request = subject.request
    stated = _from_project(subject)
    if stated is not None:
        changes: dict[str, object] = {"path": request.path}
        changes |= {key: value for key in ("layer", "crs") if (value := getattr(request, key))}
        return stated.model_copy(update=changes)
    buffer_m = None
    if table is not None:
        kinds = shapely.get_dimensions(table.geometry)
        if len(kinds) and (kinds < 2).all():
            buffer_m = subject.rules.service_distance_m
            subject.about.add("check.distance-assumed", distance_m=buffer_m)
    return SubmissionSource(
        operator=request.operator or "operator",
        service=request.service or "service",
        path=request.path,
        layer=request.layer,
        crs=request.crs,
        vintage=request.date,
        buffer_m=buffer_m,
        where=None if table is None else _filter(table.columns, request.operator),
    )


def _from_project(subject: Subject) -> SubmissionSource | None:
    """Find the submission of the project that the file belongs to."""
    if subject.project is None:
        return None
    request = subject.request
    sources = subject.project.submissions
    for source in sources:
        if source.path == request.path.absolute() and (
            not request.operator or slug(source.operator) == slug(request.operator)
        ):
            return source
    for source in sources:
        if slug(source.operator) == slug(request.operator) and source.service == request.service:
            return source
    return None


def _filter(columns: pd.DataFrame, operator: str) -> WhereFilter | None:
    """Keep rows that work today and, in a file of several operators, those of the one asked for."""
    rules = []
    status = guess_column(columns.columns, "status")
    if status:
        working = sorted({str(value) for value in columns[status] if is_operational(value)})
        if working and len(working) < columns[status].map(str).nunique():
            rules.append((status, working))
    column = guess_column(columns.columns, "operator")
    if column and operator:
        names = sorted({str(value) for value in columns[column] if not is_nothing(value)})
        own = [name for name in names if slug(name) == slug(operator)]
        if own and len(names) > len(own):
            rules.append((column, own))
    if not rules:
        return None
    (first, values), rest = rules[0], rules[1:]
    also = tuple(WhereFilter(column=name, values=tuple(kept)) for name, kept in rest)
    return WhereFilter(column=first, values=tuple(values), also=also)


def _compared(
    subject: Subject, source: SubmissionSource, path: Path, country: Communes
) -> NDArray[np.object_] | None:
    """Read a file to compare with into polygons in longitude and latitude; None where that is impossible."""
    table = None if _is_raster(path) else _glance(subject, path)
    if path == subject.request.other and is_table(path):
        return None  # a table of cell sites
    if table is not None and path == subject.request.other:
        kinds = shapely.get_type_id(table.geometry)
        if np.isin(kinds, (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)).all():
            return None  # cell sites, looked at elsewhere
    findings = subject.findings.fresh()
    silent = replace(subject, findings=findings)
    found = source.model_copy(update={"path": path, "layer": "", "where": None})
    if subject.project is None:
        request = replace(subject.request, path=path, layer="")
        found = _source(replace(silent, request=request), table)
    submission = read_submission(found, country, findings)
    if isinstance(submission, Refused):
        codes = [item.code for item in findings.errors]
        subject.about.add("check.comparison-unusable", other=path.name, codes=codes)
        return None
    return to_lonlat(submission.geometries, submission.crs)


def _grid(subject: Subject, groups: list[NDArray[np.object_]]) -> Grid:
    """Lay one grid over everything, but not farther than a margin around the country."""
    bounds = np.array([shapely.total_bounds(group) for group in groups])
    (west, south), (east, north) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    country = subject.country
    box = (
        max(west, country[0] - _MARGIN_DEG),
        max(south, country[1] - _MARGIN_DEG),
        min(east, country[2] + _MARGIN_DEG),
        min(north, country[3] + _MARGIN_DEG),
    )
    boxes = [shapely.bounds(shapely.get_parts(group)) for group in groups]
    return equal_area_grid(box, float(sum((edges[:, 3] - edges[:, 1]).sum() for edges in boxes)))


# --- whether it may be true ---


def _judge_place(
    subject: Subject, now: Footprint, owners: Spans, country: Communes, shapes: NDArray[np.object_]
) -> int | None:
    """Compare with the communes: outside all of them, covering them whole, running along their borders."""
    rules, about = subject.rules, subject.about
    inside = now.owners_km2(owners, len(country.frame))
    whole = area_km2(np.asarray(country.frame.geometry.array, dtype=object))
    shares = inside / np.maximum(whole, 1e-9)
    touched = int((inside > 0).sum())
    full = int((shares > rules.full_commune_share).sum())
    if subject.communes is None:
        cover = _cover(now, MAINLAND_BOX, 0.0, 0.0)
        # The sea far out is no matter here: the communes that could tell it from islands are not at hand.
        share = replace(cover, total_km2=cover.in_box_km2).share_of_everything(MAINLAND_BOX)
        tell_everywhere(rules, about, share)
        return None
    box = main_box(country.frame.bounds.to_numpy())
    tell_place(
        rules,
        about,
        total_km2=now.area_km2,
        outside_km2=now.area_km2 - float(inside.sum()),
        full=full,
        touched=touched,
        share_of_everything=lambda: _cover(
            now, box, float(inside.sum()), float(whole.sum())
        ).share_of_everything(box),
    )
    outlines = np.asarray(country.frame.geometry.array, dtype=object)
    along = share_along_borders(shapes, outlines, rules.border_distance_m)
    if along > rules.border_share:
        about.add("plausibility.copies-communes", share_pct=100 * along)
    return touched


def _cover(
    now: Footprint, box_4326: tuple[float, float, float, float], in_communes_km2: float, communes_km2: float
) -> Cover:
    frame = np.array([shapely.box(*box_4326)], dtype=object)
    in_box_km2 = now.shared_km2(Footprint.of(frame, LONLAT, now.grid).spans)
    return Cover(now.area_km2, in_box_km2, in_communes_km2, communes_km2)


def _judge_change(
    subject: Subject, now: Footprint, before: Footprint, owners: Spans, country: Communes
) -> bool:
    """Compare with the delivery before: unchanged, moved (then true), smaller, larger, communes gone."""
    rules, about, previous = subject.rules, subject.about, subject.request.previous
    if previous is not None and _digest(previous) == _digest(subject.path):
        about.add("plausibility.unchanged")
        return False
    shifted = tell_shift(rules, about, now, before)
    tell_size(rules, about, now_km2=now.area_km2, before_km2=before.area_km2)
    if subject.communes is None:
        return shifted
    whole = area_km2(np.asarray(country.frame.geometry.array, dtype=object))
    served = before.owners_km2(owners, len(whole)) > rules.lost_commune_share * whole
    lost = served & (now.owners_km2(owners, len(whole)) <= 0)
    if lost.any():
        codes = [str(code) for code in country.frame["code"][lost]]
        about.add("plausibility.commune-lost", count=len(codes), codes=codes)
    return shifted


def _judge_other(subject: Subject, now: Footprint, other: Footprint) -> None:
    """Compare with another file: the same one, the same ground, or 5G outside 4G."""
    rules, about, path = subject.rules, subject.about, subject.request.other
    if path is None:
        return
    if _digest(path) == _digest(subject.path):
        about.add("submission.same-file", other=path.name)
        return
    agreement = now.agreement(other)
    if agreement > rules.same_shape:
        about.add("submission.same-shape", other=path.name, agreement=agreement)
        return
    technology = _technology(subject, path)
    if (subject.request.service or _technology(subject, subject.path)) != "5g" or now.area_km2 <= 0:
        return
    outside = 1.0 - now.shared_km2(other.spans) / now.area_km2
    limit = rules.outside_other_share if technology == "4g" else _ONLY_NESTED
    if technology in {"", "4g"} and outside > limit:
        about.add("submission.outside-4g", share_pct=100 * outside, other=path.name)


def _technology(subject: Subject, path: Path) -> str:
    """Find out which service a file speaks of: by its column, else by its name."""
    table = None if _is_raster(path) else _glance(subject, path)
    column = "" if table is None else guess_column(table.columns.columns, "service")
    if table is not None and column:
        known = {service_of(value) for value in table.columns[column]} - {""}
        if len(known) == 1:
            return known.pop()
    return service_of(path.stem)


def _judge_sites(subject: Subject, shapes: NDArray[np.object_]) -> None:
    """Compare with cell sites, where the other file holds points."""
    path = subject.request.other
    sites = np.empty((0, 2)) if path is None or _is_raster(path) else _sites(subject, path)
    if not len(sites):
        return
    parts = shapely.get_parts(shapes)
    step = max(1, len(parts) // _SITES_TESTED)
    places = shapely.get_coordinates(shapely.point_on_surface(parts[::step]))
    stretch = np.array([np.cos(np.radians(places[:, 1].mean())), 1.0]) * 111.32
    distance, _ = scipy.spatial.cKDTree(sites * stretch).query(places * stretch)
    far = float(np.mean(distance > subject.rules.site_distance_km))
    if far > subject.rules.site_share:
        subject.about.add(
            "plausibility.far-from-sites",
            share_pct=100 * far,
            distance_km=subject.rules.site_distance_km,
        )


def _sites(subject: Subject, path: Path) -> NDArray[np.float64]:
    """Read the places of cell sites, longitude and latitude; none where the file holds something else."""
    if is_table(path):
        request = replace(subject.request, path=path, kind="sites", layer="")
        places = site_places(replace(subject, request=request))
        if not places:
            codes = ["check.column-not-found"]
            subject.about.add("check.comparison-unusable", other=path.name, codes=codes)
        return shapely.get_coordinates(list(places.values())).reshape(-1, 2)
    table = _glance(subject, path)
    if table is None or not len(table.geometry) or shapely.get_dimensions(table.geometry).max() > 0:
        return np.empty((0, 2))
    return shapely.get_coordinates(shapely.centroid(to_lonlat(table.geometry, table.crs)))


def _digest(path: Path) -> str:
    if not path.is_file():
        return str(path)
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
