"""Spots above the size, cut in two."""

from __future__ import annotations

import numpy as np

from blackspot.coverage.blackspots.halving import halved
from blackspot.coverage.blackspots.joining import SpotSize
from blackspot.coverage.blackspots.lattice import Lattice


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
