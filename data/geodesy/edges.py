"""Edges that are straight in one reference system and bent in another, cut so that they keep their course.

Outlines that are the same in a file must be the same on the ground, whatever way leads from the file to a grid.
An edge is straight in the system of its file; carried to another one by its two ends alone it would leave its
course by metres over some kilometres. So every edge gets as many vertices as it takes to stay on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from .units import METRES_PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyproj
    from numpy.typing import NDArray

    Forward = Callable[[NDArray[np.float64]], NDArray[np.float64]]

TOLERANCE_M = 0.001
"""How far an edge may leave its course, metres."""
_SHORT_EDGE_M = 50.0  # bends by less than the tolerance, as far as 80 degrees from the equator
_LOOKED_AT = (0.25, 0.5, 0.75)  # of an edge: in its middle a course that bends both ways may be straight
_MOST_PIECES = 4096
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


class Chains(NamedTuple):
    """Chains of vertices: rings or lines.

    Attributes
    ----------
    xy
        float64 (n, 2) vertices of all chains, one after the other.
    start
        int64 (chains + 1,) offsets into ``xy``.
    """

    xy: NDArray[np.float64]
    start: NDArray[np.int64]

    def joints(self) -> NDArray[np.int64]:
        """Pairs of neighbouring vertices (index of the first) that belong to two chains: no edges."""
        joint = self.start[1:-1] - 1
        return joint[(joint >= 0) & (joint < len(self.xy) - 1)]


def metre_in(crs: pyproj.CRS) -> float:
    """Give the length of a metre in units of a system, roughly; of a geographic one in degrees of latitude."""
    unit: float = crs.axis_info[0].unit_conversion_factor
    return 1.0 / (np.degrees(unit) * METRES_PER_DEGREE if crs.is_geographic else unit)


def carried(chains: Chains, forward: Forward, metre: float) -> Chains:
    """Carry chains to another system, with more vertices where their edges would leave their course.

    Edges that two chains share get the same vertices, whichever way the chains run.

    Parameters
    ----------
    chains
        Chains in the system in which their edges are straight.
    forward
        Carries vertices (n, 2) to the other system; what has no place there becomes infinite.
    metre
        Length of a metre in units of the other system.

    Returns
    -------
    Chains
        In the other system; every edge stays within :data:`TOLERANCE_M` of its course.
    """
    target = forward(chains.xy)
    pieces = _pieces(chains, target, forward, metre)
    if pieces is None:
        return Chains(target, chains.start)
    added = _added(chains, pieces)
    carried_there = _Added(added.edge, forward(added.xy), added.before)
    return _with_added(Chains(target, chains.start), carried_there)


def _pieces(
    chains: Chains, target: NDArray[np.float64], forward: Forward, metre: float
) -> NDArray[np.int64] | None:
    """Count the pieces each edge (from vertex i to i + 1) needs; None where none needs more than one."""
    if len(target) < 2:
        return None
    with np.errstate(invalid="ignore"):  # vertices without a place are infinite
        reach = np.abs(np.diff(target, axis=0)).max(axis=1)
    reach[chains.joints()] = 0.0
    long = np.flatnonzero((reach > _SHORT_EDGE_M * metre) & np.isfinite(reach))
    if not len(long):
        return None
    bend = np.zeros(len(long))
    for share in _LOOKED_AT:
        course = forward(chains.xy[long] * (1.0 - share) + chains.xy[long + 1] * share)
        off = np.hypot(*(course - target[long] * (1.0 - share) - target[long + 1] * share).T)
        bend = np.maximum(bend, np.where(np.isfinite(off), off, 0.0))
    # the bend of a piece falls with the square of their number
    needed = np.clip(np.ceil(np.sqrt(bend / (TOLERANCE_M * metre))), 1, _MOST_PIECES).astype(np.int64)
    if (needed == 1).all():
        return None
    pieces = np.ones(len(reach), np.int64)
    pieces[long] = needed
    return pieces


class _Added(NamedTuple):
    """Vertices to be added to chains.

    Attributes
    ----------
    edge
        int64 (k,): the edges they lie on, in the order of these.
    xy
        float64 (k, 2).
    before
        int64 (edges + 1,): how many lie before each edge.
    """

    edge: NDArray[np.int64]
    xy: NDArray[np.float64]
    before: NDArray[np.int64]


def _added(chains: Chains, pieces: NDArray[np.int64]) -> _Added:
    """Cut edge i into ``pieces[i]`` equal pieces."""
    before = np.concatenate([[0], np.cumsum(pieces - 1)])
    edge = np.repeat(np.arange(len(pieces)), pieces - 1)
    step = np.arange(len(edge)) - before[edge] + 1
    first, last = ordered_ends(chains.xy, edge)
    turned = (first != chains.xy[edge]).any(axis=1)
    step = np.where(turned, pieces[edge] - step, step)
    return _Added(edge, first + (last - first) * (step / pieces[edge])[:, None], before)


def _with_added(chains: Chains, added: _Added) -> Chains:
    """Put vertices on the edges they lie on."""
    xy = np.insert(chains.xy, added.edge + 1, added.xy, axis=0)
    return Chains(xy, chains.start + added.before[np.minimum(chains.start, len(added.before) - 1)])


def ordered_ends(
    xy: NDArray[np.float64], edge: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give both ends of edges in an order that does not depend on the direction of their chain.

    Parameters
    ----------
    xy
        float64 (n, 2) vertices.
    edge
        int64 (k,): the edges from vertex ``edge`` to ``edge + 1``.
    """
    first, last = xy[edge], xy[edge + 1]
    turn = (first[:, 0] > last[:, 0]) | ((first[:, 0] == last[:, 0]) & (first[:, 1] > last[:, 1]))
    return np.where(turn[:, None], last, first), np.where(turn[:, None], first, last)


def with_course(geometries: NDArray[np.object_], forward: Forward, metre: float) -> NDArray[np.object_]:
    """Insert vertices into polygons and lines, so that carried by their vertices they stay on their course.

    Parameters
    ----------
    geometries
        In the system in which their edges are straight; whatever is neither polygon nor line stays.
    forward, metre
        As in :func:`carried`.

    Returns
    -------
    ndarray of geometries
        In the same system; geometries whose edges all keep their course are the same objects as before.
    """
    result = np.array(geometries, dtype=object)
    kinds = shapely.get_type_id(result)
    usable = ~shapely.is_empty(result)  # of missing geometries, too: their kind is -1
    for group in (_POLYGONS, _LINES):
        here = np.flatnonzero(np.isin(kinds, group) & usable)
        if len(here):
            result[here] = _group_with_course(result[here], forward, metre)
    return result


def _group_with_course(
    geometries: NDArray[np.object_], forward: Forward, metre: float
) -> NDArray[np.object_]:
    """Insert vertices into geometries of one kind, single and multiple."""
    kind, xy, offsets = shapely.to_ragged_array(geometries, include_z=False)
    chains = Chains(xy, offsets[0].astype(np.int64))
    pieces = _pieces(chains, forward(xy), forward, metre)
    if pieces is None:
        return geometries
    more = _with_added(chains, _added(chains, pieces))
    cut = shapely.from_ragged_array(kind, more.xy, (more.start, *offsets[1:]))  # type: ignore[arg-type] # arrays
    # from multiple geometries with one part back to single ones
    single = np.isin(shapely.get_type_id(geometries), (_POLYGONS[0], _LINES[0]))
    multiple = shapely.get_type_id(cut) != shapely.get_type_id(geometries)
    cut = np.where(single & multiple, shapely.get_geometry(cut, 0), cut)
    same = shapely.get_num_coordinates(cut) == shapely.get_num_coordinates(geometries)
    return np.where(same, geometries, cut)
