"""Kept polygons: only those that have changed are burned, and nobody can tell from the spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.burn import polygons as burning
from blackspot.coverage.burn.crossings import part_spans
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.parts import KeptParts
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.burn.rings import rings_of
from blackspot.coverage.burn.store import SpanStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from blackspot.coverage.burn.crossings import PartSpans
    from blackspot.coverage.burn.rings import Rings
    from blackspot.coverage.burn.spans import Spans

UTM48 = pyproj.CRS.from_epsg(32648)
GRID = Grid(UTM48, Affine(1000.0, 0, 500_000.0, 0, -1000.0, 2_200_000.0), 120, 110, 4)  # about nine tiles


def polygon(seed: int) -> shapely.Geometry:
    """One of many shapes, the same for the same number: discs, rings with a hole, bow ties, two parts."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(495_000, 625_000), rng.uniform(2_085_000, 2_205_000)
    size = float(rng.choice([700.0, 4_000.0, 20_000.0]))
    disc = shapely.buffer(shapely.Point(x, y), size, quad_segs=3)
    if seed % 4 == 1:
        return shapely.difference(disc, shapely.buffer(shapely.Point(x, y), size / 2, quad_segs=2))
    if seed % 4 == 2:
        return shapely.Polygon(
            [(x, y), (x + size, y + size), (x + size, y), (x, y + size * rng.uniform(0.2, 1.0))]
        )
    if seed % 4 == 3:
        return shapely.MultiPolygon([disc, shapely.box(x + 2 * size, y, x + 3 * size, y + 900.0)])
    return disc


def polygons(seeds: list[int]) -> np.ndarray:
    shapes = np.empty(len(seeds), dtype=object)
    shapes[:] = [polygon(seed) for seed in seeds]
    return shapes


def in_bytes(spans: Spans) -> tuple[bytes, ...]:
    return tuple(values.astype("<i4").tobytes() for values in (spans.line, spans.x0, spans.x1))


def kept(seeds: list[int], store: SpanStore, name: str = "layer") -> Spans:
    return burn(polygons(seeds), UTM48, GRID, store=store, name=name)


def anew(seeds: list[int]) -> tuple[bytes, ...]:
    return in_bytes(burn(polygons(seeds), UTM48, GRID))


@pytest.fixture
def burned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Keep however few spans there are; say how many polygons were burned each time."""
    monkeypatch.setattr(burning, "LEAST_KEPT", 1)
    numbers: list[int] = []

    def watched(rings: Rings, grid: Grid) -> Iterator[PartSpans]:
        numbers.append(len(rings.feature))
        return part_spans(rings, grid)

    monkeypatch.setattr("blackspot.coverage.burn.polygons.part_spans", watched)
    return numbers


versions = st.lists(st.lists(st.integers(0, 40), max_size=25), min_size=2, max_size=5)


@pytest.mark.parametrize("most", [200, 4_000_000])
@settings(max_examples=30, deadline=None)
@given(versions=versions)
def test_any_change_has_the_bytes_of_a_full_burn(
    tmp_path_factory: pytest.TempPathFactory, most: int, versions: list[list[int]]
) -> None:
    """Polygons added, removed, moved, in another order, twice or more often, also where few are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(burning, "LEAST_KEPT", 1)
        patch.setattr(burning, "MOST_KEPT", most)
        store = SpanStore(tmp_path_factory.mktemp("spans"), GRID)
        for seeds in [*versions, versions[0][::-1]]:
            assert anew(seeds) == in_bytes(kept(seeds, store))


def test_only_polygons_that_changed_are_burned(tmp_path: Path, burned: list[int]) -> None:
    """Of thirty polygons one is new, three are gone, all stand in another order."""
    store = SpanStore(tmp_path, GRID)
    seeds = list(range(0, 120, 4))  # of one part each
    kept(seeds, store)
    assert 30 == sum(burned)
    burned.clear()
    changed = [121 * 4, *seeds[3:][::-1]]
    spans = kept(changed, store)
    assert [1] == burned
    assert anew(changed) == in_bytes(spans)
    burned.clear()
    kept([*changed, *changed], store)
    assert [] == burned


def test_one_end_of_a_ring_moved_makes_another_polygon(tmp_path: Path, burned: list[int]) -> None:
    """A vertex a millimetre to the side counts."""
    store = SpanStore(tmp_path, GRID)
    shapes = polygons([0, 4])
    burn(shapes, UTM48, GRID, store=store)
    burned.clear()
    xy = shapely.get_coordinates(shapes[1])
    xy[2, 0] += 0.001
    shapes[1] = shapely.Polygon(xy)
    burn(shapes, UTM48, GRID, store=store)
    assert [1] == burned


def test_holes_count_in_the_hash() -> None:
    """The same vertices in one ring or in two are two polygons; the hash is the same wherever it stands."""
    outer, inner = [(0, 0), (9, 0), (9, 9), (0, 0)], [(3, 1), (5, 1), (5, 2), (3, 1)]
    shapes = np.array(
        [shapely.Polygon(outer, [inner]), shapely.Polygon([*outer, *inner]), shapely.Polygon(outer)]
    )
    digests = rings_of(shapes, tile=1e6).digests()
    assert 3 == len(set(digests))
    assert digests[::-1] == rings_of(shapes[::-1].copy(), tile=1e6).digests()
    assert all(32 == len(digest) for digest in digests)


def test_chosen_parts_are_those_of_a_burn_without_the_others() -> None:
    """Rings, sizes and features of some parts, also of none."""
    rings = rings_of(polygons([1, 4, 7, 9]))
    wanted = np.array([0, 2, 4])
    some = rings.chosen(wanted)
    assert [rings.digests()[part] for part in wanted.tolist()] == some.digests()
    assert rings.feature[wanted].tolist() == some.feature.tolist()
    assert 0 == len(rings.chosen(np.zeros(0, np.int64)).xy)


def test_what_is_gone_is_forgotten_when_it_outweighs_the_rest(tmp_path: Path, burned: list[int]) -> None:
    """A file keeps polygons that went away (they may come back) until they are more than half of it."""
    store = SpanStore(tmp_path, GRID)
    seeds = [0, 3 * 4, 4 * 4, 7 * 4]
    shapes = np.array([shapely.buffer(shapely.Point(520_000 + seed, 2_150_000), 5_000) for seed in seeds])

    def sizes(count: int) -> int:
        burn(shapes[:count], UTM48, GRID, store=store)
        return sum(path.stat().st_size for path in tmp_path.iterdir())

    whole = sizes(4)
    assert whole == sizes(3)
    burned.clear()
    assert whole == sizes(4)
    assert [] == burned
    assert whole / 2 > sizes(1) > 0
    burn(shapes, UTM48, GRID, store=store)
    assert [3] == burned


@pytest.mark.parametrize(
    "damage", [b"", b"nonsense", b"blackspot arrays 1 00000000\n{}\n", None, 200, 90_000]
)
def test_a_damaged_file_costs_time_and_nothing_else(
    tmp_path: Path, burned: list[int], damage: bytes | int | None
) -> None:
    """Empty, foreign, cut off in the middle, or with one byte turned: burned and kept again."""
    store = SpanStore(tmp_path, GRID)
    shapes = np.array([shapely.buffer(shapely.Point(520_000 + 9 * x, 2_150_000), 9_000) for x in range(300)])
    first = burn(shapes, UTM48, GRID, store=store)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    if isinstance(damage, int):
        broken = bytearray(whole)
        broken[damage] ^= 16
        path.write_bytes(broken)
    else:
        path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    burned.clear()
    assert in_bytes(first) == in_bytes(burn(shapes, UTM48, GRID, store=store))
    assert 300 == sum(burned)
    assert whole == path.read_bytes()


def test_few_and_very_many_spans_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is burned as fast as it is read, and what would not fit the memory; one large polygon is kept."""
    shapes = np.array([shapely.box(510_000, 2_110_000 + x, 540_000, 2_120_000) for x in range(3)])
    store = SpanStore(tmp_path, GRID)
    burn(shapes, UTM48, GRID, store=store)
    assert [] == list(tmp_path.iterdir())
    monkeypatch.setattr(burning, "LEAST_KEPT", 20)
    monkeypatch.setattr(burning, "MOST_KEPT", 50)
    burn(shapes, UTM48, GRID, store=store)
    assert [] == list(tmp_path.iterdir())
    large = np.array([shapely.buffer(shapely.Point(550_000, 2_150_000), 30_000)])
    burn(large, UTM48, GRID, store=store)
    assert [".parts"] == [path.suffix for path in tmp_path.iterdir()]


def test_layers_do_not_push_each_other_out(tmp_path: Path, burned: list[int]) -> None:
    """Each layer has its own files; two of one name share them, which costs time only."""
    store = SpanStore(tmp_path, GRID)
    inside = [seed for seed in range(0, 80, 4) if len(burn(polygons([seed]), UTM48, GRID))]
    one, other = inside[:3], inside[3:6]
    kept(one, store, "one")
    kept(other, store, "other")
    burned.clear()
    kept(one, store, "one")
    kept(other, store, "other")
    assert [] == burned
    assert anew(other) == in_bytes(kept(other, store, "one"))
    assert anew(one) == in_bytes(kept(one, store, "one"))


def test_pruning_keeps_the_polygons_of_layers_in_use(tmp_path: Path, burned: list[int]) -> None:
    """A layer read back whole keeps its polygons for the next change; those of a layer given up go."""

    def run(*names: str) -> None:
        store = SpanStore(tmp_path, GRID)
        for name in names:

            def make(name: str = name) -> Spans:
                return kept([len(name), len(name) + 4], store, name)

            store.get(store.key("layer", name), make)
        store.prune()

    run("a", "bcd")
    both = {path.name for path in tmp_path.iterdir()}
    run("a", "bcd")
    assert both == {path.name for path in tmp_path.iterdir()}
    for _ in range(2):
        run("a")
        run("efghi", "a")
    names = {path.suffix for path in tmp_path.iterdir()}
    assert {".spans", ".parts"} == names
    assert len(list(tmp_path.iterdir())) <= 2 * len(both)
    burned.clear()
    kept([1, 5], SpanStore(tmp_path, GRID), "a")
    assert [] == burned


def test_arrays_give_back_what_was_kept() -> None:
    """Nothing at all, too."""
    back = KeptParts.from_arrays(KeptParts([], []).arrays())
    assert ([], [], 0) == (list(back.digests), list(back.runs), len(back))
