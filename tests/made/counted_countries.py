"""Made countries counted as a run counts them: ground, layers, people."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.burn.store import SpanStore
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.assembly import assemble_layers
from blackspot.coverage.people.ground_of_run import ground_of
from blackspot.coverage.people.headcount import count_people
from blackspot.data.disk.hashing import InputFile
from blackspot.data.geodesy.crs import to_lonlat
from blackspot.data.project.population import PopulationSource
from blackspot.data.project.profile import Profile
from blackspot.data.readers.facts import LayerFacts
from blackspot.data.submissions.reader import Submission, SubmissionFacts
from exact_countries import Exact

if TYPE_CHECKING:
    import pyproj
    from numpy.typing import NDArray

    from blackspot.coverage.burn.spans import Spans
    from blackspot.coverage.people.assembly import Layers
    from blackspot.coverage.people.counted_ground import CountedGround
    from blackspot.coverage.people.headcount import Headcount
    from exact_countries import Country


def submission_of(operator: str, shapes: NDArray[np.object_], crs: pyproj.CRS) -> Submission:
    return Submission(
        operator=operator,
        service="5g",
        service_class="",
        environment="",
        basis="declared",
        vintage="",
        geometries=shapes,
        crs=crs,
        extent_provinces=None,
        extent_geometries=None,
        source=InputFile("coverage", Path("/made/in/the/test.gpkg"), "0" * 64, 1),
        features_read=len(shapes),
        facts=SubmissionFacts(LayerFacts(Path("/made/in/the/test.gpkg"))),
    )


class Laid(NamedTuple):
    """Everything that people are counted with."""

    inputs: Any
    rules: PopulationSource
    grid: Grid
    zones: Spans
    ground: CountedGround
    layers: Layers


def laid(country: Country, edge_cells: str, *, spacing_m: float = 20.0, store_in: Path | None = None) -> Laid:
    """Lay a country on the ground as a run does, with one operator for each layer."""
    raster, frame = country.raster, country.communes
    rules = PopulationSource(path=Path("made.tif"), edge_cells=edge_cells)  # type: ignore[arg-type]
    land = to_lonlat(country.other_land, raster.crs, on_course=True)
    inputs: Any = SimpleNamespace(
        communes=SimpleNamespace(frame=frame),
        population=raster,
        submissions=tuple(
            submission_of(f"O{number}", layer, raster.crs) for number, layer in enumerate(country.layers)
        ),
        refused=(),
        land=SimpleNamespace(geometry=land) if len(land) else None,
        neighbours=None,
    )
    grid = Grid.around(raster, frame.to_crs(4326).total_bounds.tolist(), spacing_m)
    zones = burn_communes(frame, grid)
    store = None if store_in is None else SpanStore(store_in, grid)
    ground = ground_of(inputs, rules, RasterPeople(raster, grid), zones, store=store)
    layers = assemble_layers(inputs, Profile(services=("5g",)), ground, grid, store=store)
    return Laid(inputs, rules, grid, zones, ground, layers)


def headcount(
    country: Country,
    edge_cells: str,
    *,
    spacing_m: float = 20.0,
    target: NDArray[np.float64] | None = None,
    store_in: Path | None = None,
) -> Headcount:
    """Count a country's people as a run does."""
    if target is None:
        target = np.full(len(country.communes), np.nan)
    everything = laid(country, edge_cells, spacing_m=spacing_m, store_in=store_in)
    return count_people(*everything, nobody_has_a_layer, target=target)


def nobody_has_a_layer(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """One group of failing people: those whom no layer reaches."""
    nobody: NDArray[np.bool_] = (masks == 0)[None]
    return nobody


def by_commune(counted: Headcount, layers: int) -> Exact:
    """People of each commune, and those in each layer."""
    bits = (counted.masks[:, None] >> np.arange(layers, dtype=np.uint64)) & np.uint64(1)
    return Exact(counted.people.sum(axis=1), counted.people @ bits.astype(float))
