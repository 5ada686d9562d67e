"""Well-known binary walked by ourselves before GEOS parses it: every count in it fits the bytes that follow.

What comes here was written by the process that read the file, and that process may have been taken over.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import shapely

from .reply import BadReplyError
from .wkb_outlines import outlines

if TYPE_CHECKING:
    from numpy.typing import NDArray

_POINT, _LINE, _POLYGON = 1, 2, 3
_MEMBER_OF = {4: _POINT, 5: _LINE, 6: _POLYGON}
_HEAD_BYTES, _COUNT_BYTES, _PLACE_BYTES = 5, 4, 16
_COUNT = struct.Struct("<I")
_HEAD = struct.Struct("<BI")


def parse_wkb(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Parse what the reading process wrote: flat points, lines and polygons, little-endian, whole.

    Parameters
    ----------
    column
        Large binary, nothing missing, validated by Arrow.

    Returns
    -------
    ndarray of geometries

    Raises
    ------
    BadReplyError
        A row is anything else.
    """
    if column.type != pa.large_binary() or column.null_count:
        raise BadReplyError("geometry")
    pieces = [_parsed(chunk) for chunk in column.chunks]
    return np.concatenate(pieces) if pieces else np.empty(0, dtype=object)


def _parsed(chunk: pa.LargeBinaryArray) -> NDArray[np.object_]:
    geometry = np.empty(len(chunk), dtype=object)
    try:
        for rows, found in outlines(chunk):
            if found is not None and found.long and found.plain:
                geometry[rows] = found.built()
                continue
            wkb = chunk[rows].to_numpy(zero_copy_only=False)
            if found is None and not all(is_whole(memoryview(row)) for row in wkb):
                raise BadReplyError("geometry")
            geometry[rows] = shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        raise BadReplyError("geometry") from error
    return geometry


def is_whole(row: memoryview) -> bool:
    """Say whether a row is one geometry of a known kind, and nothing follows it.

    Parameters
    ----------
    row
        Its bytes.
    """
    try:
        order, kind = _HEAD.unpack_from(row, 0)
        member = _MEMBER_OF.get(kind)
        if order != 1:
            return False
        if member is None:
            return _end(row, 0, kind) == len(row)
        at = _HEAD_BYTES + _COUNT_BYTES
        for _ in range(_COUNT.unpack_from(row, _HEAD_BYTES)[0]):
            at = _end(row, at, member)
    except struct.error:  # a count or a head lies beyond the end
        return False
    return at == len(row)


def _end(row: memoryview, at: int, kind: int) -> int:
    """Find where a single geometry of a kind ends."""
    if _HEAD.unpack_from(row, at) != (1, kind):
        raise struct.error
    at += _HEAD_BYTES
    if kind == _POINT:
        return at + _PLACE_BYTES
    rings = 1
    if kind == _POLYGON:
        rings = _COUNT.unpack_from(row, at)[0]
        at += _COUNT_BYTES
    elif kind != _LINE:
        raise struct.error
    for _ in range(rings):
        at += _COUNT_BYTES + _PLACE_BYTES * _COUNT.unpack_from(row, at)[0]
    return at
