"""People of older communes in newer ones: how a figure of other boundaries is carried over, and which figures that splits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from .lacking_cells import PROFILE
from .matching import OUTSIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .matching import MatchedCells

WHOLE_SHARE: Final = 0.05
"""A commune of whose people less than this share lie elsewhere is whole, and all of it goes where most of it lies: outlines
of one border that were drawn twice, by other hands or at another scale, differ by as much. Of the communes of 2009 against
those of 2026, 1.7 % lie elsewhere at the median, and less than 4.2 % of four in five."""


def crosswalk(
    old: NDArray[np.object_], new: NDArray[np.object_], people: NDArray[np.float64]
) -> pd.DataFrame:
    """Say which part of each older commune's people lives in which newer one.

    The weight of a pair is ``people(old and new) / people(old)``. An older commune is whole if no more than
    :data:`WHOLE_SHARE` of its people lie outside the newer one that has most of them; then all of it goes there. One in
    which nobody lives is divided evenly among the newer ones it lies in.

    Parameters
    ----------
    old, new
        Codes of the older and the newer commune of every piece of ground, (k,); pieces of the same pair are added up.
    people
        float64 (k,): people there.

    Returns
    -------
    DataFrame
        ``old``, ``new``, ``people``, ``share`` (of the older commune; 1 in all for each), and ``crosses_split``: whether
        the older commune was divided. Sorted by both codes.
    """
    pieces = pd.DataFrame({"old": old, "new": new, "people": people})
    table = pieces.groupby(["old", "new"], as_index=False, sort=True)["people"].sum()
    of_old = table.groupby("old")["people"]
    total, count = of_old.transform("sum"), of_old.transform("size")
    share = (table["people"] / total.where(total > 0)).fillna(1.0 / count)
    largest = share.groupby(table["old"]).transform("max")
    divided = largest < 1.0 - WHOLE_SHARE
    share = share.where(divided, (share == largest).astype(float))
    weights: pd.DataFrame = table.assign(share=share, crosses_split=divided)
    return weights


def carried(table: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Carry figures of older communes over to newer ones.

    Sums are conserved: whole communes that were merged are exact, what crosses a split is estimated and flagged.

    Parameters
    ----------
    table
        Figures of older communes: ``code`` and columns of people.
    weights
        From :func:`crosswalk`.

    Returns
    -------
    DataFrame
        ``code`` of the newer communes, the columns of people, and ``crosses_split``: whether any of it is from an older
        commune that was divided. NaN where a figure of one of the older ones is not known.

    Raises
    ------
    ValueError
        The table has an older commune that the weights do not know, so that its people would be lost.
    """
    figures = table.set_index("code")
    lost = figures.index.difference(pd.Index(weights["old"]))
    if len(lost):
        raise ValueError(f"no newer commune is known for {', '.join(map(str, lost[:5]))}")
    known = weights[weights["old"].isin(figures.index)]
    share = known["share"].to_numpy()[:, np.newaxis]
    values = figures.loc[known["old"]].to_numpy(float)
    # not even "not known" comes from a commune of which no part lies here
    each = pd.DataFrame(np.where(share > 0, values * share, 0.0), columns=figures.columns)
    newer = known["new"].to_numpy()
    sums = each.groupby(newer, sort=True).sum()
    sums = sums.mask(each.isna().groupby(newer, sort=True).any())
    splits = (known["crosses_split"] & (known["share"] > 0)).groupby(newer, sort=True).any()
    return sums.rename_axis("code").reset_index().assign(crosses_split=splits.to_numpy(bool))


def crosswalk_of(cells: MatchedCells) -> pd.DataFrame:
    """Find the weights between the communes of two runs from their cells.

    Parameters
    ----------
    cells
        Matched by cells alone; people who are in no commune of the newer run stand under the empty code.
    """
    mine = cells.before.commune != OUTSIDE
    codes = np.append(cells.codes, "")  # OUTSIDE is the last one
    old, new = (side.commune[mine] for side in (cells.before, cells.after))
    return crosswalk(codes[old], codes[new], cells.before.people[mine])


def carried_table(table: pd.DataFrame, weights: pd.DataFrame, newer: MatchedCells) -> pd.DataFrame:
    """Carry the commune table of the older run over to the newer communes.

    Who lacks a service or fails the profile is counted on the cells; everything else is carried by people.

    Parameters
    ----------
    table
        ``code`` and columns of people.
    weights
        From :func:`crosswalk_of`.
    newer
        From :func:`on_newer_communes`.

    Returns
    -------
    DataFrame
        As from :func:`carried`. People who are in no newer commune stand under the empty code.
    """
    people = table[["code", *(name for name in table.columns if str(name).startswith("pop_"))]]
    numbers = people.select_dtypes("number").columns
    empty = people.loc[~people["code"].isin(weights["old"]), ["code", *numbers]]
    found = carried(people.loc[people["code"].isin(weights["old"]), ["code", *numbers]], weights)
    place = pd.Index(np.append(newer.codes, "")).get_indexer(found["code"])
    for group, lacking in newer.before.lacking.items():
        name = "pop_failing" if group == PROFILE else f"pop_uncovered_{group}"
        commune = np.where(newer.before.commune == OUTSIDE, len(newer.codes), newer.before.commune)
        if name in found:
            found[name] = np.bincount(commune, lacking, len(newer.codes) + 1)[place]
    if empty[numbers].fillna(0.0).eq(0.0).all(axis=None):
        return found
    return pd.concat([found, empty.assign(crosses_split=False)], ignore_index=True)


def on_newer_communes(cells: MatchedCells) -> MatchedCells:
    """Count the older run's people in the newer communes, too.

    Who lacks something is divided among the newer communes of a cell as the newer run finds them there, as far as there
    are as many: so a boundary drawn anew through a cell, with the same people on both sides, changes nothing.

    Parameters
    ----------
    cells
        Matched by cells alone.
    """
    number = pd.factorize(cells.cell)[0]

    def whole(values: NDArray[np.float64]) -> NDArray[np.float64]:
        summed: NDArray[np.float64] = np.bincount(number, values)[number].astype(float)
        return summed

    people, everybody = cells.after.people, whole(cells.after.people)
    lacking = dict(cells.before.lacking)
    for group in lacking.keys() & cells.after.lacking.keys():
        mine, theirs = cells.before.lacking[group], cells.after.lacking[group]
        old, new = whole(mine), whole(theirs)
        beyond = _ratio(old - new, everybody - new, _ratio(old, everybody, 0.0)) * (people - theirs)
        divided = np.where(old <= new, theirs * _ratio(old, new, 0.0), theirs + beyond)
        lacking[group] = np.where(everybody > 0, divided, mine)
    before = replace(cells.before, commune=cells.after.commune, lacking=lacking)
    return replace(cells, before=before)


def _ratio(
    part: NDArray[np.float64], whole: NDArray[np.float64], otherwise: NDArray[np.float64] | float
) -> NDArray[np.float64]:
    out = np.broadcast_to(np.asarray(otherwise, float), part.shape).copy()
    np.divide(part, whole, out=out, where=whole > 0)
    return out
