"""What the table says of each black spot: its name, its place, what is missing and how far away that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...data.geodesy.places import geohash
from ...data.text.sentences import told
from .distance import distance_to_coverage_km
from .nearest_place import nearest_place
from .outlines import cell_side_degrees

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from ...progress import Progress
    from ..burn.grid import Grid
    from .distance import Coverage
    from .spots import Country, Spots

    Measure = Callable[[NDArray[np.int64], NDArray[np.int64], Coverage], NDArray[np.float64]]
    """Gives the kilometres from cells, by row and column, to a coverage."""

_WHERE = ("code", "name", "province_code", "province_name")
_SHORT, _LONG = 7, 12  # characters of a geohash: about 150 m, and a few centimetres
_BITS = 5  # of a character
_TURNED = 0.7  # of a cell's side: how far apart two cells are at least to the east or to the north


def described(
    found: Spots,
    services: Sequence[str],
    country: Country,
    coverage_of: Mapping[str, Mapping[str, Coverage]],
    measure: Measure,
    progress: Progress = None,
) -> pd.DataFrame:
    """Describe every spot in one row.

    Parameters
    ----------
    found
        The spots.
    services
        Names of the columns of ``found.missing``.
    country
        The grid, the communes and the named places.
    coverage_of
        The coverage of each service by each operator, by the word its columns carry.
    measure
        Says how far they are.
    progress
        Called with a fraction from 0.5 to 1 and the name of the step.

    Returns
    -------
    DataFrame
        In the order of ``found``: ``spot_id``, the columns of the commune, ``pop, area_km2, lon, lat, cluster_id,
        missing``, the distances and, with named places, ``place_name, place_distance_km``. Distances start at
        ``lon, lat``, the centre of the cell with most failing people.
    """
    grid, communes = country.grid, country.communes
    centre = grid.cell_centres_lonlat(found.row, found.col)
    cluster_centre = grid.cell_centres_lonlat(found.cluster_row, found.cluster_col)
    known = [name for name in _WHERE if name in communes.columns]
    where = communes.iloc[found.commune][known].reset_index(drop=True)
    length = _code_length(grid)
    columns: dict[str, object] = {
        "spot_id": where["code"].str.cat(geohash(centre, length), sep="-"),
        **{name: where[name] for name in known},
        "pop": found.people,
        "area_km2": found.area_km2,
        "lon": centre.lon,
        "lat": centre.lat,
        "cluster_id": where["code"].str.cat(geohash(cluster_centre, length), sep="-"),
        "missing": pd.Series(_names(services, found.missing), dtype="str"),
    }
    columns |= _distances(found, coverage_of, measure, progress)
    if country.places is not None:
        names, distance = nearest_place(centre, country.places)
        columns |= {"place_name": pd.Series(names, dtype="str"), "place_distance_km": distance}
    return pd.DataFrame(columns)


def measured_km(
    grid: Grid, row: NDArray[np.int64], col: NDArray[np.int64], coverage: Coverage
) -> NDArray[np.float64]:
    """Measure from the centres of cells to the nearest covered ground, in kilometres."""
    return distance_to_coverage_km(grid.cell_centres_lonlat(row, col), coverage, grid)


def _distances(
    found: Spots,
    coverage_of: Mapping[str, Mapping[str, Coverage]],
    measure: Measure,
    progress: Progress,
) -> dict[str, NDArray[np.float64]]:
    """Measure to the nearest coverage of each service, by any operator and by each."""
    columns: dict[str, NDArray[np.float64]] = {}
    done, count = 0, sum(map(len, coverage_of.values()))
    for service, by_operator in sorted(coverage_of.items()):
        nearest = np.full(len(found.row), np.nan)
        each: dict[str, NDArray[np.float64]] = {}
        for operator, coverage in sorted(by_operator.items()):
            if progress is not None:
                progress(0.5 + 0.5 * done / count, told("progress", "distances", service=service))
            done += 1
            distance = measure(found.row, found.col, coverage)
            each[f"distance_to_{service}_{operator}_km"] = distance
            nearest = np.fmin(nearest, distance)
        columns |= {f"distance_to_{service}_km": nearest, **each}
    return columns


def _names(services: Sequence[str], missing: NDArray[np.bool_]) -> list[str]:
    """Join the names of the missing services of each spot."""
    return [
        ",".join(name for name, absent in zip(services, row, strict=True) if absent)
        for row in missing.tolist()
    ]


def _code_length(grid: Grid) -> int:
    """Say how many characters of a geohash tell any two cells of a grid apart.

    So the name of a spot depends on its own place alone, not on which others there are.
    """
    side = cell_side_degrees(grid) * _TURNED
    for length in range(_SHORT, _LONG):
        bits = _BITS * length
        if max(360.0 / 2 ** ((bits + 1) // 2), 180.0 / 2 ** (bits // 2)) < side:
            return length
    return _LONG
