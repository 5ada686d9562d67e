"""How many people live where: the raster's own count, or official totals spread over its cells."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..burn.polygons import burn_communes
from ..burn.spans import Spans
from ..overlay.bands import overlay
from ..overlay.distributed import overlay_on
from ..overlay.sources import AreaPeople, DenserPeople, RasterPeople
from ..overlay.totals import FailingCells, Overlay, everybody
from .assembly import NO_LAYERS
from .fine_cells import add_fine_cells, joined_tables
from .raster_reach import without_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.project.population import PopulationSource
    from ...data.reading import Inputs
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..overlay.join import EdgeCells as EdgeRule
    from ..overlay.store import BandStore
    from .assembly import Layers
    from .counted_ground import CountedGround

    Groups = Callable[[NDArray[np.uint64]], NDArray[np.bool_]]

RASTER = "raster"
LIMITED = "raster_limited"
CALIBRATED = "raster_calibrated"
SPREAD_EVENLY = "official_spread_evenly"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Headcount:
    """People per commune and combination of layers, with where each figure comes from.

    ``people`` is float64 of shape (communes, combinations); ``known`` says which communes have any
    population figure; ``source`` is one of ``raster``, ``raster_limited``, ``raster_calibrated``,
    ``official_spread_evenly`` and ``unknown`` per commune. ``raster`` is what the raster alone says of each commune,
    NaN where it knows nothing; ``people_in_unknown`` are those it counts in communes of which it knows a part only.
    """

    people: NDArray[np.float64]
    masks: NDArray[np.uint64]
    known: NDArray[np.bool_]
    source: NDArray[np.object_]
    cells: FailingCells
    raster: NDArray[np.float64]
    people_raster: float
    people_outside: float
    people_in_unknown: float = 0.0

    def figures(self) -> dict[str, object]:
        """Give what the country's figures say about the population data."""
        return {
            "people_raster": self.people_raster,
            "people_outside": self.people_outside,
            "people_in_unknown_communes": self.people_in_unknown,
        }


def count_people(  # noqa: PLR0913 - what is counted, by which rules, and where
    inputs: Inputs,
    rules: PopulationSource,
    grid: Grid,
    zones: Spans,
    ground: CountedGround,
    layers: Layers,
    groups: Groups,
    *,
    target: NDArray[np.float64],
    unknown: NDArray[np.bool_] | None = None,
    store: BandStore | None = None,
    client: Any = None,  # noqa: ANN401 - distributed ships no types
    progress: Progress = None,
) -> Headcount:
    """Count people per commune and combination of layers.

    The people of each commune are scaled to its ``target``; where the raster has nobody, the target is spread evenly
    over the commune's area. A commune whose target is NaN keeps its raster figure. In the communes of ``unknown`` the
    raster has no figure, whatever it counts there. ``zones`` are the spans of the communes alone, ``ground`` holds what people are counted on. ``store`` keeps the bands of the raster's own
    count between runs; workers of a ``client`` do not use it.
    """
    if store is not None and len(ground.fine):
        store = replace(store, content=(*store.content, ground.fine.digest))
    whole = count_on_ground(
        RasterPeople(inputs.population, grid),
        ground,
        rules.edge_cells,
        layers,
        groups=groups,
        counted_by=partial(overlay, store=store) if client is None else partial(overlay_on, client),
        progress=progress,
    )
    first = whole if unknown is None else without_figure(whole, unknown)
    in_unknown = float(whole.people.sum() - first.people.sum())
    source = np.where(first.has_population, RASTER, UNKNOWN).astype(object)
    source[first.has_population & (ground.factors < 1.0)] = LIMITED
    if np.isfinite(target).any():
        counted = _calibrated(first, target, source, grid, zones, layers.spans, groups, progress)
    else:
        counted = _headcount(first.people, first.masks, first.has_population, source, first.cells, first)
    return replace(counted, people_in_unknown=in_unknown)


def people_by_commune(
    people: RasterPeople, ground: CountedGround, edge_cells: EdgeRule
) -> NDArray[np.float64]:
    """Count the people of each commune by the raster alone.

    Parameters
    ----------
    people
        The raster of people.
    ground
        Of this raster: what people are counted on.
    edge_cells
        The rule for cells partly outside every commune.

    Returns
    -------
    ndarray of float64, (communes,)
        People; NaN where the raster knows nothing.
    """
    counted = count_on_ground(people, ground, edge_cells, NO_LAYERS)
    return np.where(counted.has_population, counted.people.sum(axis=1), np.nan)


def people_in(
    polygons: gpd.GeoDataFrame, people: RasterPeople, ground: CountedGround, progress: Progress = None
) -> NDArray[np.float64]:
    """Count the people in parts of communes, by the rule for edge cells that the ground was found with.

    Parameters
    ----------
    polygons
        Parts of the communes, in any CRS.
    people
        The raster of people.
    ground
        What people are counted on.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    ndarray of float64, (polygons,)
        People; NaN where the raster knows nothing.
    """
    counted = overlay(
        DenserPeople(people, ground.edge_cell, ground.edge_factor),
        people.grid,
        burn_communes(polygons, people.grid),
        [],
        n_communes=len(polygons),
        edge_cells="share",
        groups=None,
        progress=progress,
    )
    return np.where(counted.has_population, counted.people.sum(axis=1), np.nan)


def count_on_ground(
    people: RasterPeople,
    ground: CountedGround,
    edge_cells: EdgeRule,
    layers: Layers,
    *,
    groups: Groups | None = None,
    counted_by: Callable[..., Overlay] = overlay,
    progress: Progress = None,
) -> Overlay:
    """Count the raster's people by commune and combination of layers.

    Parameters
    ----------
    people
        The raster of people.
    ground
        What they are counted on.
    edge_cells
        The rule for cells partly outside every commune, with which the ground was found.
    layers
        The layers, burned and cut to the ground's fine cells.
    groups
        Which combinations belong to which group of failing people; None keeps no cells.
    counted_by
        Counts what is not in fine cells: ``overlay.overlay``, or the same on a cluster.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    Overlay
        Of the communes. Whoever lives on other land, or is more than the density limit allows, is outside.
    """
    first = counted_by(
        replace(people, taken=ground.fine.cell),
        people.grid,
        ground.zones,
        layers.spans,
        n_communes=len(ground.factors) + 1,  # the last one has the people on other land, who are outside
        edge_cells=edge_cells,
        groups=groups,
        progress=progress,
    )
    if len(ground.fine):
        first = add_fine_cells(first, ground, layers.fine, people, edge_cells, groups)
    return _of_communes(first, ground.factors)


def _of_communes(counted: Overlay, factors: NDArray[np.float64]) -> Overlay:
    """Leave out the people on other land, and multiply those of each commune; what goes is outside."""
    count = len(factors)
    people = counted.people[:count] * factors[:, np.newaxis]
    inside = int(np.searchsorted(counted.cells.commune, count))
    cells = FailingCells(*(getattr(counted.cells, field.name)[:inside] for field in fields(FailingCells)))
    lost = everybody(counted.people) - everybody(people)
    return replace(
        counted,
        people=people,
        has_population=counted.has_population[:count],
        people_outside=counted.people_outside + lost,
        cells=_scaled(cells, factors) if (factors < 1.0).any() else cells,
    )


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
        masks, people = joined_tables(masks, people, second.masks, second.people * per_km2[:, np.newaxis])
        cells = _with(cells, _scaled(second.cells, per_km2))
        source[spread] = SPREAD_EVENLY
        known = known | spread
    return _headcount(people, masks, known, source, cells, first)


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
