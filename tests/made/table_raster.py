"""A population raster held in memory, and communes drawn in its columns and rows."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid

LONLAT = pyproj.CRS.from_epsg(4326)
UTM48 = pyproj.CRS.from_epsg(32648)
LEFT, TOP, CELL = 500_000.0, 2_300_000.0, 100.0


@dataclass
class TableRaster:
    """A population raster held in memory."""

    people: np.ndarray
    crs: pyproj.CRS = UTM48
    transform: Affine = field(default_factory=lambda: Affine(CELL, 0, LEFT, 0, -CELL, TOP))

    @property
    def width(self) -> int:
        return int(self.people.shape[1])

    @property
    def height(self) -> int:
        return int(self.people.shape[0])

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        window = np.full((rows, cols), np.nan)
        top, bottom = max(row0, 0), min(row0 + rows, self.height)
        left, right = max(col0, 0), min(col0 + cols, self.width)
        if bottom > top and right > left:
            window[top - row0 : bottom - row0, left - col0 : right - col0] = self.people[
                top:bottom, left:right
            ]
        return window


def box(col0: float, row0: float, col1: float, row1: float) -> shapely.Polygon:
    """Make a box from columns and rows of the raster."""
    return shapely.box(LEFT + CELL * col0, TOP - CELL * row1, LEFT + CELL * col1, TOP - CELL * row0)


def communes(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    codes = [f"{number:05d}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=UTM48)


def grid_of(raster: TableRaster, sublines: int = 4) -> Grid:
    return Grid(raster.crs, raster.transform, raster.width, raster.height, sublines)
