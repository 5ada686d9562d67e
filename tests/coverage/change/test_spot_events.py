"""Seven events of black spots, by hand, and a lineage over three runs."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from blackspot.coverage.change.spot_cells import ClusterCells
from blackspot.coverage.change.spot_events import lineages, spot_events


def spots(**places: tuple[float, float, float]) -> gpd.GeoDataFrame:
    """Clusters by id: west, east, people; one degree high."""
    return gpd.GeoDataFrame(
        {"cluster_id": list(places), "pop": [people for *_, people in places.values()]},
        geometry=[shapely.box(west, 0, east, 1) for west, east, _ in places.values()],
        crs=4326,
    )


EVENTS = [
    ("new", {}, {"a": (0, 1, 10)}),
    ("closed", {"a": (0, 1, 10)}, {}),
    ("grown", {"a": (0, 1, 10)}, {"b": (0, 2, 20)}),
    ("shrunk", {"a": (0, 2, 20)}, {"b": (0, 1, 10)}),
    ("same", {"a": (0, 1, 10)}, {"b": (0, 1, 10.5)}),
    ("split", {"a": (0, 5, 50)}, {"b": (0, 1, 10), "c": (3, 5, 20)}),
    ("merged", {"b": (0, 1, 10), "c": (3, 5, 20)}, {"a": (0, 5, 50)}),
    ("complex", {"a": (0, 2, 5), "b": (3, 5, 5)}, {"c": (1, 4, 5), "d": (4.5, 6, 5)}),
]


@pytest.mark.parametrize(("what", "before", "after"), EVENTS)
def test_each_event(
    what: str, before: dict[str, tuple[float, float, float]], after: dict[str, tuple[float, float, float]]
) -> None:
    """One event, with everybody who takes part in it."""
    (event,) = spot_events(spots(**before), spots(**after))
    assert (what, tuple(sorted(before)), tuple(sorted(after))) == (event.what, event.before, event.after)


def in_cells(table: gpd.GeoDataFrame) -> ClusterCells:
    """The same clusters in cells half a degree wide, of one commune."""
    cells = [
        (name, col)
        for name, outline in zip(table["cluster_id"], table.geometry, strict=True)
        for col in range(int(outline.bounds[0] * 2), int(outline.bounds[2] * 2))
    ]
    names, cols = zip(*cells, strict=True) if cells else ((), ())
    count = len(cells)
    return ClusterCells(
        np.array(names, object),
        np.full(count, "1", object),
        np.zeros(count, np.int64),
        np.array(cols, np.int64),
    )


@pytest.mark.parametrize(("what", "before", "after"), EVENTS)
def test_each_event_by_cells(
    what: str, before: dict[str, tuple[float, float, float]], after: dict[str, tuple[float, float, float]]
) -> None:
    """The same events as by outlines."""
    old, new = spots(**before), spots(**after)
    (event,) = spot_events(old, new, (in_cells(old), in_cells(new)))
    assert [event] == spot_events(old, new)
    assert what == event.what


def test_cells_of_other_communes_are_not_shared() -> None:
    """Two communes have a cell on their border in common, and a spot in it each."""
    old, new = spots(a=(0, 1, 10)), spots(b=(0, 1, 10))
    mine = in_cells(old)
    theirs = in_cells(new)._replace(code=np.full(2, "2", object))
    assert {"new", "closed"} == {event.what for event in spot_events(old, new, (mine, theirs))}


def test_less_than_a_person_is_no_event() -> None:
    """A sliver without people came, and the cluster fell apart at a cell in which nobody lives."""
    (split,) = spot_events(spots(a=(0, 5, 50)), spots(b=(0, 1, 10), c=(3, 5, 40)))
    new, told = spot_events(spots(), spots(sliver=(0, 1, 0.9), spot=(3, 4, 1.0)))[::-1]
    assert ("split", True) == (split.what, split.is_noise)
    assert ([("sliver",), ("spot",)], [True, False]) == (
        [new.after, told.after],
        [new.is_noise, told.is_noise],
    )


def test_outlines_that_touch_share_nothing() -> None:
    """Neighbours are two events."""
    events = spot_events(spots(a=(0, 1, 10)), spots(b=(1, 2, 10)))
    assert {"new", "closed"} == {event.what for event in events}


def test_parts_of_a_cluster_are_one() -> None:
    """A line of division that moves is no event."""
    before = spots(a=(0, 1, 10), b=(1, 3, 20)).assign(cluster_id="c")
    after = spots(a=(0, 2, 20), b=(2, 3, 10)).assign(cluster_id="c")
    assert ["same"] == [event.what for event in spot_events(before, after)]


def test_lineage_over_three_runs() -> None:
    """A spot keeps the name of the older one it shares most ground with; the worst change comes first."""
    first, second, third = (
        spots(a=(0, 4, 40)),
        spots(b=(0, 3, 30), c=(3.5, 4, 5)),
        spots(b2=(0, 3, 90), x=(8, 9, 1)),
    )
    (split,) = spot_events(first, second)
    assert ("split", "a") == (split.what, split.lineage)
    grown, *_ = spot_events(second, third)
    assert ("grown", "b", ("b2",)) == (grown.what, grown.lineage, grown.after)
    steps = [spot_events(first, second), spot_events(second, third)]
    assert {"b2": "a", "x": "x"} == lineages(steps)
    assert {"b": "a", "c": "a"} == lineages(steps[:1]) == dict(split.origins)


def test_no_spots_at_all() -> None:
    """Nothing happened."""
    assert [] == spot_events(spots(), spots())
