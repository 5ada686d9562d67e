"""The Shapley value: what each of several causes has to do with a change that they made together."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def shapley(worth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide a change among its causes, exactly.

    Each cause gets what it adds to the causes before it, averaged over all orders in which they can come about (L. S.
    Shapley, A value for n-person games, 1953). The parts add up to ``worth[-1] - worth[0]``, causes that play the same
    role get the same, and one that never changes anything gets nothing.

    Parameters
    ----------
    worth
        float64 (2^n, ...): what the number is when some of the n causes have come about; bit i of the first index says
        whether cause i has.

    Returns
    -------
    ndarray of float64, (n, ...)
        The part of each cause.

    Raises
    ------
    ValueError
        The first axis is not a power of two long.
    """
    count = len(worth).bit_length() - 1
    if len(worth) != 1 << count:
        raise ValueError(f"{len(worth)} states are not those of a whole number of causes")
    parts = np.zeros((count, *worth.shape[1:]))
    for state in range(len(worth)):
        for cause in range(count):
            if not state >> cause & 1:
                before = state.bit_count()
                weight = factorial(before) * factorial(count - before - 1) / factorial(count)
                parts[cause] += weight * (worth[state | 1 << cause] - worth[state])
    return parts
