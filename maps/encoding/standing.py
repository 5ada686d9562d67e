"""Blocks of pages that the inputs alone decide, kept from one run to the next: no rule of a profile changes them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from ...data.disk.kept import KeptResults
    from .pixel_rows import CoverageRows


@dataclass(eq=False)
class StandingBlocks:
    """Blocks of one kind, of all pages of a run; those of earlier runs that were made of the same are found again.

    Parameters
    ----------
    kept
        Where they are kept.
    name
        Of the kind.
    content
        Everything but the page that decides them; asked for only where something is kept.
    """

    kept: KeptResults
    name: str
    content: Callable[[], Sequence[str]]
    _known: dict[str, bytes] | None = field(default=None, init=False)
    _is_new: bool = field(default=False, init=False)

    def block(self, page: str, make: Callable[[], bytes]) -> bytes:
        """Give the block of a page, or make it.

        Parameters
        ----------
        page
            Which one, and how fine it is.
        make
            Gives the block; empty where the page has none.
        """
        if self.kept.folder is None:
            return make()
        if self._known is None:
            found = self.kept.find(self.name, self.content()) or {}
            self._known = {page: block.tobytes() for page, block in found.items()}
        if page not in self._known:
            self._known[page] = make()
            self._is_new = True
        return self._known[page]

    def keep(self) -> None:
        """Keep what is new for the next run."""
        if self._is_new and self._known is not None:
            blocks = {page: np.frombuffer(block, dtype=np.uint8) for page, block in self._known.items()}
            self.kept.keep(self.name, self.content(), blocks)
            self._is_new = False


@dataclass(frozen=True, slots=True, eq=False)
class PageBlocks:
    """The kinds of such blocks: outlines of communes, land around them, coverage, and former names."""

    shapes: StandingBlocks
    grounds: StandingBlocks
    coverage: StandingBlocks
    former: StandingBlocks

    def keep(self) -> None:
        """Keep what is new of any kind."""
        for blocks in (self.shapes, self.grounds, self.coverage, self.former):
            blocks.keep()


def pixels_digest(layers: Sequence[CoverageRows]) -> str:
    """Hash the pixels of layers, in their order (SHA-256, hex)."""
    digest = hashlib.sha256()
    for rows in layers:
        digest.update(np.array([rows.zoom, len(rows.row)], dtype=np.int64).tobytes())
        for column in (rows.row, rows.start, rows.end):
            digest.update(column.astype(np.int32).tobytes())
    return digest.hexdigest()


def table_text(table: pd.DataFrame) -> str:
    """Write a table of numbers and texts as one text: two tables have the same where they are the same."""
    columns = {str(name): table[name].to_numpy(dtype=object).tolist() for name in table}
    return json.dumps(columns, default=str)
