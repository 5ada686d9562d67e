"""One commune in words."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from blackspot.data.text.wording import RANGE
from blackspot.maps.words.explain import explain

ROW: dict[str, object] = {
    "code": "03181",
    "name": "Mường Toong",
    "province_code": "11",
    "province_name": "Điện Biên",
    "type": "commune",
    "is_rural": True,
    "is_rural_basis": "legal_type",
    "is_border": True,
    "is_border_basis": "legal_list",
    "border_distance_km": 3.24,
    "is_island": False,
    "is_island_basis": "not_connected_by_area",
    "area_km2": 234.5,
    "pop_total": 5678.0,
    "pop_source": "raster_calibrated",
    "pop_covered_5g": 4000.0,
    "pop_uncovered_5g": 1234.0,
    "pop_no_data_5g": 444.0,
    "covered_share_5g": 4000 / 5678,
    "pop_covered_5g_max_operator": 3900.0,
    "pop_covered_5g_all": 1000.0,
    "pop_covered_5g_hai_dang": 3900.0,
    "pop_covered_5g_sao_mai": 1100.0,
    "pop_covered_fibre": 5678.0,
    "pop_uncovered_fibre": 0.0,
    "pop_no_data_fibre": 0.0,
    "covered_share_fibre": 1.0,
    "pop_covered_fibre_max_operator": 5678.0,
    "pop_covered_fibre_all": 5678.0,
    "pop_covered_fibre_sao_mai": 5678.0,
    "pop_total_not_spot_5g": 1234.0,
    "pop_partial_not_spot_5g": 3000.0,
    "pop_failing": 0.0,
    "pop_double_gap": 0.0,
    "black_spot_count": 1,
    "rank": 17,
    "tier": 1,
    "score": 1234.0,
    "reason_vi": "Xã biên giới: 1.234 người.",
    "reason_en": "Border commune: 1,234 people.",
}


def spots(count: int) -> list[dict[str, object]]:
    """Make black spots of the commune with 100, 200, ... people."""
    return [
        {
            "spot_id": f"03181-{number}",
            "code": "03181",
            "pop": 100.0 * (number + 1),
            "area_km2": 2.25,
            "lon": 102.34567,
            "lat": 22.1,
            "missing": "5g,fibre",
            "distance_to_5g_km": 3.2,
            "distance_to_fibre_km": float("nan"),
        }
        for number in range(count)
    ]


def test_everything_in_english() -> None:
    """Who and where, rank, setting, people, services, not-spots, black spots."""
    assert explain(ROW, spots(1), "en", operators={"hai_dang": "Hải Đăng"}) == [
        "Mường Toong (03181), commune of Điện Biên",
        "Rank 17, tier 1. Border commune: 1,234 people.",
        "Border commune; rural; on the border by legal list; 3.2 km from the land border.",
        "5,678 people on 235 km²; population source: population grid scaled to the official total.",
        (
            f"5G: 4,000{RANGE}4,444 people with it (70.4{RANGE}78.3%), 1,234{RANGE}1,678 without, as there are no data for 444 people; "
            "by operator, at least: Hải Đăng 68.7%, sao_mai 19.4%; every operator, at least: 17.6%."
        ),
        "Fibre: 5,678 people with it (100%), 0 people without.",
        "Failing the profile: 0 people.",
        f"Total not-spot of 5G: 1,234{RANGE}1,678 people; partial not-spot: 3,000{RANGE}3,444 people.",
        "Neither mobile nor fibre: not enough data to know.",
        "Black spots: 1, with 100 people.",
        "  03181-0: 100 people on 2.3 km², at 22.1000, 102.3457, without 5G and fibre; nearest 5G 3.2 km",
    ]


def test_everything_in_vietnamese() -> None:
    """The same facts, with Vietnamese words and figures."""
    assert explain(ROW, spots(1), "vi") == [
        "Xã Mường Toong (03181), Điện Biên",
        "Xếp hạng 17, nhóm 1. Xã biên giới: 1.234 người.",
        "Xã biên giới; nông thôn; biên giới theo danh sách pháp lý; cách biên giới đất liền 3,2 km.",
        "5.678 người trên 235 km²; nguồn dân số: lưới dân số hiệu chỉnh theo số liệu chính thức.",
        (
            f"5G: 4.000{RANGE}4.444 người có (70,4{RANGE}78,3%), 1.234{RANGE}1.678 người không có, vì 444 người chưa có dữ liệu; "
            "từng nhà mạng, ít nhất: hai_dang 68,7%, sao_mai 19,4%; mọi nhà mạng, ít nhất: 17,6%."
        ),
        "Cáp quang: 5.678 người có (100%), 0 người không có.",
        "Không đạt bộ tiêu chí: 0 người.",
        f"Vùng trắng sóng 5G: 1.234{RANGE}1.678 người; chỉ một số nhà mạng phủ sóng: 3.000{RANGE}3.444 người.",
        "Trắng cả di động và cáp quang: chưa đủ dữ liệu để biết.",
        "1 điểm đen số, 100 người.",
        "  03181-0: 100 người trên 2,3 km², tại 22.1000, 102.3457, thiếu 5G và cáp quang; 5G gần nhất 3,2 km",
    ]


def test_black_spots_are_told_largest_first_and_not_endlessly() -> None:
    """Five of seven, then how many more."""
    lines = explain(ROW, spots(7), "en")
    told = [line.split(":")[0].strip() for line in lines if line.startswith("  ")]
    assert told == ["03181-6", "03181-5", "03181-4", "03181-3", "03181-2", "and 2 more, smaller"]
    assert "Black spots: 7, with 2,800 people." in lines


def test_black_spots_name_the_place_they_lie_near() -> None:
    """Only where the run knows places; a spot without one says nothing of it."""
    without, with_place = spots(2)
    near = [
        without | {"place_name": "", "place_distance_km": float("nan")},
        with_place | {"place_name": "Bản Một", "place_distance_km": 1.26},
    ]
    told = {language: explain(ROW, near, language)[-2:] for language in ("vi", "en")}
    assert "at 22.1000, 102.3457 (1.3 km from Bản Một), without" in told["en"][0]
    assert "tại 22.1000, 102.3457 (cách Bản Một 1,3 km), thiếu" in told["vi"][0]
    assert "at 22.1000, 102.3457, without" in told["en"][1]


def test_without_black_spots() -> None:
    """Nothing found is said."""
    assert explain(ROW, spots(0), "en")[-1] == "No black spot."
    assert explain(ROW, spots(0), "vi")[-1] == "Không có điểm đen số."


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA])
def test_unknown_population(nothing: object) -> None:
    """Nothing is said of services where nobody knows how many people there are."""
    people = {name: nothing for name in ROW if name.startswith(("pop_", "covered_share"))}
    row = (
        ROW | people | {"tier": nothing, "pop_source": "unknown", "reason_en": "The population is not known."}
    )
    assert explain(row, spots(0), "en") == [
        "Mường Toong (03181), commune of Điện Biên",
        "Rank 17, in no tier. The population is not known.",
        "Border commune; rural; on the border by legal list; 3.2 km from the land border.",
        "235 km²; the population is not known.",
    ]


def test_a_row_of_a_frame_can_be_told() -> None:
    """A row as pandas gives it, with nullable integers."""
    frame = pd.DataFrame([ROW]).astype({"rank": "Int64", "tier": "Int64"})
    assert explain(ROW, spots(2), "vi") == explain(frame.iloc[0].to_dict(), spots(2), "vi")


def test_names_that_carry_their_type_are_not_doubled() -> None:
    """Some sources write xã into the name; provinces without a name are told by code."""
    row = ROW | {"name": "Xã Mường Toong", "province_name": ""}
    assert explain(row, spots(0), "vi")[0] == "Xã Mường Toong (03181), tỉnh 11"
    assert explain(row, spots(0), "en")[0] == "Xã Mường Toong (03181), commune of province 11"


def test_flags_that_are_not_set_are_not_told() -> None:
    """A plain urban ward, and an island by its own geometry."""
    plain = {"type": "ward", "is_rural": False, "is_border": False, "border_distance_km": float("nan")}
    assert explain(ROW | plain, spots(0), "en")[2] == "Ward; urban."
    island = {"is_island": True, "is_island_basis": "not_connected_by_people"}
    assert explain(ROW | plain | island, spots(0), "en")[2] == (
        "Island ward; urban; an island: most people live off the mainland."
    )


def test_a_table_that_is_not_ranked_yet() -> None:
    """Without a rank the line is left out; an unknown legal type decides nothing about rural."""
    row = {name: value for name, value in ROW.items() if name not in {"rank", "tier"}}
    row |= {"type": None, "is_rural": False, "is_rural_basis": "none"}
    assert explain(row, spots(0), "vi")[:2] == [
        "Đơn vị hành chính Mường Toong (03181), Điện Biên",
        "Đơn vị hành chính biên giới; biên giới theo danh sách pháp lý; cách biên giới đất liền 3,2 km.",
    ]


def test_nobody_lives_there() -> None:
    """No share can be given of nobody."""
    people = {name: 0.0 for name in ROW if name.startswith("pop_") and name != "pop_source"}
    assert explain(ROW | people, spots(0), "en")[4] == "5G: 0 people with it (-), 0 people without."


def test_between_what_and_what() -> None:
    """Where data is missing, how many may fail at most."""
    row = ROW | {"pop_failing": 1234.0, "pop_may_fail": 444.0}
    english, vietnamese = explain(row, [], "en"), explain(row, [], "vi")
    assert f"Failing the profile: 1,234{RANGE}1,678 people." in english
    assert f"Không đạt bộ tiêu chí: 1.234{RANGE}1.678 người." in vietnamese
    assert "Not enough data to know whether there is a black spot." == english[-1]
    assert "Black spots: at least 1, with 100 people." in explain(row, spots(1), "en")
    assert "(chưa tính người chưa đủ dữ liệu; có thể đứng trước)" in vietnamese[1]


def test_all_is_open_where_nothing_was_handed_in() -> None:
    """A commune without any data of a service: nobody is said to be without, nor with it."""
    silent = {"pop_covered_5g": 0.0, "pop_uncovered_5g": 0.0, "pop_no_data_5g": 5678.0}
    ends = {f"pop_covered_5g_{end}": 0.0 for end in ("max_operator", "all", "hai_dang", "sao_mai")}
    spots_of = {"pop_total_not_spot_5g": 0.0, "pop_partial_not_spot_5g": 0.0}
    said = explain(ROW | silent | ends | spots_of, [], "en")
    assert said[4].startswith(
        f"5G: 0{RANGE}5,678 people with it (0{RANGE}100%), 0{RANGE}5,678 without, as there are no data for 5,678"
    )
    assert f"Total not-spot of 5G: 0{RANGE}5,678 people; partial not-spot: 0{RANGE}5,678 people." in said


def test_both_figures_of_the_population() -> None:
    """The raster's, the official one, which of them counts, whether they are disputed, and the range of rasters."""
    figures = {"pop_raster": 15_122.0, "pop_official": 2789.0, "pop_basis": "official", "pop_disputed": True}
    assert (
        "The raster has 15,122 people, the official figure is 2,789 people; the official one counts; the two are disputed "
        "and to be verified." == explain(ROW | figures, [], "en")[4]
    )
    spread = {"pop_disputed": False, "pop_raster_min": 9000.0, "pop_raster_max": 15_122.0}
    assert (
        "Lưới dân số 15.122 người, số liệu chính thức 2.789 người; dùng số chính thức; các lưới dân số khác nhau từ 9.000 đến "
        "15.122." == explain(ROW | figures | spread, [], "vi")[4]
    )


def test_an_official_figure_where_the_raster_has_none() -> None:
    """Islands beyond the raster: no dash in place of a number."""
    figures = {"pop_raster": math.nan, "pop_official": 153.0, "pop_basis": "official", "pop_disputed": True}
    assert (
        "The raster has no figure, the official figure is 153 people; the official one counts; the two are disputed and to be "
        "verified." == explain(ROW | figures, [], "en")[4]
    )


def test_distance_to_each_operator() -> None:
    """Where there are several, each by its name."""
    spot = spots(1)[0] | {"distance_to_5g_hai_dang_km": 3.2, "distance_to_5g_sao_mai_km": 12.4}
    line = explain(ROW, [spot], "en", operators={"hai_dang": "Hải Đăng"})[-1]
    assert line.endswith("; nearest 5G 3.2 km (Hải Đăng 3.2 km, sao_mai 12 km)")


def test_what_was_before() -> None:
    """People who failed in the run before, without calling the difference progress."""
    row = ROW | {"pop_failing": 900.0}
    line = explain(row, [], "en", before={"pop_failing": 1234.0}, period="000003-9f2c41")[-1]
    assert (
        "Before (000003-9f2c41): 1,234 people failed the profile; now 900 people. Other data, boundaries or rules may be "
        "the reason." == line
    )
    assert "No black spot." == explain(row, [], "en", before={"pop_failing": float("nan")})[-1]


SURE = {"rank_low": 9, "rank_high": 31, "pop_failing_low": 980.0, "pop_failing_high": 1502.0}


def test_how_sure_its_rank_is() -> None:
    """After the reason: ranks and people of most draws, and its place in the list where it has one."""
    row = ROW | SURE | {"top_probability": 0.62, "certainty": "likely"}
    assert explain(row, spots(0), "en")[2] == (
        "In nine draws of ten it stands between rank 9 and rank 31, and between 980 and 1,502 people fail the profile; "
        "its place among the first communes: likely (62.0% of the draws)."
    )
    assert explain(row, spots(0), "vi")[2] == (
        "Trong chín phần mười số lần mô phỏng, xã, phường, đặc khu này đứng từ hạng 9 đến hạng 31, và từ 980 đến 1.502 "
        "người không đạt bộ tiêu chí; vị trí trong danh sách đầu: có khả năng (62,0% số lần mô phỏng)."
    )


def test_a_rank_that_stays_and_one_of_which_nothing_is_known() -> None:
    """Where only the people move, one rank is named and no range from it to itself."""
    fixed = {
        "rank_low": 17,
        "rank_high": 17,
        "pop_failing_low": 0.0,
        "pop_failing_high": 0.0,
        "certainty": "",
    }
    told = explain(ROW | fixed, spots(0), "en")
    assert told[2] == "Its rank and the people who fail the profile stay the same in nine draws of ten."
    open_people = fixed | {"pop_failing_high": 40.0}
    assert explain(ROW | open_people, spots(0), "en")[2] == (
        "In nine draws of ten it stands at rank 17, and between 0 and 40 people fail the profile."
    )
    unknown = ROW | SURE | {"pop_failing_low": float("nan"), "certainty": ""}
    assert explain(unknown, spots(0), "en")[2].startswith("Border commune; rural")


def test_parts_of_a_composite_score() -> None:
    composite = {"score": 0.75, "score_arithmetic": 0.75, "score_geometric": 0.625}
    composite |= {"contribution_pop_failing": 0.5, "contribution_uncovered_5g_share": 0.25}
    assert explain(ROW | composite, spots(0), "en")[2] == (
        "Composite score 0.750 = 0.500 from “People who fail the profile” + 0.250 from the share of “People without 5G” "
        "(arithmetic 0.750, geometric 0.625)."
    )
    assert explain(ROW | composite, spots(0), "vi")[2].startswith("Điểm tổng hợp 0,750 = 0,500 từ “")
    assert explain(ROW | composite | {"score": float("nan")}, spots(0), "en")[2].startswith("Border commune")
