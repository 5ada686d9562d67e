"""Which vector formats are read, told by content first and by name second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import Findings

_HEAD_BYTES = 64
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Format:
    """One format of the allow-list.

    Attributes
    ----------
    name
        What people call it.
    endings
        Endings its files may have, in lower case.
    driver
        Name of the GDAL driver that must recognise it; empty where GDAL is not asked.
    """

    name: str
    endings: tuple[str, ...]
    driver: str


GEOPACKAGE = Format("GeoPackage", (".gpkg",), "GPKG")
SHAPEFILE = Format("Shapefile", (".shp",), "ESRI Shapefile")
FLATGEOBUF = Format("FlatGeobuf", (".fgb",), "FlatGeobuf")
GEOJSON = Format("GeoJSON", (".geojson", ".json"), "GeoJSON")
GEOJSON_SEQUENCE = Format("GeoJSONSeq", (".geojsonl", ".geojsons", ".geojsonseq", ".ndjson"), "GeoJSONSeq")
GEOPARQUET = Format("GeoParquet", (".parquet", ".geoparquet"), "")
MAPINFO_TAB = Format("MapInfo TAB", (".tab",), "MapInfo File")
MAPINFO_MIF = Format("MapInfo MIF", (".mif",), "MapInfo File")
FILE_GEODATABASE = Format("File Geodatabase", (".gdb",), "OpenFileGDB")
KML = Format("KML", (".kml",), "")
CSV = Format("CSV", (".csv", ".tsv", ".txt"), "")
ZIP = Format("zip", (".zip", ".kmz"), "")

LAYER_FORMATS = (
    GEOPACKAGE,
    SHAPEFILE,
    FLATGEOBUF,
    GEOJSON,
    GEOJSON_SEQUENCE,
    GEOPARQUET,
    MAPINFO_TAB,
    MAPINFO_MIF,
    FILE_GEODATABASE,
    KML,
    CSV,
)
SEVERAL_LAYERS = (GEOPACKAGE, FILE_GEODATABASE)
"""Formats whose files may hold several layers, each with a name of its own."""

_RELATIVES = {
    ".topojson": "TopoJSON",
    ".gml": "GML",
    ".gpx": "GPX",
    ".dxf": "DXF",
    ".dgn": "DGN",
    ".osm": "OSM",
    ".pbf": "OSM PBF",
    ".xml": "XML",
}
_MAGIC = (
    (b"SQLite format 3\0", GEOPACKAGE),
    (b"\x00\x00\x27\x0a", SHAPEFILE),
    (b"fgb\x03fgb", FLATGEOBUF),
    (b"PAR1", GEOPARQUET),
    (b"PK\x03\x04", ZIP),
)


def sniff(path: Path, ending: str) -> Format | None:
    """Recognise the format of a file by its first bytes.

    Parameters
    ----------
    path
        A regular file.
    ending
        Ending of its name in lower case: it tells GeoJSON from GeoJSONSeq, which begin alike.

    Returns
    -------
    Format or None
        None for a content that is on no list.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    return _sniff_text(head, ending)


def _sniff_text(head: bytes, ending: str) -> Format | None:
    """Recognise a format that is text by its beginning; the ending tells apart what begins alike."""
    text = _without_mark(head)
    if text.startswith(b"\x1e"):  # the record separator of RFC 8142
        return GEOJSON_SEQUENCE
    if text.startswith(b"{"):
        return GEOJSON_SEQUENCE if ending in GEOJSON_SEQUENCE.endings else GEOJSON
    if text[:6].lower() == b"!table":
        return MAPINFO_TAB
    if ending in MAPINFO_MIF.endings and text[:7].lower() == b"version":
        return MAPINFO_MIF
    if ending in KML.endings:
        return KML if text.startswith(b"<") else None
    is_utf16 = head.startswith(_UTF16_MARKS)
    return (
        CSV
        if ending in CSV.endings and not text.startswith(b"<") and (is_utf16 or b"\0" not in head)
        else None
    )


def _without_mark(head: bytes) -> bytes:
    """Give the beginning of a text without byte order mark, spaces and what UTF-16 puts between the signs."""
    if head.startswith(_UTF16_MARKS):
        head = head[2:].replace(b"\0", b"")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")


def known_format(copy: Path, named: Path, findings: Findings, ending: str = "") -> Format | None:
    """Recognise the format of a file, and refuse it where its name says something else.

    Parameters
    ----------
    copy
        A regular file.
    named
        What the user calls it.
    findings
        Told why the file cannot be used.
    ending
        Ending of the name it has in an archive, in lower case; empty where ``named`` has it.

    Returns
    -------
    Format or None
        None after an error finding.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    ending = ending or named.suffix.lower()
    found = sniff(copy, ending)
    relative = _RELATIVES.get(ending, "")
    if found in {GEOJSON, GEOJSON_SEQUENCE} and is_utf16(copy):
        findings.add("file.utf16", file=named)
        return None
    if relative and found in {None, GEOJSON}:
        ask_to_convert(named, relative, findings)
        return None
    if found is None:
        findings.add("file.unknown-format", file=named)
    elif ending not in found.endings:
        findings.add("file.format-mismatch", file=named, found=found.name, endings=found.endings)
        return None
    return found


def is_utf16(path: Path) -> bool:
    """Say whether a file begins with the mark of UTF-16."""
    with path.open("rb") as stream:
        return stream.read(2) in _UTF16_MARKS


def ask_to_convert(named: Path, found: str, findings: Findings) -> None:
    """Say what a file is that is known but not read, and the command that makes a GeoPackage of it.

    Parameters
    ----------
    named
        The input.
    found
        What its format is called.
    findings
        Told.
    """
    command = f'ogr2ogr -f GPKG "{named.stem}.gpkg" "{named.name}"'
    findings.add("file.convert", file=named, found=found, command=command)


WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
TEXT_ENDINGS = CSV.endings
TABLE_ENDINGS = (*TEXT_ENDINGS, *WORKBOOK_ENDINGS)
RASTER_ENDINGS = (".tif", ".tiff")


def is_table(path: Path) -> bool:
    """Say whether a file is a table by its name."""
    return path.suffix.lower() in TABLE_ENDINGS


def is_raster(path: Path) -> bool:
    """Say whether a file is a raster by its name."""
    return path.suffix.lower() in RASTER_ENDINGS


Kind = Literal["polygon", "line", "point"]
KINDS: tuple[Kind, ...] = ("polygon", "line", "point")


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the features of a layer must be to be of use.

    Attributes
    ----------
    kinds
        The kinds of geometry that can be used; a feature of another kind is an error.
    complete
        A feature without geometry is an error; otherwise it is left out and reported.
    strict_place
        Refuse coordinates outside the area of use of the coordinate reference system more strictly.
    """

    kinds: Sequence[Kind] = KINDS
    complete: bool = False
    strict_place: bool = False


ANY_FEATURE = Requirements()


@dataclass(frozen=True, slots=True)
class PlaceColumns:
    """Which columns of a table say where its rows lie; empty ones are found by the names people give them.

    Attributes
    ----------
    wkt
        Geometry as well-known text.
    lon, lat
        Longitude and latitude, or x and y in the system that is stated.
    h3
        Index of a cell of H3.
    grid
        Code of a cell of a metric grid, such as 100mN26840E43341.
    """

    wkt: str = ""
    lon: str = ""
    lat: str = ""
    h3: str = ""
    grid: str = ""


BY_NAME = PlaceColumns()


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that a reader may open.

    Attributes
    ----------
    original
        The input as it was named.
    path
        Where its copy lies, alone with its companions.
    format
        What it is.
    stem
        What its only layer is called, in formats that hold one.
    rows
        Names of the files that the features came from, one for each feature; empty except for folders.
    crs
        What the files of a folder state; elsewhere empty, since the reader will see.
    sha256
        Of the content that was copied; empty for whoever was only told of the copy.
    places
        Which columns of a table say where its rows lie.
    """

    original: Path
    path: Path
    format: Format
    stem: str
    rows: tuple[str, ...] = ()
    crs: str = ""
    sha256: str = ""
    places: PlaceColumns = BY_NAME
