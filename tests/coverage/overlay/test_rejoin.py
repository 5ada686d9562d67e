"""One changed layer put into joined bands: the bytes of a full join, without reading people again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.spans import Spans, empty_spans, merge
from blackspot.coverage.overlay.bands import band_count, overlay
from blackspot.coverage.overlay.store import BandStore

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.overlay.join import Groups
    from blackspot.coverage.overlay.totals import Overlay

UTM48 = pyproj.CRS.from_epsg(32648)
ROWS, COLS = 300, 70
GRID = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, ROWS), COLS, ROWS, 4)  # three bands
PEOPLE = np.random.default_rng(8).lognormal(1.0, 2.0, (ROWS, COLS))
PEOPLE[np.random.default_rng(9).random(PEOPLE.shape) < 0.4] = 0.0
PEOPLE[:, 60:] = np.nan
FRAME = gpd.GeoDataFrame(
    geometry=[
        shapely.box(3.3, 10.2, 31.4, 250.5),
        shapely.box(31.4, 10.2, 55.5, 280.1),
        shapely.box(63.0, 20.0, 66.0, 30.0),  # nobody known
    ],
    crs=UTM48,
)
ZONES = burn_communes(FRAME, GRID)


@dataclass
class Reads:
    """People held in memory that count how often they are asked for."""

    people: np.ndarray
    times: list[int] = field(default_factory=list)

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        self.times.append(row0)
        return self.people[row0 : row0 + rows, col0 : col0 + cols].copy()


def discs(seed: int, count: int, radius: float) -> Spans:
    """Overlapping discs, also outside the communes and across the grid's edge."""
    rng = np.random.default_rng(seed)
    centres = shapely.points(rng.uniform(-5, COLS + 5, count), rng.uniform(-5, ROWS + 5, count))
    return burn(shapely.buffer(centres, radius), UTM48, GRID)


LAYERS = [discs(1, 60, 9.0), discs(2, 90, 6.0), discs(3, 300, 3.0)]


def fails(masks: np.ndarray) -> np.ndarray:
    """Lacks the first two layers; lacks the last one; lacks all."""
    return np.stack([(masks & np.uint64(3)) == 0, (masks & np.uint64(4)) == 0, masks == 0])


def count(store: BandStore | None, layers: list[Spans], **changes: Any) -> tuple[Overlay, int]:
    """Count, and say how often people were read."""
    source = Reads(changes.pop("people", PEOPLE))
    rules: dict[str, Any] = {"edge_cells": "land", "groups": fails} | changes
    result = overlay(source, GRID, ZONES, layers, n_communes=3, store=store, **rules)
    return result, len(source.times)


def in_bytes(result: Overlay) -> list[bytes | float]:
    cells = result.cells
    arrays = (result.masks, result.people, result.has_population, cells.commune, cells.row, cells.col)
    arrays += (cells.people, cells.failing)
    return [*(values.tobytes() for values in arrays), result.people_outside, result.people_raster]


@pytest.mark.parametrize("edge_cells", ["land", "share"])
@pytest.mark.parametrize("bit", [0, 1, 2])
@pytest.mark.parametrize(("threads", "groups"), [(1, None), (2, fails)])
def test_a_layer_that_is_new_everywhere_is_put_in(
    tmp_path: Path, bit: int, edge_cells: str, threads: int, groups: Groups | None
) -> None:
    """No people are read, and no byte differs from a full count; also on the way back, and for another bit."""
    store = BandStore(tmp_path, ())
    rules: dict[str, Any] = {"edge_cells": edge_cells, "groups": groups}
    first, read = count(store, LAYERS, **rules)
    assert (groups is None) == (len(first.cells.row) == 0)
    assert band_count(GRID) == read
    for layer in (discs(7, 200, 5.0), empty_spans(), LAYERS[2 - bit], LAYERS[bit]):
        changed = [*LAYERS[:bit], layer, *LAYERS[bit + 1 :]]
        result, read = count(store, changed, threads=threads, **rules)
        assert 0 == read
        assert in_bytes(count(None, changed, **rules)[0]) == in_bytes(result)
    other = [*LAYERS[:bit], *LAYERS[bit + 1 :], discs(5, 40, 8.0)]
    result, read = count(store, other, **rules)
    assert read == (0 if bit == 2 else band_count(GRID))
    assert in_bytes(count(None, other, **rules)[0]) == in_bytes(result)


def test_two_changed_layers_are_joined_anew(tmp_path: Path) -> None:
    """Then the new state is the one that the next change is put into."""
    store = BandStore(tmp_path, ())
    count(store, LAYERS)
    changed = [discs(4, 50, 7.0), discs(5, 50, 7.0), LAYERS[2]]
    result, read = count(store, changed)
    assert band_count(GRID) == read
    assert in_bytes(count(None, changed)[0]) == in_bytes(result)
    once_more = [*changed[:2], discs(6, 80, 5.0)]
    result, read = count(store, once_more)
    assert 0 == read
    assert in_bytes(count(None, once_more)[0]) == in_bytes(result)


def test_a_combination_that_vanishes_is_not_listed(tmp_path: Path) -> None:
    """Combinations are those that occur, whether anybody lives there or not."""
    store = BandStore(tmp_path, ())
    nobody = np.zeros_like(PEOPLE)
    count(store, LAYERS, people=nobody)
    changed = [LAYERS[0], empty_spans(), LAYERS[2]]
    result, _ = count(store, changed, people=nobody)
    assert [0, 1, 4, 5] == result.masks.tolist()
    assert in_bytes(count(None, changed, people=nobody)[0]) == in_bytes(result)


@pytest.mark.parametrize("damage", ["state", "kept"])
def test_a_damaged_state_is_harmless(tmp_path: Path, damage: str) -> None:
    """One flipped byte in the middle of each file: joined anew or put in, with the same bytes."""
    store = BandStore(tmp_path, ())
    count(store, LAYERS)
    damaged = sorted(tmp_path.glob(f"*.{damage}"))
    assert band_count(GRID) == len(damaged)
    for path in damaged:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 255
        path.write_bytes(content)
    changed = [LAYERS[0], LAYERS[1], discs(6, 80, 5.0)]
    result, read = count(store, changed)
    assert read == (band_count(GRID) if damage == "state" else 0)
    assert in_bytes(count(None, changed)[0]) == in_bytes(result)


stretch = st.tuples(st.integers(0, 9), st.integers(0, COLS * 4096), st.integers(1, 9 * 4096))
some_stretches = st.lists(stretch, max_size=12)


def spans_of(stretches: list[tuple[int, int, int]]) -> Spans:
    line, x0, length = (np.array([item[n] for item in stretches], np.int32) for n in range(3))
    return merge(line, x0, np.minimum(x0 + length, COLS * 4096))


@settings(max_examples=40)
@given(st.lists(some_stretches, min_size=1, max_size=4), some_stretches, st.data())
def test_any_spans_for_any_others(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[list[tuple[int, int, int]]],
    after: list[tuple[int, int, int]],
    data: st.DataObject,
) -> None:
    """Whatever a layer was and becomes: putting it in is the same as joining anew."""
    store = BandStore(tmp_path_factory.mktemp("bands"), ())
    layers = [spans_of(stretches) for stretches in before]
    bit = data.draw(st.integers(0, len(layers) - 1))
    zones = spans_of([(line, 4096 * 2 + 77, 4096 * 9) for line in range(1, 9)])
    communes = Spans(zones.line, zones.x0, zones.x1, np.where(zones.line < 4, 0, 1).astype(np.int32))

    def counted(using: BandStore | None, now: list[Spans]) -> Overlay:
        return overlay(
            Reads(PEOPLE), GRID, communes, now, n_communes=2, edge_cells="share", groups=fails, store=using
        )

    counted(store, layers)
    changed = [*layers[:bit], spans_of(after), *layers[bit + 1 :]]
    assert in_bytes(counted(None, changed)) == in_bytes(counted(store, changed))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), left=st.integers(0, 8), groups=st.sampled_from([None, fails]))
def test_a_layer_that_lost_most_is_put_in_anew(
    tmp_path_factory: pytest.TempPathFactory, seed: int, left: int, groups: Groups | None
) -> None:
    """So much is lost that the layer is taken out as a whole; also when nothing of it is left."""
    store = BandStore(tmp_path_factory.mktemp("bands"), ("raster",))
    layers = [discs(seed, 120, 9.0), *LAYERS[1:]]
    count(store, layers, groups=groups)
    changed = [discs(seed + 1, left, 4.0), *LAYERS[1:]]
    result, reads = count(store, changed, groups=groups)
    assert 0 == reads
    assert in_bytes(count(None, changed, groups=groups)[0]) == in_bytes(result)
