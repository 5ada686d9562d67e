"""By how many metres edges of coverage move: together for an operator's service, and on top of it in every commune.

Errors of a coverage map are not independent from cell to cell: a model, a threshold or a clutter class is wrong
everywhere at once. Drawn cell by cell they would cancel, and a national interval would come out a hundred times too narrow.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH_SD = 3.0
"""Standard deviations beyond which an edge never comes: one draw in 370 would go further."""


@dataclass(frozen=True, slots=True)
class EdgeShifts:
    """The edges of all layers in all draws.

    Attributes
    ----------
    names
        One word per layer, from which its draws follow: a layer moves alike whatever other layers there are.
    common_sd_m
        Standard deviation of each layer that all of its edges share, in metres.
    local_sd_m
        Standard deviation of the edges of one layer in one commune besides, in metres.
    draws
        How many draws.
    seed
        Where they begin.
    """

    names: tuple[str, ...]
    common_sd_m: tuple[float, ...]
    local_sd_m: float
    draws: int
    seed: int

    def reach_m(self, layer: int) -> float:
        """Say how far an edge of a layer comes at most, in metres."""
        return REACH_SD * float(np.hypot(self.common_sd_m[layer], self.local_sd_m))

    def common_m(self) -> NDArray[np.float32]:
        """Draw what all edges of each layer share: float32 (layers, draws), metres, above 0 where coverage grows."""
        shifts = np.zeros((len(self.names), self.draws), np.float32)
        for layer, (name, sd) in enumerate(zip(self.names, self.common_sd_m, strict=True)):
            if sd > 0:
                shifts[layer] = sd * self.normals("common", name)
        return shifts

    def local_m(self, layer: int, commune: str) -> NDArray[np.float32]:
        """Draw what the edges of a layer in one commune do besides: float32 (draws,), metres."""
        if self.local_sd_m <= 0:
            return np.zeros(self.draws, np.float32)
        shifts: NDArray[np.float32] = np.float32(self.local_sd_m) * self.normals(
            "local", self.names[layer], commune
        )
        return shifts

    def normals(self, *words: str) -> NDArray[np.float32]:
        """Draw standard normal numbers that depend on the seed and on these words alone: float32 (draws,)."""
        numbers = generator(self.seed, *words).standard_normal(self.draws, dtype=np.float32)
        return np.clip(numbers, -REACH_SD, REACH_SD)


def generator(seed: int, *words: str) -> np.random.Generator:
    """Begin draws that depend on a seed and on words alone: a PCG64, seeded by their SHA-256."""
    digest = hashlib.sha256("\n".join((str(seed), *words)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def expected_share(
    distance_m: NDArray[np.floating], width_m: NDArray[np.floating], sd_m: float
) -> NDArray[np.float64]:
    """Give the mean covered share of cells whose edge lies elsewhere by a normal number.

    A straight edge at ``d`` from the centre of a cell of width ``w`` covers ``clip(1/2 + (shift - d) / w, 0, 1)`` of it.
    The mean over a shift of standard deviation ``s`` is ``s / w (G((w/2 - d) / s) - G((-w/2 - d) / s))`` with
    ``G(x) = x Phi(x) + phi(x)``; for a width of 0 it is ``Phi(-d / s)``.

    Parameters
    ----------
    distance_m
        From the centre to the edge in metres; below 0 where the centre is covered.
    width_m
        Of the cells, metres, above 0.
    sd_m
        Standard deviation in metres, above 0: ``hypot`` of what is common and what is local.
    """
    distance, width = (np.asarray(values, np.float64) for values in (distance_m, width_m))
    upper, lower = (_ramp((side * width - distance) / sd_m) for side in (0.5, -0.5))
    return np.asarray(sd_m / width * (upper - lower))


def _ramp(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Integrate the normal distribution function from minus infinity to x."""
    return np.asarray(x * ndtr(x) + np.exp(-0.5 * x**2) / np.sqrt(2.0 * np.pi))
