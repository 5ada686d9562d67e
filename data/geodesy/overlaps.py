"""Pairs of boxes that overlap, found in bounded memory whatever a file holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

AT_ONCE = 2_000_000
"""Pairs that are looked at together; 16 bytes each and as much again to work on."""


def overlapping_boxes(
    boxes: NDArray[np.float64], asked: NDArray[np.int64] | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Find the boxes that share a point, a bounded number of pairs at a time.

    Parameters
    ----------
    boxes
        West, south, east, north, in any unit; finite, shape (n, 4).
    asked
        Positions of the boxes whose partners are wanted, int64 (k,); None asks for all.

    Yields
    ------
    one, other : ndarray of int64
        Positions of a box that was asked about and of one it shares a point with; each overlap is seen from
        both sides, and every box meets itself.
    """
    asked = np.arange(len(boxes)) if asked is None else asked
    if not len(asked):
        return
    shapes = np.asarray(shapely.box(*boxes.T), dtype=np.object_)
    tree = shapely.STRtree(shapes)
    for here in in_portions(_most_partners(boxes, asked), AT_ONCE):
        one, other = tree.query(shapes[asked[here]])
        yield asked[here][one], other


def in_portions(sizes: NDArray[np.int64], most: int) -> Iterator[slice]:
    """Cut a row of things of known size into stretches that are not too large; one thing is never cut.

    Parameters
    ----------
    sizes
        int64 (n,), none negative.
    most
        How much a stretch may hold, unless it is one thing alone.
    """
    done = np.cumsum(sizes)
    begin = 0
    while begin < len(sizes):
        before = int(done[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(done, before + most, side="right")), begin + 1)
        yield slice(begin, end)
        begin = end


def _most_partners(boxes: NDArray[np.float64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Say how many boxes each one can overlap at most: those it meets in both directions singly."""
    found = [
        np.searchsorted(np.sort(boxes[:, low]), boxes[asked, high], side="right")
        - np.searchsorted(np.sort(boxes[:, high]), boxes[asked, low], side="left")
        for low, high in ((0, 2), (1, 3))
    ]
    most: NDArray[np.int64] = np.minimum(*found)
    return most


def side_by_side(boxes: NDArray[np.float64], owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """Lay the boxes of each owner beside those of the one before, so that no two owners' boxes overlap.

    Parameters
    ----------
    boxes
        West, south, east, north, shape (n, 4).
    owner
        Whose each box is, int64 (n,), sorted.
    """
    first = np.ones(len(owner), bool)
    first[1:] = owner[1:] != owner[:-1]
    begin, of = np.flatnonzero(first), np.cumsum(first) - 1
    low = np.minimum.reduceat(boxes[:, :2], begin)
    high = np.maximum.reduceat(boxes[:, 2:], begin)
    extent = np.where(high > low, high - low, 1.0)
    laid: NDArray[np.float64] = (boxes - np.tile(low, 2)[of]) / np.tile(2 * extent, 2)[of] + of[:, np.newaxis]
    return laid
