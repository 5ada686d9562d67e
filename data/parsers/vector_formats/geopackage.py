"""A GeoPackage looked at as a database, before GDAL opens it: whole, nothing but data, and how many rows it holds."""

from __future__ import annotations

import contextlib
import re
import sqlite3
import struct
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ...findings.collector import FileFindings, Findings
    from ...readers.formats import Staged

_SQLITE_HEADER_BYTES = 100
_SQL_BLANKS = re.compile(r"/\*.*?(?:\*/|\Z)|--[^\n]*|\ufeff", re.DOTALL)
_PLAIN_KINDS = frozenset({"TABLE", "INDEX", "UNIQUE", "TRIGGER"})
_SPATIAL_INDEX = re.compile(r'CREATE VIRTUAL TABLE (?:"(?:[^"]|"")+"|\w+) USING rtree\b', re.IGNORECASE)


def is_sound_geopackage(source: Staged, findings: Findings) -> bool:
    """Look at the header and the schema of a GeoPackage, trusting nothing in it.

    The header's bytes 18 and 19 are 2 while a program keeps changes in a ``-wal`` file. A view or a virtual
    table other than the spatial index can deliver what lies in other files.

    Parameters
    ----------
    source
        The staged file.
    findings
        Told why it cannot be used.

    Returns
    -------
    bool
        False after an error finding.

    Raises
    ------
    OSError
        The file cannot be read.
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
    try:
        with _opened(source.path) as database:
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


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    address = f"file:{quote(str(path))}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        yield database


def rows_to_expect(path: Path, table: str, announced: int, about: FileFindings) -> int:
    """Count the rows of a table, where what the file states of them may be out of date.

    Programs that change rows without GDAL leave ``gpkg_ogr_contents.feature_count`` as it was. The table decides,
    when the database is whole: then no row can be missing from it unseen.

    Parameters
    ----------
    path
        A sound GeoPackage, see :func:`is_sound_geopackage`.
    table
        The table of the layer.
    announced
        What its reader says without looking; -1 where it does not know.
    about
        Told when the statement is out of date.

    Returns
    -------
    int
        How many rows a reader has to deliver: those of the table, or ``announced`` where the database is damaged.

    Raises
    ------
    OSError
        The table cannot be counted.
    """
    quoted = table.replace('"', '""')
    try:
        with _opened(path) as database:
            rows = int(database.execute(f'SELECT count(*) FROM "{quoted}" NOT INDEXED').fetchone()[0])  # noqa: S608 - quoted as SQLite asks
            if announced in {rows, -1}:
                return rows
            whole = database.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.Error as error:
        raise OSError(str(error)) from error
    if not whole:
        return announced
    about.add("layer.count-outdated", announced=announced, rows=rows)
    return rows
