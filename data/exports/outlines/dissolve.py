"""Neighbouring polygons become one: the outline of a province from its communes.

Borders that two polygons share, vertex for vertex, are left out before anything is intersected; they are nearly all
there is. What remains is noded, and of the faces it bounds those are kept on which a polygon lies. So overlaps and
gaps, which real boundaries have, come out as they do of an ordinary union, in a small part of its time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


def dissolve(polygons: NDArray[np.object_]) -> shapely.MultiPolygon:
    """Unite polygons.

    Parameters
    ----------
    polygons
        Valid Polygons and MultiPolygons of one coordinate system; None and empty ones are left out.

    Returns
    -------
    MultiPolygon
        The ground on which any of them lies; empty where there is none. The same polygons give the same bytes.
    """
    shapes = polygons[~(shapely.is_missing(polygons) | shapely.is_empty(polygons))]
    lines = _edges_of_one(shapes)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    inside = np.unique(
        shapely.STRtree(shapes).query(shapely.point_on_surface(faces), predicate="intersects")[0]
    )
    united = shapely.normalize(shapely.coverage_union_all(faces[inside]))
    return cast("shapely.MultiPolygon", shapely.multipolygons(shapely.get_parts(united)))


def _edges_of_one(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give the stretches of all rings that do not run against a stretch of another ring, as lines."""
    rings = shapely.get_rings(shapely.orient_polygons(shapely.get_parts(polygons)))
    places, ring = shapely.get_coordinates(rings, return_index=True)
    point, _ = pd.factorize(places.view(np.complex128).ravel())
    edge = np.flatnonzero(ring[1:] == ring[:-1])  # from a place to the next one
    start, end = point[edge], point[edge + 1]
    pair, _ = pd.factorize(np.minimum(start, end) * (point.max(initial=0) + 1) + np.maximum(start, end))
    turns = np.bincount(pair, weights=np.sign(end - start))
    kept = edge[turns[pair] != 0]
    if not len(kept):
        return np.zeros(0, dtype=object)
    breaks = np.concatenate([[True], np.diff(kept) != 1])  # another stretch, or another ring
    line = np.cumsum(breaks) - 1
    first = np.flatnonzero(breaks)
    last = np.concatenate([first[1:], [len(kept)]]) - 1
    at = np.concatenate([kept, kept[last] + 1])
    order = np.argsort(np.concatenate([line, np.arange(len(first))]), kind="stable")
    lines = np.concatenate([line, np.arange(len(first))])[order]
    return np.asarray(shapely.linestrings(places[at[order]], indices=lines), dtype=object)
