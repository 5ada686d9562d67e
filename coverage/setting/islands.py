"""Which communes lie mostly on land that is not connected to the mainland."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from .mainland import in_inland_water, off_mainland, part_area_km2

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

NOT_CONNECTED_BY_PEOPLE: Final = "not_connected_by_people"
NOT_CONNECTED_BY_AREA: Final = "not_connected_by_area"

_MOSTLY: Final = 0.5
_RIVER_M: Final = 10_000.0  # as wide as the mouths of the Mekong; rays to the banks


class Apart(NamedTuple):
    """Which communes lie mostly apart from the mainland, and by what that was decided: people or area."""

    mostly: NDArray[np.bool_]
    basis: NDArray[np.object_]


def apart_from_mainland(
    communes: gpd.GeoDataFrame,
    gap_m: float,
    people_of: Callable[[NDArray[np.object_]], NDArray[np.float64]] | None,
    links: NDArray[np.object_] | None = None,
) -> Apart:
    """Say which communes lie mostly on parts that are not connected to the mainland.

    Parameters
    ----------
    communes
        Polygons in EPSG:4326.
    gap_m
        The widest gap that still counts as connected, in metres.
    people_of
        Counts the people of polygons; asked about the parts of communes that lie on both sides. None counts area.
    links
        Bridges and causeways; None for none.

    Returns
    -------
    Apart
        For each commune. A part in a river or a lake is no island: its commune is not apart.
    """
    count = len(communes)
    parts, owner = shapely.get_parts(communes.geometry.to_numpy(), return_index=True)
    off = off_mainland(parts, gap_m, links)
    weight = part_area_km2(parts)
    basis = np.full(count, NOT_CONNECTED_BY_AREA, dtype=object)
    outside = np.bincount(owner, off, minlength=count)
    mixed = (outside > 0) & (outside < np.bincount(owner, minlength=count))
    asked = np.flatnonzero(mixed[owner])
    if people_of is not None and len(asked):
        people = np.zeros(len(parts))
        people[asked] = np.nan_to_num(people_of(parts[asked]))
        counted = np.bincount(owner, people, minlength=count) > 0
        weight = np.where(counted[owner], people, weight)
        basis[counted] = NOT_CONNECTED_BY_PEOPLE
    mostly = _mostly(owner, weight, off, count)
    doubtful = np.flatnonzero(off & mostly[owner])
    if len(doubtful):
        off[doubtful] = ~in_inland_water(parts[doubtful], parts[~off], _RIVER_M)
    return Apart(_mostly(owner, weight, off, count), basis)


def _mostly(
    owner: NDArray[np.int64], weight: NDArray[np.float64], off: NDArray[np.bool_], count: int
) -> NDArray[np.bool_]:
    """Say which communes have most of their weight on parts that are off the mainland."""
    whole = np.bincount(owner, weight, minlength=count)
    outside = np.bincount(owner, weight * off, minlength=count)
    return np.asarray((whole > 0) & (outside > _MOSTLY * whole))
