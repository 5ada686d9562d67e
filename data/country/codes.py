"""Codes of communes and provinces: always text, with the leading zeros that spreadsheets eat."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..project.sections.values import LONGEST_CODE
from ..text.names import is_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from ..findings.collector import FileFindings
    from ..project.models import CommunesSource

_WHOLE_NUMBER = re.compile(r"([0-9]+)(?:[.,]0+)?")
_GROUPED = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")  # 31.000 is 31 or 31,000: nobody can tell


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """How long the codes of a register are; the default is that of Viet Nam.

    Attributes
    ----------
    commune, province
        Characters of a commune's and of a province's code; 0 takes codes of any length as they stand.
    """

    commune: int = 5
    province: int = 2

    @classmethod
    def of(cls, source: CommunesSource | None) -> CodeSystem:
        """Take the lengths that a project file states; None is a check without one."""
        return VIET_NAM if source is None else cls(source.code_width, source.province_code_width)


VIET_NAM = CodeSystem()
"""The codes of Viet Nam since 1 July 2025."""


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
        Those that are not as long as a code or hold what cannot be printed, and numbers such as ``31.000`` that can
        be read in two ways.
    uneven
        Some had lost zeros although others still have theirs: no spreadsheet does that, whoever edited the codes did.
    """

    text: NDArray[np.object_]
    padded: NDArray[np.bool_]
    as_text: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    uneven: bool


def read_codes(values: Iterable[object], width: int) -> Codes:
    """Read codes from text or numbers.

    Parameters
    ----------
    values
        Text, whole numbers, or decimal numbers that are whole (``4.0``), as files hold them.
    width
        How many characters a code has; 0 takes codes of any length as they stand.

    Returns
    -------
    Codes
        In NFC without spaces around; digits filled up to ``width`` with zeros on the left.
    """
    values = list(values)
    given = ["" if is_nothing(value) else code_text(value, width) for value in values]
    read = [code.zfill(width) if code.isascii() and code.isdecimal() else code for code in given]
    text = np.array(read, dtype=object)
    lengths = np.array([len(code) for code in read], dtype=int)
    padded = np.array([code != before for code, before in zip(read, given, strict=True)], dtype=bool)
    padded &= lengths == width
    unprintable = np.array([not code.isprintable() for code in read], dtype=bool)
    too_long = lengths > LONGEST_CODE if width == 0 else (lengths != 0) & (lengths != width)
    grouped = np.array([width > 0 and _GROUPED.fullmatch(code) is not None for code in read], dtype=bool)
    zeros = [before.startswith("0") and len(before) > 1 for before in given]
    return Codes(
        text=text,
        padded=padded,
        as_text=padded & np.array([isinstance(value, str) for value in values], dtype=bool),
        missing=lengths == 0,
        bad=too_long | unprintable | grouped,
        uneven=bool(padded.any() and any(zeros)),
    )


def check_padded(
    area: str,
    codes: Codes,
    width: int,
    column: str,
    about: FileFindings,
    *,
    registered: bool,
    unsure: bool = False,
) -> bool:
    """Report codes that got their zeros back, and ask where nothing shows that they are the right ones.

    A spreadsheet takes the zeros of a whole column. Where some codes still have theirs, the others were edited: a
    code that is short may be another one altogether.

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
    unsure
        Some of them may be codes of provinces.

    Returns
    -------
    bool
        They can be used.
    """
    if not codes.padded.any():
        return True
    doubtful = unsure or codes.uneven or (codes.as_text.any() and not registered)
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


def likely_width(codes: Codes) -> int:
    """Say how long codes of another register would be, if those that were found are its codes.

    Parameters
    ----------
    codes
        Some of them bad.

    Returns
    -------
    int
        The characters that all codes have; 0, which takes any, where they differ or hold signs between their parts.
    """
    lengths = {len(code) for code in codes.text if code}
    same = len(lengths) == 1 and all(code.isalnum() for code in codes.text if code)
    return lengths.pop() if same and max(lengths) <= LONGEST_CODE else 0


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


def code_text(value: object, width: int) -> str:
    """Write a code as text, without zeros: a whole number without its point.

    Parameters
    ----------
    value
        Text or a number.
    width
        How many characters a code has. Where any number will do (0), only a number loses its point: ``11.0`` may be a
        code then.
    """
    text = unicodedata.normalize("NFC", str(value)).strip()
    if width == 0 and isinstance(value, str):
        return text
    number = None if _GROUPED.fullmatch(text) else _WHOLE_NUMBER.fullmatch(text)
    return number[1] if number else text
