"""Runs of pixels as outlines, for files that other maps read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from .pixel_rows import TILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .pixel_rows import CoverageRows

_BAND: Final = 256  # rows that are united at a time


def pixel_outlines(rows: CoverageRows) -> NDArray[np.object_]:
    """Draw the outlines of covered pixels.

    Parameters
    ----------
    rows
        The pixels.

    Returns
    -------
    ndarray of object
        Polygons in degrees, EPSG:4326, that overlap nowhere; a stretch of ground is cut where a band of rows ends.
        Edges run along the edges of pixels. Empty where nothing is covered.
    """
    size = TILE << rows.zoom
    found = []
    band = rows.row // _BAND
    for number in np.unique(band).tolist():
        here = band == number
        boxes = shapely.box(rows.start[here], rows.row[here], rows.end[here], rows.row[here] + 1)
        found.append(shapely.get_parts(shapely.union_all(boxes)))
    pixels = np.concatenate([np.zeros(0, dtype=object), *found])

    def in_degrees(places: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = places[:, 0] / size, places[:, 1] / size
        return np.column_stack([360.0 * x - 180.0, np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * y))))])

    outlines: NDArray[np.object_] = shapely.normalize(shapely.transform(pixels, in_degrees))
    return outlines
