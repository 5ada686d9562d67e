"""Which rows a filter keeps, and how those it leaves out are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.project.sections.where import WhereFilter
from blackspot.data.readers.row_filter import chosen_rows, reached_rows, same_number

if TYPE_CHECKING:
    from blackspot.errors import Finding


def test_every_filter_must_hold() -> None:
    """What a filter leaves out is counted by value."""
    findings = Findings()
    where = WhereFilter(column="a", values=("x",), also=(WhereFilter(column="b", values=("1",)),))
    rows = chosen_rows(pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 2, 1]}), where, findings.about("f"))
    assert rows is not None
    assert [0] == rows.tolist()
    assert ["coverage.filtered"] * 2 == [item.code for item in findings.items]
    assert "'y' 1" in findings.items[0].message_en


def kept(column: list[object], **rule: object) -> tuple[list[int] | None, list[Finding]]:
    findings = Findings()
    where = WhereFilter.model_validate({"column": "rsrp"} | rule)
    found = chosen_rows(pd.DataFrame({"rsrp": column}), where, findings.about(Path("a.gpkg")))
    return None if found is None else found.tolist(), list(findings.items)


def test_numbers_are_compared_as_numbers() -> None:
    """Floats of a column, texts with spaces, whole numbers: all the same; codes with zeros are not."""
    assert [0, 1, 2, 3] == kept([-105.0, " -105 ", "-105.00", -105], values=("-105",))[0]
    assert [0] == kept(["01", "1", 1], values=("01",))[0]


def test_rows_from_a_number_up() -> None:
    """What is left out is told, value by value."""
    rows, findings = kept(["-85", "-105.0", "-110", "none"], at_least=-105.0)
    assert [0, 1] == rows
    assert [("coverage.filtered", 2)] == [(finding.code, finding.count) for finding in findings]
    assert "'-110' 1, 'none' 1" in findings[0].message_en


def test_no_row_from_a_number_up() -> None:
    """The error says from which number on, and what there is."""
    rows, findings = kept(["-115", "-120"], at_least=-105.0)
    assert rows is None
    assert ["coverage.filter-keeps-nothing"] == [finding.code for finding in findings]
    assert "-105 or more" in findings[0].message_en
    assert "từ -105 trở lên" in findings[0].message_vi


@pytest.mark.parametrize(
    ("text", "expected"),
    [("-105.0", "-105"), ("-105", "-105"), ("+7.50", "7.5"), ("-0.0", "0"), ("1000", "1000"), ("007", "007"),
     ("1e3", "1e3"), ("1,5", "1,5"), ("5G", "5G"), ("", "")],
)  # fmt: skip
def test_a_number_is_written_in_one_way(text: str, expected: str) -> None:
    """Codes with leading zeros and anything that is no plain number stay texts."""
    assert expected == same_number(text)


def reached(values: list[str | None], at_least: float, *accept: str) -> tuple[list[bool] | None, list[str]]:
    findings = Findings(accept=accept)
    found = reached_rows(values, at_least, "rsrp", findings.about(Path("a.gpkg")))
    return None if found is None else found.tolist(), [finding.code for finding in findings.items]


def test_bands_of_signal_from_a_level_up() -> None:
    """0, a missing value and a text are no level; the threshold itself counts."""
    values = ["-85", "-105.0", "-105.1", "0", None, "strong", "-20"]
    assert ([True, True, False, False, False, False, False], []) == reached(values, -105.0)


def test_speeds_are_numbers_like_any_other() -> None:
    """A threshold that cannot be dBm leaves 0 and large numbers alone."""
    assert ([False, True, True], []) == reached(["0", "100", "1000"], 100.0)
    assert ([True, True, False], []) == reached(["0", "5", "-4"], -3.0)


def test_levels_without_their_sign_are_asked_about() -> None:
    """Accepted they are negated; 0 stays what no receiver measures."""
    values = ["85", "105", "115", "0"]
    assert (None, ["coverage.sign-missing"]) == reached(values, -105.0)
    accepted = reached(values, -105.0, "coverage.sign-missing")
    assert ([True, True, False, False], ["coverage.sign-missing"]) == accepted


def test_a_threshold_without_its_sign_is_asked_about() -> None:
    """Accepted, the level is meant."""
    assert (None, ["coverage.threshold-sign"]) == reached(["-85", "-105"], 105.0)
    accepted = reached(["-85", "-115"], 105.0, "coverage.threshold-sign")
    assert ([True, False], ["coverage.threshold-sign"]) == accepted


def test_no_number_at_all() -> None:
    """Nothing is kept, which the caller tells."""
    assert [False, False] == np.asarray(reached(["x", None], -105.0)[0]).tolist()
