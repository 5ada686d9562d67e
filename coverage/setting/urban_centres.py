"""The edges and the gaps of urban centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Cells = NDArray[np.bool_]
    Labels = NDArray[np.int32]

_AROUND = np.array([(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1) if (row, col) != (0, 0)])


def smoothed(centres: Labels, settled: Cells, water: Cells) -> Labels:
    """Add the cells most of whose neighbours belong to one centre, again and again until there are none.

    Parameters
    ----------
    centres
        int32 (rows, cols): the number of a cell's urban centre, 0 in none.
    settled
        bool (rows, cols): people or at least half land. Only such neighbours count, and those in a centre.
    water
        bool (rows, cols): never part of a centre.

    Returns
    -------
    ndarray of int32, (rows, cols)
        As ``centres``. A cell between two centres, most of whose neighbours belong to both together, joins neither.
    """
    found = np.pad(centres, 1)
    counts = np.pad(settled, 1) | (found > 0)
    free = np.pad(~water, 1)
    beside = np.flatnonzero(found)
    steps = _AROUND @ np.array([found.shape[1], 1])
    cells, votes_of, open_to = found.ravel(), counts.ravel(), free.ravel()
    while len(beside):
        near = np.unique(beside[:, np.newaxis] + steps)
        near = near[(cells[near] == 0) & open_to[near]]
        around = near[:, np.newaxis] + steps
        theirs = cells[around]
        votes = (theirs[:, :, np.newaxis] == theirs[:, np.newaxis, :]).sum(axis=2) * (theirs > 0)
        most = votes.argmax(axis=1)
        each = np.arange(len(near))
        joins = 2 * votes[each, most] > votes_of[around].sum(axis=1)
        beside = near[joins]
        cells[beside] = theirs[each, most][joins]
        votes_of[beside] = True
    return np.asarray(found[1:-1, 1:-1])


def gaps_filled(centres: Labels, gap_km2: int) -> Labels:
    """Fill the gaps in each urban centre that are smaller than a limit.

    Parameters
    ----------
    centres
        int32 (rows, cols): the number of a cell's urban centre, 0 in none. A cell is a square kilometre.
    gap_km2
        A gap of so many cells, or of more, stays. A gap is what one centre encloses by itself: cells that hang together
        along edges and reach the outside nowhere but over a corner.

    Returns
    -------
    ndarray of int32, (rows, cols)
        As ``centres``; a cell of another centre keeps its number.
    """
    filled = centres.copy()
    for number, box in enumerate(ndimage.find_objects(centres), start=1):
        if box is None:
            continue
        outside = np.pad(centres[box] != number, 1, constant_values=True)
        parts, count = ndimage.label(outside)
        small = np.bincount(parts.ravel(), minlength=count + 1) < gap_km2
        small[[0, parts[0, 0]]] = False
        gap = small[parts][1:-1, 1:-1] & (filled[box] == 0)
        filled[box][gap] = number
    return filled
