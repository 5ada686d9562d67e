"""How many people live where: the raster's own count, or official totals spread over its cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..burn.polygons import burn_communes
from ..burn.spans import Spans
from ..overlay.bands import overlay
from ..overlay.distributed import overlay_on
from ..overlay.sources import AreaPeople, RasterPeople
from ..overlay.totals import FailingCells, Overlay

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.country.population import PopulationRaster
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
    ``official_spread_evenly`` and ``unknown`` per commune. ``raster`` is what the raster alone says of each commune,
    NaN where it knows nothing.
    """

    people: NDArray[np.float64]
    masks: NDArray[np.uint64]
    known: NDArray[np.bool_]
    source: NDArray[np.object_]
    cells: FailingCells
    raster: NDArray[np.float64]
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
    target: NDArray[np.float64],
    store: BandStore | None = None,
    client: Any = None,  # noqa: ANN401 - distributed ships no types
    progress: Progress = None,
) -> Headcount:
    """Count people per commune and combination of layers.

    The people of each commune are scaled to its ``target``; where the raster has nobody, the target is spread evenly
    over the commune's area. A commune whose target is NaN keeps its raster figure. ``store`` keeps the bands of the raster's own
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
    if not np.isfinite(target).any():
        return _headcount(first.people, first.masks, first.has_population, source, first.cells, first)
    return _calibrated(first, target, source, grid, zones, layers, groups, progress)


def people_in(
    zones: gpd.GeoDataFrame,
    raster: PopulationRaster,
    grid: Grid,
    edge_cells: Literal["land", "share"],
    progress: Progress = None,
) -> NDArray[np.float64]:
    """Count the people of a raster in some polygons.

    Parameters
    ----------
    zones
        Polygons, in any CRS.
    raster
        The raster.
    grid
        A grid of its cells.
    edge_cells
        Whether cells at the edge give all their people or a share, see :mod:`blackspot.coverage.overlay.bands`.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    ndarray of float64, (zones,)
        People; NaN where the raster knows nothing.
    """
    counted = overlay(
        RasterPeople(raster, grid),
        grid,
        burn_communes(zones, grid),
        [],
        n_communes=len(zones),
        edge_cells=edge_cells,
        groups=None,
        progress=progress,
    )
    return np.where(counted.has_population, counted.people.sum(axis=1), np.nan)


def _calibrated(
    first: Overlay,
    target: NDArray[np.float64],
    source: NDArray[np.object_],
    grid: Grid,
    zones: Spans,
    layers: Sequence[Spans],
    groups: Groups,
    progress: Progress,
) -> Headcount:
    """Scale the raster's people to the targets; spread what the raster does not know."""
    counted = first.people.sum(axis=1)
    stated = np.isfinite(target)
    scaled = stated & (counted > 0)
    factor = np.ones(len(target))
    factor[scaled] = target[scaled] / counted[scaled]
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
            n_communes=len(target),
            edge_cells="share",
            groups=groups,
            progress=progress,
        )
        area_km2 = second.people.sum(axis=1)
        spread = empty & (area_km2 > 0)
        per_km2 = np.zeros(len(target))
        per_km2[spread] = target[spread] / area_km2[spread]
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
    raster = np.where(first.has_population, first.people.sum(axis=1), np.nan)
    return Headcount(people, masks, known, source, cells, raster, first.people_raster, first.people_outside)
