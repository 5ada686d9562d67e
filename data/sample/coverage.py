"""What the made-up operators hand in: the same kind of sites, drawn in four different ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import rasterio.features
import rasterio.transform
import shapely.geometry

from .sites import RIDGE_M

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Frame, Terrain
    from .sites import Sites

LONLAT = "EPSG:4326"
VN2000_UTM = "EPSG:3405"
"""VN-2000 / UTM zone 48N, the national system."""
VN2000_LOCAL = "EPSG:5899"
"""VN-2000 / TM-3 107-45, a system as provinces use it; its area of use holds the sample country."""

_PIXEL_M = 250.0
_DIRECTIONS = 40
_STEPS = 14
_BEAM_POINTS = 9
_BOW_TIE_SHARE = 0.015


def site_points(sites: Sites, frame: Frame, crs: str) -> NDArray[np.float64]:
    """Give the sites as x, y in a coordinate reference system, shape (n, 2)."""
    lonlat = frame.lonlat(np.column_stack([sites.col + 0.5, sites.row + 0.5]))
    return _project(lonlat, LONLAT, crs)


def staircases(covered: NDArray[np.bool_], frame: Frame) -> NDArray[np.object_]:
    """Draw coverage as a planning tool exports it: the outlines of raster cells of 250 m.

    Parameters
    ----------
    covered
        Cells of the frame that are covered.
    frame
        Where the cells lie.

    Returns
    -------
    ndarray of Polygon
        In ``VN2000_UTM``; disjoint, with holes.
    """
    corners = frame.lonlat(
        np.array([[0, 0], [frame.cols, 0], [0, frame.rows], [frame.cols, frame.rows]], dtype=np.float64)
    )
    x, y = _project(corners, LONLAT, VN2000_UTM).T
    west, north = np.floor(x.min() / _PIXEL_M) * _PIXEL_M, np.ceil(y.max() / _PIXEL_M) * _PIXEL_M
    cols = int((x.max() - west) // _PIXEL_M)
    rows = int((north - y.min()) // _PIXEL_M)
    px, py = np.meshgrid(
        west + (np.arange(cols) + 0.5) * _PIXEL_M, north - (np.arange(rows) + 0.5) * _PIXEL_M
    )
    lonlat = _project(np.column_stack([px.ravel(), py.ravel()]), VN2000_UTM, LONLAT)
    col = np.floor((lonlat[:, 0] - frame.west) * frame.cells_per_degree).astype(np.int64)
    row = np.floor((frame.north - lonlat[:, 1]) * frame.cells_per_degree).astype(np.int64)
    inside = (col >= 0) & (col < frame.cols) & (row >= 0) & (row < frame.rows)
    flat = np.zeros(rows * cols, dtype=np.uint8)
    flat[inside] = covered[row[inside], col[inside]]
    pixels = flat.reshape(rows, cols)
    transform = rasterio.transform.from_origin(west, north, _PIXEL_M, _PIXEL_M)
    drawn = rasterio.features.shapes(pixels, mask=pixels == 1, connectivity=4, transform=transform)
    return np.asarray([shapely.geometry.shape(outline) for outline, _ in drawn], dtype=object)


def smooth_shapes(
    rng: np.random.Generator, terrain: Terrain, sites: Sites, group: NDArray[np.int64], groups: int
) -> NDArray[np.object_]:
    """Draw coverage as a marketing map does: rounded shapes, one multipolygon per province.

    Parameters
    ----------
    rng
        Source of the randomness; the same sites with more behind them get the same outlines again.
    terrain
        Heights shorten the reach.
    sites
        The sites.
    group, groups
        Province of each site, -1 for sites that are not drawn, and how many provinces there are.

    Returns
    -------
    ndarray of MultiPolygon
        One per province, in ``LONLAT``; they overlap where provinces meet. None where there is no site.
    """
    angle = np.linspace(0.0, 2.0 * np.pi, _DIRECTIONS, endpoint=False)
    share = np.arange(1, _STEPS + 1) / _STEPS
    away = sites.reach_km[:, None, None] * share[None, None, :] / terrain.frame.cell_km
    row = sites.row[:, None, None] + away * np.sin(angle)[None, :, None]
    col = sites.col[:, None, None] + away * np.cos(angle)[None, :, None]
    row = np.clip(np.rint(row), 0, terrain.frame.rows - 1).astype(np.int64)
    col = np.clip(np.rint(col), 0, terrain.frame.cols - 1).astype(np.int64)
    climb = np.abs(terrain.height_m[row, col] - terrain.height_m[sites.row, sites.col][:, None, None])
    hidden = share * (1.0 + climb / RIDGE_M) > 1.0
    seen = np.where(hidden.any(axis=2), hidden.argmax(axis=2), _STEPS) / _STEPS
    radius_m = 1000.0 * sites.reach_km[:, None] * np.maximum(seen, 0.12) * rng.uniform(0.93, 1.05, seen.shape)
    radius_m = (radius_m + np.roll(radius_m, 1, axis=1) + np.roll(radius_m, -1, axis=1)) / 3.0
    middle = site_points(sites, terrain.frame, VN2000_UTM)
    x = middle[:, :1] + radius_m * np.cos(angle)
    y = middle[:, 1:] - radius_m * np.sin(angle)
    blobs = np.asarray(shapely.polygons(np.stack([x, y], axis=2)), dtype=object)
    shapes = [_merged(blobs[group == number]) for number in range(groups)]
    return _in_lonlat(np.asarray(shapes, dtype=object))


def wedges(rng: np.random.Generator, sites: Sites, frame: Frame, whole: int = 0) -> NDArray[np.object_]:
    """Draw coverage as a list of sectors: three wedges per site, overlapping, some of them bow ties.

    Parameters
    ----------
    rng
        Source of the randomness; the same sites with more behind them get the same wedges again.
    sites, frame
        The sites and where they lie.
    whole
        The last so many sites get clean sectors that leave no direction out.

    Returns
    -------
    ndarray of Polygon
        In ``VN2000_LOCAL``, three for each site in a row. A few cross themselves, as in real files.
    """
    count = len(sites.row)
    plain = (np.arange(count) < count - whole)[:, None]
    draw = rng.uniform(size=(count, 10))
    half = np.where(plain, 0.75 + 0.4 * draw[:, 1:4], 1.15)
    reach = 1000.0 * sites.reach_km[:, None] * np.where(plain, 0.85 + 0.3 * draw[:, 4:7], 1.15)
    tied = ((draw[:, 7:10] < _BOW_TIE_SHARE) & plain).ravel()
    azimuth = 2.0 * np.pi * (draw[:, :1] + np.arange(3) / 3.0)
    angle = azimuth[:, :, None] + half[:, :, None] * np.linspace(-1.0, 1.0, _BEAM_POINTS)
    middle = site_points(sites, frame, VN2000_LOCAL)[:, None, None, :]
    rim = middle + reach[:, :, None, None] * np.stack([np.cos(angle), np.sin(angle)], axis=3)
    rim = rim.reshape(count * 3, _BEAM_POINTS, 2)
    rim[tied, 3:5] = rim[tied, 3:5][:, ::-1]
    ring = np.concatenate([np.repeat(middle.reshape(count, 1, 2), 3, axis=0), rim], axis=1)
    return np.asarray(shapely.polygons(np.round(ring, 2)), dtype=object)


def _merged(blobs: NDArray[np.object_]) -> shapely.MultiPolygon | None:
    """Join blobs, round their corners and thin their points out."""
    if not len(blobs):
        return None
    joined = shapely.simplify(shapely.buffer(shapely.buffer(shapely.union_all(blobs), 180.0), -180.0), 12.0)
    merged: shapely.MultiPolygon = shapely.multipolygons(list(shapely.get_parts(joined)))
    return merged


def _in_lonlat(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(_project(points, VN2000_UTM, LONLAT), 6)

    moved: NDArray[np.object_] = shapely.transform(shapes, move)
    return moved


def _project(points: NDArray[np.float64], source: str, target: str) -> NDArray[np.float64]:
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))
