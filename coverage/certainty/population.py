"""The people of communes between their sources: raster, official figure, further rasters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from .shifts import generator

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SOURCES: Final = ("pop_total", "pop_raster", "pop_official", "pop_raster_min", "pop_raster_max")
_DECIDED: Final = "override"


@dataclass(frozen=True, slots=True)
class PeopleRange:
    """The least and the most people of each commune over its sources, as factors of ``pop_total``, shape (communes,)."""

    low: Floats
    high: Floats
    province: NDArray[np.object_]

    @classmethod
    def of(cls, table: pd.DataFrame) -> PeopleRange:
        """Look at the sources of a commune table; where somebody has decided, or one source is known, nothing is open."""
        total = table["pop_total"].to_numpy(dtype=np.float64)
        figures = np.stack(
            [table[name].to_numpy(dtype=np.float64) for name in _SOURCES if name in table.columns]
        )
        open_to = total > 0
        if "pop_basis" in table:
            open_to &= table["pop_basis"].to_numpy(dtype=object) != _DECIDED
        low, high = (
            np.divide(edge(figures, axis=0), total, out=np.ones(len(total)), where=open_to)
            for edge in (np.fmin.reduce, np.fmax.reduce)
        )
        return cls(low, high, table["province_code"].to_numpy(dtype=object))

    def factors(self, draws: int, seed: int) -> Floats:
        """Draw what the people of each commune are multiplied by: float64 (communes, draws).

        Every commune of a province stands at the same share of the way from its least to its most people, evenly drawn: sources
        differ by their year and their method, hence alike in neighbouring communes.
        """
        codes, of = np.unique(self.province.astype(str), return_inverse=True)
        way = np.stack([generator(seed, "population", code).random(draws) for code in codes.tolist()])
        factors = way[of]
        factors *= (self.high - self.low)[:, np.newaxis]
        factors += self.low[:, np.newaxis]
        return np.asarray(factors)
