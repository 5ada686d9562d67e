"""Square kilometres of spans on the grid of a run, counted on some of its lines: quick, and exact enough to judge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..burn.spans import CELL_UNITS, Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.store import SpanStore

_ENOUGH_LINES = 8192  # a country of 1,700 km is looked at every 200 m, a small place on all its lines


@dataclass(frozen=True)
class Ground:
    """The ground of a run.

    Attributes
    ----------
    grid
        The grid.
    zones
        Spans of the communes.
    store
        Keeps burned layers between runs; None where nothing is kept.
    communes
        How many there are.
    """

    grid: Grid
    zones: Spans
    store: SpanStore | None
    communes: int

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
    def bounds_4326(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the grid in degrees; the narrowest box where the grid is no such box."""
        low, right = self.grid.height - 0.5, self.grid.width - 0.5  # outer corners of the outer cells
        corner = self.grid.cell_centres_lonlat(
            np.array([-0.5, -0.5, low, low]), np.array([-0.5, right, -0.5, right])
        )
        lon, lat = np.sort(corner.lon), np.sort(corner.lat)
        return float(lon[1]), float(lat[1]), float(lon[2]), float(lat[2])

    @cached_property
    def _looked_at(self) -> Spans:
        return self.sampled(self.zones)

    @cached_property
    def commune_km2(self) -> NDArray[np.float64]:
        """Area of each commune as this grid sees it, float64 (communes,)."""
        return self._by_owner(self._looked_at, self._looked_at.x1 - self._looked_at.x0)

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

    def agreement(self, one: Spans, other: Spans) -> float:
        """Shared over united ground of two layers of sampled spans, 0 to 1; 0 where both are empty."""
        shared = self.shared_km2(one, other)
        united = self.km2(one) + self.km2(other) - shared
        return shared / united if united > 0 else 0.0

    def in_communes_km2(self, sampled: Spans) -> NDArray[np.float64]:
        """Square kilometres of sampled spans in each commune, float64 (communes,)."""
        return self._by_owner(self._looked_at, overlaps(sampled, self._looked_at))

    def reaches(self, spans: Spans, communes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say on every line, looked at or not, which of some communes the spans of a layer reach."""
        owner = np.zeros(0, np.int32) if self.zones.owner is None else self.zones.owner
        chosen = np.flatnonzero(communes[owner])
        zones = Spans(self.zones.line[chosen], self.zones.x0[chosen], self.zones.x1[chosen])
        found = np.zeros(self.communes, dtype=np.bool_)
        found[owner[chosen][overlaps(spans, zones) > 0]] = True
        return found

    def _by_owner(self, zones: Spans, lengths: NDArray[np.integer]) -> NDArray[np.float64]:
        owner = np.zeros(0, np.int32) if zones.owner is None else zones.owner
        total = np.bincount(owner, self._weighted(zones, lengths), self.communes)
        return np.asarray(total, dtype=np.float64)

    def _weighted(self, spans: Spans, lengths: NDArray[np.integer]) -> NDArray[np.float64]:
        km2 = self._km2_per_unit[spans.line // self.grid.sublines]
        return np.asarray(lengths * km2 * self._step, dtype=np.float64)


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
