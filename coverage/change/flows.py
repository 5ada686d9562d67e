"""How many people gained and lost coverage between two runs: exact flows, cell by cell where both have cells.

Where the same cells stand in both runs, people who lacked a service in a cell and do not any more have gained it, and
the other way round. Inside a cell the two are offset: nobody is called lost because an edge of coverage was drawn anew
within a cell. So, for every commune, ``without after - without before = lost + newly_without - gained - no_longer``
holds exactly for the figures that were published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from .lacking_cells import PROFILE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .matching import MatchedCells

NOISE_PEOPLE: Final = 1.0
"""Below one person nothing is said to have changed: edges drawn anew, sums of cells kept in 32 bits."""
NOISE_SHARE: Final = 1e-5
"""Of the people of a country who are without: less is not told either. Cells on a border are measured on lines that follow
the edges of all layers, so the figures of a layer that nobody touched differ by up to 3e-6 when another one changes."""
LEAST_PEOPLE: Final = 0.5
"""A row of fewer people is left out of tables: it would be printed as 0."""


def flows(
    before: pd.DataFrame,
    after: pd.DataFrame,
    group: str,
    cells: MatchedCells | None,
    *,
    reports: bool = True,
) -> pd.DataFrame:
    """Say for every commune how many people gained, lost and still lack a service, or fail the profile.

    Parameters
    ----------
    before, after
        Commune tables of the two runs: ``code`` and the published columns.
    group
        A service, or ``profile``.
    cells
        The cells of both runs, by the same communes; None where they are not of one grid, not kept, or of other people:
        then only the balance of each commune is known, as all gained or all lost.
    reports
        Whether people can be reported for the first time, or no longer: not where other rules, other people or other
        boundaries alone make the difference.

    Returns
    -------
    DataFrame
        Index ``code``, of the communes in either run. ``without_before``, ``without_after``: people without; ``gained``,
        ``lost``, ``still``; ``newly_reported``: people of whom nothing was known before, ``newly_without`` those of
        them who lack it; ``no_longer_reported``: people of whom nothing is known any more, ``no_longer_without`` those
        of them who lacked it. NaN where a commune is only in one of the runs, or its people are not known.
    """
    old, new = (_known(table, group) for table in (before, after))
    both = old.add_suffix("_before").join(new.add_suffix("_after"), how="outer")
    change = both["without_after"] - both["without_before"]
    more, less = _cell_flows(both.index, change, cells, group)
    reported = (both["silent_before"] - both["silent_after"]).clip(lower=0)
    silenced = (both["silent_after"] - both["silent_before"]).clip(lower=0)
    if not reports:
        reported, silenced = 0.0 * reported, 0.0 * silenced
    newly_without = np.minimum(more, reported)
    no_longer_without = np.minimum(less, silenced)
    gained, lost = less - no_longer_without, more - newly_without
    return pd.DataFrame(
        {
            "without_before": both["without_before"],
            "without_after": both["without_after"],
            "gained": gained,
            "lost": lost,
            "still": both["without_before"] - less,
            "newly_reported": reported,
            "newly_without": newly_without,
            "no_longer_reported": silenced,
            "no_longer_without": no_longer_without,
        }
    )


def _known(table: pd.DataFrame, group: str) -> pd.DataFrame:
    """Take the people without, and those of whom nothing is known, by code."""
    names = (
        ("pop_failing", "pop_may_fail")
        if group == PROFILE
        else (f"pop_uncovered_{group}", f"pop_no_data_{group}")
    )
    nothing = pd.Series(np.nan, table.index)
    without, silent = (table.get(name, nothing) for name in names)
    return pd.DataFrame(
        {"without": without.to_numpy(float), "silent": silent.to_numpy(float)}, index=table["code"]
    )


def _cell_flows(
    codes: pd.Index, change: pd.Series, cells: MatchedCells | None, group: str
) -> tuple[pd.Series, pd.Series]:
    """Add up what grew and what shrank in the cells of each commune; the difference is the published one exactly."""
    more, less = change.clip(lower=0), (-change).clip(lower=0)
    if cells is None or any(group not in side.lacking for side in (cells.before, cells.after)):
        return more, less
    commune = np.maximum(cells.before.commune, cells.after.commune)  # the same, or none in one of them
    inside = commune >= 0
    moved = (cells.after.lacking[group] - cells.before.lacking[group])[inside]
    grew, shrank = (
        pd.Series(np.bincount(commune[inside], part.clip(min=0), len(cells.codes)), cells.codes).reindex(
            codes, fill_value=0.0
        )
        for part in (moved, -moved)
    )
    both = np.minimum(grew.to_numpy(), shrank.to_numpy())  # what moved within the commune, beyond the balance
    overlap = pd.Series(np.where(change.notna(), both, np.nan), codes)
    return more + overlap, less + overlap


def totals(table: pd.DataFrame, by: NDArray[np.object_] | None = None) -> pd.DataFrame:
    """Add up flows: of the country, or by province.

    Parameters
    ----------
    table
        From :func:`flows`.
    by
        Code of the province of each row; None for the country.
    """
    groups = np.full(len(table), "", dtype=object) if by is None else by
    return table.groupby(groups, sort=True).sum()
