"""Spans of single polygons, kept before they are merged: only polygons that have changed are burned.

A polygon is known again by the hash of its vertices, wherever it stands in its file. The spans are kept as
they were sorted for merging, so those of the polygons that are still there need no sorting: they are picked
out in their order and merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .spans import Packed, pack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from .crossings import PartSpans

_DIGEST_BYTES = 32
_RUN_NUMBERS = 8  # that describe a run


class PartRun(NamedTuple):
    """Spans of polygons number ``first`` to ``first + parts - 1``, burned and sorted together."""

    spans: Packed
    first: int
    parts: int

    @classmethod
    def of(cls, spans: PartSpans, first: int) -> PartRun:
        """Sort spans; ``first`` is the number of the polygon that they call 0."""
        part = spans.part
        if not len(part):
            return cls(pack(spans.line, spans.x0, spans.x1), first, 0)
        low, high = int(part.min()), int(part.max())
        return cls(pack(spans.line, spans.x0, spans.x1, part - low), first + low, high - low + 1)

    def chosen(self, wanted: NDArray[np.bool_]) -> PartRun:
        """Leave out the spans of polygons that are not wanted; bool (all polygons,)."""
        here = wanted[self.first : self.first + self.parts]
        if here.all():
            return self
        return self._replace(
            spans=self.spans._replace(key=self.spans.key.compress(here.take(self.spans.parts())))
        )

    def renumbered(self, number: NDArray[np.int64]) -> PartRun:
        """Give the polygons of ``chosen`` the numbers they have without the others; int64 (all polygons + 1,)."""
        here = number[self.first : self.first + self.parts + 1]
        part = self.spans.parts()
        key = self.spans.key - part
        key |= (here - here[0])[part]
        return PartRun(self.spans._replace(key=key), int(here[0]), int(here[-1] - here[0]))


class KeptParts(NamedTuple):
    """Spans of the polygons of one tile.

    ``digests`` are the polygons' hashes, in the order in which ``runs`` count them.
    """

    digests: Sequence[bytes]
    runs: Sequence[PartRun]

    def __len__(self) -> int:
        return sum(len(run.spans.key) for run in self.runs)

    def chosen(self, wanted: NDArray[np.bool_]) -> KeptParts:
        """Take some polygons; the others are still among ``digests``, without spans."""
        runs = [run.chosen(wanted) for run in self.runs]
        return KeptParts(self.digests, [run for run in runs if len(run.spans.key)])

    def without(self, wanted: NDArray[np.bool_]) -> KeptParts:
        """Forget the polygons that ``chosen`` left without spans."""
        number = np.concatenate([[0], np.cumsum(wanted)])
        digests = [digest for digest, here in zip(self.digests, wanted.tolist(), strict=True) if here]
        return KeptParts(digests, [run.renumbered(number) for run in self.runs])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give everything by name, to be kept."""
        about = [(len(run.spans.key), run.first, run.parts, *run.spans[1:]) for run in self.runs]
        keys = [run.spans.key for run in self.runs]
        return {
            "digests": np.frombuffer(b"".join(self.digests), np.uint8),
            "runs": np.array(about, np.int64).reshape(len(about), _RUN_NUMBERS),
            "keys": np.concatenate(keys) if keys else np.zeros(0, np.int64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> KeptParts:
        """Take back what ``arrays`` gave."""
        raw, keys = arrays["digests"].tobytes(), arrays["keys"]
        digests = [raw[at : at + _DIGEST_BYTES] for at in range(0, len(raw), _DIGEST_BYTES)]
        runs, done = [], 0
        for count, first, parts, *about in arrays["runs"].tolist():
            runs.append(PartRun(Packed(keys[done : done + count], *about), first, parts))
            done += count
        return cls(digests, runs)
