"""Ground that several owners claim goes to the lowest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.burn.claims import resolve_claims
from blackspot.coverage.burn.grid import Grid

if TYPE_CHECKING:
    from blackspot.coverage.burn.spans import Spans

Rows = list[tuple[int, int, int, int]]
GRID = Grid(pyproj.CRS.from_epsg(32648), Affine(1000.0, 0, 500_000, 0, -1000.0, 2_300_000), 8, 8, 4)
stretches = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(0, 12), st.integers(0, 4)), max_size=25
)


def listed(spans: Spans) -> list[tuple[int, int, int]]:
    return list(zip(spans.line.tolist(), spans.x0.tolist(), spans.x1.tolist(), strict=True))


def test_contested_ground_goes_to_the_lowest_owner() -> None:
    """Three owners on one line; the amount contested is counted once."""
    line = np.zeros(3, np.int64)
    spans = resolve_claims(
        line, np.array([0, 2048, 3072]), np.array([4096, 8192, 3584]), np.array([1, 2, 0]), GRID
    )
    assert [(0, 0, 3072), (0, 3072, 3584), (0, 3584, 4096), (0, 4096, 8192)] == listed(spans)
    assert spans.owner is not None
    assert [1, 0, 1, 2] == spans.owner.tolist()
    half_a_cell_of_one_line = 0.5 / 4 * float(GRID.cell_area_km2(np.array(0), np.array(0)))
    assert pytest.approx(half_a_cell_of_one_line) == spans.contested_km2


def test_parts_of_one_commune_may_overlap_without_being_contested() -> None:
    """Nobody else claims the ground."""
    zero = np.zeros(2, np.int64)
    spans = resolve_claims(zero, np.array([0, 10]), np.array([20, 30]), np.array([3, 3]), GRID)
    assert [(0, 0, 30)] == listed(spans)
    assert 0.0 == spans.contested_km2


@given(rows=stretches)
def test_settling_is_the_lowest_owner_at_every_unit(rows: Rows) -> None:
    """Unit by unit, whatever the order of the stretches."""
    expected: dict[tuple[int, int], int] = {}
    for line, x0, length, owner in rows:
        for x in range(x0, x0 + length):
            expected[line, x] = min(owner, expected.get((line, x), 99))
    table = np.array([(line, x0, x0 + length, owner) for line, x0, length, owner in rows], np.int64)
    table = table.reshape(-1, 4)
    spans, turned = resolve_claims(*table.T, GRID), resolve_claims(*table[::-1].T, GRID)
    assert spans.owner is not None
    actual = {
        (line, x): owner
        for (line, x0, x1), owner in zip(listed(spans), spans.owner.tolist(), strict=True)
        for x in range(x0, x1)
    }
    assert expected == actual
    assert len(actual) == sum(x1 - x0 for _, x0, x1 in listed(spans))
    assert listed(spans) == listed(turned)
