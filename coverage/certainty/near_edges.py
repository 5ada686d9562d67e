"""The cells whose people depend on where an edge lies, and how many of them fail for a given shift of the edges."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from .gap_rule import Failing, GapRule

_TOGETHER: Final = 1 << 16  # cells times draws: fits a processor's cache


@dataclass(frozen=True, slots=True)
class NearEdges:
    """Cells of communes that the edges of coverage may reach, sorted by commune and spot.

    Attributes
    ----------
    commune
        int32 (n,): row of the commune.
    spot
        int32 (n,): number of the black spot, -1 outside of all.
    people
        float32 (n,): people of the commune in the cell.
    distance_m
        float32 (n, layers): from the centre to the edge of each layer, below 0 inside; minus infinity where the layer covers
        wherever its edge lies, or nothing is known of it, plus infinity where it never does.
    width_m
        float32 (n,): side of the cell, above 0.
    """

    commune: NDArray[np.int32]
    spot: NDArray[np.int32]
    people: NDArray[np.float32]
    distance_m: NDArray[np.float32]
    width_m: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.commune)

    def only(self, keep: NDArray[np.bool_] | NDArray[np.integer] | slice) -> NearEdges:
        """Take some of the cells."""
        return NearEdges(*(getattr(self, field.name)[keep] for field in fields(self)))

    @classmethod
    def joined(cls, several: Sequence[NearEdges]) -> NearEdges:
        """Put the cells of several one after the other."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(one, name) for one in several]) for name in names))

    def open_share(self, rule: GapRule, reach_m: Sequence[float]) -> NDArray[np.float32]:
        """Say which share of the people of each cell fails or not, depending on where edges lie: float32 (n,).

        Parameters
        ----------
        rule
            The gap profile.
        reach_m
            By layer, how far its edges come at most, in metres.
        """
        back, out = (
            rule(self._uncovered([np.array([sign * reach], np.float32) for reach in reach_m]))
            for sign in (-1.0, 1.0)
        )
        share = np.zeros((len(self), 1), np.float32)
        for least, most in zip(out.each, back.each, strict=True):
            np.maximum(share, most - least, out=share)
        return share[:, 0]

    def failing(self, rule: GapRule, shift_m: Sequence[NDArray[np.float32]]) -> Failing:
        """Say which share of the people of each cell fails: float32 (n, draws), or (n, 1) where no layer moves.

        Parameters
        ----------
        rule
            The gap profile.
        shift_m
            By layer, float32 (draws,): by how many metres its edges move out.
        """
        return rule(self._uncovered(shift_m))

    def _uncovered(self, shift_m: Sequence[NDArray[np.float32]]) -> list[NDArray[np.float32]]:
        """Say which share of each cell each layer leaves uncovered."""
        found = []
        even = bool((self.width_m == self.width_m[:1]).all())  # nearly always: rows of one band
        width = self.width_m[:1] if even else self.width_m
        for layer, shift in enumerate(shift_m):
            distance = self.distance_m[:, layer]
            if not np.isfinite(distance).any():
                found.append((distance > 0).astype(np.float32)[:, np.newaxis])
                continue
            still = (0.5 + distance / width)[:, np.newaxis]
            share = np.multiply.outer(1.0 / width, -shift) + still
            found.append(np.clip(share, 0.0, 1.0, out=share))
        return found


class FailingDraws(NamedTuple):
    """People of one commune who depend on where edges lie, in every draw.

    ``failing`` and ``severe`` are float64 (draws,): those of them who fail, and those without any basic service;
    ``others`` is float64 (columns, draws), those who lack what the rule counts besides.
    ``spot`` is int32 (k,), numbers of black spots, and ``in_spot`` float64 (k, draws): those who fail in them.
    """

    commune: int
    failing: NDArray[np.float64]
    severe: NDArray[np.float64]
    spot: NDArray[np.int32]
    in_spot: NDArray[np.float64]
    others: NDArray[np.float64]


def failing_draws(cells: NearEdges, rule: GapRule, shift_m: Sequence[NDArray[np.float32]]) -> FailingDraws:
    """Count the people of one commune who fail, in every draw; in bounded memory however many cells it has.

    Parameters
    ----------
    cells
        The cells of one commune.
    rule
        The gap profile.
    shift_m
        By layer, float32 (draws,): by how many metres its edges move out in this commune.
    """
    draws = max(len(shift) for shift in shift_m)
    spots = np.unique(cells.spot[cells.spot >= 0])
    failing, severe, in_spot = np.zeros(draws), np.zeros(draws), np.zeros((len(spots), draws))
    others = np.zeros((len(rule.others), draws))
    step = max(1, _TOGETHER // draws)
    for start in range(0, len(cells), step):
        here = cells.only(slice(start, start + step))
        weight = here.people[:, np.newaxis]
        shares = here.failing(rule, shift_m)
        first = np.flatnonzero(np.diff(here.spot, prepend=-2))
        inside = here.spot[first] >= 0
        sums = np.add.reduceat(shares.failing * weight, first, axis=0)
        failing += sums.sum(axis=0, dtype=np.float64)
        severe += (shares.severe * weight).sum(axis=0)
        for row, share in enumerate(shares.others):
            others[row] += (share * weight).sum(axis=0)
        in_spot[np.searchsorted(spots, here.spot[first][inside])] += sums[inside]
    return FailingDraws(int(cells.commune[0]), failing, severe, spots, in_spot, others)


def by_commune(cells: NearEdges) -> Iterator[NearEdges]:
    """Take the cells of one commune after the other."""
    cuts = np.flatnonzero(np.diff(cells.commune, prepend=-1, append=np.iinfo(np.int32).max))
    for start, end in zip(cuts[:-1].tolist(), cuts[1:].tolist(), strict=True):
        yield cells.only(slice(start, end))
