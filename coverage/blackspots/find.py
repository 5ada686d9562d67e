"""Black spots: clusters of populated cells whose people fail the gap profile, inside one commune."""

from __future__ import annotations

from dataclasses import fields
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ...data.geodesy.places import geohash
from ..overlay.totals import FailingCells
from .distance import distance_to_coverage_km
from .lattice import Lattice
from .outlines import outlines, share_inside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ...data.geodesy.places import LonLat
    from ...data.project.profile import Profile
    from ...progress import Progress
    from ..burn.grid import Grid
    from ..burn.spans import Spans


_CHUNK_CELLS = 400_000  # cells clustered together; whole communes, so a very large commune may hold more
_WHERE = ("code", "name", "province_code", "province_name")
_SHORT, _LONG = 7, 12  # characters of a place code: about 150 m, and a few centimetres
_ROUNDING = 1.0 - 1e-6  # people of cells are float32: a share of exactly the limit must not fail by rounding
_HALF = 0.5  # a service is missing in a spot when it misses at least this share of the spot's people


class _Spots(NamedTuple):
    """Spots of one chunk, one entry each: commune row, people, km², most populated cell, misses, outline."""

    commune: NDArray[np.int64]
    people: NDArray[np.float64]
    area_km2: NDArray[np.float64]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    missing: NDArray[np.bool_]
    outline: NDArray[np.object_]

    def only(self, keep: NDArray[np.bool_]) -> _Spots:
        """Take some of the spots."""
        people, area_km2 = self.people[keep], self.area_km2[keep]
        row, col, missing = self.row[keep], self.col[keep], self.missing[keep]
        return _Spots(self.commune[keep], people, area_km2, row, col, missing, self.outline[keep])


class _Cells(NamedTuple):
    """Cells that belong to spots, sorted by commune, row and column; failing people of each group."""

    lattice: Lattice
    failing: NDArray[np.float32]

    def only(self, keep: NDArray[np.bool_] | slice) -> _Cells:
        """Take some of the cells."""
        commune, row, col = (
            index[keep] for index in (self.lattice.commune, self.lattice.row, self.lattice.col)
        )
        return _Cells(Lattice(commune, row, col), self.failing[keep])


def find_black_spots(
    cells: FailingCells,
    groups: Sequence[str],
    grid: Grid,
    communes: gpd.GeoDataFrame,
    profile: Profile,
    coverage_of: Mapping[str, Spans],
    progress: Progress = None,
) -> gpd.GeoDataFrame:
    """Cluster failing cells into black spots and describe each.

    A cell belongs to a spot when at least ``profile.min_cell_share`` of its people fail. Cells of one
    commune that touch, corners included, are one spot; a spot never crosses a commune border. Spots below
    ``profile.min_people`` or ``profile.min_area_km2`` are dropped.

    Parameters
    ----------
    cells
        People and failing people per commune and cell; any order.
    groups
        Names of the columns of ``cells.failing``: first the profile ("fails"), then the services.
    grid
        The grid of the cells.
    communes
        The communes in EPSG:4326, in the order ``cells.commune`` counts them.
    profile
        The gap profile.
    coverage_of
        The coverage of each service, all operators together.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    GeoDataFrame
        One row per spot, in the order of the communes and then of people, most first. ``pop`` counts the
        failing people of its cells; ``area_km2`` is the geodesic area of its cells as far as they lie in
        the commune; the geometry is the outline of the whole cells, which may reach over a border or a
        coast; ``lon, lat`` is the centre of the cell with most failing people; ``missing`` names the services that at least half of ``pop``
        lacks; ``distance_to_<service>_km`` starts at ``lon, lat``. ``spot_id`` is the commune's code and
        the geohash of that cell (about 150 m), so it outlives changes elsewhere and a finer grid.
    """
    chunks = _chunks(cells, profile.min_cell_share, progress)
    shapes = communes.geometry.to_numpy()
    spots = [_spots(chunk, grid, shapes, profile) for chunk in chunks]
    spots.append(_no_spots(len(groups) - 1))
    found = _Spots(*(np.concatenate(parts) for parts in zip(*spots, strict=True)))
    centre = grid.cell_centres_lonlat(found.row, found.col)
    table = communes.iloc[found.commune][[name for name in _WHERE if name in communes.columns]].reset_index(
        drop=True
    )
    table.insert(0, "spot_id", _identities(table["code"], centre, found.people))
    table["pop"], table["area_km2"] = found.people, found.area_km2
    table["lon"], table["lat"] = centre.lon, centre.lat
    table["missing"] = _names(groups[1:], found.missing)
    for number, (service, spans) in enumerate(sorted(coverage_of.items())):
        if progress is not None:
            progress(0.5 + 0.5 * number / len(coverage_of), f"distance to {service}")
        table[f"distance_to_{service}_km"] = distance_to_coverage_km(centre, spans, grid)
    order = np.lexsort((table["spot_id"].to_numpy(dtype=str), -found.people, found.commune))
    return gpd.GeoDataFrame(table, geometry=found.outline, crs="EPSG:4326").iloc[order].reset_index(drop=True)


def _chunks(cells: FailingCells, min_cell_share: float, progress: Progress) -> Iterator[_Cells]:
    """Cut the cells between communes into chunks of bounded size; take those enough of whose people fail."""
    commune = cells.commune
    steps = np.diff(commune, prepend=-1)
    if (steps < 0).any():
        order = np.argsort(commune, kind="stable")
        cells = FailingCells(*(getattr(cells, field.name)[order] for field in fields(cells)))
        commune = cells.commune
        steps = np.diff(commune, prepend=-1)
    first = np.flatnonzero(steps)
    cuts = first[np.flatnonzero(np.diff(first // _CHUNK_CELLS, prepend=-1))]
    for start, end in pairwise([*cuts.tolist(), len(commune)]):
        if progress is not None:
            progress(0.5 * start / len(commune), "black spots")
        yield _belonging(cells, slice(start, end), min_cell_share)


def _belonging(cells: FailingCells, where: slice, min_cell_share: float) -> _Cells:
    """Take the cells enough of whose people fail, sorted."""
    commune, row, col, people = cells.commune[where], cells.row[where], cells.col[where], cells.people[where]
    failing = cells.failing[where]
    enough = (failing[:, 0] > 0) & (failing[:, 0] >= (min_cell_share * _ROUNDING) * people)
    keep = np.flatnonzero(enough)
    order = keep[np.lexsort((col[keep], row[keep], commune[keep]))]
    return _Cells(Lattice(commune[order], row[order], col[order]), failing[order])


def _spots(cells: _Cells, grid: Grid, shapes: NDArray[np.object_], profile: Profile) -> _Spots:
    """Cluster the cells of whole communes and keep the clusters that are large enough."""
    cluster = cells.lattice.clusters(diagonal=True)
    many = np.bincount(cluster, cells.failing[:, 0]) >= profile.min_people
    kept = many[cluster]
    if not kept.any():
        return _no_spots(cells.failing.shape[1] - 1)
    cells, cluster = cells.only(kept), (np.cumsum(many) - 1)[cluster[kept]]
    sums = np.stack([np.bincount(cluster, column) for column in cells.failing.T], axis=1).astype(np.float64)
    order = np.lexsort((np.arange(len(cluster)), -cells.failing[:, 0], cluster))
    most = order[np.flatnonzero(np.diff(cluster[order], prepend=-1))]
    commune = cells.lattice.commune[most].astype(np.int64)
    outline = outlines(cells.lattice, cluster, grid)
    whole_km2 = np.bincount(cluster, grid.cell_area_km2(cells.lattice.row, cells.lattice.col))
    area_km2 = np.asarray(whole_km2 * share_inside(outline, shapes, commune), dtype=np.float64)
    row, col = (index[most].astype(np.int64) for index in (cells.lattice.row, cells.lattice.col))
    missing = sums[:, 1:] >= _HALF * sums[:, :1]
    found = _Spots(commune, sums[:, 0], area_km2, row, col, missing, outline)
    return found.only(area_km2 >= profile.min_area_km2)


def _no_spots(services: int) -> _Spots:
    """Give the spots of a country without any."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    missing = np.zeros((0, services), dtype=np.bool_)
    return _Spots(whole, real, real, whole, whole, missing, np.zeros(0, dtype=object))


def _names(services: Sequence[str], missing: NDArray[np.bool_]) -> list[str]:
    """Join the names of the missing services of each spot."""
    return [
        ",".join(name for name, absent in zip(services, row, strict=True) if absent)
        for row in missing.tolist()
    ]


def _identities(codes: pd.Series[str], centre: LonLat, people: NDArray[np.float64]) -> list[str]:
    """Name each spot after its commune and the place of its most populated cell.

    On grids finer than the short place code two spots of a commune may share it: the one with most people
    keeps it, the others get the long code.
    """
    short = codes.str.cat(geohash(centre, _SHORT), sep="-")
    long = codes.str.cat(geohash(centre, _LONG), sep="-")
    ranked = pd.DataFrame({"short": short, "long": long, "people": -people})
    later = ranked.sort_values(["people", "long"]).duplicated("short").reindex(ranked.index)
    return list(short.where(~later, long))
