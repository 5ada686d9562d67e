"""Single features of a delivery that stood elsewhere in the one before: the same shape, another place.

The shift of a whole delivery is found by :mod:`.shift`; a few features among many do not show there.
"""

# ruff: noqa: PLC0415 - the library of search trees waits for two deliveries that are compared

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.area import WGS84
from ...data.text.sentences import phrase

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings
    from ...data.project.limits import CheckRules

_FEWEST_CORNERS = 12  # simpler shapes look alike by themselves ...
_FEWEST_EDGES = 12  # ... and so do those traced along cells, with few kinds of edges ...
_MANY_CORNERS = 60  # ... unless there are many of them
_SAME_PLACE_DEG = 1e-5  # a metre
_LIKE = 0.01  # relative difference of sizes, and of outlines to their size, up to which shapes are the same
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Move:
    """A feature that moved: its position in the delivery, kilometres, and degrees clockwise from north."""

    feature: int
    distance_km: float
    azimuth_deg: float


def report_moved(
    rules: CheckRules,
    about: FileFindings,
    now: NDArray[np.object_],
    ids: NDArray[np.int64],
    before: NDArray[np.object_],
) -> None:
    """Report features that moved since the delivery before.

    Parameters
    ----------
    rules
        The distance from which that is told.
    about
        Told what was found.
    now, before
        Features of both deliveries in EPSG:4326.
    ids
        What the features of ``now`` are called.
    """
    moves = [move for move in find_moves(now, before) if move.distance_km > rules.moved_km]
    if not moves:
        return
    names = [str(ids[move.feature]) for move in moves]
    shown = [
        phrase("move", id=name, distance_km=move.distance_km, azimuth_deg=move.azimuth_deg)
        for name, move in zip(names[:_SHOWN], moves[:_SHOWN], strict=True)
    ]
    about.add("plausibility.features-moved", count=len(moves), ids=names, moves=shown)


def find_moves(now: NDArray[np.object_], before: NDArray[np.object_]) -> list[Move]:
    """Find features that are no longer where they were, but have the same shape elsewhere.

    Parameters
    ----------
    now, before
        Features in EPSG:4326.

    Returns
    -------
    list of Move
        In the order of the features. Shapes that occur several times are left out: nobody can tell which of
        them moved.
    """
    boxes, old_boxes = _boxes(now), _boxes(before)
    new = np.flatnonzero(~_among(boxes, old_boxes) & _has_corners(now))
    gone = np.flatnonzero(~_among(old_boxes, boxes) & _has_corners(before))
    if not len(new) or not len(gone):
        return []
    sizes, old_sizes = _sizes(now[new]), _sizes(before[gone])
    new, sizes = new[alone := _alone(sizes)], sizes[alone]
    gone, old_sizes = gone[alone := _alone(old_sizes)], old_sizes[alone]
    if not len(new) or not len(gone):
        return []
    from scipy.spatial import cKDTree

    away, nearest = cKDTree(old_sizes).query(sizes, k=[1, 2], distance_upper_bound=_LIKE)
    sure = np.isfinite(away[:, 0]) & ~np.isfinite(away[:, 1])
    pairs = zip(new[sure].tolist(), gone[nearest[sure, 0]].tolist(), strict=True)
    return [_move(at, now[at], before[old]) for at, old in pairs if _is_alike(now[at], before[old])]


def _boxes(shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Give the bounding box of each feature, rounded, and the number of vertices of its outline."""
    boxes = np.round(shapely.bounds(shapes) / _SAME_PLACE_DEG).astype(np.int64)
    return np.column_stack([boxes, shapely.get_num_coordinates(shapes)])


def _among(rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    known = set(map(tuple, others.tolist()))
    return np.array([tuple(row) in known for row in rows.tolist()], dtype=np.bool_)


def _has_corners(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    return np.asarray(shapely.get_num_coordinates(shapes) > _FEWEST_CORNERS, dtype=np.bool_)


def _sizes(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Describe shapes by what no move changes, as logarithms: corners, width, height, area and length."""
    west, south, east, north = shapely.bounds(shapes).T
    stretch = np.asarray(np.cos(np.radians((south + north) / 2)), dtype=np.float64)
    sizes = np.column_stack(
        [
            shapely.get_num_coordinates(shapes),
            (east - west) * stretch,
            north - south,
            shapely.area(shapes) * stretch,
        ]
    )
    return np.asarray(np.log(np.maximum(sizes, 1e-15)), dtype=np.float64)


def _alone(sizes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which shapes have no other of about their sizes; equal ones are set aside first, which keeps trees quick."""
    from scipy.spatial import cKDTree

    _, first, count = np.unique(np.round(sizes / (_LIKE / 10)), axis=0, return_index=True, return_counts=True)
    alone = np.zeros(len(sizes), dtype=np.bool_)
    single = first[count == 1]
    away, _ = cKDTree(sizes[first]).query(sizes[single], k=[2], distance_upper_bound=_LIKE)
    alone[single[~np.isfinite(away[:, 0])]] = True
    return alone


def _is_alike(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Compare outlines vertex by vertex, each from its own corner and in its own size; chance must be ruled out."""
    outline, old_outline = _outline(one), _outline(other)
    if outline.shape != old_outline.shape or float(np.abs(outline - old_outline).max()) >= _LIKE:
        return False
    edges = np.unique(np.round(np.diff(outline, axis=0) / _LIKE), axis=0)
    return len(outline) > _MANY_CORNERS or len(edges) >= _FEWEST_EDGES


def _outline(shape: shapely.Geometry) -> NDArray[np.float64]:
    west, south, east, north = shapely.bounds(shape)
    at: NDArray[np.float64] = shapely.get_coordinates(shape)
    size = np.maximum(np.array([east - west, north - south]), 1e-12)
    return np.asarray((at - np.array([west, south])) / size, dtype=np.float64)


def _move(feature: int, now: shapely.Geometry, before: shapely.Geometry) -> Move:
    (west, south, east, north), (old_west, old_south, old_east, old_north) = (
        shapely.bounds(shape).tolist() for shape in (now, before)
    )
    azimuth, _, metres = WGS84.inv(
        (old_west + old_east) / 2, (old_south + old_north) / 2, (west + east) / 2, (south + north) / 2
    )
    return Move(feature, float(metres) / 1000, float(azimuth) % 360)
