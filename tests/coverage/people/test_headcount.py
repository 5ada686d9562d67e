"""How many people live where: four communes of a hundred cells each, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.coverage.burn.polygons import burn, burn_communes
from blackspot.coverage.people.headcount import (
    CALIBRATED,
    RASTER,
    SPREAD_EVENLY,
    UNKNOWN,
    Headcount,
    count_people,
)
from table_raster import UTM48, TableRaster, box, communes, grid_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

# side by side, ten by ten cells each: one person a cell, nobody, two people a cell, no data
PEOPLE = np.repeat([[1.0, 0.0, 2.0, np.nan]], 10, axis=1).repeat(10, axis=0)
NORTHERN_HALF = box(0, 0, 40, 5)


def uncovered(masks: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """One group of failing people: those without the layer."""
    return (masks == 0)[np.newaxis]


def count(official: dict[str, float] | None, calibrate: str = "communes") -> Headcount:
    """Count people with and without a layer that covers the northern half of every commune."""
    raster = TableRaster(PEOPLE)
    grid = grid_of(raster)
    frame = communes(*(box(col, 0, col + 10, 10) for col in (0, 10, 20, 30)))
    totals = None if official is None else SimpleNamespace(people=official)
    inputs: Any = SimpleNamespace(communes=SimpleNamespace(frame=frame), population=raster, totals=totals)
    rules: Any = SimpleNamespace(calibrate=calibrate, edge_cells="land")
    layers = [burn(np.array([NORTHERN_HALF], dtype=object), UTM48, grid)]
    return count_people(inputs, rules, grid, burn_communes(frame, grid), layers, uncovered)


@pytest.mark.parametrize(
    ("official", "calibrate"), [(None, "communes"), ({"00000": 250.0, "00001": 60.0}, "none")]
)
def test_the_rasters_own_count(official: dict[str, float] | None, calibrate: str) -> None:
    """Without official totals, or where they are only compared, every person is one of the raster."""
    found = count(official, calibrate)
    assert [0, 1] == found.masks.tolist()
    assert [[50, 50], [0, 0], [100, 100], [0, 0]] == found.people.tolist()
    assert [True, True, True, False] == found.known.tolist()
    assert [RASTER, RASTER, RASTER, UNKNOWN] == found.source.tolist()
    assert (300.0, 0.0) == (found.people_raster, found.people_outside)


def test_official_totals_scale_the_cells_of_each_commune() -> None:
    """250 official people on 100 of the raster: two and a half in every cell, covered or not."""
    found = count({"00000": 250.0, "00002": 100.0})
    assert [[125, 125], [0, 0], [50, 50], [0, 0]] == found.people.tolist()
    assert [CALIBRATED, RASTER, CALIBRATED, UNKNOWN] == found.source.tolist()
    first = found.cells.commune == 0
    assert {2.5} == set(found.cells.failing[first, 0].tolist()) == set(found.cells.people[first].tolist())
    assert {5, 6, 7, 8, 9} == set(found.cells.row[first].tolist())
    assert 300.0 == found.people_raster


def test_a_total_where_the_raster_has_nobody_is_spread_over_the_ground() -> None:
    """60 people on empty cells, 40 where the raster has no data: half of either lie in the northern half."""
    found = count({"00001": 60.0, "00003": 40.0})
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


def test_an_official_zero_is_nobody_and_known() -> None:
    """Zero is a figure: it empties the commune's cells, and is not the same as no figure."""
    found = count({"00000": 0.0, "00003": 0.0})
    assert [[0, 0], [0, 0], [100, 100], [0, 0]] == found.people.tolist()
    assert [True] * 4 == found.known.tolist()
    assert [CALIBRATED, RASTER, RASTER, SPREAD_EVENLY] == found.source.tolist()
