"""The communes of the sample country: who belongs to which, what they are called, how many people they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from .land.growth import grow
from .land.terrain import FRAME, ISLAND_GROUPS, fractal_noise
from .names import ARCHIPELAGO_NAME, PROVINCES, draw_names
from .people import FINENESS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Terrain
    from .people import Places

COUNT = 180
"""Communes in all: the mainland's, one per island group, and the archipelago, which comes last."""

ARCHIPELAGO_PEOPLE = 153
"""Official people of the archipelago, which the population grid does not reach."""

_WARD_PEOPLE_PER_KM2 = 480.0
_WIDTH_COUNTS = 0.35  # provinces reach across the land from the border to the coast
_STEP_ASIDE = 2  # cells
_LLOYD_ROUNDS = 14
_POINTS = 24_000


@dataclass(frozen=True, slots=True)
class CommuneList:
    """What is known about every commune, in the order of the labels.

    ``people`` is what the population grid counts (0 for the archipelago), ``official`` what the made-up
    statistics say.
    """

    code: list[str]
    name: list[str]
    type: list[str]
    province: NDArray[np.int64]
    people: NDArray[np.float64]
    official: NDArray[np.int64]


def draw_communes(
    rng: np.random.Generator, terrain: Terrain, people: NDArray[np.float64]
) -> NDArray[np.int32]:
    """Divide the land into communes: small where many people live, with borders on ridges and rivers.

    Parameters
    ----------
    rng
        Source of the randomness.
    terrain
        The land.
    people
        People per terrain cell.

    Returns
    -------
    ndarray of int32
        Number of the commune of each cell, -1 outside the country; the archipelago is not on this grid.
    """
    inland = _mainland(terrain)
    seeds = COUNT - 1 - len(ISLAND_GROUPS)
    centres = _seeds(rng, inland, people, seeds)
    rough = np.exp(1.0 * fractal_noise(rng, terrain.frame.shape, roughness=0.85, longest=45))
    stream = (terrain.flow > 900) & (terrain.height_m < 150.0)  # wide enough to be a border
    cost = rough * (1.0 + terrain.height_m / 350.0) * np.where(stream, 4.0, 1.0)
    row, col = np.transpose([_cheapest_near(cost, inland, cell) for cell in centres])
    growth = grow(inland, cost, row, col)
    label = np.where(inland, growth.source, -1)
    # islets near the coast go to the commune on the shore, islands in a group are one commune
    nearest = ndimage.distance_transform_edt(label < 0, return_distances=False, return_indices=True)
    label = np.where(terrain.home, label[tuple(nearest)], -1)
    label = np.where(terrain.group > 0, seeds - 1 + terrain.group, label)
    return label.astype(np.int32)


def describe_communes(
    rng: np.random.Generator, label: NDArray[np.int32], people: NDArray[np.float64], places: Places
) -> CommuneList:
    """Count, name and number the communes, and make up their official totals.

    Parameters
    ----------
    rng
        Source of the randomness.
    label, people
        Commune and people of each terrain cell.
    places
        The capitals among them decide which province a commune belongs to.

    Returns
    -------
    CommuneList
        Official totals lie about 3 % above the grid and differ from it by some 8 % either way.
    """
    inside = label >= 0
    counted = np.bincount(label[inside], weights=people[inside], minlength=COUNT).astype(np.float64)
    cells = np.bincount(label[inside], minlength=COUNT).astype(np.float64)
    at = np.nonzero(inside)
    row = np.bincount(label[inside], weights=at[0], minlength=COUNT) / np.maximum(cells, 1.0)
    col = np.bincount(label[inside], weights=at[1], minlength=COUNT) / np.maximum(cells, 1.0)
    province = _provinces(row, col, places)
    dense = counted > _WARD_PEOPLE_PER_KM2 * FRAME.cell_km**2 * cells
    kind = np.where(dense, "phường", "xã").astype(object)
    kind[[COUNT - 1 - len(ISLAND_GROUPS), COUNT - 1]] = "đặc khu"
    code, name = _codes_and_names(rng, province, row)
    official = np.rint(counted * 1.03 * rng.lognormal(0.0, 0.08, COUNT)).astype(np.int64)
    official[-1] = ARCHIPELAGO_PEOPLE
    return CommuneList(code, name, kind.tolist(), province, counted, official)


def people_per_terrain_cell(population: NDArray[np.float32]) -> NDArray[np.float64]:
    """Sum the population grid over terrain cells; cells without a figure count as empty."""
    rows, cols = population.shape
    blocks = np.where(population > 0, population, 0.0).astype(np.float64)
    summed: NDArray[np.float64] = blocks.reshape(rows // FINENESS, FINENESS, cols // FINENESS, FINENESS).sum(
        axis=(1, 3)
    )
    return summed


def _mainland(terrain: Terrain) -> NDArray[np.bool_]:
    parts, _ = ndimage.label(terrain.home)
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return np.asarray(parts == sizes.argmax(), dtype=np.bool_)


def _seeds(
    rng: np.random.Generator, inland: NDArray[np.bool_], people: NDArray[np.float64], count: int
) -> list[tuple[int, int]]:
    """Spread the centres of the communes by area and people, and even them out (Lloyd's method)."""
    cells = np.flatnonzero(inland)
    busy = ndimage.gaussian_filter(people, 4.0).ravel()[cells] ** 0.7
    weight = 0.42 / len(cells) + 0.58 * busy / busy.sum()
    drawn = rng.choice(cells, _POINTS, p=weight / weight.sum())
    points = np.column_stack(np.divmod(drawn, inland.shape[1])) + rng.uniform(0, 1, (_POINTS, 2))
    centres = points[rng.choice(_POINTS, count, replace=False)]
    for _ in range(_LLOYD_ROUNDS):
        nearest = cKDTree(centres).query(points)[1]
        size = np.maximum(np.bincount(nearest, minlength=count), 1)
        centres = np.column_stack(
            [np.bincount(nearest, weights=points[:, axis], minlength=count) / size for axis in (0, 1)]
        )
    at = cKDTree(np.column_stack(np.divmod(cells, inland.shape[1])) + 0.5).query(centres)[1]
    return [divmod(cell, inland.shape[1]) for cell in cells[at].tolist()]


def _cheapest_near(
    cost: NDArray[np.float64], inland: NDArray[np.bool_], cell: tuple[int, int]
) -> tuple[int, int]:
    """Move a cell a little to where growing is easy, lest its commune stay tiny."""
    top, left = max(cell[0] - _STEP_ASIDE, 0), max(cell[1] - _STEP_ASIDE, 0)
    window = np.s_[top : cell[0] + _STEP_ASIDE + 1, left : cell[1] + _STEP_ASIDE + 1]
    near = np.where(inland[window], cost[window], np.inf)
    down, right = np.unravel_index(int(near.argmin()), near.shape)
    return top + int(down), left + int(right)


def _provinces(row: NDArray[np.float64], col: NDArray[np.float64], places: Places) -> NDArray[np.int64]:
    """Give every commune to the nearest capital; the archipelago belongs to the middle province."""
    capital = np.flatnonzero(places.rank == 0)
    at = np.column_stack([places.row[capital] * 1.0, places.col[capital] * _WIDTH_COUNTS])
    nearest = cKDTree(at).query(np.column_stack([row, col * _WIDTH_COUNTS]))[1]
    province: NDArray[np.int64] = np.asarray(nearest, dtype=np.int64)
    province[-1] = 1
    return province


def _codes_and_names(
    rng: np.random.Generator, province: NDArray[np.int64], row: NDArray[np.float64]
) -> tuple[list[str], list[str]]:
    """Give out codes from north to south in each province, in steps of three as in real lists, and names."""
    row = np.append(row[:-1], np.inf)
    order = [np.flatnonzero(province == number) for number in range(len(PROVINCES))]
    order = [members[np.argsort(row[members], kind="stable")] for members in order]
    names = draw_names(rng, [len(members) for members in order])
    code, name = [""] * len(province), [""] * len(province)
    for number, members in enumerate(order):
        for position, member in enumerate(members.tolist()):
            code[member] = f"{PROVINCES[number].code}{3 * position + 1:03d}"
            name[member] = names[number][position]
    name[-1] = ARCHIPELAGO_NAME
    return code, name
