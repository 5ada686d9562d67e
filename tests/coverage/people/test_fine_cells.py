"""People of cells that are measured exactly go back to the cells of the grid."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.overlay.totals import FailingCells
from blackspot.coverage.people.fine_cells import _inserted, joined_tables, shares_of_cells
from blackspot.coverage.people.headcount import count_people
from counted_countries import laid, nobody_has_a_layer
from exact_countries import Country
from table_raster import TableRaster, box, communes


def country(people: np.ndarray, *shapes: object, layers: tuple[object, ...] = ()) -> Country:
    frame = communes(*shapes)  # type: ignore[arg-type]
    return Country(
        TableRaster(people),
        frame,
        [np.array([layer], dtype=object) for layer in layers],
        np.zeros(0, dtype=object),
    )


def cells(*rows: tuple[int, int, int, float]) -> FailingCells:
    commune, row, col, people = np.array(rows, dtype=float).reshape(-1, 4).T
    return FailingCells(
        commune.astype(np.int32),
        row.astype(np.int32),
        col.astype(np.int32),
        people.astype(np.float32),
        people.astype(np.float32)[:, None],
    )


def test_tables_of_other_combinations_are_added() -> None:
    """Columns that both have are summed, the others stand alone."""
    masks, people = joined_tables(
        np.array([0, 2], np.uint64),
        np.array([[1.0, 2.0]]),
        np.array([1, 2], np.uint64),
        np.array([[10.0, 20.0]]),
    )
    assert [0, 1, 2] == masks.tolist()
    assert [[1.0, 10.0, 22.0]] == people.tolist()


def test_cells_are_put_where_they_belong() -> None:
    """Before, between and behind others of the same and of other communes."""
    many = cells((0, 1, 1, 1), (0, 2, 0, 2), (2, 0, 5, 3))
    few = cells((0, 1, 2, 10), (1, 9, 9, 11), (2, 0, 4, 12), (2, 7, 0, 13))
    both = _inserted(many, few)
    assert [1, 10, 2, 11, 12, 3, 13] == both.people.tolist()
    assert [(0, 1, 1), (0, 1, 2), (0, 2, 0), (1, 9, 9), (2, 0, 4), (2, 0, 5), (2, 7, 0)] == list(
        zip(both.commune.tolist(), both.row.tolist(), both.col.tolist(), strict=True)
    )
    assert _inserted(many, cells()) is many


def test_ground_of_fine_cells_is_measured() -> None:
    """A tenth of a cell wide and high in a corner, and what two communes claim belongs to the first."""
    people = np.ones((12, 12))
    people[5, 5] = people[8, 10] = 300.0
    made = country(people, box(1, 1, 5.75, 11), box(5.25, 1, 10.1, 8.1))
    ground = laid(made, "land").ground
    found = shares_of_cells(ground)
    share = {(commune, *divmod(cell, 12)): share for commune, cell, share in zip(*found, strict=True)}
    assert pytest.approx([0.75, 0.25], rel=1e-3) == [share[0, 5, 5], share[1, 5, 5]]
    assert pytest.approx(0.01, rel=1e-2) == share[1, 8, 10]
    assert len(share) == len(found.cell)


@pytest.mark.parametrize("rule", ["land", "share"])
def test_failing_cells_add_up_to_the_communes(rule: str) -> None:
    """Cells cut by a border, measured finely: every person stands in the cell they live in, once."""
    people = np.ones((12, 12))
    people[5, 5] = 300.0
    made = country(people, box(1, 1, 5.3, 11), box(5.3, 1, 10.4, 10.6), layers=(box(0, 0, 12, 5.4),))
    inputs, rules, grid, zones, ground, layers = laid(made, rule)
    assert len(ground.fine) > 50
    target = np.full(2, np.nan)
    counted = count_people(inputs, rules, grid, zones, ground, layers, nobody_has_a_layer, target=target)
    failing = np.bincount(counted.cells.commune, counted.cells.failing[:, 0], 2)
    np.testing.assert_allclose(counted.people[:, counted.masks == 0].sum(axis=1), failing, rtol=1e-6)
    place = list(
        zip(
            counted.cells.commune.tolist(),
            counted.cells.row.tolist(),
            counted.cells.col.tolist(),
            strict=True,
        )
    )
    assert sorted(set(place)) == place
    town = (counted.cells.row == 5) & (counted.cells.col == 5)
    assert (
        pytest.approx([300 * 0.3 * 0.6, 300 * 0.7 * 0.6], rel=1e-3) == counted.cells.failing[town, 0].tolist()
    )
    assert pytest.approx([300 * 0.3, 300 * 0.7], rel=1e-3) == counted.cells.people[town].tolist()
    assert pytest.approx(people.sum()) == counted.people.sum() + counted.people_outside
    assert pytest.approx(people.sum()) == counted.people_raster
