"""How many people each operator has gained and lost in every commune."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...data.text.slug import slug
from .cell_shares import WHOLE
from .flows import LEAST_PEOPLE
from .matching import LayerStates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from .matching import MatchedCells

FLOWS = ("gained", "lost", "newly_reported", "no_longer_reported")


def operator_flows(
    before: pd.DataFrame,
    after: pd.DataFrame,
    layers: Iterable[tuple[str, str]],
    cells: MatchedCells | None,
) -> pd.DataFrame:
    """Say for every commune, service and operator how many people came under its coverage and left it.

    Where the cells are known, people who come and people who go are told apart by the share of each cell that is covered;
    their difference is that of the published figures exactly. Otherwise only the balance is known, as all gained or all
    lost. People covered where nothing was known of the operator before are newly reported, not gained.

    Parameters
    ----------
    before, after
        Commune tables of the two runs: ``code`` and the published columns.
    layers
        Operators and services.
    cells
        The cells of both runs, with the same communes and the same people; None where there are none.

    Returns
    -------
    DataFrame
        ``code``, ``service``, ``operator``, ``covered_before``, ``covered_after`` and :data:`FLOWS`; without rows in which
        less than half a person moved.
    """
    tables = []
    for operator, service in sorted(layers, key=lambda layer: (layer[1], layer[0])):
        name = f"pop_covered_{service}_{slug(operator)}"
        old, new = (_known(table, name) for table in (before, after))
        both = old.to_frame("covered_before").join(new.rename("covered_after"), how="outer").fillna(0.0)
        found = both.join(_moved(both, (operator, service), cells))
        found.insert(0, "operator", operator)
        found.insert(0, "service", service)
        some = (found[list(FLOWS)] >= LEAST_PEOPLE).any(axis=1)
        tables.append(found[some].rename_axis("code").reset_index())
    columns = ["code", "service", "operator", "covered_before", "covered_after", *FLOWS]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _known(table: pd.DataFrame, name: str) -> pd.Series[float]:
    values = table[name].to_numpy(float) if name in table else np.zeros(len(table))
    return pd.Series(values, pd.Index(table["code"].to_numpy(), dtype=object))


def _moved(both: pd.DataFrame, layer: tuple[str, str], cells: MatchedCells | None) -> pd.DataFrame:
    """Give the flows of every commune; they add up to the published change."""
    change = (both["covered_after"] - both["covered_before"]).to_numpy()
    nothing = np.zeros(len(both))
    gained, lost, reported, silenced = nothing, nothing, nothing, nothing
    if cells is not None:
        gained, lost, reported, silenced = _in_cells(cells, layer, both.index)
    known = (gained > 0) | (lost > 0)
    reports = ~known & ((reported > 0) | (silenced > 0))
    reported = np.where(reports, change.clip(min=0), reported)
    silenced = np.where(reports, (-change).clip(min=0), silenced)
    balance, inside = change - (reported - silenced), np.minimum(gained, lost)
    flows = (
        np.where(reports, 0.0, balance.clip(min=0) + inside),
        np.where(reports, 0.0, (-balance).clip(min=0) + inside),
        reported,
        silenced,
    )
    return pd.DataFrame(dict(zip(FLOWS, flows, strict=True)), both.index)


def _in_cells(cells: MatchedCells, layer: tuple[str, str], codes: pd.Index) -> list[NDArray[np.float64]]:
    """Add up what each cell says, by commune: the nested parts of a cell, see :mod:`.states`."""
    people, commune = cells.after.people, cells.after.commune
    old, new = (_states(side.layers.get(layer), len(people)) for side in (cells.before, cells.after))
    old_known, new_known = WHOLE - old.unknown, WHOLE - new.unknown
    parts = (
        np.minimum(new.covered, old_known) - old.covered,
        np.minimum(old.covered, new_known) - new.covered,
        new.covered - old_known,
        old.covered - new_known,
    )
    here = commune >= 0
    return [
        pd.Series(
            np.bincount(commune[here], (people * part.clip(min=0))[here] / WHOLE, len(cells.codes)),
            cells.codes,
        )
        .reindex(codes, fill_value=0.0)
        .to_numpy()
        for part in parts
    ]


def _states(states: LayerStates | None, count: int) -> LayerStates:
    """Take an operator that has handed in nothing for one of whom nothing is known."""
    if states is not None:
        return states
    return LayerStates(np.zeros(count, np.int16), np.full(count, WHOLE, np.int16))
