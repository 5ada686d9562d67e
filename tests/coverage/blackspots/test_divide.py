"""Clusters divided into spots of settlement size."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyproj
import pytest
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.blackspots.divide import CellFacts, divided, in_order, peaks
from blackspot.coverage.blackspots.joining import SpotSize
from blackspot.coverage.blackspots.lattice import Lattice
from blackspot.coverage.burn.grid import Grid

KILOMETRES = Grid(
    pyproj.CRS.from_epsg(32648), Affine(1000.0, 0.0, 500000.0, 0.0, -1000.0, 2300000.0), 99, 99, 4
)


def spots_of(
    people: Any, grid: Grid = KILOMETRES, *, size: SpotSize, row0: int = 0, col0: int = 0
) -> np.ndarray:
    """Divide a picture of people, one commune; 0 is no cell. Gives the spot of each cell, -1 where there is none."""
    picture = np.asarray(people, dtype=np.float64)
    row, col = np.nonzero(picture)
    lattice = Lattice(
        np.zeros(len(row), np.int32), (row + row0).astype(np.int32), (col + col0).astype(np.int32)
    )
    facts = CellFacts(picture[row, col], np.ones(len(row)))
    result = np.full(picture.shape, -1)
    result[row, col] = divided(lattice, lattice.clusters(diagonal=True), facts, grid, size)
    return result


def size(people: float = np.inf, area_km2: float = np.inf, least: float = 0.0) -> SpotSize:
    return SpotSize(people, area_km2, least, 0.0)


def test_a_cluster_within_the_size_is_one_spot() -> None:
    """However many peaks it has."""
    picture = [[9, 1, 9, 1, 9]]
    assert [[0, 0, 0, 0, 0]] == spots_of(picture, size=size(29, 5)).tolist()


def test_two_villages_are_divided_where_few_people_live() -> None:
    """Two peaks of 60 people with a thin cell between: each becomes a spot; the thin cell goes with one of them."""
    found = spots_of([[20, 60, 20, 1, 20, 60, 20]], size=size(101, np.inf))
    assert [0, 0, 0] == found[0, :3].tolist()
    assert [1, 1, 1] == found[0, 4:].tolist()
    assert found[0, 3] in (0, 1)


def test_a_wide_valley_is_divided_by_its_area() -> None:
    """Three villages of three cells each, at most four km²: three spots, cut at the thin cells."""
    found = spots_of([[30, 50, 30, 2, 30, 50, 30, 2, 30, 50, 30]], size=size(np.inf, 4.0))
    villages = [set(found[0, start : start + 3].tolist()) for start in (0, 4, 8)]
    assert [1, 1, 1] == [len(village) for village in villages]
    assert 3 == len(set.union(*villages))


def test_a_dense_town_falls_into_its_cells() -> None:
    """Every cell holds more than half of the most a spot may hold."""
    assert [[0, 1], [2, 3]] == spots_of([[60, 60], [60, 60]], size=size(100)).tolist()


def test_a_single_cell_may_be_larger() -> None:
    """Nothing can be divided further than a cell."""
    assert [[0, 1]] == spots_of([[500, 60]], size=size(100)).tolist()


def test_what_is_too_small_to_stand_alone_goes_with_a_neighbour() -> None:
    """Ten people beside a full cell: they join it, although it is then too large."""
    assert [[0, 0]] == spots_of([[100, 10]], size=size(100, least=50)).tolist()


def test_of_two_neighbours_it_takes_the_one_with_room() -> None:
    """Ten people between a full cell and one of 60."""
    assert [[0, 1, 1]] == spots_of([[100, 10, 60]], size=size(100, least=50)).tolist()


def test_a_place_that_took_in_a_neighbour_is_divided_anew() -> None:
    """Seven people beside a place of four cells that has no room: the place is cut, not made too large."""
    found = spots_of([[7, 30, 40, 30, 30]], size=size(np.inf, 4.0, least=35))
    assert [2, 3] == sorted(np.bincount(found[0]).tolist())


def test_numbers_follow_the_first_cells() -> None:
    """Row by row, column by column."""
    assert [0, 1, 0, 2] == in_order(np.array([7, 3, 7, 5])).tolist()


def test_peaks_are_the_cells_with_most_people() -> None:
    """Of equals the first, and what differs by less than a thousandth of a person is equal."""
    assert [1, 2] == peaks(np.array([0, 0, 1, 1]), np.array([3.0, 5.0, 4.0, 4.0001])).tolist()


PEOPLE = st.one_of(
    st.sampled_from([0.0, 0.0, 1.0, 10.0, 60.0]), st.floats(0.01, 300).map(lambda value: round(value, 3))
)
PICTURES = st.integers(1, 8).flatmap(
    lambda width: st.lists(st.lists(PEOPLE, min_size=width, max_size=width), min_size=1, max_size=8).map(
        np.array
    )
)
SIZES = st.tuples(st.floats(50, 500), st.floats(1, 20))


def connected(found: np.ndarray, number: int) -> bool:
    row, col = np.nonzero(found == number)
    lattice = Lattice(np.zeros(len(row), np.int32), row.astype(np.int32), col.astype(np.int32))
    return int(lattice.clusters(diagonal=True).max()) == 0


@settings(max_examples=60, deadline=None)
@given(PICTURES.filter(lambda picture: picture.any()), SIZES, st.floats(0, 120))
def test_every_cell_is_in_one_connected_spot_of_its_cluster(
    picture: np.ndarray, most: tuple[float, float], least: float
) -> None:
    """No spot is too small that was part of a large enough cluster, and people are conserved."""
    row, col = np.nonzero(picture)
    cluster = np.full(picture.shape, -1)
    cluster[row, col] = Lattice(
        np.zeros(len(row), np.int32), row.astype(np.int32), col.astype(np.int32)
    ).clusters(diagonal=True)
    found = spots_of(picture, size=size(*most, least=least))
    assert ((found >= 0) == (picture > 0)).all()
    assert set(range(found.max() + 1)) == set(found[picture > 0].tolist())
    for number in range(found.max() + 1):
        (own,) = set(cluster[found == number].tolist())
        assert connected(found, number)
        whole = picture[cluster == own].sum()
        assert picture[found == number].sum() >= min(least, whole) * (1 - 2e-6)


@settings(max_examples=60, deadline=None)
@given(PICTURES.filter(lambda picture: picture.any()), SIZES)
def test_nothing_but_a_single_cell_is_larger(picture: np.ndarray, most: tuple[float, float]) -> None:
    """As long as no part is too small to stand alone."""
    found = spots_of(picture, size=size(*most))
    for number in range(found.max() + 1):
        here = found == number
        fits = picture[here].sum() <= most[0] * (1 + 2e-6) and here.sum() <= most[1] * (1 + 2e-6)
        assert fits or here.sum() == 1


@settings(max_examples=40, deadline=None)
@given(PICTURES.filter(lambda picture: picture.any()), SIZES, st.floats(0, 120))
def test_no_two_neighbours_of_a_divided_cluster_fit_into_one(
    picture: np.ndarray, most: tuple[float, float], least: float
) -> None:
    """There are no more spots than it takes."""
    found = spots_of(picture, size=size(*most, least=least))
    for (row, col), number in np.ndenumerate(found):
        around = found[row : row + 2, max(0, col - 1) : col + 2]
        for other in set(around.ravel().tolist()) - {number, -1} if number >= 0 else ():
            both = (found == number) | (found == other)
            assert picture[both].sum() > most[0] * (1 - 2e-6) or both.sum() > most[1] * (1 - 2e-6)


@settings(max_examples=30, deadline=None)
@given(
    PICTURES.filter(lambda picture: picture.any()),
    SIZES,
    st.floats(0, 120),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_it_does_not_matter_where_the_cluster_lies(
    picture: np.ndarray, most: tuple[float, float], least: float, row0: int, col0: int
) -> None:
    """The same cluster further south and east, among others, is divided in the same way."""
    limits = size(*most, least=least)
    here = spots_of(picture, size=limits)
    there = spots_of(picture, size=limits, row0=row0, col0=col0)
    np.testing.assert_array_equal(here, there)
    beside = np.zeros((picture.shape[0], 2 * picture.shape[1] + 2))
    beside[:, : picture.shape[1]] = picture[:, ::-1]
    beside[:, picture.shape[1] + 2 :] = picture
    part = spots_of(beside, size=limits)[:, picture.shape[1] + 2 :]
    row, col = np.nonzero(picture)
    np.testing.assert_array_equal(in_order(here[row, col]), in_order(part[row, col]))


@settings(max_examples=30, deadline=None)
@given(PICTURES.filter(lambda picture: picture.any()), SIZES, st.floats(0, 120), st.integers(1, 10**6))
def test_tiny_differences_do_not_matter(
    picture: np.ndarray, most: tuple[float, float], least: float, seed: int
) -> None:
    """People that differ by a billionth, as by another order of adding, are divided in the same way."""
    assumed = np.round(picture, 2)
    noise = 1 + 1e-9 * np.random.default_rng(seed).uniform(-1, 1, picture.shape)
    limits = size(*(round(limit, 2) for limit in most), least=round(least, 2))
    if not assumed.any():
        return
    np.testing.assert_array_equal(spots_of(assumed, size=limits), spots_of(assumed * noise, size=limits))


@pytest.mark.parametrize("people", ["even", "slope", "noise"])
def test_large_clusters_take_few_rounds(people: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even ground and a long slope, where a choice between equals would run from one end to the other."""
    from blackspot.coverage.blackspots import joining  # noqa: PLC0415 - counted here only

    rounds = 0
    chosen = joining._chosen

    def counted(*args: Any, **kinds: Any) -> Any:
        nonlocal rounds
        rounds += 1
        return chosen(*args, **kinds)

    monkeypatch.setattr(joining, "_chosen", counted)
    row, col = np.indices((99, 99))
    pictures = {
        "even": np.full((99, 99), 60.0),
        "slope": row + col + 1.0,
        "noise": np.random.default_rng(5).lognormal(3, 2, (99, 99)),
    }
    found = spots_of(pictures[people], size=size(5000, 25, least=50))
    assert rounds < 60
    assert found.max() > 99 * 99 / 26


def test_spots_are_compact() -> None:
    """Even ground falls into spots that are no longer than twice as long as a square of their area."""
    found = spots_of(np.full((40, 40), 60.0), size=size(5000, 25, least=50))
    for number in range(found.max() + 1):
        row, col = np.nonzero(found == number)
        side = max(np.ptp(row), np.ptp(col)) + 1
        assert side <= 2 * np.sqrt(25) + 1
