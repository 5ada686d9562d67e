"""Figures in the cells of a table: which sign separates thousands, and which stands before decimals.

One cell often cannot say: 3.412 is three thousand people in Ha Noi and three square kilometres in London. Other cells of
the column may: where one holds 1.234.567 or 12,5, all are read alike.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..text.names import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SPACES = re.compile("[\u00a0\u2009\u202f]")  # no-break and narrow spaces, as Excel writes them
_PLAIN = re.compile(r"-?[0-9]+")
_SPACED = re.compile(r"-?[0-9]{1,3}( [0-9]{3})+")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})")
_BOTH = re.compile(r"-?[0-9]{1,3}(?:(?:\.[0-9]{3})+,[0-9]+|(?:,[0-9]{3})+\.[0-9]+)")
_ONE = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)[.,](?P<rest>[0-9]+)")


class AmbiguousNumberError(ValueError):
    """A figure that can be read in two ways, such as 3.412."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the cells of a column show about the signs in them.

    Attributes
    ----------
    thousands, decimals
        Points and commas that separate thousands, and that stand before decimals, in cells that can be read in one
        way only.
    """

    thousands: frozenset[str]
    decimals: frozenset[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Signs:
        """Look at all cells of a column."""
        thousands, decimals = set(), set()
        for given in texts:
            text = _SPACES.sub(" ", given.strip())
            signs = [sign for sign in text if sign in ".,"]
            if _GROUPED.fullmatch(text):
                thousands.add(signs[0])
            elif _BOTH.fullmatch(text):
                thousands.add(signs[0])
                decimals.add(signs[-1])
            elif _ONE.fullmatch(text) and not _is_ambiguous(text):
                decimals.add(signs[0])
        return cls(frozenset(thousands), frozenset(decimals))

    def read(self, text: str) -> float | None:
        """Read an ambiguous figure as the others of its column; None where they do not decide, or disagree.

        Parameters
        ----------
        text
            Such as ``3.412``.
        """
        text = text.strip()
        (sign,) = {sign for sign in text if sign in ".,"}
        other = "," if sign == "." else "."
        grouped = sign in self.thousands or other in self.decimals
        decimal = sign in self.decimals or other in self.thousands
        if grouped == decimal:
            return None
        return float(text.replace(sign, "" if grouped else "."))


def parse_people(text: str) -> float:
    """Read a figure, never guessing which sign separates thousands.

    Parameters
    ----------
    text
        Such as ``12345``, ``12 345``, ``1.234.567``, ``1,234.5`` or ``12,5``. One point or comma before
        exactly three digits can be either sign, unless no thousands could stand there (``0.412``,
        ``1234.567``).

    Returns
    -------
    float
        The figure; may be negative.

    Raises
    ------
    AmbiguousNumberError
        It can be read in two ways.
    ValueError
        It is no number.
    """
    text = _SPACES.sub(" ", text.strip())
    if _PLAIN.fullmatch(text) or _SPACED.fullmatch(text) or _GROUPED.fullmatch(text):
        return float(re.sub(r"[ .,]", "", text))
    if _BOTH.fullmatch(text):
        decimal = max(text.rfind("."), text.rfind(","))
        return float(f"{re.sub(r'[.,]', '', text[:decimal])}.{text[decimal + 1 :]}")
    found = _ONE.fullmatch(text)
    if found is None:
        raise ValueError(f"no number: {text}")
    if _is_ambiguous(text):
        raise AmbiguousNumberError(text)
    return float(f"{found['sign']}{found['whole']}.{found['rest']}")


def _is_ambiguous(text: str) -> bool:
    """Say whether the only sign of a figure may separate thousands as well as decimals."""
    found = _ONE.fullmatch(text)
    if found is None:
        return False
    whole, rest = found["whole"], found["rest"]
    return len(rest) == 3 and len(whole) <= 3 and not whole.startswith("0")


def read_figures(values: Sequence[object]) -> tuple[list[float], list[int]]:
    """Read a column of figures, numbers or texts, each as the column shows.

    Parameters
    ----------
    values
        Its cells.

    Returns
    -------
    tuple
        The figures, NaN where a cell is empty or cannot be read; and the positions of those that cannot be read.
    """
    signs = Signs.of(value for value in values if isinstance(value, str))
    figures, unclear = [], []
    for at, value in enumerate(values):
        figure: float | None = math.nan
        if isinstance(value, str):
            try:
                figure = parse_people(value) if value.strip() else math.nan
            except AmbiguousNumberError:
                figure = signs.read(value)
            except ValueError:
                figure = None
        elif not is_nothing(value):
            figure = float(str(value))
        unclear += [at] if figure is None else []
        figures.append(math.nan if figure is None else figure)
    return figures, unclear
