"""Sentences that say why a commune or a black spot stands where it stands."""

from __future__ import annotations

import math
from typing import Any

import pytest

from blackspot.coverage.ranking.order import FEW, NO_DATA, NOBODY, UNKNOWN
from blackspot.coverage.ranking.reasons import Commune, commune_reason, spot_reason, unit
from blackspot.data.project.profile import Profile

PROFILE = Profile(
    id="vn",
    services=("5g", "fibre"),
    mobile_service="5g",
    fibre_service="fibre",
    basic_services=("4g", "5g"),
)
NAN = math.nan


def place(standing: int, **values: Any) -> Commune:
    """Make a ward of 5,678 people where nobody is affected, then change it."""
    usual: dict[str, Any] = {
        "legal_type": "ward",
        "is_border": False,
        "is_island": False,
        "everyone": 5678.0,
        "failing": 0.0,
        "severe": 0.0,
        "without_services": values.get("failing", 0.0),
        "silent": 0.0,
        "distance_km": NAN,
    }
    return Commune(standing=standing, **(usual | values))


@pytest.mark.parametrize(
    ("legal_type", "border", "island", "vi", "en"),
    [
        ("commune", False, False, "xã", "commune"),
        ("commune", True, False, "xã biên giới", "border commune"),
        ("commune", False, True, "xã đảo", "island commune"),
        ("ward", True, True, "phường đảo biên giới", "border and island ward"),
        ("special_zone", False, True, "đặc khu hải đảo", "island special zone"),
        (None, True, False, "đơn vị hành chính biên giới", "border commune"),
    ],
)
def test_unit(legal_type: str | None, border: bool, island: bool, vi: str, en: str) -> None:  # noqa: FBT001
    """The legal type with its setting, as people say it."""
    row = {"type": legal_type, "is_border": border, "is_island": island}
    assert vi == unit(row, "vi")
    assert en == unit(row, "en")


@pytest.mark.parametrize(
    ("commune", "vi", "en"),
    [
        (
            place(
                1,
                legal_type="special_zone",
                is_island=True,
                everyone=686.0,
                failing=686.0,
                severe=686.0,
                distance_km=80.1,
            ),
            "Đặc khu hải đảo: không ai trong 686 người có sóng 4G hoặc 5G, nơi có sóng gần nhất cách 80 km.",
            "Island special zone: none of 686 people has 4G or 5G, the nearest signal is 80 km away.",
        ),
        (
            place(1, legal_type="commune", is_border=True, failing=3000.0, severe=1234.0, distance_km=0.2),
            "Xã biên giới: 1.234 trong 5.678 người (21,7%) không có sóng 4G hoặc 5G; tổng cộng 3.000 người (52,8%) không đạt bộ tiêu chí.",
            "Border commune: 1,234 of 5,678 people (21.7%) have no 4G or 5G; in all 3,000 (52.8%) fail the profile.",
        ),
        (
            place(6, failing=3456.0, severe=30.0, silent=40.0),
            (
                "Phường: 3.456 trong 5.678 người (60,9%) không có cả 5G lẫn cáp quang; 30 người không có sóng 4G hoặc 5G nào; "
                "chưa có đủ dữ liệu cho 40 người."
            ),
            (
                "Ward: 3,456 of 5,678 people (60.9%) have neither 5G nor fibre; 30 people have no 4G or 5G at all; "
                "not enough is known for 40 people."
            ),
        ),
        (
            place(6, failing=5678.0),
            "Phường: cả 5.678 người không có cả 5G lẫn cáp quang.",
            "Ward: all 5,678 people have neither 5G nor fibre.",
        ),
        (
            place(6, failing=3456.0, without_services=3000.0, severe=0.6),
            "Phường: 3.456 trong 5.678 người (60,9%) không đạt bộ tiêu chí vn; 1 người không có sóng 4G hoặc 5G nào.",
            "Ward: 3,456 of 5,678 people (60.9%) fail the profile vn; 1 person has no 4G or 5G at all.",
        ),
        (
            place(FEW, failing=4.0),
            "Phường: số người chưa đạt còn ít so với ngưỡng của nhóm ưu tiên: 4 người trong 5.678 người (0,1%).",
            "Ward: few people fail the profile, too few for a tier: 4 of 5,678 people (0.1%).",
        ),
        (
            place(NO_DATA, silent=5678.0),
            "Phường: chưa có đủ dữ liệu cho 5.678 trong 5.678 người.",
            "Ward: not enough is known for 5,678 of 5,678 people.",
        ),
        (
            place(NOBODY),
            "Phường: cả 5.678 người đều đạt bộ tiêu chí.",
            "Ward: all 5,678 people meet the profile.",
        ),
        (
            place(NOBODY, everyone=0.0),
            "Phường: không có người theo dữ liệu dân số.",
            "Ward: the population data shows nobody here.",
        ),
        (
            place(UNKNOWN, everyone=NAN, failing=NAN, severe=NAN, silent=NAN),
            "Phường: chưa có số liệu dân số.",
            "Ward: the population is not known.",
        ),
    ],
)
def test_commune_reason(commune: Commune, vi: str, en: str) -> None:
    """One sentence with the figures that decided, in both languages."""
    assert vi == commune_reason(commune, PROFILE, "vi")
    assert en == commune_reason(commune, PROFILE, "en")


@pytest.mark.parametrize(
    ("services", "gap", "vi", "en"),
    [
        (("4g", "fibre"), "any", "thiếu 4G hoặc cáp quang", "lack 4G or fibre"),
        (("4g", "fibre"), "all", "không có cả 4G lẫn cáp quang", "have neither 4G nor fibre"),
        (("4g", "5g", "fibre"), "all", "không có cả 4G, 5G lẫn cáp quang", "have none of 4G, 5G and fibre"),
        (("fibre",), "all", "không có cáp quang", "have no fibre"),
    ],
)
def test_what_those_who_fail_lack(services: tuple[str, ...], gap: str, vi: str, en: str) -> None:
    """In the words of the profile's own services."""
    profile = Profile.model_validate({"services": services, "gap": gap})
    ward = place(6, everyone=100.0, failing=60.0)
    assert f"Phường: 60 trong 100 người (60,0%) {vi}." == commune_reason(ward, profile, "vi")
    assert f"Ward: 60 of 100 people (60.0%) {en}." == commune_reason(ward, profile, "en")


def test_spot_reason() -> None:
    """People, what misses, how far it is."""
    distance_km = {"5g": 3.24, "fibre": 12.4, "4g": 0.5}
    assert spot_reason(1234.0, ["5g", "fibre"], distance_km, PROFILE, "vi") == (
        "1.234 người thiếu 5G và cáp quang; 5G gần nhất cách 3,2 km; cáp quang gần nhất cách 12 km."
    )
    assert spot_reason(1234.0, ["5g", "fibre"], distance_km, PROFILE, "en") == (
        "5G and fibre are missing for 1,234 people; the nearest 5G is 3.2 km away; "
        "the nearest fibre is 12 km away."
    )


def test_spot_reason_where_a_service_is_nowhere() -> None:
    """No distance is not a distance of nothing."""
    assert spot_reason(1.0, ["fibre"], {"fibre": NAN}, PROFILE, "en") == (
        "Fibre is missing for 1 person; fibre is nowhere yet."
    )
    assert (
        spot_reason(1.0, ["fibre"], {}, PROFILE, "vi")
        == "1 người thiếu cáp quang; chưa nơi nào có cáp quang."
    )


def test_spot_reason_where_people_lack_different_things() -> None:
    """No service misses for half of them: the profile itself is named."""
    assert spot_reason(80.0, [], {"5g": 1.0}, PROFILE, "vi") == "80 người không đạt bộ tiêu chí vn."
    assert spot_reason(80.0, [], {"5g": 1.0}, PROFILE, "en") == (
        "80 people without what the profile vn asks for."
    )


def test_braces_in_the_name_of_a_service_stand_as_they_are() -> None:
    """No name is taken for a slot, and every spot has its own numbers."""
    for people, words in ((1983.0, "1,983 people"), (7.0, "7 people")):
        text = spot_reason(people, ["{total}", "fibre"], {"{total}": 0.5, "fibre": NAN}, PROFILE, "en")
        expected = f"{{total}} and fibre are missing for {words}; the nearest {{total}} is 0.5 km away; fibre is nowhere yet."
        assert expected == text
