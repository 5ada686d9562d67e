"""Files looked at by ourselves before GDAL opens them: whether they are whole, and only data."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
from typing import TYPE_CHECKING
from urllib.parse import quote

from .geojson_check import announced_features, is_geojson
from .vector_formats import GEOJSON, GEOJSON_SEQUENCE, GEOPACKAGE, SHAPEFILE

if TYPE_CHECKING:
    from pathlib import Path

    from .findings import Findings
    from .vector_staging import Staged

_SHAPEFILE_HEADER_BYTES = 100
_DBF_HEADER_BYTES = 32
_SQLITE_HEADER_BYTES = 100


def is_sound(source: Staged, findings: Findings) -> bool:
    """Check a staged file before its reader opens it.

    Parameters
    ----------
    source
        The file.
    findings
        Told what is missing, cut off or unsafe.

    Returns
    -------
    bool
        False after an error finding.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    if source.format is GEOPACKAGE:
        return _is_sound_geopackage(source, findings)
    if source.format is SHAPEFILE:
        return _is_sound_shapefile(source, findings)
    if source.format in {GEOJSON, GEOJSON_SEQUENCE} and not source.rows:
        return is_geojson(source.path, source.original, findings)
    return True


def announced(source: Staged) -> int | None:
    """Count the features a file says it holds, where that can be known without its reader.

    Parameters
    ----------
    source
        A file that passed :func:`is_sound`.

    Returns
    -------
    int or None
        None where the format's reader is the only one who knows.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    if source.format is GEOJSON_SEQUENCE:
        return announced_features(source.path)
    if source.format is SHAPEFILE:
        shapes = (source.path.with_suffix(".shx").stat().st_size - _SHAPEFILE_HEADER_BYTES) // 8
        return shapes - _deleted_rows(source.path.with_suffix(".dbf"), shapes)
    return None


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
            schema = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        findings.add("file.unreadable", file=source.original, reason=error)
        return False
    unsafe = [f"{kind} {name}" for kind, name, sql in schema if _is_unsafe(str(kind), str(sql or ""))]
    if unsafe:
        findings.add("file.unsafe-content", file=source.original, what=sorted(unsafe))
    return not unsafe


def _is_unsafe(kind: str, sql: str) -> bool:
    words = sql.split()
    if [word.upper() for word in words[:2]] == ["CREATE", "VIRTUAL"]:
        return " using rtree" not in " ".join(words).lower().replace("using rtree(", "using rtree (")
    return kind == "view"


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
