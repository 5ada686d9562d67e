"""Bits per populated cell: right, compact, and readable one layer at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zipfile import ZipFile

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn
from blackspot.coverage.people.cell_bits import CellBits, CellLayers, write_cell_bits
from blackspot.coverage.people.layers import Bit

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.coverage.burn.spans import Spans

UTM48 = pyproj.CRS.from_epsg(32648)
ROWS, COLS = 600, 30
GRID = Grid(UTM48, Affine(1.0, 0, 0.0, 0, -1.0, ROWS), COLS, ROWS, 4)


@dataclass(frozen=True)
class Table:
    people: np.ndarray

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        return self.people[row0 : row0 + rows, col0 : col0 + cols].copy()


def people() -> np.ndarray:
    rng = np.random.default_rng(2)
    table = rng.lognormal(0, 1, (ROWS, COLS))
    table[rng.random(table.shape) < 0.3] = 0.0
    table[rng.random(table.shape) < 0.3] = np.nan
    return table


def box(col0: float, row0: float, col1: float, row1: float) -> Spans:
    return burn(np.array([shapely.box(col0, ROWS - row1, col1, ROWS - row0)], dtype=object), UTM48, GRID)


LAYERS = [box(3, 10, 20, 590), box(5.4, 100.4, 25.6, 300.6), box(0, 0, 30, 600)]


BITS = (
    Bit(0, "Sao Mai", "5g", "coverage"),
    Bit(1, "Hải Đăng", "5g", "coverage"),
    Bit(2, "Hải Đăng", "5g", "extent"),
)


def written(path: Path) -> CellBits:
    write_cell_bits(path, CellLayers(Table(people()), GRID, LAYERS, BITS))
    return CellBits.open(path)


def test_a_bit_is_set_where_a_layer_covers_half_a_cell(tmp_path: Path) -> None:
    """Cells that it covers by 0.4 are not reached, those by 0.6 are; empty cells never."""
    bits = written(tmp_path / "bits.zip")
    populated = people() > 0
    assert np.array_equal(populated, bits.populated(0, ROWS))
    expected = np.zeros((ROWS, COLS), bool)
    expected[100:301, 5:26] = True  # the outermost rows and columns are covered by 0.6
    expected[np.ix_([100, 300], [5, 25])] = False  # the corners by 0.36
    assert np.array_equal(expected & populated, bits.layer(1, 0, ROWS))
    assert np.array_equal(populated, bits.layer(2, 0, ROWS))


def test_the_head_says_which_bit_is_what_and_where_the_cells_lie(tmp_path: Path) -> None:
    """Operators with their own letters; extents are told from coverage; the grid's place is the raster's."""
    bits = written(tmp_path / "bits.zip")
    assert BITS == bits.bits
    assert (COLS, ROWS) == (bits.width, bits.height)
    assert GRID.transform == Affine(*bits.transform)
    assert GRID.crs == pyproj.CRS.from_wkt(bits.crs)


def test_windows_cross_tiles(tmp_path: Path) -> None:
    """Any rows, also from several tiles."""
    bits = written(tmp_path / "bits.zip")
    whole = bits.layer(0, 0, ROWS)
    for row0, rows in ((0, 1), (250, 20), (255, 2), (511, 89), (599, 1)):
        assert np.array_equal(whole[row0 : row0 + rows], bits.layer(0, row0, rows))


def test_masks_put_the_layers_together(tmp_path: Path) -> None:
    """Bit i is layer i."""
    bits = written(tmp_path / "bits.zip")
    masks = bits.masks(90, 30)
    for bit in range(3):
        assert np.array_equal(bits.layer(bit, 90, 30), (masks >> np.uint64(bit)) & np.uint64(1) == 1)


def test_one_layer_is_read_without_the_others(tmp_path: Path) -> None:
    """Members of other layers may be rubbish; they are not looked at."""
    written(tmp_path / "bits.zip")
    with ZipFile(tmp_path / "bits.zip") as archive, ZipFile(tmp_path / "torn.zip", "w") as torn:
        for name in archive.namelist():
            torn.writestr(name, b"" if name.startswith(("layers/0", "layers/2")) else archive.read(name))
    expected = CellBits.open(tmp_path / "bits.zip").layer(1, 0, ROWS)
    assert np.array_equal(expected, CellBits.open(tmp_path / "torn.zip").layer(1, 0, ROWS))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """No times and no order of the machine in the file, and it is small."""
    written(tmp_path / "a.zip")
    written(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert (tmp_path / "a.zip").stat().st_size < ROWS * COLS / 2


def test_unknown_layers_and_formats_are_refused(tmp_path: Path) -> None:
    """There is no fourth layer, and no reading of what a later version wrote."""
    bits = written(tmp_path / "bits.zip")
    with pytest.raises(IndexError, match="holds 3"):
        bits.layer(3, 0, 1)
    with ZipFile(tmp_path / "later.zip", "w") as archive:
        archive.writestr("head.json", '{"format": 2, "width": 1, "height": 1, "layers": 1}')
    with pytest.raises(ValueError, match="format"):
        CellBits.open(tmp_path / "later.zip")


def test_progress_ends_at_one(tmp_path: Path) -> None:
    """Once per tile."""
    told: list[float] = []
    cells = CellLayers(Table(people()), GRID, [], ())
    write_cell_bits(tmp_path / "b.zip", cells, progress=lambda share, _: told.append(share))
    assert 3 == len(told)
    assert 1.0 == told[-1]
