"""A plane of square cells, and polygons drawn in its columns and rows."""

from __future__ import annotations

import numpy as np
import pyproj
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.spans import CELL_UNITS, Spans

UTM48 = pyproj.CRS.from_epsg(32648)
LONLAT = pyproj.CRS.from_epsg(4326)


def plane(cell: float = 100.0, width: int = 20, height: int = 20, sublines: int = 4) -> Grid:
    """A grid of square cells whose upper left corner is (500 000, 2 300 000)."""
    return Grid(UTM48, Affine(cell, 0, 500_000, 0, -cell, 2_300_000), width, height, sublines)


def at(*corners: tuple[float, float]) -> shapely.Polygon:
    """Make a polygon from (column, row) corners of the plane's cells."""
    return shapely.Polygon([(500_000 + 100 * col, 2_300_000 - 100 * row) for col, row in corners])


def box(col0: float, row0: float, col1: float, row1: float) -> shapely.Polygon:
    return at((col0, row0), (col1, row0), (col1, row1), (col0, row1))


def cells_of(spans: Spans, grid: Grid) -> float:
    """Ground in cells."""
    return float((spans.x1.astype(np.int64) - spans.x0).sum()) / CELL_UNITS / grid.sublines


def polygons(*shapes: shapely.Geometry) -> np.ndarray:
    return np.array(shapes, dtype=object)


def same(one: Spans, other: Spans) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("line", "x0", "x1"))
