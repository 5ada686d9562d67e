"""Numbers and shares as people write them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from blackspot.maps.words.figures import number, percent, signed


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (1234567.8, "en", "1,234,568"),
        (1234567.8, "vi", "1.234.568"),
        (np.float64(0.2), "en", "0"),
        (np.int64(7), "en", "7"),
        (float("nan"), "en", "-"),
        (None, "en", "-"),
        (pd.NA, "en", "-"),
        ("7", "en", "-"),
    ],
)
def test_numbers_are_written_for_people(value: object, language: str, expected: str) -> None:
    """Thousands apart, no decimals, a dash for what is unknown."""
    assert expected == number(value, language)


@pytest.mark.parametrize(
    ("part", "whole", "language", "expected"),
    [
        (1, 8, "en", "12.5%"),
        (1, 8, "vi", "12,5%"),
        (0, 8, "en", "0%"),
        (1, 10_000, "vi", "<0,1%"),
        (9_999, 10_000, "en", ">99.9%"),
        (8, 8, "en", "100%"),
        (0, 0, "en", "-"),
        (float("nan"), 8, "en", "-"),
        (1, None, "en", "-"),
    ],
)
def test_shares_are_written_for_people(part: object, whole: object, language: str, expected: str) -> None:
    """Percent with one decimal, all and nothing only where it is so; of nobody there is no share."""
    assert expected == percent(part, whole, language)


def test_a_change_has_its_sign() -> None:
    """One that rounds to nothing has none; what is unknown is a dash."""
    expected = ["+1,235", "-1,235", "0", "0", "-"]
    assert expected == [signed(value, "en") for value in (1234.6, -1234.6, 0.4, -0.4, float("nan"))]
    assert "+1.235" == signed(1234.6, "vi")
