"""One column of a coverage file, and what it says of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from ...text.cells import as_text
from .vocabulary import says_nothing

if TYPE_CHECKING:
    from numpy.typing import NDArray

Verdict = Literal["counts", "out", "unsure"]

_FEW_VALUES: Final = 20  # a column of more kinds of values names things, it does not sort them


@dataclass(frozen=True, slots=True)
class Statement:
    """What one column says of the rows.

    Attributes
    ----------
    column, meaning
        The column as the file spells it, and what it is about.
    texts
        Its cells as text, None where empty; shape (rows,).
    verdicts
        What each of them says of its row: ``counts``, ``out`` or ``unsure``.
    certain
        The name of the column says what it is about; otherwise only its values do, and nothing is left out unasked.
    code
        The finding that asks about what is not certain.
    """

    column: str
    meaning: str
    texts: list[str | None]
    verdicts: NDArray[np.str_]
    certain: bool = True
    code: str = "submission.rows-unsure"


class ColumnOfFile:
    """One column: its different values as text, and which of them stands in which row."""

    def __init__(self, name: str, cells: pd.Series) -> None:
        self.name = name
        self._cells = cells

    @cached_property
    def _coded(self) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
        """Give for each row the place of its text, and the texts; the last is None, for empty cells."""
        codes, uniques = pd.factorize(self._cells)
        texts = [as_text(value) for value in uniques]
        return codes, np.array(
            [*(None if says_nothing(text) else text for text in texts), None], dtype=object
        )

    @property
    def texts(self) -> list[str | None]:
        """Every cell as text, None where it is empty."""
        codes, texts = self._coded
        found: list[str | None] = texts[codes].tolist()
        return found

    @cached_property
    def kinds(self) -> list[str]:
        """The different values, in order."""
        return sorted({text for text in self._coded[1] if text is not None})

    @property
    def few(self) -> list[str]:
        """The different values of a column that sorts rows into a few kinds; empty for any other."""
        return self.kinds if len(self.kinds) <= _FEW_VALUES else []

    def says(
        self,
        meaning: str,
        verdicts: dict[str, Verdict],
        *,
        empty: Verdict = "counts",
        certain: bool = True,
        code: str = "submission.rows-unsure",
    ) -> Statement:
        """Put what each different value says onto the rows.

        An empty cell says that a row counts only where no other row of the column says that it does not.
        """
        if "out" in verdicts.values():
            empty = "out"
        elif "unsure" in verdicts.values():
            empty = "unsure"
        codes, texts = self._coded
        told = np.array([empty if text is None else verdicts[text] for text in texts], dtype=str)
        return Statement(self.name, meaning, self.texts, told[codes], certain, code)
