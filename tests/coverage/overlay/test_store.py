"""Kept bands: a change joins the bands it touches and no others, and nobody can tell from the result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.overlay.bands import band_count, band_spans, overlay
from blackspot.coverage.overlay.store import BandStore

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.burn.spans import Spans
    from blackspot.coverage.overlay.totals import Overlay

UTM48 = pyproj.CRS.from_epsg(32648)
LEFT, TOP, CELL = 500_000.0, 2_300_000.0, 100.0
GRID = Grid(UTM48, Affine(CELL, 0, LEFT, 0, -CELL, TOP), 60, 700, 4)  # bands of 128 rows
PEOPLE = np.random.default_rng(3).lognormal(1.0, 1.5, (700, 60))
PEOPLE[650:, :5] = np.nan


@dataclass
class Reads:
    """People held in memory that remember which rows were asked for."""

    rows: list[int] = field(default_factory=list)

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        self.rows.append(row0)
        return PEOPLE[row0 : row0 + rows, col0 : col0 + cols].copy()


def box(col0: float, row0: float, col1: float, row1: float) -> shapely.Polygon:
    return shapely.box(LEFT + CELL * col0, TOP - CELL * row1, LEFT + CELL * col1, TOP - CELL * row0)


def layer(*boxes: tuple[float, float, float, float]) -> Spans:
    return burn(np.array([box(*corners) for corners in boxes], dtype=object), UTM48, GRID)


FRAME = gpd.GeoDataFrame(geometry=[box(2.2, 3.3, 30.4, 390.5), box(30.4, 3.3, 55.5, 600.7)], crs=UTM48)
ZONES = burn_communes(FRAME, GRID)
LAYERS = [layer((5.1, 20.2, 44.4, 660.6)), layer((9.5, 100.5, 33.3, 480.8))]


def fails(masks: np.ndarray) -> np.ndarray:
    return np.stack([masks == 0, (masks & np.uint64(2)) == 0])


def count(
    store: BandStore | None, layers: list[Spans] = LAYERS, *, groups: object = fails, threads: int = 1
) -> tuple[Overlay, list[int]]:
    """Count, and say which rows were read for it."""
    people = Reads()
    result = overlay(
        people, GRID, ZONES, layers, n_communes=2, edge_cells="land", groups=groups, threads=threads, store=store,
    )  # type: ignore[arg-type]  # fmt: skip
    return result, people.rows


def in_bytes(result: Overlay) -> list[bytes | float]:
    cells = result.cells
    arrays = [result.masks, result.people, result.has_population, cells.commune, cells.row, cells.col]
    arrays += [cells.people, cells.failing]
    return [*(values.tobytes() for values in arrays), result.people_outside, result.people_raster]


@pytest.mark.parametrize("threads", [1, 3])
def test_nothing_is_read_when_nothing_changed(tmp_path: Path, threads: int) -> None:
    """The second run takes all bands from the store, with the bytes of a run without one."""
    store = BandStore(tmp_path / "bands", ("raster",))
    first, read = count(store, threads=threads)
    assert band_count(GRID) == len(read)
    second, read_again = count(store, threads=threads)
    assert [] == read_again
    plain, _ = count(None)
    assert in_bytes(plain) == in_bytes(first) == in_bytes(second)


def test_only_the_bands_of_a_change_are_read(tmp_path: Path) -> None:
    """Two layers that grow by rows 300 to 310 change the third band (rows 256 to 383); one alone is put in."""
    store = BandStore(tmp_path, ("raster",))
    count(store)
    changed = [LAYERS[0], layer((9.5, 100.5, 33.3, 480.8), (40.0, 300.0, 50.0, 310.0))]
    result, read = count(store, changed)
    assert [] == read
    assert in_bytes(count(None, changed)[0]) == in_bytes(result)
    changed = [
        layer((5.1, 20.2, 44.4, 660.6), (45.0, 300.0, 50.0, 310.0)),
        layer((9.5, 100.5, 33.3, 480.8), (40.0, 300.0, 50.0, 310.0)),
    ]
    result, read = count(store, changed)
    assert [256] == read
    assert in_bytes(count(None, changed)[0]) == in_bytes(result)
    back, read = count(store)
    assert [256] == read
    assert in_bytes(count(None)[0]) == in_bytes(back)


NAMES = [f"band-{index:05d}{ending}" for index in range(5) for ending in (".kept", ".state")]
NAMES.append("band-00005.kept")  # no commune reaches so far south


def test_the_store_holds_two_files_per_band(tmp_path: Path) -> None:
    """Changes replace what was kept."""
    store = BandStore(tmp_path, ("raster",))
    for layers in (LAYERS, LAYERS[:1], LAYERS[::-1]):
        count(store, layers)
        assert sorted(path.name for path in tmp_path.iterdir()) == NAMES


def test_the_order_of_the_layers_matters(tmp_path: Path) -> None:
    """Layer i is bit i: the same layers the other way round are another question."""
    store = BandStore(tmp_path, ("raster",))
    count(store)
    turned, _ = count(store, LAYERS[::-1])
    assert in_bytes(count(None, LAYERS[::-1])[0]) == in_bytes(turned)


def test_anything_that_matters_changes_the_key(tmp_path: Path) -> None:
    """Content and its borders, the grid, spans, the rule for edges, whether cells are kept."""
    _, _, ground, here = band_spans(1, GRID, ZONES, LAYERS)
    store = BandStore(tmp_path, ("ab", "c"))
    keys = [
        store.key(GRID, ground, here, "land", cells=True),
        store.key(GRID, ground, here, "land", cells=False),
        store.key(GRID, ground, here, "share", cells=True),
        store.key(GRID, ground, here[:1], "land", cells=True),
        store.key(GRID, ground, here[::-1], "land", cells=True),
        store.key(GRID, replace(ground, owner=ground.owner + 1), here, "land", cells=True),  # type: ignore[operator]
        store.key(replace(GRID, sublines=5), ground, here, "land", cells=True),
        store.key(replace(GRID, raster_row0=-1), ground, here, "land", cells=True),
        store.key(replace(GRID, transform=GRID.transform @ Affine.translation(1, 0)), ground, here, "land", cells=True),
        *(
            BandStore(tmp_path, content).key(GRID, ground, here, "land", cells=True)
            for content in (("a", "bc"), ("abc",), ())
        ),
    ]  # fmt: skip
    assert len(keys) == len(set(keys))
    assert keys[0] == BandStore(tmp_path / "b", ("ab", "c")).key(GRID, ground, here, "land", cells=True)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", b"\x93NUMPY", None])
def test_damaged_files_cost_time_and_nothing_else(tmp_path: Path, damage: bytes | None) -> None:
    """An empty, foreign or truncated file is joined again and replaced."""
    store = BandStore(tmp_path, ("raster",))
    count(store)
    paths = [tmp_path / f"band-00002{ending}" for ending in (".kept", ".state")]
    whole = [path.read_bytes() for path in paths]
    for path, content in zip(paths, whole, strict=True):
        path.write_bytes(content[: len(content) // 2] if damage is None else damage)
    result, read = count(store)
    assert [256] == read
    assert in_bytes(count(None)[0]) == in_bytes(result)
    assert whole == [path.read_bytes() for path in paths]


def test_without_cells_none_are_kept(tmp_path: Path) -> None:
    """A run that keeps cells does not take bands from one that did not."""
    store = BandStore(tmp_path, ("raster",))
    bare, _ = count(store, groups=None)
    assert 0 == len(bare.cells.row)
    assert [] == count(store, groups=None)[1]
    full, read = count(store)
    assert band_count(GRID) == len(read)
    assert len(full.cells.row) > 0


def test_a_smaller_grid_leaves_nothing_behind(tmp_path: Path) -> None:
    """Bands that the grid no longer has, and whatever else lies in the folder, are deleted."""
    store = BandStore(tmp_path, ("raster",))
    for name in ("band-00099.kept", "band-00001.npz", "band-00001.kept.77.part"):
        (tmp_path / name).write_bytes(b"x")
    count(store)
    assert sorted(path.name for path in tmp_path.iterdir()) == NAMES
