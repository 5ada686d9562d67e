"""The figures on top of a page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from blackspot.maps.pages.headline import people_bounds, tiles
from blackspot.maps.pages.shared import Shared

if TYPE_CHECKING:
    from blackspot.maps.pages.map_data import MapData


def test_people_without_data_widen_the_headline(country: MapData) -> None:
    """5 certainly lack both; 7 have no data, but only 10 could lack the second service: 5 to 10."""
    tile = tiles(Shared(country).indicators, country.communes)[0]
    figures = {
        "pop_failing": 5.0, "pop_total": 100.0, "pop_no_data_5g": 7.0, "pop_uncovered_5g": 20.0,
        "pop_no_data_fibre": 0.0, "pop_uncovered_fibre": 10.0,
    }  # fmt: skip
    assert people_bounds(tile, figures) == (5.0, 10.0)


def test_figures_are_the_exact_sums(country: MapData) -> None:
    """Countries and provinces add their communes; unknown people are left out, never counted as zero."""
    shared = Shared(replace(country, provinces=pd.DataFrame()))
    assert country.communes["pop_total"].sum() == pytest.approx(shared.figures["pop_total"], rel=1e-14)
    for at, code in enumerate(("01", "02", "03")):
        rows = country.communes[country.communes["province_code"] == code]
        assert rows["pop_failing"].sum() == pytest.approx(
            shared.province_figures[at]["pop_failing"], rel=1e-14
        )
