"""What a run says on the terminal where nothing is known: never 0."""

from __future__ import annotations

import pandas as pd
import pytest

from blackspot import cli
from blackspot.maps.summary.provinces import NOT_KNOWN
from blackspot.maps.summary.run import run_summary
from blackspot.maps.words.figures import number
from fake_pipeline import FakePipeline, FakeReport


def test_what_is_not_known_is_no_zero(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """No data at all is a dash with its meaning, some data a lower bound, all data a plain number."""
    pipeline.report = FakeReport(
        figures=FakeReport().figures | {"pop_may_fail": 80.0},
        provinces=pd.DataFrame(
            {
                "province_code": ["01", "02", "03"],
                "province_name": ["Some", "Every", "Silent"],
                "pop_total": 1000.0,
                "pop_failing": [200.0, 100.0, 0.0],
                "pop_may_fail": [30.0, 0.0, 50.0],
                "pop_uncovered_5g": [250.0, 150.0, 0.0],
                "pop_no_data_5g": [90.0, 0.0, 1000.0],
                "pop_uncovered_fibre": [300.0, 0.0, 50.0],
                "pop_no_data_fibre": 0.0,
            }
        ),
    )
    assert cli.run_line(["run", "--language", "en"]) == 0
    err = capsys.readouterr().out
    rows = {line.split()[0]: line.split()[1:] for line in err.splitlines() if line}
    assert rows["Some"] == ["1,000", "≥200", "≥20.0%", "≥250", "300"]
    assert rows["Every"] == ["1,000", "100", "10.0%", "150", "0"]
    assert rows["Silent"] == ["1,000", NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, "50"]
    assert f"{NOT_KNOWN}: not known" in err
    assert "≥: at least" in err
    assert "at most 30,000,080, fail the profile" in " ".join(err.split())
    assert cli.run_line(["run", "--language", "vi"]) == 0
    err = capsys.readouterr().out
    assert f"{NOT_KNOWN}: chưa rõ" in err
    assert "≥: ít nhất" in err
    assert "nhiều nhất 30.000.080, chưa đạt tiêu chí" in " ".join(err.split())


def silent_on_5g(*may_fail: float) -> FakeReport:
    """Make a country of two provinces that say nothing of 5G, and something of fibre.

    An older program made it unless it is said how many people of each province may fail.
    """
    counted = {"pop_may_fail": list(may_fail)} if may_fail else {}
    return FakeReport(
        figures=FakeReport().figures
        | {"pop_total": 2000.0, "pop_failing": 0.0, "pop_covered_fibre": 1950.0, "pop_uncovered_fibre": 50.0}
        | {"pop_covered_5g": 0.0, "pop_uncovered_5g": 0.0, "pop_no_data_5g": 2000.0}
        | {name: sum(people) for name, people in counted.items()},
        provinces=pd.DataFrame(
            {
                "province_code": ["01", "02"],
                "province_name": ["Some", "None"],
                "pop_total": 1000.0,
                "pop_failing": 0.0,
                "pop_uncovered_5g": 0.0,
                "pop_no_data_5g": 1000.0,
                "pop_uncovered_fibre": [50.0, 0.0],
                "pop_no_data_fibre": 0.0,
                **counted,
            }
        ),
    )


def test_a_run_of_an_older_program_knows_no_more() -> None:
    """It did not count who may fail: where data is missing, nothing is said of them, nor how many they are."""
    _, country, _, provinces = run_summary(silent_on_5g())[:4]
    assert not [line for line in country.lines if "at most" in line]
    rows = {row[0]: row[1:] for row in provinces.rows}
    assert rows == {
        "Some": ("1,000", NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, "50"),
        "None": ("1,000", NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, "0"),
    }


def test_what_the_run_counted_goes_before_that() -> None:
    """Nobody in 02 lacks fibre, so nobody there can lack both: a certain 0."""
    _, country, _, provinces = run_summary(silent_on_5g(50.0, 0.0))[:4]
    assert any("is not known, at most 50: no data was handed in." in line for line in country.lines)
    rows = {row[0]: row[1:] for row in provinces.rows}
    assert rows["Some"] == ("1,000", NOT_KNOWN, NOT_KNOWN, NOT_KNOWN, "50")
    assert rows["None"] == ("1,000", "0", "0%", NOT_KNOWN, "0")


@pytest.mark.parametrize(
    ("language", "meaning", "sentence"),
    [
        (
            "en",
            ": not known",
            "How many of 2,000 people fail the profile (with neither 5G nor fibre) is not known",
        ),
        (
            "vi",
            ": chưa rõ",
            "Chưa rõ bao nhiêu trên 2.000 người chưa đạt tiêu chí (chưa có cả 5G lẫn cáp quang) vì chưa nộp dữ liệu.",
        ),
    ],
)
def test_a_country_without_data_does_not_have_nobody(language: str, meaning: str, sentence: str) -> None:
    """Neither covered nor uncovered nor their share is 0, and nobody is not said to fail."""
    _, headline, country = run_summary(silent_on_5g(), language)[:3]
    whole = number(2000.0, language)
    assert country.rows[0][1:] == (NOT_KNOWN, NOT_KNOWN, whole, whole, NOT_KNOWN)
    assert country.rows[1][1:5] == (number(1950.0, language), "50", "0", whole)
    assert country.lines[0].startswith(NOT_KNOWN + meaning)
    assert sentence in headline.lines[0]


def test_without_missing_data_no_sign_is_explained(
    pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    """The signs have their line only where they stand."""
    assert cli.run_line(["run"]) == 0
    err = capsys.readouterr().out
    assert pipeline.asked
    assert NOT_KNOWN not in err
    assert "≥" not in err
    assert "at most" not in err
