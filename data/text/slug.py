"""Names as they stand in columns and file names."""

from __future__ import annotations

import re
import unicodedata


def slug(text: str) -> str:
    """Give the lower-case ASCII word that stands for a name in column and file names.

    Parameters
    ----------
    text
        Any name; accents are dropped and đ becomes d.

    Returns
    -------
    str
        Only ``[a-z0-9_]``; empty when the name has no Latin letter or digit.
    """
    plain = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    ascii_only = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")
