"""Features whose outlines are not valid, and what they mean: parts of one feature are united."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from .overlaps import overlapping_boxes, side_by_side
from .ring_ground import Tangled, ground_of_rings

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_BOXES = 20_000_000  # pairs of parts whose boxes overlap: more than any map has


class CleanOutlines(NamedTuple):
    """Features that say what they mean.

    Attributes
    ----------
    geometries
        As they were handed in, but for those whose rings mean another ground than the even-odd rule finds in each
        of their parts; polygons and multipolygons, (n,).
    crossed
        Features with an outline that crosses or touches itself, bool (n,).
    empty
        Features that mean no ground at all, bool (n,); their geometries are of no use.
    doubtful
        Ground that depends on the rule by which crossing outlines are read; polygons and multipolygons, none empty.
    """

    geometries: NDArray[np.object_]
    crossed: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    doubtful: NDArray[np.object_]


def clean_outlines(geometries: NDArray[np.object_]) -> CleanOutlines | Tangled:
    """Replace the outlines that the even-odd rule would misunderstand by the ground they mean.

    What they mean is said in :mod:`.ring_ground`. Valid outlines, and those that the even-odd rule understands,
    such as a figure of eight, stay as they are.

    Parameters
    ----------
    geometries
        Polygons and multipolygons with finite coordinates in any system; missing and empty ones stay so.
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    broken = np.flatnonzero(~shapely.is_valid(parts))
    count = len(geometries)
    if not len(broken):
        none = np.zeros(count, bool)
        return CleanOutlines(geometries, none, none, parts[:0])
    ground = ground_of_rings(parts[broken])
    if isinstance(ground, Tangled):
        return Tangled(int(owner[broken[ground.number]]))
    crossed = np.bincount(owner[broken], minlength=count) > 0
    with_ground = np.ones(len(parts), bool)
    with_ground[broken] = shapely.area(ground.meant) > 0
    empty = np.bincount(owner[with_ground], minlength=count) == 0
    other = shapely.area(ground.doubtful) > 0
    parts[broken[other]] = ground.meant[other]
    anew = np.bincount(owner[broken[other]], minlength=count) > 0
    replaced = geometries.copy()
    replaced[anew] = shapely.MultiPolygon()
    pieces, piece_of = shapely.get_parts(parts[anew[owner]], return_index=True)
    solid = ~shapely.is_empty(pieces)
    if solid.any():
        shapely.multipolygons(pieces[solid], indices=owner[anew[owner]][piece_of[solid]], out=replaced)
    return CleanOutlines(replaced, crossed, empty, ground.doubtful[other])


def valid_outlines(geometries: NDArray[np.object_]) -> CleanOutlines | Tangled:
    """Replace all outlines that are not valid by the ground they mean, with their parts united.

    A part inside another one belongs to the ground, and to what is doubtful.

    Parameters
    ----------
    geometries
        As for :func:`clean_outlines`.

    Returns
    -------
    CleanOutlines or Tangled
        Its geometries are valid, or empty.
    """
    parts, owner = shapely.get_parts(geometries, return_index=True)
    crossed = ~shapely.is_valid(geometries)
    broken = np.flatnonzero(~shapely.is_valid(parts))
    ground = ground_of_rings(parts[broken])
    if isinstance(ground, Tangled):
        return Tangled(int(owner[broken[ground.number]]))
    parts[broken] = ground.meant
    valid = geometries.copy()
    for number in np.flatnonzero(crossed).tolist():
        valid[number] = shapely.union_all(parts[owner == number])
    inner = parts_in_parts(geometries[crossed])
    if isinstance(inner, Tangled):
        return Tangled(int(np.flatnonzero(crossed)[inner.number]))
    doubtful = np.concatenate([ground.doubtful[shapely.area(ground.doubtful) > 0], inner.part])
    return CleanOutlines(valid, crossed, shapely.is_empty(valid), doubtful)


class PartsInParts(NamedTuple):
    """Parts that lie wholly inside a larger part of the same feature: meant as ground, or as holes.

    ``feature`` (k,) says whose they are, ``part`` (k,) holds the polygons.
    """

    feature: NDArray[np.int64]
    part: NDArray[np.object_]


def parts_in_parts(geometries: NDArray[np.object_]) -> PartsInParts | Tangled:
    """Find the parts that lie wholly inside a larger part of the same feature.

    Parameters
    ----------
    geometries
        Polygons and multipolygons; parts that are not valid are passed over.

    Returns
    -------
    PartsInParts or Tangled
        Tangled where the parts of features overlap too often for this to be found out in time.
    """
    several = np.flatnonzero(shapely.get_num_geometries(geometries) > 1)
    parts, owner = shapely.get_parts(geometries[several], return_index=True)
    sound = shapely.is_valid(parts)
    parts, owner = parts[sound], several[owner[sound]]
    if not len(parts):
        return PartsInParts(owner, parts)
    boxes, area = shapely.bounds(parts), shapely.area(parts)
    inner = np.zeros(len(parts), bool)
    within = shapely.point_on_surface(parts)
    at = shapely.get_coordinates(within)
    shapely.prepare(parts)
    met = 0
    for one, other in overlapping_boxes(side_by_side(boxes, owner)):
        met += len(one)
        if met > _MOST_BOXES:
            return Tangled(int(owner[one[-1]]))
        larger = (area[one] > area[other]) & (owner[one] == owner[other]) & ~inner[other]
        larger &= (boxes[one, :2] <= boxes[other, :2]).all(axis=1)
        larger &= (boxes[one, 2:] >= boxes[other, 2:]).all(axis=1)
        outer, inside = one[larger], other[larger]
        hit = shapely.contains_xy(parts[outer], at[inside, 0], at[inside, 1])
        outer, inside = outer[hit], inside[hit]
        inner[inside[shapely.covers(parts[outer], parts[inside])]] = True
    return PartsInParts(owner[inner], parts[inner])
