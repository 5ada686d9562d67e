"""Made rasters and columns of signal whose threshold does not belong to their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio
from affine import Affine

from fixture_country import WEST

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from fixture_country import Writer


def write_signal(to: Writer) -> None:
    """Signs that were left away, classes for levels, and RSSI for RSRP."""
    levels = np.linspace(-125, -60, 400, dtype=np.float32).reshape(20, 20)
    _raster(to.folder / "levels.tif", levels, "")
    _raster(to.folder / "unsigned.tif", np.abs(levels).astype(np.uint8), "")
    _raster(to.folder / "classes.tif", (np.arange(400) % 4).reshape(20, 20).astype(np.uint8), "")
    _raster(to.folder / "rssi.tif", levels, "RSSI [dBm]")
    blobs = to.blobs()
    to.layer("bands.gpkg", blobs, rsrp=["-85", "-95", "-105", "-110", "-85", "-95"])
    to.layer("bands-unsigned.gpkg", blobs, rsrp=[85, 95, 105, 110, 85, 95])
    for code, file, lines in (
        ("coverage.signal-states", "levels.tif", "threshold = -110"),
        ("coverage.threshold-sign", "levels.tif", "threshold = 110"),
        ("coverage.sign-missing", "unsigned.tif", "threshold = -110"),
        ("coverage.threshold-positive", "unsigned.tif", "threshold = 110"),
        ("coverage.classes-for-levels", "classes.tif", "threshold = -110"),
        ("coverage.classes", "classes.tif", "threshold = 2"),
        ("coverage.rssi", "rssi.tif", "threshold = -110"),
        ("coverage.filtered", "bands.gpkg", 'where = { column = "rsrp", at_least = -105 }'),
        ("coverage.sign-missing", "bands-unsigned.gpkg", 'where = { column = "rsrp", at_least = -105 }'),
        ("coverage.threshold-sign", "bands.gpkg", 'where = { column = "rsrp", at_least = 105 }'),
    ):
        to.project(code, "coverage", file, lines)


def _raster(path: Path, cells: NDArray[np.number], description: str) -> None:
    profile = {"driver": "GTiff", "width": 20, "height": 20, "count": 1, "crs": "EPSG:4326"}
    where = {"transform": Affine(0.01, 0, WEST, 0, -0.01, 21.2), "nodata": 255, "dtype": cells.dtype}
    with rasterio.open(path, "w", **profile, **where) as file:
        file.write(cells, 1)
        file.set_band_description(1, description)
