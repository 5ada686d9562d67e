"""Ground that an older and a newer commune have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ..burn.spans import Spans
from .matching import OUTSIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

_X_BITS: Final = 31


class CommonGround(NamedTuple):
    """The ground of older communes, cut up by newer ones.

    Attributes
    ----------
    spans
        Its owners count the pairs.
    old, new
        int64 (pairs,): the older and the newer commune of each; ``OUTSIDE`` where no newer one lies.
    """

    spans: Spans
    old: NDArray[np.int64]
    new: NDArray[np.int64]


def common_ground(old: Spans, new: Spans) -> CommonGround:
    """Cut communes up by others.

    Parameters
    ----------
    old, new
        Spans of communes on one grid, with owners.

    Raises
    ------
    ValueError
        The spans have no owners.
    """
    if old.owner is None or new.owner is None:
        raise ValueError("spans of communes need owners")
    ends = [_ends(spans) for spans in (old, new)]
    place = np.unique(np.concatenate([end for both in ends for end in both]))
    mine, theirs = (
        _owner_at(place[:-1], both, owner) for both, owner in zip(ends, (old.owner, new.owner), strict=True)
    )
    inside = mine != OUTSIDE
    start, end = place[:-1][inside], place[1:][inside]
    count = int(new.owner.max(initial=0)) + 2  # one for no newer commune
    pairs, pair = np.unique(mine[inside] * count + theirs[inside] + 1, return_inverse=True)
    low = (1 << _X_BITS) - 1
    line, x0, x1, owner = (one.astype(np.int32) for one in (start >> _X_BITS, start & low, end & low, pair))
    spans = Spans(line, x0, x1, owner)
    return CommonGround(spans, pairs // count, pairs % count - 1)


def _ends(spans: Spans) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the places where spans begin and end, as numbers that grow along the lines."""
    line = spans.line.astype(np.int64) << _X_BITS
    return line | spans.x0, line | spans.x1


def _owner_at(
    place: NDArray[np.int64],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    owner: NDArray[np.int32],
) -> NDArray[np.int64]:
    """Say whose the ground from each place on is."""
    if not len(owner):
        return np.full(len(place), OUTSIDE, np.int64)
    at = np.searchsorted(ends[0], place, side="right") - 1
    return np.where((at >= 0) & (place < ends[1][at]), owner[at], OUTSIDE).astype(np.int64)
