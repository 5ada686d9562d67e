"""Areas and distances on the ellipsoid, for many geometries at once.

Areas rest on the closed form of the zone between the equator and a parallel (J. P. Snyder, "Map
projections: a working manual", USGS Professional Paper 1395, 1987, equations 3-12 and 10-15). Distances
are drawn in :mod:`.buffer`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from .buffer import buffer_m

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

__all__ = ["WGS84", "CellAreas", "area_km2", "buffer_m", "zone_km2"]

WGS84 = pyproj.Geod(ellps="WGS84")
_CHUNK_VERTICES = 500_000  # bounds the memory of the intermediate arrays
_CACHED_EDGES = 1 << 14  # whose intermediate arrays stay in the processor's cache: half the time
_LATTICE_M = 20_000.0  # the areal scale of a projection is taken at points so far apart

# Gauss-Legendre points of an edge: exact for polynomials of degree 5, so that an edge of a whole radian is
# right to 1e-6 and one of a kilometre to the last digit.
_GAUSS_AT = (1.0 + np.array([-math.sqrt(0.6), 0.0, math.sqrt(0.6)])) / 2.0
_GAUSS_WEIGHT = np.array([5.0, 8.0, 5.0]) / 18.0


def area_km2(geometries_4326: NDArray[np.object_]) -> NDArray[np.float64]:
    """Areas on the ellipsoid WGS 84.

    Edges are straight in degrees, as the GeoJSON and GeoPackage standards say; a geodesic between the same
    two points differs noticeably only for edges of many kilometres.

    Parameters
    ----------
    geometries_4326
        Geometries in longitude and latitude, shape (n,). Holes count as outside whatever way they run; the
        overlap of two parts counts twice. Whatever is no polygon has no area.

    Returns
    -------
    ndarray of float64, shape (n,)
        Square kilometres; 0 for missing and empty geometries.
    """
    geometries = np.asarray(geometries_4326, dtype=object)
    parts, owner = _polygons(geometries)
    areas = np.zeros(len(geometries))
    if not len(parts):
        return areas
    before = np.concatenate([[0], np.cumsum(shapely.get_num_coordinates(parts))])
    start = 0
    while start < len(parts):
        stop = int(np.searchsorted(before, before[start] + _CHUNK_VERTICES, side="right")) - 1
        stop = max(start + 1, stop)
        np.add.at(areas, owner[start:stop], _part_areas_km2(parts[start:stop]))
        start = stop
    return areas


class CellAreas:
    """Areas of the cells of a raster on the ellipsoid of its reference system.

    Geographic rasters use the closed form; projected ones divide the area in the plane by the projection's
    areal scale, taken at points of a lattice over the raster and interpolated, so that a cell's area does
    not depend on which other cells are asked for. May be used from several threads at once.

    Parameters
    ----------
    crs
        Geographic or projected.
    transform
        North-up, from (column, row) of cell corners to coordinates.
    width, height
        Columns and rows of the raster.
    """

    def __init__(self, crs: pyproj.CRS, transform: Affine, width: int, height: int) -> None:
        self._shape = (height, width)
        unit = crs.axis_info[0].unit_conversion_factor  # radians or metres
        if crs.is_geographic:
            latitude = (transform.f + np.arange(height + 1) * transform.e) * unit
            zone = zone_km2(np.clip(latitude, -math.pi / 2, math.pi / 2), crs.get_geod() or WGS84)
            self._step = 0
            self._lattice = (abs(transform.a) * unit * -np.diff(zone))[:, None]
            return
        self._step = max(1, int(_LATTICE_M / (max(abs(transform.a), abs(transform.e)) * unit)))
        rows = np.arange(height // self._step + 2) * self._step
        cols = np.arange(width // self._step + 2) * self._step
        plane = abs(transform.a * transform.e) * unit**2 / 1e6
        self._lattice = plane / _areal_scale(crs, transform, rows, cols)

    def km2(self, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
        """Areas of the cells where some rows and columns meet.

        Parameters
        ----------
        rows, cols
            Rows and columns; outside the raster the area of the nearest cell inside is given.

        Returns
        -------
        ndarray of float64
            Square kilometres; shape (rows, 1) for geographic rasters, else (rows, cols).
        """
        rows = np.clip(rows, 0, self._shape[0] - 1)
        cols = np.clip(cols, 0, self._shape[1] - 1)
        areas: NDArray[np.float64]
        if not self._step:
            areas = self._lattice[rows]
            return areas
        row, down = rows // self._step, ((rows % self._step) / self._step)[:, None]
        col, right = cols // self._step, ((cols % self._step) / self._step)[None, :]
        upper = self._lattice[row] * (1 - down) + self._lattice[row + 1] * down
        areas = upper[:, col] * (1 - right) + upper[:, col + 1] * right
        return areas


def _areal_scale(
    crs: pyproj.CRS, transform: Affine, rows: NDArray[np.int64], cols: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Areal scale of a projection at the centres of cells; 1 where it has none (outside its domain)."""
    x, y = np.meshgrid(transform.c + (cols + 0.5) * transform.a, transform.f + (rows + 0.5) * transform.e)
    geographic = crs.geodetic_crs
    lon, lat = pyproj.Transformer.from_crs(crs, geographic, always_xy=True).transform(x, y)
    known = np.isfinite(lon) & np.isfinite(lat)
    scale = np.ones(x.shape)
    if known.any():
        factors = pyproj.Proj(crs).get_factors(np.asarray(lon)[known], np.asarray(lat)[known])
        scale[known] = factors.areal_scale
    return np.where(np.isfinite(scale), scale, 1.0)


def zone_km2(latitude: NDArray[np.float64], geod: pyproj.Geod) -> NDArray[np.float64]:
    """Areas between the equator and parallels, for one radian of longitude.

    Parameters
    ----------
    latitude
        Radians; negative in the south, where the area is negative, too.
    geod
        The ellipsoid.

    Returns
    -------
    ndarray of float64
        Square kilometres, of the shape of ``latitude``.
    """
    minor_km = geod.b / 1e3
    eccentricity = math.sqrt(max(0.0, geod.es))
    sine = np.sin(latitude)
    if eccentricity == 0.0:
        return minor_km**2 * sine
    scaled = eccentricity * sine
    zone: NDArray[np.float64] = (
        0.5 * minor_km**2 * (sine / (1.0 - scaled**2) + np.arctanh(scaled) / eccentricity)
    )
    return zone


def _mean_zone_km2(
    first: NDArray[np.float64], south: NDArray[np.float64], north: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean of the zone along edges, above the parallel of the first vertex of their ring."""
    # Seen from there, a small ring keeps all its digits.
    level = zone_km2(first, WGS84)
    mean_zone = np.zeros(len(first))
    for at, weight in zip(_GAUSS_AT, _GAUSS_WEIGHT, strict=True):
        mean_zone += weight * (zone_km2(south + at * (north - south), WGS84) - level)
    return mean_zone


def _polygons(geometries: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Take geometries apart into polygons, with the index each came from."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():  # collections of multipolygons
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    solid = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[solid], owner[solid]


def _part_areas_km2(polygons: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area of each polygon: its outer ring less its holes."""
    _, degrees, (ring_start, part_start) = shapely.to_ragged_array(polygons, include_z=False)
    radians = np.radians(degrees)
    first = np.repeat(radians[ring_start[:-1], 1], np.diff(ring_start))[:-1]
    south, north = radians[:-1, 1], radians[1:, 1]
    mean_zone = np.empty(len(first))
    for start in range(0, len(first), _CACHED_EDGES):
        edges = slice(start, start + _CACHED_EDGES)
        mean_zone[edges] = _mean_zone_km2(first[edges], south[edges], north[edges])
    pieces = np.diff(radians[:, 0]) * mean_zone
    pieces[ring_start[1:-1] - 1] = 0.0  # from the end of a ring to the start of the next one
    ring_areas = np.abs(np.add.reduceat(pieces, ring_start[:-1]))
    total: NDArray[np.float64] = np.add.reduceat(ring_areas, part_start[:-1])
    return 2.0 * ring_areas[part_start[:-1]] - total
