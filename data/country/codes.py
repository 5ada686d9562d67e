"""Codes of communes and provinces: always text, with the leading zeros that spreadsheets eat."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..text.names import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings

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
    as_text
        Those among the padded that stood there as text: a number cannot hold zeros, a text that lacks them was
        edited.
    missing
        Those that are empty.
    bad
        Those that are not as long as a code, and numbers such as ``31.000`` that can be read in two ways.
    """

    text: NDArray[np.object_]
    padded: NDArray[np.bool_]
    as_text: NDArray[np.bool_]
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
    values = list(values)
    given = ["" if is_nothing(value) else _text(value) for value in values]
    read = [code.zfill(width) if code.isascii() and code.isdecimal() else code for code in given]
    text = np.array(read, dtype=object)
    lengths = np.array([len(code) for code in read], dtype=int)
    padded = np.array([code != before for code, before in zip(read, given, strict=True)], dtype=bool)
    padded &= lengths == width
    return Codes(
        text=text,
        padded=padded,
        as_text=padded & np.array([isinstance(value, str) for value in values], dtype=bool),
        missing=lengths == 0,
        bad=((lengths != 0) & (lengths != width))
        | np.array([_GROUPED.fullmatch(code) is not None for code in read], dtype=bool),
    )


def check_padded(
    area: str, codes: Codes, width: int, column: str, about: FileFindings, *, registered: bool
) -> bool:
    """Report codes that got their zeros back, and ask where nothing shows that they are the right ones.

    Parameters
    ----------
    area
        First word of the finding's code: ``communes``, ``list`` or ``totals``.
    codes
        The codes.
    width
        How many characters a code has.
    column
        The column they stand in.
    about
        Told them.
    registered
        The codes are compared with a register, which refuses those that it does not have.

    Returns
    -------
    bool
        They can be used.
    """
    if not codes.padded.any():
        return True
    doubtful = codes.as_text.any() and not registered
    return (
        about.ask(
            f"{area}.codes-short" if doubtful else f"{area}.codes-padded",
            column=column,
            count=int(codes.padded.sum()),
            examples=sorted(set(codes.text[codes.padded]))[:3],
            width=width,
        )
        or not doubtful
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
