"""People of cells as whole parts, so that every sum over them is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PER_PERSON = 2.0**26  # parts of a person: sums up to 2^53 parts, 134 million people, are exact in float64


def exact_people(
    failing: NDArray[np.float32], commune: NDArray[np.int32], pop_failing: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give every cell its people in whole parts that add up to what its commune's table says.

    Cells are counted with 24 bits, communes with 53. So cells get their share of the commune's figure, which is
    rounded down to a part of a person, in whole parts; what rounding leaves goes to the next cell (cumulative
    rounding). Whatever cells are taken together, their sum is exact, and no sum is above the commune's figure.

    Parameters
    ----------
    failing
        Failing people of each cell; every cell of a commune where anybody fails must be there.
    commune
        Row of each cell's commune; ascending.
    pop_failing
        Failing people of each commune; NaN, for communes of which no cell is there, is allowed.

    Returns
    -------
    ndarray
        Float64, shape (cells,), multiples of 2^-26.
    """
    parts = np.rint(failing.astype(np.float64) * _PER_PERSON).astype(np.int64)
    total = np.cumsum(parts)
    first = np.flatnonzero(np.diff(commune, prepend=-1))
    number = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(commune))))
    before = (total - parts)[first]
    whole = np.append(before[1:], total[-1:]) - before
    goal = np.floor(pop_failing[commune[first]] * _PER_PERSON)
    until = np.rint(goal[number] * ((total - before[number]) / np.maximum(whole, 1)[number]))
    since = np.concatenate([[0.0], until[:-1]])
    since[first] = 0.0
    return np.asarray((until - since) / _PER_PERSON)
