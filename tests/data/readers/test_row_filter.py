"""Which rows a filter keeps, and how those it leaves out are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import WhereFilter
from blackspot.data.readers.row_filter import chosen_rows

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
