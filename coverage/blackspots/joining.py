"""Parts of clusters joined with their neighbours, the nearest first, as long as they stay small enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Indices = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_ROUNDING = 1e-6  # people and areas within a millionth of a limit are at it: sums of decimals are never exact
_STEPS_PER_OCTAVE = (
    2  # of the scatter: what differs by less counts as equal, else a slope would join cell by cell
)
_SMALLEST = 2.0**-40  # of people times km²: two centres in one place
_SEVERAL = -1  # the place of a part that reaches over several


class SpotSize(NamedTuple):
    """How large a spot should be: ``people`` and ``area_km2`` at most, inf for no limit, and at least."""

    people: float
    area_km2: float
    least_people: float
    least_area_km2: float

    def fits(self, people: NDArray[np.float64], area_km2: NDArray[np.float64]) -> Flags:
        """Say which sums are not above the size."""
        more = 1.0 + _ROUNDING
        return np.asarray((people <= self.people * more) & (area_km2 <= self.area_km2 * more))

    def is_enough(self, people: NDArray[np.float64], area_km2: NDArray[np.float64]) -> Flags:
        """Say which sums are not below the least size."""
        less = 1.0 - _ROUNDING
        return np.asarray((people >= self.least_people * less) & (area_km2 >= self.least_area_km2 * less))


@dataclass(frozen=True, slots=True)
class Parts:
    """Connected parts of clusters, one entry each.

    Attributes
    ----------
    people, area_km2
        Float64: failing people, and the commune's ground.
    weight, down, right
        Int64: weights of the cells, and their sums of weight times rows and columns from the cluster's first
        cell. Whole numbers, so that it does not matter where the cluster lies or in which order they are added.
    row_km, col_km
        Float64: what a step of one row and of one column measures in this cluster.
    place
        Int64: the populated place the part belongs to, -1 when it reaches over several.
    tag
        Uint64: a number drawn from where the part lies in its cluster; it decides between equals.
    """

    people: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    weight: Indices
    down: Indices
    right: Indices
    row_km: NDArray[np.float64]
    col_km: NDArray[np.float64]
    place: Indices
    tag: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.people)

    def summed(self, label: Indices, count: int) -> Parts:
        """Unite the parts of each label, numbered from 0 to ``count`` - 1, none of them without a part."""
        first = np.empty(count, dtype=np.int64)
        first[label[::-1]] = np.arange(len(self))[::-1]
        place = self.place[first]
        place[label[self.place != place[label]]] = _SEVERAL
        tag = np.full(count, np.iinfo(np.uint64).max, dtype=np.uint64)
        np.minimum.at(tag, label, self.tag)
        return Parts(
            people=summed(self.people, label, count),
            area_km2=summed(self.area_km2, label, count),
            weight=_whole_sums(self.weight, label, count),
            down=_whole_sums(self.down, label, count),
            right=_whole_sums(self.right, label, count),
            row_km=self.row_km[first],
            col_km=self.col_km[first],
            place=place,
            tag=tag,
        )


class Links(NamedTuple):
    """Pairs of parts that touch, each pair once, the lower index first."""

    a: Indices
    b: Indices

    def only(self, keep: Flags) -> Links:
        """Take some of the pairs."""
        return Links(self.a[keep], self.b[keep])

    def renamed(self, label: Indices, count: int) -> Links:
        """Give the pairs of the parts' unions."""
        a, b = label[self.a], label[self.b]
        key = (np.minimum(a, b) * count + np.maximum(a, b))[a != b]
        key.sort()
        once = key[np.diff(key, prepend=-1) > 0]  # several times as fast as numpy's unique
        return Links(*np.divmod(once, max(count, 1)))


def joined(parts: Parts, links: Links, size: SpotSize) -> Indices:
    """Join parts with neighbours until each is large enough and no two that touch would fit into one.

    First those that are too small join the neighbour they scatter least, one of their own place and one with
    which they fit into the size before any other; as everything else is still small then, few grow too
    large. After that neighbours are joined as long as they fit. In each round two parts are joined when each
    is the other's first choice. They are chosen by the growth of the people-weighted sum of squared
    distances from the centre (J. H. Ward, "Hierarchical grouping to optimize an objective function", Journal
    of the American Statistical Association 58, 1963), among neighbours only (D. Guo, "Regionalization with
    dynamically constrained agglomerative clustering", International Journal of Geographical Information
    Science 22, 2008).

    Parameters
    ----------
    parts
        What there is to join.
    links
        Which of them touch.
    size
        The limits.

    Returns
    -------
    ndarray
        The number of the union each part belongs to, from 0 on. What becomes of a cluster depends on its own
        parts alone.
    """
    label = np.arange(len(parts))
    for only_small in (True, False):
        while True:
            if not only_small:  # what does not fit now never will
                links = links.only(_fit(parts, links, size))
            chosen = _chosen(parts, links, size, only_small=only_small)
            if not len(chosen.a):
                break
            target = np.arange(len(parts))
            target[chosen.b] = chosen.a
            stays = target == np.arange(len(parts))
            number, count = (np.cumsum(stays) - 1)[target], int(stays.sum())
            parts, links = parts.summed(number, count), links.renamed(number, count)
            label = number[label]
    return label


def _chosen(parts: Parts, links: Links, size: SpotSize, *, only_small: bool) -> Links:
    """Find the pairs that choose each other; no part stands in two of them."""
    if only_small:
        small = ~size.is_enough(parts.people, parts.area_km2)
        links = links.only(small[links.a] | small[links.b])
    a, b = links
    same_place = (parts.place[a] == parts.place[b]) & (parts.place[a] != _SEVERAL)
    order = (
        np.where(_fit(parts, links, size), np.where(same_place, 0.0, 1.0), 2.0),
        _scatter(parts, links),
        _mixed(np.minimum(parts.tag[a], parts.tag[b]) + _mixed(np.maximum(parts.tag[a], parts.tag[b]))),
        np.arange(len(a)),
    )
    best_of_a, best_of_b = np.ones(len(a), dtype=np.bool_), np.ones(len(a), dtype=np.bool_)
    for key in order:
        highest = np.inf if key.dtype.kind == "f" else np.iinfo(key.dtype).max
        least = np.full(len(parts), highest, dtype=key.dtype)
        np.minimum.at(least, a[best_of_a], key[best_of_a])
        np.minimum.at(least, b[best_of_b], key[best_of_b])
        best_of_a &= key == least[a]
        best_of_b &= key == least[b]
    return links.only(best_of_a & best_of_b)


def _fit(parts: Parts, links: Links, size: SpotSize) -> Flags:
    """Say which pairs would fit into one spot."""
    a, b = links
    return size.fits(parts.people[a] + parts.people[b], parts.area_km2[a] + parts.area_km2[b])


def _scatter(parts: Parts, links: Links) -> NDArray[np.float64]:
    """Rank pairs by how much joining them adds to the weighted squared distances from the centres."""
    a, b = links
    weight = parts.weight.astype(np.float64)
    down, right = parts.down / weight, parts.right / weight
    squared = ((down[a] - down[b]) * parts.row_km[a]) ** 2 + ((right[a] - right[b]) * parts.col_km[a]) ** 2
    added = np.maximum(weight[a] * weight[b] / (weight[a] + weight[b]) * squared, _SMALLEST)
    return np.asarray(np.floor(np.log2(added) * _STEPS_PER_OCTAVE))


def tags(row: Indices, col: Indices) -> NDArray[np.uint64]:
    """Draw a number from the row and the column of each cell in its cluster."""
    return _mixed(_mixed(row.astype(np.uint64)) + col.astype(np.uint64))


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the bits of whole numbers, so that equals are decided without a preferred direction.

    The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
    OOPSLA 2014), modulo 2^64.
    """
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def summed(values: NDArray[np.float64], label: Indices, count: int) -> NDArray[np.float64]:
    """Add the values of each label, numbered from 0 to ``count`` - 1, in their order."""
    return np.asarray(np.bincount(label, values, count), dtype=np.float64)


def _whole_sums(values: Indices, label: Indices, count: int) -> Indices:
    """Add whole numbers, exactly."""
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, label, values)
    return sums


__all__ = ["Links", "Parts", "SpotSize", "joined", "summed", "tags"]
