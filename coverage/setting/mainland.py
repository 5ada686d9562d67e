"""Which parts of the communes hang together with the mainland."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ...data.geodesy.places import metres_per_degree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

_RAYS = 16
_SURROUNDED = 0.75  # of the rays
_CLIP_GAPS = 2.0  # how far around a part outlines are measured: beyond the gap
_CLIP_M = 1.0
_CHUNK_PAIRS = 500  # pairs of parts measured at a time, to bound the memory


def part_area_km2(parts: NDArray[np.object_]) -> NDArray[np.float64]:
    """Measure parts by the length of a degree at their centre: right within 0.1 % up to 100 km across.

    Parameters
    ----------
    parts
        Polygons in EPSG:4326.
    """
    _, south, _, north = shapely.bounds(parts).T
    degree = metres_per_degree((south + north) / 2)
    return np.asarray(shapely.area(parts) * degree.lon * degree.lat / 1e6)


def off_mainland(
    parts: NDArray[np.object_], gap_m: float, links: NDArray[np.object_] | None = None
) -> NDArray[np.bool_]:
    """Say which parts are not connected to the mainland.

    Parts that touch, or lie at most ``gap_m`` apart, are connected; so are chains of them, and parts that a fixed link
    joins. The mainland is the connected whole with the largest area: in a country of several large islands only one of
    them is the mainland, the others are islands.

    Parameters
    ----------
    parts
        Polygons in EPSG:4326, of all communes.
    gap_m
        The widest gap that still counts as connected (rivers, drawing gaps), in metres.
    links
        Bridges and causeways, lines in EPSG:4326; they join the parts that they cross and those that lie at most the gap
        from them. None joins nothing.

    Returns
    -------
    ndarray
        Booleans, one per part.
    """
    if not len(parts):
        return np.zeros(0, dtype=np.bool_)
    first, second = _close_boxes(parts, gap_m)
    touching = _touching(parts, first, second)
    whole = _components(first[touching], second[touching], len(parts))
    # Most communes touch and need no measuring; only pairs of different wholes are measured.
    apart = np.flatnonzero(whole[first] != whole[second])
    near = apart[_within(parts, first[apart], second[apart], gap_m)]
    linked = np.concatenate([touching, near])
    one, other = _linked(parts, links, gap_m)
    whole = _components(
        np.concatenate([first[linked], one]), np.concatenate([second[linked], other]), len(parts)
    )
    return np.asarray(whole != np.argmax(np.bincount(whole, part_area_km2(parts))))


def in_inland_water(
    parts: NDArray[np.object_], mainland: NDArray[np.object_], reach_m: float
) -> NDArray[np.bool_]:
    """Say which parts lie in a river or a lake: across the water the mainland is near in most directions.

    Rays go out from inside a part, in sixteen directions, and on over the water. Before a coast the mainland stands in
    about half of them at most, in a river in nearly all: three quarters decide.

    Parameters
    ----------
    parts
        Polygons that are not connected to the mainland, EPSG:4326.
    mainland
        The polygons that are.
    reach_m
        How far the rays go beyond the part, in metres.

    Returns
    -------
    ndarray
        Booleans, one per part.
    """
    inside = shapely.get_coordinates(shapely.point_on_surface(parts))
    degree = metres_per_degree(inside[:, 1])
    scale = np.repeat(np.column_stack([degree.lon, degree.lat]), _RAYS, axis=0)
    angle = np.tile(np.arange(_RAYS) * (2.0 * np.pi / _RAYS), len(parts))
    way = np.column_stack([np.cos(angle), np.sin(angle)]) / scale  # degrees for each metre
    start = np.repeat(inside, _RAYS, axis=0)
    leaves = start + way * _leaving_m(np.repeat(parts, _RAYS), start, way, scale)[:, np.newaxis]
    rays = np.asarray(shapely.linestrings(np.stack([leaves, leaves + way * reach_m], axis=1)))
    ray, other = shapely.STRtree(mainland).query(rays)
    shapely.prepare(mainland)
    met = np.zeros(len(rays), dtype=np.bool_)
    met[ray[shapely.intersects(mainland[other], rays[ray])]] = True
    return np.asarray(met.reshape(-1, _RAYS).sum(axis=1) >= _SURROUNDED * _RAYS)


def _leaving_m(
    parts: NDArray[np.object_],
    start: NDArray[np.float64],
    way: NDArray[np.float64],
    scale: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Say after how many metres rays have left the parts they start in for good."""
    west, south, east, north = shapely.bounds(parts).T
    across_m = np.hypot((east - west) * scale[:, 0], (north - south) * scale[:, 1])
    whole = shapely.linestrings(np.stack([start, start + way * across_m[:, np.newaxis]], axis=1))
    within, ray = shapely.get_coordinates(shapely.intersection(whole, parts), return_index=True)
    away_m = np.hypot(*((within - start[ray]) * scale[ray]).T)
    leaving = np.zeros(len(parts))
    np.maximum.at(leaving, ray, away_m)
    return leaving


def _linked(
    parts: NDArray[np.object_], links: NDArray[np.object_] | None, gap_m: float
) -> tuple[Indices, Indices]:
    """Pair the parts that a fixed link joins: the first one it reaches with each other one."""
    none = np.zeros(0, dtype=np.int64)
    if links is None or not len(links):
        return none, none
    boxes = shapely.bounds(links)
    degree = metres_per_degree(np.maximum(np.abs(boxes[:, 1]), np.abs(boxes[:, 3])))
    lon, lat = gap_m / degree.lon, gap_m / degree.lat
    around = shapely.box(boxes[:, 0] - lon, boxes[:, 1] - lat, boxes[:, 2] + lon, boxes[:, 3] + lat)
    link, part = shapely.STRtree(parts).query(around)
    near = np.zeros(len(link), dtype=np.bool_)
    for pairs in _chunks(len(link)):
        scale = np.column_stack([degree.lon, degree.lat])[link[pairs]]
        near[pairs] = shapely.dwithin(
            _scaled(links[link[pairs]], scale), _scaled(parts[part[pairs]], scale), gap_m
        )
    link, part = link[near], part[near]
    order = np.lexsort((part, link))
    link, part = link[order], part[order]
    first = np.searchsorted(link, link)
    return part[first], part


def _components(first: Indices, second: Indices, count: int) -> Indices:
    """Give one number to all that are linked, directly or through others."""
    links = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(count, count))
    _, labels = connected_components(links, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _close_boxes(parts: NDArray[np.object_], gap_m: float) -> tuple[Indices, Indices]:
    """Pair the parts whose bounding boxes are at most the gap apart, each pair once."""
    west, south, east, north = shapely.bounds(parts).T
    degree = metres_per_degree(np.maximum(np.abs(south), np.abs(north)))
    lon, lat = gap_m / degree.lon, gap_m / degree.lat
    boxes = shapely.box(west - lon, south - lat, east + lon, north + lat)
    first, second = shapely.STRtree(parts).query(boxes)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    return first[first < second], second[first < second]


def _touching(parts: NDArray[np.object_], first: Indices, second: Indices) -> Indices:
    """Find pairs that touch: not all of them, but whatever is connected by such pairs is so by these.

    Neighbours of neighbours need no looking at, so one pair of each part is looked at before the others.
    """
    found = np.zeros(0, dtype=np.int64)
    left = np.arange(len(first))
    shapely.prepare(parts)
    for key in (first, second, np.arange(len(first))):
        looked_at = left[np.unique(key[left], return_index=True)[1]]
        touches = shapely.intersects(parts[first[looked_at]], parts[second[looked_at]])
        found = np.concatenate([found, looked_at[touches]])
        whole = _components(first[found], second[found], len(parts))
        left = np.setdiff1d(left, looked_at)
        left = left[whole[first[left]] != whole[second[left]]]
    shapely.destroy_prepared(parts)  # their search trees are several times as large as they are
    return found


def _within(parts: NDArray[np.object_], first: Indices, second: Indices, gap_m: float) -> NDArray[np.bool_]:
    """Say which pairs of parts that do not touch lie at most the gap apart, measured in metres where their boxes meet."""
    near = np.zeros(len(first), dtype=np.bool_)
    west, south, east, north = shapely.bounds(parts).T
    degree = metres_per_degree(np.maximum(np.abs(south), np.abs(north)))
    lon, lat = (_CLIP_GAPS * gap_m + _CLIP_M) / np.stack(degree)
    around = np.column_stack([west - lon, south - lat, east + lon, north + lat])
    for pairs in _chunks(len(first)):
        a, b = first[pairs], second[pairs]
        mid_latitude = (np.maximum(south[a], south[b]) + np.minimum(north[a], north[b])) / 2
        degree = metres_per_degree(mid_latitude)
        scale = np.column_stack([degree.lon, degree.lat])
        one, other = _stretches_in(parts[a], around[b]), _stretches_in(parts[b], around[a])
        near[pairs] = shapely.dwithin(_scaled(one, scale), _scaled(other, scale), gap_m)
    return near


def _stretches_in(parts: NDArray[np.object_], boxes: NDArray[np.float64]) -> NDArray[np.object_]:
    """Take the stretches of the outline of each part that lie in a box of its own: all that can be near what it is around."""
    return np.array(
        [
            shapely.clip_by_rect(outline, *box)
            for outline, box in zip(shapely.boundary(parts), boxes.tolist(), strict=True)
        ],
        dtype=object,
    )


def _scaled(parts: NDArray[np.object_], scale: NDArray[np.float64]) -> NDArray[np.object_]:
    """Multiply the coordinates of each part by its own scale; the array is overwritten."""
    xy, index = shapely.get_coordinates(parts, return_index=True)
    return np.asarray(shapely.set_coordinates(parts, xy * scale[index]))


def _chunks(count: int) -> Iterator[slice]:
    """Cut a range into chunks."""
    return (slice(start, start + _CHUNK_PAIRS) for start in range(0, count, _CHUNK_PAIRS))
