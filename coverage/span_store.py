"""Merged spans kept on disk by what they were made of: a changed layer is burned alone."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from .spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .grid import Grid

_FORMAT = "1"  # changes with anything that makes other spans from the same polygons


@dataclass(frozen=True, slots=True)
class SpanStore:
    """A folder of spans; it may be deleted at any time.

    Attributes
    ----------
    folder
        Where the files are; made when first needed.
    grid
        The grid the spans are burned on; spans of another grid are never mixed up with its own.
    """

    folder: Path
    grid: Grid

    def key(self, *content: str) -> str:
        """Hash what the spans are made of.

        Parameters
        ----------
        content
            Everything that decides the polygons, in order: the source's sha256, filters, distances.
        """
        transform = ",".join(float(number).hex() for number in self.grid.transform[:6])
        size = f"{self.grid.width},{self.grid.height},{self.grid.sublines}"
        parts = [_FORMAT, self.grid.crs.to_wkt(), transform, size, *content]
        digest = hashlib.sha256()
        for part in parts:
            encoded = part.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        return digest.hexdigest()

    def get(self, key: str, make: Callable[[], Spans]) -> Spans:
        """Read the spans of a key, or make and keep them.

        A file that cannot be read (a full disk, an interrupted copy) is made again.

        Parameters
        ----------
        key
            From ``key``.
        make
            Burns the spans.
        """
        path = self.folder / f"{key}.npz"
        if path.exists():
            try:
                return Spans.load(path)
            except (BadZipFile, EOFError, KeyError, OSError, ValueError):
                path.unlink()  # damaged: the store only ever saves time, so the spans are made anew below
        spans = make()
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        spans.save(unfinished)
        unfinished.replace(path)
        return spans
