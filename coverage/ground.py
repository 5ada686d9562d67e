"""The ground of a run: one grid for everything that follows, and the communes burned on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..data.disk.kept import geometry_digest
from ..data.text.sentences import told
from ..progress import silent, stretch
from .burn.grid import Grid
from .burn.polygons import burn_communes
from .people.raster_reach import reached_shares

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from ..data.project.models import Project
    from ..data.reading import Inputs
    from ..progress import Progress
    from .burn.spans import Spans
    from .burn.store import SpanStore
    from .cache import Keep


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of a run.

    Attributes
    ----------
    grid
        The grid of the population raster, as far as the communes reach.
    zones
        Spans of the communes; the owner of a span is the row of its commune.
    store
        Keeps burned polygons between runs; None where nothing is kept.
    reached
        float64 (communes,): the share of each commune's ground that the population raster reaches, 0 to 1.
    outlines
        Digest of the communes' outlines, by which results of earlier runs are found; empty where nothing is kept.
    """

    grid: Grid
    zones: Spans
    store: SpanStore | None
    reached: NDArray[np.float64]
    outlines: str = ""


def lay_ground(
    inputs: Inputs, project: Project, *, cache: Keep | None = None, progress: Progress = None
) -> Ground:
    """Lay the grid of a run, and burn its communes.

    Parameters
    ----------
    inputs
        What the readers returned: the population raster and the communes decide the grid.
    project
        The project file: how far apart the lines of the grid stand.
    cache
        Has the communes of earlier runs; None burns them anew.
    progress
        Called with a fraction from 0 to 1 and the name of the step.
    """
    frame, name = inputs.communes.frame, told("progress", "ground")
    part = stretch(progress, 0.0, 1.0, name)
    (part or silent)(0.0, name)
    grid = Grid.around(inputs.population, frame.total_bounds.tolist(), project.population.subline_spacing_m)
    store, outlines = None if cache is None else cache.spans(grid), ""
    if store is None:
        zones = burn_communes(frame, grid, progress=part)
    else:
        outlines = geometry_digest(frame.geometry.to_numpy())
        zones = _kept_zones(frame, grid, store, outlines, part)
    reached = reached_shares(zones, grid, inputs.population.tiles, len(frame))
    return Ground(grid, zones, store, reached, outlines)


def burn_ahead(frame: gpd.GeoDataFrame, grid: Grid, store: SpanStore) -> None:
    """Burn the communes of a run before it asks for them, and keep their spans.

    Parameters
    ----------
    frame
        The communes.
    grid
        The grid of the run.
    store
        Keeps them.
    """
    _kept_zones(frame, grid, store, geometry_digest(frame.geometry.to_numpy()), None)


def _kept_zones(
    frame: gpd.GeoDataFrame, grid: Grid, store: SpanStore, outlines: str, progress: Progress
) -> Spans:
    """Burn the communes, or take what was kept of the same outlines."""
    key = store.key("communes", outlines)
    return store.get(
        key, lambda: burn_communes(frame, grid, progress=progress), what=told("progress", "ground")
    )
