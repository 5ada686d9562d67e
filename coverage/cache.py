"""Where a run keeps what later runs can use again, and what that depends on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..data.disk.arrays import forget_unfinished
from ..data.disk.kept import KeptResults
from ..data.runs.libraries import library_versions
from .burn.store import SpanStore
from .overlay.store import BandStore

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..data.country.population import PopulationRaster
    from .burn.grid import Grid

_TABLE_FORMAT = "3"  # changes with anything that makes another table from the same content


@dataclass(frozen=True, slots=True)
class Keep:
    """A folder for spans, results of bands and tables; it may be deleted at any time.

    Attributes
    ----------
    folder
        Where it is; made when first needed.
    population
        Hash of the population raster's file.
    slot
        Whose bands and tables these are: those of a variant have a place of their own, so that it does not drive out
        what the next run of the series needs. Burned polygons are shared.
    """

    folder: Path
    population: str
    slot: str = ""

    @property
    def is_filled(self) -> bool:
        """Whether an earlier run kept anything here: burned polygons come first."""
        return (self.folder / "spans").is_dir()

    def forget_leftovers(self) -> None:
        """Delete what a killed run left half written; before anybody writes here."""
        folders = [self.folder / folder for folder in ("results", "readings", "tables")]
        for folder in (*folders, *(self.folder / "bands").glob("*")):
            forget_unfinished(folder)

    def spans(self, grid: Grid) -> SpanStore:
        """Keep burned polygons of a grid."""
        return SpanStore(self.folder / "spans", grid, json.dumps(library_versions()))

    def bands(self, name: str, raster: PopulationRaster, groups: str = "") -> BandStore:
        """Keep the bands of one count of people.

        Parameters
        ----------
        name
            Of the count; each has its own folder.
        raster
            Whose people are counted. The file's hash and all that the project file says about reading it
            go into the keys, and the versions of the programs; its CRS does with the grid.
        groups
            Whatever decides which combinations of layers belong to which group of failing people.
        """
        content = (*self.people(raster), groups, json.dumps(library_versions()))
        bands = self.folder / "bands"
        return BandStore(bands / f"{name}{self.slot}", content, bands / name if self.slot else None)

    @property
    def results(self) -> KeptResults:
        """Keep what is drawn and written of outlines, and what else is made of a few large arrays."""
        return self._results("results")

    @property
    def readings(self) -> KeptResults:
        """Keep what was read of each input."""
        return self._results("readings")

    def people(self, raster: PopulationRaster) -> tuple[str, ...]:
        """Say all that decides how many people live in a cell: the raster's file, and how it is read."""
        return (self.population, raster.kind, repr(raster.nodata))

    def table(self, name: str, content: Sequence[str], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Read a table that was made of the same content, or make and keep it in place of what was there.

        A variant takes that of the series where it is the same.

        Parameters
        ----------
        name
            Of the table; each has its own file.
        content
            Everything that decides the table, in order; the versions of the programs do as well.
        make
            Gives the table: columns of flags, numbers and words.
        """
        tables, decided_by = self._results("tables"), (_TABLE_FORMAT, *content)
        kept = tables.find(name, decided_by)
        if kept is not None:
            return pd.DataFrame({column: _words(values) for column, values in kept.items()})
        table = make()
        arrays = {str(column): _bytes(table[column].to_numpy()) for column in table.columns}
        tables.keep(name, decided_by, arrays)
        return table

    def _results(self, folder: str) -> KeptResults:
        return KeptResults(self.folder / folder, json.dumps(library_versions()), self.slot)


def _bytes(values: NDArray[Any]) -> NDArray[Any]:
    """Turn words into bytes; flags and numbers stay."""
    return np.char.encode(values.astype(str), "utf-8") if values.dtype == object else values


def _words(values: NDArray[Any]) -> NDArray[Any]:
    """Take back what ``_bytes`` gave."""
    return np.char.decode(values, "utf-8").astype(object) if values.dtype.kind == "S" else values
