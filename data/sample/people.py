"""Where the people of the sample country live: cities, towns, villages, and scattered farms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from .land.terrain import fractal_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Terrain

NODATA = -99999.0
"""Marks cells of the population grid without a figure: the sea and the neighbour's land."""

FINENESS = 2
"""Cells of the population grid to a side of a terrain cell: 3 arc-seconds, about 92 m."""

_PEOPLE = 1_460_000.0
_SCATTERED_SHARE = 0.30
_FEWEST = 0.2  # cells with fewer people are empty
_SPILL = 0.4  # what cells just outside the coast keep
_TOWNS = 34
_VILLAGES = 900
_HAMLETS = 260
_CAPITALS = ((0.56, 0.22), (0.50, 0.50), (0.66, 0.76))  # across and down, as shares of the frame
_CAPITAL_PEOPLE = (118_000.0, 96_000.0, 190_000.0)
# Spread of a place's houses in cells of the population grid, and the most people such a place has.
_SPREADS = ((1.6, 1_500.0), (3.5, 6_000.0), (7.0, 40_000.0), (11.0, np.inf))


@dataclass(frozen=True, slots=True)
class Places:
    """Cities, towns, villages and hamlets, one entry each: cell of the terrain, people, and rank.

    ``rank`` is 0 for the three capitals, in the order of their provinces, 1 for towns, 2 for villages, 3 for
    hamlets, which lie anywhere, in the mountains too.
    """

    row: NDArray[np.int64]
    col: NDArray[np.int64]
    people: NDArray[np.float64]
    rank: NDArray[np.int64]


def make_places(rng: np.random.Generator, terrain: Terrain) -> Places:
    """Found the places where living is easy: on flat land by rivers and coasts.

    Parameters
    ----------
    rng
        Source of the randomness.
    terrain
        The land.

    Returns
    -------
    Places
        Capitals first, then towns, villages and hamlets.
    """
    ease = ease_of_living(terrain)
    free = terrain.home.copy()
    capitals = [_capital(ease * free, across, down) for across, down in _CAPITALS]
    for cell in capitals:
        _take(free, cell, 28)
    towns = _scatter(rng, ease**1.2 * (terrain.group == 0), free, _TOWNS, apart=17)
    villages = _island_villages(rng, terrain, free) + _scatter(rng, ease**0.75, free, _VILLAGES, apart=5)
    hamlets = _scatter(rng, ease**0.15, free, _HAMLETS, apart=6)
    cells = np.asarray(capitals + towns + villages + hamlets, dtype=np.int64)
    rank = np.repeat([0, 1, 2, 3], [len(capitals), len(towns), len(villages), len(hamlets)])
    people = np.concatenate(
        [
            np.asarray(_CAPITAL_PEOPLE),
            9_000.0 * rng.lognormal(0.0, 0.5, len(towns)),
            620.0 * rng.lognormal(0.0, 0.65, len(villages)),
            150.0 * rng.lognormal(0.0, 0.5, len(hamlets)),
        ]
    )
    return Places(cells[:, 0], cells[:, 1], people, rank)


def make_population(rng: np.random.Generator, terrain: Terrain, places: Places) -> NDArray[np.float32]:
    """Settle the people around the places and along valleys and coasts.

    Parameters
    ----------
    rng
        Source of the randomness.
    terrain, places
        The land and its places.

    Returns
    -------
    ndarray of float32
        People per cell of the population grid, ``FINENESS`` times finer than the terrain. ``NODATA`` over
        the sea and abroad; cells just outside the coast may hold people, as in real grids.
    """
    rows, cols = terrain.frame.rows * FINENESS, terrain.frame.cols * FINENESS
    texture = np.exp(0.75 * fractal_noise(rng, (rows, cols), roughness=0.7, longest=60)).astype(np.float32)
    living = _finer(ease_of_living(terrain)) * texture
    known = ndimage.binary_dilation(_finer(terrain.home) > 0)
    scattered = np.where(known, np.clip(living - 0.30, 0.0, None), 0.0)
    people = scattered * (_SCATTERED_SHARE * _PEOPLE / scattered.sum())
    housed = _houses(rng, terrain, places, (rows, cols))
    housed *= np.where(known, texture, 0.0)
    people += housed * ((1.0 - _SCATTERED_SHARE) * _PEOPLE / housed.sum())
    people[people < _FEWEST] = 0.0
    people[known & (_finer(terrain.home) == 0)] *= _SPILL
    people *= _PEOPLE / people.sum()
    return np.where(known, people, NODATA).astype(np.float32)


def ease_of_living(terrain: Terrain) -> NDArray[np.float64]:
    """Say how good a cell of the terrain is to live in: 0 in the mountains, about 1 by a lowland river."""
    flat = np.exp(-terrain.height_m / 170.0)
    stream = np.clip(ndimage.grey_dilation(terrain.flow, size=5) / 6_000.0, 0.02, 1.0) ** 0.3
    water = stream * np.exp(-terrain.river_km / 1.3) + 0.45 * np.exp(-terrain.coast_km / 2.2)
    return np.where(terrain.home, flat * (0.22 + 0.8 * water), 0.0)


def _finer(coarse: NDArray[np.generic]) -> NDArray[np.float32]:
    """Bring a terrain array to the population grid, blurring the steps between cells."""
    fine = np.repeat(np.repeat(coarse.astype(np.float32), FINENESS, axis=0), FINENESS, axis=1)
    return fine if coarse.dtype == np.bool_ else ndimage.uniform_filter(fine, FINENESS + 1)


def _capital(ease: NDArray[np.float64], across: float, down: float) -> tuple[int, int]:
    """Find the best spot for a city near a position."""
    rows, cols = ease.shape
    row, col = np.ogrid[0:rows, 0:cols]
    away = np.hypot(row - down * rows, col - across * cols)
    best = ndimage.gaussian_filter(ease, 6.0) * (ease > 0) * np.exp(-((away / 45.0) ** 2))
    found = np.unravel_index(int(best.argmax()), ease.shape)
    return int(found[0]), int(found[1])


def _island_villages(
    rng: np.random.Generator, terrain: Terrain, free: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Give every island group some fishing villages of its own."""
    found: list[tuple[int, int]] = []
    for number in range(1, int(terrain.group.max()) + 1):
        found += _scatter(rng, (terrain.group == number).astype(np.float64), free, 7, apart=7)
    return found


def _scatter(
    rng: np.random.Generator, weight: NDArray[np.float64], free: NDArray[np.bool_], count: int, *, apart: int
) -> list[tuple[int, int]]:
    """Draw cells by weight, none within ``apart`` cells of another; ``free`` loses what is taken."""
    cells = np.flatnonzero((weight > 0) & free)
    # the largest of log weight + Gumbel noise is a weighted draw, and the order one without replacement
    order = np.argsort(-(np.log(weight.ravel()[cells]) + rng.gumbel(size=len(cells))), kind="stable")
    found: list[tuple[int, int]] = []
    for cell in cells[order].tolist():
        row, col = divmod(cell, weight.shape[1])
        if free[row, col]:
            found.append((row, col))
            _take(free, (row, col), apart)
            if len(found) == count:
                break
    return found


def _take(free: NDArray[np.bool_], cell: tuple[int, int], apart: int) -> None:
    row, col = cell
    free[max(row - apart, 0) : row + apart + 1, max(col - apart, 0) : col + apart + 1] = False


def _houses(
    rng: np.random.Generator, terrain: Terrain, places: Places, shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Spread the people of every place over houses around it, larger places wider."""
    housed: NDArray[np.float64] = np.zeros(shape)
    fewest = 0.0
    slope = np.exp(-_finer(terrain.height_m) / 500.0)
    for spread, most in _SPREADS:
        these = (places.people > fewest) & (places.people <= most)
        fewest = most
        houses = np.zeros(shape, dtype=np.float32)
        for _ in range(4):  # four quarters around every middle, so that places are not round
            shift = rng.normal(0.0, 0.9 * spread, (2, int(these.sum())))
            row = np.clip(places.row[these] * FINENESS + shift[0], 0, shape[0] - 1).astype(np.int64)
            col = np.clip(places.col[these] * FINENESS + shift[1], 0, shape[1] - 1).astype(np.int64)
            np.add.at(houses, (row, col), places.people[these] / 4.0)
        housed += ndimage.gaussian_filter(houses, spread, truncate=3.0)
    housed *= slope
    return housed
