"""People and coverage of a few cells, as a run keeps them, for tests of comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from blackspot.coverage.change.cell_shares import WHOLE, LayerShares
from blackspot.coverage.change.lacking_cells import CellGrid, LackingCells
from blackspot.coverage.change.matching import MatchedCells, match

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

GRID = CellGrid("WGS 84", (0.1, 0.0, 105.0, 0.0, -0.1, 21.0), 100, 100)

Place = tuple[str, int]
"""Code of a commune, and number of a cell."""


def kept(
    people: Mapping[Place, float],
    lacking: Mapping[str, Sequence[float]],
    layers: Mapping[tuple[str, str], Sequence[float] | tuple[Sequence[float], Sequence[float]]] | None = None,
    grid: CellGrid = GRID,
) -> LackingCells:
    """People by place; those lacking by group; shares covered, or covered and known, by operator and service."""
    codes, cells = zip(*people, strict=True) if people else ((), ())
    row, col = np.divmod(np.array(cells, np.int64), grid.width)
    return LackingCells(
        grid=grid,
        code=np.array(codes, object),
        row=row,
        col=col,
        everybody=np.array(list(people.values()), float),
        people={group: np.array(values, float) for group, values in lacking.items()},
        layers=tuple(_layer(*name, shares) for name, shares in (layers or {}).items()),
    )


def _layer(
    operator: str, service: str, shares: Sequence[float] | tuple[Sequence[float], Sequence[float]]
) -> LayerShares:
    if isinstance(shares, tuple):
        covered, known = shares
        return LayerShares(operator, service, _units(covered), _units(known))
    return LayerShares(operator, service, _units(shares), None)


def _units(shares: Sequence[float]) -> NDArray[np.uint8]:
    return np.rint(np.array(shares, float) * WHOLE).astype(np.uint8)


def matched(old: LackingCells, new: LackingCells, *, same_boundaries: bool = True) -> MatchedCells:
    """Put them beside each other."""
    codes = np.array(sorted({*old.code, *new.code}), object)
    found = match(old, new, codes, same_boundaries=same_boundaries)
    assert found is not None
    return found


def communes(cells: LackingCells) -> pd.DataFrame:
    """The commune table that belongs to the cells: people without each service, and those who fail the profile."""
    table = pd.DataFrame({"code": cells.code, "pop_total": cells.everybody})
    for group, values in cells.people.items():
        table["pop_failing" if group == "profile" else f"pop_uncovered_{group}"] = values
    summed: pd.DataFrame = table.groupby("code", as_index=False, sort=True).sum()
    return summed
