"""Files whose rings are written as they are, whichever way they are wound: no library would write most of them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pyproj

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Ring = list[tuple[float, float]]

_POLYGON = 5


def square(west: float, south: float, side: float, *, clockwise: bool = False) -> Ring:
    """A closed ring of four edges."""
    east, north = west + side, south + side
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return ring[::-1] if clockwise else ring


def shapefile_of_rings(path: Path, *features: Sequence[Ring]) -> Path:
    """Write a Shapefile in longitude and latitude with these rings, one feature each list."""
    shapes, index, at = b"", b"", 50
    for number, rings in enumerate(features):
        places = [place for ring in rings for place in ring]
        starts = [sum(map(len, rings[:ring])) for ring in range(len(rings))]
        content = struct.pack("<i4d2i", _POLYGON, *_box(places), len(rings), len(places))
        content += struct.pack(f"<{len(starts)}i", *starts)
        content += b"".join(struct.pack("<2d", *place) for place in places)
        words = struct.pack(">i", len(content) // 2)
        index += struct.pack(">i", at) + words
        shapes += struct.pack(">i", number + 1) + words + content
        at += 4 + len(content) // 2
    box = _box([place for rings in features for ring in rings for place in ring])
    path.write_bytes(_head(len(shapes), box) + shapes)
    path.with_suffix(".shx").write_bytes(_head(len(index), box) + index)
    path.with_suffix(".dbf").write_bytes(_table(len(features)))
    path.with_suffix(".prj").write_text(pyproj.CRS.from_epsg(4326).to_wkt("WKT1_ESRI"))
    return path


def _box(places: Sequence[tuple[float, float]]) -> tuple[float, float, float, float]:
    x, y = zip(*places, strict=True)
    return min(x), min(y), max(x), max(y)


def _head(size: int, box: tuple[float, float, float, float]) -> bytes:
    file_words = (100 + size) // 2
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, file_words) + struct.pack(
        "<2i8d", 1000, _POLYGON, *box, 0, 0, 0, 0
    )


def _table(rows: int) -> bytes:
    """A dBase table with one column of numbers."""
    head = struct.pack("<4BIHH20x", 3, 126, 1, 1, rows, 65, 11)
    column = struct.pack("<11sc4x2B14x", b"id", b"N", 10, 0)
    return head + column + b"\r" + b"".join(b" %10d" % row for row in range(rows)) + b"\x1a"
