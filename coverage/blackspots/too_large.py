"""Spots above the size: cut in two where both halves can stand alone, else made smaller at their edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .joining import Links, summed
from .lattice import Lattice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .joining import SpotSize

    Indices = NDArray[np.int64]

_MOST_MOVES = 500  # of cells, to bring one spot within the size
_FAR = 1 << 40  # steps: no way leads there


def halved(
    label: Indices,
    lattice: Lattice,
    people: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    size: SpotSize,
) -> Indices:
    """Cut what is above the size in two, again and again, as long as both halves are connected and enough.

    Joining goes from neighbour to neighbour and may leave in sparse ground a part that is too small to stand alone
    and finds no neighbour with room; it is then joined beyond the size. Looked at as a whole, most of such spots can
    be cut across.

    Parameters
    ----------
    label
        The spot of each cell, numbered from 0 without gaps.
    lattice
        The cells.
    people, area_km2
        Float64 (cells,): failing people, and the commune's own ground.
    size
        The limits.

    Returns
    -------
    ndarray
        As ``label``; further halves have numbers behind all others. It does not depend on where in the grid the cells
        lie.
    """
    label = label.copy()
    count = int(label.max(initial=-1)) + 1
    large = ~size.fits(summed(people, label, count), summed(area_km2, label, count))
    cells = np.argsort(label, kind="stable")
    ends = np.searchsorted(label[cells], np.arange(count + 1))
    waiting = [cells[ends[spot] : ends[spot + 1]] for spot in np.flatnonzero(large).tolist()]
    while waiting:
        spot = waiting.pop()
        half = _half(spot, lattice, people, area_km2, size)
        if half is None:
            continue
        label[spot[half]] = count
        count += 1
        halves = spot[~half], spot[half]
        waiting += [part for part in halves if not size.fits(people[part].sum(), area_km2[part].sum())]
    return label


def _half(
    spot: Indices,
    lattice: Lattice,
    people: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    size: SpotSize,
) -> NDArray[np.bool_] | None:
    """Find the most even cut between two connected halves, both of them enough; None where there is no such cut."""
    found = None
    for uneven, half in _cuts(spot, lattice, people, area_km2, size):
        if found is not None and uneven >= found[0]:
            continue
        if _connected(spot[half], lattice) and _connected(spot[~half], lattice):
            found = uneven, half
    return None if found is None else found[1]


def _cuts(
    spot: Indices,
    lattice: Lattice,
    people: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    size: SpotSize,
) -> Iterator[tuple[float, NDArray[np.bool_]]]:
    """Give the cuts across rows, columns and both diagonals that leave enough on both sides, and how uneven they are.

    How uneven a cut is says the part above the size that is left in the larger half, then the difference of areas.
    """
    row, col = lattice.row[spot].astype(np.int64), lattice.col[spot].astype(np.int64)
    ways = row, col, (row + col) / np.sqrt(2), (row - col) / np.sqrt(2)
    for across in sorted(
        ways, key=np.ptp, reverse=True
    ):  # of equal cuts the one across the longest side comes first
        order = np.lexsort((col, row, across))
        sums = np.cumsum(np.stack([people[spot], area_km2[spot]])[:, order], axis=1)
        first, second = sums[:, :-1], sums[:, -1:] - sums[:, :-1]
        enough = size.is_enough(*first) & size.is_enough(*second)
        above = np.maximum(np.maximum(*first / _most(size)), np.maximum(*second / _most(size)))
        uneven = np.maximum(above, 1.0) + np.abs(first[1] - second[1]) / sums[1, -1] * 1e-3
        for cut in np.flatnonzero(enough)[np.argsort(uneven[enough], kind="stable")].tolist():
            half = np.zeros(len(spot), bool)
            half[order[cut + 1 :]] = True
            yield float(uneven[cut]), half


def _most(size: SpotSize) -> NDArray[np.float64]:
    return np.array([[size.people], [size.area_km2]])


def _connected(cells: Indices, lattice: Lattice) -> bool:
    """Say whether cells hang together, corners included."""
    alone = Lattice(lattice.commune[cells], lattice.row[cells], lattice.col[cells])
    return int(alone.clusters(diagonal=True).max(initial=0)) == 0


def shed(
    label: Indices,
    lattice: Lattice,
    links: Links,
    people: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    size: SpotSize,
) -> Indices:
    """Give cells at the edge of what is above the size to its neighbours, until all of them are within.

    Too few people may live in a spot for two. Cells far from its middle then go to other spots, which may have to
    give some of theirs further on, as long as enough people are left and all stay connected. Where that does not bring
    all of them within the size, nothing changes.

    Parameters
    ----------
    label
        The spot of each cell, numbered from 0 without gaps.
    lattice
        The cells.
    links
        Which cells touch.
    people, area_km2
        Float64 (cells,): failing people, and the commune's own ground.
    size
        The limits.

    Returns
    -------
    ndarray
        As ``label``. It does not depend on where in the grid the cells lie.
    """
    count = int(label.max(initial=-1)) + 1
    facts = np.stack([people, area_km2])
    sums = np.stack([summed(people, label, count), summed(area_km2, label, count)])
    several = np.bincount(label, minlength=count) > 1
    asked = ~size.fits(*sums) & several
    label = label.copy()
    for here, near in _communes(asked[label], lattice, links):
        spots, own = np.unique(label[here], return_inverse=True)
        inside = Lattice(lattice.commune[here], lattice.row[here], lattice.col[here])
        division = _Division(own, sums[:, spots], inside, near, facts[:, here], size)
        for spot in np.flatnonzero(asked[spots]).tolist():
            before = division.label.copy(), division.sums.copy()
            if not division.relieve(spot):
                division.label, division.sums = before
        label[here] = spots[division.label]
    return label


def _communes(asked: NDArray[np.bool_], lattice: Lattice, links: Links) -> Iterator[tuple[slice, Links]]:
    """Give the cells of each commune of which a cell is asked for, and which of them touch, counted among themselves."""
    communes = np.unique(lattice.commune[asked])
    own = links.only(np.isin(lattice.commune[links.a], communes))
    of = lattice.commune[own.a]
    order = np.argsort(of, kind="stable")
    own, of = Links(own.a[order], own.b[order]), of[order]
    for commune in communes.tolist():
        first, end = np.searchsorted(lattice.commune, [commune, commune + 1]).tolist()
        touching = slice(*np.searchsorted(of, [commune, commune + 1]).tolist())
        yield slice(first, end), Links(own.a[touching] - first, own.b[touching] - first)


@dataclass(slots=True)
class _Division:
    """Cells of a commune divided into spots: ``label`` int64 (cells,), ``sums`` and ``facts`` are people and area of both."""

    label: Indices
    sums: NDArray[np.float64]
    lattice: Lattice
    links: Links
    facts: NDArray[np.float64]
    size: SpotSize

    def relieve(self, spot: int) -> bool:
        """Move cells from spot to spot until this one and those that took some are within the size."""
        waiting, moves = [spot], 0
        while waiting:
            here = waiting.pop()
            while not self.size.fits(*self.sums[:, here]):
                move = self._move(here) if moves < _MOST_MOVES else None
                if move is None:
                    return False
                cell, other = move
                self.label[cell] = other
                self.sums[:, other] += self.facts[:, cell]
                self.sums[:, here] -= self.facts[:, cell]
                moves += 1
                waiting += [other] * (not self.size.fits(*self.sums[:, other]))
        return True

    def _move(self, spot: int) -> tuple[int, int] | None:
        """Choose a cell and the neighbour to give it to: towards room, and of these the farthest from the middle."""
        a, b = self.links
        ends = np.concatenate([a, b]), np.concatenate([b, a])
        steps = self._steps_to_room()
        leaving = (self.label[ends[0]] == spot) & (self.label[ends[1]] != spot)
        cell, other = ends[0][leaving], self.label[ends[1][leaving]]
        here = np.flatnonzero(self.label == spot)
        may_go = (steps[other] <= steps[spot]) & (steps[other] < _FAR)
        may_go &= self.size.is_enough(*(self.sums[:, [spot]] - self.facts[:, cell]))
        order = np.lexsort((other, cell, -self._away(here, cell), steps[other]))
        for at in order[may_go[order]].tolist():
            if _connected(here[here != cell[at]], self.lattice):
                return int(cell[at]), int(other[at])
        return None

    def _steps_to_room(self) -> Indices:
        """Say over how many spots the way to one with room for a cell leads; int64 (spots,)."""
        a, b = self.label[self.links.a], self.label[self.links.b]
        touching = np.zeros(len(self.label), np.bool_)
        touching[self.links.a] = touching[self.links.b] = True
        largest = self.facts[:, touching].max(axis=1, initial=0.0)
        steps = np.full(self.sums.shape[1], _FAR)
        spots = np.unique(self.label[touching])
        steps[spots[self.size.fits(*(self.sums[:, spots] + largest[:, None]))]] = 0
        while True:
            before = steps.copy()
            np.minimum.at(steps, a, before[b] + 1)
            np.minimum.at(steps, b, before[a] + 1)
            if np.array_equal(before, steps):
                return steps

    def _away(self, here: Indices, cell: Indices) -> Indices:
        """Say how far cells lie from the middle of a spot: whole numbers, squared."""
        sides = (each.astype(np.int64) for each in (self.lattice.row, self.lattice.col))
        return np.asarray(sum((len(here) * each[cell] - each[here].sum()) ** 2 for each in sides))
