"""Several columns of the communes put together to one score, and what each column adds to it.

After the OECD and JRC, Handbook on Constructing Composite Indicators, 2008: scale, weights and aggregation are stated, both
aggregations are shown, and the score can be taken apart again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from ...errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from ...data.project.sections.composite import CompositeRules

    Floats = NDArray[np.float64]

OWN_SHARES: Final = frozenset({"border_belt_share"})
"""Shares that the commune table has itself; any other ``NAME_share`` is ``pop_NAME`` divided by all people."""

_STRETCH: Final = (
    99.0  # the geometric mean is taken on a scale of 1 to 100: a column without anybody does not make it 0
)


class Scores(NamedTuple):
    """Both scores of every commune, and the parts of the one that decides.

    ``arithmetic`` and ``geometric`` are 0 to 1, float64 of shape (communes,) or (draws, communes), NaN where a column or the
    population is not known. ``parts``, with one more axis before these, sum to the score that decides.
    """

    arithmetic: Floats
    geometric: Floats
    parts: Floats


def people_column(indicator: str) -> str:
    """Name the column of a commune table that an indicator is made of."""
    if indicator in OWN_SHARES or not indicator.endswith("_share"):
        return indicator
    return f"pop_{indicator.removesuffix('_share')}"


def indicator_values(
    table: pd.DataFrame, everyone: Floats, drawn: Mapping[str, Floats], indicators: Iterable[str]
) -> Floats:
    """Give the indicators of a composite, as they are in the table or as they were drawn.

    Parameters
    ----------
    table
        The commune table.
    everyone
        All people, (communes,) or (draws, communes); NaN where not known.
    drawn
        Columns of people of the same shape, by name; they count instead of those of the table.
    indicators
        Their names, see :class:`blackspot.data.project.sections.composite.CompositeRules`.

    Returns
    -------
    ndarray of float64, (indicators, communes) or (indicators, draws, communes)
        People, or shares from 0 to 1, which are 0 where nobody lives. NaN where not known.

    Raises
    ------
    ProjectError
        The table has no such column.
    """
    found = []
    for name in indicators:
        column = people_column(name)
        if column not in drawn and column not in table.columns:
            raise ProjectError(
                [f"profile.order.composite.weights names {name}, but this run's communes have no {column}"]
            )
        values = drawn[column] if column in drawn else table[column].to_numpy(dtype=np.float64)
        values = np.broadcast_to(values, everyone.shape)
        found.append(values if column == name else _share(values, everyone))
    return np.stack(found)


def composite_scores(values: Floats, everyone: Floats, weights: Floats, rules: CompositeRules) -> Scores:
    """Put the indicators of communes together to scores.

    An indicator is taken as it is or by ``log(1 + value)``, and brought to 0 to 1 between the least and the most of the
    communes with people: ``n``. Where all have the same, it is 0 for all. With weights ``w`` the arithmetic score is
    ``sum(w n)``, the geometric one ``(prod((1 + 99 n) ** w) - 1) / 99``, which is never more. A part is ``w n`` in the one;
    in the other it is the score's share that the indicator has in ``sum(w log(1 + 99 n))``.

    Parameters
    ----------
    values
        (indicators, communes) or (indicators, draws, communes), from 0; NaN where not known.
    everyone
        All people, without the first axis.
    weights
        (indicators,) or (indicators, draws), from 0, which sum to 1.
    rules
        Scale and aggregate.
    """
    known = ~np.isnan(values).any(axis=0) & (everyone >= 0)
    scaled = _from_0_to_1(np.log1p(values) if rules.scale == "log" else values, known & (everyone > 0))
    spread = weights[..., np.newaxis]
    parts = spread * scaled
    arithmetic = parts.sum(axis=0)
    logs = spread * np.log1p(_STRETCH * scaled)
    whole = logs.sum(axis=0)
    geometric = np.expm1(whole) / _STRETCH
    if rules.aggregate == "geometric":
        parts = geometric * np.divide(logs, whole, out=np.zeros(logs.shape), where=whole > 0)
    return Scores(*(np.where(known, part, np.nan) for part in (arithmetic, geometric, parts)))


def _from_0_to_1(values: Floats, counted: NDArray[np.bool_]) -> Floats:
    """Bring each indicator to 0 to 1 between the least and the most of the communes that count."""
    low = np.where(counted, values, np.inf).min(axis=-1, keepdims=True, initial=np.inf)
    high = np.where(counted, values, -np.inf).max(axis=-1, keepdims=True, initial=-np.inf)
    span = np.broadcast_to(high - low, values.shape)
    above: Floats = np.clip(np.nan_to_num(values) - low, 0.0, None)
    scaled = np.divide(above, span, out=np.zeros(values.shape), where=span > 0)
    return np.asarray(np.minimum(scaled, 1.0))


def _share(people: Floats, everyone: Floats) -> Floats:
    """Divide; 0 where nobody lives, NaN where either is not known."""
    share = np.divide(people, everyone, out=np.zeros(everyone.shape), where=everyone > 0)
    return np.where(np.isnan(everyone) | np.isnan(people), np.nan, share)
