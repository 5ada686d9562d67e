"""By how many people moved edges change each commune and its black spots, draw by draw; kept between runs.

What a commune's cells give depends on the cells, on the layers and on the draws. Limits of the profile decide none of
that but where black spots are: after such a change most communes are as they were, and are taken from what was kept.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ...data.disk.kept import NOTHING_KEPT
from .near_edges import by_commune, failing_draws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from ...data.disk.kept import KeptResults
    from .gap_rule import GapRule
    from .near_edges import NearEdges
    from .shifts import EdgeShifts

    Floats = NDArray[np.float64]

_NAME: Final = "moved-people"
_MOST_BYTES: Final = 1 << 27  # kept: more draws than usual are made anew rather than held in memory twice
_REAL_BYTES: Final = 8


class MovedPeople(NamedTuple):
    """What moved edges make of one commune.

    ``row`` is its row in the table. ``people`` is float64 (columns, draws): by how many people each of those who fail,
    those of them without any basic service, and what the rule counts besides differ from a draw that moves nothing.
    ``spot`` is int32 (k,), numbers of black spots, and ``in_spot`` float64 (k, draws): the same for those who fail in them.
    """

    row: int
    people: Floats
    spot: NDArray[np.int32]
    in_spot: Floats


def moved_people(
    near: NearEdges, rule: GapRule, shifts: EdgeShifts, codes: Sequence[str], kept: KeptResults
) -> Iterator[MovedPeople]:
    """Give one commune after the other.

    Parameters
    ----------
    near
        The cells near edges of all communes.
    rule
        The gap profile.
    shifts
        How the edges move.
    codes
        The codes of all communes, from which their draws follow.
    kept
        Keeps what this gives, commune by commune: those that are as they were are not drawn again.
    """
    content = (repr(rule), repr(shifts))
    if kept.folder is None or _bytes(near, rule, shifts) > _MOST_BYTES:
        kept = NOTHING_KEPT
    common = np.concatenate([np.zeros((len(shifts.names), 1), np.float32), shifts.common_m()], axis=1)
    before, after, is_new = _Known.of(kept.find(_NAME, content)), [], False
    for own in by_commune(near):
        code = codes[int(own.commune[0])]
        digest = b"" if kept is NOTHING_KEPT else _digest(own, code)
        found = before.find(digest, own)
        if found is None:
            found, is_new = _drawn(own, rule, shifts, common, code), True
        if kept is not NOTHING_KEPT:
            after.append((digest, found))
        yield found
    if is_new and kept is not NOTHING_KEPT:
        kept.keep(_NAME, content, _arrays(after))


def _drawn(
    own: NearEdges, rule: GapRule, shifts: EdgeShifts, common: NDArray[np.float32], code: str
) -> MovedPeople:
    """Draw one commune; the first draw moves nothing."""
    shift = common.copy()
    for layer in np.flatnonzero(np.isfinite(own.distance_m).any(axis=0)).tolist():
        shift[layer, 1:] += shifts.local_m(layer, code)
    found = failing_draws(own, rule, list(shift))
    people = np.stack([found.failing, found.severe, *found.others])
    return MovedPeople(
        found.commune, people[:, 1:] - people[:, :1], found.spot, found.in_spot[:, 1:] - found.in_spot[:, :1]
    )


def _bytes(near: NearEdges, rule: GapRule, shifts: EdgeShifts) -> int:
    """Say how much there is to keep."""
    communes, spots = len(np.unique(near.commune)), len(np.unique(near.spot))
    return (communes * (2 + len(rule.others)) + spots) * shifts.draws * _REAL_BYTES


def _digest(own: NearEdges, code: str) -> bytes:
    """Hash all that decides what is drawn for one commune (SHA-256): its spots count by their order, not by their numbers."""
    digest = hashlib.sha256(f"{code}\n{len(own)}\n{own.distance_m.shape[1]}\n".encode())
    spot = np.cumsum(np.diff(own.spot, prepend=own.spot[:1]) != 0, dtype=np.int32)
    for values in (spot, own.spot < 0, own.people, own.distance_m, own.width_m):
        digest.update(np.ascontiguousarray(values).view(np.uint8).data)
    return digest.digest()


def _arrays(communes: Sequence[tuple[bytes, MovedPeople]]) -> dict[str, NDArray[Any]]:
    """Put all communes one after the other, to be kept."""
    digests, found = zip(*communes, strict=True)
    return {
        "digest": np.frombuffer(b"".join(digests), np.uint8),
        "people": np.stack([one.people for one in found]),
        "spots": np.array([len(one.spot) for one in found], np.int64),
        "in_spot": np.concatenate([one.in_spot for one in found]),
    }


class _Known(NamedTuple):
    """Communes of an earlier run: where each lies in ``people``, by its digest, and where its spots end in ``in_spot``."""

    number: Mapping[bytes, int]
    people: Floats
    end: NDArray[np.int64]
    in_spot: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]] | None) -> _Known:
        """Take back what was kept; nothing where there is none."""
        if arrays is None:
            return cls({}, np.zeros((0, 0, 0)), np.zeros(1, np.int64), np.zeros((0, 0)))
        content, size = arrays["digest"].tobytes(), hashlib.sha256().digest_size
        number = {content[at : at + size]: at // size for at in range(0, len(content), size)}
        end = np.concatenate([[0], np.cumsum(arrays["spots"])])
        return cls(number, arrays["people"], end, arrays["in_spot"])

    def find(self, digest: bytes, own: NearEdges) -> MovedPeople | None:
        """Give a commune that was the same; None where none was."""
        number = self.number.get(digest)
        if number is None:
            return None
        spot = np.unique(own.spot[own.spot >= 0])
        return MovedPeople(
            int(own.commune[0]),
            self.people[number],
            spot,
            self.in_spot[self.end[number] : self.end[number + 1]],
        )
