"""Structural checks of a file before GDAL opens it: it must be complete and hold nothing but data."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..readers import formats
from .geojson import inspect_geojson
from .rows import MAX_COLUMNS
from .vector_formats.file_geodatabase import is_sound_geodatabase
from .vector_formats.geopackage import is_sound_geopackage
from .vector_formats.mapinfo import rows_of_mapinfo
from .vector_formats.partial_answers import ask_whether_whole

if TYPE_CHECKING:
    from pathlib import Path

    from ..findings.collector import Findings
    from ..readers.formats import Staged

_SHAPEFILE_HEADER_BYTES = 100
_DBF_HEADER_BYTES = 32


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sound file says of itself, before its reader opens it.

    Attributes
    ----------
    features
        How many features it announces; None where only its reader knows.
    crs
        What the ``crs`` member of GeoJSON says; elsewhere empty, since the reader knows.
    """

    features: int | None = None
    crs: str = ""


def inspect(source: Staged, findings: Findings) -> Facts | None:
    """Check a staged file before its reader opens it.

    Parameters
    ----------
    source
        The file.
    findings
        Told what is missing, cut off or unsafe.

    Returns
    -------
    Facts or None
        None after an error finding.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    match source.format:
        case formats.GEOPACKAGE:
            facts = Facts() if is_sound_geopackage(source, findings) else None
        case formats.FILE_GEODATABASE:
            facts = Facts() if is_sound_geodatabase(source, findings) else None
        case formats.MAPINFO_TAB | formats.MAPINFO_MIF:
            rows = rows_of_mapinfo(source, findings)
            facts = None if rows is None else Facts(rows)
        case formats.SHAPEFILE:
            facts = Facts(_announced_shapes(source)) if _is_sound_shapefile(source, findings) else None
        case formats.GEOJSON | formats.GEOJSON_SEQUENCE:
            facts = Facts(len(source.rows), source.crs) if source.rows else _json_facts(source, findings)
        case _:
            facts = Facts()
    return facts


def _json_facts(source: Staged, findings: Findings) -> Facts | None:
    json_facts = inspect_geojson(source.path, source.original, findings)
    if json_facts is None:
        return None
    if json_facts.names > MAX_COLUMNS:  # GDAL compares each with all others, for minutes
        found = json_facts.names
        findings.add("file.too-many-columns", file=source.original, found=found, limit=MAX_COLUMNS)
        return None
    if source.format is formats.GEOJSON_SEQUENCE:
        return Facts(json_facts.records, json_facts.crs)
    is_whole = ask_whether_whole([json_facts.signs], findings.about(source.original))
    return Facts(json_facts.features, json_facts.crs) if is_whole else None


def _announced_shapes(source: Staged) -> int:
    shapes = (source.path.with_suffix(".shx").stat().st_size - _SHAPEFILE_HEADER_BYTES) // 8
    return shapes - _deleted_rows(source.path.with_suffix(".dbf"), shapes)


def _is_sound_shapefile(source: Staged, findings: Findings) -> bool:
    companions = {ending: source.path.with_suffix(ending) for ending in (".shx", ".dbf")}
    missing = [ending for ending, path in companions.items() if not path.exists()]
    if missing:
        findings.add("file.sidecar-missing", file=source.original, missing=missing)
        return False
    sizes = {
        ".shp": _shapefile_bytes(source.path),
        ".shx": _shapefile_bytes(companions[".shx"]),
        ".dbf": _table_bytes(companions[".dbf"]),
    }
    for ending, need in sizes.items():
        have = source.path.with_suffix(ending).stat().st_size
        if have < need:
            findings.add("file.truncated", file=source.original, layer=ending, have=have, need=need)
            return False
    return True


def _shapefile_bytes(path: Path) -> int:
    """Size that the header of a .shp or .shx file states: bytes 24 to 27, in words of two bytes."""
    with path.open("rb") as stream:
        header = stream.read(_SHAPEFILE_HEADER_BYTES)
    if len(header) < _SHAPEFILE_HEADER_BYTES:
        return _SHAPEFILE_HEADER_BYTES
    return 2 * int(struct.unpack(">i", header[24:28])[0])


def _deleted_rows(path: Path, rows: int) -> int:
    """Count the rows of a .dbf file that are marked as deleted, which no reader returns."""
    with path.open("rb") as stream:
        header_bytes, row_bytes = struct.unpack("<HH", stream.read(_DBF_HEADER_BYTES)[8:12])
        stream.seek(header_bytes)
        table = stream.read(rows * row_bytes)
    return table[::row_bytes].count(b"*") if row_bytes else 0


def _table_bytes(path: Path) -> int:
    """Size that a .dbf header implies: rows (bytes 4 to 7), header and row length (8 to 11)."""
    with path.open("rb") as stream:
        header = stream.read(_DBF_HEADER_BYTES)
    if len(header) < _DBF_HEADER_BYTES:
        return _DBF_HEADER_BYTES
    rows, header_bytes, row_bytes = struct.unpack("<IHH", header[4:12])
    return int(header_bytes + rows * row_bytes)
