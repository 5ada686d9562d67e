"""The cells of a raster that was read: a window at a time, from an array on disk."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...errors import WorkplaceError
from ..isolation.reply import BadReplyError, map_array

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyproj
    from affine import Affine
    from numpy.typing import NDArray

    from ..isolation.folder import ReadingFolder
    from .facts import LayerFacts

_HUGE = 1e30  # "no data" markers near the largest float32 are rounded differently by every writer
WINDOW_CELLS = 1 << 22  # 32 MiB as float64


@dataclass(frozen=True, slots=True)
class RasterFile:
    """What the header of a usable raster says.

    Attributes
    ----------
    facts
        What is known of the GeoTIFF, which is not needed any more.
    crs
        Its coordinate reference system.
    transform
        From (column, row) of cell corners to CRS coordinates; always north-up, also where the file
        stores its southernmost row first.
    width, height
        Columns and rows.
    dtype
        Type of the cells in the file, as numpy names it.
    nodata
        Values that mean no data, in units of the stored cells; empty where none is stated.
    has_mask
        The file carries a mask of its own.
    scale, offset
        A cell's value is ``stored * scale + offset``.
    south_first
        The file stores its southernmost row first.
    block_rows, block_cols
        Size of the blocks the file is packed in.
    says_rssi
        Its description speaks of RSSI and not of RSRP.
    folder
        The folder that keeps the unpacked cells, for as long as this object lives.
    """

    facts: LayerFacts
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    dtype: str
    nodata: tuple[float, ...] = ()
    has_mask: bool = False
    scale: float = 1.0
    offset: float = 0.0
    south_first: bool = False
    block_rows: int = 1
    block_cols: int = 1
    says_rssi: bool = False
    folder: ReadingFolder | None = field(default=None, repr=False, compare=False)

    def windows(self, cells: int = WINDOW_CELLS) -> Iterator[RasterWindow]:
        """Cover the raster with windows that follow its blocks, north to south, then west to east.

        Parameters
        ----------
        cells
            About how many cells a window may have; never less than one block.

        Returns
        -------
        iterator of RasterWindow
            Windows that do not overlap and leave nothing out.
        """
        return windows((self.height, self.width), (self.block_rows, self.block_cols), cells)


class RasterCells:
    """Cells of a raster, for any number of threads.

    Parameters
    ----------
    raster
        The header.

    Raises
    ------
    WorkplaceError
        The unpacked cells are gone.
    """

    def __init__(self, raster: RasterFile) -> None:
        self.raster = raster
        shape = (raster.height, raster.width)
        if raster.folder is None:
            raise WorkplaceError(f"{raster.facts.path}: has not been unpacked")
        try:
            outside = raster.folder.outside
            self._stored = map_array(outside / "cells.npy", np.dtype(raster.dtype), shape)
            self._mask = (
                map_array(outside / "mask.npy", np.dtype(np.uint8), shape) if raster.has_mask else None
            )
        except BadReplyError as error:
            raise WorkplaceError(f"{raster.facts.path}: the unpacked cells are gone: {error}") from error

    def __reduce__(self) -> tuple[type[RasterCells], tuple[RasterFile]]:
        """Let other processes map the cells themselves."""
        return type(self), (self.raster,)

    def windows(self) -> Iterator[RasterWindow]:
        """Cover the raster with windows, see :meth:`RasterFile.windows`."""
        return self.raster.windows()

    def read(self, window: RasterWindow) -> NDArray[np.float64]:
        """Read the values of a window.

        Parameters
        ----------
        window
            May reach outside the raster.

        Returns
        -------
        ndarray of float64, (rows, cols)
            NaN where there is no data and outside the raster.
        """
        raster = self.raster
        row0, row1 = max(0, window.row0), min(raster.height, window.row0 + window.rows)
        col0, col1 = max(0, window.col0), min(raster.width, window.col0 + window.cols)
        inside = RasterWindow(row0, row1 - row0, col0, col1 - col0)
        if inside == window and min(inside.rows, inside.cols) > 0:
            return self._values(window)
        out = np.full((max(0, window.rows), max(0, window.cols)), np.nan)
        if inside.rows > 0 and inside.cols > 0:
            rows = slice(row0 - window.row0, row1 - window.row0)
            cols = slice(col0 - window.col0, col1 - window.col0)
            out[rows, cols] = self._values(inside)
        return out

    def _values(self, window: RasterWindow) -> NDArray[np.float64]:
        raster = self.raster
        first = raster.height - window.row0 - window.rows if raster.south_first else window.row0
        here = np.s_[first : first + window.rows, window.col0 : window.col0 + window.cols]
        stored = self._stored[here]
        with np.errstate(invalid="ignore"):  # a damaged file may hold NaN of the signalling kind
            values: NDArray[np.float64] = stored.astype(np.float64)
        if self._mask is not None:
            values[self._mask[here] == 0] = np.nan
        for marker in raster.nodata:
            values[_is_marker(stored, marker)] = np.nan
        if raster.scale != 1.0 or raster.offset != 0.0:
            values = values * raster.scale + raster.offset
        return values[::-1] if raster.south_first else values


def _is_marker(stored: NDArray[Any], marker: float) -> NDArray[np.bool_]:
    """Find the cells that hold a "no data" marker, compared in the type they are stored in."""
    if math.isnan(marker):
        found = np.isnan(stored)
    elif stored.dtype.kind == "f" and abs(marker) > _HUGE:
        found = stored * math.copysign(1.0, marker) > stored.dtype.type(_HUGE)
    elif stored.dtype.kind == "f":
        found = stored == stored.dtype.type(marker)
    else:
        found = stored == marker
    result: NDArray[np.bool_] = found
    return result


class RasterWindow(NamedTuple):
    """A block of cells: first row and column, and how many of each."""

    row0: int
    rows: int
    col0: int
    cols: int


def windows(shape: tuple[int, int], blocks: tuple[int, int], cells: int) -> Iterator[RasterWindow]:
    """Cover a raster with windows that follow its blocks, north to south, then west to east.

    Parameters
    ----------
    shape
        Rows and columns of the raster.
    blocks
        Rows and columns of the blocks its file is packed in.
    cells
        About how many cells a window may have; never less than one block.

    Yields
    ------
    RasterWindow
        Windows that do not overlap and leave nothing out.
    """
    height, width = shape
    block_rows, block_cols = min(blocks[0], height), min(blocks[1], width)
    cols = min(width, block_cols * max(1, cells // (block_rows * block_cols)))
    rows = min(height, block_rows * max(1, cells // (block_rows * cols)))
    for row0 in range(0, height, rows):
        for col0 in range(0, width, cols):
            yield RasterWindow(row0, min(rows, height - row0), col0, min(cols, width - col0))
