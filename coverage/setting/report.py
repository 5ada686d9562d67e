"""What the setting of a run's communes gives occasion to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...data.reference.facts import is_viet_nam, special_zones
from ...data.text.sentences import Phrase, phrase
from .classify import LEGAL_LIST, NONE, SPECIAL_ZONE

if TYPE_CHECKING:
    import pandas as pd

    from ...data.findings.collector import FileFindings
    from ...data.project.profile import SettingRules

_MOST_NAMED = 10  # as many as any list in a sentence names


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


def report_disagreement(communes: pd.DataFrame, about: FileFindings) -> None:
    """Tell where the legal lists and the geometry disagree about the border and the islands.

    Parameters
    ----------
    communes
        The communes, with the columns of the setting.
    about
        Speaks of the project file.
    """
    known = communes["border_distance_km"].notna()
    if (communes["is_border_basis"] == LEGAL_LIST).any() and known.any():
        _disagreement(communes, "is_border", "border_touch", "setting.border-disagrees", about)
    if (communes["is_island_basis"] == LEGAL_LIST).any():
        _disagreement(communes, "is_island", "not_connected", "setting.island-disagrees", about)


def report_special_zones(communes: pd.DataFrame, about: FileFindings) -> None:
    """Tell which special zones of the register of Viet Nam have another type in the file of communes.

    Parameters
    ----------
    communes
        ``code``, ``name``, ``type``, ``province_code`` and ``province_name``.
    about
        Speaks of the file of communes.
    """
    places = zip(communes["province_code"].astype(str), communes["province_name"].astype(str), strict=True)
    if not is_viet_nam(places):
        return
    types = dict(zip(communes["code"], communes["type"].fillna(""), strict=True))
    others = [
        code for code in sorted(special_zones()) if types.get(code, SPECIAL_ZONE) not in {SPECIAL_ZONE, ""}
    ]
    if others:
        about.add("setting.special-zones", count=len(others), codes=others)


def _disagreement(communes: pd.DataFrame, listed: str, drawn: str, code: str, about: FileFindings) -> None:
    """Name the communes of which the list and the geometry say different things."""
    by_list, by_shape = (communes[flag].to_numpy(dtype=bool) for flag in (listed, drawn))
    only_listed, only_drawn = by_list & ~by_shape, by_shape & ~by_list
    if not (only_listed | only_drawn).any():
        return
    sides = [
        phrase(key, count=int(rows.sum()), communes=_named(communes[rows]))
        for key, rows in (("only-listed", only_listed), ("only-drawn", only_drawn))
        if rows.any()
    ]
    about.add(code, agreed=int((by_list & by_shape).sum()), sides=sides)


def _named(communes: pd.DataFrame) -> list[Phrase]:
    """Name communes with their code and their distance to the border."""
    rows = communes.sort_values("code")
    named = [
        phrase("commune-named", name=name, code=code)
        if np.isnan(km)
        else phrase("commune-at-distance", name=name, code=code, distance_km=km)
        for name, code, km in zip(rows["name"], rows["code"], rows["border_distance_km"], strict=True)
    ]
    rest = len(named) - _MOST_NAMED
    return [*named[:_MOST_NAMED], phrase("more", count=rest)] if rest > 0 else named
