"""The ground of a run: which other land counts, and what is kept between runs."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.burn.store import SpanStore
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people import ground_of_run
from blackspot.coverage.people.ground_of_run import ground_of
from blackspot.data.geodesy.crs import to_lonlat
from table_raster import UTM48, TableRaster, box, communes, grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.people.counted_ground import CountedGround

PEOPLE = np.ones((60, 60))
PEOPLE[10, 40] = 500.0
INSIDE = 40 - 1e-5  # an outline on the border of cells, carried to degrees and back, may touch those beyond
MAINLAND = box(0, 0, 40.25, INSIDE)
NEIGHBOUR = box(40.25, 0, 60, 40)


def lines(*shapes: object) -> Any:
    """What a reader gives of a file of polygons."""
    return SimpleNamespace(geometry=to_lonlat(np.array(shapes, dtype=object), UTM48, on_course=True))


def ground(
    land: Any = None, neighbours: Any = None, rule: str = "land", store: SpanStore | None = None
) -> CountedGround:
    raster = TableRaster(PEOPLE)
    frame = communes(MAINLAND)
    grid = grid_of(raster)
    inputs: Any = SimpleNamespace(
        communes=SimpleNamespace(frame=frame), population=raster, land=land, neighbours=neighbours
    )
    rules: Any = SimpleNamespace(edge_cells=rule)
    zones = burn_communes(frame, grid)
    return ground_of(inputs, rules, RasterPeople(raster, grid), zones, store=store, content=("raster",))


def denser(found: CountedGround) -> float:
    """How much denser people live on the land of the edge cells."""
    return float(found.edge_factor.mean()) if len(found.edge_factor) else 1.0


def test_without_other_land_an_edge_cell_s_people_live_on_the_communes_part() -> None:
    """A quarter of each cell: four times as dense."""
    assert pytest.approx(4.0, rel=1e-3) == denser(ground())
    assert 1.0 == denser(ground(rule="share"))


def test_land_of_the_project_file_is_taken_as_it_is() -> None:
    """Also where it is the country itself, whose other provinces the project does not have."""
    assert pytest.approx(1.0, rel=1e-3) == denser(ground(land=lines(NEIGHBOUR)))
    assert pytest.approx(1.0, rel=1e-3) == denser(ground(land=lines(box(0, 0, 60, 40))))


def test_neighbours_of_the_map_count_where_the_file_names_no_land() -> None:
    """As other countries; a picture of the country itself is left out."""
    assert pytest.approx(1.0, rel=1e-3) == denser(ground(neighbours=lines(NEIGHBOUR)))
    assert pytest.approx(4.0, rel=1e-3) == denser(ground(neighbours=lines(box(0, 0, 40.5, 40))))
    both = ground(land=lines(box(40.25, 0, 40.5, 40)), neighbours=lines(NEIGHBOUR))
    assert pytest.approx(2.0, rel=1e-3) == denser(both)


def test_people_beside_land_that_nobody_told_of_are_counted() -> None:
    """The raster has a person in every cell beyond the border; known land, sea, and nobody there are no doubt."""
    people = RasterPeople(TableRaster(PEOPLE), grid_of(TableRaster(PEOPLE)))
    assert pytest.approx((500 + 39) * 0.75, rel=1e-3) == ground().beside_unknown_land(people)
    assert pytest.approx(0.0, abs=1e-3) == ground(land=lines(NEIGHBOUR)).beside_unknown_land(people)
    assert 0.0 == ground(rule="share").beside_unknown_land(people)


def test_they_are_told_by_commune() -> None:
    """A northern commune has 20 of the 40 rows and the crowded cell, a southern one the other rows."""
    raster = TableRaster(PEOPLE)
    frame = communes(box(0, 0, 40.25, 20), box(0, 20, 40.25, INSIDE))
    grid = grid_of(raster)
    people = RasterPeople(raster, grid)
    inputs: Any = SimpleNamespace(
        communes=SimpleNamespace(frame=frame), population=raster, land=None, neighbours=None
    )
    rules: Any = SimpleNamespace(edge_cells="land")
    found = ground_of(inputs, rules, people, burn_communes(frame, grid))
    by_commune = found.beside_unknown_by_commune(people)
    assert pytest.approx([(500 + 19) * 0.75, 20 * 0.75], rel=1e-2) == by_commune.tolist()
    assert pytest.approx(found.beside_unknown_land(people), rel=1e-9) == by_commune.sum()
    assert [0.0] == ground(rule="share").beside_unknown_by_commune(people).tolist()


def test_what_was_found_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time nothing is looked for, and everything is the same to the last bit."""
    store = SpanStore(tmp_path, grid_of(TableRaster(PEOPLE)))
    first = ground(neighbours=lines(NEIGHBOUR), store=store)

    def never(*_args: object, **_options: object) -> None:
        raise AssertionError("the ground is looked for again")

    monkeypatch.setattr(ground_of_run, "counted_ground", never)
    again = ground(neighbours=lines(NEIGHBOUR), store=SpanStore(tmp_path, grid_of(TableRaster(PEOPLE))))
    for one, other in ((first.zones, again.zones),):
        for name in ("line", "x0", "x1", "owner"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for one, other in zip(first.fine_edges, again.fine_edges, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(first.fine.cell, again.fine.cell)
    for name in ("factors", "edge_cell", "edge_factor", "edge_doubtful"):
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))


@pytest.mark.parametrize("change", ["land", "rule", "neighbours"])
def test_another_rule_or_other_land_is_found_anew(tmp_path: Path, change: str) -> None:
    """What is kept depends on all that decides it."""
    grid = grid_of(TableRaster(PEOPLE))
    kept = ground(neighbours=lines(NEIGHBOUR), store=SpanStore(tmp_path, grid))
    changes: dict[str, Any] = {
        "land": {"land": lines(NEIGHBOUR)},
        "rule": {"neighbours": lines(NEIGHBOUR), "rule": "share"},
        "neighbours": {"neighbours": lines(box(41, 0, 60, 40))},
    }
    store = SpanStore(tmp_path, grid)
    other = ground(**changes[change], store=store)
    fresh = ground(**changes[change])
    np.testing.assert_array_equal(fresh.edge_factor, other.edge_factor)
    np.testing.assert_array_equal(fresh.fine.cell, other.fine.cell)
    assert 2 == len([path for path in tmp_path.iterdir() if path.suffix == ".spans"])
    assert kept.factors.tolist() == other.factors.tolist() == [1.0]
    assert replace(kept, factors=np.zeros(1)).factors.tolist() == [0.0]
