"""The degree of urbanisation of square kilometres on grids drawn by hand, each by one sentence of the manual."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from blackspot.coverage.setting.degree_of_urbanisation import MANUAL, Thresholds, classify_cells

FIELD = 40  # people of an empty field: 11
WORDS = {" ": FIELD, "o": 100, "s": 400, "m": 1000, "#": 2000}


def drawn(*rows: str, **words: float) -> np.ndarray:
    """People of a grid drawn in letters; all of it is land."""
    return np.array([[(WORDS | words)[letter] for letter in row] for row in rows], dtype=float)


def level_1(people: np.ndarray, land: np.ndarray | None = None, rules: Thresholds = MANUAL) -> list[str]:
    return codes(classify_cells(people, np.ones(people.shape) if land is None else land, rules).level_1)


def level_2(people: np.ndarray, land: np.ndarray | None = None, rules: Thresholds = MANUAL) -> np.ndarray:
    return classify_cells(people, np.ones(people.shape) if land is None else land, rules).level_2


def codes(classes: np.ndarray) -> list[str]:
    return ["".join(str(code) for code in row) for row in classes]


def town(rows: int, cols: int, each: float, around: int = 2, field: float = FIELD) -> np.ndarray:
    """Draw a rectangle of cells with so many people each, in a field."""
    people = np.full((rows + 2 * around, cols + 2 * around), float(field))
    people[around : around + rows, around : around + cols] = each
    return people


@pytest.mark.parametrize(
    ("each", "expected"),
    [(1500.0, 30), (1499.0, 22), (899.0, 21)],
)
def test_a_centre_needs_its_density(each: float, expected: int) -> None:
    """At least 1,500 people per km²: one fewer is semi-dense, below 900 suburban, however many live there."""
    assert expected == level_2(town(8, 8, each))[4, 4]


def test_a_centre_needs_fifty_thousand_people() -> None:
    """25 cells of 2,000 are a centre; with one person fewer they are a dense cluster, at level 1 an urban one."""
    people = town(5, 5, 2000)
    assert (3, 30) == (classify_cells(people, np.ones(people.shape)).level_1[4, 4], level_2(people)[4, 4])
    people[4, 4] -= 1
    assert (2, 23) == (classify_cells(people, np.ones(people.shape)).level_1[4, 4], level_2(people)[4, 4])


def test_centres_touch_along_edges_clusters_at_corners_too() -> None:
    """Two blocks of 30,000 that meet at a corner are no centre, but one urban cluster."""
    people = np.full((10, 10), float(FIELD))
    people[1:5, 1:5] = people[5:9, 5:9] = 30_000 / 16
    assert {1, 2} == set(classify_cells(people, np.ones(people.shape)).level_1.ravel().tolist())
    people[5, 4] = 1500
    assert 3 == classify_cells(people, np.ones(people.shape)).level_1[2, 2]


def test_clusters_of_moderate_density_touch_at_corners() -> None:
    """Thirteen cells of 400 on a diagonal have 5,200 people: an urban cluster; twelve have 4,800: a rural one."""
    for cells, (first, second) in {13: (2, 21), 12: (1, 13)}.items():
        people = np.full((15, 15), float(FIELD))
        people[np.arange(cells), np.arange(cells)] = 400
        found = classify_cells(people, np.ones(people.shape))
        assert (first, second) == (found.level_1[5, 5], found.level_2[5, 5])


@pytest.mark.parametrize(("gap", "expected"), [((2, 7), 30), ((1, 14), 30), ((3, 5), 10), ((1, 15), 10)])
def test_gaps_below_fifteen_square_kilometres_are_filled(gap: tuple[int, int], expected: int) -> None:
    """A lake of 14 km² in a centre is filled, one of 15 stays water."""
    people = town(gap[0] + 4, gap[1] + 4, 2000)
    hole = np.s_[4 : 4 + gap[0], 4 : 4 + gap[1]]
    land = np.ones(people.shape)
    land[hole] = people[hole] = 0.0
    assert {expected} == set(level_2(people, land)[hole].ravel().tolist())


@pytest.mark.parametrize(("wide", "expected"), [(4, 30), (5, 11)])
def test_gaps_on_land_are_filled_where_smoothing_leaves_them(wide: int, expected: int) -> None:
    """Gaps with cut corners, whose cells have four of eight neighbours in the centre: 12 km² fill, 16 do not."""
    people = town(8, wide + 4, 2000)
    hole = np.zeros(people.shape, dtype=bool)
    hole[4:8, 5 : 3 + wide] = hole[5:7, 4 : 4 + wide] = True
    people[hole] = FIELD
    assert (wide - 1) * 4 == hole.sum()
    assert {expected} == set(level_2(people)[hole].tolist())


def test_a_gap_between_two_centres_is_nobodys() -> None:
    """What two centres enclose only together is no gap of either."""
    people = drawn(
        "             ",
        " ###########s",
        " #####m#####s",
        " ####   ####s",
        " #####m#####s",
        " ###########s",
        "             ",
        **{"#": 6000, "m": FIELD, "s": FIELD},
    )
    people[1, 6] = people[5, 6] = FIELD  # the two halves meet nowhere
    land = np.ones(people.shape)
    water = [(1, 6), (2, 6), (3, 5), (3, 6), (3, 7), (4, 6), (5, 6)]
    for at in water:
        people[at], land[at] = 0.0, 0.0
    found = classify_cells(people, land)
    assert {10} == {int(found.level_2[at]) for at in water}
    people[1, 6], land[1, 6] = 6000.0, 1.0
    people[5, 6], land[5, 6] = (
        6000.0,
        1.0,
    )  # joined above and below they are one centre, and the gap is its own
    assert {30} == {int(classify_cells(people, land).level_2[at]) for at in water}


def test_a_cell_between_two_centres_joins_neither() -> None:
    """Six of eight neighbours are dense, but three belong to each centre; with five of one it joins."""
    people = np.full((7, 13), float(FIELD))
    people[1:6, 1:6] = people[1:6, 7:12] = 2500
    assert [11] * 5 == level_2(people)[1:6, 6].tolist()
    people[2, 6] = (
        2500  # now they are one centre, and the cells above and below have five of its cells around them
    )
    assert [30] * 5 == level_2(people)[1:6, 6].tolist()


def test_edges_are_smoothed_until_nothing_changes() -> None:
    """A notch in the edge fills from its end outward, cell after cell; four of eight neighbours are not enough."""
    people = town(6, 6, 2000, field=FIELD)
    people[2:5, 4] = FIELD  # a notch of three cells
    found = level_2(people)
    assert [30, 30] == found[3:5, 4].tolist()
    assert 30 == found[2, 4]  # at the edge: five of eight, once the cell below has joined
    assert {11} == set(found[1].tolist())
    corner = town(5, 6, 2000)
    corner[2, 2] = FIELD  # three of eight
    assert 11 == level_2(corner)[2, 2]


def test_water_never_joins_by_smoothing_and_does_not_vote() -> None:
    """A cell at the shore joins with three of five neighbours on land; water with five of eight does not."""
    people = town(5, 10, 2000, around=1)
    land = np.ones(people.shape)
    people[0] = 0.0
    land[0] = 0.0
    people[1, 5] = FIELD  # at the shore: five neighbours on land, all dense
    assert 30 == level_2(people, land)[1, 5]
    assert {10} == set(level_2(people, land)[0].tolist())
    people[1, 5], land[1, 5] = 0.0, 0.4
    assert 10 == level_2(people, land)[1, 5]


@pytest.mark.parametrize(("free", "expected"), [(0, 21), (1, 21), (2, 22)])
def test_semi_dense_clusters_keep_two_cells_from_denser_ones(free: int, expected: int) -> None:
    """One whose first cell lies in the two cells around a dense cluster is suburban, all of it; else semi-dense."""
    people = np.full((5, 20), 320.0)
    people[1:3, 1:3] = 2000  # a dense cluster of 8,000
    first = 3 + free
    people[2, first : first + 4] = 1000
    found = level_2(people)
    assert {expected} == set(found[2, first : first + 4].tolist())
    assert (23, 21) == (found[1, 1], found[4, 4])


def test_the_buffer_reaches_over_corners() -> None:
    """The second cell over a corner is as near as the second along a row."""
    people = np.full((12, 12), 320.0)
    people[1:3, 1:3] = 2000
    for at, expected in ((4, 21), (5, 22)):
        here = people.copy()
        here[at, at : at + 3] = 1000
        assert expected == level_2(here)[at, at]


@pytest.mark.parametrize(
    ("each", "expected"), [((900, 900, 700), 13), ((900, 900, 900), 22), ((899, 899, 899), 13)]
)
def test_semi_dense_clusters_have_900_per_km2_and_2500_people(each: tuple[int, ...], expected: int) -> None:
    """Three cells of 900 are 2,700 people; two are 1,800, and 899 is not dense enough."""
    people = np.full((7, 9), float(FIELD))
    people[3, 3:6] = each
    assert expected == level_2(people)[3, 3]


def test_the_edition_of_2021_is_a_set_of_numbers() -> None:
    """Semi-dense clusters of 300 people per km² and 5,000 people: what is suburban today was a town."""
    people = town(4, 4, 400)
    old = Thresholds(semi_dense_density=300, semi_dense_people=5000)
    assert (21, 22) == (level_2(people)[3, 3], level_2(people, rules=old)[3, 3])


def test_rural_cells_by_cluster_and_density() -> None:
    """500 people in cells of 300 are a rural cluster, 499 are cells of low density, below 50 of very low."""
    people = np.array([[0, 49, 50, 299, 0, 0, 499, 0, 0, 300, 200, 0, 0, 300, 300]], dtype=float)
    expected = [11, 11, 12, 12, 11, 11, 12, 11, 11, 12, 12, 11, 11, 13, 13]
    assert expected == level_2(people)[0].tolist()


def test_density_is_per_land_and_size_in_people() -> None:
    """400 people on a third of a square kilometre are dense, but four such cells are not 5,000 people."""
    people = np.full((3, 6), 0.0)
    people[1, 1:5] = 520
    land = np.full(people.shape, 0.3)
    assert (13, 10) == (level_2(people, land)[1, 1], level_2(people, land)[0, 0])
    people[1, 1:5] = 1250
    assert (23, 10) == (level_2(people, land)[1, 1], level_2(people, land)[0, 0])


def test_water_has_neither_people_nor_half_its_land() -> None:
    """Half of land is land, and a single person makes a lake a place to live."""
    people = np.array([[0.0, 0.0, 1.0]])
    land = np.array([[0.49, 0.5, 0.1]])
    found = classify_cells(people, land)
    assert ([0, 1, 1], [10, 11, 11]) == (found.level_1[0].tolist(), found.level_2[0].tolist())


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.int16, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 9000)),
    st.booleans(),
)
def test_turning_the_grid_turns_the_classes(people: np.ndarray, mirrored: bool) -> None:  # noqa: FBT001 - a drawn parameter
    """No direction is preferred; level 1 is urban exactly where level 2 is, but for semi-dense clusters."""
    straight = classify_cells(people.astype(float), np.ones(people.shape))
    turned = people.T if mirrored else people[::-1, ::-1]
    found = classify_cells(turned.astype(float), np.ones(turned.shape))
    for one, other in zip(straight, found, strict=True):
        assert (one.T if mirrored else one[::-1, ::-1]).tolist() == other.tolist()
    assert ((straight.level_1 == 3) == (straight.level_2 == 30)).all()
    assert (straight.level_2[straight.level_1 == 2] >= 21).all()
    assert np.isin(straight.level_2[straight.level_1 == 1], (11, 12, 13, 22)).all()
