"""Polygons that share borders become arcs that are kept once: smaller, and simplified without gaps.

A vertex is a junction where the polygons that use it do not all go on to the same two neighbours. Arcs run
from junction to junction; a ring is a list of arcs, backwards ones as ``~index``. No geometry is repaired
or intersected, so it does not matter whether the polygons form a valid coverage: where two neighbours do
not share vertices, each simply keeps an arc of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

QUANTUM_PER_DEGREE = 100_000
"""Coordinates are whole multiples of 1/100,000 of a degree, about a metre."""

_TRIANGLE = np.array([[0, 0], [1, 0], [0, 1], [0, 0]], dtype=np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class Topology:
    """Shared arcs and the rings made of them.

    Attributes
    ----------
    points
        int64 (n, 2): longitude and latitude in quanta, arc after arc.
    arc_start
        int64 (arcs + 1,): where each arc begins in ``points``.
    arc_of
        int32 (r,): the arcs of the rings, ring after ring; ``~index`` runs backwards.
    ring_start
        int64 (rings + 1,): where each ring begins in ``arc_of``.
    ring_is_hole
        bool (rings,).
    feature_start
        int64 (features + 1,): where each feature begins among the rings. The even-odd rule over all
        rings of a feature gives its ground.
    """

    points: NDArray[np.int64]
    arc_start: NDArray[np.int64]
    arc_of: NDArray[np.int32]
    ring_start: NDArray[np.int64]
    ring_is_hole: NDArray[np.bool_]
    feature_start: NDArray[np.int64]

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.arc_start) - 1

    @property
    def features(self) -> int:
        """Number of features."""
        return len(self.feature_start) - 1

    @property
    def feature_of_arc_use(self) -> NDArray[np.int64]:
        """Feature of each entry of ``arc_of``."""
        ring_feature = np.repeat(np.arange(self.features), np.diff(self.feature_start))
        return np.repeat(ring_feature, np.diff(self.ring_start))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give all of it by name, to be kept: ``Topology(**arrays)`` is the same again."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def subset(self, features: NDArray[np.integer]) -> Topology:
        """Keep some features and the arcs they use, in the order given."""
        rings = _ranges(self.feature_start, features)
        uses = _ranges(self.ring_start, rings)
        refs = self.arc_of[uses].astype(np.int64)
        used = np.where(refs < 0, ~refs, refs)
        kept, number = np.unique(used, return_inverse=True)
        return Topology(
            points=self.points[_ranges(self.arc_start, kept)],
            arc_start=_offsets(np.diff(self.arc_start)[kept]),
            arc_of=np.where(refs < 0, ~number, number).astype(np.int32),
            ring_start=_offsets(np.diff(self.ring_start)[rings]),
            ring_is_hole=self.ring_is_hole[rings],
            feature_start=_offsets(np.diff(self.feature_start)[features]),
        )

    def ring_area(self) -> NDArray[np.float64]:
        """Area of each ring in square quanta, never negative."""
        x, y = self.points[:, 0].astype(float), self.points[:, 1].astype(float)
        # Sums run over all arcs: products relative to the centre keep them exact enough.
        x, y = x - x.mean() if len(x) else x, y - y.mean() if len(y) else y
        cross = np.zeros(len(x))
        cross[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
        cross[self.arc_start[1:] - 1] = 0.0
        swept = np.add.reduceat(cross, self.arc_start[:-1]) if self.arcs else np.zeros(0)
        sign = np.where(self.arc_of < 0, -1.0, 1.0)
        used = np.where(self.arc_of < 0, ~self.arc_of, self.arc_of)
        signed = np.add.reduceat(sign * swept[used], self.ring_start[:-1]) if len(used) else np.zeros(0)
        return np.asarray(np.abs(signed) / 2.0)

    def feature_area(self) -> NDArray[np.float64]:
        """Area of each feature in square quanta: its outer rings less its holes."""
        area = self.ring_area() * np.where(self.ring_is_hole, -1.0, 1.0)
        return np.asarray(np.add.reduceat(area, self.feature_start[:-1]) if len(area) else np.zeros(0))

    def polygons(self) -> NDArray[np.object_]:
        """Build shapely geometries in degrees, one MultiPolygon per feature; hole rings follow their outer ring."""
        return np.array([self._polygon(feature) for feature in range(self.features)], dtype=object)

    def ring_points(self, ring: int) -> NDArray[np.int64]:
        """Give the closed ring as points (n, 2) in quanta."""
        pieces: list[NDArray[np.int64]] = []
        for ref in self.arc_of[self.ring_start[ring] : self.ring_start[ring + 1]]:
            index = ~ref if ref < 0 else ref
            arc = self.points[self.arc_start[index] : self.arc_start[index + 1]]
            arc = arc[::-1] if ref < 0 else arc
            pieces.append(arc[1:] if pieces else arc)
        return np.concatenate(pieces)

    def _polygon(self, feature: int) -> shapely.MultiPolygon:
        shells: list[list[NDArray[np.float64]]] = []
        for ring in range(self.feature_start[feature], self.feature_start[feature + 1]):
            points = self.ring_points(ring) / QUANTUM_PER_DEGREE
            if self.ring_is_hole[ring]:
                shells[-1].append(points)
            else:
                shells.append([points])
        return shapely.MultiPolygon([(rings[0], rings[1:]) for rings in shells])


class _QuantisedRings(NamedTuple):
    """Closed rings without repeated points: quanta (n, 2), offsets, feature and hole flag of each."""

    points: NDArray[np.int32]
    start: NDArray[np.int64]
    feature: NDArray[np.int64]
    is_hole: NDArray[np.bool_]


def build_topology(geometries: NDArray[np.object_]) -> Topology:
    """Cut polygons into shared arcs.

    Parameters
    ----------
    geometries
        Polygons and multipolygons in degrees (EPSG:4326), shape (n,).

    Returns
    -------
    Topology
        One feature per geometry. A part smaller than the quantum becomes a triangle of one quantum: no part is lost.
    """
    if not len(geometries):
        return _nothing()
    rings = _quantised_rings(geometries)
    junction = _junctions(rings)
    arcs: list[NDArray[np.int32]] = []
    known: dict[bytes, int] = {}
    refs: list[int] = []
    counts = np.zeros(len(rings.feature), dtype=np.int64)
    for ring in range(len(rings.feature)):
        first, last = rings.start[ring], rings.start[ring + 1]
        for piece in _cut(rings.points[first:last], junction[first : last - 1]):
            refs.append(_reference(piece, arcs, known))
            counts[ring] += 1
    return Topology(
        points=np.concatenate(arcs).astype(np.int64) if arcs else np.zeros((0, 2), np.int64),
        arc_start=_offsets(np.array([len(arc) for arc in arcs], dtype=np.int64)),
        arc_of=np.array(refs, dtype=np.int32),
        ring_start=_offsets(counts),
        ring_is_hole=rings.is_hole,
        feature_start=_offsets(np.bincount(rings.feature, minlength=len(geometries))),
    )


def _nothing() -> Topology:
    offsets = np.zeros(1, dtype=np.int64)
    no_points, no_arcs = np.zeros((0, 2), dtype=np.int64), np.zeros(0, dtype=np.int32)
    return Topology(no_points, offsets, no_arcs, offsets, np.zeros(0, dtype=bool), offsets)


def _quantised_rings(geometries: NDArray[np.object_]) -> _QuantisedRings:
    polygons, polygon_feature = shapely.get_parts(geometries, return_index=True)
    lines, line_polygon = shapely.get_rings(polygons, return_index=True)
    del polygons  # of a country there are millions of points: every copy of them counts
    count = len(lines)
    degrees, wide = shapely.get_coordinates(lines, return_index=True)
    del lines
    line = wide.astype(np.int32)
    degrees *= QUANTUM_PER_DEGREE
    quanta = np.rint(degrees, out=degrees).astype(np.int32)
    del degrees, wide
    kept = np.ones(len(line), dtype=bool)  # the first of a ring, and what lies apart from the one before
    kept[1:] = line[1:] != line[:-1]
    for axis in quanta.T:
        kept[1:] |= axis[1:] != axis[:-1]
    is_hole = np.concatenate([[False], line_polygon[1:] == line_polygon[:-1]]) if count else np.zeros(0, bool)
    flat = np.bincount(line[kept], minlength=count) < 4  # fewer than three corners: smaller than the quantum
    points, line = _without_flat(quanta, line, kept, flat, is_hole)
    kept_lines = np.flatnonzero(~(flat & is_hole))
    return _QuantisedRings(
        points,
        _offsets(np.bincount(line, minlength=count)[kept_lines]),
        polygon_feature[line_polygon][kept_lines],
        is_hole[kept_lines],
    )


def _without_flat(
    quanta: NDArray[np.int32],
    line: NDArray[np.int32],
    kept: NDArray[np.bool_],
    flat: NDArray[np.bool_],
    is_hole: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Take the points that are kept; holes that have no ground left go, and parts become a triangle of one quantum."""
    if not flat.any():
        at = np.flatnonzero(kept)
        return quanta.take(at, axis=0), line.take(at)
    at = np.flatnonzero(kept & ~flat[line])
    parts = np.flatnonzero(flat & ~is_hole)
    place = np.repeat(np.searchsorted(line.take(at), parts.astype(np.int32)), len(_TRIANGLE))
    first = np.searchsorted(line, parts.astype(np.int32))
    at = np.insert(at, place, np.repeat(first, len(_TRIANGLE)))
    points = quanta.take(at, axis=0)
    points[place + np.arange(len(place))] += np.tile(_TRIANGLE, (len(parts), 1))
    return points, line.take(at)


def _junctions(rings: _QuantisedRings) -> NDArray[np.bool_]:
    """Say of each point of the rings whether an arc must end there."""
    if not len(rings.points):
        return np.zeros(0, dtype=bool)
    order, place, same = _places(rings.points)
    differs = np.zeros(len(same), dtype=bool)
    for neighbour in _neighbours(place, rings.start):
        sorted_neighbour = neighbour[order]
        differs |= sorted_neighbour[1:] != sorted_neighbour[:-1]
    differs &= same
    is_junction = np.zeros(int(place.max()) + 1, dtype=bool)
    is_junction[place[order[1:][differs]]] = True
    return np.asarray(is_junction[place])


def _places(points: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.bool_]]:
    """Give an order in which equal points follow one another, a number for each place, and which are as the one before."""
    key = (points[:, 0].astype(np.int64) << 32) ^ (points[:, 1].astype(np.int64) & 0xFFFFFFFF)
    order = np.argsort(key)
    key = key[order]
    same = key[1:] == key[:-1]
    place = np.zeros(len(key), dtype=np.int32)
    place[order[1:]] = np.cumsum(~same, dtype=np.int32)
    return order, place, same


def _neighbours(place: NDArray[np.int32], start: NDArray[np.int64]) -> Iterator[NDArray[np.int32]]:
    """Give of each point of rings the lower and then the higher one of the places beside it."""
    before, after = np.roll(place, 1), np.roll(place, -1)
    starts, ends = start[:-1], start[1:] - 1
    before[starts] = place[ends - 1]  # the last point repeats the first
    after[ends] = place[starts + 1]
    yield np.minimum(before, after)
    yield np.maximum(before, after)


def _cut(ring: NDArray[np.int32], junction: NDArray[np.bool_]) -> list[NDArray[np.int32]]:
    """Cut a closed ring at its junctions; one without any starts at its smallest point."""
    cuts = np.flatnonzero(junction)
    start = int(cuts[0]) if len(cuts) else int(np.lexsort((ring[:-1, 1], ring[:-1, 0]))[0])
    turned = np.concatenate([ring[start:-1], ring[: start + 1]])
    edges = [*(cuts - start).tolist(), len(ring) - 1] if len(cuts) else [0, len(ring) - 1]
    return [turned[first : last + 1] for first, last in pairwise(edges)]


def _reference(arc: NDArray[np.int32], arcs: list[NDArray[np.int32]], known: dict[bytes, int]) -> int:
    """Find the arc in either direction, or add it."""
    forward = arc.tobytes()
    if forward in known:
        return known[forward]
    backward = arc[::-1].tobytes()
    if backward in known:
        return ~known[backward]
    known[forward] = len(arcs)
    arcs.append(arc)
    return len(arcs) - 1


def _offsets(counts: NDArray[np.integer]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _ranges(start: NDArray[np.int64], chosen: NDArray[np.integer]) -> NDArray[np.int64]:
    """Give the indices of the chosen stretches, one after the other."""
    counts = np.diff(start)[chosen]
    shift = np.repeat(start[:-1][chosen] - _offsets(counts)[:-1], counts)
    return np.asarray(np.arange(int(counts.sum())) + shift)
