"""Everything the program says in Vietnamese and English, from the files of the folder ``catalogue``.

A subject is a TOML file of that folder, such as ``summary`` or ``findings/crs``. Nothing is read before it is
asked for, and nothing twice.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Language = Literal["vi", "en"]

CATALOGUE: Final = Path(__file__).with_name("catalogue")


class Both(NamedTuple):
    """A text in Vietnamese and English."""

    vi: str
    en: str


@cache
def catalogue(subject: str) -> Mapping[str, Any]:
    """Read a file of the catalogue as it stands; only for subjects that hold more than texts.

    Parameters
    ----------
    subject
        Its path inside the folder, without ending.
    """
    return tomllib.loads((CATALOGUE / f"{subject}.toml").read_text(encoding="utf-8"))
