"""The setting of communes: rural, border, island, each with the rule that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .border_contact import LEAST_CONTACT_KM, border_contact_km
from .islands import apart_from_mainland
from .land_border import border_distance_km
from .urbanisation import RURAL_AREA

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    import geopandas as gpd
    from numpy.typing import NDArray

    from ...data.project.profile import SettingRules

LEGAL_TYPE = "legal_type"
LEGAL_LIST = "legal_list"
DEGREE_OF_URBANISATION = "degree_of_urbanisation"
LAND_BORDER_DISTANCE = "land_border_distance"
LAND_BORDER_CONTACT = "land_border_contact"
NONE = "none"
SPECIAL_ZONE = "special_zone"


@dataclass(frozen=True, slots=True)
class Geography:
    """What lies around the communes, and the legal lists of a project; None where the project names none.

    Attributes
    ----------
    border_codes, island_codes
        Codes of the legal lists that are in force.
    border_lines
        Lines of the land border in EPSG:4326.
    fixed_links
        Bridges and causeways, lines in EPSG:4326.
    other_land
        Land of the same country beside the communes, EPSG:4326.
    people_of
        Counts the people of polygons in EPSG:4326, in their order; it is asked about the parts of communes that lie on
        both sides of the water. With it "mostly" means most people; without it, and in communes without people, most
        area.
    """

    border_codes: AbstractSet[str] | None = None
    island_codes: AbstractSet[str] | None = None
    border_lines: NDArray[np.object_] | None = None
    fixed_links: NDArray[np.object_] | None = None
    other_land: NDArray[np.object_] | None = None
    people_of: Callable[[NDArray[np.object_]], NDArray[np.float64]] | None = None


NOTHING_AROUND = Geography()


def classify(
    communes: gpd.GeoDataFrame,
    rules: SettingRules,
    geography: Geography = NOTHING_AROUND,
    urbanisation: NDArray[np.object_] | None = None,
) -> pd.DataFrame:
    """Say which communes are rural, on the border or islands, and by which rule.

    A legal list decides where there is one. Without one, the distance to the land border or contact with it decides who
    is on the border; special zones are islands by law (Decision 40/2025/QĐ-TTg), other communes when they lie mostly on
    parts that are not connected to the mainland. The ``*_basis`` columns name the rule that decided, whether it said yes
    or no; ``none`` means that nothing could decide and the flag is False.

    Parameters
    ----------
    communes
        One row per commune with ``code``, ``type`` and geometry in EPSG:4326.
    rules
        The rules of the project file.
    geography
        What lies around, and the legal lists.
    urbanisation
        Level 1 of the degree of urbanisation, a word per commune, empty where it is not known; None for nowhere.

    Returns
    -------
    DataFrame
        ``is_rural, is_rural_basis, is_border, is_border_basis, border_distance_km, is_island, is_island_basis`` and
        ``not_connected``, in the order of the communes; ``border_touch`` where there is a border line, and
        ``is_bridged_island`` where there are links.
        ``border_distance_km`` is the geodesic distance from the commune to the land border, right within 100 m or
        0.5 %, 0 where the line enters the commune, NaN without a line. Drawn border lines lie kilometres off the
        communes' edges; the distance rule must leave room for that. ``not_connected`` says what geometry alone makes an
        island.
    """
    table = _rural(communes, rules, urbanisation)
    distance_km = border_distance_km(communes, geography.border_lines)
    contact_km = border_contact_km(
        communes,
        geography.border_lines,
        distance_km,
        reach_km=rules.border.touch_km,
        other_land=geography.other_land,
    )
    touches = contact_km >= LEAST_CONTACT_KM
    if geography.border_codes is not None:
        table["is_border"] = communes["code"].isin(geography.border_codes).to_numpy()
        table["is_border_basis"] = LEGAL_LIST
    else:
        by_contact = rules.border.rule == "touch"
        table["is_border"] = touches if by_contact else distance_km <= rules.border.distance_km
        basis = LAND_BORDER_CONTACT if by_contact else LAND_BORDER_DISTANCE
        table["is_border_basis"] = np.where(np.isnan(distance_km), NONE, basis)
    table["border_distance_km"] = distance_km
    if geography.border_lines is not None and len(geography.border_lines):
        table["border_touch"] = touches
    return table.assign(**_islands(communes, rules, geography))


def _rural(
    communes: gpd.GeoDataFrame, rules: SettingRules, urbanisation: NDArray[np.object_] | None
) -> pd.DataFrame:
    """Say which communes are rural, by legal type and degree of urbanisation; where one is not known, by the other."""
    types = communes["type"].fillna("")
    legal = types.isin(rules.rural_types).to_numpy(dtype=bool) & (types != "").to_numpy()
    typed = (types != "").to_numpy()
    dou = np.full(len(communes), "", dtype=object) if urbanisation is None else urbanisation
    measured, thin = dou != "", dou == RURAL_AREA
    if rules.rural == LEGAL_TYPE:
        rural, basis = legal, np.where(typed, LEGAL_TYPE, NONE)
    elif rules.rural == DEGREE_OF_URBANISATION:
        rural, basis = thin, np.where(measured, DEGREE_OF_URBANISATION, NONE)
    else:
        joined = legal | thin if rules.rural == "either" else legal & thin
        known = [typed & measured, typed, measured]
        rural = np.select(known, [joined, legal, thin], default=False)
        basis = np.select(known, [rules.rural, LEGAL_TYPE, DEGREE_OF_URBANISATION], NONE)
    return pd.DataFrame({"is_rural": rural, "is_rural_basis": basis.astype(object)})


def _islands(
    communes: gpd.GeoDataFrame, rules: SettingRules, geography: Geography
) -> dict[str, NDArray[np.bool_] | NDArray[np.object_] | str]:
    """Say which communes are islands, and which hang on the mainland by a bridge only."""
    gap_m, links = rules.island.gap_m, geography.fixed_links
    linked = apart_from_mainland(communes, gap_m, geography.people_of, links)
    by_law = (communes["type"].fillna("") == SPECIAL_ZONE).to_numpy()
    found: dict[str, NDArray[np.bool_] | NDArray[np.object_] | str] = {}
    if geography.island_codes is not None:
        found["is_island"] = communes["code"].isin(geography.island_codes).to_numpy()
        found["is_island_basis"] = LEGAL_LIST
    else:
        found["is_island"] = by_law | linked.mostly
        found["is_island_basis"] = np.where(by_law, LEGAL_TYPE, linked.basis)
    found["not_connected"] = linked.mostly
    if links is not None:
        apart = apart_from_mainland(communes, gap_m, geography.people_of)
        found["is_bridged_island"] = apart.mostly & ~linked.mostly
    return found
