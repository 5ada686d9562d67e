"""How many people live where: the raster's own count, or official totals spread over its cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..burn.spans import Spans
from ..overlay.bands import overlay
from ..overlay.distributed import overlay_on
from ..overlay.sources import AreaPeople, RasterPeople
from ..overlay.totals import FailingCells, Overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ...data.project.models import PopulationSource
    from ...data.reading import Inputs
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..overlay.store import BandStore

    Groups = Callable[[NDArray[np.uint64]], NDArray[np.bool_]]

RASTER = "raster"
CALIBRATED = "raster_calibrated"
SPREAD_EVENLY = "official_spread_evenly"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Headcount:
    """People per commune and combination of layers, with where each figure comes from.

    ``people`` is float64 of shape (communes, combinations); ``known`` says which communes have any
    population figure; ``source`` is one of ``raster``, ``raster_calibrated``,
    ``official_spread_evenly`` and ``unknown`` per commune.
    """

    people: NDArray[np.float64]
    masks: NDArray[np.uint64]
    known: NDArray[np.bool_]
    source: NDArray[np.object_]
    cells: FailingCells
    people_raster: float
    people_outside: float

    def figures(self) -> dict[str, object]:
        """Give what the country's figures say about the population data."""
        return {"people_raster": self.people_raster, "people_outside": self.people_outside}


def count_people(  # noqa: PLR0913 - what is counted, by which rules, and where
    inputs: Inputs,
    rules: PopulationSource,
    grid: Grid,
    zones: Spans,
    layers: Sequence[Spans],
    groups: Groups,
    *,
    store: BandStore | None = None,
    client: Any = None,  # noqa: ANN401 - distributed ships no types
    progress: Progress = None,
) -> Headcount:
    """Count people per commune and combination of layers.

    With ``calibrate = "communes"`` the people of each commune are scaled to its official total; where
    the raster has nobody, the official total is spread evenly over the commune's area. A commune that
    the official table leaves out keeps its raster figure. ``store`` keeps the bands of the raster's own
    count between runs; workers of a ``client`` do not use it.
    """
    count = len(inputs.communes.frame)
    counted_by = partial(overlay, store=store) if client is None else partial(overlay_on, client)
    first = counted_by(
        RasterPeople(inputs.population, grid),
        grid,
        zones,
        layers,
        n_communes=count,
        edge_cells=rules.edge_cells,
        groups=groups,
        progress=progress,
    )
    source = np.where(first.has_population, RASTER, UNKNOWN).astype(object)
    if rules.calibrate != "communes" or inputs.totals is None:
        return _headcount(first.people, first.masks, first.has_population, source, first.cells, first)
    codes = inputs.communes.frame["code"]
    official = np.array([inputs.totals.people.get(code, np.nan) for code in codes], dtype=np.float64)
    return _calibrated(first, official, source, grid, zones, layers, groups, progress)


def _calibrated(
    first: Overlay,
    official: NDArray[np.float64],
    source: NDArray[np.object_],
    grid: Grid,
    zones: Spans,
    layers: Sequence[Spans],
    groups: Groups,
    progress: Progress,
) -> Headcount:
    """Scale the raster's people to the official totals; spread what the raster does not know."""
    counted = first.people.sum(axis=1)
    stated = np.isfinite(official)
    scaled = stated & (counted > 0)
    factor = np.ones(len(official))
    factor[scaled] = official[scaled] / counted[scaled]
    source[scaled] = CALIBRATED
    people = first.people * factor[:, np.newaxis]
    cells = _scaled(first.cells, factor)
    masks, known = first.masks, first.has_population | scaled
    empty = stated & ~scaled
    if empty.any():
        second = overlay(
            AreaPeople(grid),
            grid,
            _only(zones, empty),
            layers,
            n_communes=len(official),
            edge_cells="share",
            groups=groups,
            progress=progress,
        )
        area_km2 = second.people.sum(axis=1)
        spread = empty & (area_km2 > 0)
        per_km2 = np.zeros(len(official))
        per_km2[spread] = official[spread] / area_km2[spread]
        masks, people = _joined(masks, people, second.masks, second.people * per_km2[:, np.newaxis])
        cells = _with(cells, _scaled(second.cells, per_km2))
        source[spread] = SPREAD_EVENLY
        known = known | spread
    return _headcount(people, masks, known, source, cells, first)


def _joined(
    masks_a: NDArray[np.uint64],
    people_a: NDArray[np.float64],
    masks_b: NDArray[np.uint64],
    people_b: NDArray[np.float64],
) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Add two tables of people whose columns are different combinations."""
    masks = np.union1d(masks_a, masks_b)
    people = np.zeros((len(people_a), len(masks)))
    people[:, np.searchsorted(masks, masks_a)] += people_a
    people[:, np.searchsorted(masks, masks_b)] += people_b
    return masks, people


def _only(zones: Spans, wanted: NDArray[np.bool_]) -> Spans:
    """Keep the spans of the communes that are wanted, with their owners."""
    owner = zones.owner if zones.owner is not None else np.zeros(0, np.int32)
    keep = wanted[owner]
    return Spans(zones.line[keep], zones.x0[keep], zones.x1[keep], owner[keep])


def _scaled(cells: FailingCells, factor: NDArray[np.float64]) -> FailingCells:
    """Multiply the people of every cell by the factor of its commune."""
    each = factor[cells.commune].astype(np.float32)
    return replace(cells, people=cells.people * each, failing=cells.failing * each[:, np.newaxis])


def _with(first: FailingCells, second: FailingCells) -> FailingCells:
    """Join the cells of two counts of different communes, sorted by commune, row and column."""
    commune = np.concatenate([first.commune, second.commune])
    row = np.concatenate([first.row, second.row])
    col = np.concatenate([first.col, second.col])
    order = np.lexsort((col, row, commune))
    return FailingCells(
        commune=commune[order],
        row=row[order],
        col=col[order],
        people=np.concatenate([first.people, second.people])[order],
        failing=np.concatenate([first.failing, second.failing])[order],
    )


def _headcount(
    people: NDArray[np.float64],
    masks: NDArray[np.uint64],
    known: NDArray[np.bool_],
    source: NDArray[np.object_],
    cells: FailingCells,
    first: Overlay,
) -> Headcount:
    return Headcount(people, masks, known, source, cells, first.people_raster, first.people_outside)
