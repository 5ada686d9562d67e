"""Spans of single polygons, kept before they are merged: only polygons that have changed are burned.

A polygon is known again by the hash of its vertices, wherever it stands in its file. The spans are kept as
they were sorted for merging, so those of the polygons that are still there need no sorting: they are picked
out in their order and merged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .spans import Packed, Spans, pack, union

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from .crossings import PartSpans
    from .rings import Rings
    from .span_store import SpanStore

LEAST_KEPT = 4_000  # spans of a tile; fewer are burned as fast as they are read
MOST_KEPT = 4_000_000  # of 8 bytes each: bounds the memory; more are merged and forgotten
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


def tile_spans(
    rings: Rings, burned: Callable[[Rings], Iterable[PartRun]], store: SpanStore, place: str
) -> Spans:
    """Burn the polygons of a tile that are not kept, and merge them with those that are.

    Parameters
    ----------
    rings
        The polygons.
    burned
        Burns polygons.
    store, place
        Where the polygons of the tile are kept, and under which key; few or very many spans are not.

    Raises
    ------
    WorkplaceError
        They cannot be written.
    """
    digests = rings.digests()
    before = store.load_parts(place) or KeptParts([], [])
    now, known = set(digests), set(before.digests)
    wanted = np.array([digest in now for digest in before.digests], bool)
    still = before.chosen(wanted)
    fresh = np.array([number for number, digest in enumerate(digests) if digest not in known], np.int64)
    merged = [run.spans.merged() for run in still.runs]
    count = len(still)
    runs: list[PartRun] = []
    most = MOST_KEPT if len(digests) > 1 else np.inf
    for run in _burned(rings, fresh, burned):
        merged.append(run.spans.merged())
        count += len(run.spans.key)
        if count > most:
            runs.clear()
        else:
            runs.append(run)
    changed = len(fresh) > 0 or len(before) > 2 * count
    if LEAST_KEPT <= count <= most and changed:
        kept = still.without(wanted)
        moved = [run._replace(first=run.first + len(kept.digests)) for run in runs]
        new = [digests[number] for number in fresh.tolist()]
        store.save_parts(place, KeptParts([*kept.digests, *new], [*kept.runs, *moved]))
    return union(merged)


def _burned(
    rings: Rings, fresh: NDArray[np.int64], burned: Callable[[Rings], Iterable[PartRun]]
) -> Iterable[PartRun]:
    """Burn some of the polygons."""
    if not len(fresh):
        return ()
    return burned(rings if len(fresh) == len(rings.feature) else rings.chosen(fresh))
