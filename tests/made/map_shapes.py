"""Shapes and coverage rows for the tests of the map: neighbours that share every corner, rows of a grid of flags."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely

from blackspot.maps.encoding.pixel_rows import CoverageRows


def rows_of(cells: np.ndarray, x0: int = 0, y0: int = 0, zoom: int = 8) -> CoverageRows:
    """Make rows of a grid of flags."""
    edges = np.diff(cells.astype(np.int8), axis=1, prepend=0, append=0)
    row, start = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    columns = (column.astype(np.int32) for column in (row + y0, start + x0, end + x0))
    return CoverageRows("Sao Mai", "5g", zoom, *columns)


def lattice(seed: int, side: int = 5) -> np.ndarray:
    """Make neighbours that share every corner, with points along their borders, a hole and an island."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(side + 1) * 0.1, np.arange(side + 1) * 0.1)
    x, y = x + rng.uniform(-0.02, 0.02, x.shape), y + rng.uniform(-0.02, 0.02, y.shape)
    shapes = []
    for r in range(side):
        for c in range(side):
            ring = [(r, c), (r, c + 1), (r + 1, c + 1), (r + 1, c), (r, c)]
            points = []
            for (r0, c0), (r1, c1) in pairwise(ring):
                low, high = sorted([(r0, c0), (r1, c1)])
                steps = np.linspace(0, 1, 12)[:, None]
                a, b = (np.array([x[at], y[at]]) for at in (low, high))
                wave = np.sin(steps * 9 * np.pi) * 0.0004
                line = a + (b - a) * steps + wave
                points.append((line if (r0, c0) == low else line[::-1])[:-1])
            shapes.append(shapely.Polygon(np.concatenate(points)))
    hole = shapely.Point(0.25, 0.25).buffer(0.01, quad_segs=16)
    shapes = [shape.difference(hole) for shape in shapes] + [hole]
    shapes.append(
        shapely.MultiPolygon([shapely.Point(1.0 + k / 50, 0.3).buffer(0.0003 * (k + 1)) for k in range(4)])
    )
    return np.array(shapes, dtype=object)
