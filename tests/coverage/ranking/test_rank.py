"""The ranking of communes and black spots."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.ranking.rank import rank
from blackspot.data.project.profile import OrderRules, Profile

PROFILE = Profile(
    services=("5g", "fibre"),
    mobile_service="5g",
    fibre_service="fibre",
    basic_services=("4g", "5g"),
    min_people=50.0,
    gap="any",
)
NAN = float("nan")
COUNTS = ("pop_total", "pop_may_fail", "pop_failing", "pop_no_basic_service", "pop_double_gap")


def commune(code: str, failing: float = 0.0, severe: float = 0.0, **values: object) -> dict[str, object]:
    """Make a rural commune of 1,000 people, of whom some fail and some of these have no signal; then change it."""
    row: dict[str, object] = {
        "code": code,
        "name": f"Xã {code}",
        "province_code": "01",
        "province_name": "Tỉnh A",
    }
    row |= {"type": "commune", "is_rural": True, "is_border": False, "is_island": False, "area_km2": 1.0}
    row |= {"pop_total": 1000.0, "pop_source": "raster", "pop_may_fail": 0.0}
    row |= {"pop_failing": failing, "pop_no_basic_service": severe, "pop_double_gap": 0.0}
    return row | values


def unknown(code: str) -> dict[str, object]:
    return commune(code, **dict.fromkeys(COUNTS, NAN))


def spots_of(*rows: tuple[str, str, float]) -> gpd.GeoDataFrame:
    """Make black spots of (spot_id, code, people)."""
    frame = pd.DataFrame(list(rows), columns=["spot_id", "code", "pop"]).astype({"pop": float})
    frame = frame.assign(
        name="Xã", area_km2=1.0, lon=105.0, lat=21.0, missing="5g,fibre", distance_to_5g_km=2.5
    )
    frame["distance_to_fibre_km"] = NAN
    return gpd.GeoDataFrame(frame, geometry=[shapely.box(0, 0, 1, 1)] * len(frame), crs="EPSG:4326")


def ranked(*rows: dict[str, object], profile: Profile = PROFILE, spots: Any = None) -> pd.DataFrame:
    table, _ = rank(pd.DataFrame(list(rows)), spots_of() if spots is None else spots, profile)
    return table


def by(order: str, **rules: float) -> Profile:
    return PROFILE.model_copy(update={"order": OrderRules(by=order, **rules)})


def order_of(table: pd.DataFrame) -> list[str]:
    return table.sort_values("rank")["code"].tolist()


EVERYTHING = (
    commune("00001"),
    unknown("00002"),
    commune("00003", pop_may_fail=400.0),
    commune("00004", 30.0),
    commune("00005", 800.0, is_rural=False),
    commune("00006", 700.0),
    commune("00007", 600.0, is_border=True),
    commune("00008", 500.0, 120.0, is_rural=False, is_border=True),
    commune("00009", 400.0, 110.0),
    commune("00010", 300.0, 100.0, is_island=True),
)


def test_order_of_the_tiers() -> None:
    """Severity, then setting, then too few, no data, unknown, well served."""
    table = ranked(*EVERYTHING)
    expected = [f"{number:05}" for number in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)]
    assert expected == order_of(table)
    assert [pd.NA] * 4 + [6, 5, 4, 3, 2, 1] == table["tier"].tolist()
    assert list(range(10, 0, -1)) == table["rank"].tolist()
    assert ["Int64"] * 3 == [str(table[name].dtype) for name in ("rank", "tier", "black_spot_count")]


def test_score_is_the_people_who_decide() -> None:
    """Those without any signal in tiers 1 to 3, those who fail in the others; unknown stays unknown."""
    score = ranked(*EVERYTHING)["score"].tolist()
    assert np.isnan(score[1])
    assert [0.0, 0.0, 30.0, 800.0, 700.0, 600.0, 120.0, 110.0, 100.0] == [score[0], *score[2:]]


@pytest.mark.parametrize(
    ("failing", "everyone", "in_a_tier"),
    [
        (100.0, 1000.0, True),  # a tenth, and more than the smallest black spot
        (99.0, 1000.0, False),  # less than a tenth, and few
        (49.0, 400.0, False),  # a tenth, but fewer people than a black spot needs
        (40.0, 80.0, True),  # half of a small place
        (1000.0, 90_000.0, True),  # many, and more than one in a hundred
        (1000.0, 110_000.0, False),  # many, but hardly anybody of so many
        (0.4, 0.5, False),  # not even one person
    ],
)
def test_what_counts(failing: float, everyone: float, in_a_tier: bool) -> None:  # noqa: FBT001 - a drawn case
    """Most of a place; or a share worth naming that is many people or a good part of the place."""
    tier = ranked(commune("00001", failing, pop_total=everyone))["tier"].tolist()
    assert [5 if in_a_tier else pd.NA] == tier


def test_no_commune_with_next_to_nobody_stands_before_thousands() -> None:
    """Sixty of 20,000 without any signal, at the border, do not outrank 8,000 inland."""
    few = commune("00001", 60.0, 60.0, pop_total=20_000.0, is_border=True)
    many = commune("00002", 8000.0, 8000.0, pop_total=20_000.0)
    assert ["00002", "00001"] == order_of(ranked(few, many))


def test_a_dense_border_ward_comes_after_a_remote_commune() -> None:
    """The setting counts for rural communes only."""
    ward = commune("00001", 50_000.0, pop_total=60_000.0, is_rural=False, is_border=True, type="ward")
    village = commune("00002", 300.0)
    assert ["00002", "00001"] == order_of(ranked(ward, village))


def test_small_and_far_places_come_first_in_their_tier() -> None:
    """A whole island far from any signal, then a whole commune, then a part of a large one."""
    far = commune("00001", 140.0, 140.0, pop_total=140.0, is_island=True)
    whole = commune("00002", 900.0, 900.0, is_border=True)
    part = commune("00003", 9000.0, 9000.0, pop_total=40_000.0, is_border=True)
    spots = spots_of(("a", "00001", 140.0), ("b", "00002", 900.0)).assign(distance_to_5g_km=[22.5, 3.0])
    table = ranked(part, whole, far, spots=spots)
    assert ["00001", "00002", "00003"] == order_of(table)
    assert [1, 1, 1] == table["tier"].tolist()
    assert [22.5, 3.0] == table.set_index("code")["distance_to_basic_service_km"].loc[
        ["00001", "00002"]
    ].tolist()


def test_distance_is_the_mean_by_people_to_the_nearest_basic_service() -> None:
    """Spots without any such coverage anywhere are left out; a commune without spots has none."""
    spots = spots_of(("a", "00001", 100.0), ("b", "00001", 300.0), ("c", "00002", 80.0))
    spots = spots.assign(distance_to_5g_km=[8.0, 6.0, NAN], distance_to_4g_km=[4.0, NAN, NAN])
    table = ranked(commune("00001", 400.0, 400.0), commune("00002", 80.0), commune("00003"), spots=spots)
    distance = table["distance_to_basic_service_km"].tolist()
    assert (100 * 4.0 + 300 * 6.0) / 400 == distance[0]
    assert np.isnan(distance[1:]).all()


def test_other_orders_have_no_tiers() -> None:
    """By people, by share, or by any column of people."""
    rows = (
        commune("00001", 900.0, pop_total=9000.0, pop_uncovered_fibre=5.0),
        commune("00002", 400.0, pop_uncovered_fibre=7.0),
        commune("00003", pop_may_fail=3.0, pop_uncovered_fibre=6.0),
        commune("00004", 20.0, pop_total=20.0, pop_uncovered_fibre=0.0),
    )
    people, share = ranked(*rows, profile=by("people")), ranked(*rows, profile=by("share"))
    assert ["00001", "00002", "00004", "00003"] == order_of(people)
    assert ["00002", "00001", "00004", "00003"] == order_of(
        share
    )  # twenty people are too few to lead by their share
    assert [0.1, 0.4, 0.0, 1.0] == share["score"].tolist()
    assert ["00002", "00003", "00001", "00004"] == order_of(ranked(*rows, profile=by("pop_uncovered_fibre")))
    assert people["tier"].isna().all()


def test_an_order_by_an_unknown_column_is_refused() -> None:
    """Before anything is ranked."""
    with pytest.raises(ValueError, match="names pop_uncovered_6g"):
        ranked(commune("00001"), profile=by("pop_uncovered_6g"))


def test_ties_go_by_code() -> None:
    """The same people: the lower code first, whatever the order of the rows."""
    assert ["00002", "00009"] == order_of(ranked(commune("00009", 180.0), commune("00002", 180.0)))


def test_without_data_those_with_more_unknown_people_come_first() -> None:
    """Among communes without any known gap."""
    rows = (commune("00001", pop_may_fail=10.0), commune("00002", pop_may_fail=500.0))
    assert ["00002", "00001"] == order_of(ranked(*rows))


def test_rows_keep_their_order_and_every_row_has_a_reason() -> None:
    """Only columns are added; both languages are there for every commune."""
    table = ranked(*EVERYTHING)
    assert [row["code"] for row in EVERYTHING] == table["code"].tolist()
    assert table["reason_vi"].str.startswith("Xã").all()
    assert table["reason_en"].str.endswith(".").all()
    assert table["reason_vi"][6].startswith("Xã biên giới: 600 trong 1.000 người (60,0%)")
    last = ["rank", "tier", "score", "distance_to_basic_service_km", "reason_vi", "reason_en"]
    assert last == list(table.columns[-6:])


def test_black_spots_are_counted_per_commune() -> None:
    """Zero where there is none, unknown where the population is."""
    spots = spots_of(("a", "00001", 60.0), ("b", "00001", 90.5))
    table, _ = rank(pd.DataFrame([commune("00001"), commune("00002"), unknown("00003")]), spots, PROFILE)
    assert table["black_spot_count"].tolist() == [2, 0, pd.NA]
    assert table["pop_in_black_spots"].tolist()[:2] == [150.5, 0.0]
    assert np.isnan(table["pop_in_black_spots"][2])


def test_black_spots_rank_by_tier_severity_and_people() -> None:
    """A small spot of a border commune before a large one elsewhere; without any signal before without 5G."""
    rows = (commune("00001", 900.0), commune("00002", 600.0, is_border=True), commune("00003"))
    spots = spots_of(
        ("x", "00003", 5000.0),
        ("c", "00001", 60.0),
        ("b", "00001", 800.0),
        ("a", "00001", 60.0),
        ("y", "00002", 55.0),
        ("s", "00001", 51.0),
    )
    spots.loc[spots["spot_id"] == "s", "missing"] = "4g,5g,fibre"
    _, found = rank(pd.DataFrame(rows), spots, PROFILE)
    assert ["y", "s", "b", "a", "c", "x"] == found["spot_id"].tolist()
    assert [1, 2, 3, 4, 5, 6] == found["rank"].tolist()
    assert [4, 5, 5, 5, 5, pd.NA] == found["tier"].tolist()
    assert [True, False, False, False, False, False] == found["is_border"].tolist()
    assert found.crs.to_epsg() == 4326


def test_black_spots_carry_their_reason() -> None:
    """People, what misses and how far; no distance where there is no coverage at all."""
    _, found = rank(pd.DataFrame([commune("00001")]), spots_of(("a", "00001", 60.0)), PROFILE)
    assert found["reason_en"].tolist() == [
        "5G and fibre are missing for 60 people; the nearest 5G is 2.5 km away; fibre is nowhere yet."
    ]
    assert found["reason_vi"].tolist() == [
        "60 người thiếu 5G và cáp quang; 5G gần nhất cách 2,5 km; chưa nơi nào có cáp quang."
    ]


def test_no_black_spots_keep_the_columns() -> None:
    """An empty table has the same columns in the same order."""
    table = pd.DataFrame([commune("00001")])
    _, none = rank(table, spots_of(), PROFILE)
    _, some = rank(table, spots_of(("a", "00001", 60.0)), PROFILE)
    assert list(some.columns) == list(none.columns)
    assert len(none) == 0


COMMUNES = st.lists(
    st.tuples(
        st.floats(0, 500),
        st.floats(0, 500),
        st.booleans(),
        st.booleans(),
        st.sampled_from([0.0, 30.0]),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40)
@given(COMMUNES, st.randoms(use_true_random=False))
def test_ranks_are_complete_and_do_not_depend_on_order(
    drawn: list[tuple[float, float, bool, bool, float, bool]], random: object
) -> None:
    """1 to n once each, the same for shuffled rows, tiers in order and people falling inside a tier."""
    rows = [
        commune(f"{number:05}", severe + more, severe, is_border=border, is_rural=rural, pop_may_fail=silent)
        if known
        else unknown(f"{number:05}")
        for number, (severe, more, border, rural, silent, known) in enumerate(drawn)
    ]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    table, other = ranked(*rows), ranked(*shuffled)
    assert list(range(1, len(rows) + 1)) == sorted(table["rank"])
    pd.testing.assert_frame_equal(
        table.sort_values("code", ignore_index=True), other.sort_values("code", ignore_index=True)
    )
    placed = table.sort_values("rank")
    tiers = placed["tier"].fillna(7).tolist()
    assert sorted(tiers) == tiers
    for tier in range(1, 7):
        group = placed[placed["tier"] == tier]
        for most in (True, False):
            score = group.loc[(group["score"] >= 0.5 * group["pop_total"]) == most, "score"].to_numpy()
            assert (np.diff(score) <= 0).all()
