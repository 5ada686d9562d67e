"""No commune is denser than the densest ground around it, where enough ground is known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.burn.spans import empty_spans
from blackspot.coverage.overlay.edge_cells import look_at_cells, people_about
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.density_limit import AROUND_KM, LEAST_KM2, density_factors
from table_raster import UTM48, TableRaster, communes

KM = 1000.0
PLACE = Affine(KM, 0, 500_000.0, 0, -KM, 2_300_000.0)


def square(col0: float, row0: float, col1: float, row1: float) -> shapely.Polygon:
    left, top = PLACE.c, PLACE.f
    return shapely.box(left + KM * col0, top - KM * row1, left + KM * col1, top - KM * row0)


MAINLAND = square(0, 0, 30, 30)
ISLAND = square(40.4, 10.4, 40.6, 10.65)  # a twentieth of a cell


def factors(
    people: np.ndarray, *shapes: shapely.Geometry, land: shapely.Geometry | None = None
) -> list[float]:
    raster = TableRaster(people, transform=PLACE)
    grid = Grid(UTM48, PLACE, raster.width, raster.height, 50)
    zones = burn_communes(communes(*shapes), grid)
    source = RasterPeople(raster, grid)
    about = people_about(source, zones, len(shapes))
    look = look_at_cells(source, zones, about, np.zeros(0, np.int64), crowded=False)
    other = empty_spans() if land is None else burn(np.array([land], dtype=object), UTM48, grid)
    return density_factors(look.at_edge, look.edge, zones, other, source).tolist()


def world(in_island: float, densest: float = 900.0) -> np.ndarray:
    """30 x 30 km of mainland with 100 people in each cell and ``densest`` in one, and an island at sea."""
    people = np.full((30, 60), np.nan)
    people[:, :30] = 100.0
    people[20, 20] = densest
    people[10, 40] = in_island
    return people


def test_the_limits_are_those_of_the_reference() -> None:
    """40 km around, 500 km² of known land."""
    assert (40.0, 500.0) == (AROUND_KM, LEAST_KM2)


def test_an_island_denser_than_any_ground_around_is_limited() -> None:
    """2,000 people on a twentieth of a km²: by density at most 45, by share 100, so the share it is."""
    assert pytest.approx([1.0, 100 / 2000], rel=1e-3) == factors(world(2000.0), MAINLAND, ISLAND)


def test_the_density_of_the_densest_cell_is_kept_where_it_is_more_than_the_share() -> None:
    """With 30,000 people in one cell of the mainland, 1,500 of 2,000 may live on the island."""
    assert pytest.approx([1.0, 1500 / 2000], rel=2e-3) == factors(world(2000.0, 30_000.0), MAINLAND, ISLAND)


def test_an_island_as_dense_as_its_surroundings_keeps_its_people() -> None:
    """40 people on a twentieth of a km² are 800 per km²: less than in the densest cell."""
    assert [1.0, 1.0] == factors(world(40.0), MAINLAND, ISLAND)


def test_a_commune_with_whole_cells_is_not_looked_at() -> None:
    """The same island belongs to the mainland's commune: as a whole that is not denser than its own ground."""
    assert [1.0] == factors(world(2000.0), shapely.union(MAINLAND, ISLAND))


def test_nothing_is_limited_where_little_ground_is_known() -> None:
    """400 km² of mainland say nothing about a region."""
    assert [1.0, 1.0] == factors(world(2000.0), square(0, 0, 20, 20), ISLAND)


def test_ground_far_away_says_nothing() -> None:
    """The mainland lies more than 40 km off."""
    people = world(np.nan)
    people[10, 55] = 2000.0
    far = square(55.4, 10.4, 55.6, 10.65)
    assert [1.0, 1.0] == factors(people, square(0, 0, 14, 30), far)


def test_other_land_speaks_for_the_region_as_well() -> None:
    """The mainland is another province's: the project knows it as land, and the raster counts people on it."""
    limited = factors(world(2000.0), ISLAND, land=MAINLAND)
    assert pytest.approx([100 / 2000], rel=1e-3) == limited


def test_ground_without_data_says_nothing() -> None:
    """Known land of which the raster knows no people."""
    people = world(2000.0)
    people[:, :20] = np.nan
    assert [1.0, 1.0] == factors(people, MAINLAND, ISLAND)


def test_communes_without_ground_are_passed_over() -> None:
    """Nothing is burned for one outside the grid."""
    assert [1.0] == factors(world(0.0), square(-500, 0, -400, 10))
