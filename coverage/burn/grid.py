"""The one grid everything is counted on: the cells of the population raster."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyproj
from affine import Affine

from ...data.geodesy.area import WGS84, zone_km2
from ...data.geodesy.places import Bounds, LonLat
from ...data.geodesy.transformers import transformer_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_LONLAT = pyproj.CRS.from_epsg(4326)
_POLE = math.pi / 2
SUBLINE_SPACING_M = 20.0
_SLACK = 0.1  # of a line: 100.04 m (a UTM cell on the ground) at 20 m are five lines, not six
_EDGE_POINTS = 41  # points per edge when a box is carried into another CRS


class Raster(Protocol):
    """What the grid and the overlay need of a population raster.

    ``read`` may reach outside the raster and answers NaN there and wherever there is no data.
    """

    @property
    def crs(self) -> pyproj.CRS:
        """The raster's CRS."""

    @property
    def transform(self) -> Affine:
        """From (column, row) of cell corners to CRS coordinates; north-up."""

    @property
    def width(self) -> int:
        """Columns."""

    @property
    def height(self) -> int:
        """Rows."""

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People per cell of a window; NaN where there is no data."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of the population raster, extended so that every commune lies inside.

    Attributes
    ----------
    crs
        The raster's CRS.
    transform
        From (column, row) of this grid's cell corners to CRS coordinates; north-up.
    width, height
        Columns and rows.
    sublines
        Sub-lines per row: lines across the cells along which polygons are sampled.
    raster_row0, raster_col0
        Row and column of this grid's cell (0, 0) in the raster; negative where the grid reaches further.
    """

    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    sublines: int
    raster_row0: int = 0
    raster_col0: int = 0

    @classmethod
    def around(
        cls,
        raster: Raster,
        bounds_of_communes_4326: Sequence[float],
        subline_spacing_m: float = SUBLINE_SPACING_M,
    ) -> Grid:
        """Cover the raster and the communes with the raster's own cells.

        Parameters
        ----------
        raster
            The population raster.
        bounds_of_communes_4326
            West, south, east, north in degrees.
        subline_spacing_m
            The wanted distance of sub-lines in metres; a row gets at least one.
        """
        west, south, east, north = (float(edge) for edge in bounds_of_communes_4326)
        box = _carry(Bounds(west, south, east, north), raster.crs)
        step_x, step_y = raster.transform.a, -raster.transform.e
        left, top = raster.transform.c, raster.transform.f
        col0 = min(0, math.floor((box.west - left) / step_x))
        row0 = min(0, math.floor((top - box.north) / step_y))
        col1 = max(raster.width, math.ceil((box.east - left) / step_x))
        row1 = max(raster.height, math.ceil((top - box.south) / step_y))
        transform = Affine(step_x, 0.0, left + col0 * step_x, 0.0, -step_y, top - row0 * step_y)
        middle = ((row0 + row1) / 2, (col0 + col1) / 2)
        row_m = _row_height_m(raster, row=middle[0], col=middle[1])
        sublines = max(1, math.ceil(row_m / subline_spacing_m - _SLACK))
        return cls(raster.crs, transform, col1 - col0, row1 - row0, sublines, row0, col0)

    @property
    def lines(self) -> int:
        """All sub-lines of the grid."""
        return self.height * self.sublines

    @property
    def cell_deg(self) -> float:
        """Height of a cell in degrees of latitude, roughly: in the middle of the grid."""
        rows = np.array([self.height // 2, self.height // 2 + 1])
        south, north = sorted(self.cell_centres_lonlat(rows, np.full(2, self.width // 2)).lat.tolist())
        return float(north - south)

    def cell_centres_lonlat(
        self,
        rows: NDArray[np.integer] | NDArray[np.floating],
        cols: NDArray[np.integer] | NDArray[np.floating],
    ) -> LonLat:
        """Longitude and latitude of cell centres.

        Parameters
        ----------
        rows, cols
            Rows and columns of this grid, of equal shape or broadcastable.
        """
        row, col = np.broadcast_arrays(np.asarray(rows, float), np.asarray(cols, float))
        x = self.transform.c + (col + 0.5) * self.transform.a
        y = self.transform.f + (row + 0.5) * self.transform.e
        if self.crs == _LONLAT:
            return LonLat(x, y)
        lon, lat = transformer_between(self.crs, _LONLAT).transform(x, y)
        return LonLat(np.asarray(lon), np.asarray(lat))

    def cell_area_km2(
        self,
        rows: NDArray[np.integer] | NDArray[np.floating],
        cols: NDArray[np.integer] | NDArray[np.floating],
    ) -> NDArray[np.float64]:
        """Area of cells on the ellipsoid, square kilometres.

        Geographic grids use the closed form of :mod:`blackspot.data.geodesy.area`; projected grids divide the
        plane's area by the projection's areal scale at the cell's centre.

        Parameters
        ----------
        rows, cols
            Rows and columns of this grid, of equal shape or broadcastable.
        """
        row, col = np.broadcast_arrays(np.asarray(rows, float), np.asarray(cols, float))
        if self.crs.is_geographic:
            radians = self.crs.axis_info[0].unit_conversion_factor
            north = (self.transform.f + row * self.transform.e) * radians
            south = north + self.transform.e * radians
            geod = self.crs.get_geod() or WGS84
            upper, lower = (zone_km2(np.clip(edge, -_POLE, _POLE), geod) for edge in (north, south))
            return np.asarray(abs(self.transform.a) * radians * (upper - lower), dtype=np.float64)
        if not row.size:  # pyproj takes no empty arrays
            return np.zeros(row.shape)
        centre = self.cell_centres_lonlat(row, col)
        scale = pyproj.Proj(self.crs).get_factors(centre.lon, centre.lat, errcheck=False).areal_scale
        metres = self.crs.axis_info[0].unit_conversion_factor
        plane_km2 = abs(self.transform.a * self.transform.e) * metres**2 / 1e6
        return np.asarray(plane_km2 / np.asarray(scale), dtype=np.float64)


def lonlat_bounds(raster: Raster) -> Bounds:
    """Bounds of a raster in degrees, EPSG:4326.

    Parameters
    ----------
    raster
        The population raster.

    Returns
    -------
    Bounds
        Points outside the projection's domain are left out; all NaN where no other is left.
    """
    transform = raster.transform
    right = transform.c + raster.width * transform.a
    bottom = transform.f + raster.height * transform.e
    box = Bounds(transform.c, bottom, right, transform.f)
    return _carried(box, raster.crs, _LONLAT) or Bounds(*[math.nan] * 4)


def _carry(box: Bounds, crs: pyproj.CRS) -> Bounds:
    """Bounds of a lon/lat box in another CRS; points outside the projection's domain are left out."""
    carried = _carried(box, _LONLAT, crs)
    if carried is None:
        raise ValueError(
            f"the communes lie outside the domain of the population raster's CRS ({crs.name}); "
            "use a raster in another CRS"
        )
    return carried


def _carried(box: Bounds, source: pyproj.CRS, target: pyproj.CRS) -> Bounds | None:
    """Bounds of a box in another CRS; None where no point of it is known there."""
    if source == target:
        return box
    steps = np.linspace(0.0, 1.0, _EDGE_POINTS)
    x, y = np.meshgrid(box.west + steps * (box.east - box.west), box.south + steps * (box.north - box.south))
    x, y = transformer_between(source, target).transform(x, y)
    known = np.isfinite(x) & np.isfinite(y)
    if not known.any():
        return None
    return Bounds(x[known].min(), y[known].min(), x[known].max(), y[known].max())


def _row_height_m(raster: Raster, *, row: float, col: float) -> float:
    """Height of one row in metres near a cell, on the ellipsoid."""
    transform = raster.transform
    x = transform.c + col * transform.a
    y = np.array([transform.f + row * transform.e, transform.f + (row + 1) * transform.e])
    to_lonlat = transformer_between(raster.crs, _LONLAT)
    lon, lat = to_lonlat.transform(np.array([x, x]), y)
    if np.isfinite(lon).all() and np.isfinite(lat).all():
        _, _, metres = WGS84.inv(lon[0], lat[0], lon[1], lat[1])
        return float(metres)
    return float(abs(transform.e) * raster.crs.axis_info[0].unit_conversion_factor)
