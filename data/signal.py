"""Rasters of signal strength into the polygons above a threshold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
import shapely.geometry
from affine import Affine

from .raster import RasterCells, open_raster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

    from .findings import Findings
    from .raster import Window


@dataclass(frozen=True, slots=True)
class SignalArea:
    """The cells of a raster at or above a threshold.

    Attributes
    ----------
    geometry
        Polygons along the edges of cells, in ``crs``. A patch that crosses a reading window is in pieces
        that touch.
    crs
        Coordinate reference system of the raster.
    """

    geometry: NDArray[np.object_]
    crs: pyproj.CRS


@dataclass(slots=True)
class _Traced:
    """What one pass over the cells found."""

    known: int = 0
    covered: int = 0
    lowest: float = float("inf")
    highest: float = float("-inf")
    polygons: list[shapely.Geometry] = field(default_factory=list)


def read_signal(path: Path, threshold: float, *, crs: str, findings: Findings) -> SignalArea | None:
    """Trace the cells of a raster that reach a threshold.

    Parameters
    ----------
    path
        A GeoTIFF.
    threshold
        Cells of this value and above are covered, in the raster's own unit.
    crs
        What the project file says, for files that state no coordinate reference system.
    findings
        Told every problem, and when all cells or none reach the threshold.

    Returns
    -------
    SignalArea or None
        None after an error finding.
    """
    raster = open_raster(path, crs=crs, findings=findings)
    if raster is None:
        return None
    about = findings.about(path)
    traced = _trace(RasterCells(raster), threshold)
    if traced.known == raster.width * raster.height and not raster.nodata and not raster.has_mask:
        about.add("coverage.no-nodata")
        return None
    values = f"{traced.lowest:g} … {traced.highest:g}" if traced.known else "-"
    if not traced.covered:
        about.add("coverage.nothing-reaches-threshold", threshold=f"{threshold:g}", values=values)
        return None
    if traced.covered == traced.known:
        about.add("coverage.all-reaches-threshold", threshold=f"{threshold:g}", values=values)
    return SignalArea(np.array(traced.polygons, dtype=object), raster.crs)


def _trace(cells: RasterCells, threshold: float) -> _Traced:
    """Go over all cells once, a window at a time."""
    traced = _Traced()
    for window in cells.raster.windows():
        values = cells.read(window)
        known = int(np.count_nonzero(~np.isnan(values)))
        if not known:
            continue
        above = values >= threshold  # false for NaN, which is no data
        traced.known += known
        traced.covered += int(np.count_nonzero(above))
        traced.lowest = min(traced.lowest, float(np.nanmin(values)))
        traced.highest = max(traced.highest, float(np.nanmax(values)))
        traced.polygons.extend(_outlines(above, window, cells))
    return traced


def _outlines(above: NDArray[np.bool_], window: Window, cells: RasterCells) -> Iterator[shapely.Geometry]:
    if not above.any():
        return
    corner = cells.raster.transform * Affine.translation(window.col0, window.row0)
    shapes = rasterio.features.shapes(above.astype(np.uint8), mask=above, connectivity=4, transform=corner)
    for shape, _ in shapes:
        yield shapely.geometry.shape(shape)
