"""Coverage files of the operators, each into polygons, with what it says about itself.

A file is refused whole or used: rows that do not count (another status, no geometry) are counted with the
reason. Polygons may be invalid or overlap; they are read by the even-odd rule and united later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..disk.hashing import ANYTHING, Expected, InputFile, parts_of
from ..geodesy.area import area_km2
from ..geodesy.buffer import buffer_m
from ..geodesy.crs import LONLAT, to_lonlat
from ..geodesy.doubtful import doubtful_ground
from ..readers.facts import LayerFacts, Refused
from ..readers.formats import BY_NAME, PlaceColumns, is_raster
from ..readers.signal import read_signal
from ..readers.vector import read_vector
from ..text.sentences import phrase
from .extent import read_extent
from .misplaced import report_misplaced
from .rows import chosen_rows
from .shapes import check_shapes
from .statements import check_dates, check_sender, check_status

if TYPE_CHECKING:
    import datetime as dt

    import pyproj
    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import FileFindings, Findings
    from ..project.limits import CheckRules
    from ..project.models import SubmissionSource
    from ..readers.vector import VectorTable

_SPILL_DEG = 0.3  # some 30 km: as far as the signal of a site reaches over a border or out to sea
_OF_COLUMNS = ("column.", "encoding.", "text.")  # families of codes that speak of columns
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True)
class SubmissionFacts:
    """What is known of the files of a submission, whether it is used or refused.

    Attributes
    ----------
    coverage
        The coverage file; its repaired ground is that of the features that count.
    extent
        The file of the area it speaks for; None where there is none.
    """

    coverage: LayerFacts
    extent: LayerFacts | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """The coverage of one operator and service, as one file says it.

    Attributes
    ----------
    operator, service, service_class, environment, basis, vintage
        What the project file says about it; ``vintage`` as 2026-10-31 or empty.
    geometries
        Polygons and multipolygons in ``crs``, none missing; possibly invalid or overlapping.
    crs
        Coordinate reference system of ``geometries``.
    extent_provinces
        Codes of the provinces it speaks for; None without such a limit.
    extent_geometries
        Polygons it speaks for, EPSG:4326; None without such a limit.
    source
        The file, by content.
    facts
        What is known of its files.
    features_read
        Features in the file. The geometries are those that count; findings tell the reason for every other one.
        Of a raster: patches.
    feature_ids
        What the file calls the features that count, in the order of ``geometries``.
    """

    operator: str
    service: str
    service_class: str
    environment: str
    basis: str
    vintage: str
    geometries: NDArray[np.object_]
    crs: pyproj.CRS
    extent_provinces: frozenset[str] | None
    extent_geometries: NDArray[np.object_] | None
    source: InputFile
    facts: SubmissionFacts
    features_read: int
    feature_ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class _Doubts:
    """Whether the file may be true: the limits, and the day after which days have not come yet."""

    rules: CheckRules
    today: dt.date


@dataclass(frozen=True, slots=True)
class _Area:
    """Where there is coverage: polygons, their system, what their features are called, and what is known of them."""

    geometries: NDArray[np.object_]
    crs: pyproj.CRS
    ids: NDArray[np.int64]
    facts: LayerFacts


@dataclass(frozen=True, slots=True)
class Reading:
    """A vector file read with all its columns.

    Attributes
    ----------
    table
        Its features, or what is known of it where it could not be read like this.
    told
        What the reader said; it has not been said to anybody else.
    """

    table: VectorTable | Refused[LayerFacts]
    told: Findings


def read_submission(
    source: SubmissionSource,
    communes: Communes | None,
    findings: Findings,
    *,
    rules: CheckRules | None = None,
    today: dt.date | None = None,
    reading: Reading | None = None,
    expected: Expected = ANYTHING,
) -> Submission | Refused[SubmissionFacts]:
    """Read one coverage file.

    Parameters
    ----------
    source
        What the project file says about it.
    communes
        The country, to judge where the coverage lies and which provinces there are; None, when the communes
        were refused themselves, leaves those two questions out.
    findings
        Told everything: what was left out and why, and every problem.
    rules
        Limits of the plausibility checks of columns and shapes; None leaves these checks out.
    today
        Days after it have not come yet; needed with ``rules``.
    reading
        The file as it was read already, layer and reference system as ``source`` says; None reads it here.
    expected
        What the files must be.

    Returns
    -------
    Submission or Refused
        Refused after an error finding.
    """
    about = findings.about(source.path, source.layer)
    extent = read_extent(source, communes, findings, expected)
    from_raster = is_raster(source.path)
    doubts = None if rules is None or today is None else _Doubts(rules, today)
    if from_raster:
        area = _from_raster(source, findings, expected)
    else:
        area = _from_vector(source, doubts, reading, findings, expected)
    facts = SubmissionFacts(area.facts, extent.facts)
    if isinstance(area, Refused):
        return Refused(facts)
    inside = communes is None or _lies_inside(area, communes, about, report_some=not from_raster)
    if not inside or isinstance(extent, Refused):
        return Refused(facts)
    if communes is not None and not from_raster:
        report_misplaced(area.geometries, area.crs, communes, extent.provinces, about)
    try:
        file = _as_read(source, area.facts)
    except OSError as error:
        about.add("file.unreadable", reason=error.strerror or type(error).__name__)
        return Refused(facts)
    return Submission(
        operator=source.operator,
        service=source.service,
        service_class=source.service_class,
        environment=source.environment,
        basis=source.basis,
        vintage=source.vintage_text,
        geometries=area.geometries,
        crs=area.crs,
        extent_provinces=extent.provinces,
        extent_geometries=extent.geometries,
        source=file,
        facts=facts,
        features_read=len(area.geometries) if area.facts.rows is None else area.facts.rows,
        feature_ids=area.ids,
    )


def _as_read(source: SubmissionSource, facts: LayerFacts) -> InputFile:
    """Describe the file by the hash of the bytes that were read, whatever stands under its name by now."""
    size = sum(part.stat().st_size for part in parts_of(source.path).values())
    return InputFile("coverage", source.path, facts.sha256, size, source.vintage_text)


def _from_raster(
    source: SubmissionSource, findings: Findings, expected: Expected
) -> _Area | Refused[LayerFacts]:
    about = findings.about(source.path)
    usable = True
    for key, given in (
        ("where", source.where is not None),
        ("buffer_m", source.buffer_m is not None),
        ("layer", bool(source.layer)),
    ):
        if given:
            about.add("coverage.not-for-rasters", key=key)
            usable = False
    if source.threshold is None:
        about.add("coverage.threshold-missing")
        usable = False
    if not usable or source.threshold is None:
        return Refused(LayerFacts(source.path))
    signal = read_signal(source.path, source.threshold, crs=source.crs, findings=findings, expected=expected)
    if isinstance(signal, Refused):
        return signal
    count = len(signal.geometry)
    return _Area(signal.geometry, signal.crs, np.arange(count), signal.facts)


def _from_vector(
    source: SubmissionSource,
    doubts: _Doubts | None,
    reading: Reading | None,
    findings: Findings,
    expected: Expected,
) -> _Area | Refused[LayerFacts]:
    table = _read_table(source, reading, findings, expected, all_columns=doubts is not None)
    about = findings.about(source.path, source.layer)
    if source.threshold is not None:
        about.add("coverage.not-for-vectors")
    if isinstance(table, Refused) or source.threshold is not None:
        return Refused(table.facts)
    if doubts is not None:
        operator = source.operator if source.where is None else ""
        check_sender(table.columns, operator, source.service, about)
        if source.where is None and source.basis != "planned":
            check_status(table.columns, about)
        check_dates(table.columns, source.vintage, doubts.today, doubts.rules, about)
    rows = chosen_rows(table.columns, source.where, about)
    if rows is None:
        return Refused(table.facts)
    geometries, ids = table.geometry[rows], table.feature_id[rows]
    if not _fits_distance(geometries, source.buffer_m, about):
        return Refused(table.facts)
    crs, facts = table.crs, table.facts
    if source.buffer_m is not None:
        geometries, crs = buffer_m(geometries, crs, source.buffer_m), LONLAT
    else:
        facts = facts.with_repaired(_doubtful(geometries, crs, ids, about))
        if doubts is not None:
            check_shapes(to_lonlat(geometries, crs), ids, doubts.rules, about)
    return _Area(geometries, crs, ids, facts)


def _read_table(
    source: SubmissionSource,
    reading: Reading | None,
    findings: Findings,
    expected: Expected,
    *,
    all_columns: bool,
) -> VectorTable | Refused[LayerFacts]:
    """Read the file, with all columns where these are to be looked at.

    What is wrong only with columns that nobody asked for never refuses a file: then it is read without them.
    """
    columns = [] if source.where is None else list(dict.fromkeys(rule.column for rule in source.where.every))

    def read(wanted: list[str] | None, told: Findings) -> VectorTable | Refused[LayerFacts]:
        return read_vector(
            source.path,
            layer=source.layer,
            crs=source.crs,
            columns=wanted,
            findings=told,
            expected=expected,
            places=place_columns(source),
        )

    if reading is None:
        if not all_columns:
            return read(columns, findings)
        told = findings.fresh()
        reading = Reading(read(None, told), told)
    table, told = reading.table, reading.told
    has_columns = not isinstance(table, Refused) and set(columns) <= set(table.columns.columns)
    codes = [item.code for item in told.items]
    if "text.too-long" in codes:
        findings.extend(told)
        return Refused(table.facts)
    if "file.reader-time" not in codes and (
        not has_columns or told.errors or any(code.startswith(_OF_COLUMNS) for code in codes)
    ):
        return read(columns, findings)
    findings.extend(told)
    return table


def place_columns(source: SubmissionSource) -> PlaceColumns:
    """Give the columns of a table that say where its rows lie, as the project file names them."""
    return BY_NAME if source.columns is None else PlaceColumns(**source.columns.model_dump())


def _fits_distance(geometries: NDArray[np.object_], distance_m: float | None, about: FileFindings) -> bool:
    """Lines and points need a service distance; polygons must have none."""
    is_area = np.isin(shapely.get_type_id(geometries), _POLYGONS)
    if distance_m is None and not is_area.all():
        types = sorted({shape.geom_type for shape in geometries[~is_area]})
        about.add("coverage.distance-missing", count=int((~is_area).sum()), types=types)
        return False
    if distance_m is not None and is_area.any():
        about.add("coverage.distance-for-areas", count=int(is_area.sum()))
        return False
    return True


def _doubtful(
    geometries: NDArray[np.object_], crs: pyproj.CRS, feature_ids: NDArray[np.int64], about: FileFindings
) -> NDArray[np.object_]:
    """Count features with a ring that crosses itself, and give the ground that depends on how it is read.

    Overlapping parts of one feature are allowed.
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    broken = ~shapely.is_valid(parts)
    if not broken.any():
        return parts[:0]
    crossed = np.unique(owner[broken])
    ids = [str(number) for number in feature_ids[crossed]]
    doubtful = doubtful_ground(to_lonlat(parts[broken], crs))
    about.add("coverage.invalid-rings", count=len(crossed), ids=ids, change=area_km2(doubtful).sum())
    return doubtful


def _lies_inside(area: _Area, communes: Communes, about: FileFindings, *, report_some: bool) -> bool:
    """Compare the bounding boxes of the features with those of the communes.

    A raster reaches over the sea and the border by its nature, so that only ``report_some`` reports a part
    outside; all of it outside is an error in any case.
    """
    boxes = to_lonlat(_bounding_boxes(area.geometries), area.crs)
    country = shapely.STRtree(_bounding_boxes(np.asarray(communes.frame.geometry.array, dtype=object)))
    inside = np.zeros(len(boxes), dtype=bool)
    known = np.isfinite(shapely.bounds(boxes)).all(axis=1)
    inside[np.flatnonzero(known)[country.query(boxes[known])[0]]] = True
    outside = int((~inside).sum())
    if not outside or (inside.any() and not report_some):
        return True
    near = inside.copy()
    away = np.flatnonzero(known & ~inside)
    widened = shapely.bounds(boxes[away]) + _SPILL_DEG * np.array([-1, -1, 1, 1])
    near[away[country.query(np.asarray(shapely.box(*widened.T), dtype=object))[0]]] = True
    kinds = [("coverage.beyond-border", near & ~inside), ("coverage.partly-outside", ~near)]
    if not inside.any():
        kinds = [("coverage.outside-country", ~inside)]
    for code, chosen in kinds:
        if chosen.any():
            first = shapely.bounds(boxes[chosen][:1])[0]
            where = phrase("place", lat=first[1], lon=first[0])
            ids = [str(number) for number in area.ids[chosen]]
            about.add(code, count=len(ids), total=len(boxes), where=where, ids=ids)
    return bool(inside.any())


def _bounding_boxes(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.box(*shapely.bounds(geometries).T), dtype=object)
