"""The setting of communes: rural, border, island, each with the rule that decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from ...progress import silent
from .land_border import border_distance_km
from .mainland import off_mainland, part_area_km2

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.findings.collector import FileFindings
    from ...data.project.profile import SettingRules
    from ...progress import Progress

LEGAL_TYPE = "legal_type"
LEGAL_LIST = "legal_list"
LAND_BORDER_DISTANCE = "land_border_distance"
NOT_CONNECTED_BY_PEOPLE = "not_connected_by_people"
NOT_CONNECTED_BY_AREA = "not_connected_by_area"
NONE = "none"
SPECIAL_ZONE = "special_zone"

_MOSTLY = 0.5


def classify(
    communes: gpd.GeoDataFrame,
    rules: SettingRules,
    *,
    border_codes: AbstractSet[str] | None = None,
    border_lines: NDArray[np.object_] | None = None,
    island_codes: AbstractSet[str] | None = None,
    people_of: Callable[[NDArray[np.object_]], NDArray[np.float64]] | None = None,
    progress: Progress = None,
) -> pd.DataFrame:
    """Say which communes are rural, on the border or islands, and by which rule.

    A legal list decides where there is one. Without one, the distance to the land border decides who is
    on the border; special zones are islands by law (Decision 40/2025/QĐ-TTg), other communes when they
    lie mostly on parts that are not connected to the mainland. The ``*_basis`` columns name the rule that
    decided, whether it said yes or no; ``none`` means that nothing could decide and the flag is False.

    Parameters
    ----------
    communes
        One row per commune with ``code``, ``type`` and geometry in EPSG:4326.
    rules
        The rules of the project file.
    border_codes, island_codes
        Codes of the legal lists; None where there is no list.
    border_lines
        Lines of the land border in EPSG:4326; None or empty where there are none.
    people_of
        Counts the people of polygons in EPSG:4326, in their order; it is asked once, about the parts of
        communes that lie on both sides of the water. With it "mostly" means most people; without it, and
        in communes without people, most area.
    progress
        Called with a fraction from 0 to 1 and the name of the step.

    Returns
    -------
    DataFrame
        ``is_rural, is_rural_basis, is_border, is_border_basis, border_distance_km, is_island,
        is_island_basis``, in the order of the communes. ``border_distance_km`` is the geodesic distance
        from the commune to the land border, right within 100 m or 0.5 %, 0 where the line enters the commune, NaN
        without a line. Drawn border lines lie kilometres off the communes' edges; the distance rule must
        leave room for that.
    """
    codes, types = communes["code"], communes["type"].fillna("")
    table = pd.DataFrame({"is_rural": types.isin(rules.rural_types).to_numpy(dtype=bool) & (types != "")})
    table["is_rural_basis"] = np.where(types != "", LEGAL_TYPE, NONE)
    say = progress or silent
    say(0.0, "land border")
    distance_km = border_distance_km(communes, border_lines)
    if border_codes is not None:
        table["is_border"], table["is_border_basis"] = codes.isin(border_codes).to_numpy(), LEGAL_LIST
    else:
        table["is_border"] = distance_km <= rules.border.distance_km
        table["is_border_basis"] = np.where(np.isnan(distance_km), NONE, LAND_BORDER_DISTANCE)
    table["border_distance_km"] = distance_km
    say(0.5, "islands")
    if island_codes is not None:
        table["is_island"], table["is_island_basis"] = codes.isin(island_codes).to_numpy(), LEGAL_LIST
        return table
    apart = _apart(communes, rules.island.gap_m, people_of)
    by_law = (types == SPECIAL_ZONE).to_numpy()
    table["is_island"] = by_law | apart["mostly"]
    table["is_island_basis"] = np.where(by_law, LEGAL_TYPE, apart["basis"])
    return table


def _apart(
    communes: gpd.GeoDataFrame,
    gap_m: float,
    people_of: Callable[[NDArray[np.object_]], NDArray[np.float64]] | None,
) -> pd.DataFrame:
    """Say which communes lie mostly on parts that are not connected to the mainland."""
    count = len(communes)
    parts, owner = shapely.get_parts(communes.geometry.to_numpy(), return_index=True)
    off = off_mainland(parts, gap_m)
    weight = part_area_km2(parts)
    basis = np.full(count, NOT_CONNECTED_BY_AREA, dtype=object)
    outside = np.bincount(owner, off, minlength=count)
    mixed = (outside > 0) & (outside < np.bincount(owner, minlength=count))
    asked = np.flatnonzero(mixed[owner])
    if people_of is not None and len(asked):
        people = np.zeros(len(parts))
        people[asked] = np.nan_to_num(people_of(parts[asked]))
        counted = np.bincount(owner, people, minlength=count) > 0
        weight = np.where(counted[owner], people, weight)
        basis[counted] = NOT_CONNECTED_BY_PEOPLE
    whole = np.bincount(owner, weight, minlength=count)
    outside = np.bincount(owner, weight * off, minlength=count)
    return pd.DataFrame({"mostly": (whole > 0) & (outside > _MOSTLY * whole), "basis": basis})


def report_border(communes: pd.DataFrame, rules: SettingRules, about: FileFindings) -> None:
    """Tell where the land border flags too many communes, and where it could be found in no area.

    Parameters
    ----------
    communes
        ``is_border`` and ``is_border_basis``.
    rules
        The rules of the project file.
    about
        Speaks of the project file.
    """
    source, basis = rules.border.land_border, communes["is_border_basis"]
    if source is None or (basis == LEGAL_LIST).any():
        return
    share, count = float(communes["is_border"].mean()), int(communes["is_border"].sum())
    if (basis == NONE).all():
        about.add("setting.border-without-neighbours", border=source.path.name)
    elif share > rules.border.most_share:
        about.add(
            "setting.much-border",
            border=source.path.name,
            count=count,
            share_pct=100 * share,
            limit_pct=100 * rules.border.most_share,
        )
