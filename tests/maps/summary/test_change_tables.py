"""A comparison as tables: what is coverage, what is not, in which order, and that nobody is lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from blackspot.coverage.change.spot_events import SpotEvent
from blackspot.maps.summary.change_tables import PEOPLE, change_tables
from comparisons import comparison, flow, flow_table

if TYPE_CHECKING:
    from blackspot.maps.summary.change_tables import ChangeTables

PLACES = pd.DataFrame(
    {
        "code": ["00101", "00102", "00201", "00202"],
        "name": ["Xã Núi Đá", "=HYPERLINK(1)", "Xã Suối", "Phường Chợ"],
        "province_code": ["01", "01", "02", "02"],
        "province_name": ["Núi Cao", "Núi Cao", "Đồng Bằng", "Đồng Bằng"],
    }
)
ROWS = {
    "00101": flow(100.0, gained=30.0, lost=10.0),
    "00102": flow(50.0, gained=5.0),
    "00201": flow(80.0, lost=40.0),
    "00202": flow(0.0, reported=(500.0, 200.0)),
}
ADDED = ("pop_lost", "pop_more_otherwise", "pop_newly_without")
TAKEN = ("pop_gained", "pop_fewer_otherwise", "pop_no_longer_without")


COVERAGE, CLAIMS, RULES = ("coverage",), ("claims",), ("rules",)
ALONE = {"players": (COVERAGE,), "shares": (1.0,)}
MIXED = {"players": (COVERAGE, CLAIMS), "shares": (0.25, 0.75)}
OTHER = {"players": (CLAIMS, RULES), "shares": (0.5, 0.5)}
TOGETHER = {"players": (("coverage", "rules"),), "shares": (1.0,)}


def tables_of(causes: dict[str, Any]) -> ChangeTables:
    flows = {"profile": flow_table({}, PLACES), "5g": flow_table(ROWS, PLACES)}
    return change_tables(comparison(flows, **causes))


@pytest.mark.parametrize("causes", [ALONE, MIXED, OTHER, TOGETHER])
def test_every_change_is_in_one_column(causes: dict[str, Any]) -> None:
    """After less before is what was added less what was taken, in every row; sums of communes are those of the country."""
    tables = tables_of(causes)
    for name in ("communes", "provinces", "country"):
        table = getattr(tables, name)
        change = table["pop_without_after"] - table["pop_without_before"]
        moved = table[list(ADDED)].fillna(0).sum(axis=1) - table[list(TAKEN)].fillna(0).sum(axis=1)
        assert change.to_numpy() == pytest.approx(moved.to_numpy(), abs=1e-9)
    summed = tables.communes.groupby("service", sort=False)[list(PEOPLE)].sum(min_count=1)
    expected = tables.country.set_index("service")[list(PEOPLE)]
    pd.testing.assert_frame_equal(expected, summed.loc[expected.index])


def country_of(causes: dict[str, Any]) -> pd.Series:
    return tables_of(causes).country.set_index("service").loc["5g"]


def test_coverage_alone_is_gained_and_lost() -> None:
    """Gross, as cells tell it; nothing stands in the columns of other causes, and first reports are in neither."""
    country = country_of(ALONE)
    assert (50.0, 35.0, 0.0, 0.0) == tuple(country[[*ADDED[:1], *TAKEN[:1], ADDED[1], TAKEN[1]]])
    assert (500.0, 200.0) == (country["pop_newly_reported"], country["pop_newly_without"])
    assert "coverage" == country["cause"]


def test_beside_another_cause_coverage_has_its_part() -> None:
    """By the balance of each commune, of which it has a quarter; the rest is named and stands aside."""
    rows = tables_of(MIXED).communes.query("service == '5g'").set_index("code")
    assert [0.0, 10.0] == rows["pop_lost"].loc[["00101", "00201"]].tolist()
    assert [5.0, 0.0] == rows["pop_gained"].loc[["00101", "00201"]].tolist()
    assert [15.0, 30.0] == [rows["pop_fewer_otherwise"]["00101"], rows["pop_more_otherwise"]["00201"]]
    assert "coverage+claims" == rows["cause"]["00101"]


@pytest.mark.parametrize(("causes", "expected"), [(OTHER, 0.0), (TOGETHER, np.nan)])
def test_another_cause_is_never_gained_or_lost(causes: dict[str, Any], expected: float) -> None:
    """It is nobody where coverage has no part, and not known where it cannot be told apart."""
    country = country_of(causes)
    assert (expected, expected) == pytest.approx((country["pop_lost"], country["pop_gained"]), nan_ok=True)
    assert (50.0, 35.0) == (country["pop_more_otherwise"], country["pop_fewer_otherwise"])


def test_causes_are_listed_by_commune() -> None:
    """They add up to the change."""
    causes = tables_of(MIXED).causes
    assert ["claims", "coverage"] == sorted(set(causes["cause"]))
    assert 215.0 == pytest.approx(causes["pop_change"].sum())
    assert ("00202", 150.0) == tuple(causes[["code", "pop_change"]].iloc[0])


def test_regressions_come_first() -> None:
    """By people lost, then by what is reported newly; a row that has none of these stands by its code."""
    tables = tables_of(ALONE)
    of_5g = tables.communes[tables.communes["service"] == "5g"]
    assert ["00201", "00101", "00202", "00102"] == of_5g["code"].tolist()
    assert ["02", "01"] == tables.provinces[tables.provinces["service"] == "5g"]["province_code"].tolist()
    sentence = tables.provinces["headline_en"].iloc[0]
    assert sentence.startswith("Đồng Bằng: 40 people lost 5G and nobody gained it; 320 are without it.")
    assert "500 people are reported for the first time for 5G, 200 of them without it" in sentence


def test_a_commune_of_one_run_only_is_not_known() -> None:
    """Its people are neither gained nor lost, and the sum of the others stays."""
    gone = dict.fromkeys(ROWS["00101"], np.nan)
    flows = {"5g": flow_table({**ROWS, "00101": gone}, PLACES)}
    tables = change_tables(comparison(flows))
    row = tables.communes.set_index("code").loc["00101"]
    assert row[list(PEOPLE)].isna().all()
    assert 40.0 == tables.country["pop_lost"].iloc[0]


def test_an_event_is_placed_where_most_of_its_people_are() -> None:
    """In the later run; a closed one where it was. Ids of every cluster that took part stay with it."""

    def spots(**more: list[object]) -> pd.DataFrame:
        return pd.DataFrame({**more, "lon": [105.0, 105.1, 105.2], "lat": [21.0, 21.1, 21.2]}).assign(
            name="Xã", province_code="01", province_name="Núi Cao"
        )

    old = spots(cluster_id=["a", "a", "b"], code=["00101", "00102", "00201"], pop=[10.0, 90.0, 5.0])
    new = spots(cluster_id=["a", "c", "c"], code=["00101", "00202", "00201"], pop=[10.0, 30.0, 40.0])
    events = (
        SpotEvent("split", ("a",), ("a", "c"), 100.0, 80.0, "a"),
        SpotEvent("closed", ("b",), (), 5.0, 0.0),
    )
    flows = {"profile": flow_table({}, PLACES)}
    table = change_tables(comparison(flows, events=events, spots=(old, new))).black_spots
    expected = [("split", "a", "a", "a,c", "00201", 105.2), ("closed", "", "b", "", "00201", 105.2)]
    columns = ["event", "lineage", "before_ids", "after_ids", "code", "lon"]
    assert expected == list(table[columns].itertuples(index=False, name=None))
