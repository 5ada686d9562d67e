"""Findings of a reader: written down there, checked and said again here."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from blackspot.data.findings.collector import Findings
from blackspot.data.isolation.answers import Answer, checked, reply_of
from blackspot.data.isolation.recorded import RecordedFindings, replay
from blackspot.data.isolation.reply import BadReplyError
from blackspot.data.text.sentences import phrase


def test_findings_come_back_in_the_same_words() -> None:
    """Codes and values travel; the sentences and the name of the file are made here."""
    recorded, direct, again = RecordedFindings(), Findings(), Findings()
    for each in (recorded, direct):
        about = each.about("x.gpkg", "xã")
        about.add("column.missing", column="mã", columns=[f"cột {n}" for n in range(30)])
        about.add("layer.rows-lost", count=3, announced=12, read=9)
        about.add("file.unsafe-content", what={"view b", "view a"})
        about.add("raster.scaled", scale=np.float32(0.5), offset=1e6)
        about.add("text.too-long", longest=np.int64(1_234_567), limit=1_000_000)
        about.add("population.saturated", limit=math.inf)
        about.add("file.too-large", size=phrase("rows", count=1_000), limit=phrase("rows", count=10))
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
        {"values": {"reason": {"a": 1}}},
        {"values": {"reason": True}},
        {"values": {"reason": None}},
        {"values": {"reason": 2**64}},
        {"values": {"reason": math.nan}},
        {"values": {"reason": [1, 2]}},
        {"values": {"reason": {"phrase": "no such phrase", "values": {}}}},
        {"values": {"reason": {"phrase": ["rows"], "values": {"count": 1}}}},
        {"values": {"reason": {"phrase": "rows", "values": {}}}},
        {"values": {"reason": {"phrase": "rows", "values": {"count": 1, "more": 2}}}},
        {"values": {"reason": {"phrase": "rows", "values": {"count": {}}}}},
        {"values": {"reason": {"phrase": "rows", "values": "count"}}},
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
