"""The ground of a run: which land the project knows besides its communes, and what is kept between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyproj

from ...data.disk.kept import geometry_digest
from ..burn.fine import FineCells, FineEdges
from ..burn.spans import Spans
from .counted_ground import CountedGround, Land, counted_ground
from .other_land import foreign, with_owner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ...data.project.population import PopulationSource
    from ...data.reading import Inputs
    from ..burn.grid import Grid
    from ..burn.store import SpanStore
    from ..overlay.sources import RasterPeople

_LONLAT = pyproj.CRS.from_epsg(4326)
_SPANS = ("line", "x0", "x1")
_PLAIN = ("factors", "edge_cell", "edge_factor", "edge_doubtful")


def ground_of(
    inputs: Inputs,
    rules: PopulationSource,
    people: RasterPeople,
    zones: Spans,
    *,
    store: SpanStore | None = None,
    content: Sequence[str] = (),
    outlines: str = "",
) -> CountedGround:
    """Find the ground that the people of a run are counted on, or take it from an earlier run.

    Parameters
    ----------
    inputs
        What the readers returned. Land of the project file is taken as it is. Where there is none, land of the
        neighbours on the map counts, as far as it is not the country itself and the raster counts people on it.
    rules
        The rule for edge cells.
    people
        The raster of people, on its grid.
    zones
        The communes' spans.
    store
        Keeps what is found between runs; None keeps nothing.
    content
        All that decides how many people live in a cell of the raster; for the store.
    outlines
        Digest of the communes' outlines; for the store, which makes it itself where it is empty.
    """
    grid = people.grid
    frame = inputs.communes.frame
    communes = frame.geometry.to_numpy(), pyproj.CRS(frame.crs)
    lines = inputs.land if inputs.land is not None else inputs.neighbours
    given = None if lines is None else lines.geometry

    def found() -> CountedGround:
        land = None
        if rules.edge_cells == "land" and given is not None:
            shapes = given if inputs.land is not None else foreign(given, zones, grid)
            land = Land((shapes, _LONLAT), as_counted=inputs.land is None)
        return counted_ground(communes, zones, people, rules.edge_cells, land)

    if store is None:
        return found()
    beside = "" if given is None else geometry_digest(given)
    drawn = (outlines or geometry_digest(communes[0]), beside, str(inputs.land is None))
    key = store.key("ground", *drawn, rules.edge_cells, *content)
    return _ground(store.arrays(key, lambda: _arrays(found(), len(frame))), zones, grid, len(frame))


def _arrays(ground: CountedGround, communes: int) -> dict[str, NDArray[Any]]:
    """Give everything but the communes' own spans by name, to be kept."""
    arrays: dict[str, NDArray[Any]] = {name: getattr(ground, name) for name in _PLAIN}
    beside = ground.zones.owner == communes
    arrays |= {f"beside_{name}": getattr(ground.zones, name)[beside] for name in _SPANS}
    arrays["fine_cell"] = ground.fine.cell
    return arrays | ground.fine_edges.arrays()


def _ground(arrays: Mapping[str, NDArray[Any]], zones: Spans, grid: Grid, communes: int) -> CountedGround:
    """Take back what ``_arrays`` gave."""
    line, x0, x1 = (arrays[f"beside_{name}"] for name in _SPANS)
    return CountedGround(
        with_owner(zones, Spans(line, x0, x1), communes),
        FineCells(grid, arrays["fine_cell"]),
        FineEdges.from_arrays(arrays),
        *(arrays[name] for name in _PLAIN),
    )
