"""The degree of urbanisation of communes, by the shares of their people in each class of cell."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.setting.equal_area_grid import EqualAreaGrid, OnSquares
from blackspot.coverage.setting.urbanisation import (
    SHIFTS,
    PeopleAndGround,
    classify_units,
    degree_of_urbanisation,
)

# People by class of level 2, in the order of the codes, with the class of level 1 that goes with each.
CODES = {10: 0, 11: 1, 12: 1, 13: 1, 21: 2, 22: 2, 23: 2, 30: 3}


def unit(**people: float) -> np.ndarray:
    """Give the table of one commune, such as ``unit(c30=50, c11=50)``."""
    table = np.zeros((1, 4, 8))
    for name, count in people.items():
        code = int(name[1:])
        table[0, CODES[code], list(CODES).index(code)] = count
    return table


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"c30": 50, "c11": 50}, ("city", "city")),
        ({"c30": 49, "c11": 51}, ("rural", "mostly_uninhabited")),
        ({"c30": 49, "c23": 1, "c11": 50}, ("town", "dense_town")),
        ({"c23": 50, "c12": 50}, ("town", "dense_town")),
        ({"c22": 51, "c21": 49}, ("town", "semi_dense_town")),
        ({"c23": 49, "c22": 2, "c21": 49}, ("town", "semi_dense_town")),
        ({"c22": 50, "c21": 50}, ("town", "suburb")),
        ({"c22": 50, "c12": 50}, ("town", "suburb")),
        ({"c21": 50, "c11": 50}, ("town", "suburb")),
        ({"c21": 49, "c12": 51}, ("rural", "dispersed")),
        ({"c13": 50, "c12": 50}, ("rural", "village")),
        ({"c21": 30, "c13": 20, "c12": 50}, ("rural", "village")),
        ({"c13": 49, "c12": 2, "c11": 49}, ("rural", "dispersed")),
        ({"c12": 50, "c11": 50}, ("rural", "mostly_uninhabited")),
        ({"c10": 1}, ("rural", "mostly_uninhabited")),
        ({}, ("", "")),
    ],
)
def test_units_by_half_of_their_people(people: dict[str, float], expected: tuple[str, str]) -> None:
    """Each rule at its edge: half is enough for a city, a town's kind and a village, rural needs more than half."""
    found = classify_units(unit(**people))
    assert expected == (found.level_1[0], found.level_2[0])


def test_a_semi_dense_cluster_in_rural_cells_makes_a_village() -> None:
    """2,500 people at 900 per km² are semi-dense although fewer than 5,000 live around: rural at level 1."""
    table = np.zeros((1, 4, 8))
    table[0, 1, list(CODES).index(22)] = 100
    found = classify_units(table)
    assert ("rural", "village") == (found.level_1[0], found.level_2[0])


def on(squares: dict[tuple[int, int, int], float], grid: EqualAreaGrid) -> OnSquares:
    """Give amounts by commune, row and column."""
    keys = sorted(squares)
    return OnSquares(
        np.array([key[0] for key in keys], dtype=np.int64),
        np.array([key[1] * grid.width + key[2] for key in keys], dtype=np.int64),
        np.array([[squares[key]] for key in keys]).reshape(-1, 1),
    )


def country(
    people: dict[tuple[int, int, int], float], ground: dict[tuple[int, int, int], float]
) -> PeopleAndGround:
    grid = EqualAreaGrid(15.0, 0, 0, 12, 12)
    return PeopleAndGround(grid, on(people, grid), on(ground, grid))


def test_communes_by_people_else_by_ground_else_unknown() -> None:
    """A city, a commune without people by its land, and one whose people nobody knows: no class."""
    people = {(0, row, col): 3000.0 for row in range(5) for col in range(5)}
    ground = dict.fromkeys(people, 1.0) | {(1, 8, 8): 1.0, (1, 5, 0): 0.2, (2, 9, 9): 1.0}
    found = degree_of_urbanisation(np.array([True, True, False]), [country(people, ground)])
    assert ["city", "rural", ""] == found["dou_l1"].tolist()
    assert ["city", "mostly_uninhabited", ""] == found["dou_l2"].tolist()
    assert [False, False, False] == found["dou_unstable"].tolist()


def test_unstable_where_a_moved_grid_gives_another_class() -> None:
    """Moved by half a cell a dense square is divided in two halves: the village is none there."""
    ground = {(0, row, col): 1.0 for row in range(12) for col in range(12)}
    still = country({(0, 5, 5): 600.0}, ground)
    moved = country({(0, 5, 5): 200.0, (0, 5, 7): 400.0}, ground)
    found = degree_of_urbanisation(np.array([True]), [still, moved])
    assert ("village", True) == (found["dou_l2"][0], bool(found["dou_unstable"][0]))
    same = degree_of_urbanisation(np.array([True]), [still, still, still])
    assert not same["dou_unstable"][0]


def test_three_shifts_are_all_there_are() -> None:
    """A grid moved by half a cell west is the one moved by half a cell east; both ways at once is a third one."""
    distinct = {((east % 1.0), (north % 1.0)) for east in (-0.5, 0.0, 0.5) for north in (-0.5, 0.0, 0.5)}
    assert distinct == set(SHIFTS)


def test_land_of_overlapping_communes_is_at_most_the_square() -> None:
    """Two communes that both claim a square do not thin its people out."""
    people = {(0, 5, col): 310.0 for col in range(5)}
    ground = dict.fromkeys(people, 1.0) | {(1, row, col): 1.0 for _, row, col in people}
    found = degree_of_urbanisation(np.array([True, True]), [country(people, ground)])
    assert ["village", "village"] == found["dou_l2"].tolist()
