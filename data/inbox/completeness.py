"""Whether a file that somebody copies into the drop folder is there to its end, by its format.

Only sizes, names, and fixed places at the beginning and at the end are looked at, and brackets are counted: nothing
is parsed, and what the file says is believed by nobody before a reader without rights has done so. A format that does not say
where it ends (FlatGeobuf) counts as whole; the age of the file and two looks at it decide then.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal

from ..disk.copying import MAX_BYTES, TooLargeError, open_regular
from ..disk.hashing import COMPANIONS
from ..readers.formats import (
    CSV,
    GEOJSON,
    GEOJSON_SEQUENCE,
    GEOPACKAGE,
    GEOPARQUET,
    KML,
    RASTER_ENDINGS,
    ZIP,
)
from ..text.sentences import phrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ..text.sentences import Phrase

NEEDED_COMPANIONS = {".shp": (".shx", ".dbf"), ".tab": COMPANIONS[".tab"], ".mif": COMPANIONS[".mif"]}
"""Companions without which a file is not whole."""
LATE_COMPANIONS = {".shp": (".prj",)}
"""Companions that a file may do without, but that may still be on their way."""
JOURNALS = ("-wal", "-journal")
"""What a program that writes a GeoPackage puts beside it, after its name."""

_HEAD_BYTES = 100
_TAIL_BYTES = (
    65_535 + 22 + 20
)  # the longest comment of a zip file, its last record, and the locator before that
_LAST_RECORD = struct.Struct("<4s4H2IH")
_MEMBER = b"PK\x01\x02"
_UNKNOWN_PLACE = 0xFFFFFFFF  # zip64 says it elsewhere


@dataclass(frozen=True, slots=True)
class _Seen:
    """The ends of a file: its size in bytes, its first bytes, and its last ones."""

    size: int
    head: bytes
    tail: bytes

    @classmethod
    def of(cls, path: Path) -> _Seen:
        with open_regular(path) as stream:
            size = stream.seek(0, 2)
            if size > MAX_BYTES:
                raise TooLargeError(0, "too large", str(path))
            return cls(size, _read(stream, 0, _HEAD_BYTES), _read(stream, max(0, size - _TAIL_BYTES), size))

    @property
    def last_text(self) -> bytes:
        """The last bytes, without spaces, line ends, and what UTF-16 puts between its signs."""
        return self.tail[-1000:].replace(b"\0", b"").rstrip()


def lacks(main: Path, beside: Mapping[str, Path]) -> Phrase | None:
    """Say what a file lacks to be whole.

    Parameters
    ----------
    main
        The file.
    beside
        Its companions, by their endings in lower case.

    Returns
    -------
    Phrase or None
        None for a file that is whole, as far as its format tells.

    Raises
    ------
    NotRegularError
        It is no regular file.
    TooLargeError
        It is larger than anything that is read.
    WorkplaceError
        Its disk failed.
    OSError
        It cannot be read.
    """
    ending = main.suffix.lower()
    missing = [wanted for wanted in NEEDED_COMPANIONS.get(ending, ()) if wanted not in beside]
    if missing:
        return phrase("half-companion", missing=", ".join(missing))
    for journal in JOURNALS:
        if main.with_name(f"{main.name}{journal}").exists():
            return phrase("half-open", name=f"{main.name}{journal}")
    for path in (main, *(beside[wanted] for wanted in sorted(beside))):
        check = _CHECKS.get(path.suffix.lower())
        seen = _Seen.of(path)
        found = phrase("half-empty") if not seen.size and path is main else check and check(seen)
        if found:
            return found
    return None


def may_grow(main: Path, beside: Mapping[str, Path]) -> bool:
    """Say whether more of a file may still be on its way although it is whole as it stands.

    Parameters
    ----------
    main
        The file.
    beside
        Its companions, by their endings in lower case.

    Returns
    -------
    bool
        True for a Shapefile without its reference system, for lines (a table, GeoJSONSeq) of which the last does not
        end, and for GeoJSON with more brackets that open than that close; a bracket may also stand in a name.

    Raises
    ------
    OSError
        It cannot be read.
    """
    ending = main.suffix.lower()
    if any(wanted not in beside for wanted in LATE_COMPANIONS.get(ending, ())):
        return True
    if ending in (*CSV.endings, *GEOJSON_SEQUENCE.endings):
        return not _Seen.of(main).tail.rstrip(b"\0 ").endswith((b"\n", b"\r"))
    return ending in GEOJSON.endings and not _is_balanced(main)


def _is_balanced(path: Path) -> bool:
    """Say whether as many brackets close as open, counted in pieces, whatever they stand in."""
    counts = dict.fromkeys(b"{}[]", 0)
    with open_regular(path) as stream:
        while piece := stream.read(1 << 20):
            for bracket in counts:
                counts[bracket] += piece.count(bracket)
    opened, closed, listed, ended = counts.values()
    return (opened, listed) == (closed, ended)


def _read(stream: BinaryIO, start: int, count: int) -> bytes:
    """Read some bytes of a file that has no buffer."""
    stream.seek(start)
    content = bytearray()
    while len(content) < count and (chunk := stream.read(count - len(content))):
        content += chunk
    return bytes(content)


def _cut(have: int, need: int) -> Phrase | None:
    """Compare the size of a file with what it announces."""
    return phrase("half-cut", have=have, need=need) if have < need else None


def _shape(seen: _Seen) -> Phrase | None:
    """Compare with the length in a Shapefile or its index: words of two bytes, at byte 24."""
    need = 2 * int.from_bytes(seen.head[24:28], "big") if len(seen.head) >= 28 else 100
    return _cut(seen.size, max(need, 100))


def _dbf(seen: _Seen) -> Phrase | None:
    """Compare with rows, length of the header, and length of a row, from byte 4 on."""
    if len(seen.head) < 32:
        return _cut(seen.size, 32)
    rows, header, row = struct.unpack_from("<IHH", seen.head, 4)
    return _cut(seen.size, header + rows * row)


def _database(seen: _Seen) -> Phrase | None:
    """Compare with the number of pages of an SQLite file, at byte 28, where the file says that it is up to date."""
    if len(seen.head) < _HEAD_BYTES:
        return _cut(seen.size, _HEAD_BYTES)
    page = int.from_bytes(seen.head[16:18], "big")
    pages = int.from_bytes(seen.head[28:32], "big")
    is_current = seen.head[24:28] == seen.head[92:96]
    return _cut(seen.size, (65_536 if page == 1 else page) * pages) if is_current else None


def _brace(seen: _Seen) -> Phrase | None:
    return None if seen.last_text.endswith(b"}") else phrase("half-end")


def _kml(seen: _Seen) -> Phrase | None:
    return None if b"kml>" in seen.last_text.lower() else phrase("half-end")


def _parquet(seen: _Seen) -> Phrase | None:
    """Look for the mark at the end, and for room for the description that stands before it."""
    footer = int.from_bytes(seen.tail[-8:-4], "little")
    is_whole = seen.size >= 12 and seen.tail.endswith(b"PAR1") and footer + 12 <= seen.size
    return None if is_whole else phrase("half-end")


def _tiff(seen: _Seen) -> Phrase | None:
    """Look whether the first directory, of which bytes 4 to 8 (or 8 to 16) say where it is, lies inside the file."""
    order: Literal["little", "big"] = "little" if seen.head[:2] == b"II" else "big"
    large = int.from_bytes(seen.head[2:4], order) == 43
    place = int.from_bytes(seen.head[8:16] if large else seen.head[4:8], order)
    return _cut(seen.size, place + 2)


def _zip(seen: _Seen) -> Phrase | None:
    """Look for the last record, which says where the list of members is, and for the list before it."""
    at = seen.tail.rfind(b"PK\x05\x06")
    if at < 0 or len(seen.tail) < at + _LAST_RECORD.size:
        return phrase("half-end")
    *_, size, place, comment = _LAST_RECORD.unpack_from(seen.tail, at)
    record_at = seen.size - len(seen.tail) + at
    if len(seen.tail) < at + _LAST_RECORD.size + comment:
        return phrase("half-end")
    if _UNKNOWN_PLACE in {size, place}:
        return None if seen.tail[at - 20 : at].startswith(b"PK\x06\x07") else phrase("half-end")
    listed_at = at - size  # below 0: before what was read
    begins = not size or listed_at < 0 or seen.tail[listed_at:].startswith(_MEMBER)
    return None if place + size <= record_at and begins else phrase("half-end")


_CHECKS: dict[str, Callable[[_Seen], Phrase | None]] = {
    ".shp": _shape,
    ".shx": _shape,
    ".dbf": _dbf,
    **dict.fromkeys(GEOPACKAGE.endings, _database),
    **dict.fromkeys((*GEOJSON.endings, *GEOJSON_SEQUENCE.endings), _brace),
    **dict.fromkeys(GEOPARQUET.endings, _parquet),
    **dict.fromkeys(KML.endings, _kml),
    **dict.fromkeys(ZIP.endings, _zip),
    **dict.fromkeys(RASTER_ENDINGS, _tiff),
}
