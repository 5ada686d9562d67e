"""The twin of the page's decoder: reads back what ``maps/encoding`` wrote, for proofs that both agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from blackspot.maps.encoding.topology import Topology
from blackspot.maps.encoding.varint import inflate, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from blackspot.maps.encoding.shapes import NumberColumn


def unzigzag(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Undo ``zigzag``."""
    folded = np.asarray(values, dtype=np.uint64)
    return (folded >> np.uint64(1)).astype(np.int64) ^ -(folded & np.uint64(1)).astype(np.int64)


class DecodedSpots(NamedTuple):
    """Black spots as they were encoded.

    ``commune`` int64 (n,), ``numbers`` int64 (columns, n), ``ring_start`` int64 (n + 1,) among the rings,
    ``point_start`` int64 (rings + 1,) among the points, ``points`` int64 (m, 2) in quanta.
    """

    commune: NDArray[np.int64]
    numbers: NDArray[np.int64]
    ring_start: NDArray[np.int64]
    point_start: NDArray[np.int64]
    points: NDArray[np.int64]


class _Reader:
    """Takes varints off one after the other."""

    def __init__(self, data: bytes) -> None:
        self._numbers = unpack(inflate(data))
        self._at = 0

    def take(self, count: int) -> NDArray[np.int64]:
        """Give the next unsigned numbers."""
        return self._next(count).astype(np.int64)

    def take_signed(self, count: int) -> NDArray[np.int64]:
        """Give the next signed numbers."""
        return unzigzag(self._next(count))

    def _next(self, count: int) -> NDArray[np.uint64]:
        if self._at + count > len(self._numbers):
            raise ValueError("the data end too early")
        self._at += count
        return self._numbers[self._at - count : self._at]


def decode_topology(data: bytes) -> Topology:
    """Read arcs and rings; which rings are holes is not written, so none is marked.

    Raises
    ------
    ValueError
        The data end too early.
    """
    reader = _Reader(data)
    arcs, features, rings, uses, _, _ = reader.take(6)
    start = _offsets(reader.take(arcs))
    steps = np.stack([reader.take_signed(start[-1]), reader.take_signed(start[-1])], axis=1)
    firsts = np.cumsum(steps[start[:-1]], axis=0)
    steps[start[:-1]] = 0
    travelled = np.cumsum(steps, axis=0)
    owner = np.repeat(np.arange(arcs), np.diff(start))
    points = travelled - travelled[start[:-1]][owner] + firsts[owner] if arcs else steps
    feature_start = _offsets(reader.take(features))
    ring_start = _offsets(reader.take(rings))
    return Topology(
        points=points,
        arc_start=start,
        arc_of=np.cumsum(reader.take_signed(uses)).astype(np.int32),
        ring_start=ring_start,
        ring_is_hole=np.zeros(rings, dtype=bool),
        feature_start=feature_start,
    )


def decode_numbers(data: bytes, columns: Sequence[NumberColumn], rows: int) -> dict[str, NDArray[np.float64]]:
    """Read columns of numbers; NaN where unknown.

    Raises
    ------
    ValueError
        The data end too early.
    """
    table = _Reader(data).take(rows * len(columns)).reshape(rows, len(columns)).astype(np.float64)
    values = np.where(table == 0, np.nan, table - 1)
    return {column.name: values[:, at] / column.per_unit for at, column in enumerate(columns)}


def decode_spots(data: bytes) -> DecodedSpots:
    """Read black spots.

    Raises
    ------
    ValueError
        The data end too early.
    """
    reader = _Reader(data)
    spots, columns, rings = reader.take(3)
    commune = np.cumsum(reader.take_signed(spots))
    numbers = reader.take(spots * columns).reshape(columns, spots)
    ring_start = _offsets(reader.take(spots))
    point_start = _offsets(reader.take(rings))
    points = np.cumsum(reader.take_signed(2 * point_start[-1]).reshape(-1, 2), axis=0)
    return DecodedSpots(commune, numbers, ring_start, point_start, points)


def _offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def decode_former(data: bytes, rows: int) -> list[tuple[int, str, str]]:
    """Read what ``encode_former`` wrote: row, name and place of each."""
    octets, at = inflate(data), 0

    def number() -> int:
        nonlocal at
        value = place = 0
        while True:
            octet = octets[at]
            at += 1
            value |= (octet & 127) << place
            place += 7
            if octet < 128:
                return value

    size, places = number(), number()
    words = octets[len(octets) - size :].decode("utf-8").split("\n")

    def text() -> str:
        return " ".join(words[number()] for _ in range(number()))

    listed = [text() for _ in range(places)]
    counts = [number() for _ in range(rows)]
    found, where = [], 0
    for row, count in enumerate(counts):
        for _ in range(count):
            step = number()
            where += step // 2 if step % 2 == 0 else -(step + 1) // 2
            found.append((row, text(), listed[where]))
    return found
