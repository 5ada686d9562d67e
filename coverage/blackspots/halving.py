"""Spots above the size, cut in two where both halves can stand alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .joining import summed
from .lattice import Lattice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from .joining import SpotSize

    Indices = NDArray[np.int64]


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
