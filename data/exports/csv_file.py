"""Tables as CSV: RFC 4180, UTF-8 with a byte order mark for spreadsheets, no cell that becomes a formula."""

from __future__ import annotations

import csv
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from ..columns.register import find
from .published import without_geometry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from ..columns.column import Kind
    from ..columns.register import Table

ENCODING = "utf-8-sig"
"""UTF-8 with a byte order mark: spreadsheets take plain UTF-8 for another code page and break Vietnamese."""

GUARD = "'"
"""What stands before a text that a spreadsheet would take for a formula."""

_STARTS = frozenset("=+-@\t\r")
# Letters by category that nevertheless show nothing: Hangul fillers and the empty Braille pattern.
_EMPTY_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def guard_formulas(text: str) -> str:
    """Make sure that no spreadsheet runs a text as a formula.

    Parameters
    ----------
    text
        A text cell.

    Returns
    -------
    str
        The text with an apostrophe before every part that would start a formula. A part starts at the
        beginning and after each semicolon, which separates cells where the decimal sign is a comma, as in
        Viet Nam. Spaces, quotes and invisible characters do not hide the start of a formula, full-width
        signs count as plain ones. ``remove_guards`` gives the text back.
    """
    if ";" not in text:  # as in nearly all texts
        return GUARD + text if _starts_formula(text) else text
    return ";".join(GUARD + part if _starts_formula(part) else part for part in text.split(";"))


def remove_guards(text: str) -> str:
    """Undo ``guard_formulas``.

    Parameters
    ----------
    text
        A text cell of a CSV file of a run.

    Returns
    -------
    str
        The text as it was before it was written.
    """
    parts = text.split(";")
    return ";".join(
        part[1:] if part.startswith(GUARD) and _starts_formula(part[1:]) else part for part in parts
    )


def write_csv(path: Path, table: Table, frame: pd.DataFrame) -> None:
    """Write a published table as CSV.

    Parameters
    ----------
    path
        The file; replaced when it exists.
    table
        Which table of the register of columns it is.
    frame
        As ``published`` gives it; a geometry column is left out. Numbers are written with as many digits as
        they need to be read back as the same number, without exponent; flags as ``true`` and ``false``;
        missing values as nothing.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    plain = without_geometry(frame)
    columns = [_cells(find(table, str(name))[0].kind, plain[name]) for name in plain.columns]
    with path.open("w", encoding=ENCODING, newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(plain.columns)
        writer.writerows(zip(*columns, strict=True))


def _starts_formula(text: str) -> bool:
    """Look at the first character one sees; quotes and our own guard are looked through."""
    if text[:1].isascii() and text[:1].isalnum():  # as nearly all texts do
        return False
    for character in text:
        if character in _STARTS:
            return True
        category = unicodedata.category(character)
        unseen = category in {"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"} or character in _EMPTY_LETTERS
        if not unseen and character not in {GUARD, '"'}:
            return unicodedata.normalize("NFKC", character)[0] in _STARTS
    return False


def _cells(kind: Kind, column: pd.Series) -> Sequence[str]:
    values = column.tolist()
    if kind == "text":
        guarded = {text: guard_formulas(text) for text in set(values)}  # many stand in many rows
        return [guarded[text] for text in values]
    cells = zip(values, column.isna().tolist(), strict=True)
    if kind == "flag":
        return ["" if gap else str(bool(value)).lower() for value, gap in cells]
    if kind == "count":
        return ["" if gap else str(int(value)) for value, gap in cells]
    return ["" if gap else _digits(value) for value, gap in cells]


def _digits(value: float) -> str:
    """Write a number with as many digits as it needs, as Python does, but without exponent and without ``.0``."""
    text = repr(float(value))
    return np.format_float_positional(value, trim="-") if "e" in text else text.removesuffix(".0")
