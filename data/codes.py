"""Codes of communes and provinces: always text, with the leading zeros that spreadsheets eat."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .names import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

COMMUNE_CODE_WIDTH = 5
PROVINCE_CODE_WIDTH = 2

_WHOLE_NUMBER = re.compile(r"([0-9]+)(?:[.,]0+)?")
_GROUPED = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")  # 31.000 is 31 or 31,000: nobody can tell


@dataclass(frozen=True, slots=True)
class Codes:
    """A column of codes as text.

    Attributes
    ----------
    text
        The codes; empty where there was none. Shape (n,).
    padded
        Those that had lost leading zeros and got them back.
    missing
        Those that are empty.
    bad
        Those that are not as long as a code, and numbers such as ``31.000`` that can be read in two ways.
    """

    text: NDArray[np.object_]
    padded: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def read_codes(values: Iterable[object], width: int) -> Codes:
    """Read codes from text or numbers.

    Parameters
    ----------
    values
        Text, whole numbers, or decimal numbers that are whole (``4.0``), as files hold them.
    width
        How many characters a code has: 5 for communes, 2 for provinces.

    Returns
    -------
    Codes
        In NFC without spaces around; digits filled up to ``width`` with zeros on the left.
    """
    given = ["" if is_nothing(value) else _text(value) for value in values]
    read = [code.zfill(width) if code.isascii() and code.isdecimal() else code for code in given]
    text = np.array(read, dtype=object)
    lengths = np.array([len(code) for code in read], dtype=int)
    return Codes(
        text=text,
        padded=np.array([code != before for code, before in zip(read, given, strict=True)], dtype=bool)
        & (lengths == width),
        missing=lengths == 0,
        bad=((lengths != 0) & (lengths != width))
        | np.array([_GROUPED.fullmatch(code) is not None for code in read], dtype=bool),
    )


def repeated(codes: Iterable[str]) -> list[str]:
    """Find the codes that stand more than once.

    Parameters
    ----------
    codes
        Any codes; empty ones do not count.

    Returns
    -------
    list of str
        Each once, sorted.
    """
    return sorted(code for code, count in Counter(codes).items() if count > 1 and code)


def _text(value: object) -> str:
    text = unicodedata.normalize("NFC", str(value)).strip()
    number = None if _GROUPED.fullmatch(text) else _WHOLE_NUMBER.fullmatch(text)
    return number[1] if number else text
