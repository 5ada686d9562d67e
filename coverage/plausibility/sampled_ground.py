"""Square kilometres of spans on the grid of a run, counted on some of its lines: quick, and exact enough to judge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ...data.geodesy.crs import LONLAT, to_lonlat
from ..burn.polygons import burn
from ..burn.spans import CELL_UNITS, Spans, union
from ..people.assembly import burned
from .footprint import Footprint, grid_around

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    from numpy.typing import NDArray

    from ...data.submissions.reader import Submission
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..ground import Ground

    Box = tuple[float, float, float, float]

_ENOUGH_LINES = 8192  # a country of 1,700 km is looked at every 200 m, a small place on all its lines


@dataclass(frozen=True)
class SampledGround:
    """The ground of a run, looked at on some of its lines.

    Attributes
    ----------
    ground
        Grid and communes of the run.
    communes
        How many there are.
    """

    ground: Ground
    communes: int

    def measure(self, submission: Submission, progress: Progress = None) -> SampledCoverage:
        """Burn a submission, or take its spans from what earlier runs kept, and measure it."""
        spans = burned(submission, self.grid, self.ground.store, progress=progress)
        return SampledCoverage(self, submission, spans, self.sampled(spans))

    @property
    def grid(self) -> Grid:
        """The grid of the run."""
        return self.ground.grid

    @cached_property
    def bounds_4326(self) -> Box:
        """West, south, east, north of the grid in degrees; the narrowest box where the grid is no such box."""
        low, right = self.grid.height - 0.5, self.grid.width - 0.5  # outer corners of the outer cells
        corner = self.grid.cell_centres_lonlat(
            np.array([-0.5, -0.5, low, low]), np.array([-0.5, right, -0.5, right])
        )
        lon, lat = np.sort(corner.lon), np.sort(corner.lat)
        return float(lon[1]), float(lat[1]), float(lon[2]), float(lat[2])

    @cached_property
    def commune_km2(self) -> NDArray[np.float64]:
        """Area of each commune as this grid sees it, float64 (communes,)."""
        return self._by_owner(self._zones, self._zones.x1 - self._zones.x0)

    def sampled(self, spans: Spans) -> Spans:
        """Take the spans on the lines that are looked at."""
        keep = spans.line % self._step == 0
        owner = None if spans.owner is None else spans.owner[keep]
        return Spans(spans.line[keep], spans.x0[keep], spans.x1[keep], owner)

    def km2(self, sampled: Spans) -> float:
        """Square kilometres of sampled spans."""
        return float(self._weighted(sampled, sampled.x1 - sampled.x0).sum())

    def shared_km2(self, one: Spans, other: Spans) -> float:
        """Square kilometres that two layers of sampled spans share."""
        return float(self._weighted(other, overlaps(one, other)).sum())

    def in_communes_km2(self, sampled: Spans) -> NDArray[np.float64]:
        """Square kilometres of sampled spans in each commune, float64 (communes,)."""
        return self._by_owner(self._zones, overlaps(sampled, self._zones))

    def reaches(self, spans: Spans, communes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say on every line, looked at or not, which of some communes the spans of a layer reach."""
        zones = self.ground.zones
        owner = np.zeros(0, np.int32) if zones.owner is None else zones.owner
        chosen = np.flatnonzero(communes[owner])
        found = np.zeros(self.communes, dtype=np.bool_)
        some = Spans(zones.line[chosen], zones.x0[chosen], zones.x1[chosen])
        found[owner[chosen][overlaps(spans, some) > 0]] = True
        return found

    @cached_property
    def _step(self) -> int:
        return max(1, self.grid.height * self.grid.sublines // _ENOUGH_LINES)

    @cached_property
    def _km2_per_unit(self) -> NDArray[np.float64]:
        """Area of 1/4096 of a cell on one line, by row; every looked-at line stands for its neighbours."""
        rows = np.arange(self.grid.height)
        cell = self.grid.cell_area_km2(rows, np.full(len(rows), self.grid.width // 2))
        return np.asarray(cell / self.grid.sublines / CELL_UNITS, dtype=np.float64)

    @cached_property
    def _zones(self) -> Spans:
        return self.sampled(self.ground.zones)

    def _by_owner(self, zones: Spans, lengths: NDArray[np.integer]) -> NDArray[np.float64]:
        owner = np.zeros(0, np.int32) if zones.owner is None else zones.owner
        total = np.bincount(owner, self._weighted(zones, lengths), self.communes)
        return np.asarray(total, dtype=np.float64)

    def _weighted(self, spans: Spans, lengths: NDArray[np.integer]) -> NDArray[np.float64]:
        km2 = self._km2_per_unit[spans.line // self.grid.sublines]
        return np.asarray(lengths * km2 * self._step, dtype=np.float64)


@dataclass(frozen=True)
class SampledCoverage:
    """What a submission covers on the ground of a run; a :class:`~.measure.Measure`.

    Attributes
    ----------
    ground
        Of the run.
    submission
        Whose ground it is.
    spans
        All its spans on the grid.
    sampled
        Those on the lines that are looked at.
    """

    ground: SampledGround
    submission: Submission
    spans: Spans
    sampled: Spans

    @cached_property
    def area_km2(self) -> float:
        """All of it, beyond the grid too, where the run burns nothing."""
        return self.ground.km2(self.sampled) + _beyond_km2(self.submission, self.ground)

    @cached_property
    def in_communes_km2(self) -> NDArray[np.float64]:
        """What lies in each commune, shape (communes,)."""
        return self.ground.in_communes_km2(self.sampled)

    @property
    def commune_km2(self) -> NDArray[np.float64]:
        """The whole ground of each commune as the grid sees it, shape (communes,)."""
        return self.ground.commune_km2

    def in_box_km2(self, box_4326: Box) -> float:
        """Measure what lies in a box: west, south, east, north."""
        frame = burn(np.array([shapely.box(*box_4326)], dtype=object), LONLAT, self.ground.grid)
        return self.ground.shared_km2(self.sampled, self.ground.sampled(frame))

    def outside_km2(self, others: Sequence[Self]) -> NDArray[np.float64]:
        """Measure what lies in each commune and none of the others covers, shape (communes,)."""
        theirs = union([other.sampled for other in others])
        either = self.ground.in_communes_km2(union([self.sampled, theirs]))
        return either - self.ground.in_communes_km2(theirs)

    def agreement(self, other: Self) -> float:
        """Give shared over united ground of the grid, 0 to 1; 0 where both are empty."""
        shared = self.ground.shared_km2(self.sampled, other.sampled)
        united = self.ground.km2(self.sampled) + self.ground.km2(other.sampled) - shared
        return shared / united if united > 0 else 0.0

    def reaches(self, communes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say on every line, looked at or not, which of some communes are reached, shape (communes,)."""
        return self.ground.reaches(self.spans, communes)


def _beyond_km2(submission: Submission, ground: SampledGround) -> float:
    """Measure the ground of a submission beyond the grid, where the run burns nothing, in square kilometres."""
    west, south, east, north = ground.bounds_4326
    parts = shapely.get_parts(submission.geometries)
    boxes = np.asarray(shapely.box(*shapely.bounds(parts).T), dtype=object)
    edges = shapely.bounds(to_lonlat(boxes, submission.crs))
    margin = max((east - west) / ground.grid.width, (north - south) / ground.grid.height)  # less is ignored
    reaches_out = (edges[:, 0] < west - margin) | (edges[:, 2] > east + margin)
    reaches_out |= (edges[:, 1] < south - margin) | (edges[:, 3] > north + margin)
    if not reaches_out.any():
        return 0.0
    shapes = to_lonlat(parts[reaches_out], submission.crs)
    grid = grid_around([shapes], np.array([west, south, east, north]))
    box = np.array([shapely.box(west, south, east, north)], dtype=object)
    whole = Footprint.of(shapes, LONLAT, grid)
    return whole.area_km2 - whole.shared_km2(Footprint.of(box, LONLAT, grid).spans)


def overlaps(layer: Spans, other: Spans) -> NDArray[np.int64]:
    """Measure how much of each span of ``other`` lies inside a layer.

    Parameters
    ----------
    layer
        Merged spans.
    other
        Spans of the same grid, in any order.

    Returns
    -------
    ndarray of int64
        Length in 1/4096 of a cell for each span of ``other``.
    """
    if not len(layer) or not len(other):
        return np.zeros(len(other), np.int64)
    stride = int(max(layer.x1.max(), other.x1.max())) + 1
    start = layer.line.astype(np.int64) * stride + layer.x0
    end = start + (layer.x1 - layer.x0)
    done = np.concatenate([[0], np.cumsum(end - start)])

    def before(x: NDArray[np.int32]) -> NDArray[np.int64]:
        key = other.line.astype(np.int64) * stride + x
        at = np.searchsorted(start, key, side="right") - 1
        here = np.minimum(key, end[at]) - start[at]
        return np.where(at < 0, 0, done[at] + here)

    return before(other.x1) - before(other.x0)
