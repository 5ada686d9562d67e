"""Outlines with fewer vertices, for looking at: borders that two polygons share stay one line.

Rings are cut where three or more edges meet, each line between two such places is simplified in the same way for all
who have it (Douglas and Peucker 1973, doi 10.3138/FM57-6770-U75U-7727), and the rings are put together again. So
neighbours neither overlap nor part. Every vertex is one of the given ones, and no given one lies farther than the
tolerance from the new outline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Places = NDArray[np.float64]

_CORNERS = 3  # of a ring that has an area


class _Lines(NamedTuple):
    """Rings, cut into lines.

    Attributes
    ----------
    places
        Of all lines one after the other, float64 (n, 2); both ends of a line are among its own.
    line
        int64 (n,): to which line a place belongs, rising.
    turned
        Per line, whether it stands against the direction of its ring: a shared line stands the same way for both.
    ring
        int64 per line: its ring, rising.
    """

    places: Places
    line: Integers
    turned: NDArray[np.bool_]
    ring: Integers


def generalised(polygons: NDArray[np.object_], tolerance: float) -> NDArray[np.object_]:
    """Leave out vertices of polygons.

    Parameters
    ----------
    polygons
        Polygons and MultiPolygons of one coordinate system; None and empty ones stay as they are.
    tolerance
        How far a vertex that is left out may lie from the new outline, in units of the coordinates.

    Returns
    -------
    ndarray of object
        The same types in the same order, in two dimensions, with as many parts and holes. A ring that would have fewer
        than three corners keeps all its vertices. A polygon that would not be valid is simplified by itself: then its
        borders may leave those of its neighbours by the tolerance. The same polygons give the same bytes.
    """
    result = shapely.force_2d(polygons)
    shown = np.flatnonzero(~(shapely.is_missing(result) | shapely.is_empty(result)))
    if not len(shown):
        return cast("NDArray[np.object_]", result)
    given = result[shown]
    kind, places, (rings, *rest) = shapely.to_ragged_array(given)
    made = shapely.from_ragged_array(kind, *_fewer(places, rings.astype(np.int64), tolerance, rest))
    if kind == shapely.GeometryType.MULTIPOLYGON:
        single = shapely.get_type_id(given) == shapely.GeometryType.POLYGON
        made[single] = shapely.get_geometry(made[single], 0)
    crossed = np.flatnonzero(~shapely.is_valid(made))
    made[crossed] = _as_before(shapely.simplify(given[crossed], tolerance), given[crossed])
    sound = shapely.is_valid(made)
    result[shown[sound]] = made[sound]
    return cast("NDArray[np.object_]", result)


def _as_before(made: NDArray[np.object_], given: NDArray[np.object_]) -> NDArray[np.object_]:
    """Make multipolygons of polygons again where the given ones are."""
    alone = np.flatnonzero(shapely.get_type_id(made) != shapely.get_type_id(given))
    made[alone] = shapely.multipolygons(made[alone], indices=np.arange(len(alone)))
    return made


def _fewer(
    places: Places, rings: Integers, tolerance: float, rest: list[NDArray[np.int64]]
) -> tuple[Places, tuple[NDArray[np.int64], ...]]:
    """Simplify rings, given as places and where each begins, and say where each begins then."""
    lines = _cut(places, rings)
    shorter = shapely.simplify(
        shapely.linestrings(lines.places, indices=lines.line), tolerance, preserve_topology=False
    )
    found, line = shapely.get_coordinates(shorter, return_index=True)
    count = np.bincount(line, minlength=len(shorter))
    start = np.cumsum(count) - count
    step = np.arange(len(line)) - start[line]
    step = np.where(lines.turned[line], count[line] - 1 - step, step)
    along = np.empty_like(found)
    along[start[line] + step] = found
    is_last = np.zeros(len(line), dtype=np.bool_)
    is_last[start + count - 1] = True  # it is the first of the next line
    kept, ring = along[~is_last], lines.ring[line[~is_last]]
    flat = np.bincount(ring, minlength=len(rings) - 1) < _CORNERS
    whole = np.repeat(np.arange(len(rings) - 1), np.diff(rings))
    whole[rings[1:] - 1] = -1  # closes its ring
    from_given = np.flatnonzero((whole >= 0) & flat[whole])
    kept = np.concatenate([kept[~flat[ring]], places[from_given]])
    ring = np.concatenate([ring[~flat[ring]], whole[from_given]])
    kept, ring = (values[np.argsort(ring, kind="stable")] for values in (kept, ring))
    return _closed(kept, ring, len(rings) - 1, rest)


def _closed(
    places: Places, ring: Integers, rings: int, rest: list[NDArray[np.int64]]
) -> tuple[Places, tuple[NDArray[np.int64], ...]]:
    """Repeat the first place of each ring at its end."""
    count = np.bincount(ring, minlength=rings)
    starts = np.concatenate([[0], np.cumsum(count + 1)])
    closed = np.empty((starts[-1], 2))
    closed[np.arange(len(ring)) + ring] = places
    closed[starts[1:] - 1] = closed[starts[:-1]]
    return closed, (starts, *rest)


def _cut(places: Places, rings: Integers) -> _Lines:
    """Cut rings into lines, at places where they meet others; a ring that meets none is cut at its first place."""
    _, point = np.unique(np.ascontiguousarray(places).view(np.complex128).ravel(), return_inverse=True)
    first, last = rings[:-1], rings[1:] - 1
    ring = np.repeat(np.arange(len(first)), np.diff(rings))
    index = np.arange(len(places))
    wanted = np.where(_meets(point, last)[point], index, len(places) + point)
    best = np.minimum.reduceat(wanted, first)
    begin = np.minimum.reduceat(np.where(wanted == best[ring], index, len(places)), first)
    step = index - first[ring]
    turned_to = first[ring] + (step + (begin - first)[ring]) % (last - first)[ring]
    point, places, wanted = point[turned_to], places[turned_to], wanted[turned_to]
    is_end = (wanted < len(places)) | (step == 0) | (index == last[ring])
    starts, ends = np.flatnonzero(is_end & (index != last[ring])), np.flatnonzero(is_end & (step > 0))
    turned = (point[starts] > point[ends]) | (
        (point[starts] == point[ends]) & (point[starts + 1] > point[ends - 1])
    )
    length = ends - starts + 1
    line = np.repeat(np.arange(len(starts)), length)
    step = np.arange(len(line)) - np.repeat(np.cumsum(length) - length, length)
    members = np.where(turned[line], ends[line] - step, starts[line] + step)
    return _Lines(places[members], line, turned, ring[starts])


def _meets(point: Integers, last: Integers) -> NDArray[np.bool_]:
    """Say of each point whether other than two different edges end there."""
    start = np.ones(len(point), dtype=np.bool_)
    start[last] = False
    start[:-1] &= point[:-1] != point[1:]  # a place that is there twice is no edge
    at = np.flatnonzero(start)
    one, other = point[at], point[at + 1]
    count = int(point.max()) + 1
    edges = np.unique(np.minimum(one, other) * count + np.maximum(one, other))
    degree = np.bincount(edges // count, minlength=count) + np.bincount(edges % count, minlength=count)
    return np.asarray(degree != 2)
