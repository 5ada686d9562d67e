"""The overlay: people per commune and combination of layers, nobody lost, nobody counted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.spans import empty_spans
from blackspot.coverage.overlay.bands import band_count, overlay
from blackspot.coverage.overlay.sources import RasterPeople

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

    from blackspot.coverage.overlay.totals import Overlay
from table_raster import CELL, LEFT, TOP, UTM48, TableRaster, box, communes, grid_of


def count(
    raster: TableRaster,
    frame: gpd.GeoDataFrame,
    layers: tuple[shapely.Geometry, ...] = (),
    *,
    edge_cells: str = "share",
    groups: object = None,
    threads: int = 1,
    grid: Grid | None = None,
) -> Overlay:
    grid = grid or grid_of(raster)
    spans = [burn(np.array([layer], dtype=object), UTM48, grid) for layer in layers]
    return overlay(
        RasterPeople(raster, grid),
        grid,
        burn_communes(frame, grid),
        spans,
        n_communes=len(frame),
        edge_cells=edge_cells,  # type: ignore[arg-type]
        groups=groups,  # type: ignore[arg-type]
        threads=threads,
    )


def people_with(result: Overlay, mask: int) -> np.ndarray:
    return result.people[:, result.masks == mask].sum(axis=1)


def random_raster(seed: int, height: int = 200, width: int = 60) -> TableRaster:
    rng = np.random.default_rng(seed)
    people = rng.lognormal(1.0, 1.5, (height, width))
    people[rng.random(people.shape) < 0.1] = np.nan
    people[rng.random(people.shape) < 0.2] = 0.0
    return TableRaster(people)


def test_people_of_whole_cells_by_combination() -> None:
    """Hand-counted: cells numbered 0 to 99, two communes side by side, two layers."""
    raster = TableRaster(np.arange(100.0).reshape(10, 10))
    frame = communes(box(0, 0, 5, 10), box(5, 0, 10, 10))
    result = count(raster, frame, (box(0, 0, 10, 1), box(4, 0, 6, 2)))
    assert [0, 1, 2, 3] == result.masks.tolist()
    assert pytest.approx([0 + 1 + 2 + 3, 6 + 7 + 8 + 9]) == people_with(result, 0b01)
    assert pytest.approx([4, 5]) == people_with(result, 0b11)
    assert pytest.approx([14, 15]) == people_with(result, 0b10)
    assert pytest.approx(4950.0) == result.people.sum()
    assert pytest.approx(0.0, abs=1e-9) == result.people_outside
    assert 4950.0 == result.people_raster
    assert 0 == len(result.cells.commune)


def test_cells_cut_by_a_border_are_shared_by_area() -> None:
    """A border down the middle of a column of 8 people each."""
    raster = TableRaster(np.full((4, 3), 8.0))
    result = count(raster, communes(box(0, 0, 1.5, 4), box(1.5, 0, 3, 4)))
    assert pytest.approx([48.0, 48.0]) == result.people.sum(axis=1)
    third = count(raster, communes(box(0, 0, 1.25, 4), box(1.25, 0, 3, 4)))
    assert pytest.approx([40.0, 56.0]) == third.people.sum(axis=1)


def test_people_of_the_coast_belong_to_the_land() -> None:
    """With ``land`` a cell partly outside every commune gives all its people to the communes in it."""
    raster = TableRaster(np.full((4, 4), 10.0))
    frame = communes(box(0, 0, 2.25, 2), box(0, 2, 2.25, 4))
    share = count(raster, frame, edge_cells="share")
    assert pytest.approx([45.0, 45.0]) == share.people.sum(axis=1)
    assert pytest.approx(70.0) == share.people_outside
    land = count(raster, frame, edge_cells="land")
    assert pytest.approx([60.0, 60.0]) == land.people.sum(axis=1)
    assert pytest.approx(40.0) == land.people_outside
    assert pytest.approx(160.0) == land.people.sum() + land.people_outside


def test_a_coastal_cell_of_two_communes_is_divided_by_their_shares() -> None:
    """A quarter and an eighth of a cell of 30 people: 20 and 10."""
    raster = TableRaster(np.array([[30.0, 0.0]]))
    frame = communes(box(0, 0, 0.25, 1), box(0.25, 0, 0.375, 1))
    land = count(raster, frame, edge_cells="land")
    assert pytest.approx([20.0, 10.0], rel=1e-3) == land.people.sum(axis=1)


def test_slivers_in_a_cell_fade_out_instead_of_taking_all() -> None:
    """An island of a thousandth of a cell does not get everybody; nothing jumps as it shrinks."""
    raster = TableRaster(np.array([[1000.0]]))
    got = []
    for side in (0.2, 0.0625, 0.03, 0.01, 0.003):
        frame = communes(box(0.4, 0.4, 0.4 + side, 0.4 + side))
        got.append(count(raster, frame, edge_cells="land", grid=grid_of(raster, 64)).people.sum())
    assert pytest.approx(1000.0) == got[0]
    assert pytest.approx(1000.0, rel=0.1) == got[1]  # 1/256: the threshold
    assert max(np.diff(got)) <= 1e-9
    assert got[2] < 300.0
    assert got[4] < 5.0


def test_the_layer_share_of_a_coastal_cell_is_kept() -> None:
    """Half of the land of the cell is covered, so half of its people are."""
    raster = TableRaster(np.array([[40.0, 0.0]]))
    land = count(raster, communes(box(0, 0, 0.5, 1)), (box(0, 0, 0.25, 1),), edge_cells="land")
    assert pytest.approx([20.0]) == people_with(land, 1)
    assert pytest.approx([20.0]) == people_with(land, 0)


@pytest.mark.parametrize("edge_cells", ["land", "share"])
def test_nobody_is_lost(edge_cells: str) -> None:
    """Communes and outside add up to the raster, with communes that leave it and gaps between them."""
    raster = random_raster(3)
    frame = communes(
        box(-7.3, 5.2, 21.7, 80.1),
        box(21.7, 5.2, 40.3, 150.9),
        box(30.5, 170.3, 75.2, 230.0),
        box(90, 90, 99, 99),
    )
    grid = Grid.around(raster, tuple(frame.to_crs(4326).total_bounds))
    result = count(raster, frame, (box(3.3, 7.7, 50.2, 120.4),), edge_cells=edge_cells, grid=grid)
    assert pytest.approx(np.nansum(raster.people), rel=1e-12) == result.people_raster
    assert pytest.approx(result.people_raster, rel=1e-9) == result.people.sum() + result.people_outside
    assert [True, True, True, False] == result.has_population.tolist()
    assert 0.0 == result.people[3].sum()


def test_raster_cells_the_grid_does_not_have_count_as_outside() -> None:
    """A grid cut out of the raster's middle still reports the whole raster."""
    raster = TableRaster(np.arange(600.0).reshape(20, 30))
    grid = Grid(UTM48, Affine(CELL, 0, LEFT + 5 * CELL, 0, -CELL, TOP - 4 * CELL), 10, 8, 4, 4, 5)
    result = count(raster, communes(box(6, 6, 9, 9)), grid=grid)
    assert raster.people.sum() == result.people_raster
    assert pytest.approx(raster.people[6:9, 6:9].sum()) == result.people.sum()
    assert pytest.approx(raster.people.sum() - raster.people[6:9, 6:9].sum()) == result.people_outside


def test_no_data_is_not_zero_people() -> None:
    """A commune over empty cells has a population of nobody; one over no data has none at all."""
    people = np.zeros((4, 12))
    people[:, 4:8] = np.nan
    people[3, 11] = np.nan
    raster = TableRaster(people)
    frame = communes(box(0, 0, 4, 4), box(4, 0, 8, 4), box(7.5, 0, 8.001, 4), box(11, 3, 12, 4))
    assert [True, False, True, False] == count(raster, frame).has_population.tolist()
    assert 0.0 == count(raster, frame).people.sum()


def test_communes_that_overlap_count_people_once() -> None:
    """The contested cells belong to the first commune."""
    raster = TableRaster(np.full((6, 6), 1.0))
    result = count(raster, communes(box(0, 0, 4, 6), box(2, 0, 6, 6)))
    assert pytest.approx([24.0, 12.0]) == result.people.sum(axis=1)


def test_sixty_four_layers() -> None:
    """The highest bit works, combinations are those that occur, and one layer more is refused."""
    raster = TableRaster(np.full((2, 64), 1.0))
    frame = communes(box(0, 0, 64, 2))
    layers = tuple(box(bit, 0, bit + 1, 1) for bit in range(64))
    result = count(raster, frame, layers)
    assert 65 == len(result.masks)
    assert np.uint64(1) << np.uint64(63) == result.masks[-1]
    assert pytest.approx([64.0] + [1.0] * 64) == result.people[0].tolist()
    assert np.all(result.masks[1:] > result.masks[:-1])
    with pytest.raises(ValueError, match="65 layers"):
        count(raster, frame, (*layers, box(0, 0, 1, 1)))


def test_all_layers_at_once() -> None:
    """A place that all 64 layers cover has every bit set."""
    raster = TableRaster(np.full((2, 2), 1.0))
    result = count(raster, communes(box(0, 0, 2, 2)), (box(0, 0, 1, 2),) * 64)
    assert [0, 2**64 - 1] == result.masks.tolist()


def test_layers_cannot_stand_for_communes() -> None:
    """Spans without owners are refused."""
    raster = TableRaster(np.ones((2, 2)))
    grid = grid_of(raster)
    layer = burn(np.array([box(0, 0, 2, 2)], dtype=object), UTM48, grid)
    with pytest.raises(ValueError, match="need owners"):
        overlay(RasterPeople(raster, grid), grid, layer, [], n_communes=1, edge_cells="share", groups=None)


def test_a_country_without_communes_leaves_everybody_outside() -> None:
    """No spans at all is no error."""
    raster = TableRaster(np.ones((5, 5)))
    grid = grid_of(raster)
    nobody = overlay(
        RasterPeople(raster, grid),
        grid,
        empty_spans(owned=True),
        [],
        n_communes=2,
        edge_cells="land",
        groups=None,
    )
    assert (25.0, 25.0) == (nobody.people_outside, nobody.people_raster)
    assert (2, 0) == nobody.people.shape
    assert [False, False] == nobody.has_population.tolist()


def groups_of(masks: np.ndarray) -> np.ndarray:
    """Group 0 lacks both layers, group 1 lacks the second."""
    return np.stack([masks == 0, (masks & np.uint64(2)) == 0])


@pytest.mark.parametrize("edge_cells", ["land", "share"])
def test_failing_cells_add_up_to_the_communes(edge_cells: str) -> None:
    """Per commune the cells' failing people are the people of the failing combinations."""
    raster = random_raster(7)
    frame = communes(box(2.2, 3.3, 30.4, 90.5), box(30.4, 3.3, 55.5, 90.5), box(2.2, 90.5, 55.5, 190.7))
    layers = (box(10.1, 20.2, 44.4, 160.6), box(5.5, 100.5, 33.3, 180.8))
    for first in ([0, 1], [1, 0]):
        result = count(
            raster, frame, layers, edge_cells=edge_cells, groups=lambda masks, first=first: groups_of(masks)[first]
        )  # fmt: skip
        cells = result.cells
        fails = groups_of(result.masks)[first]
        by_commune = np.bincount(cells.commune, weights=cells.failing[:, 0], minlength=3)
        assert pytest.approx(result.people[:, fails[0]].sum(axis=1), rel=1e-5) == by_commune
        assert (cells.failing[:, 0] > 0).all()
    assert np.all(cells.failing <= cells.people[:, None] * (1 + 1e-6))
    assert np.all(cells.failing.max(axis=1) > 0)
    order = np.lexsort((cells.col, cells.row, cells.commune))
    assert np.array_equal(np.arange(len(order)), order)
    place = np.column_stack([cells.commune, cells.row, cells.col])
    assert len(place) == len(np.unique(place, axis=0))


def test_failing_cells_of_a_border_cell_belong_to_both_communes() -> None:
    """Exact per commune: 3/4 of 8 people in one, 1/4 in the other, of which half fail."""
    raster = TableRaster(np.array([[0.0, 8.0, 0.0]]))
    frame = communes(box(0, 0, 1.75, 1), box(1.75, 0, 3, 1))
    result = count(raster, frame, (box(0, 0, 1.875, 1),), groups=lambda masks: (masks == 0)[None])
    assert [1] == result.cells.commune.tolist()
    assert [0] == result.cells.row.tolist()
    assert [1] == result.cells.col.tolist()
    assert pytest.approx([2.0]) == result.cells.people.tolist()
    assert pytest.approx([1.0]) == result.cells.failing[:, 0].tolist()
    assert np.float32 == result.cells.people.dtype == result.cells.failing.dtype


def test_cells_without_people_are_not_kept() -> None:
    """Empty cells and cells without data never fail."""
    raster = TableRaster(np.array([[0.0, np.nan, 5.0, 0.0]]))
    result = count(raster, communes(box(0, 0, 4, 1)), groups=lambda masks: (masks == 0)[None])
    assert [2] == result.cells.col.tolist()


def test_failing_cells_of_the_coast_are_scaled_like_the_people() -> None:
    """All ten people of a cell that is 30 % land fail where no layer is."""
    raster = TableRaster(np.array([[10.0, 0.0]]))
    frame = communes(box(0, 0, 0.3, 1))
    result = count(raster, frame, edge_cells="land", groups=lambda masks: (masks == 0)[None])
    assert pytest.approx([10.0]) == result.cells.failing[:, 0].tolist()
    assert pytest.approx([10.0]) == result.cells.people.tolist()


def test_any_number_of_threads_gives_the_same_bits() -> None:
    """Bands are added in their order, whoever computed them."""
    raster = random_raster(11, height=700)
    assert band_count(grid_of(raster)) > 4
    frame = communes(box(2.2, 3.3, 30.4, 390.5), box(30.4, 3.3, 55.5, 690.5))
    layers = (box(10.1, 20.2, 44.4, 660.6), box(5.5, 100.5, 33.3, 480.8))
    one = count(raster, frame, layers, groups=groups_of)
    many = count(raster, frame, layers, groups=groups_of, threads=3)
    assert one.people.tobytes() == many.people.tobytes()
    assert one.people_outside == many.people_outside
    assert one.cells.failing.tobytes() == many.cells.failing.tobytes()
    assert one.cells.row.tobytes() == many.cells.row.tobytes()


def test_progress_ends_at_one() -> None:
    """The caller hears about every band."""
    raster = random_raster(2, height=600)
    grid = grid_of(raster)
    told: list[float] = []
    zones = burn_communes(communes(box(0, 0, 9, 600)), grid)
    overlay(
        RasterPeople(raster, grid), grid, zones, [], n_communes=1, edge_cells="share", groups=None,
        progress=lambda share, _: told.append(share),
    )  # fmt: skip
    assert band_count(grid) == len(told)
    assert 1.0 == told[-1]
