"""True metres around lines and points, wherever they lie.

Every piece is buffered in an azimuthal equidistant projection centred within 80 km of it. Errors add up to
less than 0.15 % of the distance: arcs are drawn with 24 edges a quarter (0.06 %; one edge alone around a
slight bend of the line spans up to half as much again, 0.12 %), the projection stretches distances across its
rays by at most 0.02 % so near its centre, and edges that are straight in one system and bent in another are
cut so short that they stray by 0.01 %.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyproj
import shapely

from .crs import to_lonlat

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EARTH_RADIUS_M = 6_371_000.0
_EDGES_PER_QUARTER = 24
_STRAY_SHARE = 1e-4  # of the distance
_FARTHEST_M = 8e7  # twice around the earth: no coordinate is larger
_SHORTEST_EDGE_M = 100.0  # keeps buffers of a few metres from being cut into dust
_INSIDE_SHARE = 0.99  # an outline lies at the distance but for its chords; a nearer one is wrong


class _Pieces(NamedTuple):
    """Points, and lines that stay within one tile of a degree."""

    geometry: NDArray[np.object_]
    owner: NDArray[np.int64]
    tile: NDArray[np.int64]  # (n, 2): whole degrees east and north


def buffer_m(geometries: NDArray[np.object_], crs: pyproj.CRS, distance_m: float) -> NDArray[np.object_]:
    """Draw the area within a distance of lines and points.

    Parameters
    ----------
    geometries
        Points and lines, single or multiple, in ``crs``; shape (n,).
    crs
        Their coordinate reference system.
    distance_m
        Metres on the ellipsoid WGS 84.

    Returns
    -------
    ndarray of polygons and multipolygons, shape (n,)
        In EPSG:4326, each valid, one for each input; empty where the input is empty or has no place on the
        earth. An area across the date line or a pole is not cut there.

    Raises
    ------
    ValueError
        A polygon, or a distance that is not positive and finite.
    """
    if not (math.isfinite(distance_m) and distance_m > 0):
        raise ValueError(f"a distance of {distance_m} m is no distance")
    geometries = np.asarray(geometries, dtype=object)
    result = np.full(len(geometries), shapely.Polygon(), dtype=object)
    edge_m = max(_SHORTEST_EDGE_M, math.sqrt(8.0 * _EARTH_RADIUS_M * _STRAY_SHARE * distance_m))
    unit = crs.axis_info[0].unit_conversion_factor  # radians or metres
    metre = 1.0 / (unit * (_EARTH_RADIUS_M if crs.is_geographic else 1.0))  # in units of the CRS, roughly
    parts, owner = _parts(geometries, farthest=_FARTHEST_M * metre)
    pieces = _in_tiles(to_lonlat(shapely.segmentize(parts, edge_m * metre), crs), owner)
    areas = np.empty(len(pieces.owner), dtype=object)
    tiles, tile_of = np.unique(pieces.tile, axis=0, return_inverse=True)
    for number, (east, north) in enumerate(tiles):
        here = tile_of == number
        plane = pyproj.Proj(proj="aeqd", lon_0=east + 0.5, lat_0=north + 0.5, ellps="WGS84")
        areas[here] = _around(pieces.geometry[here], plane, distance_m, edge_m)
    order = np.argsort(pieces.owner, kind="stable")
    owners, first, count = np.unique(pieces.owner[order], return_index=True, return_counts=True)
    for owner, start, size in zip(owners, first, count, strict=True):
        own = areas[order[start : start + size]]
        result[owner] = own[0] if size == 1 else shapely.union_all(own)
    return result


def _around(
    lonlat: NDArray[np.object_], plane: pyproj.Proj, distance_m: float, edge_m: float
) -> NDArray[np.object_]:
    """Buffer the pieces of one tile in its plane, and bring the areas back to degrees."""

    def forward(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane(points[:, 0], points[:, 1]))

    def back(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(plane(points[:, 0], points[:, 1], inverse=True))

    areas = _flat_buffer(shapely.transform(lonlat, forward), distance_m)
    result: NDArray[np.object_] = shapely.transform(shapely.segmentize(areas, edge_m), back)
    return result


def _flat_buffer(flat: NDArray[np.object_], distance_m: float) -> NDArray[np.object_]:
    """Buffer in the plane, edge by edge where GEOS fails.

    GEOS's buffer of a detailed line can have small false holes, and can lack much of its area where a line
    runs back along itself. Either shows as an outline that comes nearer to the line than the distance.
    """
    areas = np.asarray(shapely.buffer(flat, distance_m, quad_segs=_EDGES_PER_QUARTER), dtype=object)
    shapely.prepare(flat)
    corner, owner = shapely.get_coordinates(areas, return_index=True)
    together = owner[1:] == owner[:-1]
    outline = np.concatenate([corner, ((corner[1:] + corner[:-1]) / 2)[together]])
    owner = np.concatenate([owner, owner[1:][together]])
    wrong = shapely.dwithin(flat[owner], shapely.points(outline), _INSIDE_SHARE * distance_m)
    for index in np.unique(owner[wrong]):
        vertex = shapely.get_coordinates(flat[index])
        edges = shapely.linestrings(np.stack([vertex[:-1], vertex[1:]], axis=1))
        areas[index] = shapely.union_all(shapely.buffer(edges, distance_m, quad_segs=_EDGES_PER_QUARTER))
    return areas


def _parts(
    geometries: NDArray[np.object_], *, farthest: float
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Take geometries apart into points and lines near enough to be on the earth, with their indices."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():  # collections hold multiples
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    if (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON).any():
        raise ValueError("a polygon is an area already")
    placed = np.abs(shapely.bounds(parts)).max(axis=1, initial=0.0) <= farthest  # NaN, of empty ones, is not
    parts, owner = parts[placed], owner[placed]
    is_spot = (shapely.get_type_id(parts) != shapely.GeometryType.POINT) & (shapely.length(parts) == 0)
    parts[is_spot] = shapely.points(shapely.bounds(parts[is_spot])[:, :2])
    return parts, owner


def _in_tiles(parts: NDArray[np.object_], owner: NDArray[np.int64]) -> _Pieces:
    """Cut lines in degrees where they enter another tile; what has no place on the earth is left out."""
    is_point = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    is_line = ~is_point
    points = shapely.get_coordinates(parts[is_point])
    xy, line = shapely.get_coordinates(parts[is_line], return_index=True)
    runs = _runs(xy, line)
    placed = np.isfinite(points).all(axis=1)
    return _Pieces(
        np.concatenate([parts[is_point][placed], runs.geometry]),
        np.concatenate([owner[is_point][placed], owner[is_line][runs.owner]]),
        np.concatenate([_tile(points[placed]), runs.tile]),
    )


def _runs(xy: NDArray[np.float64], line: NDArray[np.int64]) -> _Pieces:
    """Cut lines into runs of edges whose centres lie in one tile; edges without a place are left out."""
    known = np.asarray(np.isfinite(xy).all(axis=1), dtype=bool)
    edge = np.flatnonzero((line[:-1] == line[1:]) & known[:-1] & known[1:])
    tile = _tile((xy[edge] + xy[edge + 1]) / 2)
    new = np.ones(len(edge), dtype=bool)
    new[1:] = (np.diff(edge) != 1) | (np.diff(tile, axis=0) != 0).any(axis=1) | (np.diff(line[edge]) != 0)
    run = np.cumsum(new) - 1
    last = np.flatnonzero(np.append(new[1:], np.ones(min(1, len(new)), dtype=bool)))
    vertex = np.concatenate([edge, edge[last] + 1])  # every edge's start, and the end of a run's last edge
    of_run = np.concatenate([run, run[last]])
    order = np.lexsort([vertex, of_run])
    geometry = (
        shapely.linestrings(xy[vertex[order]], indices=of_run[order])
        if len(edge)
        else np.empty(0, dtype=object)
    )
    return _Pieces(np.asarray(geometry, dtype=object), line[edge][new], tile[new])


def _tile(lonlat: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(lonlat).astype(np.int64)
