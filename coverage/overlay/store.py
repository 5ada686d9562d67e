"""Results of bands kept on disk: after a change only the bands that it touches are joined again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...data.disk.arrays import forget, read_arrays, write_arrays
from .join import BandCells, BandResult
from .rejoin import BandState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from .join import EdgeCells

_RESULT, _STATE = ".kept", ".state"
_FORMAT = "3"  # changes with anything that makes another result from the same spans and people


class BandKey(NamedTuple):
    """Hashes of what the result of a band is made of: each layer, and the rest (people, communes, rules)."""

    rest: str
    layers: tuple[str, ...]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give both by name, to be kept."""
        return {"rest": np.array(self.rest.encode()), "layers": np.array(self.layers, dtype="S64")}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> BandKey:
        """Take back what ``arrays`` gave."""
        return cls(arrays["rest"].item().decode(), tuple(arrays["layers"].astype(str).tolist()))


@dataclass(frozen=True, slots=True)
class BandStore:
    """A folder with two files per band; it may be deleted at any time.

    One holds the result, the other the state of the last full join, into which a changed layer can be put.
    What is made of something else replaces them: the folder does not grow from run to run.

    Attributes
    ----------
    folder
        Where the files are; made when first needed.
    content
        Everything besides grid, spans and ``edge_cells`` that decides the results, in order: the hash of
        the population raster and how it is read, and what ``groups`` stands for.
    beside
        The folder of another store that is looked into first, and never written to: that of the series for a variant.
        None for none.
    """

    folder: Path
    content: tuple[str, ...]
    beside: Path | None = None

    def key(
        self, grid: Grid, ground: Spans, layers: Sequence[Spans], edge_cells: EdgeCells, *, cells: bool
    ) -> BandKey:
        """Hash what the result of one band is made of.

        Parameters
        ----------
        grid
            The grid the spans were burned on.
        ground, layers
            The spans of communes and layers in the band's rows. Without ground no layer matters.
        edge_cells
            As in ``overlay.overlay``.
        cells
            Whether failing cells are kept.
        """
        digest = hashlib.sha256()
        for text in (_FORMAT, *grid_content(grid), edge_cells, str(cells), *self.content):
            encoded = text.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        _add(digest, ground)
        return BandKey(digest.hexdigest(), tuple(map(spans_digest, layers)) if len(ground) else ())

    def load(self, index: int, key: BandKey) -> tuple[float, BandResult | None] | None:
        """Read people of the rows and result of a band; None where something else or nothing is kept.

        A file that is damaged, cannot be read, or stands under the name of another counts as nothing.

        Parameters
        ----------
        index
            Number of the band.
        key
            From ``key``.
        """
        stored = self._stored(index, key)
        if stored is None:
            return None
        found = float(stored["found"])
        if "masks" not in stored:
            return found, None
        cells = None
        if "cells_row" in stored:
            cells = _unpacked(stored)
        result = BandResult(stored["commune"], stored["masks"], stored["people"], stored["has_data"], cells)
        return found, result

    def save(self, index: int, key: BandKey, found: float, result: BandResult | None) -> None:
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
        """
        arrays = key.arrays() | {"found": np.array(found)}
        if result is not None:
            for name in ("commune", "masks", "people", "has_data"):
                arrays[name] = getattr(result, name)
            if result.cells is not None:
                arrays |= _packed(result.cells)
        write_arrays(self._path(index), arrays)

    def load_state(self, index: int, key: BandKey) -> tuple[BandState, int] | None:
        """Read the state of a band that differs from the key in one layer only, and say in which.

        Parameters
        ----------
        index
            Number of the band.
        key
            From ``key``.
        """
        for folder in self._folders:
            found = self._state(self._path(index, _STATE, folder), key)
            if found is not None:
                return found
        return None

    @staticmethod
    def _state(path: Path, key: BandKey) -> tuple[BandState, int] | None:
        head = read_arrays(path, BandKey._fields)
        before = None if head is None else BandKey.of(head)
        if before is None or before.rest != key.rest or len(before.layers) != len(key.layers):
            return None
        other = [
            bit for bit, pair in enumerate(zip(before.layers, key.layers, strict=True)) if len(set(pair)) > 1
        ]
        if len(other) > 1:
            return None
        stored = read_arrays(path)
        return None if stored is None else (BandState.from_arrays(stored), other[0] if other else 0)

    def save_state(self, index: int, key: BandKey, state: BandState) -> None:
        """Keep the state of a band, to put a changed layer into."""
        write_arrays(self._path(index, _STATE), key.arrays() | state.arrays())

    def prune(self, bands: int) -> None:
        """Delete everything but the files of the first ``bands`` bands: what a larger grid left behind."""
        if self.folder.is_dir():
            wanted = {self._path(index, ending) for index in range(bands) for ending in (_RESULT, _STATE)}
            for path in set(self.folder.iterdir()) - wanted:
                forget(path)

    @property
    def _folders(self) -> tuple[Path, ...]:
        return (self.folder,) if self.beside is None else (self.beside, self.folder)

    def _stored(self, index: int, key: BandKey) -> Mapping[str, NDArray[Any]] | None:
        """Read the result of a band with this key, from wherever it is kept; of any other only the key is read."""
        for folder in self._folders:
            path = self._path(index, _RESULT, folder)
            head = read_arrays(path, BandKey._fields)
            stored = None if head is None or BandKey.of(head) != key else read_arrays(path)
            if stored is not None:
                return stored
        return None

    def _path(self, index: int, ending: str = _RESULT, folder: Path | None = None) -> Path:
        return (folder or self.folder) / f"band-{index:05d}{ending}"


def _packed(cells: BandCells) -> dict[str, NDArray[Any]]:
    """Write cells short: mostly nobody or everybody of a cell is in a group, and numbers repeat."""
    commune, zone = np.unique(cells.commune, return_inverse=True)
    row0 = int(cells.row.min()) if len(cells.row) else 0
    some = (cells.failing > 0).astype(np.uint8)
    some[(cells.failing > 0) & (cells.failing != cells.people[:, None])] = 2
    return {
        "cells_commune": commune,
        "cells_zone": zone.astype(np.uint16 if len(commune) <= 1 << 16 else np.int32),
        "cells_row0": np.array(row0, np.int32),
        "cells_row": (cells.row - row0).astype(np.uint16),  # bands have 512 rows at most
        "cells_col": cells.col,
        "cells_people": cells.people,
        "cells_some": some,
        "cells_part": cells.failing[some == 2],
    }


def _unpacked(stored: Mapping[str, NDArray[Any]]) -> BandCells:
    """Take back what ``_packed`` gave."""
    people, some = stored["cells_people"], stored["cells_some"]
    failing = np.where(some == 1, people[:, None], np.float32(0))
    failing[some == 2] = stored["cells_part"]
    row = stored["cells_row"].astype(np.int32) + stored["cells_row0"]
    return BandCells(stored["cells_commune"][stored["cells_zone"]], row, stored["cells_col"], people, failing)


def grid_content(grid: Grid) -> tuple[str, str, str]:
    """Say all that decides where the cells of a grid lie, and which of the raster they are."""
    transform = ",".join(float(number).hex() for number in grid.transform[:6])
    place = f"{grid.width},{grid.height},{grid.sublines},{grid.raster_row0},{grid.raster_col0}"
    return grid.crs.to_wkt(), transform, place


def spans_digest(spans: Spans) -> str:
    """Hash spans and whose they are, in their order (SHA-256, hex)."""
    digest = hashlib.sha256()
    _add(digest, spans)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, spans: Spans) -> None:
    """Hash spans, in their order."""
    digest.update(len(spans).to_bytes(8, "big"))
    for values in (spans.line, spans.x0, spans.x1, spans.owner):
        if values is not None:
            digest.update(np.ascontiguousarray(values).data)
