"""A grid of square kilometres, and how the cells of a raster lie across it.

The grid is that of a cylindrical equal-area projection (J. P. Snyder, "Map projections: a working manual", USGS
Professional Paper 1395, 1987, equations 10-13 to 10-18, on the ellipsoid WGS 84): each cell has one square kilometre on
the ground. Its lines are meridians and parallels, so that a cell of a raster in degrees is a rectangle there, and what
it holds is divided among square kilometres exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import pyproj
from scipy import ndimage

from ...data.geodesy.area import WGS84, zone_km2
from ...data.geodesy.transformers import transformer_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from affine import Affine
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.int64]

_LONLAT = pyproj.CRS.from_epsg(4326)
_BAND = 30.0  # degrees of latitude that share a projection
_LATTICE_KM = 4.0  # between two points of which a projection is straight, within centimetres
_SAMPLE_KM = 0.1  # between the points that stand for a cell of a projected raster
_MOST_SAMPLES = 16  # along the side of a cell
_SQUARE_BITS = 40  # of a number that holds a commune and a square
_CHUNK = 1 << 20  # cells spread at a time, to bound the memory


@dataclass(frozen=True, slots=True)
class EqualAreaGrid:
    """Square kilometres of a cylindrical equal-area projection.

    Attributes
    ----------
    standard_parallel
        Degrees; there a cell is a square on the ground, elsewhere a rectangle of the same area.
    col0, row0
        Whole kilometres of the projection, east and north, of the south-west corner.
    width, height
        Cells from west to east and from south to north; rows count northwards.
    shift
        What the grid is moved by, east and north, in cells.
    """

    standard_parallel: float
    col0: int
    row0: int
    width: int
    height: int
    shift: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def around(cls, bounds: Sequence[float]) -> EqualAreaGrid:
        """Cover a box, with a cell more on each side.

        Parameters
        ----------
        bounds
            West, south, east, north in degrees. The projection depends only on the band of 30 degrees that their middle
            lies in (0 to 30, 30 to 60, 60 to 90, on either side): a province has the grid of its country.
        """
        west, south, east, north = (float(edge) for edge in bounds)
        middle = (south + north) / 2
        parallel = math.copysign((min(abs(middle), 89.0) // _BAND + 0.5) * _BAND, middle)
        whole = cls(parallel, 0, 0, 0, 0)
        left, right = whole.x_km(np.array([west, east]))
        bottom, top = whole.y_km(np.array([south, north]))
        col0, row0 = math.floor(left) - 1, math.floor(bottom) - 1
        return cls(parallel, col0, row0, math.ceil(right) + 1 - col0, math.ceil(top) + 1 - row0)

    @property
    def size(self) -> int:
        """All cells."""
        return self.width * self.height

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.height, self.width

    def shifted(self, east: float, north: float) -> EqualAreaGrid:
        """Move the grid by parts of a cell."""
        return replace(self, shift=(east, north))

    def x_km(self, lon: Numbers) -> Numbers:
        """Eastings of longitudes in degrees, in kilometres."""
        return np.asarray(np.radians(lon) * self._parallel_km)

    def y_km(self, lat: Numbers) -> Numbers:
        """Northings of latitudes in degrees, in kilometres: the area to the equator over the width."""
        return zone_km2(np.radians(lat), WGS84) / self._parallel_km

    @property
    def _parallel_km(self) -> float:
        """Radius of the standard parallel."""
        phi = math.radians(self.standard_parallel)
        return WGS84.a / 1e3 * math.cos(phi) / math.sqrt(1.0 - WGS84.es * math.sin(phi) ** 2)


class OnCells(NamedTuple):
    """Amounts by commune and cell of a raster.

    Attributes
    ----------
    commune, row, col
        int64 (k,).
    amount
        float64 (k, m): people, square kilometres, or several things at once.
    """

    commune: Indices
    row: Indices
    col: Indices
    amount: Numbers


class OnSquares(NamedTuple):
    """Amounts by commune and square kilometre, each pair once, sorted.

    Attributes
    ----------
    commune, square
        int64 (k,); the square is ``row * width + col`` of its grid.
    amount
        float64 (k, m).
    """

    commune: Indices
    square: Indices
    amount: Numbers

    def on(self, grid: EqualAreaGrid) -> Numbers:
        """Add up the first amount of all communes on their grid, float64 (rows, cols)."""
        sums = np.bincount(self.square, self.amount[:, 0], grid.size)
        return sums.astype(np.float64).reshape(grid.shape)


class Spread(Protocol):
    """How the cells of a raster lie across a grid of square kilometres."""

    def pieces(self, row: Indices, col: Indices) -> Iterator[tuple[Indices, Numbers]]:
        """Divide cells of the raster.

        Parameters
        ----------
        row, col
            int64 (k,).

        Yields
        ------
        tuple
            For each piece that a cell can have: int64 (k,) the square kilometre ``row * width + col``, and float64 (k,)
            the share of the cell that lies there. The shares of a cell add up to 1.
        """


def spread_of(grid: EqualAreaGrid, crs: pyproj.CRS, transform: Affine, shape: tuple[int, int]) -> Spread:
    """Say how the cells of a raster lie across a grid.

    Parameters
    ----------
    grid
        Square kilometres; what lies beyond them goes to the nearest at its edge.
    crs, transform, shape
        Of the raster: its system, from (column, row) of cell corners to coordinates, north-up, and its rows and columns.
    """
    rows, cols = shape
    if crs == _LONLAT:
        lon = transform.c + transform.a * np.arange(cols + 1, dtype=np.float64)
        lat = transform.f + transform.e * np.arange(rows + 1, dtype=np.float64)
        x = grid.x_km(lon) - grid.col0 - grid.shift[0]
        y = grid.y_km(np.clip(lat, -90.0, 90.0))
        return _Rectangles(grid, _overlaps(x), _overlaps(y - grid.row0 - grid.shift[1]))
    return _Samples.of(grid, crs, transform, shape)


class SquareSums:
    """Sums of what the cells of a raster hold by commune and square kilometre.

    Parameters
    ----------
    spread
        How the raster lies across the grid.
    amounts
        How many of the amounts of the cells are wanted: the first ones.
    """

    def __init__(self, spread: Spread, amounts: int = 1) -> None:
        self._spread, self._amounts = spread, amounts
        self._parts: list[OnSquares] = []

    def add(self, part: OnCells) -> None:
        """Divide cells of the raster among square kilometres, by the area of a cell in each.

        Parameters
        ----------
        part
            Some of the cells; a commune and a cell may come again.
        """
        wanted = part._replace(amount=part.amount[:, : self._amounts])
        self._parts.append(_divided(wanted, self._spread))

    def joined(self) -> OnSquares:
        """Add up all parts. The sums of a commune's amounts are those of its cells, but for rounding."""
        return _joined(self._parts)


def _divided(part: OnCells, spread: Spread) -> OnSquares:
    """Divide one part, and add up what one commune has in one square."""
    pieces = [_joined([])]
    for start in range(0, len(part.row), _CHUNK):
        here = slice(start, start + _CHUNK)
        commune, amount = part.commune[here], part.amount[here]
        for square, share in spread.pieces(part.row[here], part.col[here]):
            some = share > 0
            pieces.append(OnSquares(commune[some], square[some], share[some, np.newaxis] * amount[some]))
    return _joined(pieces)


def _joined(several: Sequence[OnSquares]) -> OnSquares:
    """Add up the amounts of the same commune in the same square."""
    if not several:
        return OnSquares(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1)))
    several = [one for one in several if len(one.commune)] or several[:1]
    commune, square, amount = (np.concatenate(column) for column in zip(*several, strict=True))
    order = np.argsort(commune << _SQUARE_BITS | square, kind="stable")
    commune, square = commune[order], square[order]
    fresh = np.ones(len(order), dtype=bool)
    fresh[1:] = (np.diff(commune) != 0) | (np.diff(square) != 0)
    start = np.flatnonzero(fresh)
    sums = np.add.reduceat(amount[order], start, axis=0) if len(start) else amount
    return OnSquares(commune[start], square[start], sums)


class _Overlaps(NamedTuple):
    """The kilometres that stretches lie across: the first one of each, and the share in it and those that follow."""

    first: Indices
    share: Numbers


def _overlaps(edges: Numbers) -> _Overlaps:
    """Divide the stretches between edges, which rise or fall, at whole kilometres."""
    low, high = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
    first = np.floor(low).astype(np.int64)
    most = int((np.ceil(high) - first).max(initial=1.0))
    left = first[:, np.newaxis] + np.arange(most)
    inside = np.minimum(high[:, np.newaxis], left + 1.0) - np.maximum(low[:, np.newaxis], left)
    inside = np.maximum(inside, 0.0)
    whole = inside.sum(axis=1, keepdims=True)
    inside[whole[:, 0] <= 0, 0] = 1.0  # nothing between two edges, as beyond a pole
    return _Overlaps(first, inside / np.where(whole > 0, whole, 1.0))


class _Rectangles(NamedTuple):
    """A raster in degrees: its cells are rectangles among square kilometres."""

    grid: EqualAreaGrid
    x: _Overlaps
    y: _Overlaps

    def pieces(self, row: Indices, col: Indices) -> Iterator[tuple[Indices, Numbers]]:
        """Divide each cell into its rectangles."""
        for up in range(self.y.share.shape[1]):
            north = np.clip(self.y.first[row] + up, 0, self.grid.height - 1) * self.grid.width
            tall = self.y.share[row, up]
            for right in range(self.x.share.shape[1]):
                east = np.clip(self.x.first[col] + right, 0, self.grid.width - 1)
                yield north + east, tall * self.x.share[col, right]


class _Samples(NamedTuple):
    """A raster in another system: points stand for the equal parts of a cell.

    ``x``, ``y`` are the kilometres of the corners of every ``step``-th cell, from the grid's south-west corner.
    """

    grid: EqualAreaGrid
    x: Numbers
    y: Numbers
    step: int
    side: int

    @classmethod
    def of(cls, grid: EqualAreaGrid, crs: pyproj.CRS, transform: Affine, shape: tuple[int, int]) -> _Samples:
        """Carry a lattice of corners over; those the system does not know are taken from their neighbours."""
        unit = crs.axis_info[0].unit_conversion_factor
        metres = unit * (WGS84.a if crs.is_geographic else 1.0)
        side_km = max(abs(transform.a), abs(transform.e)) * metres / 1e3
        step = max(1, int(_LATTICE_KM / side_km))
        rows, cols = (np.arange(-(-count // step) + 1) * step for count in shape)
        east, north = np.meshgrid(transform.c + cols * transform.a, transform.f + rows * transform.e)
        lon, lat = transformer_between(crs, _LONLAT).transform(east, north)
        known = np.isfinite(lon) & np.isfinite(lat)
        x = grid.x_km(np.where(known, lon, 0.0)) - grid.col0 - grid.shift[0]
        y = grid.y_km(np.where(known, lat, 0.0)) - grid.row0 - grid.shift[1]
        nearest = _nearest_known(known)
        side = min(_MOST_SAMPLES, max(1, math.ceil(side_km / _SAMPLE_KM)))
        return cls(grid, x[nearest], y[nearest], step, side)

    def pieces(self, row: Indices, col: Indices) -> Iterator[tuple[Indices, Numbers]]:
        """Give the points of each cell, all of the same share."""
        share = np.full(len(row), 1.0 / self.side**2)
        for down in range(self.side):
            for right in range(self.side):
                south_of, east_of = (down + 0.5) / self.side, (right + 0.5) / self.side
                x, y = self._at(np.asarray(row + south_of), np.asarray(col + east_of))
                north = np.clip(np.floor(y).astype(np.int64), 0, self.grid.height - 1)
                east = np.clip(np.floor(x).astype(np.int64), 0, self.grid.width - 1)
                yield north * self.grid.width + east, share

    def _at(self, row: Numbers, col: Numbers) -> tuple[Numbers, Numbers]:
        """Take kilometres from the four corners around."""
        down, right = row / self.step, col / self.step
        i, j = down.astype(np.int64), right.astype(np.int64)
        down, right = down - i, right - j
        weights = (1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right
        corners = (i, j), (i, j + 1), (i + 1, j), (i + 1, j + 1)
        x = sum(weight * self.x[corner] for weight, corner in zip(weights, corners, strict=True))
        y = sum(weight * self.y[corner] for weight, corner in zip(weights, corners, strict=True))
        return np.asarray(x), np.asarray(y)


def _nearest_known(known: NDArray[np.bool_]) -> tuple[Indices, Indices]:
    """Say which known point of a lattice is nearest to each."""
    nearest = np.indices(known.shape)
    if known.any() and not known.all():
        nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return nearest[0].astype(np.int64), nearest[1].astype(np.int64)
