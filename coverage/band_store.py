"""Results of bands kept on disk: after a change only the bands that it touches are joined again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .array_file import read_arrays, write_arrays
from .join import BandCells, BandResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .grid import Grid
    from .join import EdgeCells
    from .spans import Spans

_FORMAT = "2"  # changes with anything that makes another result from the same spans and people


@dataclass(frozen=True, slots=True)
class BandStore:
    """A folder with one file per band; it may be deleted at any time.

    Every band has one file, which a result made of something else replaces: the folder does not grow from
    run to run.

    Attributes
    ----------
    folder
        Where the files are; made when first needed.
    content
        Everything besides grid, spans and ``edge_cells`` that decides the results, in order: the hash of
        the population raster and how it is read, and what ``groups`` stands for.
    """

    folder: Path
    content: tuple[str, ...]

    def key(
        self, grid: Grid, ground: Spans, layers: Sequence[Spans], edge_cells: EdgeCells, *, cells: bool
    ) -> str:
        """Hash what the result of one band is made of.

        Parameters
        ----------
        grid
            The grid the spans were burned on.
        ground, layers
            The spans of communes and layers in the band's rows.
        edge_cells
            As in ``overlay.overlay``.
        cells
            Whether failing cells are kept.
        """
        transform = ",".join(float(number).hex() for number in grid.transform[:6])
        place = f"{grid.width},{grid.height},{grid.sublines},{grid.raster_row0},{grid.raster_col0}"
        digest = hashlib.sha256()
        for text in (_FORMAT, grid.crs.to_wkt(), transform, place, edge_cells, str(cells), *self.content):
            encoded = text.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        for spans in (ground, *layers):
            digest.update(len(spans).to_bytes(8, "big"))
            for values in (spans.line, spans.x0, spans.x1, spans.owner):
                if values is not None:
                    digest.update(np.ascontiguousarray(values).data)
        return digest.hexdigest()

    def load(self, index: int, key: str) -> tuple[float, BandResult | None] | None:
        """Read people of the rows and result of a band; None where something else or nothing is kept.

        A file that cannot be read (a full disk, an interrupted copy) counts as nothing.

        Parameters
        ----------
        index
            Number of the band.
        key
            From ``key``.
        """
        stored = read_arrays(self._path(index))
        if stored is None or stored["key"].item() != key.encode():
            return None
        found = float(stored["found"])
        if "masks" not in stored:
            return found, None
        cells = None
        if "cells_row" in stored:
            cells = BandCells(*(stored[f"cells_{name}"] for name in BandCells._fields))
        result = BandResult(stored["commune"], stored["masks"], stored["people"], stored["has_data"], cells)
        return found, result

    def save(self, index: int, key: str, found: float, result: BandResult | None) -> None:
        """Keep the result of a band in place of what was kept for it before.

        Parameters
        ----------
        index
            Number of the band.
        key
            From ``key``.
        found
            All people of the band's rows.
        result
            What the communes have of them; None where no commune is.

        Raises
        ------
        WorkplaceError
            The result cannot be written.
        """
        arrays = {"key": np.array(key.encode()), "found": np.array(found)}
        if result is not None:
            for name in ("commune", "masks", "people", "has_data"):
                arrays[name] = getattr(result, name)
            if result.cells is not None:
                arrays |= {f"cells_{name}": values for name, values in result.cells._asdict().items()}
        write_arrays(self._path(index), arrays)

    def prune(self, bands: int) -> None:
        """Delete everything but the files of the first ``bands`` bands: what a larger grid left behind."""
        if self.folder.is_dir():
            wanted = {self._path(index) for index in range(bands)}
            for path in set(self.folder.iterdir()) - wanted:
                path.unlink()

    def _path(self, index: int) -> Path:
        return self.folder / f"band-{index:05d}.kept"
