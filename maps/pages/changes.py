"""The page of a comparison: what it has beside the page of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ...data.text.words import LANGUAGES, words
from ..encoding.shapes import NumberColumn, encode_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .map_data import Changes

PROFILE: Final = "profile"
FIGURES: Final = (
    "pop_lost",
    "pop_gained",
    "pop_more_otherwise",
    "pop_fewer_otherwise",
    "pop_newly_reported",
    "pop_newly_without",
    "pop_no_longer_without",
)
"""What a page knows of each commune and service: columns of the table ``changes_communes``."""

_PER_PERSON: Final = 1000


def change_meta(
    changes: Changes, provinces: Sequence[str], indicators: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Give what the page must know of a comparison.

    Parameters
    ----------
    changes
        The comparison.
    provinces
        Codes of the provinces in the order of the page.
    indicators
        The page's indicators; ``groups`` names the service, or the profile, that each of them is about.
    """
    known = set(changes.communes["service"])
    groups = {}
    for item in indicators:
        group = PROFILE if item["kind"] == "fails" else item["service"] if item["kind"] == "service" else ""
        if group in known:
            groups[item["id"]] = group
    said: Mapping[str, Any] = changes.facts["provinces"]
    place = {code: at for at, code in enumerate(provinces)}
    regressions = {
        service: [place[code] for code in codes if code in place]
        for service, codes in changes.facts["regressions"].items()
    }
    return {
        **changes.facts,
        "provinces": [said.get(code, {}) for code in provinces],
        "regressions": regressions,
        "groups": groups,
        "events": changes.events["event"].value_counts().to_dict(),
        "columns": [{"name": column.name, "per_unit": column.per_unit} for column in _columns(changes)],
    }


def change_words() -> dict[str, dict[str, str]]:
    """Give the words that only a page of a comparison says, by language."""
    return {language: dict(words("change_map", language)) for language in LANGUAGES}


def change_blocks(changes: Changes, codes: NDArray[np.object_]) -> tuple[bytes, dict[str, Any]]:
    """Encode the figures of the communes of a page, and the events in them.

    Parameters
    ----------
    changes
        The comparison.
    codes
        Codes of the communes, in the order of the page.

    Returns
    -------
    tuple
        Numbers as :func:`~blackspot.maps.encoding.shapes.encode_numbers` writes them, in columns such as
        ``pop_lost|5g``; and the events by column: those of communes that the page does not have are left out.
    """
    values = {}
    for group, table in changes.communes.groupby("service", sort=False):
        ordered = table.set_index("code").reindex(codes)
        for name in FIGURES:
            values[f"{name}|{group}"] = ordered[name].to_numpy(dtype=np.float64)
    row_of = {str(code): at for at, code in enumerate(codes)}
    here = changes.events[changes.events["code"].isin(list(row_of))]
    events: dict[str, Any] = {
        "event": here["event"].tolist(),
        "lineage": here["lineage"].tolist(),
        "before": here["before_ids"].tolist(),
        "after": here["after_ids"].tolist(),
        "old": here["pop_before"].round(3).tolist(),
        "now": here["pop_after"].round(3).tolist(),
        "row": [row_of[code] for code in here["code"]],
        "lon": here["lon"].round(5).tolist(),
        "lat": here["lat"].round(5).tolist(),
        "place": here["place_name"].tolist(),
    }
    return encode_numbers(_columns(changes), values), events


def _columns(changes: Changes) -> list[NumberColumn]:
    groups = list(dict.fromkeys(changes.communes["service"]))
    return [NumberColumn(f"{name}|{group}", _PER_PERSON) for group in groups for name in FIGURES]
