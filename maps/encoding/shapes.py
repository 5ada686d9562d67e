"""Shapes and tables of a page as bytes. The decoder in ``static/read/decode.js`` reads them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .topology import QUANTUM_PER_DEGREE
from .varint import deflate, pack, pack_signed, zigzag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .topology import Topology

SPOT_QUANTUM_PER_DEGREE = 10_000
"""Outlines of black spots are whole multiples of 1/10,000 of a degree, about 11 m."""


def encode_topology(topology: Topology) -> bytes:
    """Write arcs and rings.

    Returns
    -------
    bytes
        Deflated varints: arcs, features, rings, arc uses and the byte length of the x stream; points per arc;
        x steps; y steps (the first point of an arc from the first of the arc before, the others from the point
        before); rings per feature; uses per ring; arc of each use as a step from the use before.
    """
    start = topology.arc_start
    steps: NDArray[np.int64] = np.diff(topology.points, axis=0, prepend=np.zeros((1, 2), np.int64))
    firsts = topology.points[start[:-1]]
    steps[start[:-1]] = np.diff(firsts, axis=0, prepend=np.zeros((1, 2), np.int64))
    x, y = pack_signed(steps[:, 0]), pack_signed(steps[:, 1])
    head = [
        topology.arcs,
        topology.features,
        len(topology.ring_is_hole),
        len(topology.arc_of),
        len(x),
        len(y),
    ]
    refs = np.asarray(np.diff(topology.arc_of.astype(np.int64), prepend=0), dtype=np.int64)
    return deflate(
        pack(head)
        + pack(np.diff(start))
        + x
        + y
        + pack(np.diff(topology.feature_start))
        + pack(np.diff(topology.ring_start))
        + pack_signed(refs)
    )


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """One column of numbers: its name and how many units one of its wholes is cut into."""

    name: str
    per_unit: int


def encode_numbers(columns: Sequence[NumberColumn], values: Mapping[str, NDArray[np.float64]]) -> bytes:
    """Write columns of numbers row by row (equal numbers of a row stand close, so they pack well).

    Parameters
    ----------
    columns
        In their order.
    values
        float64 (n,) per column, never negative; NaN means unknown.

    Returns
    -------
    bytes
        Deflated varints: 0 where unknown, else the rounded number of units plus 1.
    """
    table = np.stack([values[column.name] * column.per_unit for column in columns], axis=1)
    known = np.isfinite(table)
    numbers = np.where(known, np.rint(np.where(known, table, 0.0)) + 1.0, 0.0).astype(np.uint64)
    return deflate(pack(numbers.ravel()))


def encode_spots(
    outlines: NDArray[np.object_], commune: NDArray[np.int64], numbers: Sequence[NDArray[np.int64]]
) -> bytes:
    """Write black spots.

    Parameters
    ----------
    outlines
        Polygons and multipolygons in degrees, shape (n,); None leaves a spot without outline.
    commune
        Row of each spot's commune, ascending.
    numbers
        Further columns of whole numbers, not negative, each of shape (n,).

    Returns
    -------
    bytes
        Deflated varints: spots, columns, rings; steps of the commune rows; the columns; rings per spot; points per
        ring; x and y steps through all points (rings are open: the last point is not repeated).
    """
    polygons, spot = shapely.get_parts(outlines, return_index=True)
    lines, polygon = shapely.get_rings(polygons, return_index=True)
    degrees, ring = shapely.get_coordinates(lines, return_index=True)
    quanta = np.rint(degrees * SPOT_QUANTUM_PER_DEGREE).astype(np.int64)
    closing = np.concatenate([ring[1:] != ring[:-1], [True]]) if len(ring) else np.zeros(0, bool)
    quanta, ring = quanta[~closing], ring[~closing]
    steps = np.diff(quanta, axis=0, prepend=np.zeros((1, 2), np.int64))
    body = [
        pack([len(commune), len(numbers), len(lines)]),
        pack_signed(np.diff(commune, prepend=0)),
        *(pack(column) for column in numbers),
        pack(np.bincount(spot[polygon], minlength=len(commune))),
        pack(np.bincount(ring, minlength=len(lines))),
        pack(zigzag(steps).ravel()),
    ]
    return deflate(b"".join(body))


__all__ = [
    "QUANTUM_PER_DEGREE",
    "SPOT_QUANTUM_PER_DEGREE",
    "NumberColumn",
    "encode_numbers",
    "encode_spots",
    "encode_topology",
]
