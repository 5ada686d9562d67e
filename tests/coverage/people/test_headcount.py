"""How many people live where: four communes of a hundred cells each, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.overlay.sources import RasterPeople
from blackspot.coverage.people.assembly import Layers
from blackspot.coverage.people.counted_ground import counted_ground
from blackspot.coverage.people.headcount import (
    CALIBRATED,
    RASTER,
    SPREAD_EVENLY,
    UNKNOWN,
    Headcount,
    count_people,
)
from blackspot.coverage.people.layers import LayerTable
from table_raster import UTM48, TableRaster, box, communes, grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# side by side, ten by ten cells each: one person a cell, nobody, two people a cell, no data
PEOPLE = np.repeat([[1.0, 0.0, 2.0, np.nan]], 10, axis=1).repeat(10, axis=0)
NORTHERN_HALF = box(0, 0, 40, 5)


def uncovered(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """One group of failing people: those without the layer."""
    return (masks == 0)[np.newaxis]


def count(target: dict[int, float]) -> Headcount:
    """Count people with and without a layer that covers the northern half, with targets for some communes."""
    raster = TableRaster(PEOPLE)
    grid = grid_of(raster)
    frame = communes(*(box(col, 0, col + 10, 10) for col in (0, 10, 20, 30)))
    inputs: Any = SimpleNamespace(communes=SimpleNamespace(frame=frame), population=raster)
    rules: Any = SimpleNamespace(edge_cells="land")
    people = np.array([target.get(commune, np.nan) for commune in range(4)])
    zones = burn_communes(frame, grid)
    ground = counted_ground((frame.geometry.to_numpy(), UTM48), zones, RasterPeople(raster, grid), "land")
    shapes = np.array([NORTHERN_HALF], dtype=object)
    layers = Layers(LayerTable(()), [burn(shapes, UTM48, grid)], [ground.fine.edges((shapes, UTM48))])
    return count_people(inputs, rules, grid, zones, ground, layers, uncovered, target=people)


def test_the_rasters_own_count() -> None:
    """Without targets every person is one of the raster, and what it does not know is not zero."""
    found = count({})
    np.testing.assert_array_equal([100, 0, 200, np.nan], found.raster)
    assert [0, 1] == found.masks.tolist()
    assert [[50, 50], [0, 0], [100, 100], [0, 0]] == found.people.tolist()
    assert [True, True, True, False] == found.known.tolist()
    assert [RASTER, RASTER, RASTER, UNKNOWN] == found.source.tolist()
    assert (300.0, 0.0) == (found.people_raster, found.people_outside)


def test_targets_scale_the_cells_of_each_commune() -> None:
    """250 people on 100 of the raster: two and a half in every cell, covered or not."""
    found = count({0: 250.0, 2: 100.0})
    np.testing.assert_array_equal([100, 0, 200, np.nan], found.raster)
    assert [[125, 125], [0, 0], [50, 50], [0, 0]] == found.people.tolist()
    assert [CALIBRATED, RASTER, CALIBRATED, UNKNOWN] == found.source.tolist()
    first = found.cells.commune == 0
    assert {2.5} == set(found.cells.failing[first, 0].tolist()) == set(found.cells.people[first].tolist())
    assert {5, 6, 7, 8, 9} == set(found.cells.row[first].tolist())
    assert 300.0 == found.people_raster


def test_a_target_where_the_raster_has_nobody_is_spread_over_the_ground() -> None:
    """60 people on empty cells, 40 where the raster has no data: half of either lie in the northern half."""
    found = count({1: 60.0, 3: 40.0})
    assert [[50, 50], [30, 30], [100, 100], [20, 20]] == [
        pytest.approx(row, rel=1e-5) for row in found.people.tolist()
    ]
    assert [True] * 4 == found.known.tolist()
    assert [RASTER, SPREAD_EVENLY, RASTER, SPREAD_EVENLY] == found.source.tolist()
    second = found.cells.commune == 1
    assert [0.6] * 50 == pytest.approx(found.cells.failing[second, 0].tolist(), rel=1e-5)
    place = list(
        zip(found.cells.commune.tolist(), found.cells.row.tolist(), found.cells.col.tolist(), strict=True)
    )
    assert sorted(place) == place


def test_a_target_of_zero_is_nobody_and_known() -> None:
    """Zero is a figure: it empties the commune's cells, and is not the same as no figure."""
    found = count({0: 0.0, 3: 0.0})
    assert [[0, 0], [0, 0], [100, 100], [0, 0]] == found.people.tolist()
    assert [True] * 4 == found.known.tolist()
    assert [CALIBRATED, RASTER, RASTER, SPREAD_EVENLY] == found.source.tolist()
