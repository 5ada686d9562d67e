"""Coverage files of the operators, each into polygons, with what it says about itself.

A file is refused whole or used: rows that do not count (another status, no geometry) are counted with the
reason. Polygons may be invalid or overlap; they are united later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..disk.atomic import reason_of
from ..disk.hashing import ANYTHING, Expected, InputFile, parts_of
from ..geodesy.buffer import buffer_m
from ..geodesy.crs import LONLAT, to_lonlat
from ..geodesy.operation import Operation
from ..readers.facts import LayerFacts, Refused, tell_read
from ..readers.formats import BY_NAME, PlaceColumns, is_raster
from ..readers.row_filter import chosen_rows
from ..readers.signal import read_signal
from ..readers.vector import read_vector
from .extent import read_extent
from .misplaced import lies_inside, report_misplaced
from .outlines import meant_ground
from .own_words.counting import rows_that_count
from .own_words.statements import Entry
from .shapes import check_shapes
from .sizes import size_of
from .statements import check_dates, report_spelling

if TYPE_CHECKING:
    import datetime as dt

    import pyproj
    from numpy.typing import NDArray

    from ..country.communes import Communes
    from ..findings.collector import FileFindings, Findings
    from ..project.limits import CheckRules
    from ..project.models import SubmissionSource
    from ..readers.vector import VectorTable
    from ..text.sentences import Phrase

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
        Polygons and multipolygons in ``crs``, none missing; possibly overlapping, or invalid in a way that the
        even-odd rule understands.
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


CLASSES = (Submission, SubmissionFacts, LayerFacts, Operation, InputFile)
"""All classes that a submission is made of."""


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
    entry: Entry | None = None,
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
    entry
        What is known of the file from outside; None takes it from ``source``.
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
        area = _from_vector(source, entry or Entry.of(source), doubts, reading, findings, expected)
    facts = SubmissionFacts(area.facts, extent.facts)
    if isinstance(area, Refused):
        return Refused(facts)
    inside = communes is None or lies_inside(
        area.geometries, area.crs, area.ids, communes, about, report_some=not from_raster
    )
    if not inside or isinstance(extent, Refused):
        return Refused(facts)
    if communes is not None and not from_raster:
        report_misplaced(area.geometries, area.crs, communes, extent.provinces, about)
    try:
        file = _as_read(source, area.facts)
    except OSError as error:
        about.add("file.unreadable", reason=reason_of(source.path, error))
        return Refused(facts)
    tell_read(area.facts, len(area.geometries), "coverage")
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
    entry: Entry,
    doubts: _Doubts | None,
    reading: Reading | None,
    findings: Findings,
    expected: Expected,
) -> _Area | Refused[LayerFacts]:
    table = _read_table(source, reading, findings, expected)
    about = findings.about(source.path, source.layer)
    if source.threshold is not None:
        about.add("coverage.not-for-vectors")
    if isinstance(table, Refused) or source.threshold is not None:
        return Refused(table.facts)
    if doubts is not None:
        report_spelling(table.columns, about)
        check_dates(table.columns, source.vintage, doubts.today, doubts.rules, about)
    rows = _rows_that_count(table, source, entry, about)
    if rows is None:
        return Refused(table.facts)
    geometries, ids = table.geometry[rows], table.feature_id[rows]
    if not _fits_distance(geometries, source.buffer_m, about):
        return Refused(table.facts)
    crs, facts = table.crs, table.facts
    if source.buffer_m is not None:
        geometries, crs = buffer_m(geometries, crs, source.buffer_m), LONLAT
    else:
        ground = meant_ground(geometries, crs, ids, about, is_shapefile=facts.is_shapefile)
        if ground is None:
            return Refused(facts)
        geometries, ids = ground.geometries, ids[ground.kept]
        facts = facts.with_repaired(ground.doubtful)
        if doubts is not None:
            check_shapes(to_lonlat(geometries, crs), ids, doubts.rules, about)
    return _Area(geometries, crs, ids, facts)


def _rows_that_count(
    table: VectorTable, source: SubmissionSource, entry: Entry, about: FileFindings
) -> NDArray[np.intp] | None:
    """Choose rows by the project's filters, then by the file's own words in every other column."""
    rows = chosen_rows(table.columns, source.where, about)
    if rows is None:
        return None

    def measured(at: NDArray[np.intp]) -> Phrase:
        return size_of(table.geometry[rows[at]], table.crs)

    decided = _filtered_columns(source)
    kept = rows_that_count(table.columns.iloc[rows], entry, decided, measured, about)
    return None if kept is None else rows[kept]


def _filtered_columns(source: SubmissionSource) -> list[str]:
    return [] if source.where is None else list(dict.fromkeys(rule.column for rule in source.where.every))


def _read_table(
    source: SubmissionSource, reading: Reading | None, findings: Findings, expected: Expected
) -> VectorTable | Refused[LayerFacts]:
    """Read the file with all columns: what stands there decides which rows count.

    What is wrong only with columns that nobody asked for never refuses a file: then it is read without them, and
    this is told.
    """

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
        told = findings.fresh()
        reading = Reading(read(None, told), told)
    table, told = reading.table, reading.told
    columns = _filtered_columns(source)
    has_columns = not isinstance(table, Refused) and set(columns) <= set(table.columns.columns)
    codes = [item.code for item in told.items]
    if "text.too-long" in codes:
        findings.extend(told)
        return Refused(table.facts)
    if "file.reader-time" not in codes and (
        not has_columns or told.errors or any(code.startswith(_OF_COLUMNS) for code in codes)
    ):
        again = read(columns, findings)
        if told.errors and not isinstance(again, Refused):
            unread = [item.code for item in told.errors]
            findings.about(source.path, source.layer).add("check.columns-unread", codes=unread)
        return again
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
