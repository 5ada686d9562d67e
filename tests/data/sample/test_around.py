"""Roads, rivers and villages of the sample: they lie on its land, and look like what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from blackspot.data.sample.around import MAIN_KM, make_rivers, make_roads, make_villages
from blackspot.data.sample.country import make_country, random_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from blackspot.data.sample.country import SampleCountry
    from blackspot.data.sample.land.terrain import Terrain

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def country() -> SampleCountry:
    return make_country(57, lambda _share, _text: None)


def cells_of(terrain: Terrain, shapes: NDArray[np.object_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the terrain that the vertices of shapes lie in."""
    at = shapely.get_coordinates(shapes)
    frame = terrain.frame
    row = np.floor((frame.north - at[:, 1]) * frame.cells_per_degree).astype(int)
    col = np.floor((at[:, 0] - frame.west) * frame.cells_per_degree).astype(int)
    return row, col


def test_rivers_run_down_to_the_sea_or_to_another_river(country: SampleCountry) -> None:
    """Where they are drawn much water flows, more of it downstream; the longest have names."""
    rivers = make_rivers(country.terrain)
    assert 20 < len(rivers.geometry)
    flow = country.terrain.flow
    for line in rivers.geometry[:20]:
        row, col = cells_of(country.terrain, np.array([line], dtype=object))
        water = flow[row, col]
        assert (np.diff(water) > 0).all()
        assert country.terrain.home[row[0], col[0]]
    length = shapely.length(rivers.geometry)
    assert (np.diff(length) <= 0).all()
    assert all(name.startswith("Sông ") for name in rivers.name[:10])


def test_roads_lead_over_land_and_the_long_ones_have_numbers(country: SampleCountry) -> None:
    """No number stands twice."""
    roads = make_roads(random_for(57, "around", 0), country.terrain, country.places)
    row, col = cells_of(country.terrain, roads.geometry)
    assert country.terrain.home[row, col].mean() > 0.97  # corners are cut
    main = [name for name in roads.name if name]
    assert len(main) == len(set(main)) > 5
    km = (
        shapely.length(roads.geometry)
        * country.terrain.frame.cells_per_degree
        * country.terrain.frame.cell_km
    )
    assert [kind == "tỉnh lộ" for kind in roads.kind] == (km >= MAIN_KM).tolist()


def test_every_village_and_hamlet_has_a_name(country: SampleCountry) -> None:
    """At the middle of its cell, on land; the same again for the same seed."""
    villages, again = (
        make_villages(random_for(57, "around", 1), country.terrain, country.places) for _ in range(2)
    )
    assert villages.name == again.name
    assert len(villages.geometry) == int((country.places.rank >= 2).sum())
    assert {"Thôn", "Bản"} == {name.split()[0] for name in villages.name}
    row, col = cells_of(country.terrain, villages.geometry)
    assert country.terrain.home[row, col].all()
