"""What a machine reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from blackspot.maps.summary.as_json import as_json


def test_json_has_no_infinities() -> None:
    """JSON knows no NaN; paths and dates become text."""
    value = {"a": [np.float32(1.5), float("inf"), Path("/x")], "b": dt.date(2026, 1, 2), "c": True, "d": None}
    assert as_json(value) == '{"a": [1.5, null, "/x"], "b": "2026-01-02", "c": true, "d": null}'
