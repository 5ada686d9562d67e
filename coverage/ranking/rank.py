"""The ranking: the order of the profile, each row with its reason in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...data.columns.register import matching, ordered
from .order import FAILING_TIERS, Affected, distances_km, in_order, scores_of, standings
from .reasons import Commune, commune_reason, spot_reason

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.project.profile import Profile
    from .order import Standings

_FLAGS = ("is_rural", "is_border", "is_island")
_LAST_TIER = FAILING_TIERS[-1]


def rank(
    table: pd.DataFrame, black_spots: gpd.GeoDataFrame, profile: Profile
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Rank the communes and their black spots.

    Communes stand in the order of :class:`blackspot.data.project.profile.OrderRules`: those who fail the profile decide,
    and of them first those whom no basic service reaches. After the tiers come communes with too few affected people,
    then those without data, then those whose population is not known, and last those where nobody is affected: what
    is not known must not rank behind what is known to be well.

    Black spots rank by the tier of their commune, then those without any basic service come first, then by their people,
    then by ``spot_id``.

    Parameters
    ----------
    table
        The commune table with its setting flags.
    black_spots
        What :func:`blackspot.coverage.blackspots.find.find_black_spots` returned.
    profile
        The gap profile.

    Returns
    -------
    tuple
        The communes in their own order, with ``black_spot_count, pop_in_black_spots, rank, tier, score,
        distance_to_basic_service_km, reason_vi, reason_en``, in the order "composite" ``score_arithmetic, score_geometric``
        and ``contribution_<indicator>`` as well; and the black spots in the order of their rank, with
        ``rank, tier``, the setting flags of their commune, ``reason_vi`` and ``reason_en``. ``rank`` and ``tier`` are
        Int64.

    Raises
    ------
    ProjectError
        The profile orders by a column that the table does not have.
    """
    affected = affected_people(table, black_spots, profile)
    judged = standings(table, affected, profile)
    ranks = _ranks(in_order(judged, affected, table["code"].to_numpy(dtype=object)))
    in_tier = (judged.standing >= 1) & (judged.standing <= _LAST_TIER)
    ranked = _with_spot_sums(table, black_spots).assign(
        rank=pd.array(ranks, dtype="Int64"),
        tier=pd.Series(pd.array(judged.standing, dtype="Int64"), index=table.index).where(in_tier),
        score=judged.score,
        distance_to_basic_service_km=affected.distance_km,
        **_composite(table, affected, profile),
    )
    rows = _communes(table, affected, judged, profile)
    ranked["reason_vi"] = [commune_reason(row, profile, "vi") for row in rows]
    ranked["reason_en"] = [commune_reason(row, profile, "en") for row in rows]
    return ranked[ordered("communes", ranked.columns)], _ranked_spots(black_spots, ranked, profile)


def affected_people(table: pd.DataFrame, black_spots: pd.DataFrame, profile: Profile) -> Affected:
    """Give the people of each commune by whom it is ranked.

    Parameters
    ----------
    table
        The commune table.
    black_spots
        The black spots, with their distances.
    profile
        The gap profile: its basic services decide which distance counts.
    """
    everyone, failing, severe, silent = (
        table[name].to_numpy(dtype=np.float64)
        for name in ("pop_total", "pop_failing", "pop_no_basic_service", "pop_may_fail")
    )
    return Affected(
        everyone=everyone,
        failing=failing,
        severe=severe,
        silent=silent,
        distance_km=distances_km(table, black_spots, profile.basic_services),
    )


def _composite(table: pd.DataFrame, affected: Affected, profile: Profile) -> dict[str, NDArray[np.float64]]:
    """Give both scores of a composite, and what each of its columns adds to the one that decides; else nothing."""
    if profile.order.by != "composite":
        return {}
    _, scores = scores_of(table, affected, profile)
    names = profile.order.composite.shares()
    parts = {f"contribution_{name}": part for name, part in zip(names, scores.parts, strict=True)}
    return {"score_arithmetic": scores.arithmetic, "score_geometric": scores.geometric, **parts}


def _communes(table: pd.DataFrame, affected: Affected, judged: Standings, profile: Profile) -> list[Commune]:
    """Give what the sentences say about each commune."""
    gap_is_double = profile.gap == "all" and set(profile.services) == {
        profile.mobile_service,
        profile.fibre_service,
    }
    exact = table["pop_double_gap"].to_numpy(dtype=np.float64) if gap_is_double else affected.failing
    columns = {
        "legal_type": table["type"].to_numpy(dtype=object),
        "is_border": table["is_border"].to_numpy(dtype=bool),
        "is_island": table["is_island"].to_numpy(dtype=bool),
        "standing": judged.standing,
        "everyone": affected.everyone,
        "failing": affected.failing,
        "severe": affected.severe,
        "without_services": exact
        if gap_is_double or not profile.basic_services
        else np.full(len(table), np.nan),
        "silent": affected.silent,
        "distance_km": affected.distance_km,
    }
    for name, column in (
        ("disputed", "pop_disputed"),
        ("raster", "pop_raster"),
        ("official", "pop_official"),
    ):
        if column in table:
            columns[name] = table[column].to_numpy()
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [Commune(*row) for row in rows]


def _ranks(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn an order into ranks from 1."""
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def _with_spot_sums(table: pd.DataFrame, black_spots: pd.DataFrame) -> pd.DataFrame:
    """Add how many black spots each commune has and how many people live in them."""
    by_code = black_spots.groupby("code")["pop"]
    known = table["pop_total"].notna()
    count = table["code"].map(by_code.size()).fillna(0).astype("Int64")
    people = table["code"].map(by_code.sum()).fillna(0.0).astype(np.float64)
    return table.assign(black_spot_count=count.where(known), pop_in_black_spots=people.where(known))


def _ranked_spots(black_spots: gpd.GeoDataFrame, ranked: pd.DataFrame, profile: Profile) -> gpd.GeoDataFrame:
    """Sort the black spots, number them and say what each is."""
    commune = ranked.set_index("code").loc[black_spots["code"]]
    tier = commune["tier"].array
    spots = black_spots.assign(tier=tier, **{name: commune[name].to_numpy() for name in _FLAGS})
    by = (
        spots["spot_id"].to_numpy(dtype=str),
        -spots["pop"].to_numpy(dtype=np.float64),
        ~_without_basic_service(spots, profile),
        pd.array(tier).fillna(_LAST_TIER + 1).to_numpy(dtype=np.int64),
    )
    spots = spots.iloc[np.lexsort(by)].reset_index(drop=True)
    spots["rank"] = pd.array(np.arange(1, len(spots) + 1), dtype="Int64")
    found = matching("black_spots", "distance_to_<service>_km", spots.columns)  # of any operator
    services = [slots["service"] for _, slots in found]
    distances = spots[[name for name, _ in found]].to_numpy(dtype=np.float64).tolist()
    rows = [
        (people, [name for name in missing.split(",") if name], dict(zip(services, km, strict=True)))
        for people, missing, km in zip(spots["pop"], spots["missing"], distances, strict=True)
    ]
    spots["reason_vi"] = [spot_reason(*row, profile, "vi") for row in rows]
    spots["reason_en"] = [spot_reason(*row, profile, "en") for row in rows]
    return spots[ordered("black_spots", spots.columns)]


def _without_basic_service(spots: pd.DataFrame, profile: Profile) -> NDArray[np.bool_]:
    """Say of which spots every basic service is missing for at least half of the people."""
    basic = set(profile.basic_services)
    return np.array(
        [bool(basic) and basic <= set(missing.split(",")) for missing in spots["missing"]], dtype=bool
    )
