"""Counts that were kept: the same as counted anew, counted once, and anew for any other ground, layer or figure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.coverage import kept_count as module
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.kept_count import (
    figures_content,
    ground_content,
    kept_fine_shares,
    kept_headcount,
    layers_content,
)
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.overlay.totals import CellShares, FailingCells
from blackspot.coverage.people.assembly import Layers
from blackspot.coverage.people.counted_ground import CountedGround, counted_ground
from blackspot.coverage.people.headcount import Headcount
from blackspot.coverage.people.layers import LayerTable
from blackspot.data.disk.kept import NOTHING_KEPT, KeptResults
from table_raster import UTM48, TableRaster, box, communes, grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.burn.grid import Grid

FIELDS = ("people", "masks", "known", "source", "raster")


def made(cells: int = 3) -> Headcount:
    """Make a count of two communes, its people in another order of memory than they are kept."""
    cell = np.arange(cells, dtype=np.int32)
    share = np.asfortranarray(np.arange(2 * cells, dtype=np.float32).reshape(cells, 2))
    return Headcount(
        people=np.asfortranarray([[1.5, 2.25, 0.0], [np.nan, 4.0, 1e-9]]),
        masks=np.array([0, 1, 1 << 63], np.uint64),
        known=np.array([True, False]),
        source=np.array(["raster", "official_spread_evenly"], object),
        cells=FailingCells(cell, cell + 1, cell + 2, share[:, 0], share),
        raster=np.array([0.1, np.nan]),
        people_raster=7.1,
        people_outside=1 / 3,
        people_in_unknown=0.25,
    )


def parts(count: Headcount) -> list[Any]:
    """List everything in a count, with the order of arrays in memory."""
    cells = [getattr(count.cells, name) for name in ("commune", "row", "col", "people", "failing")]
    arrays = [getattr(count, name) for name in FIELDS] + cells
    told = [(each.dtype, each.shape, each.flags.c_contiguous, each.tolist()) for each in arrays]
    return [repr(told), count.people_raster, count.people_outside, count.people_in_unknown]


def test_a_kept_count_is_the_same_and_counted_once(tmp_path: Path) -> None:
    kept, asked = KeptResults(tmp_path), []

    def count() -> Headcount:
        asked.append(1)
        return made()

    first = kept_headcount(kept, ["a"], count)
    again = kept_headcount(kept, ["a"], count)
    assert [1] == asked
    assert parts(first) == parts(again)
    assert parts(first) == parts(kept_headcount(NOTHING_KEPT, ["a"], count))
    assert made().people.tolist()[0] == first.people.tolist()[0]
    kept_headcount(kept, ["b"], count)
    assert [1, 1, 1] == asked


def test_a_large_count_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptResults(tmp_path)
    monkeypatch.setattr(module, "_MOST_BYTES", 1000)
    kept_headcount(kept, ["a"], lambda: made(1000))
    assert [] == list(tmp_path.iterdir())
    kept_headcount(kept, ["a"], made)
    assert 1 == len(list(tmp_path.iterdir()))


def test_a_damaged_count_is_made_anew(tmp_path: Path) -> None:
    kept = KeptResults(tmp_path)
    whole = kept_headcount(kept, ["a"], made)
    path = next(tmp_path.iterdir())
    content = bytearray(path.read_bytes())
    content[-40] ^= 1
    path.write_bytes(content)
    assert parts(whole) == parts(kept_headcount(kept, ["a"], made))


def test_shares_of_fine_cells_are_measured_once(tmp_path: Path) -> None:
    kept, asked = KeptResults(tmp_path), []

    def measure() -> CellShares:
        asked.append(1)
        return CellShares(np.array([0, 1], np.int32), np.array([5, 7]), np.array([0.5, 1 / 3]))

    first, again = (kept_fine_shares(kept, ["a"], measure) for _ in range(2))
    assert [1] == asked
    assert [each.tolist() for each in first] == [each.tolist() for each in again]


def country(width: float = 10.0) -> tuple[CountedGround, Layers, Grid]:
    """Make two communes side by side, the second half covered."""
    raster = TableRaster(np.ones((10, 20)))
    grid = grid_of(raster)
    frame = communes(box(0, 0, width, 10), box(width, 0, 20, 10))
    zones = burn_communes(frame, grid)
    ground = counted_ground((frame.geometry.to_numpy(), UTM48), zones, RasterPeople(raster, grid), "land")
    shapes = np.array([box(15, 0, 20, 10)], dtype=object)
    layers = Layers(LayerTable(()), [burn(shapes, UTM48, grid)], [ground.fine.edges((shapes, UTM48))])
    return ground, layers, grid


def test_the_same_country_has_the_same_content() -> None:
    (ground, layers, grid), (again, same, _) = country(), country()
    assert ground_content(ground, grid) == ground_content(again, grid)
    assert layers_content(layers) == layers_content(same)


def test_another_border_between_communes_is_other_ground() -> None:
    (ground, _, grid), (moved, _, _) = country(), country(10.25)
    assert ground_content(ground, grid) != ground_content(moved, grid)


@pytest.mark.parametrize("name", ["factors", "edge_factor", "fine_edges"])
def test_other_people_on_the_same_ground_are_other_content(name: str) -> None:
    ground, _, grid = country()
    more = np.append(getattr(ground, name)[0] if name == "fine_edges" else getattr(ground, name), 1)
    value = ground.fine_edges._replace(owner=more) if name == "fine_edges" else more
    assert ground_content(ground, grid) != ground_content(replace(ground, **{name: value}), grid)


def test_the_order_of_layers_and_their_fine_edges_count() -> None:
    _, layers, _ = country()
    two = layers._replace(
        spans=[layers.spans[0], layers.spans[0].rows(0, 5)], fine=[*layers.fine, layers.fine[0]]
    )
    turned = two._replace(spans=two.spans[::-1])
    assert 3 == len({layers_content(each) for each in (layers, two, turned)})


def test_an_unknown_figure_is_not_an_absent_kind_of_figure() -> None:
    known, unknown = np.array([1.0, 2.0]), np.array([1.0, np.nan])
    contents = [
        figures_content(*each) for each in ((known, None), (unknown, None), (known, known), (None, known))
    ]
    assert 4 == len(set(contents))
