"""Cells of tables: which are empty, and names as people read them."""

from __future__ import annotations

import math
import re
import unicodedata

import pandas as pd

from .slug import slug

_TYPES = re.compile(r"(?:xa|phuong|thi_tran|dac_khu|commune|ward|special_zone)_(?=.)")


def is_nothing(value: object) -> bool:
    """Say whether a cell is empty, in any of the ways tables have.

    Parameters
    ----------
    value
        One cell.

    Returns
    -------
    bool
        True for None, NaN, ``pandas.NA`` and ``pandas.NaT``; an empty text is a text.
    """
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def clean_name(name: object) -> str:
    """Write a name as it is shown: composed accents, single spaces, nothing invisible.

    Parameters
    ----------
    name
        What the file holds; None and other missing values give an empty name.

    Returns
    -------
    str
        In NFC. Control and format characters (line breaks, direction marks, zero width) become spaces.
    """
    if is_nothing(name):
        return ""
    composed = unicodedata.normalize("NFC", str(name))
    shown = "".join(" " if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} else sign for sign in composed)
    return " ".join(shown.split())


def bare_name(name: str) -> str:
    """Give what two names of one commune have in common, whatever its type was and however its tones were placed.

    Parameters
    ----------
    name
        Such as ``Phường Dương Đông``.

    Returns
    -------
    str
        Its Latin letters without accents and without the type before them, such as ``duong_dong``; a name without Latin
        letters in lower case.
    """
    return _TYPES.sub("", slug(name), count=1) or name.strip().casefold()
