"""Cells of tables, and parts of sentences about them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from blackspot.maps.words.cells import known, real, service_names, tell, tell_sentence


@pytest.mark.parametrize(
    ("cell", "expected"),
    [(None, False), (math.nan, False), (pd.NA, False), (0.0, True), ("", True), (0, True)],
)
def test_an_empty_cell_is_not_known(cell: object, *, expected: bool) -> None:
    """Nothing, no number and no value of pandas; nought and an empty text are something."""
    assert expected == known(cell)


def test_a_narrow_number_is_taken_as_it_is_written() -> None:
    """A float of 32 bits has no digits that nobody wrote."""
    assert (0.1, 3.0) == (real(np.float32(0.1)), real(3))


def test_a_sentence_begins_and_ends_as_one() -> None:
    """The same text, as a part and alone."""
    assert "double" not in tell("double_gap", both=2.0).text("en")
    assert "neither mobile nor fibre: 2 people" == tell("double_gap", both=2.0).text("en")
    assert "Neither mobile nor fibre: 2 people." == tell_sentence("double_gap", both=2.0).text("en")
    assert ("cáp quang", "fibre") == tuple(service_names("fibre"))
