"""Merged spans kept on disk by what they were made of: a changed layer is burned alone."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...data.disk.arrays import forget, mark_as_used, read_arrays, write_arrays
from ...data.text.sentences import told
from .parts import KeptParts
from .spans import Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from .grid import Grid

log = logging.getLogger("blackspot")

_FORMAT = "5"  # changes with anything that makes other spans from the same polygons
_ENDING, _PARTS = ".spans", ".parts"


@dataclass(frozen=True, slots=True)
class SpanStore:
    """A folder of spans; it may be deleted at any time.

    Attributes
    ----------
    folder
        Where the files are; made when first needed.
    grid
        The grid the spans are burned on; spans of another grid are never mixed up with its own.
    made_by
        Versions of the programs that have a say in the spans.
    """

    folder: Path
    grid: Grid
    made_by: str = ""
    _about: list[str] = field(default_factory=list, init=False, repr=False, compare=False)
    _used: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def key(self, *content: str) -> str:
        """Hash what the spans are made of.

        Parameters
        ----------
        content
            Everything that decides the polygons, in order: the source's sha256, filters, distances.
        """
        if not self._about:
            transform = ",".join(float(number).hex() for number in self.grid.transform[:6])
            size = f"{self.grid.width},{self.grid.height},{self.grid.sublines}"
            self._about.extend([_FORMAT, self.made_by, self.grid.crs.to_wkt(), transform, size])
        digest = hashlib.sha256()
        for part in (*self._about, *content):
            encoded = part.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        return digest.hexdigest()

    def get(self, key: str, make: Callable[[], Spans], *, what: str = "") -> Spans:
        """Read the spans of a key, or make and keep them.

        A file that is damaged, cannot be read, or stands under the name of another is made again.

        Parameters
        ----------
        key
            From ``key``.
        make
            Burns the spans; may itself get its pieces from this store.
        what
            What they are the spans of, for whoever follows the log; nothing is told without it.
        """
        path = self.folder / f"{key}{_ENDING}"
        is_first = key not in self._used
        self._used.append(key)
        kept = read_arrays(path)
        if what and is_first:
            log.debug(told("reading", "made" if kept is None else "kept", what=what))
        if kept is not None:
            mark_as_used(path)  # tells ``prune`` when they were last of use
            self._used.extend(kept["pieces"].astype(str).tolist())
            return Spans(
                kept["line"], kept["x0"], kept["x1"], kept.get("owner"), float(kept["contested_km2"])
            )
        before = len(self._used)
        spans = make()
        arrays = {
            "line": spans.line,
            "x0": spans.x0,
            "x1": spans.x1,
            "contested_km2": np.array(spans.contested_km2),
            "pieces": np.array(self._used[before:], dtype="S64"),
        }
        write_arrays(path, arrays if spans.owner is None else arrays | {"owner": spans.owner})
        return spans

    def arrays(self, key: str, make: Callable[[], Mapping[str, NDArray[Any]]]) -> Mapping[str, NDArray[Any]]:
        """Read the arrays of a key, or make and keep them; as :meth:`get` does with spans."""
        path = self.folder / f"{key}{_ENDING}"
        self._used.append(key)
        kept = read_arrays(path)
        if kept is None:
            kept = dict(make())
            write_arrays(path, kept)
        else:
            mark_as_used(path)
        return kept

    def load_parts(self, key: str) -> KeptParts | None:
        """Read what ``save_parts`` kept, of these polygons or of others; None where there is nothing whole.

        Parameters
        ----------
        key
            From ``key``; of a place, not of its content.
        """
        self._used.append(key)
        kept = read_arrays(self.folder / f"{key}{_PARTS}")
        return None if kept is None else KeptParts.from_arrays(kept)

    def save_parts(self, key: str, parts: KeptParts) -> None:
        """Keep the spans of single polygons, in place of what was kept under the key before."""
        write_arrays(self.folder / f"{key}{_PARTS}", parts.arrays())

    def prune(self) -> None:
        """Delete what is no longer of use, so that the folder does not grow from run to run.

        What was asked for through this store stays, and so do the pieces it was made of. Of the rest the
        most recently used files stay, as many bytes as the former hold: going back to the inputs before
        costs nothing. So the folder holds at most twice what one run uses.
        """
        if not self.folder.is_dir():
            return
        used = {f"{key}{ending}" for key in self._used for ending in (_ENDING, _PARTS)}
        files = [(path.stat(), path) for path in self.folder.iterdir() if path.is_file()]
        spare = sum(about.st_size for about, path in files if path.name in used)
        rest = [(-about.st_mtime_ns, path, about.st_size) for about, path in files if path.name not in used]
        for _, path, size in sorted(rest):
            spare -= size
            if spare < 0 or path.suffix not in {_ENDING, _PARTS}:
                forget(path)
