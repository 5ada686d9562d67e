"""Coverage rows as bytes: count, gaps and lengths of each row's runs, one stream each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .varint import deflate, inflate, pack, unpack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .pixel_rows import CoverageRows


class DecodedRows(NamedTuple):
    """Runs as they were encoded, see :class:`~blackspot.maps.encoding.pixel_rows.CoverageRows`; int32 (k,)."""

    row: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


def encode_rows(rows: CoverageRows) -> bytes:
    """Write runs for :func:`decode_rows` and for the page.

    Parameters
    ----------
    rows
        Sorted runs.

    Returns
    -------
    bytes
        Deflated varints: number of the first row, rows, leftmost pixel, runs; then the counts of the rows, the gaps
        before the runs (the first of a row from the leftmost pixel), the lengths.
    """
    if not len(rows.row):
        return deflate(pack([0, 0, 0, 0]))
    first_row, left = int(rows.row[0]), int(rows.start.min())
    counts = np.bincount(rows.row - first_row)
    previous_end = np.concatenate([[left], rows.end[:-1]])
    previous_end[np.concatenate([[True], rows.row[1:] != rows.row[:-1]])] = left
    head = [first_row, len(counts), left, len(rows.row)]
    body = [head, counts, rows.start - previous_end, rows.end - rows.start]
    return deflate(b"".join(pack(part) for part in body))


def decode_rows(data: bytes) -> DecodedRows:
    """Read what :func:`encode_rows` wrote.

    Raises
    ------
    ValueError
        The bytes are not such rows.
    """
    numbers = unpack(inflate(data)).astype(np.int64)
    if len(numbers) < 4 or len(numbers) != 4 + numbers[1] + 2 * numbers[3]:
        raise ValueError("these bytes are no coverage rows")
    first_row, rows, left, runs = (int(number) for number in numbers[:4])
    counts, gaps, lengths = np.split(numbers[4:], [rows, rows + runs])
    row = np.repeat(np.arange(rows), counts)
    travelled = np.cumsum(gaps + lengths)
    opening = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    before = np.concatenate([[0], travelled])[opening] if rows else np.zeros(0, np.int64)
    end = travelled - np.repeat(before, counts) + left
    return DecodedRows(*(column.astype(np.int32) for column in (row + first_row, end - lengths, end)))
