"""People per commune, province and country."""

from __future__ import annotations

from math import fsum

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.coverage.people.tally import commune_table, country_figures, roll_up
from blackspot.data.columns.register import columns, find, operator_columns, ordered
from blackspot.data.project.profile import Profile
from blackspot.data.text.slug import slug
from tallies import LAYERS, by_hand, communes, tally


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("pop_total", 54321),
        ("pop_covered_5g", 50320),
        ("pop_uncovered_5g", 4000),
        ("pop_no_data_5g", 1),
        ("covered_share_5g", 50320 / 54321),
        ("pop_covered_5g_at_least_2", 50300),
        ("pop_covered_5g_max_operator", 50320),
        ("pop_covered_5g_all", 50000),
        ("pop_covered_5g_sao_mai", 50320),
        ("pop_covered_5g_dong", 50000),
        ("pop_covered_5g_bac", 50300),
        ("pop_covered_fibre", 50000),
        ("pop_uncovered_fibre", 4321),
        ("pop_no_data_fibre", 0),
        ("pop_covered_fibre_all", 50000),
        ("pop_total_not_spot_5g", 4000),
        ("pop_partial_not_spot_5g", 20),
        ("pop_failing", 4000),
        ("pop_no_basic_service", 0),
        ("pop_may_fail", 1),
        ("pop_double_gap", 4000),
    ],
)
def test_every_column_by_hand(column: str, expected: float) -> None:
    """Each count is the sum of the combinations its rule selects."""
    assert expected == pytest.approx(by_hand()[column].iloc[0], rel=1e-15)


def test_columns_are_those_described_in_their_order() -> None:
    """The table holds exactly the described counts, in the described order, service after service."""
    written = list(by_hand().columns)
    assert written == ordered("communes", written)
    found = [find("communes", name)[0].name for name in written]
    later = {column.name for column in columns("communes")} - set(found)
    assert later == {
        *(
            "area_official_km2",
            "pop_basis",
            "pop_raster",
            "pop_official",
            "raster_to_official",
            "pop_disputed",
        ),
        *("pop_raster_min", "pop_raster_max", "pop_planned_<service>", "pop_residual_<service>"),
        *("is_rural", "is_rural_basis", "is_border", "is_border_basis", "border_distance_km"),
        *("is_island", "is_island_basis", "black_spot_count", "pop_in_black_spots"),
        *("border_touch", "border_distance_people_km", "border_belt_share", "not_connected"),
        *("is_bridged_island", "dou_l1", "dou_l2", "dou_unstable", "list_<list>"),
        *("score_arithmetic", "score_geometric", "contribution_<indicator>", "certainty", "top_probability"),
        *("rank_low", "rank_high", "pop_failing_low", "pop_failing_high"),
        *("rank", "tier", "score", "distance_to_basic_service_km", "reason_vi", "reason_en", "notice"),
    }
    described = [column.name for column in columns("communes") if column.name not in later]
    of_5g = [name for name, own in zip(found, written, strict=True) if "_5g" in own]
    assert list(dict.fromkeys(of_5g)) == [name for name in described if "<service>" in name]


def test_an_operator_may_be_called_like_the_start_of_a_combined_count() -> None:
    """Alltel is an operator, not the column of all of them."""
    operators = ("Alltel", "Max Operator Mobile", "Z")
    layers = LayerTable(
        tuple(OperatorService(name, "5g", (bit,), None) for bit, name in enumerate(operators))
    )
    table = commune_table(
        communes(1),
        np.array([[1.0, 20.0, 300.0]]),
        np.array([0, 1, 3], dtype=np.uint64),
        layers,
        Profile(services=("5g",)),
        np.array([True]),
        np.array(["raster"], dtype=object),
    )
    found = operator_columns(table.columns, "5g")
    assert found == tuple(f"pop_covered_5g_{slug(name)}" for name in operators)
    assert roll_up(table)["pop_covered_5g_max_operator"].tolist() == [320.0]


def test_profile_without_mobile_service_has_no_not_spot_columns() -> None:
    """Not-spots are those of the profile's mobile service."""
    table = commune_table(
        communes(1),
        np.ones((1, 1)),
        np.zeros(1, np.uint64),
        LAYERS,
        Profile(services=("5g",)),
        np.array([True]),
        np.array(["raster"], object),
    )
    assert [name for name in table.columns if "not_spot" in name] == []
    assert "pop_double_gap" not in table


def test_unknown_population_is_empty_never_zero() -> None:
    """A commune outside the raster has no people column at all, and no share."""
    table = tally(np.zeros((2, 2)), [0, 1], known=[True, False])
    counts = [name for name in table.columns if name.startswith("pop_") and name != "pop_source"]
    assert table.loc[1, [*counts, "covered_share_5g"]].isna().all()
    assert [0.0] * len(counts) == table.loc[0, counts].tolist()


def test_share_is_empty_where_nobody_lives_or_nothing_is_known() -> None:
    """Nobody and no data give no share; partly no data gives a lower share."""
    layers = LayerTable((OperatorService("Sao Mai", "5g", (0,), (1,)),))
    people = np.array([[0.0, 0.0, 0.0], [7.0, 0.0, 0.0], [50.0, 30.0, 20.0], [0.0, 0.0, 5.0]])
    table = commune_table(
        communes(4),
        people,
        np.array([0, 1, 2], np.uint64),
        layers,
        Profile(services=("5g",)),
        np.array([True] * 4),
        np.array(["raster"] * 4, object),
    )
    assert table["covered_share_5g"].isna().tolist() == [True, True, False, False]
    assert table["covered_share_5g"].tolist()[2:] == [0.3, 0.0]


def test_wrong_shape_is_refused() -> None:
    """People of other combinations than the masks would be silently wrong."""
    with pytest.raises(ValueError, match="shape"):
        tally(np.ones((2, 3)), [0, 1])


PEOPLE = st.integers(1, 8).flatmap(
    lambda rows: st.lists(
        st.lists(st.floats(0, 1e6), min_size=32, max_size=32), min_size=rows, max_size=rows
    ).map(np.array)
)


@settings(max_examples=30)
@given(PEOPLE)
def test_states_add_up_and_operators_are_nested(people: np.ndarray) -> None:
    """covered + uncovered + no data = total; any >= max operator >= each >= all, to the last bit."""
    table = tally(people, list(range(32)))
    for level in (table, roll_up(table), pd.DataFrame([country_figures(table)])):
        for service in ("5g", "fibre"):
            states = sum(level[f"pop_{state}_{service}"] for state in ("covered", "uncovered", "no_data"))
            assert np.allclose(states, level["pop_total"], rtol=1e-12, atol=0)
            most = level[f"pop_covered_{service}_max_operator"]
            assert (level[f"pop_covered_{service}"] >= most).all()
            for column in operator_columns(level.columns, service):
                assert (most >= level[column]).all()
                assert (level[column] >= level[f"pop_covered_{service}_all"]).all()
        at_most = level["pop_failing"] + level["pop_may_fail"]
        assert (at_most <= level["pop_total"] * (1 + 1e-12)).all()
        without_data = level["pop_no_data_5g"] + level["pop_no_data_fibre"]
        assert (level["pop_may_fail"] <= without_data * (1 + 1e-12)).all()


@settings(max_examples=30)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_roll_ups_are_exact_and_do_not_depend_on_order(people: np.ndarray, random: object) -> None:
    """Shuffled communes give the same bits, and each sum is the correctly rounded one."""
    table = tally(people, list(range(32)))
    order = list(range(len(table)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = table.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(roll_up(table), roll_up(shuffled), check_exact=True)
    figures, others = (pd.DataFrame([country_figures(rows)]) for rows in (table, shuffled))
    pd.testing.assert_frame_equal(figures, others, check_exact=True)
    assert fsum(table["pop_total"]) == country_figures(table)["pop_total"]
    assert country_figures(table)["pop_total"] == pytest.approx(fsum(roll_up(table)["pop_total"]), rel=1e-15)


def two_provinces() -> pd.DataFrame:
    """Communes 0 and 2 in province 01, 1 and 3 in 02; Sao Mai (1) is large in 0, Bắc (4) in 2."""
    people = np.array([[0.0, 60.0, 10.0], [5.0, 5.0, 0.0], [0.0, 20.0, 50.0], [0.0, 0.0, 0.0]])
    return tally(people, [0, 1, 4], known=[True, True, True, False])


def test_max_operator_of_a_province_is_one_operator() -> None:
    """The maximum of the sums (80), not the sum of the maxima (110)."""
    provinces = roll_up(two_provinces())
    assert provinces["pop_covered_5g_max_operator"].tolist() == [80.0, 5.0]
    assert country_figures(two_provinces())["pop_covered_5g_max_operator"] == 85.0


def test_unknown_communes_are_skipped_and_counted() -> None:
    """An unknown commune changes no sum but is not forgotten."""
    provinces = roll_up(two_provinces())
    assert provinces["province_code"].tolist() == ["01", "02"]
    assert provinces["province_name"].tolist() == ["Tỉnh 01", "Tỉnh 02"]
    assert provinces["communes"].tolist() == [2, 2]
    assert provinces["population_unknown_communes"].tolist() == [0, 1]
    assert provinces["pop_total"].tolist() == [140.0, 10.0]
    assert provinces["area_km2"].tolist() == [5.0, 7.0]


def test_shares_are_recomputed_from_sums() -> None:
    """A province's share weighs people, not communes."""
    provinces = roll_up(two_provinces())
    assert provinces["covered_share_5g"].tolist() == [1.0, 0.5]
    assert pytest.approx(145 / 150) == country_figures(two_provinces())["covered_share_5g"]


def test_province_of_unknown_communes_is_unknown() -> None:
    """Nothing known adds up to unknown, not to zero people."""
    table = tally(np.zeros((2, 1)), [0], known=[True, False])
    assert roll_up(table)["pop_total"].tolist()[:1] == [0.0]
    assert np.isnan(roll_up(table)["pop_total"].iloc[1])


def test_flags_and_tiers_are_counted() -> None:
    """Roll-ups count border and island communes, tiers and black spots where the table has them."""
    table = two_provinces().assign(
        is_border=[True, False, True, True],
        is_island=[False, True, False, False],
        tier=pd.array([1, None, 3, 1], dtype="Int64"),
        black_spot_count=[3, 0, 2, 0],
        pop_in_black_spots=[1.5, 0.0, 2.5, np.nan],
    )
    figures = country_figures(table)
    assert (figures["provinces"], figures["communes"], figures["population_unknown_communes"]) == (2, 4, 1)
    assert (figures["border_communes"], figures["island_communes"]) == (3, 1)
    assert tuple(figures[f"tier_{tier}_communes"] for tier in (1, 2, 3)) == (2, 0, 1)
    assert (figures["black_spot_count"], figures["pop_in_black_spots"]) == (5, 4.0)


def test_other_groups_can_be_added_up() -> None:
    """The same sums by any column, for example by legal type."""
    rows = roll_up(two_provinces().assign(type=["ward", "commune", "ward", "ward"]), by="type")
    assert rows["type"].tolist() == ["commune", "ward"]
    assert rows["pop_total"].tolist() == [10.0, 140.0]
