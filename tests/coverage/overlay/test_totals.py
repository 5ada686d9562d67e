"""Bands added up: people of every combination, those outside, and cells in the order of the communes."""

from __future__ import annotations

import numpy as np

from blackspot.coverage.overlay.join import BandCells, BandResult
from blackspot.coverage.overlay.totals import Total, everybody


def cells(*rows: tuple[int, int, int, float]) -> BandCells:
    """Make failing cells of (commune, row, column, people), of whom half fail."""
    commune, row, col, people = (np.array([one[at] for one in rows]) for at in range(4))
    failing = (people / 2).astype(np.float32)[:, np.newaxis]
    return BandCells(
        commune.astype(np.int32),
        row.astype(np.int32),
        col.astype(np.int32),
        people.astype(np.float32),
        failing,
    )


def band(people: dict[int, list[float]], masks: list[int], found: BandCells | None = None) -> BandResult:
    """Make a band of {commune: people by mask}; a commune has data where it has people."""
    return BandResult(
        np.array(list(people), np.int32),
        np.array(masks, np.uint64),
        np.array(list(people.values()), float),
        np.array([any(row) for row in people.values()]),
        found,
    )


def uncovered(masks: np.ndarray) -> np.ndarray:
    return (masks == 0)[np.newaxis]


def test_bands_of_other_communes_and_combinations_add_up() -> None:
    """Three communes, three combinations of which none knows of all: 10 of 26 people in communes."""
    total = Total(3)
    total.add(10.0, band({0: [1.0, 2.0], 2: [3.0, 0.0]}, [0, 1]))
    total.add(5.0, None)  # rows without any commune
    total.add(4.0, band({0: [0.0, 1.0], 1: [0.0, 0.0], 2: [2.0, 1.0]}, [5, 1]))
    result = total.overlay(7.0, None)
    assert [0, 1, 5] == result.masks.tolist()
    assert [[1, 3, 0], [0, 0, 0], [3, 1, 2]] == result.people.tolist()
    assert [True, False, True] == result.has_population.tolist()
    assert (16.0, 26.0) == (result.people_outside, result.people_raster)
    assert result.people_raster == result.people.sum() + result.people_outside
    assert (0, 0) == result.cells.failing.shape


def test_cells_stand_by_commune_then_row_then_column() -> None:
    """Bands come from north to south, each sorted by itself."""
    total = Total(2)
    total.add(6.0, band({0: [2.0], 1: [4.0]}, [0], cells((0, 0, 3, 2), (1, 0, 1, 3), (1, 0, 2, 1))))
    total.add(9.0, band({0: [8.0], 1: [1.0]}, [0], cells((0, 5, 0, 8), (1, 5, 7, 1))))
    found = total.overlay(0.0, uncovered).cells
    assert [0, 0, 1, 1, 1] == found.commune.tolist()
    assert [0, 5, 0, 0, 5] == found.row.tolist()
    assert [3, 0, 1, 2, 7] == found.col.tolist()
    assert [2, 8, 3, 1, 1] == found.people.tolist()
    assert [[1], [4], [1.5], [0.5], [0.5]] == found.failing.tolist()


def test_nothing_at_all_is_a_result() -> None:
    """A raster without a populated row: no combination, nobody anywhere, one group without cells."""
    result = Total(2).overlay(0.0, uncovered)
    assert (2, 0) == result.people.shape
    assert (0, 1) == result.cells.failing.shape
    assert (0.0, 0.0) == (result.people_outside, result.people_raster)


def test_an_exact_sum_does_not_depend_on_the_order_in_memory() -> None:
    """Nor on combinations that nobody lives in; a rounded sum differs."""
    people = np.random.default_rng(7).uniform(0, 1e5, (321, 7))
    wider = np.zeros((321, 12))
    wider[:, [1, 2, 5, 6, 8, 9, 11]] = people
    others = (np.asfortranarray(people), people[::-1], wider)
    assert {everybody(people)} == {everybody(other) for other in others}
    assert len({float(other.sum()) for other in (people, *others)}) > 1
