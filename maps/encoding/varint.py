"""Whole numbers as bytes: zigzag, 7 bits per byte, raw deflate. The pages hold nothing else."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MOST_BYTES = 10  # of a 64-bit number, 7 bits each


def zigzag(values: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Fold signed whole numbers into unsigned ones: 0, -1, 1, -2, ... become 0, 1, 2, 3, ..."""
    signed = np.asarray(values, dtype=np.int64)
    return ((signed << 1) ^ (signed >> 63)).astype(np.uint64)


def pack(values: ArrayLike) -> bytes:
    """Write unsigned whole numbers, least significant 7 bits first, the top bit set on all but the last.

    Parameters
    ----------
    values
        Whole numbers from 0 to 2**64 - 1, shape (n,).

    Raises
    ------
    ValueError
        A number is negative.
    """
    numbers = np.asarray(values)
    if numbers.dtype.kind != "u":
        if numbers.size and int(numbers.min()) < 0:
            raise ValueError("a negative number has no varint; fold it with zigzag first")
        numbers = numbers.astype(np.uint64)
    rest = numbers.astype(np.uint64)
    length = np.ones(len(rest), dtype=np.int64)
    columns = []
    for _ in range(_MOST_BYTES):
        low = (rest & np.uint64(0x7F)).astype(np.uint8)
        rest = rest >> np.uint64(7)
        more = rest > 0
        columns.append(low | (more.astype(np.uint8) << 7))
        if not more.any():
            break
        length += more
    table = np.stack(columns, axis=1) if len(rest) else np.zeros((0, 1), np.uint8)
    return table[np.arange(table.shape[1]) < length[:, None]].tobytes()


def pack_signed(values: NDArray[np.integer]) -> bytes:
    """Write signed whole numbers."""
    return pack(zigzag(values))


def unpack(data: bytes) -> NDArray[np.uint64]:
    """Read every number that :func:`pack` wrote.

    Raises
    ------
    ValueError
        The bytes end inside a number.
    """
    octets = np.frombuffer(data, dtype=np.uint8)
    if not len(octets):
        return np.zeros(0, dtype=np.uint64)
    last = octets < 0x80
    if not last[-1]:
        raise ValueError("the bytes end inside a number")
    ends = np.flatnonzero(last)
    starts = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(octets)) - np.repeat(starts, ends - starts + 1)
    parts = (octets & 0x7F).astype(np.uint64) << (place * 7).astype(np.uint64)
    return np.asarray(np.bitwise_or.reduceat(parts, starts), dtype=np.uint64)


def deflate(data: bytes) -> bytes:
    """Compress without header or checksum; the same bytes give the same result."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
    return compressor.compress(data) + compressor.flush()


def inflate(data: bytes) -> bytes:
    """Undo :func:`deflate`."""
    return zlib.decompress(data, -15)
