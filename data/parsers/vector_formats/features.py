"""Features out of formats that are read here and by no other reader: text in columns, geometry as well-known binary."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_POINT, _LINE, _POLYGON, _COLLECTION = 1, 2, 3, 7
_SEVERAL_OF = {_POINT: 4, _LINE: 5, _POLYGON: 6}


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a file, in its order.

    Attributes
    ----------
    cells
        Name of a column to its texts, None where a feature has none; each shape (n,).
    wkb
        Well-known binary, None where a feature has no geometry; shape (n,).
    ids
        What findings call them: numbers of rows, or positions from 0; shape (n,).
    crs
        What the file states, if anything.
    usual_crs
        What holds where it states nothing.
    """

    cells: dict[str, list[str | None]]
    wkb: list[bytes | None]
    ids: NDArray[np.int64]
    crs: str | None = None
    usual_crs: str = "EPSG:4326"

    def columns(self, names: Sequence[str]) -> list[pa.ChunkedArray]:
        """Give columns as Arrow has them."""
        return [pa.chunked_array([pa.array(self.cells[name], type=pa.large_string())]) for name in names]

    @property
    def geometry(self) -> pa.ChunkedArray:
        """The geometry as Arrow has it."""
        return pa.chunked_array([pa.array(self.wkb, type=pa.large_binary())])


def point(vertices: NDArray[np.float64]) -> bytes:
    """Write a point; vertices of shape (1, 2)."""
    return struct.pack("<BI", 1, _POINT) + vertices.astype("<f8").tobytes()


def line(vertices: NDArray[np.float64]) -> bytes:
    """Write a line; vertices of shape (n, 2)."""
    return struct.pack("<BI", 1, _LINE) + _counted(vertices)


def polygon(rings: Sequence[NDArray[np.float64]]) -> bytes:
    """Write a polygon as it stands, its rings closed or not; the first is the outer one, each of shape (n, 2)."""
    return struct.pack("<BII", 1, _POLYGON, len(rings)) + b"".join(map(_counted, rings))


def collection(parts: Sequence[bytes]) -> bytes:
    """Write several geometries as one: of one kind, where they are all points, lines or polygons."""
    kinds = {struct.unpack_from("<I", part, 1)[0] for part in parts}
    kind = _SEVERAL_OF.get(next(iter(kinds)), _COLLECTION) if len(kinds) == 1 else _COLLECTION
    return struct.pack("<BII", 1, kind, len(parts)) + b"".join(parts)


def _counted(vertices: NDArray[np.float64]) -> bytes:
    return struct.pack("<I", len(vertices)) + vertices.astype("<f8").tobytes()
