"""The ranking: policy tiers first, then people, each row with its reason in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...data.columns.register import ordered
from .reasons import FEW, NO_DATA, NOBODY, PARTIAL, TOTAL, UNKNOWN, Affected, commune_reason, spot_reason

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.project.profile import Profile

_FLAGS = ("is_rural", "is_border", "is_island")


def rank(
    table: pd.DataFrame, black_spots: gpd.GeoDataFrame, profile: Profile
) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Rank the communes and their black spots.

    A commune's tier is

    1. when at least ``profile.min_people`` people of a border or island commune live in a total not-spot:
       certainly no operator's mobile service reaches them;
    2. when as many people of any other commune do;
    3. when at least as many people live in a partial not-spot: some operators reach them, some certainly
       do not;

    and empty otherwise. Inside a tier the commune with most such people (``score``) comes first, ties go
    by the people of whom nothing is known, then by code. After the tiers come communes with fewer affected people, then those without data, then
    those whose population is not known, and last those where nobody is affected: what is not known must
    not rank behind what is known to be well. Where the profile names no mobile service, the people who
    fail the profile take the place of the total not-spot, and nobody is in tier 3.

    Black spots rank by the tier of their commune, then by their people, then by ``spot_id``.

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
        reason_vi, reason_en``; and the black spots in the order of their rank, with ``rank, tier``, the
        setting flags of their commune, ``reason_vi`` and ``reason_en``. ``rank`` and ``tier`` are Int64.
    """
    affected = _affected(table, profile)
    standing = _standing(table, affected, profile.min_people)
    score = np.where(standing == PARTIAL, affected["partial"], affected["total"])
    score = np.where(standing == FEW, affected["total"] + affected["partial"], score)
    order = np.lexsort(
        (
            table["code"].to_numpy(dtype=str),
            -np.nan_to_num(affected["silent"].to_numpy()),
            -np.nan_to_num(score),
            standing,
        )
    )
    ranked = _with_spot_sums(table, black_spots)
    ranked["rank"] = pd.array(_places(order), dtype="Int64")
    ranked["tier"] = pd.array(np.where(standing <= PARTIAL, standing, 0), dtype="Int64")
    ranked["tier"] = ranked["tier"].mask(standing > PARTIAL)
    ranked["score"] = score
    rows = [*zip(_settings(table), standing.tolist(), _each(affected), strict=True)]
    ranked["reason_vi"] = [commune_reason(row, place, who, profile, "vi") for row, place, who in rows]
    ranked["reason_en"] = [commune_reason(row, place, who, profile, "en") for row, place, who in rows]
    return ranked[ordered("communes", ranked.columns)], _ranked_spots(black_spots, ranked, profile)


def _affected(table: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Give the people of each commune by whom it is ranked, under the names of ``Affected``."""
    mobile = profile.mobile_service
    nobody = table["pop_total"] * 0.0
    if not mobile:
        total, partial, silent = table["pop_failing"], nobody, nobody
    else:
        total = table[f"pop_total_not_spot_{mobile}"]
        partial = table[f"pop_partial_not_spot_{mobile}"]
        silent = table.get(f"pop_no_data_{mobile}", table["pop_total"])
    columns = {"total": total, "partial": partial, "both": table["pop_double_gap"], "silent": silent}
    return pd.DataFrame({**columns, "everyone": table["pop_total"]}).astype(np.float64)


def _standing(table: pd.DataFrame, affected: pd.DataFrame, min_people: float) -> NDArray[np.int64]:
    """Give each commune its tier, or the reason why it has none, as a number that sorts."""
    total, partial, silent = (affected[name].to_numpy() for name in ("total", "partial", "silent"))
    first = (table["is_border"] | table["is_island"]).to_numpy(dtype=bool)
    unserved = (total > 0) & (total >= min_people)
    return np.select(
        [
            np.isnan(affected["everyone"].to_numpy()),
            unserved & first,
            unserved,
            (partial > 0) & (partial >= min_people),
            total + partial > 0,
            silent > 0,
        ],
        [UNKNOWN, 1, TOTAL, PARTIAL, FEW, NO_DATA],
        NOBODY,
    )


def _places(order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn an order into places from 1."""
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(1, len(order) + 1)
    return places


def _with_spot_sums(table: pd.DataFrame, black_spots: pd.DataFrame) -> pd.DataFrame:
    """Add how many black spots each commune has and how many people live in them."""
    by_code = black_spots.groupby("code")["pop"]
    known = table["pop_total"].notna()
    count = table["code"].map(by_code.size()).fillna(0).astype("Int64")
    people = table["code"].map(by_code.sum()).fillna(0.0).astype(np.float64)
    return table.assign(black_spot_count=count.where(known), pop_in_black_spots=people.where(known))


def _settings(table: pd.DataFrame) -> list[dict[str, object]]:
    """Give what the sentences say about the kind of each commune."""
    columns = ("type", "is_border", "is_island")
    rows = zip(*(table[name].tolist() for name in columns), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _each(affected: pd.DataFrame) -> list[Affected]:
    """Give the people of each commune as one record."""
    return [Affected(*row) for row in affected[list(Affected._fields)].to_numpy().tolist()]


def _ranked_spots(black_spots: gpd.GeoDataFrame, ranked: pd.DataFrame, profile: Profile) -> gpd.GeoDataFrame:
    """Sort the black spots, number them and say what each is."""
    commune = ranked.set_index("code").loc[black_spots["code"]]
    tier = commune["tier"].array
    spots = black_spots.assign(tier=tier, **{name: commune[name].to_numpy() for name in _FLAGS})
    by = (
        spots["spot_id"].to_numpy(dtype=str),
        -spots["pop"].to_numpy(dtype=np.float64),
        pd.array(tier).fillna(PARTIAL + 1).to_numpy(dtype=np.int64),
    )
    spots = spots.iloc[np.lexsort(by)].reset_index(drop=True)
    spots["rank"] = pd.array(np.arange(1, len(spots) + 1), dtype="Int64")
    prefix, suffix = "distance_to_", "_km"
    services = [name[len(prefix) : -len(suffix)] for name in spots.columns if name.startswith(prefix)]
    distances = (
        spots[[f"{prefix}{service}{suffix}" for service in services]].to_numpy(dtype=np.float64).tolist()
    )
    rows = [
        (people, [name for name in missing.split(",") if name], dict(zip(services, km, strict=True)))
        for people, missing, km in zip(spots["pop"], spots["missing"], distances, strict=True)
    ]
    spots["reason_vi"] = [spot_reason(*row, profile, "vi") for row in rows]
    spots["reason_en"] = [spot_reason(*row, profile, "en") for row in rows]
    return spots[ordered("black_spots", spots.columns)]
