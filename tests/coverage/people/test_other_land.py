"""Land that no commune claims shares the people of a cell, where the raster counts people on it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.spans import CELL_UNITS, Spans, empty_spans
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.other_land import (
    counts_there,
    foreign,
    land_beside,
    lives_beyond,
    spans_of,
    with_owner,
)
from blackspot.data.geodesy.crs import to_lonlat
from table_raster import UTM48, TableRaster, box, communes, grid_of


def cells_of(spans: Spans, sublines: int = 4) -> float:
    return float((spans.x1.astype(np.int64) - spans.x0).sum()) / CELL_UNITS / sublines


def lonlat(*shapes: shapely.Geometry) -> np.ndarray:
    return to_lonlat(np.array(shapes, dtype=object), UTM48, on_course=True)


def around(people: np.ndarray, *shapes: shapely.Geometry) -> tuple[RasterPeople, Spans]:
    raster = TableRaster(people)
    grid = grid_of(raster)
    return RasterPeople(raster, grid), burn_communes(communes(*shapes), grid)


def test_other_land_in_edge_cells_without_the_communes() -> None:
    """A neighbour that reaches over the border by mistake has what is left of the cells, and no cell inside."""
    people, zones = around(np.ones((4, 8)), box(0, 0, 3.25, 4))
    land = burn(np.array([box(3, 0, 8, 4)], dtype=object), UTM48, people.grid)
    edge = np.array([3, 11, 19, 27])
    beside = land_beside(land, zones, edge, people, as_counted=False)
    assert pytest.approx(4 * 0.75) == cells_of(beside)
    assert [3 * CELL_UNITS + 1024] * 16 == beside.x0.tolist()


def test_no_other_land_is_nothing() -> None:
    """Neither without any, nor where it lies elsewhere."""
    people, zones = around(np.ones((4, 8)), box(0, 0, 3.25, 4))
    edge = np.array([3, 11, 19, 27])
    far = burn(np.array([box(6, 0, 8, 4)], dtype=object), UTM48, people.grid)
    for land in (empty_spans(), far):
        assert 0 == len(land_beside(land, zones, edge, people, as_counted=True))


@pytest.mark.parametrize(
    ("known", "counted"),
    [
        pytest.param(1.0, 3.0, id="the raster goes on"),
        pytest.param(0.0, 3.0, id="nobody lives there, says the raster"),
        pytest.param(np.nan, 0.0, id="the raster ends at the border"),
    ],
)
def test_land_counts_where_the_raster_counts_people_on_it(known: float, counted: float) -> None:
    """Cells of the other side tell whether their people are in the raster."""
    people = np.ones((4, 8))
    people[:, 4:] = known
    source, zones = around(people, box(0, 0, 3.25, 4))
    land = burn(np.array([box(3.25, 0, 8, 4)], dtype=object), UTM48, source.grid)
    beside = land_beside(land, zones, np.array([3, 11, 19, 27]), source, as_counted=True)
    assert pytest.approx(counted) == cells_of(beside)


def test_land_counts_where_nothing_around_tells() -> None:
    """A neighbour's island inside the cell, and land beyond the raster's edge."""
    source, zones = around(np.full((4, 4), np.nan), box(0, 0, 3.25, 4))
    island = burn(np.array([box(3.5, 1.25, 3.75, 1.5)], dtype=object), UTM48, source.grid)
    assert counts_there(np.array([7]), island, zones, source).all()
    beyond = burn(np.array([box(3.25, 0, 9, 4)], dtype=object), UTM48, source.grid)
    assert counts_there(np.array([3, 7]), beyond, zones, source).all()


@pytest.mark.parametrize(("known", "doubtful"), [(1.0, True), (0.0, False), (np.nan, False)])
def test_people_beyond_all_known_land_are_seen(known: float, *, doubtful: bool) -> None:
    """Where most cells beyond have people there is land that nobody told of; told of, it is no doubt any more."""
    people = np.ones((4, 8))
    people[:, 4:] = known
    source, zones = around(people, box(0, 0, 3.25, 4))
    edge = np.array([3, 11, 19, 27])
    assert [doubtful] * 4 == lives_beyond(edge, empty_spans(), zones, source).tolist()
    land = burn(np.array([box(3.25, 0, 8, 4)], dtype=object), UTM48, source.grid)
    assert not lives_beyond(edge, land, zones, source).any()


def test_other_land_stands_in_order_among_the_communes() -> None:
    """Sorted by line and place, with an owner of its own; nothing else changes."""
    _, zones = around(np.ones((2, 4)), box(0, 0, 1, 2), box(2, 0, 3, 2))
    layer = spans_of(np.array([1, 5]), grid_of(TableRaster(np.ones((2, 4)))))
    both = with_owner(zones, layer, 2)
    assert [0, 2, 1] * 8 == both.owner.tolist()  # type: ignore[union-attr]
    assert (np.diff(both.line.astype(np.int64) * 100_000 + both.x0) > 0).all()
    assert with_owner(zones, empty_spans(), 2) is zones


def test_cells_as_spans() -> None:
    """Neighbouring cells touch and are one stretch on each of their lines."""
    spans = spans_of(np.array([1, 2, 7]), grid_of(TableRaster(np.ones((2, 4)))))
    assert [(line, 4096, 12288) for line in range(4)] + [
        (line, 12288, 16384) for line in range(4, 8)
    ] == list(zip(spans.line.tolist(), spans.x0.tolist(), spans.x1.tolist(), strict=True))
    assert 0 == len(spans_of(np.zeros(0, np.int64), grid_of(TableRaster(np.ones((2, 4))))))


def test_the_country_itself_is_no_neighbour() -> None:
    """A coarse outline of the own country is left out, a country around it and what is no land as well."""
    people, zones = around(np.ones((20, 20)), box(2, 2, 12, 18))
    own = box(1.6, 1.7, 12.9, 18.4)
    beyond = box(12, 0, 40, 20)
    given = lonlat(own, beyond, shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon())
    found = foreign(given, zones, people.grid)
    assert [given[1]] == found.tolist()


def test_a_whole_country_around_one_province_stays() -> None:
    """Of a province alone the outline of its country is mostly other land."""
    people, zones = around(np.ones((20, 20)), box(2, 2, 6, 6))
    country = lonlat(box(0, 0, 20, 20))
    assert country.tolist() == foreign(country, zones, people.grid).tolist()
    assert 0 == len(foreign(np.zeros(0, dtype=object), zones, people.grid))


def test_no_communes_make_every_land_foreign() -> None:
    """Nothing is burned, so nothing lies inside."""
    grid = grid_of(TableRaster(np.ones((4, 4))))
    land = lonlat(box(0, 0, 2, 2))
    assert land.tolist() == foreign(land, empty_spans(owned=True), grid).tolist()
