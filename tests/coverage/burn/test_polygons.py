"""Burning: polygons of any kind become spans that hold the right ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.crossings import PartSpans, part_spans
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.rings import Rings, rings_of
from blackspot.coverage.burn.spans import CELL_UNITS
from blackspot.coverage.burn.store import SpanStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

from burn_plane import LONLAT, UTM48, at, box, cells_of, plane, polygons, same

VN2000 = pyproj.CRS.from_epsg(3405)


@pytest.mark.parametrize("sublines", [1, 2, 3, 4, 5, 8, 37])
def test_a_box_along_cells_is_exact(sublines: int) -> None:
    """Whole cells come out as whole cells, every row with all its sub-lines."""
    grid = plane(sublines=sublines)
    spans = burn(polygons(box(3, 2, 11, 7)), UTM48, grid)
    assert pytest.approx(8 * 5, abs=2e-3) == cells_of(spans, grid)
    rows = np.unique(spans.line // sublines)
    assert [2, 3, 4, 5, 6] == rows.tolist()


@pytest.mark.parametrize("row", [2.0, 2.1, 2.25, 2.5, 2.624, 2.99])
def test_a_strip_thinner_than_a_subline_keeps_its_area(row: float) -> None:
    """A strip of a twentieth of a cell, along the row, is not missed and not overrated."""
    grid = plane()
    spans = burn(polygons(box(3, row, 11, row + 0.05)), UTM48, grid)
    assert pytest.approx(8 * 0.05, rel=0.02) == cells_of(spans, grid)


def test_a_slanted_edge_is_exact_to_the_unit() -> None:
    """The middle of each crossing is kept to 1/4096 of a cell."""
    grid = plane()
    spans = burn(polygons(at((2, 2), (14, 2), (8, 14))), UTM48, grid)
    assert pytest.approx(72.0, rel=2e-3) == cells_of(spans, grid)


def test_holes_are_left_out() -> None:
    """A polygon with a hole, and an island inside the hole."""
    grid = plane()
    hole = box(4, 4, 10, 10)
    ring = shapely.difference(box(2, 2, 12, 12), hole)
    assert pytest.approx(100 - 36, abs=1e-2) == cells_of(burn(polygons(ring), UTM48, grid), grid)
    both = shapely.union(ring, box(6, 6, 8, 8))
    assert pytest.approx(100 - 36 + 4, abs=1e-2) == cells_of(burn(polygons(both), UTM48, grid), grid)


def test_overlapping_polygons_count_once() -> None:
    """Two boxes that share a quarter."""
    grid = plane()
    spans = burn(polygons(box(2, 2, 6, 6), box(4, 4, 8, 8)), UTM48, grid)
    assert pytest.approx(16 + 16 - 4, abs=1e-2) == cells_of(spans, grid)


def test_a_bow_tie_is_two_triangles() -> None:
    """The even-odd rule needs no repair."""
    grid = plane()
    tie = at((2, 2), (10, 10), (10, 2), (2, 10))
    assert not tie.is_valid
    assert pytest.approx(32.0, rel=2e-3) == cells_of(burn(polygons(tie), UTM48, grid), grid)


def test_a_ring_that_touches_itself() -> None:
    """Two cells that meet at a corner, drawn as one ring, as raster exporters do."""
    grid = plane()
    ring = at((2, 2), (4, 2), (4, 4), (6, 4), (6, 6), (4, 6), (4, 4), (2, 4))
    assert not ring.is_valid
    assert pytest.approx(8.0, abs=1e-3) == cells_of(burn(polygons(ring), UTM48, grid), grid)


def test_repeated_vertices_direction_and_start_change_nothing() -> None:
    """The same ring drawn in other ways gives the same spans."""
    grid = plane()
    corners = [(2.3, 2.1), (9.7, 3.3), (8.2, 9.9), (3.1, 7.7)]
    first = burn(polygons(at(*corners)), UTM48, grid)
    twice = [corner for corner in corners for _ in range(2)]
    for other in (twice, corners[::-1], corners[2:] + corners[:2]):
        assert same(first, burn(polygons(at(*other)), UTM48, grid))


def test_what_is_no_polygon_is_passed_over() -> None:
    """Points and lines, alone or in collections, empty polygons; polygons in collections count."""
    grid = plane()
    odd = shapely.GeometryCollection(
        [box(2, 2, 4, 4), shapely.LineString([(500_000, 2_300_000), (500_900, 2_299_000)]), shapely.Polygon()]
    )
    nested = shapely.GeometryCollection([shapely.MultiPolygon([box(6, 6, 7, 7)])])
    spans = burn(polygons(odd, shapely.Point(500_100, 2_299_900), nested), UTM48, grid)
    assert pytest.approx(5.0, abs=1e-3) == cells_of(spans, grid)
    assert 0 == len(burn(polygons(), UTM48, grid))
    assert 0 == len(burn(polygons(shapely.Polygon()), UTM48, grid))


def test_third_coordinates_are_ignored() -> None:
    """Heights of vertices mean nothing here."""
    grid = plane()
    flat = box(2, 2, 4, 4)
    assert same(burn(polygons(flat), UTM48, grid), burn(polygons(shapely.force_3d(flat, 7.0)), UTM48, grid))


def test_ground_outside_the_grid_is_cut_off() -> None:
    """A polygon around the whole grid fills it; one beside it leaves nothing."""
    grid = plane()
    around = burn(polygons(box(-50, -70, 90, 60)), UTM48, grid)
    assert grid.lines == len(around)
    assert {0} == set(around.x0.tolist())
    assert {20 * CELL_UNITS} == set(around.x1.tolist())
    assert 0 == len(burn(polygons(box(-9, 2, -3, 8), box(30, 2, 40, 8), box(2, -9, 8, -1)), UTM48, grid))


@pytest.mark.parametrize("corner", [(-5.0, -3.0), (-5.0, 26.0), (25.0, -3.0), (25.0, 26.0)])
def test_polygons_reaching_over_a_corner_keep_what_is_inside(corner: tuple[float, float]) -> None:
    """A slanted polygon that leaves the grid loses exactly what lies outside."""
    grid = plane()
    shape = at((10, 10), (corner[0], 4), corner, (4, corner[1]))
    inside = shapely.intersection(shape.buffer(0), box(0, 0, 20, 20)).area / 1e4
    assert pytest.approx(inside, rel=3e-3) == cells_of(burn(polygons(shape), UTM48, grid), grid)


def test_other_crs_are_brought_over() -> None:
    """A box drawn in VN-2000 or in degrees covers the same ground."""
    grid = plane()
    there = shapely.segmentize(box(3.2, 2.1, 11.7, 7.9), 40.0)
    here = burn(polygons(there), UTM48, grid)
    for crs in (LONLAT, VN2000):
        carry = pyproj.Transformer.from_crs(UTM48, crs, always_xy=True)
        moved = shapely.transform(there, lambda xy, c=carry: np.column_stack(c.transform(xy[:, 0], xy[:, 1])))
        actual = burn(polygons(moved), crs, grid)
        assert pytest.approx(cells_of(here, grid), rel=1e-4) == cells_of(actual, grid)


def test_long_edges_bend_with_the_crs() -> None:
    """A parallel of 300 km is straight in degrees and bowed by kilometres in UTM."""
    grid = Grid(UTM48, Affine(1000.0, 0, 500_000, 0, -1000.0, 6_700_000), 340, 200, 40)
    square = shapely.box(106.0, 59.0, 110.0, 60.0)
    carry = pyproj.Transformer.from_crs(LONLAT, UTM48, always_xy=True)
    fine = shapely.transform(
        shapely.segmentize(square, 0.001), lambda xy: np.column_stack(carry.transform(xy[:, 0], xy[:, 1]))
    )
    coarse = shapely.transform(square, lambda xy: np.column_stack(carry.transform(xy[:, 0], xy[:, 1])))
    inside = shapely.box(500_000, 6_500_000, 840_000, 6_700_000)
    expected = shapely.intersection(fine, inside).area / 1e6
    naive = shapely.intersection(coarse, inside).area / 1e6
    actual = cells_of(burn(polygons(square), LONLAT, grid), grid)
    assert pytest.approx(expected, rel=1e-5) == actual
    assert abs(naive - expected) > 500 * abs(actual - expected)


def test_the_whole_world_covers_a_small_projected_grid() -> None:
    """An extent drawn around everything has corners the projection cannot hold, and still counts."""
    grid = plane()
    world = shapely.box(-180, -90, 180, 90)
    spans = burn(polygons(world), LONLAT, grid)
    assert pytest.approx(400.0) == cells_of(spans, grid)


def test_vertices_outside_the_projection_neither_crash_nor_spread() -> None:
    """Vertices that have no place in the raster's CRS vanish; the rest of the layer stays."""
    ortho = pyproj.CRS.from_proj4("+proj=ortho +lat_0=20 +lon_0=105")
    grid = Grid(ortho, Affine(1000.0, 0, -10_000, 0, -1000.0, 10_000), 20, 20, 4)
    near = shapely.box(104.95, 19.95, 105.05, 20.05)
    far = shapely.box(-80, -30, -70, -20)
    both = burn(polygons(near, far), LONLAT, grid)
    assert same(burn(polygons(near), LONLAT, grid), both)
    assert 50 < cells_of(both, grid) < 400


def test_not_a_number_is_no_vertex() -> None:
    """A ring with a broken vertex is drawn without it; a ring with nothing left is nothing."""
    grid = plane()
    corners = shapely.get_coordinates(box(2, 2, 6, 6))
    holed = np.insert(corners, 2, np.nan, axis=0)
    with np.errstate(invalid="ignore"):  # shapely compares the ends
        ring = shapely.Polygon(shapely.linearrings(holed, handle_nan="allow"))
        corners[1:-1] = np.nan
        broken = shapely.Polygon(shapely.linearrings(corners, handle_nan="allow"))
    assert pytest.approx(16.0, abs=1e-3) == cells_of(burn(polygons(ring, broken), UTM48, grid), grid)


def test_neighbours_share_their_border_to_the_unit() -> None:
    """Two communes with a ragged border in another CRS: no gap and no overlap on any sub-line."""
    grid = Grid(UTM48, Affine(100.0, 0, 520_000, 0, -100.0, 2_320_000), 200, 200, 4)
    rng = np.random.default_rng(5)
    border = np.column_stack([105.3 + rng.normal(0, 0.01, 60), np.linspace(20.75, 21.05, 60)])
    west = shapely.Polygon([(105.1, 20.75), *border.tolist(), (105.1, 21.05)])
    east = shapely.Polygon([(105.5, 21.05), *border[::-1].tolist(), (105.5, 20.75)])
    frame = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[west, east], crs=4326)
    spans = burn_communes(frame, grid)
    assert 0.0 == spans.contested_km2
    together = spans.select_owners(np.array([True, True]))
    assert 200 * 200 == pytest.approx(cells_of(together, grid))
    assert grid.lines == len(together)


def test_contested_ground_is_reported_and_belongs_to_the_first() -> None:
    """Two communes that overlap by 2 x 6 cells of a hectare."""
    grid = plane()
    frame = gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=[box(2, 2, 8, 8), box(6, 2, 12, 8)], crs=UTM48)
    spans = burn_communes(frame, grid)
    assert spans.owner is not None
    first = spans.select_owners(np.array([True, False]))
    assert pytest.approx(36, abs=1e-2) == cells_of(first, grid)
    assert pytest.approx(60, abs=1e-2) == cells_of(spans, grid)
    assert pytest.approx(0.12, rel=2e-3) == spans.contested_km2


def test_geometries_need_a_crs() -> None:
    """Nobody guesses where a commune lies."""
    frame = gpd.GeoDataFrame({"code": ["1"]}, geometry=[box(2, 2, 8, 8)])
    with pytest.raises(ValueError, match="without a CRS"):
        burn_communes(frame, plane())


def test_communes_that_hold_no_ground_leave_owned_spans() -> None:
    """Still spans with owners, only none."""
    frame = gpd.GeoDataFrame({"code": ["1"]}, geometry=[shapely.Polygon()], crs=UTM48)
    spans = burn_communes(frame, plane())
    assert 0 == len(spans)
    assert spans.owner is not None


def test_progress_ends_at_one() -> None:
    """Shares grow and finish."""
    told: list[float] = []
    burn(
        polygons(box(2, 2, 8, 8), box(3, 3, 4, 4)),
        UTM48,
        plane(),
        progress=lambda share, _: told.append(share),
    )
    assert 1.0 == told[-1]
    assert sorted(told) == told


def many_boxes(seed: int, count: int = 400) -> np.ndarray:
    """Boxes all over 130 km, some overlapping."""
    rng = np.random.default_rng(seed)
    low = rng.uniform(0, 1270, (count, 2))
    high = low + rng.uniform(0.3, 25.0, (count, 2))
    return polygons(*(box(*a, *b) for a, b in zip(low.tolist(), high.tolist(), strict=True)))


@pytest.mark.parametrize("crs", [UTM48, LONLAT])
def test_a_kept_layer_burns_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crs: pyproj.CRS
) -> None:
    """Boxes in tiles of 50 km (half a degree); a tile gets another box; the bytes are those without a store."""
    monkeypatch.setattr("blackspot.coverage.burn.polygons.LEAST_KEPT", 1)
    grid = plane(width=1300, height=1300, sublines=2)
    shapes = many_boxes(1)
    if crs != UTM48:
        carry = pyproj.Transformer.from_crs(UTM48, crs, always_xy=True)
        shapes = shapely.transform(shapes, lambda xy: np.column_stack(carry.transform(xy[:, 0], xy[:, 1])))
    burned: list[int] = []

    def watched(rings: Rings, on: Grid) -> Iterator[PartSpans]:
        burned.append(len(rings.feature))
        return part_spans(rings, on)

    monkeypatch.setattr("blackspot.coverage.burn.polygons.part_spans", watched)
    store = SpanStore(tmp_path, grid)
    first = burn(shapes, crs, grid, store=store)
    assert 4 <= len(burned) <= 25
    assert len(shapes) == sum(burned)
    burned.clear()
    assert same(first, burn(shapes, crs, grid, store=store))
    assert [] == burned
    less = burn(shapes[1:], crs, grid, store=store)
    assert [] == burned
    other = np.append(shapes[1:], shapely.transform(shapes[:1], lambda xy: xy + 1e-4))
    more = burn(other, crs, grid, store=store)
    assert [1] == burned
    assert same(more, burn(other, crs, grid))
    assert same(first, burn(shapes, crs, grid))
    assert same(less, burn(shapes[1:], crs, grid))


def test_tiles_do_not_depend_on_what_lies_elsewhere() -> None:
    """The parts of a tile stay together, in their order, and have the same hash without the others."""
    shapes = polygons(box(1, 1, 2, 2), box(900, 900, 901, 901), box(3, 3, 4, 4))
    chunks = list(rings_of(shapes, tile=50_000.0).chunks())
    assert [[0, 2], [1]] == [chunk.feature.tolist() for chunk in chunks]
    alone = next(rings_of(shapes[[0, 2]], tile=50_000.0).chunks())
    assert chunks[0].digests() == alone.digests()
    assert chunks[0].digests() != chunks[1].digests()
    moved = next(rings_of(polygons(shapes[0], box(3, 3, 4, 4.5)), tile=50_000.0).chunks())
    assert [True, False] == [a == b for a, b in zip(chunks[0].digests(), moved.digests(), strict=True)]
    assert [[0, 2], [1]] == [part.feature.tolist() for part in rings_of(shapes, tile=50_000.0).by_tile()]
