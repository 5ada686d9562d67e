"""Which rows count, and how a value is compared."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import WhereFilter
from blackspot.data.submissions.rows import as_text, chosen_rows

if TYPE_CHECKING:
    from blackspot.errors import Finding


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), (float("nan"), None), (pd.NA, None), ("", ""), (" a\u0303 ", "ã"), (7, "7"), (7.0, "7"),
     (7.5, "7.5"), (True, "True"), ("7.0", "7.0")],
)  # fmt: skip
def test_how_a_value_is_compared(value: object, expected: str | None) -> None:
    """Missing is missing, text is composed and trimmed, numbers are written plainly."""
    assert as_text(value) == expected


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
