"""Which rows a filter keeps, and how those it leaves out are told."""

from __future__ import annotations

import pandas as pd

from blackspot.data.findings.collector import Findings
from blackspot.data.project.models import WhereFilter
from blackspot.data.submissions.rows import chosen_rows


def test_every_filter_must_hold() -> None:
    """What a filter leaves out is counted by value."""
    findings = Findings()
    where = WhereFilter(column="a", values=("x",), also=(WhereFilter(column="b", values=("1",)),))
    rows = chosen_rows(pd.DataFrame({"a": ["x", "x", "y"], "b": [1, 2, 1]}), where, findings.about("f"))
    assert rows is not None
    assert [0] == rows.tolist()
    assert ["coverage.filtered"] * 2 == [item.code for item in findings.items]
    assert "'y' 1" in findings.items[0].message_en
