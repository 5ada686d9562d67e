"""Which gates a run passes."""

from __future__ import annotations

import math

import pytest

from blackspot.data.project.sections.upkeep import parse_gate
from blackspot.data.submissions.records import SubmissionRecord
from blackspot.data.upkeep.gates import not_passed
from blackspot.errors import Finding

FIGURES: dict[str, object] = {"pop_uncovered_5g": 500.0, "black_spot_count": 4, "covered_share_5g": None}
NOTE, WARNING = (Finding("text.vni", severity, "old text.", "chữ cũ.") for severity in ("note", "warning"))  # type: ignore[arg-type] # severities
LATE = SubmissionRecord(operator="A", service="5g", basis="declared", state="last_good", path="a.gpkg")
FINE = SubmissionRecord(operator="B", service="5g", basis="declared", state="delivered", path="b.gpkg")


def told(*gates: str, lost: float | None = 7.0) -> list[str]:
    """What is said of the run in English."""
    found = not_passed(
        [parse_gate(gate) for gate in gates],
        figures=FIGURES,
        findings=[NOTE, WARNING, WARNING],
        submissions=[LATE, FINE],
        lost=lambda _: lost,
    )
    return [one.en for one in found]


@pytest.mark.parametrize(
    ("gate", "sentence"),
    [
        ("refused", "Gate refused is not passed: 1 submissions are not used as handed in."),
        ("warnings", "Gate warnings is not passed: the checks gave 2 warnings or errors."),
        ("pop_uncovered_5g > 499.9", "Gate pop_uncovered_5g > 499.9 is not passed: it is 500."),
        ("black_spot_count<5", "Gate black_spot_count<5 is not passed: it is 4."),
        ("pop_lost_5g >  6", "Gate pop_lost_5g > 6 is not passed: it is 7."),
        ("covered_share_5g < 0.1", "Gate covered_share_5g < 0.1 is not passed: the figure is not known."),
        ("pop_failing > 1", "Gate pop_failing > 1 is not passed: the figure is not known."),
    ],
)
def test_a_gate_that_is_not_passed_says_why(gate: str, sentence: str) -> None:
    """A figure that is not known passes nothing: no data is not zero."""
    assert [sentence] == told(gate)


def test_gates_that_are_passed_say_nothing() -> None:
    """Nothing to compare with is nothing lost, and lost for unknown reasons is not nothing."""
    assert [] == told("pop_uncovered_5g > 500", "black_spot_count > 4", "pop_lost_5g > 7")
    assert [] == told("pop_lost_5g > 0", lost=None)
    assert 1 == len(told("pop_lost_5g > 0", lost=math.nan))
    assert 2 == len(told("refused", "pop_uncovered_5g > 500", "warnings"))
