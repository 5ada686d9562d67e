"""What became of black spots between two runs: new, closed, grown, shrunk, split, merged, or as before.

Clusters of failing ground are compared, not the parts of settlement size they are divided into: a line of division
that moves is no event. Two clusters belong together where they share ground; all that hang together by shared ground
are one event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import scipy.sparse
import scipy.sparse.csgraph
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

What = Literal["new", "closed", "grown", "shrunk", "same", "split", "merged", "complex"]

GROWTH: Final = 0.1
"""A spot has grown or shrunk when its people changed by more than this share."""
_LEAST_SHARE: Final = 1e-6  # of the smaller cluster's ground: outlines that only touch share nothing


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
    """

    what: What
    before: tuple[str, ...]
    after: tuple[str, ...]
    people_before: float
    people_after: float
    lineage: str = ""


def spot_events(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[SpotEvent]:
    """Find what became of the black spots.

    Parameters
    ----------
    before, after
        Black spots of two runs: ``cluster_id``, ``pop`` and outlines, in one reference system.

    Returns
    -------
    list of SpotEvent
        Those of most people lost first: by how many people more fail there.
    """
    old, new = _clusters(before), _clusters(after)
    shared = _shared_ground((before, old), (after, new))
    labels = _connected(len(old), len(new), shared)
    events = [
        _event(old[labels[: len(old)] == label], new[labels[len(old) :] == label], shared)
        for label in range(int(labels.max(initial=-1)) + 1)
    ]
    return sorted(events, key=lambda one: (one.people_before - one.people_after, one.before, one.after))


def _clusters(spots: gpd.GeoDataFrame) -> pd.DataFrame:
    """Add up the parts of each cluster: id, people, ground (in square degrees), and its place in the table."""
    ground = shapely.area(spots.geometry.to_numpy())
    parts = pd.DataFrame(
        {"id": spots["cluster_id"].to_numpy(), "people": spots["pop"].to_numpy(), "ground": ground}
    )
    table = parts.groupby("id", sort=True, as_index=False).sum()
    return table.assign(at=np.arange(len(table)))


def _shared_ground(
    before: tuple[gpd.GeoDataFrame, pd.DataFrame], after: tuple[gpd.GeoDataFrame, pd.DataFrame]
) -> pd.DataFrame:
    """Measure the ground that each pair of an older and a newer cluster share, part by part."""
    (old_spots, old), (new_spots, new) = before, after
    mine, theirs = (np.asarray(spots.geometry.to_numpy(), dtype=object) for spots in (old_spots, new_spots))
    left, right = shapely.STRtree(theirs).query(mine, predicate="intersects")
    ground = np.zeros(len(left))
    same = shapely.equals_exact(mine[left], theirs[right])  # most parts of most runs
    ground[same] = shapely.area(mine[left[same]])
    ground[~same] = shapely.area(shapely.intersection(mine[left[~same]], theirs[right[~same]]))
    pairs = pd.DataFrame(
        {
            "old": np.searchsorted(old["id"].to_numpy(), old_spots["cluster_id"].to_numpy()[left]),
            "new": np.searchsorted(new["id"].to_numpy(), new_spots["cluster_id"].to_numpy()[right]),
            "ground": ground,
        }
    )
    summed: pd.DataFrame = pairs.groupby(["old", "new"], as_index=False).sum()
    smaller = np.minimum(old["ground"].to_numpy()[summed["old"]], new["ground"].to_numpy()[summed["new"]])
    shares = summed["ground"].to_numpy() > smaller * _LEAST_SHARE
    kept: pd.DataFrame = summed[shares]
    return kept


def _connected(old: int, new: int, shared: pd.DataFrame) -> NDArray[np.int32]:
    """Give each cluster, first the older, then the newer ones, the number of the group it hangs together with."""
    count = old + new
    links = (np.ones(len(shared)), (shared["old"].to_numpy(int), shared["new"].to_numpy(int) + old))
    graph = scipy.sparse.coo_array(links, shape=(count, count))
    labels: NDArray[np.int32] = scipy.sparse.csgraph.connected_components(graph, directed=False)[1]
    return labels


def _event(old: pd.DataFrame, new: pd.DataFrame, shared: pd.DataFrame) -> SpotEvent:
    people_before, people_after = float(old["people"].sum()), float(new["people"].sum())
    lineage = ""
    if len(old) and len(new):
        largest = int(new["at"].to_numpy()[int(new["people"].to_numpy().argmax())])
        pairs = shared[shared["new"] == largest].sort_values(["ground", "old"], ascending=[False, True])
        names = dict(zip(old["at"], old["id"], strict=True))
        lineage = str(names[int(pairs["old"].iloc[0])])
    return SpotEvent(
        _kind(len(old), len(new), people_before, people_after),
        tuple(sorted(old["id"])),
        tuple(sorted(new["id"])),
        people_before,
        people_after,
        lineage,
    )


def _kind(old: int, new: int, before: float, after: float) -> What:
    if not old or not new:
        return "closed" if old else "new"
    if old > 1 or new > 1:
        return "split" if old == 1 else "merged" if new == 1 else "complex"
    if after > before * (1 + GROWTH):
        return "grown"
    return "shrunk" if after < before * (1 - GROWTH) else "same"
