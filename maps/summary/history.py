"""The history of an output folder in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...data.text.safe import plain
from ...data.text.sentences import say
from ...data.text.words import words
from ..words.figures import number
from .block import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.runs.history import RunRecord

_COLUMNS = ("run", "recorded", "people", "failing", "black_spots", "refused", "warnings", "seconds")


def runs_block(records: Sequence[RunRecord], language: str = "en") -> Block:
    """Give the history as a table, one row per run; without runs, one line that says so.

    Parameters
    ----------
    records
        In the order they are shown.
    language
        vi or en.
    """
    if not records:
        return Block(lines=(say("history", "none", language),))
    names = ("pop_total", "pop_failing", "black_spot_count")
    rows = tuple(
        (
            plain(record.id),
            f"{record.recorded_at:%Y-%m-%d %H:%M}",
            *(number(record.figures.get(name), language) for name in names),
            *(number(record.findings.get(severity, 0), language) for severity in ("error", "warning")),
            number(record.seconds, language),
        )
        for record in records
    )
    header = tuple(words("history", language)[f"column.{name}"] for name in _COLUMNS)
    return Block(header=header, rows=rows, numbers=frozenset(range(2, len(header))))
