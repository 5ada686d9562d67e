"""Rasters of people in which every cell has a number: 0 is nobody, unless another number is no number of people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..readers.raster_cells import RasterWindow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..readers.raster_cells import RasterCells
    from ..readers.raster_mosaic import Mosaic
    from .survey import Survey

_MARKS = frozenset({127, 255, 999, 9999, 32767, 65535, 99999, 999999, 9999999, 99999999})
_FEWEST = 3  # cells of the same highest number, by chance
_BORDER_SHARE = 0.9  # of the outermost cells
_LEAST_SHARE = 0.01  # of all that the raster counts: less does not matter


def zero_is_nobody(survey: Survey, cells: RasterCells | Mosaic, about: FileFindings) -> bool:
    """Judge whether the numbers of a raster without a no-data value can all be people.

    Negative numbers and those too large for people are refused elsewhere. What is left is a mark among the numbers:
    the highest one where several cells share it and it is such as programs choose, or one that fills the border of
    the raster, as the sea does, while others stand inside, and adds up to more than a hundredth of the people.

    Parameters
    ----------
    survey
        Of all cells.
    cells
        The cells, in people or people per square kilometre.
    about
        Asked about a mark; told that 0 counts as nobody, and for how many cells.

    Returns
    -------
    bool
        False after a question that nobody has answered.
    """
    raster = cells.raster
    stored = (survey.highest - raster.offset) / raster.scale if raster.scale else survey.highest
    marks = {}
    if survey.at_highest >= _FEWEST and round(stored, 6) in _MARKS:
        marks[survey.highest] = survey.at_highest
    around = _border(cells)
    values, counts = np.unique(around, return_counts=True)
    usual = int(np.argmax(counts))
    if values[usual] > 0 and counts[usual] >= _BORDER_SHARE * len(around):
        alike, share = _weight(cells, values[usual])
        if share > _LEAST_SHARE and alike + survey.zero < survey.known:
            marks[float(values[usual])] = alike
    for mark, count in marks.items():
        if not about.ask("population.mark", value=mark, count=count):
            return False
    about.add("population.no-nodata", share_pct=100 * survey.zero / survey.known)
    return True


def _border(cells: RasterCells | Mosaic) -> NDArray[np.float64]:
    """Read the outermost cells."""
    height, width = cells.raster.height, cells.raster.width
    sides = (
        RasterWindow(0, 1, 0, width),
        RasterWindow(height - 1, 1, 0, width),
        RasterWindow(0, height, 0, 1),
        RasterWindow(0, height, width - 1, 1),
    )
    return np.concatenate([cells.read(side).ravel() for side in sides])


def _weight(cells: RasterCells | Mosaic, value: float) -> tuple[int, float]:
    """Count the cells that hold a value, and say which share of the sum of all cells is theirs."""
    alike, sums = 0, []
    for window in cells.raster.windows():
        people = cells.read(window)
        alike += int(np.count_nonzero(people == value))
        sums.append(float(people.sum()))
    return alike, alike * value / math.fsum(sums)
