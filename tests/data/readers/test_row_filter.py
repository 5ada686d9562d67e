"""Which rows count, and how a value is compared."""

from __future__ import annotations

import pandas as pd
import pytest

from blackspot.data.readers.row_filter import as_text


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), (float("nan"), None), (pd.NA, None), ("", ""), (" a\u0303 ", "ã"), (7, "7"), (7.0, "7"),
     (7.5, "7.5"), (True, "True"), ("7.0", "7.0")],
)  # fmt: skip
def test_how_a_value_is_compared(value: object, expected: str | None) -> None:
    """Missing is missing, text is composed and trimmed, numbers are written plainly."""
    assert as_text(value) == expected
