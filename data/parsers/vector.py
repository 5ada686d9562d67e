"""One staged file, read by the reader of its format: columns as Arrow, geometry as well-known binary."""

from __future__ import annotations

import contextlib
import csv
import threading
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyogrio.raw
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from ..readers import formats
from ..readers.formats import (
    CSV,
    GEOJSON,
    GEOJSON_SEQUENCE,
    GEOPACKAGE,
    GEOPARQUET,
    KML,
    SEVERAL_LAYERS,
    SHAPEFILE,
)
from . import shapefile_text as vector_text
from .arcs import ground_of_arcs, is_curved, straight
from .geojson import is_wgs84
from .geoparquet import BombError, GeoParquetFile, NotGeoParquetError
from .rows import MAX_COLUMNS
from .soundness import Facts, inspect
from .table import parse_table
from .vector_formats.choice import choose_layer, is_layer, pick
from .vector_formats.csv_places import with_places
from .vector_formats.geopackage import rows_to_expect
from .vector_formats.kml import read_kml
from .vector_formats.speed_tests import are_speed_tests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings, Findings
    from ..readers.formats import Staged

_READER_ERRORS = (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    OSError,
    ValueError,  # undecodable text, broken Parquet metadata
    pa.ArrowException,
)
_KNOWN_REMARKS = ("Non closed ring detected",)  # counted and reported by ourselves
_ONE_AT_A_TIME = threading.RLock()  # Python's warning filters belong to the whole process


@dataclass(frozen=True, slots=True)
class RawLayer:
    """What a reader delivered: nothing dropped, nothing checked yet.

    Attributes
    ----------
    layer
        Name of the layer.
    about
        Collects what there is to say about this file and layer.
    crs
        What the file states, if anything.
    usual_crs
        What the standard of the format says for files that state nothing.
    picked
        The columns that were read, by the names they were asked by.
    columns
        Their values.
    wkb
        Geometry as well-known binary (large), null where there is none; shape (n,).
    feature_id
        What the file calls its features; shape (n,).
    arcs
        Ground between circular arcs and the straight edges that replace them.
    whole
        False after an error finding that does not keep the other checks from being made.
    """

    layer: str
    about: FileFindings
    crs: str | None
    usual_crs: str
    picked: tuple[str, ...]
    columns: list[pa.ChunkedArray]
    wkb: pa.ChunkedArray
    feature_id: NDArray[np.int64]
    whole: bool
    arcs: NDArray[np.object_] = field(default_factory=lambda: np.empty(0, dtype=object))


def read_layer(
    source: Staged, layer: str, columns: Sequence[str] | None, findings: Findings
) -> RawLayer | None:
    """Check a staged file and read one layer of it.

    Parameters
    ----------
    source
        The file.
    layer
        The layer that is meant; empty for the only one.
    columns
        Columns to read; None reads all.
    findings
        Told what cannot be read.

    Returns
    -------
    RawLayer or None
        None after an error finding that leaves nothing to check.
    """
    with _mistakes_told(source, findings):
        facts = inspect(source, findings)
        if facts is None:
            return None
        if source.format is GEOPARQUET:
            return _read_geoparquet(source, layer, columns, findings)
        if source.format in {KML, CSV}:
            return _read_here(source, layer, columns, findings)
        with _remarks_into(findings, source):
            return _read_with_gdal(source, facts, layer, columns, findings)
    return None


def read_names(source: Staged, layer: str, findings: Findings) -> list[str] | None:
    """Read the names of the columns of a layer, and nothing else.

    Parameters
    ----------
    source
        The file.
    layer
        The layer that is meant; empty for the only one.
    findings
        Told what cannot be read.

    Returns
    -------
    list of str or None
        None after an error finding.
    """
    with _mistakes_told(source, findings):
        if inspect(source, findings) is None:
            return None
        match source.format:
            case formats.GEOPARQUET:
                return (
                    _names_of_geoparquet(source) if is_layer(layer, {source.stem}, source, findings) else None
                )
            case formats.CSV:
                frame = _cells(source, findings.about(source.original))
                return None if frame is None else [str(name) for name in frame.columns]
            case formats.KML:
                found = read_kml(source.path, layer, findings.about(source.original))
                return None if found is None else list(found.cells)
            case _:
                return _names_with_gdal(source, layer, findings)
    return None


def _names_of_geoparquet(source: Staged) -> list[str]:
    with GeoParquetFile(source.path) as file:
        return list(file.names)


def _names_with_gdal(source: Staged, layer: str, findings: Findings) -> list[str] | None:
    text = vector_text.ShapefileText(source.path) if source.format is SHAPEFILE else None
    with _remarks_into(findings, source):
        info = _open(source, layer, vector_text.RAW_ENCODING if text else None, findings)
    if info is None:
        return None
    fields = [str(field) for field in info["fields"]]
    return list(text.names(fields)) if text else fields


@contextlib.contextmanager
def _mistakes_told(source: Staged, findings: Findings) -> Iterator[None]:
    """Turn the errors of readers into findings, but for want of memory: that is told where the limit is set."""
    try:
        yield
    except MemoryError:  # before those of Arrow, of which one is a MemoryError too
        raise
    except BombError as bomb:
        findings.add("file.too-large", file=source.original, size=bomb.size, limit=bomb.limit)
    except NotGeoParquetError as plain:
        about = findings.about(source.original)
        if not are_speed_tests(plain.names, about):
            about.add(
                "layer.geometry-undescribed" if plain.geometry else "layer.no-geometry", column=plain.geometry
            )
    except UnboundLocalError:  # how pyogrio ends where GDAL cannot write out the reference system
        findings.add("crs.unusable", file=source.original, stated="?")
    except _READER_ERRORS as error:
        reason = str(error).replace(f"{source.path.parent}/", "")
        findings.add("file.unreadable", file=source.original, reason=reason)


def _read_geoparquet(
    source: Staged, layer: str, columns: Sequence[str] | None, findings: Findings
) -> RawLayer | None:
    if not is_layer(layer, {source.stem}, source, findings):
        return None
    about = findings.about(source.original)
    with GeoParquetFile(source.path) as file:
        if are_speed_tests(file.names, about) or not _are_few(file.names, source, findings):
            return None
        picked = pick(file.names, columns, about)
        values, wkb = file.read([file.names[index] for index in picked.values()])
    return RawLayer(
        layer=source.stem,
        about=about,
        crs=file.crs,
        usual_crs="",
        picked=tuple(picked),
        columns=values,
        wkb=wkb,
        feature_id=np.arange(len(wkb), dtype=np.int64),
        whole=_has_all(picked, columns)
        and vector_text.are_short(values, about)
        and vector_text.is_utf8(values, about),
    )


def _read_here(
    source: Staged, layer: str, columns: Sequence[str] | None, findings: Findings
) -> RawLayer | None:
    """Read a format that is text and needs no reader of others."""
    about = findings.about(source.original)
    if source.format is CSV:
        frame = _cells(source, about) if is_layer(layer, {source.stem}, source, findings) else None
        if frame is None or are_speed_tests(map(str, frame.columns), about):
            return None
        found = with_places(frame, source.places, about)
    else:
        found = read_kml(source.path, layer, about)
    if found is None:
        return None
    names = list(found.cells)
    picked = pick(names, columns, about)
    values = found.columns([names[index] for index in picked.values()])
    return RawLayer(
        layer=source.stem,
        about=about,
        crs=found.crs,
        usual_crs=found.usual_crs,
        picked=tuple(picked),
        columns=values,
        wkb=found.geometry,
        feature_id=found.ids,
        whole=_has_all(picked, columns) and vector_text.are_short(values, about),
    )


def _cells(source: Staged, about: FileFindings) -> pd.DataFrame | None:
    """Read all columns of a table as text."""
    csv.field_size_limit(source.path.stat().st_size + 1)  # one outline may be most of the file
    return parse_table(source.path, "", None, about, ())


def _read_with_gdal(
    source: Staged, facts: Facts, layer: str, columns: Sequence[str] | None, findings: Findings
) -> RawLayer | None:
    text = vector_text.ShapefileText(source.path) if source.format is SHAPEFILE else None
    encoding = vector_text.RAW_ENCODING if text else None
    info = _open(source, layer, encoding, findings)
    if info is None:
        return None
    inside = str(info["layer_name"])
    named = inside if source.format in SEVERAL_LAYERS else ""
    about = findings.about(source.original, named)
    fields = [str(field) for field in info["fields"]]
    if are_speed_tests(fields, about):
        return None
    picked = pick(text.names(fields) if text else fields, columns, about)
    wanted = [fields[index] for index in picked.values()]
    _, table = pyogrio.read_arrow(
        source.path, layer=inside, columns=wanted, encoding=encoding, return_fids=True
    )
    read = [field for field in fields if field in wanted]  # in the order of the file, between id and geometry
    values = [table.column(1 + read.index(field)) for field in wanted]
    short = vector_text.are_short(values, about)
    decoded = text.decoded(wanted, values, about) if text else values
    sound = short and (vector_text.is_utf8(values, about) if text is None else decoded is not None)
    if facts.crs and not source.rows and not is_wgs84(facts.crs):
        about.add("crs.legacy-member", stated=facts.crs)
    stated = "EPSG:4326" if is_wgs84(facts.crs) else facts.crs
    is_json = source.format in {GEOJSON, GEOJSON_SEQUENCE}
    expected = int(info["features"]) if facts.features is None else facts.features
    if source.format is GEOPACKAGE:
        expected = rows_to_expect(source.path, inside, expected, about)
    wkb, arcs = _straightened(
        table.column(table.num_columns - 1).cast(pa.large_binary()), source, inside, about
    )
    return RawLayer(
        layer=named or source.stem,
        about=about,
        crs=stated if is_json else info["crs"],
        usual_crs="EPSG:4326" if is_json else "",
        picked=tuple(picked),
        columns=values if decoded is None else decoded,
        wkb=wkb,
        feature_id=table.column(0).to_numpy().astype(np.int64),
        whole=_is_all(table.num_rows, expected, about) and _has_all(picked, columns) and sound,
        arcs=arcs,
    )


def _straightened(
    wkb: pa.ChunkedArray, source: Staged, layer: str, about: FileFindings
) -> tuple[pa.ChunkedArray, NDArray[np.object_]]:
    """Replace circular arcs by short straight edges, which GDAL does on its slower way of reading."""
    curved = is_curved(wkb)
    if not curved.any():
        return wkb, np.empty(0, dtype=object)
    edges = straight(source, layer)
    about.add("geometry.curved", count=int(curved.sum()))
    drawn = pa.array(np.where(curved, edges, wkb.to_numpy()), type=pa.large_binary())
    return pa.chunked_array([drawn]), ground_of_arcs(source, layer, edges, curved)


def _has_all(picked: Mapping[str, int], columns: Sequence[str] | None) -> bool:
    return columns is None or len(picked) == len(set(columns))


def _is_all(rows: int, expected: int, about: FileFindings) -> bool:
    """Check that a reader found every feature the file announces."""
    if expected in {rows, -1}:  # -1: the reader does not know without reading
        return True
    about.add("layer.rows-lost", announced=expected, read=rows)
    return False


def _open(source: Staged, layer: str, encoding: str | None, findings: Findings) -> dict[str, Any] | None:
    """Find the layer that is meant, and make sure that the driver of its format opens it."""
    inside = None
    if source.format in SEVERAL_LAYERS:
        inside = choose_layer(source, layer, findings)
        if inside is None:
            return None
    try:
        info: dict[str, Any] = pyogrio.read_info(source.path, layer=inside, encoding=encoding)
    except IndexError:  # how pyogrio ends where a file holds no layer at all
        findings.add("layer.no-geometry", file=source.original)
        return None
    single = source.format is GEOJSON_SEQUENCE and info["driver"] == GEOJSON.driver  # of one feature
    if info["driver"] != source.format.driver and not single:
        findings.add("file.unknown-format", file=source.original)
        return None
    if info["geometry_type"] is None:
        findings.add("layer.no-geometry", file=source.original)
        return None
    if inside is None and not is_layer(layer, {source.stem, str(info["layer_name"])}, source, findings):
        return None
    return info if _are_few(info["fields"], source, findings) else None


def _are_few(names: Sequence[str], source: Staged, findings: Findings) -> bool:
    """Check that a layer has a number of columns that can be worked with."""
    if len(names) <= MAX_COLUMNS:
        return True
    findings.add("file.too-many-columns", file=source.original, found=len(names), limit=MAX_COLUMNS)
    return False


@contextlib.contextmanager
def _remarks_into(findings: Findings, source: Staged) -> Iterator[None]:
    """Turn what GDAL remarks while reading into a finding."""
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as remarks:
        warnings.simplefilter("always")
        yield
    said = dict.fromkeys(str(remark.message) for remark in remarks)
    said = {words: None for words in said if not words.startswith(_KNOWN_REMARKS)}
    if said:
        cleaned = [words.replace(f"{source.path.parent}/", "") for words in said]
        findings.add("layer.reader-remarks", file=source.original, remarks=cleaned)
