"""Facts about Viet Nam: whole, sourced, and equal to the register where that is at hand."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from blackspot.data.reference.facts import facts, is_viet_nam, last_days, provinces, sea_names, special_zones

if TYPE_CHECKING:
    from pathlib import Path


def test_units_add_up() -> None:
    """34 provinces, 7 of them cities, 13 special zones, and 3,321 units in all."""
    said = facts()["units"]
    kinds = [row["kind"] for row in facts()["provinces"]]
    assert (34, 34) == (said["provinces"], len(provinces()))
    assert (7, 27) == (kinds.count("city"), kinds.count("province"))
    assert (13, 13) == (said["special_zones"], len(special_zones()))
    assert 3321 == said["communes"] + said["wards"] + said["special_zones"]


def test_every_fact_has_its_source() -> None:
    """A table or a row with a number or a day names the decree."""
    said = facts()
    tables = [said[name] for name in ("units", "special_zones", "sea", "border")]
    rows = [*said["changes"], *said["targets"], *said["switched_off"].values()]
    assert all(row["source"].strip() for row in (*tables, *rows))


def test_the_sea_and_both_archipelagos_have_their_names() -> None:
    """Labels stand in the sea east of the land, in both languages."""
    names = sea_names()
    assert {"Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Biển Đông"} == {one.vi for one in names}
    assert all(110 < one.lon < 118 and 7 < one.lat < 18 and one.en.isascii() for one in names)


def test_services_that_end() -> None:
    """2G in 2026, 3G in 2028; nothing newer ends."""
    days = {service: last.day for service, last in last_days().items()}
    assert {"2g": dt.date(2026, 9, 15), "3g": dt.date(2028, 9, 15)} == days


def test_viet_nam_is_known_by_codes_and_names() -> None:
    """With or without the word for the kind of unit and in both ways of placing tones; not by codes alone."""
    assert is_viet_nam([("01", "Thành phố Hà Nội"), ("56", "Khánh Hoà"), ("56", "Khánh Hoà")])
    assert is_viet_nam([("56", "Khánh Hòa")])
    assert not is_viet_nam([("01", "Tỉnh Một"), ("04", "Tỉnh Hai")])
    assert not is_viet_nam([("1", "Hà Nội"), ("99", "Elsewhere")])
    assert not is_viet_nam([])


@pytest.mark.realdata
def test_the_register_says_the_same(realdata: Path) -> None:
    """Codes, names and numbers of units in the register of July 2026."""
    folder = realdata / "vietnam"
    names = gpd.read_parquet(folder / "provinces_2026-07_full.parquet", columns=["code", "name", "geometry"])
    assert dict(zip(names["code"], names["name"], strict=True)) == provinces()
    units = gpd.read_parquet(folder / "communes_2026-07_light.parquet")
    zones = units[units["type"] == "special_zone"]
    assert dict(zip(zones["code"], zones["name"], strict=True)) == special_zones()
    said, counts = facts()["units"], units["type"].value_counts()
    assert (said["communes"], said["wards"]) == (counts["commune"], counts["ward"])
