"""The ranking as a list to print: the communes in the order of their rank, with the figures that decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..columns.register import columns
from ..text.words import beside

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STATES = ("certain", "likely", "verify_first")
_SHARES = {"failing_share": "pop_failing", "score_share": "score_people"}


def ranking(communes: pd.DataFrame) -> pd.DataFrame:
    """List the communes as a page and the terminal list them.

    Parameters
    ----------
    communes
        As ``published`` gives them.

    Returns
    -------
    DataFrame
        The columns that the register describes for the table ``ranking``, as far as the communes have what they
        are made of; rows 0..n-1 by rank, those without one at the end. The number by which communes are ranked
        stands there only where the order has tiers: in the others it need not be people.
    """
    listed = pd.DataFrame(communes)
    if "rank" in listed:
        listed = listed.sort_values("rank", kind="stable", na_position="last").reset_index(drop=True)
    if {"tier", "score"} <= set(listed.columns) and listed["tier"].notna().any():
        listed["score_people"] = listed["score"]
    for share, people in _SHARES.items():
        if {people, "pop_total"} <= set(listed.columns):
            listed[share] = _share(listed[people], listed["pop_total"])
    if "certainty" in listed:  # a list for people says it in words
        words = {state: beside("exports", f"sure.{state}") for state in _STATES}
        listed["certainty"] = listed["certainty"].map(words).fillna("")
    return listed[[column.name for column in columns("ranking") if column.name in listed]]


def _share(part: pd.Series, whole: pd.Series) -> NDArray[np.float64]:
    """Divide; NaN where nobody lives or a figure is not known."""
    parts, wholes = (one.to_numpy(dtype=np.float64, na_value=np.nan) for one in (part, whole))
    shares: NDArray[np.float64] = np.divide(parts, wholes, out=np.full(len(parts), np.nan), where=wholes > 0)
    return shares
