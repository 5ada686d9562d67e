"""Windows of cells: anywhere, from many threads and processes, and always what was checked."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from affine import Affine

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster
from blackspot.data.readers.raster_cells import RasterCells, RasterWindow
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

from raster_files import GRID, NORTH_UP, opened, write


def test_windows_may_reach_outside(tmp_path: Path) -> None:
    """Cells outside the raster and cells without data are not a number."""
    cells = GRID.copy()
    cells[1, 1] = -1
    reader = RasterCells(opened(write(tmp_path / "a.tif", cells)))
    got = reader.read(RasterWindow(-1, 3, 2, 4))
    expected = [[np.nan] * 4, [2, 3, np.nan, np.nan], [6, 7, np.nan, np.nan]]
    np.testing.assert_array_equal(expected, got)
    assert np.isnan(reader.read(RasterWindow(1, 1, 1, 1))[0, 0])
    assert np.isnan(reader.read(RasterWindow(50, 2, 50, 2))).all()
    assert reader.read(RasterWindow(0, 0, 0, 4)).shape == (0, 4)


def test_a_file_with_the_south_first_reads_the_same(tmp_path: Path) -> None:
    """Some writers store the southernmost row first; the answer is always north-up."""
    north = RasterCells(opened(write(tmp_path / "north.tif")))
    flipped = Affine(0.01, 0, 105, 0, 0.01, 21 - 3 * 0.01)
    south = RasterCells(opened(write(tmp_path / "south.tif", GRID[::-1].copy(), transform=flipped)))
    assert south.raster.transform.almost_equals(north.raster.transform)
    for window in (RasterWindow(0, 3, 0, 4), RasterWindow(1, 1, 2, 1), RasterWindow(-1, 3, 1, 9)):
        np.testing.assert_array_equal(north.read(window), south.read(window))


@pytest.mark.parametrize("rows_and_cols", [(1, 1), (7, 300), (600, 40), (513, 1025)])
@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("cells", [1, 1000, 70_000])
def test_windows_cover_everything_once(
    tmp_path: Path, rows_and_cols: tuple[int, int], *, tiled: bool, cells: int
) -> None:
    """Whatever the blocks of the file, every cell is in exactly one window."""
    blocks = {"tiled": True, "blockxsize": 256, "blockysize": 256} if tiled else {}
    raster = opened(write(tmp_path / "a.tif", np.zeros(rows_and_cols, np.uint8), nodata=255, **blocks))
    seen = np.zeros(rows_and_cols, int)
    for window in raster.windows(cells):
        seen[window.row0 : window.row0 + window.rows, window.col0 : window.col0 + window.cols] += 1
    assert (seen == 1).all()


def test_not_a_number_and_masked_cells_hold_no_data(tmp_path: Path) -> None:
    """A mask inside the file and NaN say "no data" as well as a value does."""
    cells = GRID.copy()
    cells[0, 0] = np.nan
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(
            tmp_path / "a.tif",
            "w",
            driver="GTiff",
            width=4,
            height=3,
            count=1,
            dtype="float32",
            crs="EPSG:4326",
            transform=NORTH_UP,
        ) as file,
    ):
        file.write(cells, 1)
        file.write_mask(GRID < 10)
    raster = opened(tmp_path / "a.tif")
    assert raster.has_mask
    got = RasterCells(raster).read(RasterWindow(0, 3, 0, 4))
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0], [2, 2], [2, 3]]


def test_huge_markers_are_recognised_however_they_were_rounded(tmp_path: Path) -> None:
    """-3.4e38 is written in many ways; all of them mean no data."""
    cells = GRID.copy()
    cells[0, :2] = [np.finfo(np.float32).min, -3.4e38]
    reader = RasterCells(opened(write(tmp_path / "a.tif", cells, nodata=-3.4028234663852886e38)))
    assert np.isnan(reader.read(RasterWindow(0, 1, 0, 4))).tolist() == [[True, True, False, False]]


def test_whole_numbers_have_markers_too(tmp_path: Path) -> None:
    """The marker is compared in the type of the cells; one that does not fit them never occurs."""
    path = write(tmp_path / "a.tif", np.array([[0, 255]], np.uint8), nodata=255)
    assert np.isnan(RasterCells(opened(path)).read(RasterWindow(0, 1, 0, 2))).tolist() == [[False, True]]
    plain = write(tmp_path / "b.tif", np.array([[0, 255]], np.uint8), nodata=None)
    got = RasterCells(opened(plain, nodata=-99999.0)).read(RasterWindow(0, 1, 0, 2))
    assert got.tolist() == [[0.0, 255.0]]


def test_the_project_may_add_a_marker(tmp_path: Path) -> None:
    """Both the file's and the project's value mean no data, and that is said."""
    path = write(tmp_path / "a.tif")
    findings = Findings()
    raster = open_raster(path, nodata=5.0, findings=findings)
    assert not isinstance(raster, Refused)
    assert raster.nodata == (-1.0, 5.0)
    assert [finding.code for finding in findings.items] == ["raster.nodata-twice"]
    assert np.isnan(RasterCells(raster).read(RasterWindow(1, 1, 0, 2))).tolist() == [[False, True]]
    assert opened(path, nodata=-1.0).nodata == (-1.0,)


def test_scale_and_offset_are_applied_and_said(tmp_path: Path) -> None:
    """A cell's value is stored * scale + offset; the marker is compared before."""
    path = write(tmp_path / "a.tif", np.array([[1, 2, -1]], np.int16))
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = [0.5], [10]
    findings = Findings()
    raster = open_raster(path, findings=findings)
    assert not isinstance(raster, Refused)
    np.testing.assert_array_equal([[10.5, 11.0, np.nan]], RasterCells(raster).read(RasterWindow(0, 1, 0, 3)))
    assert [finding.code for finding in findings.items] == ["raster.scaled"]


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    """Every thread gets the right cells."""
    cells = np.arange(512 * 512, dtype=np.float32).reshape(512, 512)
    reader = RasterCells(opened(write(tmp_path / "a.tif", cells, tiled=True, compress="deflate")))
    windows = [RasterWindow(row, 16, 0, 512) for row in range(0, 512, 16)] * 4

    def read(window: RasterWindow) -> bool:
        return bool((reader.read(window) == cells[window.row0 : window.row0 + 16]).all())

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, windows))


def test_a_reader_travels_to_another_process(tmp_path: Path) -> None:
    """The header travels, the handle does not."""
    reader = RasterCells(opened(write(tmp_path / "a.tif")))
    reader.read(RasterWindow(0, 1, 0, 1))
    copy = pickle.loads(pickle.dumps(reader))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(GRID, copy.read(RasterWindow(0, 3, 0, 4)))


def test_what_was_checked_is_what_is_read(tmp_path: Path) -> None:
    """After the checks the file may change or vanish: the cells are those that were looked at."""
    path = write(tmp_path / "a.tif")
    reader = RasterCells(opened(path))
    write(path, GRID + 100)
    np.testing.assert_array_equal(GRID, reader.read(RasterWindow(0, 3, 0, 4)))
    path.unlink()
    np.testing.assert_array_equal(GRID, RasterCells(reader.raster).read(RasterWindow(0, 3, 0, 4)))


def test_unpacked_cells_go_with_the_raster(tmp_path: Path) -> None:
    """Nothing stays on the disk when nobody needs it; who comes later is told."""
    raster = opened(write(tmp_path / "a.tif"))
    assert raster.folder is not None
    folder = raster.folder.path
    assert folder.exists()
    lent = pickle.loads(pickle.dumps(raster))  # noqa: S301 - our own bytes
    del raster
    assert not folder.exists()
    with pytest.raises(WorkplaceError, match=r"a\.tif"):
        RasterCells(lent)
