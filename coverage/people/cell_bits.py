"""Which layer reaches which populated cell: one bit per layer and cell, kept compactly on disk.

The file is a zip archive. Each tile (a band of rows) has one member that says which of its cells hold
people, and one member per layer with a bit for each of those cells. Reading a layer reads its own
members only; the others stay compressed on disk.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np

from ..burn.cells import cell_runs, span_steps
from ..burn.spans import CELL_UNITS
from .layers import Bit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ..burn.grid import Grid
    from ..burn.spans import Spans
    from ..overlay.sources import PeopleSource

CELL_BITS = "cell_bits.zip"
"""Name of the file in a run folder."""
TILE_ROWS = 256
_FORMAT = 1
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # zip archives insist on a time; a fixed one keeps the bytes the same
_HEAD = "head.json"


@dataclass(frozen=True, slots=True)
class CellLayers:
    """What the bits of a run are made of.

    Attributes
    ----------
    people
        People per cell in grid coordinates; cells with none or without data are left out.
    grid
        The grid.
    spans
        Layers burned on the grid, in the order of their bits.
    bits
        What each of them stands for.
    """

    people: PeopleSource
    grid: Grid
    spans: Sequence[Spans]
    bits: Sequence[Bit]


def write_cell_bits(
    path: Path, cells: CellLayers, *, progress: Callable[[float, str], None] | None = None
) -> None:
    """Write the bits of every cell that holds people.

    A layer's bit is set where it covers at least half of the cell. The same inputs give the same bytes.

    Parameters
    ----------
    path
        The file to write.
    cells
        People, and the layers with their names.
    progress
        Told the share done and a word, from 0 to 1.
    """
    grid = cells.grid
    tiles = -(-grid.height // TILE_ROWS)
    with ZipFile(path, "w") as archive:
        head = {
            "format": _FORMAT,
            "width": grid.width,
            "height": grid.height,
            "crs": grid.crs.to_wkt(),
            "transform": list(grid.transform[:6]),
            "bits": [bit._asdict() for bit in cells.bits],
        }
        _put(archive, _HEAD, json.dumps(head, sort_keys=True, ensure_ascii=False).encode())
        for tile in range(tiles):
            row0 = tile * TILE_ROWS
            rows = min(TILE_ROWS, grid.height - row0)
            populated = cells.people.read(row0, rows, 0, grid.width) > 0  # false for NaN
            _put(archive, f"cells/{tile}", np.packbits(populated).tobytes())
            before = np.zeros(populated.size + 1, np.int32)
            np.cumsum(populated, out=before[1:])
            line0, line1 = row0 * grid.sublines, (row0 + rows) * grid.sublines
            for bit, layer in zip(cells.bits, cells.spans, strict=True):
                reached = _mostly_covered(layer.rows(line0, line1), row0, before, grid)
                _put(archive, f"layers/{bit.number}/{tile}", np.packbits(reached).tobytes())
            if progress is not None:
                progress((tile + 1) / tiles, "cells")


def _put(archive: ZipFile, name: str, content: bytes) -> None:
    member = ZipInfo(name, _LONG_AGO)
    member.compress_type = ZIP_DEFLATED
    archive.writestr(member, content, compresslevel=zlib.Z_BEST_SPEED)


def _mostly_covered(layer: Spans, row0: int, before: NDArray[np.int32], grid: Grid) -> NDArray[np.bool_]:
    """Tell the populated cells of some rows of which a layer covers half or more.

    ``before`` counts the populated cells before each cell of the rows, int32 (cells + 1,).
    """
    runs = cell_runs(span_steps(layer.line // grid.sublines - row0, layer.x0, layer.x1), 1)
    half = runs.units[:, 0] >= CELL_UNITS * grid.sublines / 2
    row = runs.strip[half] * grid.width
    change = np.zeros(int(before[-1]) + 1, np.int8)
    # runs are disjoint, but one may start where another ends
    np.add.at(change, before[row + runs.col0[half]], 1)
    np.add.at(change, before[row + runs.col1[half]], -1)
    covered: NDArray[np.bool_] = np.cumsum(change[:-1], dtype=np.int8) > 0
    return covered


@dataclass(frozen=True, slots=True)
class CellBits:
    """Bits that ``write_cell_bits`` wrote; nothing is read until it is asked for.

    Attributes
    ----------
    path
        The file.
    width, height
        Columns and rows of the grid.
    crs
        Of the grid, as WKT.
    transform
        From (column, row) of cell corners to CRS coordinates; the first six numbers of an affine matrix.
    bits
        What each bit stands for: number, operator, service, and ``coverage`` or ``extent``.
    """

    path: Path
    width: int
    height: int
    crs: str
    transform: tuple[float, ...]
    bits: tuple[Bit, ...]

    @classmethod
    def open(cls, path: Path) -> CellBits:
        """Read the head of a file.

        Raises
        ------
        ValueError
            The file was written in another format.
        """
        with ZipFile(path) as archive:
            head = json.loads(archive.read(_HEAD))
        if head["format"] != _FORMAT:
            raise ValueError(f"{path.name} holds cell bits in a format this version cannot read; run again")
        bits = tuple(Bit(**bit) for bit in head["bits"])
        return cls(path, head["width"], head["height"], head["crs"], tuple(head["transform"]), bits)

    def populated(self, row0: int, rows: int) -> NDArray[np.bool_]:
        """Say which cells of some rows hold people; bool (rows, width)."""
        with ZipFile(self.path) as archive:
            return self._window(archive, row0, rows, None)

    def layer(self, bit: int, row0: int, rows: int) -> NDArray[np.bool_]:
        """Say which populated cells of some rows a layer reaches; bool (rows, width).

        Raises
        ------
        IndexError
            There is no such layer.
        """
        if bit not in (known.number for known in self.bits):
            raise IndexError(f"there is no layer {bit}; the file holds {len(self.bits)}")
        with ZipFile(self.path) as archive:
            return self._window(archive, row0, rows, bit)

    def masks(self, row0: int, rows: int) -> NDArray[np.uint64]:
        """Put the bits of all layers together; uint64 (rows, width), 0 where nobody lives."""
        masks = np.zeros((rows, self.width), np.uint64)
        for bit in self.bits:
            masks |= self.layer(bit.number, row0, rows).astype(np.uint64) << np.uint64(bit.number)
        return masks

    def _window(self, archive: ZipFile, row0: int, rows: int, bit: int | None) -> NDArray[np.bool_]:
        first, last = row0 // TILE_ROWS, (row0 + rows - 1) // TILE_ROWS
        tiles = [self._tile(archive, tile, bit) for tile in range(first, last + 1)]
        skip = row0 - first * TILE_ROWS
        return np.concatenate(tiles)[skip : skip + rows]

    def _tile(self, archive: ZipFile, tile: int, bit: int | None) -> NDArray[np.bool_]:
        rows = min(TILE_ROWS, self.height - tile * TILE_ROWS)
        cells = _unpacked(archive.read(f"cells/{tile}"), rows * self.width)
        if bit is not None:
            cells[cells] = _unpacked(archive.read(f"layers/{bit}/{tile}"), int(cells.sum()))
        return cells.reshape(rows, self.width)


def _unpacked(content: bytes, count: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(content, np.uint8), count=count).astype(bool)
