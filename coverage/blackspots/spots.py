"""What is known of the country in which black spots are looked for, and of the spots themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    from numpy.typing import NDArray

    from ...data.country.places import NamedPlaces
    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.totals import CellShares


class Country(NamedTuple):
    """Where black spots are looked for.

    Attributes
    ----------
    grid
        The grid of the cells.
    communes
        The communes in EPSG:4326, in the order in which cells and spans count them.
    zones
        The communes' spans on the grid.
    pop_failing
        Float64: the people of each commune who fail the profile, as its table says; NaN where not known.
    places
        Names of settlements to find the nearest of; None without.
    measured
        Ground in the cells that were measured exactly; None where all are left to the sub-lines.
    """

    grid: Grid
    communes: gpd.GeoDataFrame
    zones: Spans
    pop_failing: NDArray[np.float64]
    places: NamedPlaces | None = None
    measured: CellShares | None = None


class Spots(NamedTuple):
    """Spots of one chunk, one entry each.

    ``commune`` is its row, ``people`` and ``area_km2`` are sums over its cells, ``row, col`` is the most
    populated cell of the spot and ``cluster_row, cluster_col`` that of the cluster it is part of, ``missing``
    says which services it lacks, bool (spots, services), ``outline`` is its multipolygon in EPSG:4326.
    """

    commune: NDArray[np.int64]
    people: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    cluster_row: NDArray[np.int64]
    cluster_col: NDArray[np.int64]
    missing: NDArray[np.bool_]
    outline: NDArray[np.object_]


class SpotCells(NamedTuple):
    """The cells of which spots consist, one entry each.

    ``commune, row, col`` is the cell of a commune, int32; ``spot`` is the number of its spot, int64.
    """

    commune: NDArray[np.int32]
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    spot: NDArray[np.int64]
