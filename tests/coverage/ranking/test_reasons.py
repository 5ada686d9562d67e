"""Sentences that say why a commune or a black spot stands where it stands."""

from __future__ import annotations

import math

import pytest

from blackspot.coverage.ranking.reasons import (
    FEW,
    NO_DATA,
    NOBODY,
    PARTIAL,
    TOTAL,
    UNKNOWN,
    Affected,
    commune_reason,
    spot_reason,
    unit,
)
from blackspot.data.project.profile import Profile

PROFILE = Profile(id="vn", services=("5g", "fibre"), mobile_service="5g", fibre_service="fibre")
BORDER = {"type": "commune", "is_border": True, "is_island": False}
PLAIN = {"type": "ward", "is_border": False, "is_island": False}
NAN = math.nan


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
    ("row", "standing", "affected", "vi", "en"),
    [
        (
            BORDER,
            1,
            Affected(total=1234, partial=50, both=800, silent=0, everyone=5678),
            (
                "Xã biên giới: 1.234 trong 5.678 người (21,7 %) không có sóng 5G của bất kỳ nhà mạng nào; "
                "trong đó 800 người cũng không có cáp quang."
            ),
            (
                "Border commune: no operator's 5G reaches 1,234 of 5,678 people (21.7 %); "
                "fibre does not reach 800 of them either."
            ),
        ),
        (
            PLAIN,
            TOTAL,
            Affected(total=60, partial=0, both=0, silent=40, everyone=100),
            (
                "Phường: 60 trong 100 người (60,0 %) không có sóng 5G của bất kỳ nhà mạng nào; "
                "chưa có dữ liệu 5G cho 40 người."
            ),
            "Ward: no operator's 5G reaches 60 of 100 people (60.0 %); 5G is not known for 40 people.",
        ),
        (
            PLAIN,
            PARTIAL,
            Affected(total=30, partial=3456, both=9, silent=0, everyone=5678),
            (
                "Phường: 3.456 trong 5.678 người (60,9 %) chỉ có sóng 5G của một số nhà mạng; "
                "30 người không có sóng 5G nào."
            ),
            (
                "Ward: only some operators' 5G reaches 3,456 of 5,678 people (60.9 %); "
                "no operator's 5G reaches 30 people."
            ),
        ),
        (
            PLAIN,
            FEW,
            Affected(total=4, partial=0.3, both=4, silent=0, everyone=5678),
            (
                "Phường: chưa đủ người để xếp nhóm (ngưỡng 50): 4 người không có sóng 5G, "
                "dưới 1 người chỉ có sóng của một số nhà mạng."
            ),
            (
                "Ward: too few people for a tier (threshold 50): no operator's 5G reaches 4 people, "
                "only some operators' 5G reaches under 1 person."
            ),
        ),
        (
            PLAIN,
            NO_DATA,
            Affected(total=0, partial=0, both=0, silent=5678, everyone=5678),
            "Phường: chưa có dữ liệu 5G cho 5.678 trong 5.678 người.",
            "Ward: 5G is not known for 5,678 of 5,678 people.",
        ),
        (
            PLAIN,
            NOBODY,
            Affected(total=0, partial=0, both=0, silent=0, everyone=5678),
            "Phường: mọi nhà mạng có dữ liệu đều phủ sóng 5G tới cả 5.678 người.",
            "Ward: every operator with data reaches all 5,678 people with 5G.",
        ),
        (
            PLAIN,
            NOBODY,
            Affected(total=0, partial=0, both=0, silent=0, everyone=0),
            "Phường: không có người theo dữ liệu dân số.",
            "Ward: the population data shows nobody here.",
        ),
        (
            PLAIN,
            UNKNOWN,
            Affected(NAN, NAN, NAN, NAN, NAN),
            "Phường: chưa có số liệu dân số.",
            "Ward: the population is not known.",
        ),
    ],
)
def test_commune_reason(row: dict[str, object], standing: int, affected: Affected, vi: str, en: str) -> None:
    """One sentence with the figures that decided, in both languages."""
    assert vi == commune_reason(row, standing, affected, PROFILE, "vi")
    assert en == commune_reason(row, standing, affected, PROFILE, "en")


def test_double_gap_under_another_operator_rule_is_not_part_of_the_total() -> None:
    """Asking for two operators, more people may lack both services than no operator reaches."""
    profile = PROFILE.model_copy(update={"operator_rule": "at_least_k", "k": 2})
    affected = Affected(total=60, partial=0, both=90, silent=0, everyone=100)
    assert commune_reason(PLAIN, TOTAL, affected, profile, "en") == (
        "Ward: no operator's 5G reaches 60 of 100 people (60.0 %); "
        "by the profile's operator rule, 5G and fibre are both missing for 90 people."
    )
    assert commune_reason(PLAIN, TOTAL, affected, profile, "vi").endswith(
        "; theo quy tắc nhà mạng của bộ tiêu chí, 90 người thiếu cả 5G và cáp quang."
    )


@pytest.mark.parametrize(
    ("services", "gap", "standing", "vi", "en"),
    [
        (
            ("4g", "fibre"),
            "any",
            TOTAL,
            "Phường: 60 trong 100 người (60,0 %) thiếu 4G hoặc cáp quang.",
            "Ward: 4G or fibre is missing for 60 of 100 people (60.0 %).",
        ),
        (
            ("4g", "fibre"),
            "all",
            TOTAL,
            "Phường: 60 trong 100 người (60,0 %) thiếu cả 4G và cáp quang.",
            "Ward: 4G and fibre are missing for 60 of 100 people (60.0 %).",
        ),
        (
            ("fibre",),
            "all",
            FEW,
            "Phường: chưa đủ người để xếp nhóm (ngưỡng 50): 60 người thiếu cáp quang.",
            "Ward: too few people for a tier (threshold 50): fibre is missing for 60 people.",
        ),
        (
            ("fibre",),
            "all",
            NOBODY,
            "Phường: không ai trong 100 người được xác định là thiếu cáp quang.",
            "Ward: fibre is missing for nobody of 100 people, as far as is known.",
        ),
    ],
)
def test_reason_without_a_mobile_service(
    services: tuple[str, ...], gap: str, standing: int, vi: str, en: str
) -> None:
    """The people who fail the profile take the place of the not-spot."""
    profile = Profile.model_validate({"services": services, "gap": gap})
    affected = Affected(total=60, partial=0, both=0, silent=0, everyone=100)
    assert vi == commune_reason(PLAIN, standing, affected, profile, "vi")
    assert en == commune_reason(PLAIN, standing, affected, profile, "en")


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
