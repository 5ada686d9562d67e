"""The raster's and the official people of communes: which counts, and where they are disputed."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.coverage.people.figures import Chosen, choose, compared, report_disputed, report_unknown_land
from blackspot.data.country.overrides import Override
from blackspot.data.country.totals import OfficialTotals
from blackspot.data.findings.collector import Findings
from blackspot.data.project.profile import PopulationLimits

if TYPE_CHECKING:
    from collections.abc import Sequence

NAN = math.nan
LIMITS = PopulationLimits()


def _chosen(
    official: Sequence[float], overrides: dict[str, Override] | None = None, *, calibrate: bool = True
) -> Chosen:
    codes = pd.Series([f"{at:05}" for at in range(len(official))])
    people = {code: value for code, value in zip(codes, official, strict=True) if not math.isnan(value)}
    return choose(codes, OfficialTotals(people, "2025", ""), overrides or {}, calibrate=calibrate)


def _disputed(
    raster: Sequence[float],
    official: Sequence[float],
    provinces: str | None = None,
    **columns: Sequence[float],
) -> list[bool]:
    communes = pd.DataFrame({"province_code": list(provinces or "1" * len(raster)), **columns})
    table = compared(communes, np.array(raster, dtype=float), _chosen(official), LIMITS)
    return [bool(value) for value in table["pop_disputed"]]


def _decided(basis: str, people: float = NAN) -> Override:
    return Override(basis, people, "why", dt.date(2026, 10, 31))  # type: ignore[arg-type] # a drawn word


def test_which_figure_counts() -> None:
    """Official where there is one and it is asked for; a decision wins; without any the raster stays."""
    overrides = {"00001": _decided("raster"), "00002": _decided("number", 7.0), "00003": _decided("official")}
    chosen = _chosen([100.0, 200.0, 300.0, 400.0, NAN], overrides)
    np.testing.assert_array_equal([100.0, NAN, 7.0, 400.0, NAN], chosen.target)
    assert ["official", "override", "override", "override", "raster"] == chosen.basis.tolist()
    plain = _chosen([100.0, 200.0, 300.0, 400.0, NAN], overrides, calibrate=False)
    np.testing.assert_array_equal([NAN, NAN, 7.0, 400.0, NAN], plain.target)
    assert ["raster", "override", "override", "override", "raster"] == plain.basis.tolist()


def test_a_factor_of_two_after_the_level_of_the_province_is_disputed() -> None:
    """In a province where the raster has half of everywhere, half is no dispute and everything is."""
    raster = [500.0] * 10 + [1001.0, 250.0, 249.0]
    assert [False] * 10 + [True, False, True] == _disputed(raster, [1000.0] * 13)


def test_a_small_province_is_measured_by_the_country() -> None:
    """Nine communes have no level of their own."""
    raster, official = [1000.0] * 11 + [400.0] * 9, [1000.0] * 20
    assert [False] * 11 + [True] * 9 == _disputed(raster, official, "1" * 11 + "2" * 9)


def test_people_in_one_figure_only_are_disputed() -> None:
    """Nobody against 500 is a dispute; where the raster has no data, and where both are tiny, it is none."""
    assert [True, True, False, False, False] == _disputed(
        [0.0, 500.0, NAN, 0.0, 10.0], [500.0, 0.0, 500.0, 40.0, 45.0]
    )


def test_the_area_is_a_second_witness() -> None:
    """An outline five times as large as the official area is another place."""
    area = {"area_km2": [143.0, 54.0, 10.0, 10.0], "area_official_km2": [27.1, 27.1, 27.1, NAN]}
    assert [True, False, True, False] == _disputed([100.0] * 4, [100.0] * 4, **area)


def test_a_decision_ends_the_dispute() -> None:
    """And both figures stay side by side."""
    chosen = _chosen([100.0], {"00000": _decided("number", 150.0)})
    table = compared(pd.DataFrame({"province_code": ["1"]}), np.array([300.0]), chosen, LIMITS)
    row = table.iloc[0].to_dict()
    assert {
        "pop_basis": "override",
        "pop_raster": 300.0,
        "pop_official": 100.0,
        "raster_to_official": 3.0,
        "pop_disputed": False,
    } == row


def test_what_is_not_known_has_no_basis() -> None:
    """Neither figure: unknown."""
    table = compared(pd.DataFrame({"province_code": ["1"]}), np.array([NAN]), _chosen([NAN]), LIMITS)
    assert ["unknown"] == table["pop_basis"].tolist()


def test_disputed_communes_are_told_in_one_finding() -> None:
    """With their number, and first those that are farthest apart, more or less."""
    frame = pd.DataFrame(
        {
            "code": ["00001", "00002", "00003", "00004"],
            "name": ["Một", "Hai", "Ba", "Bốn"],
            "pop_raster": [300.0, 10.0, 90_817.4, 100.0],
            "pop_official": [100.0, 100.0, 2789.0, 100.0],
            "raster_to_official": [3.0, 0.1, 32.56, 1.0],
            "pop_disputed": [True, True, True, False],
        }
    )
    findings = Findings()
    report_disputed(frame, findings.about(Path("people.tif")))
    (said,) = findings.items
    assert ("population.disputed", 3) == (said.code, said.count)
    assert "00003 Ba: 90817 / 2789; 00002 Hai: 10 / 100; 00001 Một: 300 / 100" in said.message_en
    report_disputed(frame[3:], findings.about(Path("people.tif")))
    assert 1 == len(findings.items)


@pytest.mark.parametrize(("people", "told"), [(0.0, 0), (0.9, 0), (1.1, 1)])
def test_people_beside_unknown_land_are_told(people: float, told: int) -> None:
    """From a thousandth of all people."""
    findings = Findings()
    figures = {"people_beside_unknown_land": people, "pop_total": 1000.0}
    communes = pd.DataFrame({"code": ["00001", "00002"], "pop_total": [500.0, 500.0]})
    report_unknown_land(figures, communes, np.zeros(2), findings.about(Path("people.tif")))
    assert ["population.unknown-land"] * told == [item.code for item in findings.items]


def test_communes_with_many_people_of_neighbours_are_named() -> None:
    """However few these are among all people: more than a twentieth of the commune's, and fifty at least."""
    findings = Findings()
    figures = {"people_beside_unknown_land": 300.0, "pop_total": 1e7}
    communes = pd.DataFrame(
        {"code": ["00001", "00002", "00003", "00004"], "pop_total": [2000.0, 2000.0, 200.0, np.nan]}
    )
    beside = np.array([150.0, 90.0, 40.0, 20.0])
    report_unknown_land(figures, communes, beside, findings.about(Path("people.tif")))
    (said,) = findings.items
    assert "in 1 communes they are more than 5% of the people (codes 00001)" in said.message_en


@given(
    st.lists(st.tuples(st.floats(60, 1e5), st.floats(60, 1e5)), min_size=1, max_size=25),
    st.floats(0.01, 100),
)
def test_a_factor_for_the_whole_country_changes_nothing(
    pairs: list[tuple[float, float]], factor: float
) -> None:
    """Thousands instead of people, or a census ten years older, make no commune disputed by themselves."""
    raster, official = zip(*pairs, strict=True)
    limits = PopulationLimits(factor=2.5)

    def disputed(times: float) -> list[bool]:
        communes = pd.DataFrame({"province_code": ["1"] * len(pairs)})
        scaled = np.array(raster) * times
        ratio = compared(communes, scaled, _chosen(official), limits)["raster_to_official"].to_numpy()
        relative = ratio / np.median(ratio)
        near = np.minimum(np.abs(relative / 2.5 - 1), np.abs(relative * 2.5 - 1)) < 1e-9
        return (
            compared(communes, scaled, _chosen(official), limits)["pop_disputed"].to_numpy() & ~near
        ).tolist()

    assert disputed(1.0) == disputed(max(factor, 1.0))


@pytest.mark.parametrize("factor", [1.0, 0.5, math.inf])
def test_a_factor_of_one_or_less_would_dispute_everything(factor: float) -> None:
    """The profile refuses it."""
    with pytest.raises(ValueError, match="factor"):
        PopulationLimits(factor=factor)
