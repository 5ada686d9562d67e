"""Where people live: a raster of people, and the official figures of the communes beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from .geodesic import CellAreas
from .raster import RasterCells, Window, open_raster
from .totals import OfficialTotals, read_totals

if TYPE_CHECKING:
    from pathlib import Path

    import pyproj
    from affine import Affine
    from numpy.typing import NDArray

    from .findings import FileFindings, Findings
    from .project import PopulationSource
    from .project_checks import CheckRules
    from .raster import RasterFile

__all__ = ["OfficialTotals", "PopulationRaster", "open_population", "read_totals"]

_MOST_IN_A_CELL = 1e8  # more than any city of the earth: not a number of people
_MOST_IN_ALL = 1e10  # more than live on the earth
_CROWDED_PER_KM2 = 1e6  # the densest quarters of the earth hold a few hundred thousand
_SMALL_TYPE_BYTES = 2  # a byte or two: cities have more people in a cell of a kilometre
_FEWEST_SATURATED = 3  # cells at the very limit of their type, by chance
_TOWN_SHARE = 0.01  # of the people live in the densest cells of any province
_CROWDED_SHARE = 0.01  # of the people; towers in small cells are crowded, but few live in such cells


@dataclass(frozen=True, slots=True)
class PopulationRaster:
    """People per cell of a raster, whatever the file stores.

    Attributes
    ----------
    path
        The GeoTIFF.
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
    """

    path: Path
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    kind: Literal["count", "density"]
    nodata: float | None
    vintage: str
    source: str
    _cells: RasterCells = field(repr=False, compare=False)
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
        window = Window(row0, rows, col0, cols)
        values = self._cells.read(window)
        return values if self.kind == "count" else values * _km2(self._areas, window)

    def total(self) -> float:
        """All people of the raster, whether inside a commune or not."""
        return self._total


@dataclass(frozen=True, slots=True)
class _Where:
    """Which cells of a window are known."""

    window: Window
    here: NDArray[np.bool_]

    def cell(self, number: int) -> tuple[int, int]:
        """Row and column in the raster of a known cell, by its number among them."""
        row, col = np.argwhere(self.here)[number]
        return self.window.row0 + int(row), self.window.col0 + int(col)


@dataclass(slots=True)
class _Suspects:
    """Cells that cannot be right: how many, the first of them, and the most extreme value."""

    count: int = 0
    first: tuple[int, int] = (0, 0)
    extreme: float = 0.0

    def note(self, chosen: NDArray[np.bool_], people: NDArray[np.float64], where: _Where) -> None:
        if not self.count:
            self.first = where.cell(int(np.argmax(chosen)))
        self.count += int(np.count_nonzero(chosen))
        values = people[chosen]
        self.extreme = max(self.extreme, float(values[np.argmax(np.abs(values))]), key=abs)


@dataclass(slots=True)
class _Survey:
    """What one pass over all cells found."""

    known: int = 0
    saturated: int = 0
    sums: list[float] = field(default_factory=list)
    crowded_sums: list[float] = field(default_factory=list)
    town_sums: list[float] = field(default_factory=list)
    populated_km2: list[float] = field(default_factory=list)
    negative: _Suspects = field(default_factory=_Suspects)
    impossible: _Suspects = field(default_factory=_Suspects)
    crowded: _Suspects = field(default_factory=_Suspects)

    @property
    def total(self) -> float:
        return math.fsum(self.sums)


def open_population(
    source: PopulationSource, findings: Findings, rules: CheckRules | None = None
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

    Returns
    -------
    PopulationRaster or None
        None after an error finding: cells that cannot be placed, no way to tell "no data" from nobody,
        negative or impossible numbers, nobody at all, or so few that they may be thousands.
    """
    raster = open_raster(source.path, crs=source.crs, nodata=source.nodata, findings=findings)
    if raster is None:
        return None
    about = findings.about(source.path)
    cells = RasterCells(raster)
    areas = CellAreas(raster.crs, raster.transform, raster.width, raster.height)
    limit = _largest(raster)
    town_per_km2 = math.inf if rules is None else rules.sparse_per_km2
    survey = _survey(cells, areas, source.kind, limit, town_per_km2)
    if survey.saturated >= _FEWEST_SATURATED:
        about.add("population.saturated", count=survey.saturated, limit=f"{limit:g}")
    everywhere = survey.known == raster.width * raster.height
    if everywhere and not raster.nodata and not raster.has_mask:
        about.add("population.no-nodata")
        return None
    if not _plausible(survey, raster, about):
        return None
    if rules is not None and not _is_dense_enough(survey, rules, about):
        return None
    return PopulationRaster(
        path=source.path,
        crs=raster.crs,
        transform=raster.transform,
        width=raster.width,
        height=raster.height,
        kind=source.kind,
        nodata=raster.nodata[0] if raster.nodata else None,
        vintage=source.vintage,
        source=source.source,
        _cells=cells,
        _areas=areas,
        _total=survey.total,
    )


def _km2(areas: CellAreas, window: Window) -> NDArray[np.float64]:
    rows = np.arange(window.row0, window.row0 + window.rows)
    cols = np.arange(window.col0, window.col0 + window.cols)
    return areas.km2(rows, cols)


def _largest(raster: RasterFile) -> float:
    """Largest value that the type of the cells can hold, in people; infinite for types nobody fills."""
    dtype = np.dtype(raster.dtype)
    if dtype.kind == "f" or dtype.itemsize > _SMALL_TYPE_BYTES:
        return math.inf
    return float(np.iinfo(dtype).max) * raster.scale + raster.offset


def _survey(
    cells: RasterCells,
    areas: CellAreas,
    kind: Literal["count", "density"],
    limit: float,
    town_per_km2: float,
) -> _Survey:
    """Look at every cell once, window by window."""
    survey = _Survey()
    for window in cells.raster.windows():
        people = cells.read(window)
        here = ~np.isnan(people)
        known = people[here]
        if not known.size:
            continue
        if math.isfinite(limit):
            survey.saturated += int(np.count_nonzero(known == limit))
        km2 = np.broadcast_to(_km2(areas, window), people.shape)[here]
        if kind == "density":
            known = known * km2
        survey.known += known.size
        _look(survey, known, km2, _Where(window, here))
        if math.isfinite(town_per_km2):
            survey.populated_km2.append(float(km2[known > 0].sum()))
            survey.town_sums.append(float(known[known > town_per_km2 * km2].sum()))
    return survey


def _look(survey: _Survey, people: NDArray[np.float64], km2: NDArray[np.float64], where: _Where) -> None:
    """Add the known cells of one window to a survey."""
    highest = people.max()
    if people.min() < 0:
        survey.negative.note(people < 0, people, where)
    if highest > _MOST_IN_A_CELL:
        impossible = people > _MOST_IN_A_CELL
        survey.impossible.note(impossible, people, where)
        people = np.where(impossible, 0.0, people)
    if highest > _CROWDED_PER_KM2 * km2.min():
        crowded = people > _CROWDED_PER_KM2 * km2
        if crowded.any():
            survey.crowded.note(crowded, people, where)
            survey.crowded_sums.append(float(people[crowded].sum()))
    survey.sums.append(float(people.sum()))


def _plausible(survey: _Survey, raster: RasterFile, about: FileFindings) -> bool:
    """Judge whether the numbers can be people."""
    refused = False
    for code, suspects in (
        ("population.negative", survey.negative),
        ("population.impossible", survey.impossible),
    ):
        if suspects.count:
            refused = True
            about.add(
                code, count=suspects.count, extreme=f"{suspects.extreme:.7g}", **_place(suspects, raster)
            )
    if refused:
        return False
    if not survey.known or survey.total <= 0:
        about.add("population.nobody")
        return False
    crowded_people = math.fsum(survey.crowded_sums)
    wrong_unit = crowded_people > _CROWDED_SHARE * survey.total
    if survey.total > _MOST_IN_ALL or wrong_unit:
        about.add("population.wrong-unit", total=f"{survey.total:.0f}", crowded=f"{crowded_people:.0f}")
        return False
    if survey.crowded.count:
        about.add("population.crowded", count=survey.crowded.count, **_place(survey.crowded, raster))
    return True


def _is_dense_enough(survey: _Survey, rules: CheckRules, about: FileFindings) -> bool:
    """Ask about people so thinly spread that their figures may be thousands.

    Sums tell nothing of a part of the country, and averages of a mountain district in people and of the delta
    in thousands do not differ enough. Wherever people live, though, some of them live in a town.
    """
    area_km2, in_towns = math.fsum(survey.populated_km2), math.fsum(survey.town_sums) / survey.total
    if area_km2 < rules.sparse_area_km2 or in_towns >= _TOWN_SHARE:
        return True
    return about.ask(
        "population.sparse",
        share_pct=f"{100 * in_towns:.1f}",
        limit=f"{rules.sparse_per_km2:g}",
        mean=f"{survey.total / area_km2:.2g}",
        area_km2=f"{area_km2:,.0f}",
    )


def _place(suspects: _Suspects, raster: RasterFile) -> dict[str, str]:
    row, col = suspects.first
    x = raster.transform.c + (col + 0.5) * raster.transform.a
    y = raster.transform.f + (row + 0.5) * raster.transform.e
    return {"cell_row": str(row), "cell_col": str(col), "x": f"{x:.8g}", "y": f"{y:.8g}"}
