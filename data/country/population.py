"""Where people live: a raster of people, and the official figures of the communes beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..disk.hashing import ANYTHING, Expected
from ..geodesy.area import CellAreas
from ..readers.facts import Refused, tell_raster
from ..readers.raster import open_raster
from ..readers.raster_cells import RasterCells, RasterWindow
from ..readers.raster_mosaic import Mosaic, mosaic_of
from .survey import cell_km2, is_dense_enough, largest_value, plausible, survey_cells
from .totals import OfficialTotals, read_totals
from .unmarked import zero_is_nobody

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyproj
    from affine import Affine
    from numpy.typing import NDArray

    from ..findings.collector import Findings
    from ..project.limits import CheckRules
    from ..project.population import RasterSource
    from ..readers.facts import LayerFacts
    from ..readers.raster_cells import RasterFile

__all__ = ["OfficialTotals", "PopulationRaster", "open_population", "read_totals"]
_FEWEST_SATURATED = 3  # cells at the very limit of their type, by chance


@dataclass(frozen=True, slots=True)
class PopulationRaster:
    """People per cell of a raster, whatever the file stores.

    Attributes
    ----------
    facts
        What is known of each of its GeoTIFF files.
    crs
        Its coordinate reference system.
    transform
        From (column, row) of cell corners to CRS coordinates; north-up.
    width, height
        Columns and rows.
    kind
        What the file stores: ``count`` (people per cell) or ``density`` (people per square kilometre).
    nodata
        The value that means no data, in units of the stored cells; None where the file marks such cells in
        another way (a mask, or cells that are not a number).
    vintage
        Date or year the raster speaks of.
    source
        Who published it.
    tiles
        The parts of these rows and columns that the file, or the files, consist of: the ground that it knows.
    """

    facts: tuple[LayerFacts, ...]
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    kind: Literal["count", "density"]
    nodata: float | None
    vintage: str
    source: str
    tiles: tuple[RasterWindow, ...]
    _cells: RasterCells | Mosaic = field(repr=False, compare=False)
    _areas: CellAreas = field(repr=False, compare=False)
    _total: float = field(repr=False, compare=False)

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """Read the people of a window; may be called from several threads at once.

        Parameters
        ----------
        row0, col0
            First row and column; may lie outside the raster.
        rows, cols
            Size of the window.

        Returns
        -------
        ndarray of float64, (rows, cols)
            People per cell; NaN where there is no data and outside the raster.
        """
        window = RasterWindow(row0, rows, col0, cols)
        values = self._cells.read(window)
        return values if self.kind == "count" else values * cell_km2(self._areas, window)

    def total(self) -> float:
        """All people of the raster, whether inside a commune or not."""
        return self._total


def open_population(
    source: RasterSource,
    findings: Findings,
    rules: CheckRules | None = None,
    expected: Expected = ANYTHING,
) -> PopulationRaster | None:
    """Open the population raster and look at every cell once.

    Parameters
    ----------
    source
        What the project file says about it.
    findings
        Told everything that is wrong.
    rules
        The limits of plausibility; None leaves out whether people are too few for the ground.
    expected
        What the file must be.

    Returns
    -------
    PopulationRaster or None
        None after an error finding: cells that cannot be placed, a number that may be a mark of no data,
        negative or impossible numbers, nobody at all, or so few that they may be thousands.
    """
    about = findings.about(source.named)
    read = _opened(source, findings, expected)
    cells = None if read is None else _cells_of(read, findings)
    if read is None or cells is None:
        return None
    raster = cells.raster
    areas = CellAreas(raster.crs, raster.transform, raster.width, raster.height)
    limit = largest_value(raster)
    town_per_km2 = math.inf if rules is None else rules.sparse_per_km2
    survey = survey_cells(cells, areas, source.kind, limit, town_per_km2)
    if survey.saturated >= _FEWEST_SATURATED:
        about.add("population.saturated", count=survey.saturated, limit=limit)
    tiles = _tiles(cells)
    if not plausible(survey, raster, about):
        return None
    everywhere = survey.known == sum(tile.rows * tile.cols for tile in tiles)
    unmarked = everywhere and not any(one.nodata or one.has_mask for one in read)
    if unmarked and not zero_is_nobody(survey, cells, about):
        return None
    if rules is not None and not is_dense_enough(survey, rules, about):
        return None
    for one in read:
        tell_raster(one.facts, one.width, one.height)
    return PopulationRaster(
        facts=tuple(one.facts for one in read),
        crs=raster.crs,
        transform=raster.transform,
        width=raster.width,
        height=raster.height,
        kind=source.kind,
        nodata=raster.nodata[0] if raster.nodata else None,
        vintage=source.vintage,
        source=source.source,
        tiles=tiles,
        _cells=cells,
        _areas=areas,
        _total=survey.total,
    )


def _opened(source: RasterSource, findings: Findings, expected: Expected) -> list[RasterFile] | None:
    """Open the file or all tiles; None after an error finding."""
    unseen = [path for path in source.files if expected.hashes and path not in expected.hashes]
    if unseen and source.named.is_dir():  # a tile that came after the others were hashed
        findings.add("file.changed", file=source.named)
        return None
    rasters = [
        open_raster(path, crs=source.crs, nodata=source.nodata, findings=findings, expected=expected)
        for path in source.files
    ]
    read = [raster for raster in rasters if not isinstance(raster, Refused)]
    return read if len(read) == len(rasters) else None


def _cells_of(read: Sequence[RasterFile], findings: Findings) -> RasterCells | Mosaic | None:
    """Give the cells of one raster, or of several as one; None after an error finding."""
    return RasterCells(read[0]) if len(read) == 1 else mosaic_of(read, findings)


def _tiles(cells: RasterCells | Mosaic) -> tuple[RasterWindow, ...]:
    """Say which rows and columns the files have."""
    if isinstance(cells, Mosaic):
        return tuple(tile.window for tile in cells.tiles)
    return (RasterWindow(0, cells.raster.height, 0, cells.raster.width),)
