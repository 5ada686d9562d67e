"""A file that a reader may open: what both sides of the isolation know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from .vector_formats import Format


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that a reader may open.

    Attributes
    ----------
    original
        The input as it was named.
    path
        Where its copy lies, alone with its companions.
    format
        What it is.
    stem
        What its only layer is called, in formats that hold one.
    rows
        Names of the files that the features came from, one for each feature; empty except for folders.
    crs
        What the files of a folder state; elsewhere empty, since the reader will see.
    """

    original: Path
    path: Path
    format: Format
    stem: str
    rows: tuple[str, ...] = ()
    crs: str = ""
