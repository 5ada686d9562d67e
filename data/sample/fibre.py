"""The fibre network of the sample country: routes from the capitals to towns and villages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import ndimage

from .land.growth import grow, way_back
from .land.terrain import fractal_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .land.terrain import Terrain
    from .people import Places

OPERATIONAL, PLANNED, UNKNOWN = "Operational", "Planned", "<NA>"
"""Values of the status column; the last one is a text, as files come that went through a spreadsheet."""

_STEP = 3  # terrain cells to a cell of the route grid
_BARE = -1  # no route yet; 0 one that does not work, 1 one that does
_VILLAGES = 330  # the largest ones are on the plan


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes as LineStrings in EPSG:4326, and the status of each."""

    line: NDArray[np.object_]
    status: list[str]


def lay_routes(rng: np.random.Generator, terrain: Terrain, places: Places, month: int) -> Routes:
    """Lay routes along the cheapest ways; towns come first, remote villages are still planned.

    Parameters
    ----------
    rng
        Source of the randomness.
    terrain, places
        The land, and who is to be connected. Islands are not.
    month
        1, or 2 for a month later, when some of the planned routes work.

    Returns
    -------
    Routes
        A tree: every route leads to a capital or to a route laid before; none works beyond one that does not.
    """
    step = np.s_[_STEP // 2 :: _STEP]
    mask = terrain.home[step, step] & (terrain.group[step, step] == 0)
    parts, _ = ndimage.label(mask, structure=np.ones((3, 3)))
    mask = parts == np.bincount(parts[parts > 0]).argmax()
    cost = np.exp(0.5 * fractal_noise(rng, mask.shape, roughness=1.0, longest=25))
    cost = cost * (1.0 + terrain.height_m[step, step] / 200.0)
    row = np.minimum(places.row // _STEP, mask.shape[0] - 1)
    col = np.minimum(places.col // _STEP, mask.shape[1] - 1)
    wanted = _wanted(places, mask[row, col])
    capital = wanted[places.rank[wanted] == 0]
    growth = grow(mask, cost, row[capital], col[capital])
    works = np.full(mask.size, _BARE, dtype=np.int8)
    works[row[capital] * mask.shape[1] + col[capital]] = True
    lines, status = [], []
    for place in wanted[len(capital) :].tolist():
        way = _new_stretch(way_back(growth, int(row[place] * mask.shape[1] + col[place])), works)
        chance, later = rng.uniform(size=2)
        if len(way) < 2:
            continue
        remote = float(growth.reached.ravel()[way[0]]) / 170.0 + (0.12 if places.rank[place] >= 2 else -0.5)
        status.append(_status(chance, later, remote, month) if works[way[-1]] else PLANNED)
        works[way[:-1]] = status[-1] == OPERATIONAL
        lines.append(_drawn(terrain, way, mask.shape[1]))
    return Routes(np.asarray(lines, dtype=object), status)


def _wanted(places: Places, reachable: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Order the places: capitals, towns, then the largest villages."""
    order = np.lexsort([-places.people, places.rank])
    order = order[reachable[order]]
    return order[: int((places.rank[order] < 2).sum()) + _VILLAGES]


def _new_stretch(way: list[int], works: NDArray[np.int8]) -> list[int]:
    """Cut a way where it meets what is laid already, that cell included."""
    for position, cell in enumerate(way):
        if works[cell] != _BARE:
            return way[: position + 1]
    return way


def _status(chance: float, later: float, remote: float, month: int) -> str:
    if chance < 0.03:
        return UNKNOWN
    if chance > remote or (month > 1 and later < 0.15):
        return OPERATIONAL
    return PLANNED


def _drawn(terrain: Terrain, way: list[int], cols: int) -> shapely.LineString:
    """Draw a way as a line with its corners cut twice (Chaikin 1974)."""
    row, col = np.divmod(np.asarray(way), cols)
    path = np.column_stack([col, row]) * float(_STEP) + _STEP / 2.0
    for _ in range(2):
        before, after = path[:-1] * 0.75 + path[1:] * 0.25, path[:-1] * 0.25 + path[1:] * 0.75
        path = np.vstack([path[:1], np.stack([before, after], axis=1).reshape(-1, 2), path[-1:]])
    return shapely.LineString(np.round(terrain.frame.lonlat(path), 6))
