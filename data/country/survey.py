"""One pass over every cell of a population raster: whether its numbers can be people."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..geodesy.area import CellAreas
    from ..project.limits import CheckRules
    from ..readers.raster_cells import RasterCells, RasterFile, RasterWindow
    from ..readers.raster_mosaic import Mosaic

_MOST_IN_A_CELL = 1e8  # more than any city of the earth: not a number of people
_MOST_IN_ALL = 1e10  # more than live on the earth
_CROWDED_PER_KM2 = 1e6  # the densest quarters of the earth hold a few hundred thousand
_SMALL_TYPE_BYTES = 2  # a byte or two: cities have more people in a cell of a kilometre
_TOWN_SHARE = 0.01  # of the people live in the densest cells of any province
_CROWDED_SHARE = 0.01  # of the people; towers in small cells are crowded, but few live in such cells


@dataclass(frozen=True, slots=True)
class _KnownCells:
    """Which cells of a window are known."""

    window: RasterWindow
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

    def note(self, chosen: NDArray[np.bool_], people: NDArray[np.float64], where: _KnownCells) -> None:
        if not self.count:
            self.first = where.cell(int(np.argmax(chosen)))
        self.count += int(np.count_nonzero(chosen))
        values = people[chosen]
        self.extreme = max(self.extreme, float(values[np.argmax(np.abs(values))]), key=abs)


@dataclass(slots=True)
class Survey:
    """What one pass over all cells found."""

    known: int = 0
    zero: int = 0
    highest: float = -math.inf
    at_highest: int = 0
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
        """All people of the cells that can be right."""
        return math.fsum(self.sums)


def cell_km2(areas: CellAreas, window: RasterWindow) -> NDArray[np.float64]:
    """Give the true areas of the cells of a window, shape (rows, cols) or (rows, 1)."""
    rows = np.arange(window.row0, window.row0 + window.rows)
    cols = np.arange(window.col0, window.col0 + window.cols)
    return areas.km2(rows, cols)


def largest_value(raster: RasterFile) -> float:
    """Largest value that the type of the cells can hold, in people; infinite for types nobody fills."""
    dtype = np.dtype(raster.dtype)
    if dtype.kind == "f" or dtype.itemsize > _SMALL_TYPE_BYTES:
        return math.inf
    return float(np.iinfo(dtype).max) * raster.scale + raster.offset


def survey_cells(
    cells: RasterCells | Mosaic,
    areas: CellAreas,
    kind: Literal["count", "density"],
    limit: float,
    town_per_km2: float,
) -> Survey:
    """Look at every cell once, window by window."""
    survey = Survey()
    for window in cells.windows():
        people = cells.read(window)
        here = ~np.isnan(people)
        known = people[here]
        if not known.size:
            continue
        survey.zero += int(np.count_nonzero(known == 0))
        highest = float(known.max())
        if highest >= survey.highest:
            before = survey.at_highest if highest == survey.highest else 0
            survey.highest, survey.at_highest = highest, before + int(np.count_nonzero(known == highest))
        if math.isfinite(limit):
            survey.saturated += int(np.count_nonzero(known == limit))
        km2 = np.broadcast_to(cell_km2(areas, window), people.shape)[here]
        if kind == "density":
            known = known * km2
        survey.known += known.size
        _look(survey, known, km2, _KnownCells(window, here))
        if math.isfinite(town_per_km2):
            survey.populated_km2.append(float(km2[known > 0].sum()))
            survey.town_sums.append(float(known[known > town_per_km2 * km2].sum()))
    return survey


def _look(survey: Survey, people: NDArray[np.float64], km2: NDArray[np.float64], where: _KnownCells) -> None:
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


def plausible(survey: Survey, raster: RasterFile, about: FileFindings) -> bool:
    """Judge whether the numbers can be people."""
    refused = False
    for code, suspects in (
        ("population.negative", survey.negative),
        ("population.impossible", survey.impossible),
    ):
        if suspects.count:
            refused = True
            about.add(code, count=suspects.count, extreme=suspects.extreme, **_place(suspects, raster))
    if refused:
        return False
    if not survey.known or survey.total <= 0:
        about.add("population.nobody")
        return False
    crowded_people = math.fsum(survey.crowded_sums)
    wrong_unit = crowded_people > _CROWDED_SHARE * survey.total
    if survey.total > _MOST_IN_ALL or wrong_unit:
        about.add("population.wrong-unit", total=survey.total, crowded=crowded_people)
        return False
    if survey.crowded.count:
        about.add("population.crowded", count=survey.crowded.count, **_place(survey.crowded, raster))
    return True


def is_dense_enough(survey: Survey, rules: CheckRules, about: FileFindings) -> bool:
    """Ask about people so thinly spread that their figures may be thousands.

    Sums tell nothing of a part of the country, and averages of a mountain district in people and of the delta
    in thousands do not differ enough. Wherever people live, though, some of them live in a town.
    """
    area_km2, in_towns = math.fsum(survey.populated_km2), math.fsum(survey.town_sums) / survey.total
    if area_km2 < rules.sparse_area_km2 or in_towns >= _TOWN_SHARE:
        return True
    return about.ask(
        "population.sparse",
        share_pct=100 * in_towns,
        limit=rules.sparse_per_km2,
        mean=survey.total / area_km2,
        area_km2=area_km2,
    )


def _place(suspects: _Suspects, raster: RasterFile) -> dict[str, Any]:
    row, col = suspects.first
    x = raster.transform.c + (col + 0.5) * raster.transform.a
    y = raster.transform.f + (row + 0.5) * raster.transform.e
    return {"cell_row": row, "cell_col": col, "x": x, "y": y}
