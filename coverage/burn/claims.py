"""Spans with owners: where two communes claim the same ground, one of them gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .spans import CELL_UNITS, Spans, empty_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .grid import Grid

_X_BITS = 31


def resolve_claims(
    line: NDArray[np.integer],
    x0: NDArray[np.integer],
    x1: NDArray[np.integer],
    owner: NDArray[np.integer],
    grid: Grid,
) -> Spans:
    """Sort owned stretches and give contested ground to the lowest owner index.

    Parameters
    ----------
    line, x0, x1, owner
        int (k,), in any order.
    grid
        The grid the stretches lie on.

    Returns
    -------
    Spans
        Disjoint spans with owners; ``contested_km2`` says how much ground more than one owner claimed.
    """
    solid = x1 > x0
    line, x0, x1, owner = line[solid], x0[solid], x1[solid], owner[solid]
    if not len(line):
        return empty_spans(owned=True)
    start = (line.astype(np.int64) << _X_BITS) | x0
    order = _order(start)
    start, claimant = start[order], owner[order].astype(np.int64)
    end = start + (x1 - x0)[order]
    contested = _contested(start, end)
    if not contested.any():
        return _joined(start, end, claimant, 0.0)
    won_start, won_end, won_owner, contested_km2 = _lowest_owner(
        start[contested], end[contested], claimant[contested], grid
    )
    start = np.concatenate([start[~contested], won_start])
    end = np.concatenate([end[~contested], won_end])
    claimant = np.concatenate([claimant[~contested], won_owner])
    order = _order(start)
    return _joined(start[order], end[order], claimant[order], contested_km2)


def _order(start: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort starts, equal ones in the order they have: with the index in the number where it fits."""
    low, index_bits = start.min(), (len(start) - 1).bit_length()
    if int(start.max() - low).bit_length() + index_bits > 63:
        return np.argsort(start, kind="stable")
    key: NDArray[np.int64] = (start - low) << index_bits
    key |= np.arange(len(start))
    key.sort(kind="stable")  # merges what is in order already, and is several times as fast as argsort
    key &= (1 << index_bits) - 1
    return key


def _contested(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark the stretches (sorted by start) that share ground with another one."""
    reach = np.maximum.accumulate(end)
    overlaps_before = np.zeros(len(start), bool)
    overlaps_before[1:] = start[1:] < reach[:-1]
    if not overlaps_before.any():
        return overlaps_before
    group = np.cumsum(~overlaps_before) - 1
    contested: NDArray[np.bool_] = np.bincount(group)[group] > 1
    return contested


def _lowest_owner(
    start: NDArray[np.int64], end: NDArray[np.int64], owner: NDArray[np.int64], grid: Grid
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], float]:
    """Cut contested stretches at each other's ends and keep the lowest owner of every piece."""
    pieces = claimed_pieces(start, end, owner)
    cuts, piece, claimant = pieces.cuts, pieces.piece, pieces.claimant
    wins = np.ones(len(piece), bool)
    wins[1:] = piece[1:] != piece[:-1]
    lost = np.unique(piece[~wins])
    won = piece[wins]
    return cuts[won], cuts[won + 1], claimant[wins], _area_km2(cuts[lost], cuts[lost + 1], grid)


@dataclass(frozen=True, slots=True)
class ClaimedPieces:
    """Contested stretches cut at each other's ends.

    Attributes
    ----------
    cuts
        Where pieces begin and end, int64 (k,): line and x position in one number; piece ``i`` reaches from
        ``cuts[i]`` to ``cuts[i + 1]``.
    piece, claimant
        Each piece with each owner that claims it, int64 (n,), sorted by piece and then by owner.
    """

    cuts: NDArray[np.int64]
    piece: NDArray[np.int64]
    claimant: NDArray[np.int64]


def claimed_pieces(
    start: NDArray[np.int64], end: NDArray[np.int64], owner: NDArray[np.int64]
) -> ClaimedPieces:
    """Cut stretches at each other's ends and say who claims every piece.

    Parameters
    ----------
    start, end
        Line and x position in one number, int64 (k,).
    owner
        Who claims the stretch, int64 (k,).
    """
    cuts = np.unique(np.concatenate([start, end]))
    first, stop = np.searchsorted(cuts, start), np.searchsorted(cuts, end)
    each = np.repeat(np.arange(len(start)), stop - first)
    piece = np.arange(len(each)) - np.repeat(np.cumsum(stop - first) - stop, stop - first)
    order = np.lexsort((owner[each], piece))
    piece, claimant = piece[order], owner[each][order]
    fresh = np.ones(len(piece), bool)
    fresh[1:] = (piece[1:] != piece[:-1]) | (
        claimant[1:] != claimant[:-1]
    )  # one commune's own parts may overlap
    return ClaimedPieces(cuts, piece[fresh], claimant[fresh])


def contested_pieces(
    line: NDArray[np.integer], x0: NDArray[np.integer], x1: NDArray[np.integer], owner: NDArray[np.integer]
) -> ClaimedPieces:
    """Find the stretches that share ground with others, and cut them at each other's ends.

    Parameters
    ----------
    line, x0, x1, owner
        int (k,), in any order.
    """
    start = (line.astype(np.int64) << _X_BITS) | x0
    order = _order(start)
    start, end = start[order], (start + (x1 - x0))[order]
    contested = _contested(start, end)
    return claimed_pieces(start[contested], end[contested], owner[order][contested].astype(np.int64))


def _area_km2(start: NDArray[np.int64], end: NDArray[np.int64], grid: Grid) -> float:
    """Area that stretches stand for."""
    if not len(start):
        return 0.0
    middle = ((start & ((1 << _X_BITS) - 1)) + (end & ((1 << _X_BITS) - 1))) // 2
    cell = grid.cell_area_km2((start >> _X_BITS) // grid.sublines, middle // CELL_UNITS)
    return float((cell * (end - start)).sum() / (CELL_UNITS * grid.sublines))


def _joined(
    start: NDArray[np.int64], end: NDArray[np.int64], owner: NDArray[np.int64], contested_km2: float
) -> Spans:
    """Join touching stretches of one owner; the stretches are sorted and disjoint."""
    fresh = np.ones(len(start), bool)
    fresh[1:] = (start[1:] != end[:-1]) | (owner[1:] != owner[:-1])
    first = np.flatnonzero(fresh)
    last = np.append(first[1:], len(start)) - 1
    x_mask = (1 << _X_BITS) - 1
    return Spans(
        (start[first] >> _X_BITS).astype(np.int32),
        (start[first] & x_mask).astype(np.int32),
        (end[last] & x_mask).astype(np.int32),
        owner[first].astype(np.int32),
        contested_km2,
    )
