"""Polygons as flat arrays of coordinates, brought into the grid's CRS."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.edges import Chains, carried, metre_in, ordered_ends
from ...data.geodesy.transformers import transformer_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyproj
    from numpy.typing import NDArray

    from .grid import Grid

CHUNK_VERTICES = 60_000  # bounds the memory of everything that follows
_MARGIN_CELLS = 8.0  # rings are kept exactly up to this far outside the grid
_ALONG = (0.0, 0.5, 1.0)  # of the sides of a box
_CORNERS = (0, 2, 6, 8)  # of the nine points of a box
_BENDS = 4.0
_WIDER = 0.05  # of its size, a box to each side
_MOST_TILES = 1 << 30  # to the east and to the west; further away all is one tile


@dataclass(frozen=True, slots=True)
class Rings:
    """Closed rings of polygon parts.

    Attributes
    ----------
    xy
        float64 (n, 2) vertices; every ring repeats its first vertex at its end.
    ring_start
        int64 (rings + 1,) offsets into ``xy``.
    part_start
        int64 (parts + 1,) offsets into the rings.
    feature
        int32 (parts,): which geometry a part came from.
    tile
        int64 (parts,), ascending: where the tile of a part lies; parts of two tiles are never in one chunk.
    """

    xy: NDArray[np.float64]
    ring_start: NDArray[np.int64]
    part_start: NDArray[np.int64]
    feature: NDArray[np.int32]
    tile: NDArray[np.int64]

    def joints(self) -> NDArray[np.int64]:
        """Pairs of neighbouring vertices (index of the first) that belong to two rings: no edges."""
        return Chains(self.xy, self.ring_start).joints()

    def chunks(self, vertices: int = CHUNK_VERTICES) -> Iterator[Rings]:
        """Cut into pieces of about so many vertices; a part is never cut."""
        first_vertex = self.ring_start[self.part_start]
        part = 0
        while part < len(self.feature):
            stop = int(np.searchsorted(first_vertex, first_vertex[part] + vertices, side="right")) - 1
            stop = min(stop, int(np.searchsorted(self.tile, self.tile[part], side="right")))
            stop = max(part + 1, stop)
            yield self._between(part, stop)
            part = stop

    def by_tile(self) -> Iterator[Rings]:
        """Take the parts of one tile after the other."""
        border = np.flatnonzero(np.diff(self.tile)) + 1
        for first, stop in pairwise([0, *border.tolist(), len(self.tile)]):
            if stop > first:
                yield self._between(first, stop)

    def _between(self, part: int, stop: int) -> Rings:
        ring0, ring1 = self.part_start[part], self.part_start[stop]
        xy0, xy1 = self.ring_start[ring0], self.ring_start[ring1]
        return Rings(
            self.xy[xy0:xy1],
            self.ring_start[ring0 : ring1 + 1] - xy0,
            self.part_start[part : stop + 1] - ring0,
            self.feature[part:stop],
            self.tile[part:stop],
        )

    def chosen(self, parts: NDArray[np.int64]) -> Rings:
        """Take some parts, by number."""
        rings = _ranges(self.part_start[parts], self.part_start[parts + 1])
        first, stop = self.ring_start[rings], self.ring_start[rings + 1]
        return Rings(
            self.xy[_ranges(first, stop)],
            np.concatenate([[0], np.cumsum(stop - first)]),
            np.concatenate([[0], np.cumsum(self.part_start[parts + 1] - self.part_start[parts])]),
            self.feature[parts],
            self.tile[parts],
        )

    def digests(self) -> list[bytes]:
        """Hash every part by itself (SHA-256): its vertices, and where rings end if there are several."""
        vertices = np.ascontiguousarray(self.xy).view(np.uint8).reshape(-1).data
        vertex_at = (self.ring_start[self.part_start] * 2 * self.xy.itemsize).tolist()
        found = [hashlib.sha256(vertices[start:end]).digest() for start, end in pairwise(vertex_at)]
        for part in np.flatnonzero(np.diff(self.part_start) > 1).tolist():
            rings = slice(self.part_start[part], self.part_start[part + 1] + 1)
            sizes = np.diff(self.ring_start[rings]).astype("<i8").tobytes()
            # one byte more than whole numbers have: never what another part's vertices are in bytes
            found[part] = hashlib.sha256(b"r" + found[part] + sizes).digest()
        return found

    def moved(self, xy: NDArray[np.float64], ring_start: NDArray[np.int64]) -> Rings:
        """Give the same parts other vertices."""
        return Rings(xy, ring_start, self.part_start, self.feature, self.tile)


def rings_of(geometries: NDArray[np.object_], tile: float | None = None) -> Rings:
    """Take polygons apart into rings, parts that are near each other together.

    Parameters
    ----------
    geometries
        Shapely geometries; whatever is not a polygon (or inside a collection) is passed over.
    tile
        Size of tiles in the geometries' own units: a part belongs to the tile of its upper left corner,
        whatever lies elsewhere; the parts of a tile are sorted from north to south. None makes no tiles.
    """
    parts = np.asarray(geometries, dtype=object)
    feature = np.arange(len(parts), dtype=np.int32)
    for _ in range(2):  # a collection may hold multipolygons
        if (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
            parts, inner = shapely.get_parts(parts, return_index=True)
            feature = feature[inner]
    solid = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    parts, feature = parts[solid], feature[solid]
    if not len(parts):
        offset = np.zeros(1, np.int64)
        return Rings(np.zeros((0, 2)), offset, offset, np.zeros(0, np.int32), np.zeros(0, np.int64))
    order, tiles = _neighbours_together(parts, tile)
    parts, feature = parts[order], feature[order]
    rings, ring_vertices = _counts(parts)
    ring_start = np.concatenate([[0], np.cumsum(ring_vertices)])
    part_start = np.concatenate([[0], np.cumsum(rings)])
    return Rings(shapely.get_coordinates(parts), ring_start, part_start, feature, tiles)


def _neighbours_together(
    parts: NDArray[np.object_], tile: float | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Order polygons by tiles, from north to south in each; without tiles in strips, from west to east in each.

    Polygons of a chunk then share ground and sub-lines, so that merging leaves little of them. Also tells
    the tile of each part in the new order.
    """
    box = shapely.bounds(parts)
    box = np.where(np.isfinite(box), box, 0.0)
    west, south = box[:, 0] - box[:, 0].min(), box[:, 3].max() - box[:, 3]
    if tile is not None:
        across, down = (
            np.clip(np.floor(side / tile), -_MOST_TILES, _MOST_TILES - 1).astype(np.int64)
            for side in (box[:, 0], -box[:, 3])
        )
        place = down * (2 * _MOST_TILES) + across
        order = np.lexsort((-box[:, 3], place))  # those burned together then lie on the same lines
        return order, place[order]
    width, height = west.max(), south.max()
    chunks = shapely.get_num_coordinates(parts).sum() / CHUNK_VERTICES
    strips = int(np.ceil(np.sqrt(chunks * height / width))) if width > 0 < height else 1
    order = np.lexsort((west, south // (height / strips) if strips > 1 else np.zeros(len(parts))))
    return order, np.zeros(len(parts), np.int64)


def _ranges(first: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put the numbers from each first to before each stop into one row."""
    count = stop - first
    numbers: NDArray[np.int64] = np.repeat(first - (np.cumsum(count) - count), count)
    numbers += np.arange(len(numbers))
    return numbers


def _counts(parts: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the rings of polygons, and the vertices of each of these rings."""
    vertices = shapely.get_num_coordinates(parts).astype(np.int64)
    holes = shapely.get_num_interior_rings(parts)
    rings = holes.astype(np.int64) + 1
    holed = np.flatnonzero(holes)
    if not len(holed):
        return rings, vertices
    first = np.cumsum(rings) - rings
    counts = np.empty(rings.sum(), np.int64)
    counts[first] = vertices
    inside = shapely.get_rings(parts[holed])  # takes time: only where there are several
    each = rings[holed]
    place = np.repeat(first[holed] - (np.cumsum(each) - each), each) + np.arange(len(inside))
    counts[place] = shapely.get_num_coordinates(inside)
    return rings, counts


def boxes_on(geometries: NDArray[np.object_], crs: pyproj.CRS, grid: Grid) -> NDArray[np.float64]:
    """Give boxes in a grid's CRS that hold geometries of another.

    Nine points of its own box are carried over for each geometry. How far those between the corners lie off the places
    that the corners would give them says how much a box is bent; it is widened by several times as much.

    Parameters
    ----------
    geometries
        Geometries in ``crs``.
    crs
        Their CRS.
    grid
        The grid.

    Returns
    -------
    ndarray of float64
        (n, 4): west, south, east, north; infinite for what has no place there, NaN for empty geometries in the same CRS.
    """
    box = shapely.bounds(geometries)
    if crs.equals(grid.crs, ignore_axis_order=True) or not len(box):
        return box
    low, size = box[:, np.newaxis, :2], (box[:, 2:] - box[:, :2])[:, np.newaxis]
    east, north = (share.ravel() for share in np.meshgrid(_ALONG, _ALONG))
    at = low + size * np.stack([east, north], axis=1)
    x, y = transformer_between(crs, grid.crs).transform(at[..., 0].ravel(), at[..., 1].ravel())
    there = np.stack([x, y], axis=-1).reshape(-1, len(east), 2)
    corners = np.stack([(1 - east) * (1 - north), east * (1 - north), (1 - east) * north, east * north])
    with np.errstate(invalid="ignore"):  # what has no place is infinite
        bent = np.abs(there - np.einsum("ck,nkd->ncd", corners.T, there[:, _CORNERS])).max(axis=1)
        first, last = there.min(axis=1), there.max(axis=1)
        margin = _BENDS * bent + _WIDER * (last - first)
        found = np.concatenate([first - margin, last + margin], axis=1)
    found[~np.isfinite(found).all(axis=1)] = -np.inf, -np.inf, np.inf, np.inf
    return found


class Carrier:
    """Carries rings into a grid's CRS, bending long edges as the CRS does.

    Neighbours that share an edge get the same new vertices on it, whichever way their rings run.
    """

    def __init__(self, crs: pyproj.CRS, grid: Grid) -> None:
        self._same = bool(crs.equals(grid.crs, ignore_axis_order=True))
        self._transformer = transformer_between(crs, grid.crs)
        self._metre = metre_in(grid.crs)
        right = grid.transform.c + grid.width * grid.transform.a
        bottom = grid.transform.f + grid.height * grid.transform.e
        self._grid_box = (
            np.array([grid.transform.c, bottom]),
            np.array([right, grid.transform.f]),
        )
        self._box = None if self._same else _source_box(crs, grid)

    def __call__(self, rings: Rings) -> Rings:
        """Bring rings into the grid's CRS; what lies outside the grid is pushed onto its edge."""
        if self._same:
            return _clamp(_only_finite(rings), self._grid_box)
        if self._box is not None:
            rings = _clamp(_only_finite(rings), self._box)
        moved = carried(Chains(rings.xy, rings.ring_start), self._forward, self._metre)
        return _clamp(_only_finite(rings.moved(*moved)), self._grid_box)

    def _forward(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self._transformer.transform(xy[:, 0], xy[:, 1]))


def _only_finite(rings: Rings) -> Rings:
    """Drop vertices that are not numbers and close the rings again."""
    good = np.isfinite(rings.xy).all(axis=1)
    if good.all():
        return rings
    kept = np.concatenate([[0], np.cumsum(good)])[rings.ring_start]
    xy = rings.xy[good]
    full = np.diff(kept) > 0
    # one more vertex per ring that has any: its first, to close it
    xy = np.insert(xy, kept[1:][full], xy[kept[:-1][full]], axis=0)
    start = np.concatenate([[0], np.cumsum(np.diff(kept) + full)])
    return rings.moved(xy, start)


def _source_box(crs: pyproj.CRS, grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Find lowest and highest source coordinates that matter to the grid; None where CRSs do not allow it."""
    back = transformer_between(grid.crs, crs)
    cols = np.linspace(-_MARGIN_CELLS, grid.width + _MARGIN_CELLS, 65)
    rows = np.linspace(-_MARGIN_CELLS, grid.height + _MARGIN_CELLS, 65)
    x, y = np.meshgrid(grid.transform.c + cols * grid.transform.a, grid.transform.f + rows * grid.transform.e)
    corners = np.stack(back.transform(x, y), axis=-1)
    if not np.isfinite(corners).all():
        return None
    corners = corners.reshape(-1, 2)
    low, high = corners.min(axis=0), corners.max(axis=0)
    if (crs.is_geographic and high[0] - low[0] > 300.0) or (high <= low).any():  # across the date line
        return None
    margin = 0.02 * (high - low)  # the box was measured at 65 x 65 points only
    return low - margin, high + margin


def _clamp(rings: Rings, box: tuple[NDArray[np.float64], NDArray[np.float64]]) -> Rings:
    """Push what lies outside a box onto its sides; everything inside stays as it is.

    Edges are first cut at the lines of the sides, so pushing moves no ground across a side: the even-odd
    state of every point inside the box is unchanged.
    """
    low, high = box
    if not len(rings.xy) or ((rings.xy >= low).all() and (rings.xy <= high).all()):
        return rings
    for axis in (0, 1):
        for side in (low[axis], high[axis]):
            rings = _cut(rings, axis, float(side))
    return rings.moved(np.clip(rings.xy, low, high), rings.ring_start)


def _cut(rings: Rings, axis: int, side: float) -> Rings:
    """Insert a vertex wherever an edge crosses the line ``coordinate[axis] == side``."""
    value = rings.xy[:, axis]
    crosses = (value[:-1] < side) != (value[1:] < side)
    crosses[rings.joints()] = False
    edge = np.flatnonzero(crosses)
    if not len(edge):
        return rings
    first, last = ordered_ends(rings.xy, edge)
    share = (side - first[:, axis]) / (last[:, axis] - first[:, axis])
    point = first + (last - first) * share[:, None]
    point[:, axis] = side
    xy = np.insert(rings.xy, edge + 1, point, axis=0)
    start = rings.ring_start + np.searchsorted(edge + 1, rings.ring_start, side="left")
    return rings.moved(xy, start)
