"""Antenna sites of the made-up operators: built where people are, so that valleys and islands go without."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from .land.terrain import fractal_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Terrain

RIDGE_M = 330.0
"""Difference in height that makes a place seem twice as far away."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Sites on the terrain: cell and reach over flat land in km, one entry each."""

    row: NDArray[np.int64]
    col: NDArray[np.int64]
    reach_km: NDArray[np.float64]

    def where(self, keep: NDArray[np.bool_]) -> Sites:
        """Keep some of the sites."""
        return replace(self, row=self.row[keep], col=self.col[keep], reach_km=self.reach_km[keep])

    def and_at(self, row: int, col: int, reach_km: float) -> Sites:
        """Add one site."""
        return Sites(np.append(self.row, row), np.append(self.col, col), np.append(self.reach_km, reach_km))

    def away_km(self, row: int, col: int, terrain: Terrain) -> NDArray[np.float64]:
        """Measure the distance of every site from a cell, in km."""
        return np.asarray(np.hypot(self.row - row, self.col - col) * terrain.frame.cell_km)


@dataclass(frozen=True, slots=True)
class Plan:
    """How an operator builds: reach of a site in km (in towns, in the country) and people to cover."""

    town_km: float
    country_km: float
    people_share: float
    whim: float


def build_sites(
    rng: np.random.Generator,
    terrain: Terrain,
    people: NDArray[np.float64],
    plan: Plan,
    allowed: NDArray[np.bool_],
) -> tuple[Sites, NDArray[np.bool_]]:
    """Build one site after the other where most people live, until enough are covered.

    Parameters
    ----------
    rng
        Source of the randomness: every operator has its own idea of where to begin.
    terrain
        The land.
    people
        People per terrain cell.
    plan
        Reach and aim. The same randomness with a higher aim gives the same sites and some more.
    allowed
        Cells where a site may stand.

    Returns
    -------
    tuple of Sites and ndarray of bool
        The sites, and the terrain cells they cover.
    """
    around = ndimage.gaussian_filter(people, 0.5 * plan.town_km / terrain.frame.cell_km)
    whim = fractal_noise(rng, terrain.frame.shape, roughness=1.6, longest=220)
    wanted = np.where(allowed & terrain.home, around * np.exp(plan.whim * whim), 0.0)
    candidates = np.flatnonzero(wanted > 0.02)
    order = candidates[np.argsort(-wanted.ravel()[candidates], kind="stable")]
    town = around > 12.0
    covered = np.zeros(terrain.frame.shape, dtype=np.bool_)
    served, aim = 0.0, plan.people_share * people.sum()
    found: list[tuple[int, int, float]] = []
    for cell in order.tolist():
        row, col = divmod(cell, covered.shape[1])
        if covered[row, col]:
            continue
        reach_km = plan.town_km if town[row, col] else plan.country_km
        found.append((row, col, reach_km))
        served += _cover(covered, terrain, people, found[-1])
        if served >= aim:
            break
    row, col, reach = (np.asarray(axis) for axis in zip(*found, strict=True))
    return Sites(row.astype(np.int64), col.astype(np.int64), reach.astype(np.float64)), covered


def _cover(
    covered: NDArray[np.bool_],
    terrain: Terrain,
    people: NDArray[np.float64],
    site: tuple[int, int, float],
) -> float:
    """Mark what a site covers; give the people who had not been covered before."""
    row, col, reach_km = site
    cells = int(reach_km / terrain.frame.cell_km) + 1
    top, left = max(row - cells, 0), max(col - cells, 0)
    window = np.s_[top : row + cells + 1, left : col + cells + 1]
    height = terrain.height_m[window]
    down, right = np.ogrid[top : top + height.shape[0], left : left + height.shape[1]]
    away_km = np.hypot(down - row, right - col) * terrain.frame.cell_km
    seen = away_km * (1.0 + np.abs(height - terrain.height_m[row, col]) / RIDGE_M) <= reach_km
    new = seen & ~covered[window]
    covered[window] |= seen
    return float(people[window][new].sum())
