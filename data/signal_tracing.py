"""Outlines of the cells of an unpacked raster that reach a threshold; done where files are read."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import rasterio.features
import shapely
import shapely.geometry
from affine import Affine

from .crs import LONLAT
from .isolation import Workplace
from .isolation_reply import save_table
from .raster import RasterCells, RasterFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from .raster import Window

OUTLINES = "outlines.arrow"
"""Name of the file that takes the outlines: a column ``wkb``."""

_SENT = ("width", "height", "dtype", "has_mask", "scale", "offset", "south_first", "block_rows", "block_cols")
_AT_ONCE = 10_000  # outlines that are kept as objects


def described(raster: RasterFile) -> dict[str, Any]:
    """Say what :func:`trace` needs to know of a raster, in types of JSON.

    Parameters
    ----------
    raster
        An unpacked raster.
    """
    sent = {name: getattr(raster, name) for name in _SENT}
    return sent | {"nodata": list(raster.nodata), "transform": list(raster.transform[:6])}


def trace(outside: Path, cells: Mapping[str, Any], threshold: float) -> dict[str, Any]:
    """Trace the cells that reach a threshold.

    Parameters
    ----------
    outside
        Holds the unpacked cells and gets the file :data:`OUTLINES`.
    cells
        From :func:`described`.
    threshold
        Cells of this value and above are covered.

    Returns
    -------
    dict
        ``known`` and ``covered``, counts of cells; ``lowest`` and ``highest`` of the known values, None where
        there are none.
    """
    raster = RasterFile(
        path=outside,
        crs=LONLAT,  # of no matter here: outlines stay in the raster's own coordinates
        transform=Affine(*cells["transform"]),
        nodata=tuple(cells["nodata"]),
        place=Workplace(outside.parent),
        **{name: cells[name] for name in _SENT},
    )
    stored = RasterCells(raster)
    known = covered = 0
    lowest, highest = np.inf, -np.inf
    outlines: list[bytes] = []
    for window in raster.windows():
        values = stored.read(window)
        here = int(np.count_nonzero(~np.isnan(values)))
        if not here:
            continue
        above = values >= threshold  # false for NaN, which is no data
        known += here
        covered += int(np.count_nonzero(above))
        lowest, highest = min(lowest, float(np.nanmin(values))), max(highest, float(np.nanmax(values)))
        for some in _outlines(above, window, raster):
            outlines.extend(shapely.to_wkb(some, byte_order=1).tolist())
    save_table(outside / OUTLINES, {"wkb": pa.array(outlines, type=pa.large_binary())})
    values_known = {"lowest": lowest, "highest": highest} if known else {"lowest": None, "highest": None}
    return {"known": known, "covered": covered} | values_known


def _outlines(above: NDArray[np.bool_], window: Window, raster: RasterFile) -> Iterator[NDArray[np.object_]]:
    if not above.any():
        return
    corner = raster.transform * Affine.translation(window.col0, window.row0)
    shapes = rasterio.features.shapes(above.astype(np.uint8), mask=above, connectivity=4, transform=corner)
    while some := [shapely.geometry.shape(shape) for shape, _ in itertools.islice(shapes, _AT_ONCE)]:
        yield np.array(some, dtype=object)
