"""Polygons in well-known binary taken apart by ourselves: plain outlines are known, and built, without a parser.

Both sides of the isolation use it. A reader finds out that there is nothing to say about its outlines, and need
not build them only to write them again; the program, which trusts no byte of a reader, builds them from numbers
that it has counted and looked at itself.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from numpy.typing import NDArray

    Offsets = NDArray[np.int64]

_POLYGON, _SEVERAL = 3, 6
_COUNT, _HEAD = struct.Struct("<I"), struct.Struct("<BI")
_COUNT_BYTES, _HEAD_BYTES, _PLACE_BYTES = 4, 5, 16
_FEWEST_VERTICES = 4  # of a closed ring
_LONG_VERTICES = 64
_BLOCK_BYTES = 1 << 20  # so that what is looked at twice is still in the cache


@dataclass(frozen=True, slots=True)
class Outlines:
    """Rows of polygons and multipolygons as flat arrays.

    Attributes
    ----------
    vertices
        Vertices of all rings, x and y; float64, shape (n, 2).
    rings
        Where each ring begins in ``vertices``, and the end of the last one.
    parts
        Where each polygon begins among the rings, and the end of the last one.
    rows
        Where each row begins among the polygons, and the end of the last one.
    several
        Which rows are multipolygons.
    """

    vertices: NDArray[np.float64]
    rings: Offsets
    parts: Offsets
    rows: Offsets
    several: NDArray[np.bool_]

    @property
    def plain(self) -> bool:
        """Nothing is empty, every ring is closed and has four vertices, all numbers are finite."""
        starts = ((self.rings, _FEWEST_VERTICES), (self.parts, 1), (self.rows, 1))
        if any((np.diff(start) < least).any() for start, least in starts) or not len(self.vertices):
            return False
        first, last = self.vertices[self.rings[:-1]], self.vertices[self.rings[1:] - 1]
        return bool((first == last).all() and np.isfinite(self.vertices).all())

    @property
    def long(self) -> bool:
        """Rings have so many vertices that building them one by one is cheaper than parsing the bytes."""
        return len(self.vertices) > _LONG_VERTICES * len(self.rings)

    def built(self) -> NDArray[np.object_]:
        """Build the geometries; only for plain outlines."""
        rings = np.asarray(shapely.linearrings(self.vertices, indices=_owners(self.rings)), dtype=object)
        parts = np.asarray(shapely.polygons(rings, indices=_owners(self.parts)), dtype=object)
        if len(parts) == len(self.several) and not self.several.any():
            return parts
        owner = _owners(self.rows)
        geometry = np.empty(len(self.several), dtype=object)
        inside = self.several[owner]
        geometry[~self.several] = parts[~inside]
        shapely.multipolygons(parts[inside], indices=owner[inside], out=geometry)
        return geometry


def outlines(chunk: pa.LargeBinaryArray) -> Iterator[tuple[slice, Outlines | None]]:
    """Take rows of well-known binary apart, some at a time.

    Parameters
    ----------
    chunk
        Large binary, validated by Arrow, or from a reader of this process.

    Yields
    ------
    tuple of (slice, Outlines or None)
        The rows, and what they hold: None where any of them is missing or is no flat, whole polygon or
        multipolygon in little-endian order. Every count has been compared with the bytes that follow it.
    """
    _, offsets, content = chunk.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
    data = memoryview(b"" if content is None else content)
    row0 = 0
    while row0 < len(chunk):
        row1 = max(row0 + 1, int(np.searchsorted(ends, ends[row0] + _BLOCK_BYTES, side="right")) - 1)
        whole = not chunk.null_count
        yield slice(row0, row1), _taken_apart(data, ends[row0 : row1 + 1].tolist()) if whole else None
        row0 = row1


def are_plain(column: pa.ChunkedArray) -> bool:
    """Say whether all rows are plain outlines, so that there is nothing to say about them.

    Parameters
    ----------
    column
        Large binary.

    Returns
    -------
    bool
        What GEOS and our own checks would find is then what is written: no ring to close, no feature without
        geometry, no height, no number that is none.
    """
    blocks = (found for chunk in column.chunks for _, found in outlines(chunk))
    return all(found is not None and found.plain for found in blocks)


def _taken_apart(data: memoryview, ends: list[int]) -> Outlines | None:
    pieces: list[memoryview] = []
    parts, rows, several = [0], [0], []
    try:
        for start, end in pairwise(ends):
            row = data[start:end]
            _, kind = _HEAD.unpack_from(row, 0)
            at, count = 0, 1
            if kind == _SEVERAL and row[0] == 1:
                at, count = _HEAD_BYTES + _COUNT_BYTES, _COUNT.unpack_from(row, _HEAD_BYTES)[0]
            for _ in range(count):
                at = _add_polygon(row, at, pieces)
                parts.append(len(pieces))
            if at != len(row):
                return None
            several.append(kind == _SEVERAL)
            rows.append(len(parts) - 1)
    except struct.error:  # another kind, or a count or a head beyond the end
        return None
    counts = np.array([len(piece) for piece in pieces], dtype=np.int64) // _PLACE_BYTES
    return Outlines(
        np.frombuffer(b"".join(pieces), dtype="<f8").reshape(-1, 2),
        np.concatenate([[0], np.cumsum(counts)]),
        np.array(parts, dtype=np.int64),
        np.array(rows, dtype=np.int64),
        np.array(several, dtype=bool),
    )


def _add_polygon(row: memoryview, at: int, pieces: list[memoryview]) -> int:
    """Add the bytes of each ring, and find where the polygon ends."""
    if _HEAD.unpack_from(row, at) != (1, _POLYGON):
        raise struct.error
    rings = _COUNT.unpack_from(row, at + _HEAD_BYTES)[0]
    at += _HEAD_BYTES + _COUNT_BYTES
    for _ in range(rings):
        start = at + _COUNT_BYTES
        at = start + _PLACE_BYTES * _COUNT.unpack_from(row, at)[0]
        if at > len(row):
            raise struct.error
        pieces.append(row[start:at])
    return at


def _owners(starts: Offsets) -> Offsets:
    """Say of each member in which run it is."""
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts))
