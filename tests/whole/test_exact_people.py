"""People at coasts and borders against made countries whose people are known exactly.

The yardstick cuts polygons with polygons (GEOS) and knows nothing of lines, spans or grids.
"""

from __future__ import annotations

import numpy as np
import pytest

from counted_countries import by_commune, headcount
from exact_countries import KINDS, Country, Exact, exactly, made_country

FEW = dict.fromkeys(KINDS, (0,))
MANY = {kind: tuple(range(1, 11)) for kind in KINDS}
SHARES_WITHIN_POINTS = {20.0: 0.2, 6.0: 0.1}  # docs/performance.md: the worst of all sizes of communes


def countries(seeds: dict[str, tuple[int, ...]]) -> list[tuple[str, int]]:
    return [(kind, seed) for kind in KINDS for seed in seeds[kind]]


def compare(found: Exact, exact: Exact, points: float) -> None:
    """People within a thousandth (a twentieth of a person counts nothing), covered shares within so many points."""
    people = exact.people
    np.testing.assert_allclose(found.people, people, rtol=2e-3, atol=0.05)
    some = people > 1.0
    share = found.covered[some] / found.people[some, None]
    np.testing.assert_allclose(100 * share, 100 * exact.covered[some] / people[some, None], atol=points)


def check(made: Country, rule: str, spacing_m: float) -> None:
    counted = headcount(made, rule, spacing_m=spacing_m)
    compare(by_commune(counted, len(made.layers)), exactly(made, rule), SHARES_WITHIN_POINTS[spacing_m])
    assert pytest.approx(np.nansum(made.raster.people), rel=1e-9) == counted.people_raster
    assert pytest.approx(counted.people_raster, rel=1e-9) == counted.people.sum() + counted.people_outside


@pytest.mark.parametrize("rule", ["land", "share"])
@pytest.mark.parametrize(("kind", "seed"), countries(FEW))
def test_people_of_a_country_of_each_kind(kind: str, seed: int, rule: str) -> None:
    """Borders along cells or anywhere, cells of 30 m to 1 km, islands smaller than the distance of two lines."""
    check(made_country(kind, seed), rule, 20.0)


@pytest.mark.slow
@pytest.mark.parametrize("spacing_m", [20.0, 6.0])
@pytest.mark.parametrize("rule", ["land", "share"])
@pytest.mark.parametrize(("kind", "seed"), countries(MANY))
def test_people_of_many_countries(kind: str, seed: int, rule: str, spacing_m: float) -> None:
    """Ten countries of each kind, at the default distance of lines and at that of an audit."""
    check(made_country(kind, seed), rule, spacing_m)
