"""Where each commune stands: its tier, the number that decides inside it, and the order of all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from ...errors import ProjectError
from .composite import composite_scores, indicator_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from ...data.project.profile import OrderRules, Profile
    from .composite import Scores

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SEVERE_TIERS: Final = (1, 2, 3)
"""Tiers of communes where people have no basic service at all: rural on the border or an island, rural, urban."""

FAILING_TIERS: Final = (4, 5, 6)
"""Tiers of communes where people fail the profile otherwise, in the same order of settings."""

RANKED, FEW, NO_DATA, UNKNOWN, NOBODY = 0, 7, 8, 9, 10
"""Standings without a tier. ``RANKED`` is that of every affected commune where the order has no tiers; the others
come after the tiers: too few people for a tier, nothing known, population not known, nobody affected."""


@dataclass(frozen=True, slots=True)
class Affected:
    """The people of each commune by whom it is ranked, float64 of shape (communes,), or (draws, communes) for many draws.

    Attributes
    ----------
    everyone
        All people; NaN where the population is not known.
    failing
        Those who fail the profile.
    severe
        Those of them whom certainly no basic service reaches; 0 where the profile names none.
    silent
        Those who may fail as well: something is not known of them.
    distance_km
        Mean distance, by people, from the commune's black spots to the nearest basic service; NaN without one.
    others
        Further columns of the commune table as they were drawn, by name; the table's own count where none was.
    """

    everyone: Floats
    failing: Floats
    severe: Floats
    silent: Floats
    distance_km: Floats
    others: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standings:
    """What decides the place of each commune, each of the shape of :class:`Affected`.

    ``standing`` is 1 to 6 for the tiers or one of the standings without a tier; ``urgency`` counts what puts a commune
    first inside its tier (most of its people are affected; it is far from any signal); ``score`` is the number that
    decides then: people, or a share for the order "share".
    """

    standing: NDArray[np.int64]
    urgency: NDArray[np.int64]
    score: Floats
    beside: tuple[Floats, ...] = ()


def standings(
    table: pd.DataFrame, affected: Affected, profile: Profile, weights: Floats | None = None
) -> Standings:
    """Judge every commune by the order that the profile names.

    Parameters
    ----------
    table
        The commune table with ``is_rural``, ``is_border`` and ``is_island``.
    affected
        Its people.
    profile
        The gap profile; see :class:`blackspot.data.project.profile.OrderRules` for its orders.
    weights
        Of a composite, (indicators, draws), where they are drawn; else those of the profile count.

    Raises
    ------
    ProjectError
        The profile orders by a column that the table does not have.
    """
    if profile.order.by == "mission":
        return _by_mission(table, affected, profile)
    if profile.order.by == "composite":
        return _by_composite(table, affected, profile, weights)
    if profile.order.by == "people":
        score = affected.failing
    elif profile.order.by == "share":
        score = _share(affected.failing, affected.everyone)
    else:
        score = _column(table, affected, profile.order.by)
    few = (affected.failing < profile.min_people) & (profile.order.by == "share")
    standing = np.select([few & (score > 0), score > 0], [FEW, RANKED], _without_people(affected))
    standing = np.where(np.isnan(affected.everyone), UNKNOWN, standing)
    return Standings(standing, np.zeros_like(standing), score)


def in_order(standings: Standings, affected: Affected, codes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Sort the communes: by standing, urgency, deciding number, columns of a composite, people of whom nothing is known, code.

    Returns
    -------
    ndarray of int64
        Row numbers, the first commune first.
    """
    keys = (
        np.asarray(codes, dtype=str),
        -np.nan_to_num(affected.silent),
        *(-np.nan_to_num(values) for values in reversed(standings.beside)),
        -np.nan_to_num(standings.score),
        -standings.urgency,
        standings.standing,
    )
    order: NDArray[np.int64] = np.lexsort(keys)
    return order


def _column(table: pd.DataFrame, affected: Affected, name: str) -> Floats:
    """Give a column of people, as it was drawn where it is one of those that are."""
    drawn = {"pop_failing": affected.failing, "pop_no_basic_service": affected.severe}
    if name in drawn:
        return drawn[name]
    if name in table.columns:
        return table[name].to_numpy(dtype=np.float64)
    raise ProjectError([f"profile.order.by names {name}, which is no column of this run's communes"])


def scores_of(
    table: pd.DataFrame, affected: Affected, profile: Profile, weights: Floats | None = None
) -> tuple[Floats, Scores]:
    """Give the indicators of a composite, and the scores they make; the parameters are those of :func:`standings`.

    Raises
    ------
    ProjectError
        The profile names a column that the table does not have.
    """
    rules = profile.order.composite
    shares = rules.shares()
    drawn = {
        "pop_total": affected.everyone,
        "pop_failing": affected.failing,
        "pop_no_basic_service": affected.severe,
        "pop_may_fail": affected.silent,
        **affected.others,
    }
    values = indicator_values(table, affected.everyone, drawn, shares)
    weighing = np.array(list(shares.values())) if weights is None else weights
    return values, composite_scores(values, affected.everyone, weighing, rules)


def _by_composite(
    table: pd.DataFrame, affected: Affected, profile: Profile, weights: Floats | None
) -> Standings:
    """One score of several columns; who has nothing of any is not ranked by it."""
    values, scores = scores_of(table, affected, profile, weights)
    score = scores.geometric if profile.order.composite.aggregate == "geometric" else scores.arithmetic
    everyone = affected.everyone
    standing = np.select(
        [np.isnan(everyone), everyone == 0, np.isnan(values).any(axis=0), (values > 0).any(axis=0)],
        [UNKNOWN, NOBODY, NO_DATA, RANKED],
        _without_people(affected),
    )
    return Standings(standing, np.zeros_like(standing), score, tuple(values))


def _by_mission(table: pd.DataFrame, affected: Affected, profile: Profile) -> Standings:
    """Severity before setting, setting before number."""
    rules, everyone = profile.order, affected.everyone
    severe = _counts(affected.severe, everyone, profile)
    failing = _counts(affected.failing, everyone, profile)
    setting = _settings(table)
    standing = np.select(
        [np.isnan(everyone), severe, failing, affected.failing > 0],
        [UNKNOWN, 1 + setting, 4 + setting, FEW],
        _without_people(affected),
    )
    score = np.where(severe, affected.severe, affected.failing)
    most = _share(score, everyone) >= rules.most_share
    isolated = severe & (np.nan_to_num(affected.distance_km) >= rules.isolated_km)
    urgency = np.where(severe | failing, most.astype(np.int64) + isolated, 0)
    return Standings(standing, urgency, score)


def _settings(table: pd.DataFrame) -> NDArray[np.int64]:
    """Give 0 for rural communes on the border or an island, 1 for other rural ones, 2 for the rest."""
    flags = (table[name].to_numpy(dtype=bool) for name in ("is_rural", "is_border", "is_island"))
    rural, border, island = flags
    return np.select([rural & (border | island), rural], [0, 1], 2)


def _counts(people: Floats, everyone: Floats, profile: Profile) -> Flags:
    """Say where so many people are affected that the commune stands in a tier.

    That is where most of its people are; and where a share worth naming is and they are either many, or a good part
    of a place that is not too small.
    """
    rules: OrderRules = profile.order
    share = _share(people, everyone)
    many = people >= rules.serious_people
    good_part = (people >= profile.min_people) & (share >= rules.serious_share)
    most = share >= rules.most_share
    return np.asarray((people >= 1) & (most | ((share >= rules.least_share) & (many | good_part))))


def _share(people: Floats, everyone: Floats) -> Floats:
    """Divide; 0 where nobody lives, NaN where the population is not known."""
    share = np.divide(people, everyone, out=np.zeros(np.shape(people)), where=everyone > 0)
    return np.where(np.isnan(everyone), np.nan, share)


def _without_people(affected: Affected) -> NDArray[np.int64]:
    """Distinguish communes of which too little is known from those where nobody is affected."""
    return np.where(affected.silent > 0, NO_DATA, NOBODY)


def distances_km(table: pd.DataFrame, black_spots: pd.DataFrame, services: tuple[str, ...]) -> Floats:
    """Average, by people, how far the black spots of each commune are from the nearest of some services.

    Parameters
    ----------
    table
        The communes, with ``code``.
    black_spots
        With ``code``, ``pop`` and ``distance_to_<service>_km``.
    services
        The nearest of these counts.

    Returns
    -------
    ndarray of float64, (communes,)
        Kilometres; NaN without services, without black spots, and where none of the services exists anywhere.
    """
    columns = [name for name in (f"distance_to_{service}_km" for service in services) if name in black_spots]
    if not columns or not len(black_spots):
        return np.full(len(table), np.nan)
    nearest = black_spots[columns].min(axis=1)
    known = nearest.notna()
    people = black_spots.loc[known, "pop"]
    sums = pd.DataFrame(
        {"code": black_spots.loc[known, "code"], "pop": people, "km": people * nearest[known]}
    )
    totals = sums.groupby("code", sort=True).sum()
    mean = totals["km"] / totals["pop"]
    return table["code"].map(mean).to_numpy(dtype=np.float64)
