"""Dates and senders that a file states, against what the project says."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.project.limits import CheckRules
from blackspot.data.submissions.statements import check_dates, newest_date, read_day


def test_dates_are_read_as_in_viet_nam() -> None:
    """The day stands before the month; a day that does not exist is none."""
    assert dt.date(2026, 10, 31) == read_day("31/10/2026") == read_day("2026-10-31")
    assert read_day("31/06/2026") is None
    assert read_day("soon") is None
    assert dt.date(2026, 10, 31) == newest_date(pd.DataFrame({"Ngày": ["30/09/2026", "31/10/2026", None]}))


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        (dt.date(2026, 11, 1), []),
        (dt.date(2026, 10, 30), ["plausibility.date-future"]),
        (dt.date(2027, 10, 31), ["plausibility.date-future"]),
        (dt.date(2027, 11, 1), ["plausibility.stale", "plausibility.date-future"]),
    ],
)
def test_dates_against_the_day_asked_for(asked: dt.date, codes: list[str]) -> None:
    """One year is not stale, a day more is; a day asked for that has not come yet is told, too."""
    findings = Findings()
    columns = pd.DataFrame({"vintage": ["2026-10-31"]})
    check_dates(columns, asked, dt.date(2026, 11, 25), CheckRules(), findings.about("x"))
    assert codes == [finding.code for finding in findings.items]
