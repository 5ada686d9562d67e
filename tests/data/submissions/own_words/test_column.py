"""One column of a coverage file: its kinds of values, and what they say of the rows."""

from __future__ import annotations

import pandas as pd

from blackspot.data.submissions.own_words.column import ColumnOfFile


def test_cells_as_text() -> None:
    """Whole numbers without a point; what says nothing is None."""
    assert ["1", "2.5", None, None] == ColumnOfFile("a", pd.Series([1.0, 2.5, None, float("nan")])).texts
    assert ["x", None, None] == ColumnOfFile("a", pd.Series(["x ", "", "<NA>"], dtype=object)).texts


def test_few_kinds_sort_rows() -> None:
    """Up to twenty; a column of more sorts nothing."""
    assert ["a", "b"] == ColumnOfFile("x", pd.Series(["b", "a", "b"])).few
    assert [] == ColumnOfFile("x", pd.Series([f"{number}" for number in range(21)])).few


def test_empty_cells_follow_the_others() -> None:
    """Beside rows that do not count an empty one does not, beside unsure ones it is unsure."""
    column = ColumnOfFile("x", pd.Series(["a", "b", None]))
    assert ["counts", "out", "out"] == column.says("status", {"a": "counts", "b": "out"}).verdicts.tolist()
    assert ["counts", "unsure", "unsure"] == column.says(
        "status", {"a": "counts", "b": "unsure"}
    ).verdicts.tolist()
    assert ["counts", "counts", "counts"] == column.says(
        "status", {"a": "counts", "b": "counts"}
    ).verdicts.tolist()
