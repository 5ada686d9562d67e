"""What an overlay gives: people by commune and combination of layers, and the cells that fail."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .join import BandCells
from .memory import give_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .join import BandResult, Groups


@dataclass(frozen=True, slots=True)
class FailingCells:
    """Failing people per commune and cell where anybody fails the profile; sorted by commune, row, col.

    Attributes
    ----------
    commune, row, col
        int32 (k,): commune row index, grid row and column.
    people
        float32 (k,): all people of that commune in that cell.
    failing
        float32 (k, g): people of each group; group 0 fails the profile, and has some in every cell listed.
    """

    commune: NDArray[np.int32]
    row: NDArray[np.int32]
    col: NDArray[np.int32]
    people: NDArray[np.float32]
    failing: NDArray[np.float32]


class CellShares(NamedTuple):
    """How much of single cells is a commune's own ground, measured exactly; sorted by commune and cell.

    Attributes
    ----------
    commune
        int32 (k,): commune row index.
    cell
        int64 (k,): ``row * grid.width + column``.
    share
        float64 (k,): 0 to 1.
    """

    commune: NDArray[np.int32]
    cell: NDArray[np.int64]
    share: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Overlay:
    """People per commune and combination of layers.

    Attributes
    ----------
    masks
        uint64 (m,): combinations of layer bits that occur inside communes, ascending.
    people
        float64 (n_communes, m).
    has_population
        bool (n_communes,): the commune has a share in at least one cell with data.
    people_outside
        People of the raster in no commune; ``people.sum() + people_outside == people_raster``.
    people_raster
        All people of the raster.
    cells
        Failing people per commune and cell; empty without groups.
    """

    masks: NDArray[np.uint64]
    people: NDArray[np.float64]
    has_population: NDArray[np.bool_]
    people_outside: float
    people_raster: float
    cells: FailingCells


class Total:
    """Adds up bands in their order, so that the sums are the same however the bands were computed."""

    def __init__(self, n_communes: int) -> None:
        self._column: dict[int, int] = {}  # of each mask
        self._people = np.zeros((n_communes, 0))
        self._has_data = np.zeros(n_communes, bool)
        self._found = 0.0
        self._outside = 0.0
        self._parts: list[BandCells] = []

    def add(self, found: float, result: BandResult | None) -> None:
        """Add one band: all people of its rows, and what the communes have of them."""
        self._found += found
        if result is None:
            self._outside += found
            return
        self._outside += found - everybody(result.people)
        self._has_data[result.commune] |= result.has_data
        columns = [self._column.setdefault(mask, len(self._column)) for mask in result.masks.tolist()]
        missing = len(self._column) - self._people.shape[1]
        if missing > 0:  # room for as many again, so that this happens seldom
            self._people = np.pad(self._people, ((0, 0), (0, missing + self._people.shape[1])))
        self._people[result.commune[:, None], columns] += result.people
        if result.cells is not None:
            self._parts.append(result.cells)

    def overlay(self, beyond: float, groups: Groups | None) -> Overlay:
        """Everything added so far; ``beyond`` people live in raster cells that the grid does not have."""
        masks = np.array(sorted(self._column), dtype=np.uint64)
        people = self._people[:, [self._column[mask] for mask in masks.tolist()]]
        count = 0 if groups is None else len(groups(np.zeros(1, np.uint64)))
        return Overlay(
            masks, people, self._has_data, self._outside + beyond, self._found + beyond, self._sorted(count)
        )

    def _sorted(self, groups: int) -> FailingCells:
        """Put the cells of all bands into the communes' order.

        The cells of a country may take a gigabyte: the pieces of a column are given up as they are copied.
        """
        nothing = np.zeros(0, np.int32)
        empty = BandCells(
            nothing, nothing, nothing, np.zeros(0, np.float32), np.zeros((0, groups), np.float32)
        )
        columns = [deque(values) for values in zip(empty, *self._parts, strict=True)]
        self._parts.clear()
        # the bands come from north to south, each sorted
        order = np.argsort(np.concatenate(columns[0]), kind="stable")
        small = np.int32 if len(order) < 1 << 31 else np.int64
        place: NDArray[np.integer] = np.empty(len(order), dtype=small)
        place[order] = np.arange(len(order))
        del order
        failing, people, col, row, commune = (_placed(column, place) for column in reversed(columns))
        return FailingCells(commune, row, col, people, failing)


def everybody(people: NDArray[np.float64]) -> float:
    """Add up people exactly.

    What was kept from another run may lie in another order in memory than what was just computed, or have a
    combination that nobody lives in; a rounded sum would differ in its last digits, and the manifest with it.
    """
    return math.fsum(people.ravel().tolist())


def _placed(pieces: deque[NDArray[Any]], place: NDArray[np.integer]) -> NDArray[Any]:
    """Put the entries of pieces, one piece after the other, where they belong, and give the pieces up."""
    whole = np.empty((len(place), *pieces[0].shape[1:]), pieces[0].dtype)
    done = 0
    while pieces:
        piece = pieces.popleft()
        whole[place[done : done + len(piece)]] = piece
        done += len(piece)
    give_back()
    return whole
