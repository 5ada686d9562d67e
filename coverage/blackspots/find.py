"""Black spots: populated ground that fails the gap profile, in parts of settlement size, inside one commune."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np

from ...data.text.sentences import told
from ..overlay.totals import FailingCells
from .describe import described, measured_km
from .divide import CellFacts, divided, in_order, peaks
from .exact_people import exact_people
from .ground import own_share
from .joining import SpotSize, summed
from .lattice import Lattice
from .outlines import drawn_outlines
from .spots import SpotCells, Spots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from ...progress import Progress
    from .describe import Measure
    from .distance import Coverage
    from .spots import Country

    Draw = Callable[[Lattice, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]], NDArray[np.object_]]
    """Gives the outlines of spots from their cells, the spot of each, and the commune and its own ground of each spot."""

_CHUNK_CELLS = 400_000  # cells clustered together; whole communes, so a very large commune may hold more
_ROUNDING = 1.0 - 1e-6  # people of cells are float32: a share of exactly the limit must not fail by rounding
_HALF = 0.5  # a service is missing in a spot when it misses at least this share of the spot's people


class _Cells(NamedTuple):
    """Cells that may belong to spots, sorted by commune, row and column: people who fail, and of each group."""

    lattice: Lattice
    people: NDArray[np.float64]
    failing: NDArray[np.float32]

    def only(self, keep: NDArray[np.bool_]) -> _Cells:
        """Take some of the cells."""
        return _Cells(self.lattice.only(keep), self.people[keep], self.failing[keep])


def find_black_spots(
    cells: FailingCells,
    groups: Sequence[str],
    country: Country,
    profile: Profile,
    coverage_of: Mapping[str, Mapping[str, Coverage]],
    progress: Progress = None,
) -> gpd.GeoDataFrame:
    """Cluster failing cells, divide the clusters into black spots and describe each.

    A cell belongs to a cluster when at least ``profile.min_cell_share`` of its people fail. Cells of one
    commune that touch, corners included, are one cluster; a cluster never crosses a commune border. Clusters
    below ``profile.min_people`` or ``profile.min_area_km2`` are dropped. Those above ``profile.spot_people`` or
    ``profile.spot_area_km2`` are divided as :mod:`blackspot.coverage.blackspots.divide` says; the others are one
    spot. The people of the spots of a cluster add up to those of the cluster exactly, and never to more than
    the commune's people who fail the profile.

    Parameters
    ----------
    cells
        People and failing people per commune and cell; any order.
    groups
        Names of the columns of ``cells.failing``: first the profile ("fails"), then the services.
    country
        The grid, the communes and what is known of them.
    profile
        The gap profile.
    coverage_of
        The coverage of each service by each operator, by the word its columns carry.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    GeoDataFrame
        One row per spot, in the order of the communes and then of people, most first; the columns are those of
        the outputs reference. The geometry is the outline of the spot's cells, cut off at the commune's border.
    """
    return black_spots_and_cells(cells, groups, country, profile, coverage_of, progress=progress)[0]


def black_spots_and_cells(
    cells: FailingCells,
    groups: Sequence[str],
    country: Country,
    profile: Profile,
    coverage_of: Mapping[str, Mapping[str, Coverage]],
    draw: Draw | None = None,
    measure: Measure | None = None,
    progress: Progress = None,
) -> tuple[gpd.GeoDataFrame, SpotCells]:
    """Find the black spots as :func:`find_black_spots` does, and say of which cells each consists.

    ``draw`` and ``measure`` give outlines and distances in place of :func:`drawn_outlines` and
    :func:`~blackspot.coverage.blackspots.describe.measured_km`, for instance those of an earlier run.
    """
    draw = draw or partial(drawn_outlines, country.grid, country.communes.geometry.to_numpy())
    measure = measure or partial(measured_km, country.grid)
    chunks = _chunks(cells, country, profile.min_cell_share, progress)
    spots, members, count = [], [], 0
    for chunk in chunks:
        here, own = _spots(chunk, country, profile, draw)
        spots.append(here)
        members.append(own._replace(spot=own.spot + count))
        count += len(here.people)
    spots.append(_no_spots(len(groups) - 1))
    members.append(_no_cells())
    found = Spots(*(np.concatenate(parts) for parts in zip(*spots, strict=True)))
    inside = SpotCells(*(np.concatenate(parts) for parts in zip(*members, strict=True)))
    table = described(found, groups[1:], country, coverage_of, measure, progress)
    order = np.lexsort((table["spot_id"].to_numpy(dtype=str), -found.people, found.commune))
    row_of = np.empty(count, np.int64)
    row_of[order] = np.arange(count)
    sorted_table = gpd.GeoDataFrame(table, geometry=found.outline, crs="EPSG:4326").iloc[order]
    return sorted_table.reset_index(drop=True), inside._replace(spot=row_of[inside.spot])


def _chunks(
    cells: FailingCells, country: Country, min_cell_share: float, progress: Progress
) -> Iterator[_Cells]:
    """Cut the cells between communes into chunks of bounded size; take those enough of whose people fail."""
    steps = np.diff(cells.commune, prepend=-1)
    if (steps < 0).any():
        order = np.argsort(cells.commune, kind="stable")
        cells = FailingCells(*(getattr(cells, field.name)[order] for field in fields(cells)))
        steps = np.diff(cells.commune, prepend=-1)
    first = np.flatnonzero(steps)
    cuts = first[np.flatnonzero(np.diff(first // _CHUNK_CELLS, prepend=-1))]
    for start, end in pairwise([*cuts.tolist(), len(cells.commune)]):
        if progress is not None:
            progress(0.5 * start / len(cells.commune), told("progress", "black_spots"))
        yield _belonging(cells, slice(start, end), country, min_cell_share)


def _belonging(cells: FailingCells, where: slice, country: Country, min_cell_share: float) -> _Cells:
    """Count the people of whole communes exactly, and take the cells enough of whose people fail, sorted."""
    order = np.lexsort((cells.col[where], cells.row[where], cells.commune[where]))
    commune, row, col, people, failing = (getattr(cells, field.name)[where][order] for field in fields(cells))
    exact = exact_people(failing[:, 0], commune, country.pop_failing)
    enough = is_enough(failing[:, 0], people, min_cell_share)
    return _Cells(Lattice(commune, row, col), exact, failing).only(enough)


def is_enough(
    failing: NDArray[np.float32], people: NDArray[np.float32], min_cell_share: float
) -> NDArray[np.bool_]:
    """Say which cells belong to a cluster.

    Parameters
    ----------
    failing, people
        float32 (k,): the people of each cell who fail the profile, and all of them.
    min_cell_share
        The share that must fail.
    """
    return np.asarray((failing > 0) & (failing >= (min_cell_share * _ROUNDING) * people))


def _spots(cells: _Cells, country: Country, profile: Profile, draw: Draw) -> tuple[Spots, SpotCells]:
    """Cluster the cells of whole communes, keep the clusters that are large enough, and divide them."""
    grid, size = country.grid, _size(profile)
    cluster = cells.lattice.clusters(diagonal=True)
    share = own_share(cells.lattice, country.zones, grid, country.measured)
    own_km2 = share * grid.cell_area_km2(cells.lattice.row, cells.lattice.col)
    count = int(cluster.max(initial=-1)) + 1
    kept = size.is_enough(summed(cells.people, cluster, count), summed(own_km2, cluster, count))[cluster]
    if not kept.any():
        return _no_spots(cells.failing.shape[1] - 1), _no_cells()
    cells, cluster, facts = (
        cells.only(kept),
        in_order(cluster[kept]),
        CellFacts(cells.people[kept], own_km2[kept]),
    )
    spot = divided(cells.lattice, cluster, facts, grid, size)
    most, cluster_most = peaks(spot, cells.people), peaks(cluster, cells.people)
    commune = cells.lattice.commune[most].astype(np.int64)
    row, col = (index.astype(np.int64) for index in (cells.lattice.row, cells.lattice.col))
    of_cluster = cluster_most[cluster[most]]
    sums = np.stack([np.bincount(spot, column) for column in cells.failing.T], axis=1).astype(np.float64)
    area_km2 = summed(facts.area_km2, spot, len(most))
    found = Spots(
        commune=commune,
        people=summed(cells.people, spot, len(most)),
        area_km2=area_km2,
        row=row[most],
        col=col[most],
        cluster_row=row[of_cluster],
        cluster_col=col[of_cluster],
        missing=sums[:, 1:] >= _HALF * sums[:, :1],
        outline=draw(cells.lattice, spot, commune, area_km2),
    )
    return found, SpotCells(cells.lattice.commune, cells.lattice.row, cells.lattice.col, spot)


def _size(profile: Profile) -> SpotSize:
    """Give the limits of the profile; 0 is no upper limit."""
    return SpotSize(
        people=profile.spot_people or np.inf,
        area_km2=profile.spot_area_km2 or np.inf,
        least_people=profile.min_people,
        least_area_km2=profile.min_area_km2,
    )


def _no_spots(services: int) -> Spots:
    """Give the spots of a country without any."""
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    missing = np.zeros((0, services), dtype=np.bool_)
    return Spots(whole, real, real, whole, whole, whole, whole, missing, np.zeros(0, dtype=object))


def _no_cells() -> SpotCells:
    """Give the cells of no spot."""
    whole = np.zeros(0, dtype=np.int32)
    return SpotCells(whole, whole, whole, np.zeros(0, dtype=np.int64))
