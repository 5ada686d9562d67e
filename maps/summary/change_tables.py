"""A comparison as tables: every commune, province and event of black spots, regressions first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd

from ...data.exports.published import published
from ...data.text.words import LANGUAGES
from .change_headlines import UNSURE, headlines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...coverage.change.comparison import Comparison

PEOPLE: Final = (
    "pop_without_before",
    "pop_without_after",
    "pop_lost",
    "pop_gained",
    "pop_more_otherwise",
    "pop_fewer_otherwise",
    "pop_still_without",
    "pop_newly_reported",
    "pop_newly_without",
    "pop_no_longer_reported",
    "pop_no_longer_without",
)
"""The figures of every row; ``after - before = lost + more otherwise + newly without - gained - fewer otherwise -
no longer without``, where what is not known counts as nothing."""

_FIRST: Final = ("pop_lost", "pop_more_otherwise", "pop_newly_without", "pop_gained", "pop_fewer_otherwise")
_PLACE: Final = ("code", "name", "province_code", "province_name", "place_name")


@dataclass(frozen=True, slots=True)
class ChangeTables:
    """A comparison as tables, with the columns the register describes and the numbers every file shows.

    Attributes
    ----------
    communes, provinces
        One row for each service, and for the profile.
    black_spots
        One row for each event.
    country
        The sums: one row for each service, and for the profile; ``service``, ``cause`` and people.
    """

    communes: pd.DataFrame
    provinces: pd.DataFrame
    black_spots: pd.DataFrame
    country: pd.DataFrame


def change_tables(found: Comparison) -> ChangeTables:
    """Put a comparison into tables.

    Parameters
    ----------
    found
        The comparison.
    """
    communes = pd.concat(
        [_attributed(table, group, cause_of(found, group)) for group, table in found.flows.items()],
        ignore_index=True,
    )
    country = _summed(communes, ["service", "cause"])
    places = ["service", "cause", "province_code", "province_name"]
    provinces = _with_headlines(_summed(communes.fillna({"province_name": ""}), places))
    return ChangeTables(
        published(
            _ordered(communes)[["code", "name", *places[2:], *places[:2], *PEOPLE]], "changes_communes"
        ),
        published(
            _ordered(provinces)[[*places[2:], *places[:2], *PEOPLE, "headline_vi", "headline_en"]],
            "changes_provinces",
        ),
        published(_events(found), "changes_black_spots"),
        published(country, "changes_provinces"),
    )


def cause_of(found: Comparison, group: str) -> str:
    """Say what the change of a service, or of those who fail the profile, comes from."""
    del group
    return found.cause


def _attributed(table: pd.DataFrame, group: str, cause: str) -> pd.DataFrame:
    """Call people gained and lost only where coverage alone makes the difference."""
    known = table["gained"].notna()
    nothing = pd.Series(np.where(known & (cause not in UNSURE), 0.0, np.nan), table.index)
    zero = pd.Series(np.where(known, 0.0, np.nan), table.index)
    by_coverage = cause == "coverage"
    return pd.DataFrame(
        {
            "code": table.index,
            "name": table["name"],
            "province_code": table["province_code"],
            "province_name": table["province_name"],
            "service": group,
            "cause": cause,
            "pop_without_before": table["without_before"],
            "pop_without_after": table["without_after"],
            "pop_lost": table["lost"] if by_coverage else nothing,
            "pop_gained": table["gained"] if by_coverage else nothing,
            "pop_more_otherwise": zero if by_coverage else table["lost"],
            "pop_fewer_otherwise": zero if by_coverage else table["gained"],
            "pop_still_without": table["still"],
            **{
                f"pop_{name}": table[name]
                for name in ("newly_reported", "newly_without", "no_longer_reported", "no_longer_without")
            },
        }
    )


def _summed(communes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Add up people; a sum of nothing known is not known."""
    table: pd.DataFrame = communes.groupby(by, sort=False, dropna=False)[list(PEOPLE)].sum(min_count=1)
    return table.reset_index()


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Put those first who lost most people, then what grew for another cause, then the rest in its own order."""
    keys = [-table[name].fillna(0.0).round(6) for name in _FIRST]
    place = next(name for name in ("code", "province_code") if name in table)
    order = np.lexsort([np.arange(len(table)), table[place].astype(str), *keys[::-1]])
    return table.iloc[order]


def _with_headlines(provinces: pd.DataFrame) -> pd.DataFrame:
    rows = provinces.to_dict("records")
    said = {
        f"headline_{language}": [_headline(cast("Mapping[str, Any]", row), language) for row in rows]
        for language in LANGUAGES
    }
    return provinces.assign(**said)


def _headline(row: Mapping[str, Any], language: str) -> str:
    place = str(row["province_name"] or row["province_code"])
    people = {name: float(row[name]) for name in PEOPLE}
    return " ".join(headlines(place, str(row["service"]), people, str(row["cause"]), language))


def _events(found: Comparison) -> pd.DataFrame:
    """Give every event a row with the place of its most peopled spot; the one most people were added to first."""
    old, new = (_largest(table) for table in found.spots)
    cause = cause_of(found, "profile")
    rows = []
    for event in found.events:
        ids, known = (event.after, new) if event.after else (event.before, old)
        place = max(
            (known[one] for one in ids), key=lambda spot: (float(spot["pop"]), str(spot["cluster_id"]))
        )
        rows.append(
            {
                "event": event.what,
                "cause": cause,
                "lineage": event.lineage,
                "before_ids": ",".join(event.before),
                "after_ids": ",".join(event.after),
                "pop_before": event.people_before,
                "pop_after": event.people_after,
                **{name: place.get(name, "") for name in _PLACE},
                "lon": place["lon"],
                "lat": place["lat"],
            }
        )
    return pd.DataFrame(rows, columns=[*_EVENT_COLUMNS])


_EVENT_COLUMNS: Final = (
    "event",
    "cause",
    "lineage",
    "before_ids",
    "after_ids",
    "pop_before",
    "pop_after",
    *_PLACE,
    "lon",
    "lat",
)


def _largest(spots: pd.DataFrame) -> dict[str, Mapping[str, Any]]:
    """Give the most peopled spot of each cluster."""
    ordered = spots.sort_values(["pop", "lon", "lat"], ascending=[False, True, True], kind="stable")
    first = ordered.drop_duplicates("cluster_id")
    return {str(row["cluster_id"]): cast("Mapping[str, Any]", row) for row in first.to_dict("records")}
