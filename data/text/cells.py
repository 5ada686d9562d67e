"""Cells of columns as text: as filters compare them, and counted as findings list them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from .names import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable


def as_text(value: object) -> str | None:
    """Write a value of a column as the filters compare it.

    Parameters
    ----------
    value
        A cell.

    Returns
    -------
    str or None
        None for a missing value; the text ``<NA>`` is a text like any other.
    """
    if is_nothing(value):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return composed(str(value))


def composed(text: str) -> str:
    """Write a text with composed accents, without spaces around."""
    return unicodedata.normalize("NFC", text).strip()


def listed(values: Iterable[str | None]) -> list[str]:
    """Count values, the most frequent first: ``'Planned' 75``; a missing value is an empty pair of quotes."""
    counts = Counter("" if value is None else value for value in values)
    return [
        f"'{value}' {count}" for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
