"""Pages within their budgets: what is given up, in which order, and that they say so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from blackspot.maps.pages import page as page_module
from blackspot.maps.pages.page import build_pages
from blackspot.maps.pages.payload import Detail, build_payload
from blackspot.maps.pages.shared import Shared
from page_country import block, facts
from page_decoder import decode_former

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


@pytest.mark.parametrize(
    ("budget", "reduced"),
    [(10_000_000, []), (1, ["coverage", "outlines", "shapes", "size"])],
)
def test_a_page_over_its_budget_gets_less_detail_and_says_so(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, budget: int, reduced: list[str]
) -> None:
    """Coverage first, then outlines, then shapes; what was reduced stands in the page."""
    monkeypatch.setattr(page_module, "NATIONAL_BYTES", budget)
    monkeypatch.setattr(page_module, "FRAME_BYTES", 0)
    build_pages(country, tmp_path, pages="national")
    assert reduced == facts(tmp_path / "map.html")["reduced"]


def test_each_budget_gives_up_as_little_as_it_must(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A budget of exactly one step's size takes that step: coverage, then outlines, then shapes, never out of turn."""
    shared, everything = Shared(country), np.arange(len(country.communes))
    monkeypatch.setattr(page_module, "FRAME_BYTES", 0)
    orders = []
    smallest = 10**9
    for step in page_module.NATIONAL_STEPS:
        size = build_payload(shared, everything, step, whole=True).size
        if size >= smallest:  # of so small a country some steps make nothing smaller
            continue
        smallest = size
        monkeypatch.setattr(page_module, "NATIONAL_BYTES", size)
        build_pages(country, tmp_path, pages="national")
        orders.append(facts(tmp_path / "map.html")["reduced"])
    assert orders[:3] == [[], ["coverage"], ["coverage", "outlines"]]
    assert ["coverage", "outlines", "shapes"] == orders[-1]
    assert all(before == after[: len(before)] for before, after in pairwise(orders))


def test_too_many_black_spots_are_shown_by_their_centre(
    country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit the national page leaves outlines out and says so; province pages keep them."""
    monkeypatch.setattr(page_module, "MOST_OUTLINES", 10)
    build_pages(country, tmp_path)
    assert ["outlines"] == facts(tmp_path / "map.html")["reduced"]
    assert [] == facts(tmp_path / "maps" / "01.html")["reduced"]


def test_detail_is_given_up_in_the_agreed_order() -> None:
    """Each step keeps at most as much as the one before, and coverage goes first."""
    for steps in (page_module.NATIONAL_STEPS, page_module.PROVINCE_STEPS):
        assert steps[1] == replace(steps[0], zoom=steps[0].zoom - 1)
        for before, after in pairwise(steps):
            assert after.zoom <= before.zoom
            assert after.tolerance >= before.tolerance
            assert after.outlines <= before.outlines
    assert page_module.NATIONAL_STEPS[0] == Detail(50, 10, spot_tolerance=250)


def test_every_commune_has_a_place_for_its_label(country: MapData) -> None:
    """The point lies inside the commune's own ground."""
    points = Shared(country).label_points / 100_000
    near = shapely.buffer(country.communes.geometry.to_numpy(), 1e-4)
    assert shapely.contains_xy(near, points[:, 0], points[:, 1]).all()


def test_a_page_has_the_former_names_of_its_own_communes(country: MapData, pages: Path) -> None:
    """Each leads to the row of its commune; a name the commune still has, however it is spelled, is not there."""
    assert country.former is not None
    codes = country.communes["code"].tolist()
    assert "Xã Hoà Bình 1" in country.former["name"].tolist()
    for page, rows in (("map.html", range(len(codes))), ("maps/02.html", range(22, 44))):
        kept = country.former[country.former["code"].isin([codes[row] for row in rows])]
        kept = kept[kept["name"] != "Xã Hoà Bình 1"]
        expected = sorted(zip(kept["code"], kept["name"], kept["place"], strict=True))
        found = decode_former(block(pages / page, "bs-former"), len(rows))
        assert expected == sorted((codes[rows[at]], name, place) for at, name, place in found)


def test_a_run_without_former_names_has_no_block_of_them(country: MapData, tmp_path: Path) -> None:
    """Its search finds the names of today alone."""
    build_pages(replace(country, former=None), tmp_path, pages="national")
    assert 'id="bs-former"' not in (tmp_path / "map.html").read_text(encoding="utf-8")
