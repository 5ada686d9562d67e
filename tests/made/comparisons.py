"""Comparisons put together by hand, without runs: what changed is known because it was written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from blackspot.coverage.change.comparison import IDENTITY, OPERATOR_COLUMNS, PART_COLUMNS, Comparison, Part
from blackspot.coverage.change.flows import LEAST_PEOPLE
from blackspot.coverage.change.spot_events import SpotEvent
from blackspot.data.runs.listing import Run
from blackspot.data.runs.series import Difference
from blackspot.maps.pages.map_data import Changes
from blackspot.maps.summary.change_page import page_facts
from blackspot.maps.summary.change_tables import change_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blackspot.coverage.change.comparison import PartCause
    from blackspot.maps.pages.map_data import MapData

FLOWS = (
    "without_before",
    "without_after",
    "gained",
    "lost",
    "still",
    "newly_reported",
    "newly_without",
    "no_longer_reported",
    "no_longer_without",
)
NOBODY = dict.fromkeys(FLOWS, 0.0)


def flow(
    before: float, *, gained: float = 0, lost: float = 0, reported: tuple[float, float] = (0, 0)
) -> dict[str, float]:
    """Flows of one commune: the people without, who gained and lost it, who are reported newly, and of them without."""
    newly, without = reported
    return {
        **NOBODY,
        "without_before": before,
        "without_after": before - gained + lost + without,
        "gained": gained,
        "lost": lost,
        "still": before - gained,
        "newly_reported": newly,
        "newly_without": without,
    }


def flow_table(rows: Mapping[str, dict[str, float]], places: pd.DataFrame) -> pd.DataFrame:
    """Flows by code, with the names of ``places``; nothing changed where no row says so."""
    table = pd.DataFrame([rows.get(code, NOBODY) for code in places["code"]], index=places["code"].to_numpy())
    names = places.set_index("code")[["name", "province_code", "province_name"]]
    return table.join(names)


def comparison(
    flows: Mapping[str, pd.DataFrame],
    *,
    players: tuple[tuple[PartCause, ...], ...] = (("coverage",),),
    shares: tuple[float, ...] = (1.0,),
    differences: tuple[Difference, ...] = (),
    events: tuple[SpotEvent, ...] = (),
    spots: tuple[pd.DataFrame, pd.DataFrame] | None = None,
) -> Comparison:
    """Put a comparison together; each cause has its share of the change of every commune."""
    nothing = pd.DataFrame({"cluster_id": [], "code": [], "pop": [], "lon": [], "lat": []})
    runs = [Run(name, Path("runs") / name, {}) for name in ("000001-aaaaaa", "000002-bbbbbb")]
    parts, communes = [], []
    for group, table in flows.items():
        change = table["without_after"] - table["without_before"]
        for player, share in zip(players, shares, strict=True):
            parts.append(Part(player, group, float(change.sum() * share), is_noise=False))
            people = (change * share).rename("people")
            rows = table.rename_axis("code").reset_index()[[*IDENTITY]]
            rows = rows.assign(service=group, cause="+".join(player), people=people.to_numpy())
            communes.append(rows[rows["people"].abs() >= LEAST_PEOPLE])
    causes = {cause for player in players for cause in player}
    return Comparison(
        before=runs[0],
        after=runs[1],
        differences=differences,
        cause="coverage" if causes == {"coverage"} else "claim" if causes == {"claims"} else "several",
        is_by_cells=True,
        flows=flows,
        operators=pd.DataFrame(columns=["service", "operator", "before", "after"]),
        events=events,
        spots=spots or (nothing, nothing),
        parts=tuple(parts),
        commune_parts=pd.concat(communes, ignore_index=True)[[*PART_COLUMNS]],
        operator_flows=pd.DataFrame(columns=list(OPERATOR_COLUMNS)),
        crosswalk=None,
        crosses_split=frozenset(),
    )


def with_changes(data: MapData, *, alone: bool = True) -> tuple[MapData, Comparison]:
    """Put a comparison on the pages of a country: some communes lost 5G, some gained it, one is reported newly.

    Without ``alone`` another way of reading the submissions has a half of every change.
    """
    communes = pd.DataFrame(data.communes.drop(columns="geometry"))
    codes = communes["code"].tolist()
    rows = {
        codes[0]: flow(900.0, lost=120.5, gained=20.25),
        codes[30]: flow(80.0, lost=40.0),
        codes[5]: flow(700.0, gained=300.0),
        codes[31]: flow(500.0, gained=0.6),
        codes[50]: flow(0.0, reported=(1000.0, 250.0)),
    }
    few = {codes[0]: flow(400.0, lost=60.0), codes[5]: flow(300.0, gained=200.0)}
    flows = {
        "profile": flow_table(few, communes),
        "5g": flow_table(rows, communes),
        "fibre": flow_table({}, communes),
    }
    spots = pd.DataFrame(data.black_spots.drop(columns="geometry")).assign(
        name=lambda frame: frame["code"].map(communes.set_index("code")["name"]),
        province_code=lambda frame: frame["code"].map(communes.set_index("code")["province_code"]),
        province_name=lambda frame: frame["code"].map(communes.set_index("code")["province_name"]),
    )
    clusters = spots.drop_duplicates("cluster_id")["cluster_id"].tolist()
    events = (
        SpotEvent("new", (), (clusters[0],), 0.0, 310.0),
        SpotEvent("grown", (clusters[1],), (clusters[1],), 100.0, 300.5, clusters[1]),
        SpotEvent("split", (clusters[2],), (clusters[2], clusters[3]), 400.0, 400.0, clusters[2]),
        SpotEvent("same", (clusters[4],), (clusters[4],), 70.0, 70.0, clusters[4]),
        SpotEvent("closed", (clusters[5],), (), 260.0, 0.0),
    )
    mixed: dict[str, Any] = {} if alone else {"players": (("coverage",), ("claims",)), "shares": (0.5, 0.5)}
    found = comparison(
        flows,
        differences=() if alone else (Difference("claim", "Sao Mai 5g, buffer_m", "500", "900"),),
        events=events,
        spots=(spots, spots),
        **mixed,
    )
    tables = change_tables(found)
    happened = tables.black_spots[tables.black_spots["event"] != "same"]
    facts: dict[str, Any] = page_facts(found, tables)
    return replace(data, changes=Changes(tables.communes, happened, facts)), found
