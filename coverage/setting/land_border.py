"""How far communes lie from the land border."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from ...data.geodesy.places import LonLat, earth_centred, geodesic_km

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_LINE_STEP = 0.0009  # degrees, about 100 m, between the points that stand for the land border
_COARSE_LINE_STEP = 0.009  # degrees, about 1 km, between the points of a first, quick search
_LEAF = 64  # points of a search tree measured together: faster than scipy's default for far places
_EDGE_STEP = 0.00225  # degrees, about 250 m, between the points that stand for a commune's edge
_MOST_METRES_PER_DEGREE = 111_700.0  # nowhere on the ellipsoid is a degree longer
_COARSE_ERROR_M = (
    _COARSE_LINE_STEP / 2 * _MOST_METRES_PER_DEGREE
)  # by which the quick search answers too much
_FAR_ERROR = 0.005  # share of the distance by which the answer may be too long
_COARSE = 16  # every 16th point of an edge is measured first
_NEAR_M = 20_000.0  # farther away the coarse points will do
_MANY_POINTS = 2000  # near a neighbourhood; then searching is faster than measuring all
_ROUNDED_UP = 1.000001
_CHUNK_POINTS = 500_000  # points of commune edges measured at a time, to bound the memory


def border_distance_km(
    communes: gpd.GeoDataFrame, border_lines: NDArray[np.object_] | None
) -> NDArray[np.float64]:
    """Measure the geodesic distance from each commune to the land border.

    Parameters
    ----------
    communes
        Polygons in EPSG:4326.
    border_lines
        Lines in EPSG:4326; None or empty gives NaN everywhere.
    """
    distance = np.full(len(communes), np.nan)
    if border_lines is None or not len(border_lines):
        return distance
    border = Border.of(border_lines)
    shapes = communes.geometry.to_numpy()
    ends = np.cumsum(shapely.get_num_coordinates(shapes), dtype=np.int64)
    for start, stop in _runs(ends):
        distance[start:stop] = _nearest_km(_edge(shapes[start:stop]), border)
    points = np.asarray(shapely.points(border.line.lon, border.line.lat))
    entered, _ = shapely.STRtree(points).query(shapes, predicate="intersects")
    distance[np.unique(entered)] = 0.0
    return distance


def edge_points(shapes: NDArray[np.object_]) -> LonLat:
    """Give points of the edges of polygons in EPSG:4326, about 250 m apart or closer."""
    edge = _edge(shapes)
    return LonLat(edge.lonlat[:, 0], edge.lonlat[:, 1])


def places_to_border_km(
    places: LonLat, border: Border, neighbourhood: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Measure from places to the land border, right within 100 m: beyond 20 km within 0.2 %.

    Parameters
    ----------
    places
        Longitudes and latitudes, EPSG:4326.
    border
        The border, see :meth:`Border.of`.
    neighbourhood
        int64, one per place: the same for places beside each other in the arrays and on the ground, such as those of a
        commune. It decides how fast the far ones are measured, and nothing else.
    """
    at = earth_centred(places)
    metres = _nearest_m(at, neighbourhood, border.coarse_tree)
    near = np.flatnonzero(metres < (_NEAR_M + _COARSE_ERROR_M) * _ROUNDED_UP)
    exact, _ = border.tree.query(at[near], distance_upper_bound=_NEAR_M)
    metres[near] = np.where(np.isfinite(exact), exact, metres[near])
    return np.asarray(metres / 1000.0)


class Border(NamedTuple):
    """Points of the land border about 100 m apart, and search trees of these and of far fewer points."""

    line: LonLat
    tree: cKDTree
    coarse_tree: cKDTree

    @classmethod
    def of(cls, lines: NDArray[np.object_]) -> Border:
        """Walk along the lines."""
        line, coarse = (
            _vertices(shapely.segmentize(lines, step)) for step in (_LINE_STEP, _COARSE_LINE_STEP)
        )
        tree = cKDTree(earth_centred(line), leafsize=_LEAF)
        return cls(line, tree, cKDTree(earth_centred(coarse), leafsize=_LEAF))


def _vertices(lines: NDArray[np.object_]) -> LonLat:
    corners = shapely.get_coordinates(lines)
    return LonLat(corners[:, 0], corners[:, 1])


class _Edge(NamedTuple):
    """Points of the edges of communes, one after the other, and how far each is from the next at most."""

    lonlat: NDArray[np.float64]
    owner: NDArray[np.int64]
    next_m: NDArray[np.float64]

    def at(self, index: NDArray[np.int64]) -> LonLat:
        """Give the coordinates of some of the points."""
        return LonLat(self.lonlat[index, 0], self.lonlat[index, 1])


def _edge(shapes: NDArray[np.object_]) -> _Edge:
    """Take the corners of the communes; edges longer than the step get points in between."""
    edge = _corners(shapes)
    long = np.unique(edge.owner[edge.next_m > _EDGE_STEP * _MOST_METRES_PER_DEGREE])
    if not len(long):
        return edge
    shapes = shapes.copy()
    shapes[long] = shapely.segmentize(shapes[long], _EDGE_STEP)
    return _corners(shapes)


def _corners(shapes: NDArray[np.object_]) -> _Edge:
    lonlat, owner = shapely.get_coordinates(shapes, return_index=True)
    step = np.diff(lonlat, axis=0, append=lonlat[-1:])
    next_m = np.hypot(step[:, 0], step[:, 1]) * _MOST_METRES_PER_DEGREE
    next_m[np.flatnonzero(np.diff(owner))] = 0.0
    return _Edge(lonlat, owner, next_m)


def _nearest_km(edge: _Edge, border: Border) -> NDArray[np.float64]:
    """Measure from the nearest edge point of each owner to the nearest point of the border.

    One point of every 16 is measured first, to a coarse line. The truth can be less than that by at most
    half a step of the coarse line and the distance to the following points; all of these are measured where
    that could win.
    """
    first = np.flatnonzero(np.diff(edge.owner, prepend=-1))
    position = np.arange(len(edge.owner)) - first[edge.owner]
    coarse = np.flatnonzero(position % _COARSE == 0)
    reached = _nearest_m(earth_centred(edge.at(coarse)), edge.owner[coarse], border.coarse_tree)
    most = np.minimum.reduceat(reached, np.searchsorted(coarse, first))[edge.owner[coarse]]
    least = reached - _COARSE_ERROR_M - np.add.reduceat(edge.next_m, coarse)
    could_win = (least < most * (1.0 - _FAR_ERROR)) | (reached == most)
    measured = np.flatnonzero(np.repeat(could_win, np.diff(coarse, append=len(edge.owner))))
    reached, index = border.tree.query(earth_centred(edge.at(measured)))
    owner = edge.owner[measured]
    best = np.minimum.reduceat(reached, np.flatnonzero(np.diff(owner, prepend=-1)))
    winners = np.flatnonzero(reached == best[owner])
    winners = winners[np.flatnonzero(np.diff(owner[winners], prepend=-1))]
    nearest = index[winners]
    end = LonLat(border.line.lon[nearest], border.line.lat[nearest])
    return geodesic_km(edge.at(measured[winners]), end)


def _nearest_m(
    at: NDArray[np.float64], neighbourhood: NDArray[np.int64], tree: cKDTree
) -> NDArray[np.float64]:
    """Measure from each place to the nearest point of a tree, as a query of the tree would.

    Places of a neighbourhood, far from all points, have nearly the same ones nearest to them: these are found once, by
    the sphere around the places, and measured one by one. A point nearest to a place is at most the sphere's diameter
    farther from its centre than the point nearest to that.
    """
    first = np.flatnonzero(np.diff(neighbourhood, prepend=neighbourhood[:1] - 1))
    if not len(first):
        return np.zeros(0)
    low, high = np.minimum.reduceat(at, first), np.maximum.reduceat(at, first)
    centre, across = (low + high) / 2, np.sqrt(((high - low) ** 2).sum(axis=1))
    reached, _ = tree.query(centre)
    around = tree.query_ball_point(centre, (reached + across) * _ROUNDED_UP)
    points, metres = np.asarray(tree.data), np.empty(len(at))
    for start, stop, near in zip(first, [*first[1:], len(at)], around, strict=True):
        if len(near) > _MANY_POINTS:
            metres[start:stop], _ = tree.query(at[start:stop])
        else:
            metres[start:stop] = np.sqrt(cdist(at[start:stop], points[near], "sqeuclidean").min(axis=1))
    return metres


def _runs(ends: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Cut the communes into runs of bounded numbers of points, given where each one's points end."""
    runs: list[tuple[int, int]] = []
    start = 0
    while start < len(ends):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _CHUNK_POINTS, side="right")))
        runs.append((start, stop))
        start = stop
    return runs
