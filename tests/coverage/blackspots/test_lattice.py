"""Cells that hang together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from blackspot.coverage.blackspots.lattice import Lattice


def drawn(*pictures: list[str]) -> Lattice:
    """One picture per commune; # is a cell."""
    cells = [
        (commune, row, col)
        for commune, picture in enumerate(pictures)
        for row, line in enumerate(picture)
        for col, letter in enumerate(line)
        if letter == "#"
    ]
    commune, row, col = np.array(sorted(cells), dtype=np.int32).T
    return Lattice(commune, row, col)


def test_neighbours_in_all_directions() -> None:
    """Cells are 0 1 2 / 3 4 5 / 6 7 8; the middle one has all neighbours, a corner has three."""
    lattice = drawn(["###", "###", "###"])
    around = ("northwest", "north", "northeast", "west", "east", "southwest", "south", "southeast")
    assert [lattice.neighbour(name)[4] for name in around] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert [lattice.neighbour(name)[2] for name in around] == [-1, -1, -1, 1, -1, 4, 5, -1]


def test_edges_of_the_grid_do_not_wrap() -> None:
    """The last cell of a row is no neighbour of the first cell of the next."""
    lattice = drawn(["..#", "#.."])
    assert (lattice.neighbour("east") == -1).all()
    assert (lattice.neighbour("southeast") == -1).all()


def test_communes_do_not_touch() -> None:
    """The same or neighbouring cells of two communes are not neighbours."""
    lattice = drawn(["##"], ["##", "##"])
    assert lattice.clusters(diagonal=True).tolist() == [0, 0, 1, 1, 1, 1]


def test_corners_join_only_with_eight_neighbours() -> None:
    """Two cells that share a corner are one cluster of 8 neighbours, two of 4."""
    lattice = drawn(["#.", ".#"])
    assert lattice.clusters(diagonal=True).tolist() == [0, 0]
    assert lattice.clusters(diagonal=False).tolist() == [0, 1]


def test_clusters_are_numbered_by_their_first_cell() -> None:
    """A U is one cluster though its arms meet only below."""
    lattice = drawn(["#.#.#", "###.#"])
    assert lattice.clusters(diagonal=True).tolist() == [0, 0, 1, 0, 0, 0, 1]


def test_no_cells() -> None:
    """A country without failing cells has no clusters."""
    nothing = np.zeros(0, dtype=np.int32)
    lattice = Lattice(nothing, nothing, nothing)
    assert len(lattice) == 0
    assert lattice.clusters(diagonal=True).tolist() == []


@pytest.mark.parametrize("col", [[1, 0], [0, 0]])
def test_unsorted_or_repeated_cells_are_refused(col: list[int]) -> None:
    """The look-up would be silently wrong."""
    zero = np.zeros(2, dtype=np.int32)
    with pytest.raises(ValueError, match="sorted"):
        Lattice(zero, zero, np.array(col, dtype=np.int32))


PICTURES = st.lists(st.text("#.", min_size=6, max_size=6), min_size=1, max_size=8)


@given(PICTURES.filter(lambda lines: any("#" in line for line in lines)), st.booleans())
def test_clusters_agree_with_scipy(picture: list[str], diagonal: bool) -> None:  # noqa: FBT001 - drawn
    """The same partition of cells as scipy's labelling of the dense picture."""
    filled = np.array([[letter == "#" for letter in line] for line in picture])
    labels, count = ndimage.label(filled, structure=np.ones((3, 3)) if diagonal else None)
    found = drawn(picture).clusters(diagonal=diagonal)
    assert count == found.max() + 1
    assert len(set(zip(labels[filled].tolist(), found.tolist(), strict=True))) == count
