"""Levels in dBm, thresholds, and what they mean together."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.levels import (
    LevelSurvey,
    Reach,
    is_dbm,
    is_dbm_without_sign,
    reach_of,
    survey_levels,
)
from blackspot.data.readers.raster_cells import RasterCells
from raster_files import opened, write

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.mark.parametrize(
    ("threshold", "expected"), [(-110.0, True), (-30.0, False), (-5.0, False), (0.0, False), (-500.0, False)]
)
def test_thresholds_that_can_only_be_levels(threshold: float, *, expected: bool) -> None:
    """Ratios in dB lie above -30."""
    assert expected == is_dbm(threshold)
    assert expected == is_dbm_without_sign(-threshold)


def surveyed(tmp_path: Path, values: Sequence[float], **options: Any) -> LevelSurvey:
    path = write(tmp_path / "a.tif", np.array([values], np.float32), nodata=-9999, **options)
    return survey_levels(RasterCells(opened(path)))


def test_what_one_pass_finds(tmp_path: Path) -> None:
    """Both ends of the range of levels are levels; no data is counted nowhere."""
    survey = surveyed(tmp_path, [-30, -170, -29.5, -171, 0, 45, -9999])
    assert (7, 6, 2, 1, 1) == (survey.cells, survey.known, survey.levels, survey.unsigned, survey.zero)
    assert (-171, 45) == (survey.lowest, survey.highest)
    assert not survey.may_lack_signs
    assert not survey.is_classified


def test_nothing_known(tmp_path: Path) -> None:
    """There is no range, and nothing to ask."""
    survey = surveyed(tmp_path, [-9999, -9999])
    assert math.isnan(survey.lowest)
    findings = Findings()
    assert Reach(-110.0, -30.0) == reach_of(survey, -110.0, findings.about(Path("a.tif")))
    assert () == findings.items


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 1, 2, 3], True),
        ([0, 1], False),
        ([0.5, 1, 2], False),
        ([-1, 1, 2], False),
        (list(range(17)), False),
    ],
)
def test_classes_are_few_small_whole_numbers(tmp_path: Path, values: list[float], *, expected: bool) -> None:
    """A mask of yes and no is none."""
    assert expected == surveyed(tmp_path, values).is_classified


@pytest.mark.parametrize(
    ("values", "threshold", "code", "accepted"),
    [
        ([-80, -115, 0], -110.0, "", Reach(-110.0, -30.0)),
        ([80, 115, 0], -110.0, "coverage.sign-missing", Reach(-110.0, -30.0, negated=True)),
        ([-80, -115, 0], 110.0, "coverage.threshold-sign", Reach(-110.0, -30.0)),
        ([80, 115, 0], 110.0, "coverage.threshold-positive", Reach(110.0)),
        ([0, 1, 2, 3], 2.0, "coverage.classes", Reach(2.0)),
        ([0, 1, 2, 3], -110.0, "coverage.classes-for-levels", None),
        ([0, 150.5, 900], 100.0, "", Reach(100.0)),
        ([0, 12.5, 50, 90], 50.0, "", Reach(50.0)),
        ([-3.5, 12], -5.0, "", Reach(-5.0)),
    ],
)
def test_what_a_threshold_means(
    tmp_path: Path, values: list[float], threshold: float, code: str, accepted: Reach | None
) -> None:
    """Without an answer nothing where they do not belong together; with it what was accepted."""
    survey = surveyed(tmp_path, values)
    findings = Findings()
    found = reach_of(survey, threshold, findings.about(Path("a.tif")))
    assert ([code] if code else []) == [finding.code for finding in findings.items]
    assert (None if code else accepted) == found
    assert accepted == reach_of(survey, threshold, Findings(accept=[code]).about(Path("a.tif")))
