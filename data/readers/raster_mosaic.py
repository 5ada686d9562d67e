"""Several rasters that are tiles of one grid, read as one: nothing is copied, every window comes out of its tiles."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from affine import Affine

from .raster_cells import RasterCells, RasterWindow, windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from ..findings.collector import Findings
    from .raster_cells import RasterFile

MOST_CELLS = 5_000_000_000  # of the grid that all tiles span, as for one raster
_SAME_STEP = 1e-6  # of a cell's size: headers round it
_SAME_PLACE = 0.01  # of a cell: what the rounded sizes of many cells add up to
_BLOCK = 256  # rows and columns of the windows that a mosaic is read in come in such blocks
_SAME_PEOPLE = 1e-6  # relative: tiles of one source are packed alike


class MosaicTile(NamedTuple):
    """A raster among the tiles of a mosaic, and which rows and columns of it are its own."""

    cells: RasterCells
    window: RasterWindow


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Tiles of one grid.

    Attributes
    ----------
    raster
        The grid of all tiles together, with what the first one says otherwise; its cells are in no file.
    tiles
        In the order of the project file.
    """

    raster: RasterFile
    tiles: tuple[MosaicTile, ...]

    def windows(self) -> Iterator[RasterWindow]:
        """Cover the tiles with windows, north to south, then west to east; where no tile lies there is none."""
        for window in windows((self.raster.height, self.raster.width), (_BLOCK, _BLOCK), 1 << 22):
            if any(_common(window, tile.window) for tile in self.tiles):
                yield window

    def read(self, window: RasterWindow) -> NDArray[np.float64]:
        """Read the values of a window.

        Parameters
        ----------
        window
            May reach outside the tiles.

        Returns
        -------
        ndarray of float64, (rows, cols)
            NaN where there is no data and where no tile lies. Where tiles overlap, the first that knows a cell counts.
        """
        out = np.full((max(0, window.rows), max(0, window.cols)), np.nan)
        for tile, here in self._tiles_in(window):
            row, col = here.row0 - window.row0, here.col0 - window.col0
            part = out[row : row + here.rows, col : col + here.cols]
            np.copyto(part, _of_tile(tile, here), where=np.isnan(part))
        return out

    def contradictions(self) -> Iterator[tuple[MosaicTile, MosaicTile, int]]:
        """Find the tiles that know other values of the same cells, and how many cells these are."""
        for at, tile in enumerate(self.tiles):
            for other in self.tiles[:at]:
                both = _common(tile.window, other.window)
                if both is None:
                    continue
                count = 0
                for some in windows((both.rows, both.cols), (_BLOCK, _BLOCK), 1 << 22):
                    here = some._replace(row0=both.row0 + some.row0, col0=both.col0 + some.col0)
                    mine, theirs = _of_tile(tile, here), _of_tile(other, here)
                    known = ~np.isnan(mine) & ~np.isnan(theirs)
                    count += int(np.count_nonzero(~np.isclose(mine[known], theirs[known], rtol=_SAME_PEOPLE)))
                if count:
                    yield tile, other, count

    def _tiles_in(self, window: RasterWindow) -> Iterator[tuple[MosaicTile, RasterWindow]]:
        for tile in self.tiles:
            here = _common(window, tile.window)
            if here is not None:
                yield tile, here


def mosaic_of(rasters: Sequence[RasterFile], findings: Findings) -> Mosaic | None:
    """Put rasters together that are tiles of one grid.

    Parameters
    ----------
    rasters
        At least one.
    findings
        Told which tile has another reference system, cell size or grid than the first, which tiles know other values
        of the same cells, and tiles that lie too far apart.

    Returns
    -------
    Mosaic or None
        None after an error finding.
    """
    first = rasters[0]
    places = [_place(raster, first) for raster in rasters]
    for raster, place in zip(rasters, places, strict=True):
        if place is None:
            findings.add("population.tile-grid", file=raster.facts.path, other=first.facts.path.name)
    known = [place for place in places if place is not None]
    if len(known) < len(rasters):
        return None
    row0, col0 = min(place.row0 for place in known), min(place.col0 for place in known)
    height = max(place.row0 + place.rows for place in known) - row0
    width = max(place.col0 + place.cols for place in known) - col0
    if width * height > MOST_CELLS:
        findings.add("population.tiles-apart", file=first.facts.path, cells=width * height, limit=MOST_CELLS)
        return None
    whole = replace(
        first,
        transform=first.transform @ Affine.translation(col0, row0),
        width=width,
        height=height,
        nodata=first.nodata,
        folder=None,
    )
    tiles = tuple(
        MosaicTile(RasterCells(raster), place._replace(row0=place.row0 - row0, col0=place.col0 - col0))
        for raster, place in zip(rasters, known, strict=True)
    )
    mosaic = Mosaic(whole, tiles)
    contradicting = list(mosaic.contradictions())
    for tile, other, count in contradicting:
        findings.add(
            "population.tiles-contradict",
            file=tile.cells.raster.facts.path,
            count=count,
            other=other.cells.raster.facts.path.name,
        )
    return None if contradicting else mosaic


def _place(raster: RasterFile, first: RasterFile) -> RasterWindow | None:
    """Say which rows and columns of the first raster's grid another one has; None where it is of another grid."""
    if raster.crs != first.crs:
        return None
    for step, other in ((raster.transform.a, first.transform.a), (raster.transform.e, first.transform.e)):
        if not math.isclose(step, other, rel_tol=_SAME_STEP):
            return None
    col, row = ~first.transform @ (raster.transform.c, raster.transform.f)
    if max(abs(col - round(col)), abs(row - round(row))) > _SAME_PLACE:
        return None
    return RasterWindow(round(row), raster.height, round(col), raster.width)


def _common(window: RasterWindow, other: RasterWindow) -> RasterWindow | None:
    """Give the cells that two windows share; None where they share none."""
    row0, col0 = max(window.row0, other.row0), max(window.col0, other.col0)
    rows = min(window.row0 + window.rows, other.row0 + other.rows) - row0
    cols = min(window.col0 + window.cols, other.col0 + other.cols) - col0
    return RasterWindow(row0, rows, col0, cols) if min(rows, cols) > 0 else None


def _of_tile(tile: MosaicTile, window: RasterWindow) -> NDArray[np.float64]:
    """Read a window of the mosaic that lies inside a tile."""
    inside = window._replace(row0=window.row0 - tile.window.row0, col0=window.col0 - tile.window.col0)
    return tile.cells.read(inside)
