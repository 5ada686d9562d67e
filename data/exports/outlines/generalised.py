"""Outlines with fewer vertices, for looking at: borders that two polygons share stay one line.

Rings are cut where three or more edges meet, each line between two such places is simplified in the same way for all
who have it (Douglas and Peucker 1973, doi 10.3138/FM57-6770-U75U-7727), and the rings are put together again. So
neighbours neither overlap nor part. Every vertex is one of the given ones, and no given one lies farther than the
tolerance from the new outline.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Places = NDArray[np.float64]

_CORNERS = 3  # of a ring that has an area
_BLOCK = 1 << 19  # places that are cut and simplified at a time: bounds the memory


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
    result = polygons.copy()
    high = np.flatnonzero(shapely.has_z(result))
    result[high] = shapely.force_2d(result[high])
    shown = np.flatnonzero(~(shapely.is_missing(result) | shapely.is_empty(result)))
    if not len(shown):
        return result
    given = result[shown]
    kind, places, (rings, *rest) = shapely.to_ragged_array(given)
    made = shapely.from_ragged_array(
        kind, *_fewer(places, rings.astype(np.int64), tolerance, [part.astype(np.int64) for part in rest])
    )
    if kind == shapely.GeometryType.MULTIPOLYGON:
        single = shapely.get_type_id(given) == shapely.GeometryType.POLYGON
        made[single] = shapely.get_geometry(made[single], 0)
    sound = shapely.is_valid(made)
    crossed = np.flatnonzero(~sound)
    made[crossed] = _as_before(shapely.simplify(given[crossed], tolerance), given[crossed])
    sound[crossed] = shapely.is_valid(made[crossed])
    result[shown[sound]] = made[sound]
    return result


def _as_before(made: NDArray[np.object_], given: NDArray[np.object_]) -> NDArray[np.object_]:
    """Make multipolygons of polygons again where the given ones are."""
    alone = np.flatnonzero(shapely.get_type_id(made) != shapely.get_type_id(given))
    made[alone] = shapely.multipolygons(made[alone], indices=np.arange(len(alone)))
    return made


def _fewer(
    places: Places, rings: Integers, tolerance: float, rest: list[Integers]
) -> tuple[Places, tuple[Integers, ...]]:
    """Simplify rings, given as places and where each begins, and say where each begins then."""
    point = _points(places)
    meets = _meets(point, rings[1:] - 1)
    blocks = np.unique(
        np.searchsorted(rings, np.arange(0, rings[-1] + _BLOCK, _BLOCK)).clip(0, len(rings) - 1)
    )
    made, counts = [], []
    for first, last in itertools.pairwise(blocks.tolist()):
        part = slice(rings[first], rings[last])
        inside = rings[first : last + 1] - rings[first]
        lines = _cut(places[part], inside, point[part].astype(np.int64), meets[point[part]])
        kept, ring = _simplified(lines, tolerance, places[part], inside)
        made.append(kept)
        counts.append(np.bincount(ring, minlength=last - first))
    return _closed(np.concatenate(made), np.concatenate(counts), rest)


def _simplified(lines: _Lines, tolerance: float, given: Places, rings: Integers) -> tuple[Places, Integers]:
    """Put rings together again from simplified lines; give their places without the closing ones, and the ring of each."""
    shorter = shapely.simplify(
        shapely.linestrings(lines.places, indices=lines.line), tolerance, preserve_topology=False
    )
    found, line = shapely.get_coordinates(shorter, return_index=True)
    count = np.bincount(line, minlength=len(lines.ring))
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
    closes = np.zeros(len(given), dtype=np.bool_)
    closes[rings[1:] - 1] = True
    from_given = np.flatnonzero(~closes & flat[whole])
    kept = np.concatenate([kept[~flat[ring]], given[from_given]])
    ring = np.concatenate([ring[~flat[ring]], whole[from_given]])
    order = np.argsort(ring, kind="stable")
    return kept[order], ring[order]


def _closed(places: Places, count: Integers, rest: list[Integers]) -> tuple[Places, tuple[Integers, ...]]:
    """Repeat the first place of each ring at its end."""
    starts = np.concatenate([[0], np.cumsum(count + 1)])
    closed = np.empty((starts[-1], 2))
    closed[np.arange(len(places)) + np.repeat(np.arange(len(count)), count)] = places
    closed[starts[1:] - 1] = closed[starts[:-1]]
    return closed, (starts, *rest)


def _cut(places: Places, rings: Integers, point: Integers, meets: NDArray[np.bool_]) -> _Lines:
    """Cut rings into lines, at places where they meet others; a ring that meets none is cut at its first place."""
    first, last = rings[:-1], rings[1:] - 1
    ring = np.repeat(np.arange(len(first)), np.diff(rings))
    index = np.arange(len(places))
    wanted = np.where(meets, index, len(places) + point)
    best = np.minimum.reduceat(wanted, first)
    begin = np.minimum.reduceat(np.where(wanted == best[ring], index, len(places)), first)
    step = index - first[ring]
    turned_to = first[ring] + (step + (begin - first)[ring]) % (last - first)[ring]
    point, places, meets = point[turned_to], places[turned_to], meets[turned_to]
    is_end = meets | (step == 0) | (index == last[ring])
    starts, ends = np.flatnonzero(is_end & (index != last[ring])), np.flatnonzero(is_end & (step > 0))
    turned = (point[starts] > point[ends]) | (
        (point[starts] == point[ends]) & (point[starts + 1] > point[ends - 1])
    )
    length = ends - starts + 1
    line = np.repeat(np.arange(len(starts)), length)
    step = np.arange(len(line)) - np.repeat(np.cumsum(length) - length, length)
    members = np.where(turned[line], ends[line] - step, starts[line] + step)
    return _Lines(places[members], line, turned, ring[starts])


def _points(places: Places) -> NDArray[np.int32]:
    """Give each place a number, rising from west to east and then from south to north; the same place has the same."""
    plane = np.ascontiguousarray(places).view(np.complex128).ravel()
    order = np.argsort(plane, kind="stable").astype(np.int32)
    plane = plane[order]
    number = np.cumsum(np.concatenate([[False], plane[1:] != plane[:-1]]), dtype=np.int32)
    point = np.empty_like(number)
    point[order] = number
    return point


def _meets(point: NDArray[np.int32], last: Integers) -> NDArray[np.bool_]:
    """Say of each point whether other than two different edges end there."""
    start = np.ones(len(point), dtype=np.bool_)
    start[last] = False
    start[:-1] &= point[:-1] != point[1:]  # a place that is there twice is no edge
    start[-1] = False
    one, other = point[start], point[1:][start[:-1]]
    count = int(point.max()) + 1
    edges = np.minimum(one, other) * np.int64(count) + np.maximum(one, other)
    del one, other  # as large as the country
    edges.sort()
    edges = edges[np.concatenate([[True], edges[1:] != edges[:-1]])]
    degree = np.bincount(edges // count, minlength=count)
    degree += np.bincount(edges % count, minlength=count)
    return np.asarray(degree != 2)
