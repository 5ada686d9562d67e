"""A comparison as tables: every commune, province, operator and event of black spots, regressions first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import pandas as pd

from ...coverage.change.lacking_cells import PROFILE
from ...data.exports.published import published
from ...data.text.words import LANGUAGES
from .change_causes import COVERAGE, causes_by_place, coverage_share, operator_cause
from .change_headlines import headlines

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
_REPORTED: Final = ("newly_reported", "newly_without", "no_longer_reported", "no_longer_without")
_PLACE: Final = ("code", "name", "province_code", "province_name", "place_name")


@dataclass(frozen=True, slots=True)
class ChangeTables:
    """A comparison as tables, with the columns the register describes and the numbers every file shows.

    Attributes
    ----------
    communes, provinces
        One row for each service, and for the profile.
    operators
        One row for each commune, operator and service in which anything moved.
    causes
        One row for each commune, service and cause that moved half a person or more.
    black_spots
        One row for each event.
    country
        The sums: one row for each service, and for the profile; ``service``, ``cause`` and people.
    """

    communes: pd.DataFrame
    provinces: pd.DataFrame
    operators: pd.DataFrame
    causes: pd.DataFrame
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
        [_attributed(found, group, table) for group, table in found.flows.items()], ignore_index=True
    )
    named = communes.fillna({"name": "", "province_code": "", "province_name": ""})
    provinces = _summed(named, ["province_code", "province_name", "service"])
    country = _summed(named, ["service"])
    of = causes_by_place(found)
    return ChangeTables(
        published(_with_causes(_ordered(named), "code", of.communes), "changes_communes"),
        published(
            _with_headlines(_with_causes(_ordered(provinces), "province_code", of.provinces)),
            "changes_provinces",
        ),
        published(_operators(found), "changes_operators"),
        published(_causes(found), "changes_causes"),
        published(_events(found, of.country), "changes_black_spots"),
        published(
            _with_causes(country.assign(province_code=""), "province_code", of.country), "changes_provinces"
        ),
    )


def _attributed(found: Comparison, group: str, table: pd.DataFrame) -> pd.DataFrame:
    """Call people gained and lost only as far as coverage alone moved them.

    Where nothing else has to do with a number, people who gained and people who lost are told apart cell by cell; beside
    other causes the balance of each commune is known.
    """
    change = table["without_after"] - table["without_before"]
    reported = table["newly_without"] - table["no_longer_without"]
    nobody = 0.0 * change  # not known where the change is not
    share = coverage_share(found, group)
    if share == "all":
        lost, gained, more, fewer = table["lost"], table["gained"], nobody, nobody
    elif share == "part":
        lost, gained = _up_and_down(_coverage_part(found, group, change - reported))
        more, fewer = _up_and_down(change - reported - lost + gained)
    else:
        lost = gained = nobody if share == "none" else np.nan * nobody
        more, fewer = table["lost"], table["gained"]
    return table[["name", "province_code", "province_name"]].assign(
        code=table.index,
        service=group,
        pop_without_before=table["without_before"],
        pop_without_after=table["without_after"],
        pop_lost=lost,
        pop_gained=gained,
        pop_more_otherwise=more,
        pop_fewer_otherwise=fewer,
        pop_still_without=table["still"],
        **{f"pop_{name}": table[name] for name in _REPORTED},
    )


def _coverage_part(found: Comparison, group: str, change: pd.Series) -> pd.Series:
    """Give by how many people coverage changed each commune: all of its change where no other cause has a part there."""
    parts = found.commune_parts
    here = parts[(parts["service"] == group) & parts["code"].isin(change.index)]
    of_coverage = here[here["cause"] == COVERAGE].set_index("code")["people"]
    others = here[here["cause"] != COVERAGE]["code"]
    alone = of_coverage.index.difference(pd.Index(others))
    known = of_coverage.reindex(change.index, fill_value=0.0).where(change.notna())
    known[alone] = change[alone]
    return known


def _up_and_down(change: pd.Series) -> tuple[pd.Series, pd.Series]:
    return change.clip(lower=0), (-change).clip(lower=0)


def _summed(communes: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Add up people; a sum of nothing known is not known."""
    table: pd.DataFrame = communes.groupby(by, sort=False)[list(PEOPLE)].sum(min_count=1)
    return table.reset_index()


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Put those first who lost most people, then what grew for another cause, then the rest in its own order."""
    keys = [-table[name].fillna(0.0).round(6).to_numpy() for name in _FIRST]
    place = next(name for name in ("code", "province_code") if name in table)
    order = np.lexsort((np.arange(len(table)), table[place].to_numpy(dtype=str), *keys[::-1]))
    return table.iloc[order]


def _with_causes(table: pd.DataFrame, key: str, causes: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Put the cause of each row after its service, and the columns into their order."""
    places = [name for name in ("code", "name", "province_code", "province_name") if name in table]
    found = [
        causes.get((code, service), "") for code, service in zip(table[key], table["service"], strict=True)
    ]
    return table.assign(cause=found)[[*places, "service", "cause", *PEOPLE]]


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


def _operators(found: Comparison) -> pd.DataFrame:
    """Say of each operator how many people in each commune it covers more and less; most people lost first."""
    table = found.operator_flows
    pairs = list(zip(table["operator"], table["service"], strict=True))
    known = {pair: operator_cause(found, *pair) for pair in set(pairs)}
    causes = np.array([known[pair] for pair in pairs], dtype=object)
    alone = causes == COVERAGE
    shown = table[["code", "name", "province_code", "province_name", "service", "operator"]].assign(
        cause=causes,
        pop_covered_before=table["covered_before"],
        pop_covered_after=table["covered_after"],
        pop_lost=table["lost"].where(alone),
        pop_gained=table["gained"].where(alone),
        pop_covered_otherwise=(table["gained"] - table["lost"]).where(~alone, 0.0),
        pop_newly_reported=table["newly_reported"],
        pop_no_longer_reported=table["no_longer_reported"],
    )
    first = -shown["pop_lost"].fillna(0.0).round(6)
    return shown.iloc[np.lexsort([shown["operator"], shown["service"], shown["code"], first])]


def _causes(found: Comparison) -> pd.DataFrame:
    """List what each cause has to do with each number of each commune; most people added first."""
    table = found.commune_parts.rename(columns={"people": "pop_change"})
    first = -table["pop_change"].round(6)
    return table.iloc[np.lexsort([table["cause"], table["service"], table["code"], first])]


def _events(found: Comparison, causes: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Give every event a row with the place of its most peopled spot; the one most people were added to first."""
    old, new = (_largest(table) for table in found.spots)
    cause = causes.get(("", PROFILE), "")
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
