"""Which sign means what is a fact of the column, not of one cell."""

from __future__ import annotations

import math

import pytest

from blackspot.data.country.figures import Signs, read_figures


@pytest.mark.parametrize(
    ("column", "text", "figure"),
    [
        (["1.234.567"], "3.412", 3412.0),
        (["1,234,567"], "3,412", 3412.0),
        (["12,5"], "3.412", 3412.0),
        (["12,5"], "3,412", 3.412),
        (["12.5"], "3.412", 3.412),
        (["12.5"], "3,412", 3412.0),
        (["1.234,5"], "3.412", 3412.0),
        (["1,234.5"], "3,412", 3412.0),
        (["0,412"], "3,412", 3.412),
        (["12345", "7", ""], "3.412", None),
        (["3.412", "9.100"], "3.412", None),
        (["1.234.567", "12.5"], "3.412", None),
        (["12,5", "12.5"], "3.412", None),
    ],
)
def test_cells_that_are_plain_decide_for_those_that_are_not(
    column: list[str], text: str, figure: float | None
) -> None:
    """Unless there is none, or they contradict each other."""
    assert figure == Signs.of([*column, text]).read(text)


def test_a_column_of_numbers_and_texts() -> None:
    """Numbers stay; what cannot be read is told by its place and is no figure."""
    figures, unclear = read_figures([1.5, 7, "12,5", "3,412", None, math.nan, "", "many"])
    assert [1.5, 7.0, 12.5, 3.412] == figures[:4]
    assert [True] * 4 == [math.isnan(figure) for figure in figures[4:]]
    assert [7] == unclear
    assert ([0, 1], True) == (read_figures(["3,412", "9,100"])[1], math.isnan(read_figures(["3,412"])[0][0]))
