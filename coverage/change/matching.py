"""The cells of two runs side by side: the same cells, with the people and the coverage of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from .cell_shares import WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .lacking_cells import LackingCells

OUTSIDE: Final = -1
"""In place of a commune: in the other run the cell lies in none."""


class LayerStates(NamedTuple):
    """What one operator's coverage of one service is worth in every matched cell.

    Attributes
    ----------
    covered, unknown
        int16 (n,): how much of the cell is covered, and of how much nothing is known, 0 to ``WHOLE``.
    """

    covered: NDArray[np.int16]
    unknown: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs in every matched cell.

    Attributes
    ----------
    commune
        int32 (n,): which of the matched codes, or ``OUTSIDE``.
    people
        float64 (n,): all people of this part of the cell.
    lacking
        Float64 (n,) by group: those of them who lack it.
    layers
        By operator and service; only those of this run.
    """

    commune: NDArray[np.int32]
    people: NDArray[np.float64]
    lacking: dict[str, NDArray[np.float64]]
    layers: dict[tuple[str, str], LayerStates]


@dataclass(frozen=True, slots=True)
class MatchedCells:
    """The cells of two runs.

    Attributes
    ----------
    codes
        Codes of all communes of either run, ascending.
    cell
        int64 (n,): number of the cell; parts of one cell have the same.
    before, after
        Both runs, part of a cell by part of a cell. Where nobody lives in one of them, its coverage is not kept there
        and taken to be that of the other.
    """

    codes: NDArray[np.object_]
    cell: NDArray[np.int64]
    before: Side
    after: Side


def match(
    old: LackingCells, new: LackingCells, codes: NDArray[np.object_], *, same_boundaries: bool
) -> MatchedCells | None:
    """Put the cells of two runs beside each other.

    Parameters
    ----------
    old, new
        What they kept.
    codes
        Codes of all communes of either run, ascending.
    same_boundaries
        Whether both know the same communes. Where they do not, a cell's people of an older commune are divided among
        the newer communes of the cell in proportion to the people these have there, and the other way round.

    Returns
    -------
    MatchedCells or None
        None where the cells are not the same, or an older program kept one of them: it has no layers.
    """
    offset = old.grid.offset_to(new.grid)
    if offset is None or old.layers is None or new.layers is None:
        return None
    width = max(old.grid.width + abs(offset[1]), new.grid.width) + 1
    tables = [
        pd.DataFrame({"cell": row * width + col, "code": _positions(codes, one.code)})
        for one, row, col in (
            (old, old.row + offset[0], old.col + offset[1]),
            (new, new.row, new.col),
        )
    ]
    pairs = _same(tables, len(codes)) if same_boundaries else _divided(tables, (old, new))
    sides = [
        _side(one, at, share, codes)
        for one, at, share in ((old, pairs.old, pairs.old_share), (new, pairs.new, pairs.new_share))
    ]
    _fill(sides, (pairs.old < 0, pairs.new < 0))
    return MatchedCells(codes, pairs.cell, *sides)


class _Pairs(NamedTuple):
    """The cell of each part, which row of either run it is, -1 for none, and what part of that row's people live there."""

    cell: NDArray[np.int64]
    old: NDArray[np.int64]
    new: NDArray[np.int64]
    old_share: NDArray[np.float64]
    new_share: NDArray[np.float64]


def _positions(codes: NDArray[np.object_], wanted: NDArray[np.object_]) -> NDArray[np.int64]:
    """Find codes among sorted ones; each differing code is looked up once."""
    number, names = pd.factorize(wanted)
    found: NDArray[np.int64] = np.searchsorted(codes.astype(str), names.astype(str))[number]
    return found


def _same(tables: Sequence[pd.DataFrame], communes: int) -> _Pairs:
    """Match rows of the same commune and cell."""
    keys = [(one["cell"] * communes + one["code"]).to_numpy(np.int64) for one in tables]
    every = np.union1d(*keys)
    at = []
    for key in keys:
        rows = np.full(len(every), -1, np.int64)
        rows[np.searchsorted(every, key)] = np.arange(len(key))
        at.append(rows)
    whole = np.ones(len(every))
    return _Pairs(every // communes, at[0], at[1], whole, whole)


def _divided(tables: Sequence[pd.DataFrame], runs: Sequence[LackingCells]) -> _Pairs:
    """Match every part of a cell in one run with every part of it in the other."""
    rows = []
    for table, run in zip(tables, runs, strict=True):
        people = pd.Series(run.everybody)
        of_cell = people.groupby(table["cell"]).transform("sum")
        rows.append(
            pd.DataFrame({"cell": table["cell"], "at": np.arange(len(table)), "share": people / of_cell})
        )
    both = rows[0].merge(rows[1], on="cell", how="outer", suffixes=("_old", "_new"), sort=True)
    at = [both[name].fillna(-1).to_numpy(np.int64) for name in ("at_old", "at_new")]
    # an older row is divided by the shares of the newer ones, and the other way round
    shares = [both[name].fillna(1.0).to_numpy(float) for name in ("share_new", "share_old")]
    return _Pairs(both["cell"].to_numpy(np.int64), at[0], at[1], shares[0], shares[1])


def _side(
    run: LackingCells, at: NDArray[np.int64], share: NDArray[np.float64], codes: NDArray[np.object_]
) -> Side:
    def taken(values: NDArray[Any], nothing: float) -> NDArray[Any]:
        """Take the values of every part; the last entry stands for -1."""
        return np.append(values, values.dtype.type(nothing))[at]

    layers = {}
    for layer in run.layers or ():
        covered = layer.covered.astype(np.int16)
        known = (
            np.full(len(covered), WHOLE, np.int16) if layer.known is None else layer.known.astype(np.int16)
        )
        unknown = WHOLE - np.maximum(known, covered)  # coverage beyond its own extent is coverage
        layers[layer.operator, layer.service] = LayerStates(taken(covered, 0), taken(unknown, WHOLE))
    return Side(
        taken(_positions(codes, run.code).astype(np.int32), OUTSIDE),
        taken(run.everybody, 0.0) * share,
        {group: taken(people, 0.0) * share for group, people in run.people.items()},
        layers,
    )


def _fill(sides: Sequence[Side], missing: Sequence[NDArray[np.bool_]]) -> None:
    """Take the other run's coverage where nobody lives."""
    for side, other, gone in ((sides[0], sides[1], missing[0]), (sides[1], sides[0], missing[1])):
        for name, states in side.layers.items():
            if name in other.layers:
                for mine, theirs in zip(states, other.layers[name], strict=True):
                    np.copyto(mine, theirs, where=gone)
            else:
                states.covered[gone], states.unknown[gone] = 0, WHOLE
