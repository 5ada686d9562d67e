"""Small rasters written to a file, and opened as the program opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
from affine import Affine

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.readers.raster_cells import RasterFile

NORTH_UP = Affine(0.01, 0, 105, 0, -0.01, 21)
GRID = np.arange(12, dtype=np.float32).reshape(3, 4)


def write(path: Path, cells: np.ndarray[Any, Any] = GRID, **options: Any) -> Path:
    """Write a GeoTIFF; None leaves an option out."""
    profile = {"crs": "EPSG:4326", "transform": NORTH_UP, "nodata": -1, "dtype": cells.dtype, "count": 1}
    profile |= {"driver": "GTiff", "height": cells.shape[-2], "width": cells.shape[-1]} | options
    with rasterio.open(
        path, "w", **{key: value for key, value in profile.items() if value is not None}
    ) as file:
        file.write(cells, *([1] if cells.ndim == 2 else []))
    return path


def opened(path: Path, **options: Any) -> RasterFile:
    findings = Findings()
    raster = open_raster(path, findings=findings, **options)
    assert findings.errors == ()
    assert not isinstance(raster, Refused)
    return raster
