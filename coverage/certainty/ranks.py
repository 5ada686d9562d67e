"""The ranks of communes in many draws: how far they spread, and how often a commune stands among the first."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ..ranking.order import Affected, standings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from ..ranking.order import Standings

_TOGETHER: Final = 1 << 16  # communes times draws: fits a processor's cache
_LOW, _HIGH = 0.05, 0.95
_GROUP_SHIFT: Final = np.uint64(
    58
)  # standing and urgency stand in the highest bits of a key, below them the score
_SCORE_SHIFT: Final = np.uint64(6)

CERTAIN, LIKELY, VERIFY_FIRST = "certain", "likely", "verify_first"
"""States of a place in the list, and of a black spot."""


class RankRange(NamedTuple):
    """Ranks of each commune over all draws, shape (communes,).

    ``low`` and ``high`` are the ranks between which nine draws of ten lie, ``top`` is the share of draws in which it stands
    among the first so many.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    top: NDArray[np.float64]


class Drawn(NamedTuple):
    """The people of each commune in every draw, as :class:`blackspot.coverage.ranking.order.Affected` has them.

    ``factor`` is what all people of a commune are multiplied by. It, ``failing`` and ``severe`` are float64 of shape
    (communes, draws); ``known`` holds what is not drawn. ``others`` are further columns of a composite, of the same shape, and
    ``weights`` its weights, float64 (indicators, draws), or None where they are not drawn.
    """

    known: Affected
    factor: NDArray[np.float64]
    failing: NDArray[np.float64]
    severe: NDArray[np.float64]
    others: Mapping[str, NDArray[np.float64]] = MappingProxyType({})
    weights: NDArray[np.float64] | None = None

    def affected(self, draws: slice) -> Affected:
        """Give some of the draws, each of shape (draws, communes)."""
        factor = self.factor[:, draws].T
        return Affected(
            everyone=self.known.everyone * factor,
            failing=self.failing[:, draws].T,
            severe=self.severe[:, draws].T,
            silent=self.known.silent * factor,
            distance_km=self.known.distance_km,
            others={name: values[:, draws].T for name, values in self.others.items()},
        )


def rank_range(
    table: pd.DataFrame, drawn: Drawn, profile: Profile, base: NDArray[np.integer], top: int
) -> RankRange:
    """Rank all communes in every draw.

    Parameters
    ----------
    table
        The commune table with its setting flags.
    drawn
        Its people in every draw.
    profile
        The gap profile, for its order.
    base
        int (communes,): the published ranks, which decide between equals.
    top
        How many communes the list has.
    """
    communes, draws = drawn.failing.shape
    order = np.argsort(base, kind="stable")
    ranks = np.empty((communes, draws), np.int32)
    step = max(1, _TOGETHER // max(1, communes))
    for start in range(0, draws, step):
        some = slice(start, start + step)
        weights = None if drawn.weights is None else drawn.weights[:, some]
        judged = standings(table, drawn.affected(some), profile, weights)
        by_rank = _by_rank(judged, order)
        place = np.empty_like(by_rank)
        np.put_along_axis(place, by_rank, np.arange(1, communes + 1)[np.newaxis], axis=1)
        ranks[order, start : start + step] = place.T
    among = np.count_nonzero(ranks <= top, axis=1) / draws
    low, high = interval(ranks)
    return RankRange(low.astype(np.int64), high.astype(np.int64), among)


def interval(values: NDArray[np.number]) -> tuple[NDArray[np.number], NDArray[np.number]]:
    """Give the values between which nine draws of ten lie, without changing them by interpolation.

    Parameters
    ----------
    values
        Of shape (units, draws).
    """
    count = values.shape[1]
    first, last = int(np.floor(_LOW * (count - 1))), int(np.ceil(_HIGH * (count - 1)))
    parted = np.partition(values, (first, last), axis=1)
    return parted[:, first], parted[:, last]


def states(
    probability: NDArray[np.float64], listed: NDArray[np.bool_], certain: float, likely: float
) -> NDArray[np.object_]:
    """Put probabilities into words.

    Parameters
    ----------
    probability
        How often a commune stands in the list.
    listed
        Whether it stands there as published.
    certain, likely
        From which probability on it is so.

    Returns
    -------
    ndarray of object
        ``certain``, ``likely`` or ``verify_first`` for what is listed; ``verify_first`` as well for what is not, but would be
        in more draws than certainty leaves over; else nothing.
    """
    words = np.full(len(probability), "", dtype=object)
    words[~listed & (probability > 1.0 - certain)] = VERIFY_FIRST
    words[listed] = VERIFY_FIRST
    words[listed & (probability >= likely)] = LIKELY
    words[listed & (probability >= certain)] = CERTAIN
    return words


def _by_rank(judged: Standings, order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort the communes of every draw, given in the published order, which decides between equals: int64 (draws, communes)."""
    if not judged.beside:
        return np.argsort(_keys(judged)[:, order], axis=1, kind="stable")
    first = (*reversed(judged.beside), judged.score)
    falling = (-np.nan_to_num(values[:, order]) for values in first)
    return np.lexsort((*falling, judged.standing[:, order]), axis=-1)


def _keys(judged: Standings) -> NDArray[np.uint64]:
    """Pack what decides into one number, the first commune lowest: uint64 (draws, communes).

    Positive numbers of IEEE 754 are ordered as their bits are. Six bits are given up for the group, so scores count as
    equal where they differ by less than a part in 2^46.
    """
    score = np.maximum(np.nan_to_num(judged.score), 0.0) + 0.0  # no minus zero
    bits = np.ascontiguousarray(score).view(np.uint64) >> _SCORE_SHIFT
    group = (judged.standing * 3 + (2 - judged.urgency)).astype(np.uint64)
    lowest = (np.uint64(1) << _GROUP_SHIFT) - np.uint64(1)
    return (group << _GROUP_SHIFT) | (lowest - bits)
