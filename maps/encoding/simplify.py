"""Fewer points per arc, the same ground: Douglas-Peucker between junctions, checked by area."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .topology import Topology

SMALL_RING_SHARE = 0.08
"""An arc may be off by at most this share of the side of the smallest ring it bounds."""

MOST_FEATURE_ERROR = 0.003
"""Features whose area changes by more than this share get finer arcs."""

MOST_RING_ERROR = 0.25
"""Rings whose area changes by more than this share get finer arcs: thin islands stay islands."""

_ROUNDS = 7


class _ArcPieces(NamedTuple):
    """Open lines: shapely lines in quanta, and the arc each is a part of (closed arcs have two)."""

    lines: NDArray[np.object_]
    arc: NDArray[np.int64]


def simplified(topology: Topology, tolerance: float) -> Topology:
    """Drop points that lie closer than a tolerance to the line without them.

    Junctions stay where they are and neighbours keep sharing their arcs. Small islands get a finer
    tolerance, so none of them vanishes; where an area would change too much, the tolerance of its arcs is
    halved, a few times over.

    Parameters
    ----------
    topology
        Any.
    tolerance
        In quanta (about metres); 0 or less changes nothing.
    """
    return Simplifier(topology).at(tolerance)


class Simplifier:
    """Gives one topology in less detail, as often as it is asked: what does not depend on how much less is made once.

    Parameters
    ----------
    topology
        Any.
    """

    def __init__(self, topology: Topology) -> None:
        self._topology = topology

    @cached_property
    def _pieces(self) -> _ArcPieces:
        return _open_pieces(self._topology)

    @cached_property
    def _wanted(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Areas of the rings and of the features."""
        return self._topology.ring_area(), self._topology.feature_area()

    def at(self, tolerance: float) -> Topology:
        """Simplify as :func:`simplified` does, to a tolerance in quanta."""
        topology = self._topology
        if not topology.arcs or tolerance <= 0:
            return topology
        used = np.where(topology.arc_of < 0, ~topology.arc_of, topology.arc_of)
        (wanted_ring, wanted_feature), pieces = self._wanted, self._pieces
        smallest = np.full(topology.arcs, np.inf)
        ring_of_use = np.repeat(np.arange(len(wanted_ring)), np.diff(topology.ring_start))
        np.minimum.at(smallest, used, np.sqrt(wanted_ring)[ring_of_use])
        limit = np.minimum(tolerance, SMALL_RING_SHARE * smallest)
        lines = shapely.simplify(pieces.lines, limit[pieces.arc], preserve_topology=False)
        result = _reassembled(topology, pieces, lines)
        for attempt in range(_ROUNDS):
            ring_error = np.abs(result.ring_area() - wanted_ring) > MOST_RING_ERROR * wanted_ring
            feature_error = (
                np.abs(result.feature_area() - wanted_feature) > MOST_FEATURE_ERROR * wanted_feature
            )
            wrong = ring_error[ring_of_use] | feature_error[topology.feature_of_arc_use]
            if not wrong.any():
                break
            finer = np.zeros(topology.arcs, dtype=bool)
            finer[used[wrong]] = True
            limit[finer] *= 0.5 if attempt < _ROUNDS - 1 else 0.0  # in the end, nothing is dropped
            again = finer[pieces.arc]
            lines[again] = shapely.simplify(
                pieces.lines[again], limit[pieces.arc[again]], preserve_topology=False
            )
            result = _reassembled(topology, pieces, lines)
        return result


def _open_pieces(topology: Topology) -> _ArcPieces:
    """Make lines of the arcs; a closed one is cut where it is farthest from its start."""
    points, start = topology.points, topology.arc_start
    first, last = points[start[:-1]], points[start[1:] - 1]
    closed = (first == last).all(axis=1)
    cut_after = np.zeros(topology.arcs, dtype=np.int64)
    for arc in np.flatnonzero(closed):
        distance = ((points[start[arc] : start[arc + 1]] - first[arc]) ** 2).sum(axis=1)
        cut_after[arc] = int(np.argmax(distance))
    parts = np.where(closed, 2, 1)
    arc_of_piece = np.repeat(np.arange(topology.arcs), parts)
    # The point of the cut ends one piece and starts the next, so it is listed twice.
    repeat = np.ones(len(points), dtype=np.int8)
    repeat[(start[:-1] + cut_after)[closed]] = 2
    listed = np.repeat(np.arange(len(points), dtype=np.int32), repeat)
    second = np.concatenate([[False], listed[1:] == listed[:-1]])
    arc_of_point = np.repeat(np.arange(topology.arcs), np.diff(start))[listed]
    new_piece = second | np.concatenate([[True], arc_of_point[1:] != arc_of_point[:-1]])
    piece_of_point = np.cumsum(new_piece) - 1
    places = points.astype(np.float64)[listed]
    lines = shapely.linestrings(places, indices=piece_of_point)
    return _ArcPieces(np.asarray(lines, dtype=object), arc_of_piece)


def _reassembled(topology: Topology, pieces: _ArcPieces, lines: NDArray[np.object_]) -> Topology:
    """Put simplified lines back into arcs."""
    degrees, piece = shapely.get_coordinates(lines, return_index=True)
    points, arc = np.rint(degrees).astype(np.int64), pieces.arc[piece]
    doubled = (piece[1:] != piece[:-1]) & (arc[1:] == arc[:-1])  # the point of a cut
    kept = np.concatenate([[True], ~doubled])
    counts = np.bincount(arc[kept], minlength=topology.arcs)
    return replace(
        topology, points=points[kept], arc_start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    )
