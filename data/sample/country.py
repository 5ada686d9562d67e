"""The sample country as a whole, before it is written into files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..text.sentences import told
from .communes import COUNT, CommuneList, describe_communes, draw_communes, people_per_terrain_cell
from .land.terrain import FRAME, Terrain, make_archipelago, make_terrain
from .outlines import trace_arcs
from .people import Places, make_places, make_population

if TYPE_CHECKING:
    import shapely
    from numpy.typing import NDArray

    from ...progress import Tell

_NEIGHBOUR = COUNT  # its number on the grid of outlines
_TOPICS = (
    "terrain",
    "places",
    "people",
    "communes",
    "names",
    "outlines",
    "sites",
    "shapes",
    "fibre",
    "around",
)


def random_for(seed: int, topic: str, number: int = 0) -> np.random.Generator:
    """Give every topic its own randomness, so that a change in one leaves the others as they are."""
    return np.random.default_rng([seed, _TOPICS.index(topic), number])


@dataclass(frozen=True, slots=True)
class SampleCountry:
    """The made-up country: everything that does not change from month to month.

    ``label`` is the commune of each terrain cell (-1 for none), ``people`` counts people per terrain cell,
    ``population`` per cell of the population grid. ``outline`` has one MultiPolygon per commune, in the
    order of ``communes``; ``neighbour`` and ``land_border`` are in EPSG:4326 too. ``on_border`` marks
    communes that touch the land border.
    """

    terrain: Terrain
    places: Places
    population: NDArray[np.float32]
    people: NDArray[np.float64]
    label: NDArray[np.int32]
    communes: CommuneList
    outline: NDArray[np.object_]
    neighbour: shapely.MultiPolygon
    land_border: shapely.MultiLineString
    on_border: NDArray[np.bool_]

    def province_of(self, row: NDArray[np.int64], col: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the province of cells of the country, as positions in the list of provinces."""
        return np.asarray(self.communes.province[self.label[row, col]])


def make_country(seed: int, say: Tell) -> SampleCountry:
    """Make up the country.

    Parameters
    ----------
    seed
        Same seed, same country.
    say
        Told the fraction done and the step.

    Returns
    -------
    SampleCountry
        With ``COUNT`` communes; the last one is the archipelago, which lies outside the terrain's frame.
    """
    say(0.0, told("progress", "sample_land"))
    terrain = make_terrain(random_for(seed, "terrain"))
    say(0.4, told("progress", "sample_people"))
    places = make_places(random_for(seed, "places"), terrain)
    population = make_population(random_for(seed, "people"), terrain, places)
    people = people_per_terrain_cell(population)
    say(0.7, told("progress", "sample_communes"))
    label = draw_communes(random_for(seed, "communes"), terrain, people)
    communes = describe_communes(random_for(seed, "names"), label, people, places)
    arcs = trace_arcs(random_for(seed, "outlines"), np.where(terrain.abroad, _NEIGHBOUR, label), FRAME)
    outline = [arcs.area(number) for number in range(COUNT - 1)]
    frame, land = make_archipelago(random_for(seed, "terrain", 1))
    islands = trace_arcs(random_for(seed, "outlines", 1), np.where(land, 0, -1).astype(np.int32), frame)
    border = (arcs.one == _NEIGHBOUR) | (arcs.other == _NEIGHBOUR)
    beside = np.unique(np.concatenate([arcs.one[border], arcs.other[border]]))
    return SampleCountry(
        terrain,
        places,
        population,
        people,
        label,
        communes,
        np.asarray([*outline, islands.area(0)], dtype=object),
        arcs.area(_NEIGHBOUR),
        arcs.between(frozenset(range(COUNT - 1)), frozenset([_NEIGHBOUR])),
        np.isin(np.arange(COUNT), beside),
    )
