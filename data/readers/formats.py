"""Which vector formats are read, told by content first and by name second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..findings.collector import Findings

_HEAD_BYTES = 64


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
ZIP = Format("zip", (".zip",), "")

LAYER_FORMATS = (GEOPACKAGE, SHAPEFILE, FLATGEOBUF, GEOJSON, GEOJSON_SEQUENCE, GEOPARQUET)

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
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if text.startswith(b"\x1e"):  # the record separator of RFC 8142
        return GEOJSON_SEQUENCE
    if text.startswith(b"{"):
        return GEOJSON_SEQUENCE if ending in GEOJSON_SEQUENCE.endings else GEOJSON
    return None


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
    if found is None:
        findings.add("file.unknown-format", file=named)
    elif ending not in found.endings:
        findings.add("file.format-mismatch", file=named, found=found.name, endings=found.endings)
        return None
    return found


WORKBOOK_ENDINGS = (".xlsx", ".xlsm")
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
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
    """

    original: Path
    path: Path
    format: Format
    stem: str
    rows: tuple[str, ...] = ()
    crs: str = ""
    sha256: str = ""
