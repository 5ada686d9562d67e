"""People per commune, province and country, by state, service and operator rule.

People are float64 and never rounded. Every sum is taken in one fixed way (``math.fsum`` for roll-ups, one
fixed order for the combinations of layers), so that the identities hold to the last bit that matters:
``covered + uncovered + no data = total`` and ``any >= max operator >= each >= all``, in every commune,
every province and the country.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...data.columns.register import operator_columns, rolled_up, services_in
from ...data.text.slug import slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from .layers import LayerTable

    SumOf = Callable[[NDArray[np.bool_]], NDArray[np.float64]]

IDENTITY = ("code", "name", "province_code", "province_name", "type", "area_km2")
_FLAGS = {"is_rural": "rural_communes", "is_border": "border_communes", "is_island": "island_communes"}
_TIERS = (1, 2, 3, 4, 5, 6)


def commune_table(
    communes: pd.DataFrame,
    people: NDArray[np.float64],
    masks: NDArray[np.uint64],
    layers: LayerTable,
    profile: Profile,
    has_population: NDArray[np.bool_],
    pop_source: NDArray[np.object_],
) -> pd.DataFrame:
    """Count people per commune, service, state and operator rule.

    Parameters
    ----------
    communes
        One row per commune with ``code, name, province_code, province_name, type, area_km2``.
    people
        Float64 of shape (communes, combinations of layers).
    masks
        Uint64 of shape (combinations,): the combination behind each column of ``people``.
    layers
        What the bits of the masks mean.
    profile
        The gap profile; it decides who fails and who lives in a double gap.
    has_population
        Whether a commune has any population figure; where it has none every count is NaN.
    pop_source
        One word per commune: where its people come from.

    Returns
    -------
    DataFrame
        The columns of ``communes`` in :mod:`blackspot.data.columns.register` as far as they are counts, in
        that order. ``covered_share_<service>`` is covered over total, so people without data lower it; it
        is NaN where nobody lives, the population is not known, or nothing is known of the service.

    Raises
    ------
    ValueError
        The shapes do not fit together.
    """
    if people.shape != (len(communes), len(masks)):
        message = f"people has shape {people.shape}, not {(len(communes), len(masks))}"
        raise ValueError(message)
    by_mask = np.ascontiguousarray(people.T, dtype=np.float64)
    unknown = ~np.asarray(has_population, dtype=np.bool_)

    def sum_of(selected: NDArray[np.bool_]) -> NDArray[np.float64]:
        # One fixed order of additions: a larger selection can then never give a smaller sum.
        total = np.zeros(len(communes))
        for column in np.flatnonzero(selected):
            total += by_mask[column]
        total[unknown] = np.nan
        return total

    columns: dict[str, object] = {name: communes[name].to_numpy() for name in IDENTITY}
    total = columns["pop_total"] = sum_of(np.ones(len(masks), dtype=np.bool_))
    columns["pop_source"] = pop_source
    for service in layers.services:
        columns.update(_service_sums(service, masks, layers, sum_of, total))
        if service in layers.planned_services:
            planned = layers.planned_for(masks, service)
            columns[f"pop_planned_{service}"] = sum_of(planned)
            columns[f"pop_residual_{service}"] = sum_of(layers.total_not_spot(masks, service) & ~planned)
    if profile.mobile_service:
        mobile = profile.mobile_service
        columns[f"pop_total_not_spot_{mobile}"] = sum_of(layers.total_not_spot(masks, mobile))
        columns[f"pop_partial_not_spot_{mobile}"] = sum_of(layers.partial_not_spot(masks, mobile))
    columns["pop_failing"] = sum_of(layers.fails(masks, profile))
    columns["pop_no_basic_service"] = sum_of(layers.no_basic_service(masks, profile))
    columns["pop_may_fail"] = sum_of(layers.may_fail(masks, profile))
    if profile.mobile_service and profile.fibre_service:
        columns["pop_double_gap"] = sum_of(layers.double_gap(masks, profile))
    return pd.DataFrame(columns)


def roll_up(table: pd.DataFrame, by: str = "province_code") -> pd.DataFrame:
    """Add the communes of each province.

    People are added exactly (the order of the communes does not matter), shares are recomputed from the
    sums, and ``pop_covered_<service>_max_operator`` is the largest of the province's sums per operator:
    one operator's people, not a mixture of the locally largest ones. Communes whose population is not
    known are left out of the sums and counted in ``population_unknown_communes``; a province that has
    only such communes keeps NaN.

    Parameters
    ----------
    table
        The commune table, with or without setting flags, black spots and ranking.
    by
        The column to add up by.

    Returns
    -------
    DataFrame
        One row per value of ``by``, in ascending order.
    """
    groups = sorted(table.groupby(by, sort=True, observed=True), key=lambda group: str(group[0]))
    rows = [_names(rows, by) | _sums(rows) for _, rows in groups]
    return pd.DataFrame(rows)


def country_figures(table: pd.DataFrame) -> dict[str, object]:
    """Add all communes: the figures of the country, under the names :func:`roll_up` uses."""
    return {"provinces": int(table["province_code"].nunique())} | _sums(table)


def _service_sums(
    service: str,
    masks: NDArray[np.uint64],
    layers: LayerTable,
    sum_of: SumOf,
    total: NDArray[np.float64],
) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Count the people of one service by state and by operator rule."""
    state = layers.state(masks, service)
    covered = f"pop_covered_{service}"
    reached, unreached = sum_of(state == layers.COVERED), sum_of(state == layers.UNCOVERED)
    yield covered, reached
    yield f"pop_uncovered_{service}", unreached
    yield f"pop_no_data_{service}", sum_of(state == layers.NO_DATA)
    yield f"covered_share_{service}", _covered_share(total, reached, unreached)
    operators = layers.operators_of(service)
    counts = layers.count_covered(masks, service)
    for k in range(2, len(operators)):
        yield f"{covered}_at_least_{k}", sum_of(counts >= k)
    each = [sum_of(layers.covered(masks, service, operator)) for operator in operators]
    yield f"{covered}_max_operator", np.maximum.reduce(each)
    yield f"{covered}_all", sum_of(counts == len(operators))
    for operator, people in zip(operators, each, strict=True):
        yield f"{covered}_{slug(operator)}", people


def _covered_share(
    total: NDArray[np.float64], covered: NDArray[np.float64], uncovered: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Divide the covered people by all; NaN where nobody lives or nothing is known."""
    meaningful = (total > 0) & (covered + uncovered > 0)
    share: NDArray[np.float64] = np.divide(covered, total, out=np.full(total.shape, np.nan), where=meaningful)
    return share


def _names(rows: pd.DataFrame, by: str) -> dict[str, object]:
    """Take the code and the name of the group from its first row."""
    names = ("province_code", "province_name") if by == "province_code" else (by,)
    return {name: rows[name].iloc[0] for name in names}


def _sums(rows: pd.DataFrame) -> dict[str, object]:
    """Count communes, add people and areas, and derive what is not a sum."""
    counts = {
        "communes": len(rows),
        "population_unknown_communes": int(rows["pop_total"].isna().sum()),
    }
    counts |= {count: int(rows[flag].sum()) for flag, count in _FLAGS.items() if flag in rows.columns}
    if "tier" in rows.columns:
        counts |= {f"tier_{tier}_communes": int((rows["tier"] == tier).sum()) for tier in _TIERS}
    if "black_spot_count" in rows.columns:
        counts["black_spot_count"] = int(rows["black_spot_count"].sum())
    described = rolled_up(rows.columns)
    sums = {name: _total(rows[name]) for name, column in described if column.kind != "share"}
    for service in services_in(rows.columns):
        each = [sums[name] for name in operator_columns(rows.columns, service)]
        sums[f"pop_covered_{service}_max_operator"] = max(each)
        states = ("pop_total", f"pop_covered_{service}", f"pop_uncovered_{service}")
        (share,) = _covered_share(*(np.array([sums[name]]) for name in states))
        sums[f"covered_share_{service}"] = float(share)
    return {**counts, **{name: sums[name] for name, _ in described}}


def _total(values: pd.Series[float]) -> float:
    """Add the known values exactly; NaN where none is known."""
    known = values.to_numpy(dtype=np.float64)
    known = known[~np.isnan(known)]
    return fsum(known) if len(known) else float("nan")
