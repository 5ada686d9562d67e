"""Where a run keeps what later runs can use again, and what that depends on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..data.versions import library_versions
from .band_store import BandStore
from .span_store import SpanStore

if TYPE_CHECKING:
    from pathlib import Path

    from ..data.population import PopulationRaster
    from .grid import Grid


@dataclass(frozen=True, slots=True)
class Keep:
    """A folder for spans and results of bands; it may be deleted at any time.

    Attributes
    ----------
    folder
        Where it is; made when first needed.
    population
        Hash of the population raster's file.
    """

    folder: Path
    population: str

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
        content = (self.population, raster.kind, repr(raster.nodata), groups, json.dumps(library_versions()))
        return BandStore(self.folder / "bands" / name, content)
