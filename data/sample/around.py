"""Roads, rivers and villages of the sample country, drawn from its terrain and its places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from .fibre import lay_routes
from .names import FIRST_WORDS, SECOND_WORDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Terrain
    from .people import Places

RIVER_KM2: Final = 25.0
"""A river begins where so much land drains to it."""

MAIN_KM: Final = 12.0
"""Roads from this length on are provincial ones; the others lead to one village."""

_VILLAGE = 2  # rank of a village among the places; hamlets come after
_LEAST_CELLS = 8  # of a river
_AROUND = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right]


@dataclass(frozen=True, slots=True)
class Layer:
    """Lines or points in EPSG:4326, each with a name, which may be empty, and a class."""

    geometry: NDArray[np.object_]
    name: list[str]
    kind: list[str]


def make_roads(rng: np.random.Generator, terrain: Terrain, places: Places) -> Layer:
    """Lay roads along the cheapest ways to towns and villages; the longest ones have numbers."""
    lines = lay_routes(rng, terrain, places, 1).line
    length_km = shapely.length(lines) * terrain.frame.cells_per_degree * terrain.frame.cell_km
    main = (length_km >= MAIN_KM).tolist()
    numbers = np.cumsum(main).tolist()
    names = [f"ĐT.M{number}" if is_main else "" for number, is_main in zip(numbers, main, strict=True)]
    return Layer(lines, names, ["tỉnh lộ" if is_main else "đường xã" for is_main in main])


def make_rivers(terrain: Terrain) -> Layer:
    """Follow the water from where rivers begin to the sea, or to a river that was drawn before; the longest first."""
    flow = np.where(terrain.home, terrain.flow, 0.0)
    is_river = flow > RIVER_KM2 / terrain.frame.cell_km**2
    drawn = np.zeros_like(is_river)
    heads = np.argwhere(is_river)
    heads = heads[np.argsort(flow[is_river], kind="stable")]
    lines = []
    for row, col in heads.tolist():
        if not drawn[row, col]:
            way = _downstream(flow, drawn, row, col)
            if len(way) >= _LEAST_CELLS:
                at = np.asarray(way, dtype=np.float64)[:, ::-1] + 0.5
                lines.append(shapely.LineString(np.round(terrain.frame.lonlat(at), 6)))
    lines.sort(key=lambda line: -line.length)
    names = [f"Sông {first} {SECOND_WORDS[0]}" for first in FIRST_WORDS]
    named = [names[at] if at < len(names) else "" for at in range(len(lines))]
    return Layer(np.asarray(lines, dtype=object), named, ["sông" if name else "suối" for name in named])


def _downstream(
    flow: NDArray[np.float64], drawn: NDArray[np.bool_], row: int, col: int
) -> list[tuple[int, int]]:
    """Go from cell to cell to where most water flows, until it grows no more or is drawn already."""
    way = [(row, col)]
    while not drawn[row, col]:
        drawn[row, col] = True
        near = [
            (flow[row + down, col + right], row + down, col + right)
            for down, right in _AROUND
            if 0 <= row + down < flow.shape[0] and 0 <= col + right < flow.shape[1]
        ]
        most, next_row, next_col = max(near)
        if most <= flow[row, col]:
            break
        row, col = next_row, next_col
        way.append((row, col))
    return way


def make_villages(rng: np.random.Generator, terrain: Terrain, places: Places) -> Layer:
    """Name villages and hamlets; as in life, many a name stands twice."""
    chosen = np.flatnonzero(places.rank >= _VILLAGE)
    cells = np.column_stack([places.col[chosen], places.row[chosen]]).astype(np.float64) + 0.5
    at = np.round(terrain.frame.lonlat(cells), 6)
    first = rng.integers(len(FIRST_WORDS), size=len(chosen)).tolist()
    second = rng.integers(len(SECOND_WORDS), size=len(chosen)).tolist()
    is_village = (places.rank[chosen] == _VILLAGE).tolist()
    words = ["Thôn" if one else "Bản" for one in is_village]
    names = [
        f"{word} {FIRST_WORDS[a]} {SECOND_WORDS[b]}" for word, a, b in zip(words, first, second, strict=True)
    ]
    return Layer(np.asarray(shapely.points(at), dtype=object), names, words)
