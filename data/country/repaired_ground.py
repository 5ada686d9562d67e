"""What a repair of a geometry changes, measured: square kilometres, and the people who live there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ..geodesy.area import area_km2
from ..geodesy.crs import LONLAT
from ..geodesy.transformers import transformer_between

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from ..findings.collector import Findings
    from ..readers.facts import LayerFacts
    from .population import PopulationRaster

_MOST_CELLS = 1_000_000  # of one piece of ground: a repair larger than that is no repair


def people_on(ground: NDArray[np.object_], population: PopulationRaster) -> float:
    """Count the people on pieces of ground, each cell by the share of it that is covered.

    Parameters
    ----------
    ground
        Polygons in EPSG:4326; pieces that overlap count twice.
    population
        The raster of people.

    Returns
    -------
    float
        People; NaN where the ground is too large to be a repair.
    """
    carry = transformer_between(LONLAT, population.crs)
    moved = shapely.transform(ground, lambda at: np.column_stack(carry.transform(at[:, 0], at[:, 1])))
    return math.fsum(_people_on_one(piece, population) for piece in moved)


def report_people(population: PopulationRaster, layers: Iterable[LayerFacts], findings: Findings) -> None:
    """Report how many people live where repairs changed something, for every layer that was read.

    Parameters
    ----------
    population
        The raster of people.
    layers
        What is known of the layers. One that was read several times, such as for several submissions, is told
        once, with the ground of all of them; what the same repair concerns for each of them counts once.
    findings
        Told the people. The layer stands in the finding where several of its file were repaired.
    """
    grounds: dict[tuple[Path, str], dict[bytes, shapely.Geometry]] = {}
    for facts in layers:
        if len(facts.repaired):
            named = zip(shapely.to_wkb(facts.repaired).tolist(), facts.repaired, strict=True)
            grounds.setdefault((facts.path, facts.layer), {}).update(named)
    files = [path for path, _ in grounds]
    for (path, layer), pieces in sorted(grounds.items()):
        ground = np.array(list(pieces.values()), dtype=np.object_)
        people = people_on(ground, population)
        findings.add(
            "repair.people",
            file=path,
            layer=layer if files.count(path) > 1 else "",
            area=area_km2(ground).sum(),
            people="?" if math.isnan(people) else people,
        )


def _people_on_one(piece: shapely.Geometry, population: PopulationRaster) -> float:
    west, south, east, north = shapely.bounds(piece).tolist()
    back = ~population.transform
    (left, top), (right, bottom) = back @ (west, north), back @ (east, south)
    row0, col0 = math.floor(top), math.floor(left)
    rows, cols = math.ceil(bottom) - row0, math.ceil(right) - col0
    if rows * cols > _MOST_CELLS:
        return math.nan
    people = np.nan_to_num(population.read(row0, rows, col0, cols))
    row, col = np.nonzero(people)
    x0, y0 = population.transform @ (col0 + col, row0 + row)
    step_x, step_y = population.transform.a, population.transform.e
    cells = shapely.box(x0, y0 + step_y, x0 + step_x, y0)
    shares = shapely.area(shapely.intersection(cells, piece)) / abs(step_x * step_y)
    return math.fsum((people[row, col] * shares).tolist())
