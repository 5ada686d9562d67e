"""The degree of urbanisation of communes: the class of the square kilometres that most of their people live in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from .degree_of_urbanisation import (
    CENTRE,
    DENSE_CLUSTER,
    LOW_DENSITY,
    MANUAL,
    RURAL,
    RURAL_CLUSTER,
    SEMI_DENSE_CLUSTER,
    SUBURBAN,
    URBAN_CENTRE,
    URBAN_CLUSTER,
    VERY_LOW_DENSITY,
    WATER,
    WATER_1,
    Thresholds,
    classify_cells,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .equal_area_grid import EqualAreaGrid, OnSquares

CITY: Final = "city"
TOWN: Final = "town"
RURAL_AREA: Final = "rural"

DENSE_TOWN: Final = "dense_town"
SEMI_DENSE_TOWN: Final = "semi_dense_town"
SUBURB: Final = "suburb"
VILLAGE: Final = "village"
DISPERSED: Final = "dispersed"
UNINHABITED: Final = "mostly_uninhabited"

SHIFTS: Final = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
"""What the grid is moved by, east and north, in cells: half a cell west is the grid half a cell east."""

_LEVEL_1 = np.array([WATER_1, RURAL, URBAN_CLUSTER, URBAN_CENTRE], dtype=np.int8)
_LEVEL_2 = np.array(
    [
        WATER,
        VERY_LOW_DENSITY,
        LOW_DENSITY,
        RURAL_CLUSTER,
        SUBURBAN,
        SEMI_DENSE_CLUSTER,
        DENSE_CLUSTER,
        CENTRE,
    ],
    dtype=np.int8,
)
_HALF = 0.5


class UnitClasses(NamedTuple):
    """Classes of communes, as words; empty where nothing is known."""

    level_1: NDArray[np.object_]
    level_2: NDArray[np.object_]


class PeopleAndGround(NamedTuple):
    """Where the people of communes live on one grid of square kilometres, and where their ground lies.

    Attributes
    ----------
    grid
        The square kilometres.
    people
        People by commune and square.
    ground
        Land by commune and square, in km².
    """

    grid: EqualAreaGrid
    people: OnSquares
    ground: OnSquares


def degree_of_urbanisation(
    known: NDArray[np.bool_], places: Sequence[PeopleAndGround], rules: Thresholds = MANUAL
) -> pd.DataFrame:
    """Classify communes on a grid, and say whose class changes where the grid is moved by half a cell.

    Parameters
    ----------
    known
        bool (communes,): whose people are known. The others have no class, and nobody of them is on the grid.
    places
        The grid, then the same grid moved.
    rules
        The thresholds.

    Returns
    -------
    DataFrame
        ``dou_l1``, ``dou_l2`` (words, empty where the people are not known) and ``dou_unstable``.
    """
    first, *moved = (_classes(known, place, rules) for place in places)
    unstable = np.zeros(len(known), dtype=bool)
    for other in moved:
        unstable |= other.level_2 != first.level_2
    return pd.DataFrame({"dou_l1": first.level_1, "dou_l2": first.level_2, "dou_unstable": unstable})


def _classes(known: NDArray[np.bool_], place: PeopleAndGround, rules: Thresholds) -> UnitClasses:
    """Classify the square kilometres of one grid, then the communes."""
    grid, people, ground = place
    cells = classify_cells(people.on(grid), np.minimum(ground.on(grid), 1.0), rules)
    both = np.searchsorted(_LEVEL_1, cells.level_1) * len(_LEVEL_2)
    both = (both + np.searchsorted(_LEVEL_2, cells.level_2)).ravel()
    by_people, by_ground = (_by_class(each, both, len(known)) for each in (people, ground))
    inhabited = by_people.sum(axis=(1, 2)) > 0
    amount = np.where(inhabited[:, np.newaxis, np.newaxis], by_people, by_ground)
    return classify_units(np.where(known[:, np.newaxis, np.newaxis], amount, 0.0))


def _by_class(amounts: OnSquares, classes: NDArray[np.int64], communes: int) -> NDArray[np.float64]:
    """Add up the amounts of each commune by the class of the square, float64 (communes, 4, 8)."""
    count = len(_LEVEL_1) * len(_LEVEL_2)
    slot = amounts.commune * count + classes[amounts.square]
    sums = np.bincount(slot, amounts.amount[:, 0], communes * count).astype(np.float64)
    return sums.reshape(communes, len(_LEVEL_1), len(_LEVEL_2))


def classify_units(amount: NDArray[np.float64]) -> UnitClasses:
    """Classify communes by the classes of the squares that their people live in.

    A commune is a city where at least half live in urban centres, rural where more than half live in rural cells, else
    town or semi-dense area. A town with half of its people in urban centres and dense clusters is a dense town, else one
    with half in suburban and rural cells a suburb, else a semi-dense town. A rural commune with half in urban centres
    and in urban and rural clusters is a village, else one with half in cells of very low density mostly uninhabited,
    else dispersed.

    Parameters
    ----------
    amount
        float64 (communes, 4, 8): people by the classes of levels 1 and 2, in the order of their codes; the land of
        communes without people instead. Land in water cells counts as land that hardly anybody lives on.

    Returns
    -------
    UnitClasses
        Words; empty where there is no amount.
    """
    whole = amount.sum(axis=(1, 2))
    share = amount / np.where(whole > 0, whole, 1.0)[:, np.newaxis, np.newaxis]
    water_1, rural_1, _, centre_1 = share.sum(axis=2).T
    water, very_low, low, rural_cluster, suburban, semi_dense, dense, centre = share.sum(axis=1).T
    level_1 = np.select(
        [whole <= 0, centre_1 >= _HALF, rural_1 + water_1 > _HALF], ["", CITY, RURAL_AREA], TOWN
    )
    level_2 = np.select(
        [
            level_1 == "",
            level_1 == CITY,
            (level_1 == TOWN) & (centre + dense >= _HALF),
            (level_1 == TOWN) & (suburban + rural_cluster + low + very_low + water >= _HALF),
            level_1 == TOWN,
            centre + dense + semi_dense + suburban + rural_cluster >= _HALF,
            very_low + water >= _HALF,
        ],
        ["", CITY, DENSE_TOWN, SUBURB, SEMI_DENSE_TOWN, VILLAGE, UNINHABITED],
        DISPERSED,
    )
    return UnitClasses(level_1.astype(object), level_2.astype(object))
