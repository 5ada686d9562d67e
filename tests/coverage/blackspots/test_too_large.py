"""Spots above the size: cut in two, or made smaller at their edge."""

from __future__ import annotations

import numpy as np

from blackspot.coverage.blackspots.joining import Links, SpotSize
from blackspot.coverage.blackspots.lattice import Lattice
from blackspot.coverage.blackspots.too_large import halved, shed


def halves_of(picture: list[list[float]], most_km2: float, least: float) -> list[list[int]]:
    """Cut one spot of cells of 1 km²; 0 is no cell, -1 stands for it."""
    people = np.array(picture)
    row, col = np.nonzero(people)
    lattice = Lattice(np.zeros(len(row), np.int32), row.astype(np.int32), col.astype(np.int32))
    size = SpotSize(np.inf, most_km2, least, 0.0)
    whole = np.zeros(len(row), np.int64)
    shown = np.full(people.shape, -1)
    shown[row, col] = halved(whole, lattice, people[row, col], np.ones(len(row)), size)
    found: list[list[int]] = shown.tolist()
    return found


def test_what_is_within_the_size_stays_whole() -> None:
    """Four cells of four."""
    assert [[0, 0, 0, 0]] == halves_of([[9, 9, 9, 9]], 4, 1)


def test_a_spot_is_cut_across_as_evenly_as_possible() -> None:
    """Eight cells where seven are allowed: four and four, though one and seven would do."""
    assert [[0, 0, 1, 1], [0, 0, 1, 1]] == halves_of([[9, 9, 9, 9], [9, 9, 9, 9]], 7, 1)


def test_both_halves_have_enough_people() -> None:
    """All people live at one end: the cut is where 10 are left, even if that is less even."""
    assert [[0, 1, 1, 1, 1]] == halves_of([[30, 8, 1, 1, 1]], 4, 10)


def test_without_enough_people_on_both_sides_it_stays_whole() -> None:
    """19 people can not be 10 and 10."""
    assert [[0, 0, 0, 0, 0]] == halves_of([[8, 3, 3, 3, 2]], 4, 10)


def test_halves_are_connected() -> None:
    """The arms of a horseshoe hang together at one end only: cut across, the upper half would be two arms."""
    picture = [[9.0, 0, 0, 9], [9, 0, 0, 9], [9, 0, 0, 9], [9, 9, 9, 9]]
    assert [[0, -1, -1, 1], [0, -1, -1, 1], [0, -1, -1, 1], [0, 0, 1, 1]] == halves_of(picture, 6, 1)


def test_a_half_that_is_still_too_large_is_cut_again() -> None:
    """Twelve cells where four are allowed."""
    found = np.array(halves_of([[9.0] * 12], 4, 1))
    assert [3, 3, 3, 3] == np.unique(found, return_counts=True)[1].tolist()
    assert [0] == np.flatnonzero(np.diff(found[0], prepend=-1))[:1].tolist()


def test_other_spots_are_left_alone() -> None:
    """Only the second of two is above the size; its half gets the next number."""
    lattice = Lattice(
        np.zeros(8, np.int32), np.zeros(8, np.int32), np.array([0, 1, 2, 4, 5, 6, 7, 8], np.int32)
    )
    label = np.array([0, 0, 0, 1, 1, 1, 1, 1])
    size = SpotSize(np.inf, 4.0, 1.0, 0.0)
    found = halved(label, lattice, np.full(8, 5.0), np.ones(8), size)
    assert [0, 0, 0] == found[:3].tolist()
    assert {1, 2} == set(found[3:].tolist())
    assert [0, 0, 0, 1, 1, 1, 1, 1] == label.tolist()


def after_shedding(label: list[int], people: list[float], least: float) -> list[int]:
    """Spots of cells of 1 km² in a row, of which four are allowed together."""
    cells = np.arange(len(label))
    zeros = np.zeros(len(label), np.int32)
    lattice = Lattice(zeros, zeros, cells.astype(np.int32))
    links, size = Links(cells[:-1], cells[1:]), SpotSize(np.inf, 4.0, least, 0.0)
    found: list[int] = shed(
        np.array(label), lattice, links, np.array(people), np.ones(len(label)), size
    ).tolist()
    return found


def test_cells_at_the_edge_go_to_a_neighbour_with_room() -> None:
    """Five cells of two people: halves would have less than eight."""
    assert [0, 0, 0, 0, 1, 1, 1] == after_shedding([0, 0, 0, 0, 0, 1, 1], [2, 2, 2, 2, 2, 4, 4], 8)


def test_a_full_neighbour_passes_cells_on() -> None:
    """The room is behind it."""
    label = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2] == after_shedding(label, [3.0] * 11, 6)


def test_without_room_nothing_changes() -> None:
    """All around are full, or there is nobody around."""
    full = [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert full == after_shedding(full, [3.0] * 9, 6)
    assert [0] * 5 == after_shedding([0] * 5, [3.0] * 5, 6)


def test_enough_people_are_left() -> None:
    """The cell at the edge has so many that the rest could not stand alone."""
    label = [0, 0, 0, 0, 0, 1, 1]
    assert label == after_shedding(label, [1, 1, 1, 1, 9, 9, 9], 9)


def test_a_spot_within_the_size_and_single_cells_stay() -> None:
    """Nothing is moved to make spots equal."""
    label = [0, 0, 0, 0, 1]
    assert label == after_shedding(label, [9.0, 9, 9, 9, 90], 1)


def test_each_commune_sheds_by_itself() -> None:
    """Twelve communes of 30 cells, divided at random: together as one by one, some of them changed."""
    random = np.random.default_rng(7)
    size = SpotSize(np.inf, 5.0, 4.0, 0.0)
    commune = np.repeat(np.arange(12, dtype=np.int32), 30)
    row, col = (np.tile(side.ravel(), 12).astype(np.int32) for side in np.indices((5, 6)))
    lattice, people = Lattice(commune, row, col), random.integers(1, 4, 360).astype(float)
    label = commune.astype(np.int64) * 6 + np.tile(np.sort(random.integers(0, 6, 30)), 12)
    label = np.unique(label, return_inverse=True)[1]
    links = Links(*lattice.pairs(diagonal=True))
    found = shed(label, lattice, links, people, np.ones(360), size)
    for number in range(12):
        here = commune == number
        alone, first = lattice.only(here), label[here].min()
        inside = Links(*alone.pairs(diagonal=True))
        own = shed(label[here] - first, alone, inside, people[here], np.ones(30), size)
        np.testing.assert_array_equal(own + first, found[here])
    assert (found != label).any()
