"""Official figures against the people of a raster, in sum: thousands, and other countries or years."""

from __future__ import annotations

import numpy as np
import pytest

from blackspot.coverage.plausibility.official_totals import compare_totals
from blackspot.data.findings.collector import Findings
from blackspot.data.project.limits import CheckRules


@pytest.mark.parametrize(
    ("factor", "codes"),
    [
        (1.0, []),
        (1.25, []),
        (0.5, ["totals.sum-differs"]),
        (1 / 200, ["totals.sum-differs"]),
        (1 / 700, ["totals.thousands"]),
        (1 / 1000, ["totals.thousands"]),
        (1 / 1400, ["totals.thousands"]),
        (1 / 10_000, ["totals.sum-differs"]),
    ],
)
def test_a_thousandth_of_the_raster_is_asked_about(factor: float, codes: list[str]) -> None:
    """Whatever the year of either: anything else is a warning."""
    people = np.array([20_000.0, 30_000.0, 8_000.0, 12_000.0])
    findings = Findings()
    names = ["00001", "00002", "00003", "00004"]
    provinces = np.array(["01"] * 4, dtype=object)
    compare_totals(people * factor, people, names, provinces, CheckRules(), findings.about("totals.csv"))
    assert codes == [item.code for item in findings.items]
    assert ["ask"] * ("totals.thousands" in codes) == [item.severity for item in findings.errors]
