"""Findings that a reader sends: the same words again, or refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.isolation.answers import Answer, checked, reply_of
from blackspot.data.isolation.recorded import RecordedFindings, replay
from blackspot.data.isolation.reply import BadReplyError


def test_findings_come_back_in_the_same_words() -> None:
    """Codes and values travel; the sentences and the name of the file are made here."""
    recorded, direct, again = RecordedFindings(), Findings(), Findings()
    for each in (recorded, direct):
        about = each.about("x.gpkg", "xã")
        about.add("column.missing", column="mã", columns=[f"cột {n}" for n in range(30)])
        about.add("layer.rows-lost", count=3, announced=12, read=9)
        about.add("file.unsafe-content", what={"view b", "view a"})
    sent = json.loads(json.dumps(reply_of(recorded.recorded, None)))
    findings, answer = checked(sent, Answer)
    assert answer is None
    replay(findings, again.about("x.gpkg"))
    assert direct.items == again.items


SOUND = {
    "code": "file.reader-failed",
    "layer": "",
    "row": "",
    "column": "",
    "count": 1,
    "values": {"reason": "x"},
}


@pytest.mark.parametrize(
    "change",
    [
        {"code": "no.such-rule"},
        {"code": ["file.missing"]},
        {"values": {}},
        {"values": {"reason": 1}},
        {"values": {"reason": "x", "file": "/etc/passwd"}},
        {"count": True},
        {"row": None},
        {"file": "/etc/passwd"},
    ],
)
def test_findings_that_no_reader_of_ours_makes_are_refused(change: dict[str, Any]) -> None:
    """An unknown rule, missing or foreign values, another file."""
    findings, _ = checked({"findings": [SOUND], "answer": None}, Answer)
    replay(findings, Findings().about("x"))
    with pytest.raises(BadReplyError):
        checked({"findings": [SOUND | change], "answer": None}, Answer)
