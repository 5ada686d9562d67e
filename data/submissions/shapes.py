"""What shapes and columns of a delivery tell about how it was made: circles, coarse lines, dates, senders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..geodesy.units import METRES_PER_DEGREE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.limits import CheckRules

_FEWEST_CORNERS = 12  # a circle drawn with fewer corners looks like an octagon and is told by its edges


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of outlines: start and end in degrees, shape (n, 2) each, and their length in metres."""

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    length_m: NDArray[np.float64]

    @classmethod
    def of(cls, geometries_4326: NDArray[np.object_]) -> Edges:
        """Take outlines apart; lengths are right to a hundredth at the size of a commune."""
        rings = shapely.get_rings(shapely.get_parts(geometries_4326))  # of polygons: of others it gives none
        at, ring = shapely.get_coordinates(rings, return_index=True)
        here = ring[1:] == ring[:-1]
        start, end = at[:-1][here], at[1:][here]
        east = (end[:, 0] - start[:, 0]) * np.cos(np.radians(start[:, 1]))
        return cls(start, end, np.hypot(east, end[:, 1] - start[:, 1]) * METRES_PER_DEGREE)

    def sample(self, count: int) -> NDArray[np.float64]:
        """Take points evenly along the whole length, longitude and latitude, shape (count, 2)."""
        done = np.cumsum(self.length_m)
        if not len(done) or done[-1] <= 0:
            return np.empty((0, 2))
        wanted = (np.arange(count) + 0.5) / count * done[-1]
        edge = np.minimum(np.searchsorted(done, wanted), len(done) - 1)
        along = 1.0 - (done[edge] - wanted) / np.maximum(self.length_m[edge], 1e-9)
        points: NDArray[np.float64] = self.start[edge] + along[:, None] * (self.end[edge] - self.start[edge])
        return points

    def typical_m(self) -> float:
        """Length above which edges make up half of the outline, metres."""
        if not len(self.length_m):
            return 0.0
        lengths = np.sort(self.length_m)
        done = np.cumsum(lengths)
        return float(lengths[np.searchsorted(done, done[-1] / 2)])


def check_shapes(
    geometries_4326: NDArray[np.object_], ids: NDArray[np.int64], rules: CheckRules, about: FileFindings
) -> None:
    """Look for circles, coarse outlines, features that stand twice, and repeated vertices.

    Parameters
    ----------
    geometries_4326
        Polygons in longitude and latitude.
    ids
        The feature id of each.
    rules
        The limits.
    about
        Told what was found.
    """
    round_share = _round_share(geometries_4326, rules.disc_roundness)
    if round_share > rules.disc_share:
        about.add("plausibility.discs", share_pct=100 * round_share)
    typical_m = Edges.of(geometries_4326).typical_m()
    if typical_m > rules.coarse_edge_m:
        about.add("plausibility.coarse", edge_m=typical_m)
    report_repeated(geometries_4326, ids, about)


def report_repeated(geometries: NDArray[np.object_], ids: NDArray[np.int64], about: FileFindings) -> None:
    """Report features that stand twice, and features with the same vertex twice in a row.

    Parameters
    ----------
    geometries
        Polygons.
    ids
        The feature id of each.
    about
        Told what was found.
    """
    seen: set[bytes] = set()
    twice = []
    for number, wkb in zip(ids.tolist(), shapely.to_wkb(geometries), strict=True):
        if wkb in seen:
            twice.append(str(number))
        seen.add(wkb)
    if twice:
        about.add("plausibility.repeated-features", count=len(twice), ids=twice)
    report_repeated_vertices(geometries, about)


def report_repeated_vertices(geometries: NDArray[np.object_], about: FileFindings) -> None:
    """Report polygons with the same vertex twice in a row."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    at, ring = shapely.get_coordinates(rings, return_index=True)
    same = (ring[1:] == ring[:-1]) & (at[1:] == at[:-1]).all(axis=1)
    repeated = len(np.unique(owner[part[ring[1:][same]]]))
    if repeated:
        about.add("plausibility.repeated-vertices", count=repeated)


def _round_share(geometries: NDArray[np.object_], roundness: float) -> float:
    """Share of the parts that are circles on the ground."""
    parts = shapely.get_parts(geometries)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    if not len(parts):
        return 0.0
    latitude = shapely.bounds(parts)[:, [1, 3]].mean(axis=1)
    counts = shapely.get_num_coordinates(parts)
    stretch = np.repeat(np.cos(np.radians(latitude)), counts)
    at = shapely.get_coordinates(parts) * np.column_stack([stretch, np.ones(len(stretch))])
    flat = shapely.set_coordinates(parts.copy(), at)
    length = shapely.length(flat)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 4 * np.pi * shapely.area(flat) / length**2
    return float(np.mean((found > roundness) & (counts > _FEWEST_CORNERS)))
