"""What can be shown of a commune follows from the profile and the operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blackspot.maps.pages.indicators import indicators, ordered_services

if TYPE_CHECKING:
    from blackspot.maps.pages.map_data import MapData


def test_indicators_follow_the_profile_and_the_operators(country: MapData) -> None:
    """The profile's own first; double gap only where it is another thing; rules only with two operators."""
    about = country.about
    found = indicators(country.communes.columns, about, country.coverage)
    assert [item.id for item in found] == [
        "fails", "no.5g", "part.5g", "max.5g", "all.5g", "op.5g.sao_mai", "op.5g.hai_dang", "no.fibre", "op.fibre.cap_bien",
    ]  # fmt: skip
    silent = frozenset(country.communes["code"][country.communes["province_code"] == "03"])
    assert silent == next(item for item in found if item.id == "op.5g.hai_dang").silent
    assert next(item for item in found if item.id == "op.5g.sao_mai").silent == frozenset()
    mixed = {**about, "profile": {**about["profile"], "gap": "any"}}
    assert [item.id for item in indicators(country.communes.columns, mixed, ())][:2] == ["fails", "double"]
    names = [*country.communes.columns, "pop_covered_5g_at_least_2"]
    assert "min2.5g" in [item.id for item in indicators(names, about, ())]


def test_services_of_the_profile_come_first() -> None:
    """The others follow in their own order."""
    about = {"services": ["2g", "4g", "5g"], "profile": {"services": ["5g", "fibre"]}}
    assert ordered_services(about) == ("5g", "2g", "4g")
