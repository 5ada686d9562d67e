"""People of whom it is not known whether they lack something, exactly, per commune.

A column of the commune table counts people who certainly lack (or certainly have) a service. Where operators speak for
a part of the country only, some people may lack it as well. These are counted here with the same masks the table was
counted with, so that a map can say "between low and high" and be right for every operator rule and every extent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...data.text.slug import slug

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from .layers import LayerTable

PREFIX = "pop_unsure_"


def unsure_people(
    people: NDArray[np.float64],
    masks: NDArray[np.uint64],
    layers: LayerTable,
    profile: Profile,
    known: NDArray[np.bool_],
) -> pd.DataFrame:
    """Count per commune the people who may lack something besides those who certainly do.

    Parameters
    ----------
    people
        Float64 of shape (communes, combinations of layers).
    masks
        Uint64 of shape (combinations,).
    layers
        What the bits of the masks mean.
    profile
        The gap profile.
    known
        Whether a commune has any population figure.

    Returns
    -------
    DataFrame
        One row per commune, NaN where its population is not known. ``pop_unsure_basic`` counts those who may have no basic
        service, ``pop_unsure_double`` follows the profile's operator rule; per service
        ``pop_unsure_<service>_partial``, ``_max_operator``, ``_at_least_<k>``, ``_all`` and one column per operator.
        Those who may fail the profile stand in the commune table itself.
    """
    flags = _of_profile(masks, layers, profile)
    columns = {name: _sum(people, selected) for name, selected in flags.items()}
    for service in layers.services:
        for name, selected in _of_service(masks, layers, service).items():
            columns[name] = _sum(people, selected)
        columns[f"{PREFIX}{service}_max_operator"] = _of_largest(people, masks, layers, service)
    table = pd.DataFrame(columns)
    table.loc[~np.asarray(known, dtype=np.bool_), :] = np.nan
    return table


def _sum(people: NDArray[np.float64], selected: NDArray[np.bool_]) -> NDArray[np.float64]:
    counted: NDArray[np.float64] = people[:, selected].sum(axis=1)
    return counted


def _of_profile(
    masks: NDArray[np.uint64], layers: LayerTable, profile: Profile
) -> dict[str, NDArray[np.bool_]]:
    """Give the masks of which it is open whether they lie in a double gap, or have no basic service."""
    found = {}
    if profile.basic_services:
        may_lack = layers.may_have_no_basic_service(masks, profile)
        found[f"{PREFIX}basic"] = may_lack & ~layers.no_basic_service(masks, profile)
    if profile.mobile_service and profile.fibre_service:
        mobile, fibre = (
            layers.may_be_missing(masks, service, profile)
            for service in (profile.mobile_service, profile.fibre_service)
        )
        found[f"{PREFIX}double"] = mobile & fibre & ~layers.double_gap(masks, profile)
    return found


def _of_service(masks: NDArray[np.uint64], layers: LayerTable, service: str) -> dict[str, NDArray[np.bool_]]:
    """Give the masks of which it is open how many operators, or whether this operator, covers."""
    operators = layers.operators_of(service)
    least = layers.count_covered(masks, service)
    most = least + layers.count_no_data(masks, service)
    some_but_not_all = (most >= 1) & (least < len(operators)) & (len(operators) > 1)
    found = {f"{PREFIX}{service}_partial": some_but_not_all & ~layers.partial_not_spot(masks, service)}
    for k in range(2, len(operators)):
        found[f"{PREFIX}{service}_at_least_{k}"] = (least < k) & (most >= k)
    found[f"{PREFIX}{service}_all"] = (least < len(operators)) & (most >= len(operators))
    for operator in operators:
        found[f"{PREFIX}{service}_{slug(operator)}"] = layers.no_data(masks, service, operator)
    return found


def _of_largest(
    people: NDArray[np.float64], masks: NDArray[np.uint64], layers: LayerTable, service: str
) -> NDArray[np.float64]:
    """Say by how many people the largest operator of a commune may be larger than is known."""
    known, possible = [], []
    for operator in layers.operators_of(service):
        covered = layers.covered(masks, service, operator)
        known.append(_sum(people, covered))
        possible.append(_sum(people, covered | layers.no_data(masks, service, operator)))
    wider: NDArray[np.float64] = np.maximum.reduce(possible) - np.maximum.reduce(known)
    return wider
