"""The whole computation: checked inputs in, communes, provinces, black spots and figures out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from ..data.disk.kept import NOTHING_KEPT
from ..data.text.sentences import told
from ..data.text.slug import slug
from ..progress import in_turn, silent
from .blackspots.distance import Coverage, CoverageFile
from .blackspots.find import black_spots_and_cells
from .blackspots.spots import Country
from .burn.grid import Grid
from .burn.polygons import burn_communes
from .burn.spans import union
from .certainty.judge import with_certainty
from .kept_count import (
    figures_content,
    ground_content,
    kept_fine_shares,
    kept_headcount,
    layers_content,
)
from .kept_spots import KeptDistances, KeptOutlines
from .overlay.memory import give_back
from .overlay.sources import RasterPeople
from .people.assembly import assemble_layers
from .people.cell_bits import CellLayers, layer_tags
from .people.failing_groups import FailingGroups, of_the_profile
from .people.figures import choose, compared
from .people.fine_cells import shares_of_cells
from .people.ground_of_run import ground_of
from .people.headcount import Headcount, count_people, people_by_commune
from .people.raster_reach import ends_inside, reached_shares
from .people.tally import commune_table, country_figures, roll_up
from .people.unsure import unsure_people
from .ranking.rank import rank
from .run_setting import setting_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..data.disk.kept import KeptResults
    from ..data.project.models import Project
    from ..data.project.profile import Profile
    from ..data.reading import Inputs
    from ..progress import Progress
    from .burn.spans import Spans
    from .cache import Keep
    from .ground import Ground
    from .overlay.totals import CellShares, FailingCells
    from .people.assembly import Layers
    from .people.counted_ground import CountedGround
    from .people.figures import Chosen
    from .people.layers import LayerTable


_FIRST_S = {"count": 15.0, "setting": 8.2, "spots": 7.2, "ranking": 1.2}
_AGAIN_S = {"count": 6.0, "setting": 0.6, "spots": 7.2, "ranking": 1.2}
_COUNT_S = {"ground": 2.9, "layers": 2.3, "counting": 9.8}
_COUNT_AGAIN_S = {"ground": 0.2, "layers": 0.8, "counting": 5.0}
"""How long the parts take, measured with the whole country; ``AGAIN`` where an earlier run kept the rest."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """The result of a run, before anything is written.

    The columns are those of the outputs reference; geometries are in EPSG:4326. ``figures`` holds the
    country's sums and what the overlay noticed on the way. ``unsure`` has one row per commune, in their order: the people
    who may lack something as well, for the classes of the map. ``cells`` is what is kept cell by cell, ``lacking``
    everybody in each cell, and those who fail the profile and lack each service.
    ``beside_unknown`` counts for each commune those of its people who may live on land that nobody told of. ``outlines`` is
    the digest of the communes' outlines, as the ground has it.
    """

    communes: gpd.GeoDataFrame
    provinces: pd.DataFrame
    black_spots: gpd.GeoDataFrame
    figures: dict[str, object]
    layers: LayerTable
    unsure: pd.DataFrame
    cells: CellLayers
    lacking: FailingCells
    beside_unknown: NDArray[np.float64]
    outlines: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many people each combination of layers covers, in every commune, and what they were counted on.

    ``content`` says all that decides that ground; empty where nothing is kept.
    """

    counted: CountedGround
    layers: Layers
    chosen: Chosen
    headcount: Headcount
    content: tuple[str, ...] = ()


def analyse(
    inputs: Inputs,
    ground: Ground,
    project: Project,
    *,
    cache: Keep | None = None,
    client: Any = None,  # noqa: ANN401 - distributed ships no types
    is_again: bool = False,
    progress: Progress = None,
) -> Analysis:
    """Overlay coverage with people, find the black spots, classify and rank the communes.

    Parameters
    ----------
    inputs
        What was read and judged: every submission in it counts.
    ground
        Their grid and communes, see :func:`blackspot.coverage.ground.lay_ground`.
    project
        The project file: population rules, setting rules and the gap profile.
    cache
        Keeps counted bands and the setting of communes between runs, as the ground keeps burned layers;
        None keeps nothing.
    client
        A ``distributed.Client`` whose workers compute the bands; None computes them here. The result has
        the same bytes.
    is_again
        Whether ``cache`` holds what an earlier run kept; only the progress asks for it.
    progress
        Called with a fraction from 0 to 1 and the name of the step.
    """
    frame, grid = inputs.communes.frame, ground.grid
    parts = in_turn(progress, _AGAIN_S if is_again else _FIRST_S)
    found = count(
        inputs, ground, project, cache=cache, client=client, is_again=is_again, progress=parts["count"]
    )
    counted, layers, spans = found.counted, found.layers.table, found.layers.spans
    chosen, headcount = found.chosen, found.headcount
    table = _commune_rows(inputs, project, ground, found, cache, parts["setting"])
    give_back()  # what measuring the communes left free
    table = table.assign(**_population(inputs, project, headcount, chosen))
    if ground.store is not None:
        ground.store.prune()
    kept = NOTHING_KEPT if cache is None else cache.results
    drawing = KeptOutlines(grid, frame.geometry.to_numpy(), ground.outlines, kept)
    measuring = KeptDistances(grid, kept)
    spots, members = black_spots_and_cells(
        of_the_profile(headcount.cells),
        ("fails", *layers.services),
        _country(inputs, ground, table, found, kept),
        project.profile,
        _coverage(inputs, layers, spans, project.profile),
        draw=drawing.of,
        measure=measuring.km,
        progress=parts["spots"],
    )
    drawing.keep()
    measuring.keep()
    people = RasterPeople(inputs.population, grid)
    (parts["ranking"] or silent)(0.0, told("progress", "ranking"))
    cells = CellLayers(
        people=people,
        grid=grid,
        zones=ground.zones,
        spans=spans,
        layers=layers,
        tags=layer_tags(layers, inputs.submissions, project.profile),
        profile=project.profile,
        kept=kept,
        content=() if cache is None else cache.people(inputs.population),
    )
    ranked, ranked_spots = rank(table, spots, project.profile)
    ranked, ranked_spots, sure = with_certainty(
        ranked, ranked_spots, spots, members, cells, project.profile, project.population.edge_cells
    )
    communes = gpd.GeoDataFrame(ranked.assign(geometry=frame.geometry.to_numpy()), crs=frame.crs)
    give_back()  # what black spots and certainty left free
    return Analysis(
        communes=communes,
        provinces=roll_up(ranked),
        black_spots=ranked_spots,
        figures=_figures(ranked, headcount, counted, people, layers) | sure,
        layers=layers,
        unsure=unsure_people(headcount.people, headcount.masks, layers, project.profile, headcount.known),
        cells=cells,
        lacking=headcount.cells,
        beside_unknown=counted.beside_unknown_by_commune(people),
        outlines=ground.outlines,
    )


def count(
    inputs: Inputs,
    ground: Ground,
    project: Project,
    *,
    cache: Keep | None = None,
    client: Any = None,  # noqa: ANN401 - distributed ships no types
    is_again: bool = False,
    progress: Progress = None,
) -> Count:
    """Count the people of every commune by what covers them.

    Parameters
    ----------
    inputs, ground, project, cache, client, is_again, progress
        As :func:`analyse` takes them.
    """
    parts = in_turn(progress, _COUNT_AGAIN_S if is_again else _COUNT_S)
    (parts["ground"] or silent)(0.0, told("progress", "counted_ground"))
    counted = _counted_ground(inputs, ground, project, cache)
    layers = assemble_layers(
        inputs,
        project.profile,
        counted,
        ground.grid,
        store=ground.store,
        progress=parts["layers"],
    )
    give_back()  # what reading and burning left free
    groups = FailingGroups(layers.table, project.profile)
    chosen = chosen_figures(inputs, project)
    unknown = ends_inside(ground.reached, project.checks.unreached_share)

    def counted_anew() -> Headcount:
        return count_people(
            inputs,
            project.population,
            ground.grid,
            ground.zones,
            counted,
            layers,
            groups,
            target=chosen.target,
            unknown=unknown,
            store=None if cache is None else cache.bands("people", inputs.population, groups.content()),
            client=client,
            progress=parts["counting"],
        )

    if cache is None:
        return Count(counted, layers, chosen, counted_anew())
    on_ground = ground_content(counted, ground.grid)
    content = (
        *cache.people(inputs.population),
        project.population.edge_cells,
        groups.content(),
        *on_ground,
        *layers_content(layers),
        *figures_content(chosen.target, unknown),
    )
    headcount = kept_headcount(cache.results, content, counted_anew)
    return Count(counted, layers, chosen, headcount, on_ground)


def _figures(
    ranked: pd.DataFrame,
    headcount: Headcount,
    counted: CountedGround,
    people: RasterPeople,
    layers: LayerTable,
) -> dict[str, object]:
    """Sum up the country, and say what the overlay noticed on the way."""
    beside = {"people_beside_unknown_land": counted.beside_unknown_land(people)}
    return country_figures(ranked) | headcount.figures() | beside | {"operators": _operators(layers)}


def chosen_figures(inputs: Inputs, project: Project) -> Chosen:
    """Choose which figure counts in each commune: the raster's, the official one, or one that was decided."""
    codes, calibrate = inputs.communes.frame["code"], project.population.is_calibrated
    return choose(codes, inputs.totals, inputs.overrides, calibrate=calibrate)


def _counted_ground(inputs: Inputs, ground: Ground, project: Project, cache: Keep | None) -> CountedGround:
    """Find where people live, or take it from an earlier run."""
    return ground_of(
        inputs,
        project.population,
        RasterPeople(inputs.population, ground.grid),
        ground.zones,
        store=ground.store,
        content=() if cache is None else cache.people(inputs.population),
        outlines=ground.outlines,
    )


def _country(inputs: Inputs, ground: Ground, table: pd.DataFrame, found: Count, kept: KeptResults) -> Country:
    """Say where black spots are looked for."""
    failing = table["pop_failing"].to_numpy(dtype=np.float64)

    def measured() -> CellShares:
        return shares_of_cells(found.counted)

    shares = kept_fine_shares(kept, found.content, measured) if found.content else measured()
    return Country(ground.grid, inputs.communes.frame, ground.zones, failing, inputs.named_places, shares)


def _commune_rows(
    inputs: Inputs,
    project: Project,
    ground: Ground,
    found: Count,
    cache: Keep | None,
    progress: Progress,
) -> pd.DataFrame:
    """One row per commune: people by state, then the setting."""
    if progress is not None:
        progress(0.0, told("progress", "setting"))
    headcount = found.headcount
    table = commune_table(
        inputs.communes.frame,
        headcount.people,
        headcount.masks,
        found.layers.table,
        project.profile,
        headcount.known,
        headcount.source,
    )
    people = RasterPeople(inputs.population, ground.grid)
    total = table["pop_total"].to_numpy(dtype=np.float64)
    setting = setting_of(inputs, project, ground, found.counted, people, total, cache)
    return table.assign(**{str(name): setting[name].to_numpy() for name in setting.columns})


def _population(
    inputs: Inputs, project: Project, headcount: Headcount, chosen: Chosen
) -> dict[str, NDArray[Any]]:
    """Give the columns that say which figure counts and how far the others lie apart."""
    frame, rules = inputs.communes.frame, project.population
    both = compared(frame, headcount.raster, chosen, project.profile.population)
    columns = {str(name): both[name].to_numpy() for name in both.columns}
    if "area_official_km2" in frame:
        columns["area_official_km2"] = frame["area_official_km2"].to_numpy()
    if inputs.alternatives:
        every = [headcount.raster]
        for raster in inputs.alternatives:
            grid = Grid.around(raster, frame.total_bounds.tolist(), rules.subline_spacing_m)
            people = RasterPeople(raster, grid)
            zones = burn_communes(frame, grid)
            counted = people_by_commune(people, ground_of(inputs, rules, people, zones), rules.edge_cells)
            reached = reached_shares(zones, grid, raster.tiles, len(frame))
            part = ends_inside(reached, project.checks.unreached_share)
            every.append(np.where(part, np.nan, counted))
        columns["pop_raster_min"] = np.fmin.reduce(every)
        columns["pop_raster_max"] = np.fmax.reduce(every)
    return columns


def _coverage(
    inputs: Inputs, layers: LayerTable, spans: list[Spans], profile: Profile
) -> dict[str, dict[str, Coverage]]:
    """Give the coverage of each service by each operator, by the word its columns carry."""
    found: dict[str, dict[str, Coverage]] = {service: {} for service in layers.services}
    for item in layers.items:
        files = [
            CoverageFile(one.geometries, one.crs)
            for one in inputs.submissions
            if (one.operator, one.service) == (item.operator, item.service) and profile.counts(one)
        ]
        whole = union([spans[bit] for bit in item.coverage_bits])
        found[item.service][slug(item.operator)] = Coverage(whole, tuple(files))
    return found


def _operators(layers: LayerTable) -> dict[str, str]:
    """Give the name of every operator by the word its columns carry."""
    return {slug(name): name for name in sorted({item.operator for item in layers.items})}
