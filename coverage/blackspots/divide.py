"""Clusters too large for one site, divided into spots around their peaks of population.

The borders of the places around the peaks run where few people live: every cell goes with the neighbour
that has most people, step by step uphill (the watershed of S. Beucher and C. Lantuéjoul, "Use of watersheds
in contour detection", 1979, by steepest ascent).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...data.geodesy.places import geodesic_km
from .joining import Links, Parts, SpotSize, joined, summed, tags
from .too_large import halved, shed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from .lattice import Lattice

    Indices = NDArray[np.int64]

_PER_PERSON = (
    1024  # people are compared in such parts: finer differences are rounding, and no reason to choose
)
_KM_DECIMALS = 6


class CellFacts(NamedTuple):
    """What is known of each cell: failing people, and the commune's own ground in it; float64 (cells,)."""

    people: NDArray[np.float64]
    area_km2: NDArray[np.float64]


def divided(lattice: Lattice, cluster: Indices, facts: CellFacts, grid: Grid, size: SpotSize) -> Indices:
    """Divide clusters that are larger than the size into spots.

    Every cell first goes to the peak of population that is uphill from it: this makes the populated places.
    A place larger than the size is taken apart into its cells. Then neighbours are joined as
    :func:`~blackspot.coverage.blackspots.joining.joined` says, and what became too large is cut in two where
    both halves can stand alone, see :func:`~blackspot.coverage.blackspots.too_large.halved`, else gives
    cells to neighbours with room, see :func:`~blackspot.coverage.blackspots.too_large.shed`. A spot is above the size
    only where it is a single cell, or where so few people live around that no such cut is left and no neighbour has
    room.

    Parameters
    ----------
    lattice
        The cells.
    cluster
        The cluster of each cell, numbered from 0 without gaps; connected, corners included.
    facts
        Of each cell.
    grid
        The grid the rows and columns belong to.
    size
        The limits.

    Returns
    -------
    ndarray
        The spot of each cell, from 0 without gaps, in the order of the spots' first cells. A spot is connected,
        corners included, and lies in one cluster. It does not depend on other clusters, nor on where in the
        grid the cluster lies.
    """
    large = ~_fit(cluster, facts, size)
    spot = cluster.copy()
    if large.any():
        inner = lattice.only(large)
        facts = CellFacts(facts.people[large], facts.area_km2[large])
        spot[large] = len(cluster) + _taken_apart(inner, cluster[large], facts, grid, size)
    return in_order(spot)


def peaks(label: Indices, people: NDArray[np.float64]) -> Indices:
    """Give for each label, numbered from 0 without gaps, its cell with most people; of equals the first."""
    order = np.lexsort((-_compared(people), label))
    return order[np.flatnonzero(np.diff(label[order], prepend=-1))]


def in_order(label: Indices) -> Indices:
    """Give labels new numbers, from 0 without gaps, in the order in which they first occur."""
    _, first, number = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number]


def _compared(people: NDArray[np.float64]) -> Indices:
    """Give people as they are compared and weighed: whole parts, at least one where anybody lives."""
    return np.maximum(np.rint(people * _PER_PERSON), 1.0).astype(np.int64)


def _taken_apart(lattice: Lattice, cluster: Indices, facts: CellFacts, grid: Grid, size: SpotSize) -> Indices:
    """Divide clusters, all of which are too large."""
    weight = _compared(facts.people)
    links = Links(*(np.asarray(ends, dtype=np.int64) for ends in lattice.pairs(diagonal=True)))
    place = _uphill(weight, links)
    cells = _single_cells(lattice, cluster, place, facts, weight, grid)
    spot = _joined_from(place, cells, links, size)
    if not _fit(spot, facts, size).all():  # a place took in a neighbour too small to stand alone
        spot = _joined_from(spot, cells, links, size)
    spot = halved(in_order(spot), lattice, *facts, size)
    spot = shed(spot, lattice, links, *facts, size)
    return _joined(spot, cells, links, size)  # what became smaller may have room for a neighbour


def _joined_from(start: Indices, cells: Parts, links: Links, size: SpotSize) -> Indices:
    """Join parts, those to start with that are too large taken apart into their cells."""
    whole = _fit(start, CellFacts(cells.people, cells.area_km2), size)
    return _joined(np.where(whole, start, len(start) + np.arange(len(start))), cells, links, size)


def _joined(start: Indices, cells: Parts, links: Links, size: SpotSize) -> Indices:
    """Join parts."""
    first, label = np.unique(start, return_inverse=True)
    return joined(cells.summed(label, len(first)), links.renamed(label, len(first)), size)[label]


def _fit(label: Indices, facts: CellFacts, size: SpotSize) -> NDArray[np.bool_]:
    """Say for each cell whether all cells of its label together are within the size."""
    count = int(label.max(initial=-1)) + 1
    people, area_km2 = (summed(values, label, count) for values in facts)
    return np.asarray(size.fits(people, area_km2)[label])


def _uphill(weight: Indices, links: Links) -> Indices:
    """Give for each cell the peak that is reached by going to the neighbour with most people, step by step."""
    order = np.lexsort((-np.arange(len(weight)), weight))  # of equals the first is the higher
    height = np.empty(len(weight), dtype=np.int64)
    height[order] = np.arange(len(weight))
    highest = height.copy()
    np.maximum.at(highest, links.a, height[links.b])
    np.maximum.at(highest, links.b, height[links.a])
    above = order[highest]
    while True:
        further = above[above]
        if np.array_equal(further, above):
            return np.asarray(above)
        above = further


def _single_cells(
    lattice: Lattice, cluster: Indices, place: Indices, facts: CellFacts, weight: Indices, grid: Grid
) -> Parts:
    """Describe every cell as a part of its own."""
    kept, first, number = np.unique(cluster, return_index=True, return_inverse=True)
    row, col = lattice.row.astype(np.int64), lattice.col.astype(np.int64)
    row0, col0 = (np.full(len(kept), np.iinfo(np.int64).max) for _ in range(2))
    np.minimum.at(row0, number, row)
    np.minimum.at(col0, number, col)
    here = grid.cell_centres_lonlat(row[first], col[first])
    row_km = geodesic_km(here, grid.cell_centres_lonlat(row[first] + 1, col[first])).round(_KM_DECIMALS)
    col_km = geodesic_km(here, grid.cell_centres_lonlat(row[first], col[first] + 1)).round(_KM_DECIMALS)
    down, right = row - row0[number], col - col0[number]
    return Parts(
        people=facts.people,
        area_km2=facts.area_km2,
        weight=weight,
        down=weight * down,
        right=weight * right,
        row_km=row_km[number],
        col_km=col_km[number],
        place=place,
        tag=tags(down, right),
    )
