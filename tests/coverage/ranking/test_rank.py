"""The ranking of communes and black spots."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.ranking.rank import rank
from blackspot.data.project.profile import Profile

PROFILE = Profile(
    services=("5g", "fibre"), mobile_service="5g", fibre_service="fibre", min_people=50.0, gap="any"
)
NAN = float("nan")


def commune(code: str, **values: object) -> dict[str, object]:
    """Make a commune of 1,000 people where nothing misses, then change it."""
    row: dict[str, object] = {
        "code": code,
        "name": f"Xã {code}",
        "province_code": "01",
        "province_name": "Tỉnh A",
    }
    row |= {"type": "commune", "is_rural": True, "is_border": False, "is_island": False, "area_km2": 1.0}
    row |= {"pop_total": 1000.0, "pop_source": "raster", "pop_no_data_5g": 0.0}
    row |= {
        "pop_total_not_spot_5g": 0.0,
        "pop_partial_not_spot_5g": 0.0,
        "pop_failing": 0.0,
        "pop_double_gap": 0.0,
    }
    return row | values


def not_spot(code: str, total: float, partial: float = 0.0, **values: object) -> dict[str, object]:
    return commune(code, pop_total_not_spot_5g=total, pop_partial_not_spot_5g=partial, **values)


def unknown(code: str) -> dict[str, object]:
    counts = ("pop_total", "pop_no_data_5g", "pop_failing", "pop_double_gap")
    return not_spot(code, NAN, NAN, **dict.fromkeys(counts, NAN))


def spots_of(*rows: tuple[str, str, float]) -> gpd.GeoDataFrame:
    """Make black spots of (spot_id, code, people)."""
    frame = pd.DataFrame(list(rows), columns=["spot_id", "code", "pop"]).astype({"pop": float})
    frame = frame.assign(
        name="Xã", area_km2=1.0, lon=105.0, lat=21.0, missing="5g,fibre", distance_to_5g_km=2.5
    )
    frame["distance_to_fibre_km"] = NAN
    return gpd.GeoDataFrame(frame, geometry=[shapely.box(0, 0, 1, 1)] * len(frame), crs="EPSG:4326")


def ranked(*rows: dict[str, object], profile: Profile = PROFILE) -> pd.DataFrame:
    table, _ = rank(pd.DataFrame(list(rows)), spots_of(), profile)
    return table


def order_of(table: pd.DataFrame) -> list[str]:
    return table.sort_values("rank")["code"].tolist()


EVERYTHING = (
    commune("00001"),
    unknown("00002"),
    commune("00003", pop_no_data_5g=400.0),
    not_spot("00004", 20.0, 10.0),
    not_spot("00005", 0.0, 500.0),
    not_spot("00006", 300.0),
    not_spot("00007", 60.0, is_island=True),
    not_spot("00008", 70.0, is_border=True),
)


def test_order_of_the_tiers() -> None:
    """Border and island not-spots, other not-spots, partial, few, no data, unknown, well served."""
    table = ranked(*EVERYTHING)
    assert order_of(table) == ["00008", "00007", "00006", "00005", "00004", "00003", "00002", "00001"]
    assert table["tier"].tolist() == [pd.NA, pd.NA, pd.NA, pd.NA, 3, 2, 1, 1]
    assert table["rank"].tolist() == [8, 7, 6, 5, 4, 3, 2, 1]
    assert [str(table[name].dtype) for name in ("rank", "tier", "black_spot_count")] == ["Int64"] * 3


def test_score_is_the_people_who_decide() -> None:
    """Total not-spot in tiers 1 and 2, partial in tier 3, both together below; unknown stays unknown."""
    score = ranked(*EVERYTHING)["score"].tolist()
    assert np.isnan(score[1])
    assert [score[0], *score[2:]] == [0.0, 0.0, 30.0, 500.0, 300.0, 60.0, 70.0]


def test_threshold_counts() -> None:
    """Fifty people make a tier, fewer do not; a threshold of nothing still needs somebody."""
    table = ranked(not_spot("00001", 50.0), not_spot("00002", 49.99), not_spot("00003", 0.0))
    assert table["tier"].tolist() == [2, pd.NA, pd.NA]
    free = PROFILE.model_copy(update={"min_people": 0.0})
    assert ranked(not_spot("00001", 0.0), not_spot("00002", 0.1), profile=free)["tier"].tolist() == [pd.NA, 2]


def test_total_comes_before_partial_however_many_people() -> None:
    """A commune with both kinds stands in the tier of its total not-spot."""
    table = ranked(not_spot("00001", 0.0, 900.0), not_spot("00002", 60.0, 800.0))
    assert table["tier"].tolist() == [3, 2]
    assert table["score"].tolist() == [900.0, 60.0]


def test_border_or_island_alone_is_no_tier() -> None:
    """Without enough people in a not-spot the setting does not matter."""
    assert ranked(commune("00001", is_border=True, is_island=True))["tier"].tolist() == [pd.NA]


def test_ties_go_by_code() -> None:
    """The same people: the lower code first, whatever the order of the rows."""
    assert order_of(ranked(not_spot("00009", 80.0), not_spot("00002", 80.0))) == ["00002", "00009"]


def test_without_data_those_with_more_unknown_people_come_first() -> None:
    """Among communes without any known gap."""
    rows = (commune("00001", pop_no_data_5g=10.0), commune("00002", pop_no_data_5g=500.0))
    assert order_of(ranked(*rows)) == ["00002", "00001"]


def test_profile_without_mobile_service_ranks_by_failing_people() -> None:
    """No tier 3, and the reason speaks of the profile's services."""
    profile = Profile(services=("fibre",), min_people=50.0)
    rows = (commune("00001", pop_failing=70.0), commune("00002", pop_failing=900.0, pop_double_gap=1.0))
    table, _ = rank(pd.DataFrame(rows), spots_of(), profile)
    assert table["tier"].tolist() == [2, 2]
    assert order_of(table) == ["00002", "00001"]
    assert table["reason_en"][0] == "Commune: fibre is missing for 70 of 1,000 people (7.0 %)."


def test_service_without_any_submission_is_no_data() -> None:
    """Where nobody handed in the mobile service everybody is without data, nobody without coverage."""
    profile = PROFILE.model_copy(update={"mobile_service": "6g"})
    rows = [commune("00001", pop_total_not_spot_6g=0.0, pop_partial_not_spot_6g=0.0)]
    table, _ = rank(pd.DataFrame(rows), spots_of(), profile)
    assert table["reason_en"][0] == "Commune: 6G is not known for 1,000 of 1,000 people."


def test_rows_keep_their_order_and_every_row_has_a_reason() -> None:
    """Only columns are added; both languages are there for every commune."""
    table = ranked(*EVERYTHING)
    assert table["code"].tolist() == [row["code"] for row in EVERYTHING]
    assert table["reason_vi"].str.startswith("Xã").all()
    assert table["reason_en"].str.endswith(".").all()
    assert table["reason_vi"][7].startswith("Xã biên giới: 70 trong 1.000 người (7,0 %)")
    assert list(table.columns[-5:]) == ["rank", "tier", "score", "reason_vi", "reason_en"]


def test_black_spots_are_counted_per_commune() -> None:
    """Zero where there is none, unknown where the population is."""
    spots = spots_of(("a", "00001", 60.0), ("b", "00001", 90.5))
    table, _ = rank(pd.DataFrame([commune("00001"), commune("00002"), unknown("00003")]), spots, PROFILE)
    assert table["black_spot_count"].tolist() == [2, 0, pd.NA]
    assert table["pop_in_black_spots"].tolist()[:2] == [150.5, 0.0]
    assert np.isnan(table["pop_in_black_spots"][2])


def test_black_spots_rank_by_tier_then_people() -> None:
    """A small spot of a border commune before a large one elsewhere; spots without a tier last."""
    rows = (not_spot("00001", 900.0), not_spot("00002", 60.0, is_border=True), commune("00003"))
    spots = spots_of(
        ("x", "00003", 5000.0),
        ("c", "00001", 60.0),
        ("b", "00001", 800.0),
        ("a", "00001", 60.0),
        ("y", "00002", 55.0),
    )
    _, found = rank(pd.DataFrame(rows), spots, PROFILE)
    assert found["spot_id"].tolist() == ["y", "b", "a", "c", "x"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]
    assert found["tier"].tolist() == [1, 2, 2, 2, pd.NA]
    assert found["is_border"].tolist() == [True, False, False, False, False]
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
        not_spot(f"{number:05}", total, partial, is_border=border, is_island=island, pop_no_data_5g=silent)
        if known
        else unknown(f"{number:05}")
        for number, (total, partial, border, island, silent, known) in enumerate(drawn)
    ]
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    table, other = ranked(*rows), ranked(*shuffled)
    assert sorted(table["rank"]) == list(range(1, len(rows) + 1))
    pd.testing.assert_frame_equal(
        table.sort_values("code", ignore_index=True), other.sort_values("code", ignore_index=True)
    )
    placed = table.sort_values("rank")
    tiers = placed["tier"].fillna(4).tolist()
    assert tiers == sorted(tiers)
    for tier in (1, 2, 3):
        score = placed.loc[placed["tier"] == tier, "score"].to_numpy()
        assert (np.diff(score) <= 0).all()
        assert (score >= PROFILE.min_people).all()
