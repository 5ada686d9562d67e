"""What became of black spots between two runs: new, closed, grown, shrunk, split, merged, or as before.

Clusters of failing ground are compared, not the parts of settlement size they are divided into: a line of division
that moves is no event. Two clusters belong together where they share ground: a cell of their commune where both runs
have the same cells, else a part of their outlines. All that hang together by shared ground are one event.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse
import scipy.sparse.csgraph
import shapely

from .flows import NOISE_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from .spot_cells import ClusterCells

What = Literal["new", "closed", "grown", "shrunk", "same", "split", "merged", "complex"]

GROWTH: Final = 0.1
"""A spot has grown or shrunk when its people changed by more than this share."""
_LEAST_SHARE: Final = (
    0.05  # of the smaller cluster's ground: less do outlines share along a border drawn twice
)


@dataclass(frozen=True, slots=True)
class SpotEvent:
    """One event.

    Attributes
    ----------
    what
        Its kind.
    before, after
        Ids of the clusters that took part, in alphabetical order.
    people_before, people_after
        The people of these clusters who fail the profile.
    lineage
        Id of the older cluster that shares most ground with the most peopled newer one: what the spot has been called
        so far. Empty for a new one.
    origins
        For every newer cluster that shares ground with an older one, both ids: its own, and that of the older one it
        shares most ground with.
    """

    what: What
    before: tuple[str, ...]
    after: tuple[str, ...]
    people_before: float
    people_after: float
    lineage: str = ""
    origins: tuple[tuple[str, str], ...] = ()

    @property
    def is_noise(self) -> bool:
        """Whether it is too small to be told: fewer people than a figure shows came into it or left it.

        So a cluster whose outline was drawn anew, or that fell apart at a cell in which hardly anybody lives, is none.
        """
        return abs(self.people_after - self.people_before) < NOISE_PEOPLE


def spot_events(
    before: pd.DataFrame,
    after: pd.DataFrame,
    cells: tuple[ClusterCells, ClusterCells] | None = None,
) -> list[SpotEvent]:
    """Find what became of the black spots.

    Parameters
    ----------
    before, after
        Black spots of two runs: ``cluster_id``, ``pop`` and, where outlines are compared, these, in one reference
        system.
    cells
        The cells of the clusters, of the same communes and counted alike; None compares the outlines.

    Returns
    -------
    list of SpotEvent
        Those of most people lost first: by how many people more fail there.
    """
    old, new = _clusters(before), _clusters(after)
    shared = (
        _shared_ground((before, old), (after, new)) if cells is None else _shared_cells(cells, (old, new))
    )
    origins = _origins(shared)
    labels = _connected(len(old), len(new), shared)
    count = int(labels.max(initial=-1)) + 1
    groups = _members(labels[: len(old)], count), _members(labels[len(old) :], count)
    events = [_event((old, new), (mine, theirs), origins) for mine, theirs in zip(*groups, strict=True)]
    return sorted(events, key=lambda one: (one.people_before - one.people_after, one.before, one.after))


class _Clusters(NamedTuple):
    """Clusters by id, ascending, and their people."""

    ids: list[str]
    people: list[float]

    def __len__(self) -> int:
        return len(self.ids)

    def positions(self, ids: NDArray[np.object_]) -> NDArray[np.int64]:
        """Find clusters by their ids."""
        return pd.Index(self.ids, dtype=object).get_indexer(pd.Index(ids, dtype=object)).astype(np.int64)


def _clusters(spots: pd.DataFrame) -> _Clusters:
    """Add up the parts of each cluster."""
    people = spots.groupby("cluster_id", sort=True)["pop"].sum()
    return _Clusters([str(one) for one in people.index], [float(one) for one in people])


def _shared_ground(
    before: tuple[pd.DataFrame, _Clusters], after: tuple[pd.DataFrame, _Clusters]
) -> pd.DataFrame:
    """Measure the ground that each pair of an older and a newer cluster share, part by part, in square degrees."""
    (old_spots, old), (new_spots, new) = before, after
    mine, theirs = (
        np.asarray(spots["geometry"].to_numpy(), dtype=object) for spots in (old_spots, new_spots)
    )
    left, right = shapely.STRtree(theirs).query(mine, predicate="intersects")
    ground = np.zeros(len(left))
    same = shapely.equals_exact(mine[left], theirs[right])  # most parts of most runs
    ground[same] = shapely.area(mine[left[same]])
    ground[~same] = shapely.area(shapely.intersection(mine[left[~same]], theirs[right[~same]]))
    at = [table.positions(spots["cluster_id"].to_numpy(object)) for spots, table in (before, after)]
    pairs = pd.DataFrame({"old": at[0][left], "new": at[1][right], "ground": ground})
    summed: pd.DataFrame = pairs.groupby(["old", "new"], as_index=False).sum()
    areas = [
        np.bincount(where, shapely.area(outlines), len(table))
        for where, outlines, table in zip(at, (mine, theirs), (old, new), strict=True)
    ]
    smaller = np.minimum(areas[0][summed["old"]], areas[1][summed["new"]])
    kept: pd.DataFrame = summed[summed["ground"].to_numpy() > smaller * _LEAST_SHARE]
    return kept


def _shared_cells(
    cells: tuple[ClusterCells, ClusterCells], clusters: tuple[_Clusters, _Clusters]
) -> pd.DataFrame:
    """Count the cells that each pair of an older and a newer cluster share."""
    tables = [
        pd.DataFrame({"code": one.code, "row": one.row, "col": one.col, "at": table.positions(one.cluster)})
        for one, table in zip(cells, clusters, strict=True)
    ]
    both = tables[0].merge(tables[1], on=["code", "row", "col"], suffixes=("_old", "_new"))
    counted: pd.DataFrame = both.groupby(["at_old", "at_new"], as_index=False).size()
    return counted.set_axis(["old", "new", "ground"], axis=1)


def _origins(shared: pd.DataFrame) -> dict[int, int]:
    """Say for each newer cluster which older one it shares most ground with."""
    pairs = shared.sort_values(["new", "ground", "old"], ascending=[True, False, True])
    first = pairs[~pairs["new"].duplicated()]
    return {int(new): int(old) for new, old in zip(first["new"], first["old"], strict=True)}


def _connected(old: int, new: int, shared: pd.DataFrame) -> NDArray[np.int32]:
    """Give each cluster, first the older, then the newer ones, the number of the group it hangs together with."""
    count = old + new
    links = (np.ones(len(shared)), (shared["old"].to_numpy(int), shared["new"].to_numpy(int) + old))
    graph = scipy.sparse.coo_array(links, shape=(count, count))
    labels: NDArray[np.int32] = scipy.sparse.csgraph.connected_components(graph, directed=False)[1]
    return labels


def _members(labels: NDArray[np.int32], count: int) -> list[list[int]]:
    """List the clusters of each group."""
    members: list[list[int]] = [[] for _ in range(count)]
    for at, label in enumerate(labels.tolist()):
        members[label].append(at)
    return members


def _event(
    clusters: tuple[_Clusters, _Clusters], members: tuple[list[int], list[int]], origins: dict[int, int]
) -> SpotEvent:
    (old, new), (mine, theirs) = clusters, members
    people_before = math.fsum(old.people[at] for at in mine)
    people_after = math.fsum(new.people[at] for at in theirs)
    named = tuple((new.ids[at], old.ids[origins[at]]) for at in theirs if at in origins)
    largest = max(theirs, key=lambda at: new.people[at], default=-1)
    return SpotEvent(
        _kind(len(mine), len(theirs), people_before, people_after),
        tuple(old.ids[at] for at in mine),
        tuple(new.ids[at] for at in theirs),
        people_before,
        people_after,
        old.ids[origins[largest]] if largest in origins else "",
        named,
    )


def _kind(old: int, new: int, before: float, after: float) -> What:
    if not old or not new:
        return "closed" if old else "new"
    if old > 1 or new > 1:
        return "split" if old == 1 else "merged" if new == 1 else "complex"
    if after > before * (1 + GROWTH):
        return "grown"
    return "shrunk" if after < before * (1 - GROWTH) else "same"


def lineages(steps: Iterable[Sequence[SpotEvent]]) -> dict[str, str]:
    """Follow clusters through several runs.

    Parameters
    ----------
    steps
        The events from each run to the next one, in the order of time.

    Returns
    -------
    dict
        By id of each cluster of the last run that took part in an event: the id it had when it first appeared.
    """
    first: dict[str, str] = {}
    for events in steps:
        origins = {newer: older for event in events for newer, older in event.origins}
        first = {
            newer: first.get(origins[newer], origins[newer]) if newer in origins else newer
            for event in events
            for newer in event.after
        }
    return first
