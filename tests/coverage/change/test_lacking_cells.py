"""People of cells, written and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import pytest
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.change.cell_shares import LayerShares
from blackspot.coverage.change.lacking_cells import CellGrid, read_lacking_cells, write_lacking_cells
from blackspot.coverage.overlay.totals import FailingCells
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

CELLS = FailingCells(
    commune=np.array([0, 1], np.int32),
    row=np.array([2, 3], np.int32),
    col=np.array([4, 5], np.int32),
    people=np.array([10, 20], np.float32),
    failing=np.array([[10, 8, 10], [20, 5, 0]], np.float32),
)
LAYERS = (
    LayerShares("Sao Mai", "5g", np.array([0, 250], np.uint8), None),
    LayerShares("Hải Đăng", "5g", np.array([1, 2], np.uint8), np.array([3, 4], np.uint8)),
)
PEOPLE = {"profile": [8.0, 5.0], "5g": [10.0, 0.0]}


def test_written_and_read(tmp_path: Path) -> None:
    """By code, cell and group; the same bytes each time."""
    grid = Grid(pyproj.CRS(4326), Affine(0.1, 0, 105, 0, -0.1, 21), 10, 10, 4)
    for name in ("a", "b"):
        write_lacking_cells(tmp_path / name, CELLS, ["00001", "00002"], ["5g"], LAYERS, grid)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    found = read_lacking_cells(tmp_path / "a")
    assert found is not None
    assert (["00001", "00002"], [2, 3], [4, 5]) == tuple(
        one.tolist() for one in (found.code, found.row, found.col)
    )
    assert [10.0, 20.0] == found.everybody.tolist()
    assert CellGrid(grid.crs.to_wkt(), (0.1, 0.0, 105.0, 0.0, -0.1, 21.0), 10, 10) == found.grid
    assert PEOPLE == {name: one.tolist() for name, one in found.people.items()}
    table = pq.read_table(tmp_path / "a")
    assert ([True, False], [0.0, 0.0]) == (
        table["all_lack_5g"].to_pylist(),
        table["some_lack_5g"].to_pylist(),
    )


def test_a_file_of_an_older_program_is_read(tmp_path: Path) -> None:
    """One column of people per group."""
    grid = Grid(pyproj.CRS(4326), Affine(0.1, 0, 105, 0, -0.1, 21), 10, 10, 4)
    write_lacking_cells(tmp_path / "new", CELLS, ["00001", "00002"], ["5g"], (), grid)
    table = pq.read_table(tmp_path / "new")
    old = table.select(["code", "row", "col", "people"])
    for name, people in PEOPLE.items():
        old = old.append_column(f"lacks_{name}", pa.array(people, pa.float32()))
    pq.write_table(old, tmp_path / "old")
    found = read_lacking_cells(tmp_path / "old")
    assert found is not None
    assert PEOPLE == {name: one.tolist() for name, one in found.people.items()}


def test_the_layers_come_back(tmp_path: Path) -> None:
    """By the operators' own names; who speaks for the whole country has no column for it."""
    grid = Grid(pyproj.CRS(4326), Affine(0.1, 0, 105, 0, -0.1, 21), 10, 10, 4)
    write_lacking_cells(tmp_path / "a", CELLS, ["00001", "00002"], ["5g"], LAYERS, grid)
    found = read_lacking_cells(tmp_path / "a")
    assert found is not None
    assert found.layers is not None
    assert [("Sao Mai", "5g", [0, 250], None), ("Hải Đăng", "5g", [1, 2], [3, 4])] == [
        (one.operator, one.service, one.covered.tolist(), None if one.known is None else one.known.tolist())
        for one in found.layers
    ]


def test_grids_of_the_same_cells() -> None:
    """One that begins two rows further north and a column further west; others have other cells."""
    first = CellGrid("a", (0.1, 0.0, 105.0, 0.0, -0.1, 21.0), 10, 10)
    assert (2, 1) == first.offset_to(CellGrid("a", (0.1, 0.0, 104.9, 0.0, -0.1, 21.2), 12, 12))
    assert first.offset_to(CellGrid("b", first.transform, 10, 10)) is None
    assert first.offset_to(CellGrid("a", (0.1, 0.0, 104.95, 0.0, -0.1, 21.2), 12, 12)) is None
    assert first.offset_to(CellGrid("a", (0.2, 0.0, 105.0, 0.0, -0.1, 21.0), 10, 10)) is None


def test_none_and_damaged(tmp_path: Path) -> None:
    """A run of an older program has none; a damaged one is told."""
    assert read_lacking_cells(tmp_path / "none") is None
    (tmp_path / "bad").write_bytes(b"PAR1")
    with pytest.raises(WorkplaceError):
        read_lacking_cells(tmp_path / "bad")
