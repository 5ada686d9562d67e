"""Structural checks of a file before GDAL opens it: it must be complete and hold nothing but data."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from ..readers.formats import GEOJSON, GEOJSON_SEQUENCE, GEOPACKAGE, SHAPEFILE
from .geojson import inspect_geojson
from .rows import MAX_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from ..findings.collector import Findings
    from ..readers.formats import Staged

_SHAPEFILE_HEADER_BYTES = 100
_DBF_HEADER_BYTES = 32
_SQLITE_HEADER_BYTES = 100
_SQL_BLANKS = re.compile(r"/\*.*?(?:\*/|\Z)|--[^\n]*|\ufeff", re.DOTALL)
_PLAIN_KINDS = frozenset({"TABLE", "INDEX", "UNIQUE", "TRIGGER"})
_SPATIAL_INDEX = re.compile(r'CREATE VIRTUAL TABLE (?:"(?:[^"]|"")+"|\w+) USING rtree\b', re.IGNORECASE)


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
    if source.format is GEOPACKAGE:
        return Facts() if _is_sound_geopackage(source, findings) else None
    if source.format is SHAPEFILE:
        return Facts(_announced_shapes(source)) if _is_sound_shapefile(source, findings) else None
    if source.rows:
        return Facts(len(source.rows), source.crs)
    if source.format in {GEOJSON, GEOJSON_SEQUENCE}:
        return _geojson_facts(source, findings)
    return Facts()


def _geojson_facts(source: Staged, findings: Findings) -> Facts | None:
    facts = inspect_geojson(source.path, source.original, findings)
    if facts is None:
        return None
    if facts.names > MAX_COLUMNS:  # GDAL compares each with all others, for minutes
        findings.add("file.too-many-columns", file=source.original, found=facts.names, limit=MAX_COLUMNS)
        return None
    is_sequence = source.format is GEOJSON_SEQUENCE
    return Facts(facts.records if is_sequence else facts.features, facts.crs)


def _announced_shapes(source: Staged) -> int:
    shapes = (source.path.with_suffix(".shx").stat().st_size - _SHAPEFILE_HEADER_BYTES) // 8
    return shapes - _deleted_rows(source.path.with_suffix(".dbf"), shapes)


def _is_sound_geopackage(source: Staged, findings: Findings) -> bool:
    """Look at the header and the schema of a GeoPackage, trusting nothing in it.

    The header's bytes 18 and 19 are 2 while a program keeps changes in a ``-wal`` file. A view or a virtual
    table other than the spatial index can deliver what lies in other files.
    """
    with source.path.open("rb") as stream:
        header = stream.read(_SQLITE_HEADER_BYTES)
    if len(header) == _SQLITE_HEADER_BYTES:
        if 2 in header[18:20]:
            findings.add("file.unfinished", file=source.original)
            return False
        page_bytes, pages = struct.unpack(">H", header[16:18])[0], struct.unpack(">I", header[28:32])[0]
        need = (65536 if page_bytes == 1 else page_bytes) * pages
        have = source.path.stat().st_size
        if header[24:28] == header[92:96] and have < need:  # the page count is only valid then
            findings.add("file.truncated", file=source.original, have=have, need=need)
            return False
    address = f"file:{quote(str(source.path))}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            schema = database.execute("SELECT type, name, CAST(sql AS TEXT) FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        findings.add("file.unreadable", file=source.original, reason=error)
        return False
    unsafe = [f"{kind} {name}" for kind, name, sql in schema if _is_unsafe(str(sql or ""))]
    if unsafe:
        findings.add("file.unsafe-content", file=source.original, what=sorted(unsafe))
    return not unsafe


def _is_unsafe(sql: str) -> bool:
    """Say whether a line of the schema makes anything but a plain table, an index, a trigger or the spatial index.

    SQLite goes by the words of the line alone and passes over comments in it, whatever the other columns say; an
    index that belongs to a table has no line.
    """
    words = [word.upper() for word in _SQL_BLANKS.sub(" ", sql).split(None, 2)[:2]]
    plain = not words or (len(words) == 2 and words[0] == "CREATE" and words[1] in _PLAIN_KINDS)
    return not plain and not _SPATIAL_INDEX.match(sql)


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
