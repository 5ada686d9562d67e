"""The ground a file covers, measured without uniting polygons: spans on an equal-area grid of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from affine import Affine

from ...data.geodesy.area import area_km2
from ...data.geodesy.crs import LONLAT
from ..burn.grid import Grid
from ..burn.polygons import burn, burn_communes
from ..burn.spans import CELL_UNITS, Spans, union

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

    import geopandas as gpd
    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]

_MOST_LINES = 32_768  # a country of 1,700 km is cut every 52 m
_MOST_SPANS = 2_000_000
_LINES_PER_BLOCK = 4
_LINES_AT_ONCE = 1024  # bounds the memory of one step
_ENOUGH_LINES = 8192  # of a small place
_FINE_M = 5.0
_FINEST_M = 1.0
_LONGEST_ROW = 400_000  # cells; x positions are 32-bit numbers
_MARGIN_DEG = 2.0  # coverage may reach so far beyond the country and is still measured


def equal_area_grid(bounds_4326: Sequence[float], heights_deg: float = 0.0) -> Grid:
    """Lay an equal-area grid over a box.

    The projection is the cylindrical equal-area one with its true scale at the centre of the box: lines run
    along parallels, and any polygon on the earth has a place on it.

    Parameters
    ----------
    bounds_4326
        West, south, east, north in degrees.
    heights_deg
        The heights of all parts that will be burned, added up: with many small parts the lines stand wider
        apart, so that their spans fit into memory and time.

    Returns
    -------
    Grid
        Square cells of one line each; what lies outside the box is cut off.
    """
    west, south, east, north = (float(edge) for edge in bounds_4326)
    crs = pyproj.CRS(
        f"+proj=cea +lat_ts={(south + north) / 2:.6f} +lon_0={(west + east) / 2:.6f} +datum=WGS84 +units=m"
    )
    carry = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    (left, right), (bottom, top) = carry.transform([west, east], [max(south, -90.0), min(north, 90.0)])
    spans_m = heights_deg * (top - bottom) / max(north - south, 1e-9) / _MOST_SPANS
    high, wide = top - bottom, right - left
    fine_m = min(high / _ENOUGH_LINES, max(_FINE_M, high / _MOST_LINES))
    cell_m = max(_FINEST_M, fine_m, spans_m, wide / _LONGEST_ROW)
    width = int((right - left) // cell_m) + 1
    height = int((top - bottom) // cell_m) + 1
    return Grid(crs, Affine(cell_m, 0.0, left, 0.0, -cell_m, top), width, height, 1)


def grid_around(groups: Sequence[NDArray[np.object_]], country_4326: NDArray[np.float64]) -> Grid:
    """Lay an equal-area grid over polygons, but not farther than a margin around the country.

    Parameters
    ----------
    groups
        Polygons in EPSG:4326, of one file or of several that are compared.
    country_4326
        West, south, east, north of the country, degrees.
    """
    bounds = np.array([shapely.total_bounds(group) for group in groups])
    low = np.maximum(bounds[:, :2].min(axis=0), country_4326[:2] - _MARGIN_DEG)
    high = np.minimum(bounds[:, 2:].max(axis=0), country_4326[2:] + _MARGIN_DEG)
    edges = [shapely.bounds(shapely.get_parts(group)) for group in groups]
    heights_deg = float(sum((box[:, 3] - box[:, 1]).sum() for box in edges))
    return equal_area_grid((*low.tolist(), *high.tolist()), heights_deg)


@dataclass(frozen=True, slots=True)
class Footprint:
    """Ground on an equal-area grid.

    Attributes
    ----------
    spans
        Merged spans; several footprints can be compared when they share ``grid``.
    grid
        From :func:`equal_area_grid`.
    """

    spans: Spans
    grid: Grid
    _start: NDArray[np.int64] = field(repr=False)
    _end: NDArray[np.int64] = field(repr=False)
    _done: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, geometries: NDArray[np.object_], crs: pyproj.CRS, grid: Grid) -> Footprint:
        """Burn polygons; inside one polygon the even-odd rule decides, as in a run."""
        return cls.over(burn(geometries, crs, grid), grid)

    @classmethod
    def over(cls, spans: Spans, grid: Grid) -> Footprint:
        """Take merged spans of a grid as ground."""
        base = spans.line.astype(np.int64) * ((grid.width + 1) * CELL_UNITS)
        start, end = base + spans.x0, base + spans.x1
        return cls(spans, grid, start, end, np.concatenate([[0], np.cumsum(end - start)]))

    @property
    def area_km2(self) -> float:
        """Square kilometres on the ellipsoid; ground covered twice counts once."""
        length = (self.spans.x1.astype(np.int64) - self.spans.x0).sum()
        return float(length) * self._km2_per_unit

    def shared_km2(self, other: Spans, *, shift_units: int = 0, shift_lines: int = 0) -> float:
        """Square kilometres that this ground shares with other spans of the same grid.

        Parameters
        ----------
        other
            Spans of the same grid.
        shift_units, shift_lines
            Moves ``other`` by so many 1/4096 of a cell to the east and lines to the south first.
        """
        return float(self._lengths(other, shift_units, shift_lines).sum()) * self._km2_per_unit

    def agreement(self, other: Footprint) -> float:
        """Give shared over united ground, 0 to 1; 0 where both are empty."""
        shared = self.shared_km2(other.spans)
        united = self.area_km2 + other.area_km2 - shared
        return shared / united if united > 0 else 0.0

    def owners_km2(self, owners: Spans, count: int) -> NDArray[np.float64]:
        """Ground shared with each owner of some spans, square kilometres, shape (count,)."""
        if owners.owner is None:
            raise ValueError("these spans have no owners")
        lengths = self._lengths(owners, 0, 0).astype(np.float64)
        return np.asarray(np.bincount(owners.owner, lengths, count) * self._km2_per_unit, dtype=np.float64)

    def cells(self, step: int) -> NDArray[np.float32]:
        """Covered share of square blocks of ``step`` cells, north-up; shape (rows, columns).

        A block is known from four of its lines, which is enough to recognise shapes.
        """
        rows, cols = -(-self.grid.height // step), -(-self.grid.width // step)
        total = np.zeros((rows, cols), np.float32)
        edges = np.minimum(np.arange(cols + 1, dtype=np.int64) * step * CELL_UNITS, self._stride - 1)
        every = max(1, step // _LINES_PER_BLOCK)
        lines = np.unique(self.spans.line).astype(np.int64)
        lines = lines[lines % every == 0]
        for start in range(0, len(lines), _LINES_AT_ONCE):
            some = lines[start : start + _LINES_AT_ONCE]
            keys = some[:, None] * self._stride + edges[None, :]
            np.add.at(total, some // step, np.diff(self._before(keys), axis=1).astype(np.float32))
        shares: NDArray[np.float32] = total * np.float32(every / (step * step * CELL_UNITS))
        return shares

    @property
    def _km2_per_unit(self) -> float:
        return self.grid.transform.a**2 / CELL_UNITS / 1e6

    @property
    def _stride(self) -> int:
        return (self.grid.width + 1) * CELL_UNITS

    def _lengths(self, other: Spans, units: int, lines: int) -> NDArray[np.int64]:
        """Length of each other span that lies inside this ground."""
        line = other.line.astype(np.int64) + lines
        inside = (line >= 0) & (line < self.grid.height)
        start = np.clip(other.x0.astype(np.int64) + units, 0, self._stride - 1) + line * self._stride
        end = np.clip(other.x1.astype(np.int64) + units, 0, self._stride - 1) + line * self._stride
        return np.where(inside, self._before(end) - self._before(start), 0)

    def _before(self, keys: NDArray[np.int64]) -> NDArray[np.int64]:
        """Covered length before positions, counting line after line."""
        if not len(self.spans):
            return np.zeros(keys.shape, np.int64)
        at = np.searchsorted(self._start, keys, side="right") - 1
        here = np.minimum(keys, self._end[at]) - self._start[at]
        return np.where(at < 0, 0, self._done[at] + here)


@dataclass(frozen=True, slots=True)
class CommunesOnGrid:
    """The communes on an equal-area grid.

    Attributes
    ----------
    owners
        Their spans, with the row of the commune.
    commune_km2
        Their ground on the ellipsoid, square kilometres, shape (communes,).
    """

    owners: Spans
    commune_km2: NDArray[np.float64]

    @classmethod
    def of(cls, communes: gpd.GeoDataFrame, grid: Grid) -> CommunesOnGrid:
        """Burn the communes."""
        outlines = np.asarray(communes.geometry.array, dtype=object)
        return cls(burn_communes(communes, grid), area_km2(outlines))


@dataclass(frozen=True)
class FootprintCoverage:
    """What one file covers, with the communes on the same equal-area grid; a :class:`~.measure.Measure`.

    Attributes
    ----------
    footprint
        The ground.
    communes
        On the same grid.
    """

    footprint: Footprint
    communes: CommunesOnGrid

    @cached_property
    def area_km2(self) -> float:
        """All of it, as far as the grid reaches."""
        return self.footprint.area_km2

    @cached_property
    def in_communes_km2(self) -> NDArray[np.float64]:
        """What lies in each commune, shape (communes,)."""
        return self._in_communes_km2(self.footprint)

    @property
    def commune_km2(self) -> NDArray[np.float64]:
        """The whole ground of each commune on the ellipsoid, shape (communes,)."""
        return self.communes.commune_km2

    def in_box_km2(self, box_4326: Box) -> float:
        """Measure what lies in a box: west, south, east, north."""
        frame = np.array([shapely.box(*box_4326)], dtype=object)
        return self.footprint.shared_km2(burn(frame, LONLAT, self.footprint.grid))

    def outside_km2(self, others: Sequence[Self]) -> NDArray[np.float64]:
        """Measure what lies in each commune and none of the others covers, shape (communes,)."""
        grid, theirs = self.footprint.grid, union([other.footprint.spans for other in others])
        either = self._in_communes_km2(Footprint.over(union([self.footprint.spans, theirs]), grid))
        return either - self._in_communes_km2(Footprint.over(theirs, grid))

    def agreement(self, other: Self) -> float:
        """Give shared over united ground, 0 to 1; 0 where both are empty."""
        return self.footprint.agreement(other.footprint)

    def reaches(self, communes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Say which of some communes are reached; nothing finer than the lines of the grid is known."""
        return communes & (self.in_communes_km2 > 0)

    def _in_communes_km2(self, footprint: Footprint) -> NDArray[np.float64]:
        return footprint.owners_km2(self.communes.owners, len(self.commune_km2))
