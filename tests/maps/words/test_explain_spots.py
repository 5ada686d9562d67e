"""Black spots in words, beyond what the sentences about a commune show."""

from __future__ import annotations

import math

import pytest

from blackspot.maps.words.explain_spots import first_spots, spot, spots_head, spots_rest

SPOT: dict[str, object] = {
    "spot_id": "03181-0001",
    "pop": 1.2,
    "area_km2": 3.0,
    "lat": 22.03456,
    "lon": 102.5,
    "missing": "5g,fibre",
    "distance_to_5g_km": 4.25,
    "distance_to_5g_hai_dang_km": 4.25,
    "distance_to_5g_sao_mai_km": math.nan,
    "distance_to_fibre_km": math.nan,
}


def test_a_spot_without_a_place_or_a_distance_says_neither() -> None:
    """One operator's distance is that of any; what is not known is left out."""
    assert (
        "  03181-0001: 1 person on 3.0 km², at 22.0346, 102.5000, without 5G and fibre; nearest 5G 4.3 km"
        == (spot(SPOT, {}).text("en"))
    )
    named = SPOT | {"place_name": "Huổi Lếch", "place_distance_km": 0.0, "distance_to_5g_sao_mai_km": 12.0}
    assert (
        "  03181-0001: 1 người trên 3,0 km², tại 22.0346, 102.5000 (cách Huổi Lếch 0 km), thiếu 5G và cáp quang;"
        " 5G gần nhất 4,3 km (Hải Đăng 4,3 km, sao_mai 12 km)"
    ) == spot(named, {"hai_dang": "Hải Đăng"}).text("vi")


def test_a_spot_that_lacks_nothing_has_a_dash() -> None:
    """A service without a name is none."""
    assert spot(SPOT | {"missing": ""}, {}).text("en").endswith("without -")


@pytest.mark.parametrize(
    ("count", "told", "rest"), [(0, 0, []), (5, 5, []), (7, 5, ["  and 2 more, smaller"])]
)
def test_the_largest_are_told(count: int, told: int, rest: list[str]) -> None:
    """Five of them; the head counts all."""
    spots = [SPOT | {"pop": float(at), "spot_id": str(at)} for at in range(count)]
    assert list(range(count))[::-1][:told] == [one["pop"] for one in first_spots(spots)]
    assert rest == [line.text("en") for line in spots_rest(spots)]
    assert 1 == len(spots_head(spots))
