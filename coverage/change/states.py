"""What covers people before, after, and in between: which layers reach them when only some causes have come about.

A person is in one of four states to each operator's coverage of a service. Where a cell is covered in part, the parts
are taken to be nested, from the ground that is reached first to the ground of which nothing is known: so each stretch of
the cell has one state of every layer in both runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from .cell_shares import WHOLE
from .lacking_cells import PROFILE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .causes import GapRules
    from .matching import LayerStates, Side

NOT_COVERED, COVERED, NOT_KNOWN, ABSENT = range(4)
MOST_LAYERS: Final = 31  # two bits of a number each
_ROWS: Final = 1 << 15  # cells that are cut up at a time


class CellStretches(NamedTuple):
    """CellStretches of cells with one state of every layer in both runs.

    Attributes
    ----------
    row
        int64 (m,): the cell.
    share
        float64 (m,): its share of the cell.
    states
        int64 (m,): which of the states.
    before, after
        int8 (u, layers): the states that occur.
    """

    row: NDArray[np.int64]
    share: NDArray[np.float64]
    states: NDArray[np.int64]
    before: NDArray[np.int8]
    after: NDArray[np.int8]


def stretches(
    sides: tuple[Side, Side], layers: Sequence[tuple[str, str]], rows: NDArray[np.int64]
) -> CellStretches:
    """Cut cells into stretches.

    Parameters
    ----------
    sides
        Both runs.
    layers
        Operators and services, at most ``MOST_LAYERS``.
    rows
        Which cells.
    """
    found = [_cut(sides, layers, rows[start : start + _ROWS]) for start in range(0, max(1, len(rows)), _ROWS)]
    row, share, before, after = (np.concatenate(pieces) for pieces in zip(*found, strict=True))
    numbers, kinds = zip(*(pd.factorize(side) for side in (before, after)), strict=True)
    pair, pairs = pd.factorize(numbers[0] * max(1, len(kinds[1])) + numbers[1])
    old, new = np.divmod(pairs, max(1, len(kinds[1])))
    return CellStretches(
        row,
        share,
        np.asarray(pair, np.int64),
        _unpacked(np.asarray(kinds[0])[old], len(layers)),
        _unpacked(np.asarray(kinds[1])[new], len(layers)),
    )


def _cut(
    sides: tuple[Side, Side], layers: Sequence[tuple[str, str]], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Cut some cells wherever a layer begins or ends: cell, share, and the packed states in both runs."""
    ends = [np.zeros(len(rows), np.int16), np.full(len(rows), WHOLE, np.int16)]
    for side in sides:
        for layer in layers:
            if layer in side.layers:
                states = side.layers[layer]
                ends += [states.covered[rows], WHOLE - states.unknown[rows]]
    place = np.sort(np.stack(ends, axis=1), axis=1)
    at, which = np.nonzero(np.diff(place, axis=1))
    start, stop = place[at, which], place[at, which + 1]
    row = rows[at]
    packed = []
    for side in sides:
        code = np.zeros(len(row), np.int64)
        for number, layer in enumerate(layers):
            code |= _state(side.layers.get(layer), row, start).astype(np.int64) << 2 * number
        packed.append(code)
    return row, (stop - start) / WHOLE, packed[0], packed[1]


def _state(states: LayerStates | None, row: NDArray[np.int64], start: NDArray[np.int16]) -> NDArray[np.int8]:
    if states is None:
        return np.full(len(row), ABSENT, np.int8)
    known = np.where(start < states.covered[row], COVERED, NOT_COVERED)
    return np.where(start >= WHOLE - states.unknown[row], NOT_KNOWN, known).astype(np.int8)


def _unpacked(code: NDArray[np.int64], layers: int) -> NDArray[np.int8]:
    return ((code[:, np.newaxis] >> 2 * np.arange(layers)) & 3).astype(np.int8)


def lacks(
    states: NDArray[np.int8], layers: Sequence[tuple[str, str]], group: str, rules: GapRules
) -> NDArray[np.bool_]:
    """Say who lacks a service, or fails the profile.

    The same logic as that of :class:`blackspot.coverage.people.layers.LayerTable`, on states that may be mixed of both
    runs: a service nobody has handed in is not missing, nor is one that may be there for all that is known.

    Parameters
    ----------
    states
        int8 (u, layers).
    layers
        Operators and services.
    group
        A service, by any operator; or ``profile``.
    rules
        Of the profile.
    """
    if group != PROFILE:
        return _missing(states, layers, group, None)
    missing = np.stack([_missing(states, layers, one, rules) for one in rules.services])
    gap = missing.any(axis=0) if rules.gap == "any" else missing.all(axis=0)
    if rules.basic_services:
        gap |= np.stack([_missing(states, layers, one, None) for one in rules.basic_services]).all(axis=0)
    return np.asarray(gap)


def _missing(
    states: NDArray[np.int8], layers: Sequence[tuple[str, str]], service: str, rules: GapRules | None
) -> NDArray[np.bool_]:
    """Say where a service is certainly missing; without rules, where no operator has it."""
    own = states[:, [at for at, layer in enumerate(layers) if layer[1] == service]]
    there = (own != ABSENT).sum(axis=1)
    needed: NDArray[np.int64] | int = 1
    if rules is not None and rules.operator_rule == "all":
        needed = np.maximum(1, there)
    elif rules is not None and rules.operator_rule != "any":
        needed = rules.k
    possible = ((own == COVERED) | (own == NOT_KNOWN)).sum(axis=1)
    return np.asarray((there > 0) & (possible < needed))
