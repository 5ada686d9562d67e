"""The ground that rings mean, also where they cross themselves or each other.

A polygon means the ground its shell runs around, whichever way and however often, less the ground its holes run
around. In other words: a point belongs to it if the winding number of the shell around it is not 0 and that of
every hole is 0. A figure of eight keeps both lobes, a ring drawn twice counts once, a hole takes away only what
lies in the shell. The one exception is a shell that lies in one of its own holes, as a Shapefile wound the wrong
way has it: there the outermost ring is the shell, and so is every ring beside it that is wound like it.

Valid polygons mean the same by every rule; they are none of this module's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from .overlaps import AT_ONCE, in_portions, overlapping_boxes

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_MEETINGS = 1_000_000
"""Pairs of edges of one polygon whose boxes overlap, beyond those that every ring has; with more it is too tangled."""

_MEETINGS_OF_ANY = 8  # per edge: itself and its neighbours three times over
_MOST_LOOKS = 100_000_000  # edges met by all looks from faces to the outside: some twenty seconds
_BAND = 0.5  # of the unit that each polygon gets when all are laid side by side
_SLACK = 1e-9  # of that unit: more than rounding, and only what is looked at grows with it


class RingGround(NamedTuple):
    """What invalid polygons mean.

    Attributes
    ----------
    meant
        For each polygon its ground, a valid polygon or multipolygon, empty where it means none.
    doubtful
        For each polygon the ground that other readings of its rings decide otherwise (even-odd over all rings
        together; even-odd in each ring, holes taken away); a polygon or multipolygon, mostly empty.
    """

    meant: NDArray[np.object_]
    doubtful: NDArray[np.object_]


class Tangled(NamedTuple):
    """Position of a polygon or feature whose outlines meet so often that taking them apart would not end in time."""

    number: int


def ground_of_rings(polygons: NDArray[np.object_]) -> RingGround | Tangled:
    """Find the ground that polygons mean whose rings cross or touch themselves or each other.

    Parameters
    ----------
    polygons
        Polygons, not multipolygons, none empty, with finite coordinates in any system.

    Returns
    -------
    RingGround or Tangled
        In the same system; Tangled, with the first such polygon, where that would take too long.
    """
    if not len(polygons):
        return RingGround(polygons, polygons)
    edges = _Edges.of(polygons)
    tangled = _first_tangled(edges)
    if tangled is not None:
        return Tangled(tangled)
    rings, owner = shapely.get_rings(polygons, return_index=True)
    lines = np.asarray(shapely.multilinestrings(_as_lines(rings), indices=owner), dtype=np.object_)
    # snaps where node() would give up
    noded = np.asarray(shapely.union_all(lines[:, np.newaxis], axis=1), dtype=np.object_)
    faces, of = shapely.get_parts(shapely.polygonize(noded[:, np.newaxis]), return_index=True)
    around = _Around.of(faces, of, edges)
    if isinstance(around, Tangled):
        return around
    readings = _readings(around, edges, len(polygons))
    meant, doubtful = (_united(faces[chosen], of[chosen], len(polygons)) for chosen in readings)
    return RingGround(meant, doubtful)


def _as_lines(rings: NDArray[np.object_]) -> NDArray[np.object_]:
    at, ring = shapely.get_coordinates(rings, return_index=True)
    return np.asarray(shapely.linestrings(at, indices=ring), dtype=np.object_)


def _united(faces: NDArray[np.object_], of: NDArray[np.int64], count: int) -> NDArray[np.object_]:
    """Unite the faces of each polygon, which share whole edges."""
    gathered = np.full(count, shapely.MultiPolygon(), dtype=np.object_)
    if len(faces):
        shapely.multipolygons(faces, indices=of, out=gathered)
    return np.asarray(shapely.coverage_union_all(gathered[:, np.newaxis], axis=1), dtype=np.object_)


class _Edges(NamedTuple):
    """Edges of rings.

    Attributes
    ----------
    start, end
        Their ends in the coordinates of the polygons, float64 (n, 2).
    beside
        Their boxes with the polygons laid side by side, float64 (n, 4): what belongs to one polygon overlaps
        nothing of another.
    ring, polygon
        Whose they are, int64 (n,), sorted.
    polygon_of_ring, is_shell
        Of each ring, (rings,).
    corner, scale
        What lays the polygons side by side, float64 (polygons, 2).
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    beside: NDArray[np.float64]
    ring: NDArray[np.int64]
    polygon: NDArray[np.int64]
    polygon_of_ring: NDArray[np.int64]
    is_shell: NDArray[np.bool_]
    corner: NDArray[np.float64]
    scale: NDArray[np.float64]

    @classmethod
    def of(cls, polygons: NDArray[np.object_]) -> _Edges:
        """Take polygons apart."""
        rings, owner = shapely.get_rings(polygons, return_index=True)
        at, ring = shapely.get_coordinates(rings, return_index=True)
        here = (ring[1:] == ring[:-1]) & (at[1:] != at[:-1]).any(axis=1)
        start, end, ring = at[:-1][here], at[1:][here], ring[1:][here]
        bounds = np.full((len(polygons), 4), np.nan)
        for side, extreme in enumerate(
            (np.fmin, np.fmin, np.fmax, np.fmax)
        ):  # holes may lie outside the shell
            extreme.at(bounds[:, side], owner, shapely.bounds(rings)[:, side])
        extent = bounds[:, 2:] - bounds[:, :2]
        scale = np.divide(_BAND, extent, out=np.zeros_like(extent), where=extent > 0)
        is_shell = np.ones(len(rings), bool)
        is_shell[1:] = owner[1:] != owner[:-1]
        edges = cls(start, end, np.empty((0, 4)), ring, owner[ring], owner, is_shell, bounds[:, :2], scale)
        one, other = edges.laid(start, edges.polygon), edges.laid(end, edges.polygon)
        return edges._replace(beside=np.hstack([np.minimum(one, other), np.maximum(one, other)]))

    def laid(self, at: NDArray[np.float64], polygon: NDArray[np.int64]) -> NDArray[np.float64]:
        """Lay places of polygons side by side: polygon n between n and n + 0.5, in both directions."""
        beside: NDArray[np.float64] = (at - self.corner[polygon]) * self.scale[polygon]
        beside += polygon[:, np.newaxis]
        return beside


def _first_tangled(edges: _Edges) -> int | None:
    """Find a polygon with too many edges that lie close to each other; the polygons are counted in order."""
    if not len(edges.ring):
        return None
    own = np.bincount(edges.polygon)
    meetings = -_MEETINGS_OF_ANY * own
    for one, _ in overlapping_boxes(edges.beside):
        meetings += np.bincount(edges.polygon[one], minlength=len(own))
        reached = int(edges.polygon[one[-1]])
        too_many = meetings[: reached + 1] > MOST_MEETINGS
        if too_many.any():
            return int(np.argmax(too_many))
        if np.maximum(meetings, 0).sum() > 4 * MOST_MEETINGS:
            return reached
    return None


class _Around(NamedTuple):
    """Which rings run around which face, and how often: pairs of a face and a ring, sorted by face.

    ``winding`` is positive to the left of the ring, never 0. ``area`` is that of each face.
    """

    face: NDArray[np.int64]
    ring: NDArray[np.int64]
    winding: NDArray[np.int64]
    area: NDArray[np.float64]

    @classmethod
    def of(cls, faces: NDArray[np.object_], polygon: NDArray[np.int64], edges: _Edges) -> _Around | Tangled:
        """Look from a place in each face to the right and count the edges that are met, up or down."""
        if not len(faces):
            return cls(polygon[:0], polygon[:0], polygon[:0], np.zeros(0))
        inside = shapely.get_coordinates(shapely.point_on_surface(faces))
        view = edges.laid(inside, polygon)
        boxes = edges.beside
        met = np.searchsorted(np.sort(boxes[:, 1]), view[:, 1] + _SLACK, side="right")
        met -= np.searchsorted(np.sort(boxes[:, 3]), view[:, 1] - _SLACK, side="left")
        if met.sum() > _MOST_LOOKS:
            return Tangled(int(polygon[np.argmax(met)]))
        tree = shapely.STRtree(np.asarray(shapely.box(*boxes.T), dtype=np.object_))
        low, high = view - _SLACK, view + _SLACK
        looks = np.asarray(shapely.box(low[:, 0], low[:, 1], polygon + 2 * _BAND, high[:, 1]))
        found = [
            _met(here.start + one, edge, inside, edges)
            for here in in_portions(met, AT_ONCE)
            for one, edge in [tree.query(looks[here])]
        ]
        face, ring, sign = (np.concatenate(column) for column in zip(*found, strict=True))
        return cls._summed(face, ring, sign, shapely.area(faces))

    @classmethod
    def _summed(
        cls,
        face: NDArray[np.int64],
        ring: NDArray[np.int64],
        sign: NDArray[np.int64],
        area: NDArray[np.float64],
    ) -> _Around:
        rings = int(ring.max(initial=0)) + 1
        pairs, pair = np.unique(face * rings + ring, return_inverse=True)
        winding = np.bincount(pair, weights=sign, minlength=len(pairs)).astype(np.int64)
        some = winding != 0
        return cls(pairs[some] // rings, pairs[some] % rings, winding[some], area)


def _met(
    face: NDArray[np.int64], edge: NDArray[np.int64], inside: NDArray[np.float64], edges: _Edges
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Choose the edges that really cross the line to the right of a place; the sign is 1 for upward ones."""
    start, end = edges.start[edge] - inside[face], edges.end[edge] - inside[face]
    upward = (start[:, 1] <= 0) & (end[:, 1] > 0)
    downward = (end[:, 1] <= 0) & (start[:, 1] > 0)
    side = start[:, 0] * end[:, 1] - end[:, 0] * start[:, 1]  # positive: the place is to the left of the edge
    crossed = (upward & (side > 0)) | (downward & (side < 0))
    sign = np.where(upward, 1, -1)
    return face[crossed], edges.ring[edge[crossed]], sign[crossed]


def _readings(around: _Around, edges: _Edges, polygons: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which faces are meant, and which ones another reading decides otherwise."""
    of_shell = _shells(around, edges, polygons)[around.ring]
    odd = around.winding % 2 == 1

    def any_of(pairs: NDArray[np.bool_]) -> NDArray[np.bool_]:
        faces: NDArray[np.bool_] = np.bincount(around.face[pairs], minlength=len(around.area)) > 0
        return faces

    meant = any_of(of_shell) & ~any_of(~of_shell)
    together = np.bincount(around.face[odd], minlength=len(around.area)) % 2 == 1
    apart = any_of(of_shell & odd) & ~any_of(~of_shell & odd)
    return meant, (meant != together) | (meant != apart)


def _shells(around: _Around, edges: _Edges, polygons: int) -> NDArray[np.bool_]:
    """Say which rings are shells: the first of each polygon, or the hole that this one lies in."""
    shell = edges.is_shell
    polygon = edges.polygon_of_ring
    first = shell[around.ring]
    faces = np.bincount(polygon[around.ring[first]], minlength=polygons)
    in_shell = np.bincount(around.face[first], minlength=len(around.area)) > 0
    holes = ~first
    shared = np.bincount(around.ring[holes & in_shell[around.face]], minlength=len(shell))
    area = np.bincount(around.ring, weights=around.area[around.face], minlength=len(shell))
    area_of_shell = np.bincount(polygon, weights=area * shell, minlength=polygons)
    around_it = ~shell & (shared == faces[polygon]) & (faces[polygon] > 0) & (area > area_of_shell[polygon])
    outer = np.flatnonzero(around_it)
    if not len(outer):
        return shell
    outer = outer[np.argsort(area[outer], kind="stable")]
    chosen = np.full(polygons, -1)
    chosen[polygon[outer]] = outer  # the largest comes last and stays
    outermost = np.zeros(len(shell), bool)
    outermost[chosen[chosen >= 0]] = True
    return np.where(chosen[polygon] < 0, shell, outermost | _beside(around, outermost, chosen[polygon]))


def _beside(around: _Around, outermost: NDArray[np.bool_], outer: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Find the rings that lie wholly outside the outermost ring ``outer`` of their polygon and are wound like it."""
    inside = np.bincount(around.face[outermost[around.ring]], minlength=len(around.area)) > 0
    shared = np.bincount(around.ring[inside[around.face]], minlength=len(outer))
    turned = around.winding * around.area[around.face]
    way = np.sign(np.bincount(around.ring, weights=turned, minlength=len(outer)))
    found: NDArray[np.bool_] = (shared == 0) & (way != 0) & (way == way[outer])
    return found
