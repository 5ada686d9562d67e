"""What a project file says about where people live."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from blackspot.data.project.population import PopulationSource, TotalsSource

RASTER = Path("/data/people.tif")
TOTALS = TotalsSource(path=Path("/data/official.csv"))


def test_official_totals_count_where_there_are_any() -> None:
    """By default, and not where the project only compares."""
    assert not PopulationSource(path=RASTER).is_calibrated
    assert PopulationSource(path=RASTER, totals=TOTALS).is_calibrated
    assert PopulationSource(path=RASTER, totals=TOTALS, calibrate="communes").is_calibrated
    assert not PopulationSource(path=RASTER, totals=TOTALS, calibrate="none").is_calibrated


def test_scaling_to_totals_needs_totals() -> None:
    """Where there are none nothing can be scaled to them."""
    with pytest.raises(ValidationError, match=r"needs the table \[population.totals\]"):
        PopulationSource(path=RASTER, calibrate="communes")


@pytest.mark.parametrize("spacing_m", [0.9, 101.0])
def test_lines_are_one_to_a_hundred_metres_apart(spacing_m: float) -> None:
    """Closer takes hours, farther misses houses."""
    with pytest.raises(ValidationError, match="subline_spacing_m"):
        PopulationSource(path=RASTER, subline_spacing_m=spacing_m)
