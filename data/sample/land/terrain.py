"""The land of the sample country: coast, islands, rivers, heights and the mountain border.

Everything is made up from noise. The land lies in the open sea off the south of Viet Nam, where there is
no real land, commune or person to mistake it for, and inside the area of use of VN-2000 / UTM zone 48N
(EPSG:3405: 102.14 to 108.00 degrees east, north of 8.33 degrees), so that deliveries in VN-2000 are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from .growth import accumulate, grow

if TYPE_CHECKING:
    from numpy.typing import NDArray

KM_PER_DEGREE = 110.9
"""Kilometres per degree, near enough at 9 degrees north (110.6 along meridians, 109.9 along parallels)."""

_RELIEF_M = 1700.0
_WATERSHED_SHIFT_KM = 9.0  # moves the watershed, and so the border, towards the neighbour's coast


@dataclass(frozen=True, slots=True)
class Frame:
    """A north-up grid in EPSG:4326 that the country is drawn on.

    ``west`` and ``north`` (degrees) are the outer corner of cell (0, 0), ``cells_per_degree`` its
    resolution; x counts columns eastwards and y rows southwards, as real numbers from that corner.
    """

    west: float
    north: float
    cells_per_degree: int
    rows: int
    cols: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows, self.cols

    @property
    def cell_km(self) -> float:
        """Length of a cell's side, in km."""
        return KM_PER_DEGREE / self.cells_per_degree

    def lonlat(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn positions in cells, shape (n, 2) as x, y, into degrees, shape (n, 2) as lon, lat."""
        return np.column_stack(
            [self.west + xy[:, 0] / self.cells_per_degree, self.north - xy[:, 1] / self.cells_per_degree]
        )


FRAME = Frame(west=106.86, north=10.02, cells_per_degree=600, rows=960, cols=670)
"""The country part: 6 arc-seconds (about 185 m) to a cell, 8.42 to 10.02 N, 106.86 to 107.977 E."""


@dataclass(frozen=True, slots=True)
class Terrain:
    """The land on a frame; every array has the frame's shape.

    ``home`` is the sample country, ``abroad`` its neighbour, the rest is sea. ``height_m`` is metres above
    the sea, ``river_km`` and ``coast_km`` are distances, ``flow`` counts the cells upstream. ``group`` is
    0 on the mainland and near it, else the number of the island group.
    """

    frame: Frame
    home: NDArray[np.bool_]
    abroad: NDArray[np.bool_]
    height_m: NDArray[np.float64]
    river_km: NDArray[np.float64]
    coast_km: NDArray[np.float64]
    flow: NDArray[np.float64]
    group: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class IslandGroup:
    """Where islands lie: middle as shares of the frame's width and height, and radius in km."""

    across: float
    down: float
    radius_km: float
    land_share: float


ISLAND_GROUPS = (
    IslandGroup(across=0.925, down=0.17, radius_km=9.5, land_share=0.34),
    IslandGroup(across=0.90, down=0.43, radius_km=8.0, land_share=0.22),
    IslandGroup(across=0.945, down=0.63, radius_km=6.0, land_share=0.40),
    IslandGroup(across=0.72, down=0.925, radius_km=8.0, land_share=0.26),
)
"""The island communes; the first one is a đặc khu."""


def fractal_noise(
    rng: np.random.Generator, shape: tuple[int, int], *, roughness: float, longest: float
) -> NDArray[np.float64]:
    """Make smooth random hills by shaping the spectrum of white noise.

    Parameters
    ----------
    rng
        Source of the randomness.
    shape
        Rows and columns.
    roughness
        Amplitude falls with wavelength to this power: 1 is rough, 2 is smooth.
    longest
        Longest wavelength, in cells.

    Returns
    -------
    ndarray of float64
        Mean 0, standard deviation 1.
    """
    white = rng.standard_normal(shape)
    frequency = np.hypot(np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :])
    shaped = np.fft.rfft2(white) * np.maximum(frequency, 1.0 / longest) ** -(roughness)
    shaped[0, 0] = 0.0
    noise = np.fft.irfft2(shaped, s=shape)
    return np.asarray((noise - noise.mean()) / noise.std(), dtype=np.float64)


def make_terrain(rng: np.random.Generator) -> Terrain:
    """Raise the country out of the sea.

    Parameters
    ----------
    rng
        Source of the randomness.

    Returns
    -------
    Terrain
        On ``FRAME``. Rivers are the cheapest ways to the sea, the border is the watershed between the
        country's coast and the neighbour's, and heights rise away from both.
    """
    mainland, islands, group = _land(rng)
    cost = np.exp(0.9 * fractal_noise(rng, FRAME.shape, roughness=1.1, longest=90))
    home, flow = _watersheds(mainland, cost)
    # islets near a coast belong to the country that has the coast
    nearest = ndimage.distance_transform_edt(~mainland, return_distances=False, return_indices=True)
    islands &= (group > 0) | home[tuple(nearest)]
    land = home | islands
    coast_km = ndimage.distance_transform_edt(mainland | islands) * FRAME.cell_km
    rivers = (flow > _cells(6.0)) & home
    river_km = ndimage.distance_transform_edt(~rivers) * FRAME.cell_km
    height_m = _heights(rng, mainland, islands, river_km, coast_km)
    group = np.where(islands, group, 0)
    return Terrain(FRAME, land, mainland & ~home, height_m, river_km, coast_km, flow, group)


def make_archipelago(rng: np.random.Generator) -> tuple[Frame, NDArray[np.bool_]]:
    """Scatter the far archipelago over a frame of its own.

    Parameters
    ----------
    rng
        Source of the randomness.

    Returns
    -------
    tuple of Frame and ndarray of bool
        Where it lies (far east of the country, outside the population raster) and its land.
    """
    frame = Frame(west=108.26, north=8.86, cells_per_degree=600, rows=160, cols=200)
    y, x = np.mgrid[0 : frame.rows, 0 : frame.cols]
    middle = np.hypot((x - frame.cols / 2) / (frame.cols / 2), (y - frame.rows / 2) / (frame.rows / 2))
    field = (
        fractal_noise(rng, frame.shape, roughness=1.35, longest=45) - 1.5 - 3.0 * np.maximum(middle - 0.5, 0)
    )
    return frame, _without_specks(field > 0, least=3)


def _cells(km2: float) -> float:
    """Turn an area into a number of cells."""
    return km2 / FRAME.cell_km**2


def _land(rng: np.random.Generator) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.int32]]:
    """Draw mainland and islands, and number the island groups."""
    rows, cols = FRAME.shape
    down, across = np.mgrid[0:rows, 0:cols].astype(np.float64)
    down, across = (down + 0.5) / rows, (across + 0.5) / cols
    rough = fractal_noise(rng, FRAME.shape, roughness=1.55, longest=260)
    fine = fractal_noise(rng, FRAME.shape, roughness=1.0, longest=60)
    # The coast swings out around the delta in the south and around a cape in the north, in between a bay.
    swing = 0.20 * np.exp(-(((down - 0.73) / 0.14) ** 2)) + 0.08 * np.exp(-(((down - 0.30) / 0.10) ** 2))
    east = 0.62 + swing - across
    west = across - 0.10 - 0.05 * np.sin(6.0 * down + 1.0)
    ends = 1.25 * np.minimum(down - 0.055, 0.945 - down)
    mainland_field = np.minimum(np.minimum(east, west), ends) * 9.0 + 0.33 * rough + 0.10 * fine
    mainland = _largest(mainland_field > 0)
    group = np.zeros(FRAME.shape, dtype=np.int32)
    islands = (mainland_field > 0) & ~mainland
    islands &= ndimage.distance_transform_edt(~mainland) * FRAME.cell_km < 3.0
    speckle = fractal_noise(rng, FRAME.shape, roughness=1.1, longest=34)
    for number, place in enumerate(ISLAND_GROUPS, 1):
        away_km = np.hypot((across - place.across) * cols, (down - place.down) * rows) * FRAME.cell_km
        near = away_km < place.radius_km
        field = speckle - 1.1 * (away_km / place.radius_km) ** 2
        here = near & (field > np.quantile(field[near], 1.0 - place.land_share))
        here &= ndimage.distance_transform_edt(~mainland) * FRAME.cell_km > 1.2
        islands = np.where(near, here, islands) & ~mainland
        group[near] = number
    return mainland, _without_specks(islands, least=4), group


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the largest connected part, with its lakes filled."""
    labels, _ = ndimage.label(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray(ndimage.binary_fill_holes(labels == sizes.argmax()), dtype=np.bool_)


def _without_specks(mask: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Drop parts of fewer than ``least`` cells, and fill lakes."""
    labels, _ = ndimage.label(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray(ndimage.binary_fill_holes((sizes >= least)[labels]), dtype=np.bool_)


def _watersheds(
    mainland: NDArray[np.bool_], cost: NDArray[np.float64]
) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Let every cell drain to the nearest coast; give the home side of the watershed, and the flow."""
    shore = mainland & ~ndimage.binary_erosion(mainland)
    rows, cols = np.nonzero(shore)
    # The neighbour has the west coast down to the south-west, where the border meets the sea.
    abroad = cols < np.interp(rows / FRAME.rows, [0.0, 0.09, 0.13, 0.9, 1.0], [500, 330, 215, 215, 260])
    delay = np.where(abroad, _WATERSHED_SHIFT_KM / FRAME.cell_km, 1.0)
    growth = grow(mainland, cost, rows, cols, delay=delay)
    neighbour = mainland & ~_largest(mainland & ~abroad[growth.source])
    return mainland & ~_largest(neighbour), accumulate(growth)


def _heights(
    rng: np.random.Generator,
    mainland: NDArray[np.bool_],
    islands: NDArray[np.bool_],
    river_km: NDArray[np.float64],
    coast_km: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Raise mountains away from the coast, cut valleys along the rivers, keep the delta flat."""
    rows, cols = FRAME.shape
    down = ((np.arange(rows) + 0.5) / rows)[:, None]
    across = ((np.arange(cols) + 0.5) / cols)[None, :]
    delta = np.exp(-(((down - 0.73) / 0.15) ** 2) - ((across - 0.68) / 0.22) ** 2)
    hills = fractal_noise(rng, FRAME.shape, roughness=1.2, longest=110)
    # 0 on the eastern coast, 1 from the middle of the land westwards
    rise = np.clip((coast_km - 3.0) / 17.0, 0.0, 1.0) * (1.0 - 0.92 * delta)
    cut = 1.0 - np.exp(-river_km / 1.1)
    height = _RELIEF_M * rise**1.2 * (0.05 + 0.95 * cut) * np.clip(1.0 + 0.3 * hills, 0.2, 2.0)
    shape = ndimage.gaussian_filter(height, 1.5)
    bumps = 160.0 * np.clip(coast_km / 1.5, 0.0, 1.0) * np.clip(0.5 + 0.5 * hills, 0.0, 2.0)
    raised = np.where(islands, bumps, shape)
    return np.where(mainland | islands, np.maximum(raised, 0.0), 0.0)
