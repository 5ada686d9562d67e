"""The commune's own ground in a cell."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots import ground
from blackspot.coverage.blackspots.ground import own_share
from blackspot.coverage.blackspots.lattice import Lattice
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.burn.spans import empty_spans
from blackspot.coverage.overlay.totals import CellShares
from spot_cells import GRID


def shares(cells: list[tuple[int, int, int]], *communes: shapely.Geometry) -> list[float]:
    """Ask for cells, sorted, given as (commune, row, col); the ground in cells from the grid's upper left corner."""
    commune, row, col = np.array(sorted(cells), dtype=np.int32).reshape(-1, 3).T
    shapes = [shapely.transform(one, lambda xy: np.array([105, 21]) + xy * [0.01, -0.01]) for one in communes]
    zones = burn_communes(gpd.GeoDataFrame(geometry=shapes, crs=4326), GRID)
    found: list[float] = own_share(Lattice(commune, row, col), zones, GRID).tolist()
    return found


def test_shares_by_hand() -> None:
    """Whole, half, a quarter, and two parts of one cell."""
    commune = shapely.union_all(
        [shapely.box(1, 1, 3.5, 2), shapely.box(3.75, 1, 4, 2), shapely.box(0.5, 2, 1, 2.5)]
    )
    assert [1.0, 1.0, 0.75, 0.25] == pytest.approx(
        shares([(0, 1, 1), (0, 1, 2), (0, 1, 3), (0, 2, 0)], commune), abs=1e-3
    )


def test_contested_ground_belongs_to_the_first() -> None:
    """Both claim a half of the cell, of which the first has it."""
    first, second = shapely.box(0, 0, 5.5, 10), shapely.box(5, 0, 10, 10)
    assert [0.5, 0.5, 1.0] == pytest.approx(
        shares([(0, 4, 5), (1, 4, 5), (1, 4, 6)], first, second), abs=1e-3
    )


def test_what_is_measured_exactly_counts() -> None:
    """A twentieth of a cell that lies between two sub-lines; other communes and cells are left as they are."""
    lattice = Lattice(*(np.array(each, np.int32) for each in ([0, 0, 1], [2, 2, 2], [3, 4, 3])))
    cells = 2 * GRID.width + np.array([3, 9, 4])
    measured = CellShares(np.array([0, 0, 1], np.int32), cells, np.array([0.05, 0.5, 0.7]))
    assert [0.05, 0.0, 0.0] == own_share(lattice, empty_spans(), GRID, measured).tolist()


def test_no_cells_have_no_ground() -> None:
    """An empty lattice, and a cell of a commune that has no span there."""
    assert [] == shares([], shapely.box(0, 0, 5, 5))
    assert [0.0] == shares([(0, 9, 9)], shapely.box(0, 0, 5, 5))


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.floats(0, 50), st.floats(0, 50), st.floats(0.3, 30), st.floats(0.3, 30)),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 40),
)
def test_shares_add_up_to_the_ground(drawn: list[tuple[float, float, float, float]], rows: int) -> None:
    """Over all cells of the grid: what the spans hold, however many rows are looked at together."""
    communes = [shapely.box(x, y, min(x + w, 59), min(y + h, 59)) for x, y, w, h in drawn]
    cells = [(number, row, col) for number in range(len(communes)) for row in range(60) for col in range(60)]
    whole = shares(cells, *communes)
    assert shapely.union_all(communes).area == pytest.approx(sum(whole), rel=0.1, abs=0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ground, "_ROWS", rows)
        assert whole == shares(cells, *communes)
