"""People between their sources."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from blackspot.coverage.certainty.population import PeopleRange

NAN = float("nan")


def table(**columns: object) -> pd.DataFrame:
    facts: dict[str, object] = {
        "province_code": ["01", "01", "02", "02"],
        "pop_total": [1000.0, 500.0, 300.0, NAN],
        "pop_raster": [800.0, 500.0, 450.0, NAN],
        "pop_official": [1000.0, NAN, 300.0, NAN],
        "pop_basis": ["official", "raster", "official", "unknown"],
    }
    return pd.DataFrame(facts | columns)


def test_people_lie_between_the_raster_and_the_official_figure() -> None:
    people = PeopleRange.of(table())
    assert [0.8, 1.0, 1.0, 1.0] == people.low.tolist()
    assert [1.0, 1.0, 1.5, 1.0] == people.high.tolist()
    factors = people.factors(4000, 57)
    assert pytest.approx([0.9, 1.0, 1.25, 1.0], abs=0.01) == factors.mean(axis=1)
    assert factors[0].min() >= 0.8
    assert factors[0].max() <= 1.0


def test_further_rasters_widen_the_range() -> None:
    people = PeopleRange.of(
        table(pop_raster_min=[500.0, 400.0, 450.0, NAN], pop_raster_max=[1200.0] * 3 + [NAN])
    )
    assert [0.5, 0.8, 1.0, 1.0] == people.low.tolist()
    assert [1.2, 2.4, 4.0, 1.0] == people.high.tolist()


def test_what_somebody_decided_is_not_open() -> None:
    people = PeopleRange.of(table(pop_basis=["override", "raster", "official", "unknown"]))
    assert (1.0, 1.0) == (people.low[0], people.high[0])


def test_communes_of_a_province_go_the_same_way_and_provinces_their_own() -> None:
    both = table(pop_official=[1000.0, 750.0, 300.0, NAN])
    factors = PeopleRange.of(both).factors(500, 57)
    assert pytest.approx(1.0) == np.corrcoef(factors[0], factors[1])[0, 1]
    assert abs(np.corrcoef(factors[0], factors[2])[0, 1]) < 0.15


def test_a_province_is_drawn_alike_whatever_other_provinces_there_are() -> None:
    whole, part = table(), table().iloc[2:]
    assert np.array_equal(PeopleRange.of(whole).factors(9, 1)[2:], PeopleRange.of(part).factors(9, 1))
