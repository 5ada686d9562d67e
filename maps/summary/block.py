"""Text for a terminal or a log: blocks of it, and how figures are written there and in pages without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...data.text.safe import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...data.text.words import Both


@dataclass(frozen=True, slots=True)
class Block:
    """A title, a small table and lines below it; any of them may be empty.

    ``numbers`` are the positions of the columns that are aligned to the right. The last column takes what
    room is left. ``is_warning`` marks what nobody may miss.
    """

    title: str = ""
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()
    is_warning: bool = False


def told(sentences: Sequence[Both], language: str) -> tuple[str, ...]:
    """Say in one language what is known in both, safe to print: names in it come from files."""
    return tuple(printable(one.vi if language == "vi" else one.en) for one in sentences)
