"""Rasters are opened as GeoTIFF only, never beyond the file, and placed or refused."""

from __future__ import annotations

import pickle
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster
from blackspot.data.readers.raster_cells import RasterCells, RasterFile, Window
from blackspot.errors import WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

NORTH_UP = Affine(0.01, 0, 105, 0, -0.01, 21)
GRID = np.arange(12, dtype=np.float32).reshape(3, 4)


def write(path: Path, cells: np.ndarray[Any, Any] = GRID, **options: Any) -> Path:
    """Write a GeoTIFF; None leaves an option out."""
    profile = {"crs": "EPSG:4326", "transform": NORTH_UP, "nodata": -1, "dtype": cells.dtype, "count": 1}
    profile |= {"driver": "GTiff", "height": cells.shape[-2], "width": cells.shape[-1]} | options
    with rasterio.open(
        path, "w", **{key: value for key, value in profile.items() if value is not None}
    ) as file:
        file.write(cells, *([1] if cells.ndim == 2 else []))
    return path


def opened(path: Path, **options: Any) -> RasterFile:
    findings = Findings()
    raster = open_raster(path, findings=findings, **options)
    assert findings.errors == ()
    assert not isinstance(raster, Refused)
    return raster


def codes(path: Path, **options: Any) -> list[str]:
    """Codes of the findings about a raster that is refused."""
    findings = Findings()
    assert isinstance(open_raster(path, findings=findings, **options), Refused)
    for finding in findings.items:
        assert path.name in finding.sentence()
        assert finding.cure_en
        assert finding.cure_vi
    return [finding.code for finding in findings.items]


def test_the_header_says_where_the_cells_lie(tmp_path: Path) -> None:
    """Size, place, type and the no-data value come from the file."""
    raster = opened(write(tmp_path / "a.tif"))
    assert (raster.width, raster.height, raster.dtype) == (4, 3, "float32")
    assert raster.transform == NORTH_UP
    assert raster.crs.to_epsg() == 4326
    assert raster.nodata == (-1.0,)


def test_windows_may_reach_outside(tmp_path: Path) -> None:
    """Cells outside the raster and cells without data are not a number."""
    cells = GRID.copy()
    cells[1, 1] = -1
    reader = RasterCells(opened(write(tmp_path / "a.tif", cells)))
    got = reader.read(Window(-1, 3, 2, 4))
    expected = [[np.nan] * 4, [2, 3, np.nan, np.nan], [6, 7, np.nan, np.nan]]
    np.testing.assert_array_equal(expected, got)
    assert np.isnan(reader.read(Window(1, 1, 1, 1))[0, 0])
    assert np.isnan(reader.read(Window(50, 2, 50, 2))).all()
    assert reader.read(Window(0, 0, 0, 4)).shape == (0, 4)


def test_a_file_with_the_south_first_reads_the_same(tmp_path: Path) -> None:
    """Some writers store the southernmost row first; the answer is always north-up."""
    north = RasterCells(opened(write(tmp_path / "north.tif")))
    flipped = Affine(0.01, 0, 105, 0, 0.01, 21 - 3 * 0.01)
    south = RasterCells(opened(write(tmp_path / "south.tif", GRID[::-1].copy(), transform=flipped)))
    assert south.raster.transform.almost_equals(north.raster.transform)
    for window in (Window(0, 3, 0, 4), Window(1, 1, 2, 1), Window(-1, 3, 1, 9)):
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
    got = RasterCells(raster).read(Window(0, 3, 0, 4))
    assert np.argwhere(np.isnan(got)).tolist() == [[0, 0], [2, 2], [2, 3]]


def test_huge_markers_are_recognised_however_they_were_rounded(tmp_path: Path) -> None:
    """-3.4e38 is written in many ways; all of them mean no data."""
    cells = GRID.copy()
    cells[0, :2] = [np.finfo(np.float32).min, -3.4e38]
    reader = RasterCells(opened(write(tmp_path / "a.tif", cells, nodata=-3.4028234663852886e38)))
    assert np.isnan(reader.read(Window(0, 1, 0, 4))).tolist() == [[True, True, False, False]]


def test_whole_numbers_have_markers_too(tmp_path: Path) -> None:
    """The marker is compared in the type of the cells; one that does not fit them never occurs."""
    path = write(tmp_path / "a.tif", np.array([[0, 255]], np.uint8), nodata=255)
    assert np.isnan(RasterCells(opened(path)).read(Window(0, 1, 0, 2))).tolist() == [[False, True]]
    plain = write(tmp_path / "b.tif", np.array([[0, 255]], np.uint8), nodata=None)
    got = RasterCells(opened(plain, nodata=-99999.0)).read(Window(0, 1, 0, 2))
    assert got.tolist() == [[0.0, 255.0]]


def test_the_project_may_add_a_marker(tmp_path: Path) -> None:
    """Both the file's and the project's value mean no data, and that is said."""
    path = write(tmp_path / "a.tif")
    findings = Findings()
    raster = open_raster(path, nodata=5.0, findings=findings)
    assert not isinstance(raster, Refused)
    assert raster.nodata == (-1.0, 5.0)
    assert [finding.code for finding in findings.items] == ["raster.nodata-twice"]
    assert np.isnan(RasterCells(raster).read(Window(1, 1, 0, 2))).tolist() == [[False, True]]
    assert opened(path, nodata=-1.0).nodata == (-1.0,)


def test_scale_and_offset_are_applied_and_said(tmp_path: Path) -> None:
    """A cell's value is stored * scale + offset; the marker is compared before."""
    path = write(tmp_path / "a.tif", np.array([[1, 2, -1]], np.int16))
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = [0.5], [10]
    findings = Findings()
    raster = open_raster(path, findings=findings)
    assert not isinstance(raster, Refused)
    np.testing.assert_array_equal([[10.5, 11.0, np.nan]], RasterCells(raster).read(Window(0, 1, 0, 3)))
    assert [finding.code for finding in findings.items] == ["raster.scaled"]


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    """Every thread gets the right cells."""
    cells = np.arange(512 * 512, dtype=np.float32).reshape(512, 512)
    reader = RasterCells(opened(write(tmp_path / "a.tif", cells, tiled=True, compress="deflate")))
    windows = [Window(row, 16, 0, 512) for row in range(0, 512, 16)] * 4

    def read(window: Window) -> bool:
        return bool((reader.read(window) == cells[window.row0 : window.row0 + 16]).all())

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(read, windows))


def test_a_reader_travels_to_another_process(tmp_path: Path) -> None:
    """The header travels, the handle does not."""
    reader = RasterCells(opened(write(tmp_path / "a.tif")))
    reader.read(Window(0, 1, 0, 1))
    copy = pickle.loads(pickle.dumps(reader))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(GRID, copy.read(Window(0, 3, 0, 4)))


def test_what_was_checked_is_what_is_read(tmp_path: Path) -> None:
    """After the checks the file may change or vanish: the cells are those that were looked at."""
    path = write(tmp_path / "a.tif")
    reader = RasterCells(opened(path))
    write(path, GRID + 100)
    np.testing.assert_array_equal(GRID, reader.read(Window(0, 3, 0, 4)))
    path.unlink()
    np.testing.assert_array_equal(GRID, RasterCells(reader.raster).read(Window(0, 3, 0, 4)))


def test_unpacked_cells_go_with_the_raster(tmp_path: Path) -> None:
    """Nothing stays on the disk when nobody needs it; who comes later is told."""
    raster = opened(write(tmp_path / "a.tif"))
    assert raster.place is not None
    folder = raster.place.folder
    assert folder.exists()
    lent = pickle.loads(pickle.dumps(raster))  # noqa: S301 - our own bytes
    del raster
    assert not folder.exists()
    with pytest.raises(WorkplaceError, match=r"a\.tif"):
        RasterCells(lent)


# --- refused ---------------------------------------------------------------------------------------------


def test_missing_empty_link_and_folder(tmp_path: Path) -> None:
    """What is no file of its own is refused."""
    (tmp_path / "empty.tif").touch()
    (tmp_path / "folder.tif").mkdir()
    (tmp_path / "link.tif").symlink_to(write(tmp_path / "a.tif"))
    assert codes(tmp_path / "none.tif") == ["file.missing"]
    assert codes(tmp_path / "empty.tif") == ["file.empty"]
    assert codes(tmp_path / "link.tif") == ["file.not-regular"]
    assert codes(tmp_path / "folder.tif") == ["raster.not-geotiff"]


@pytest.mark.parametrize(
    "content",
    [
        b"code,people\n",
        b"<VRTDataset rasterXSize='2' rasterYSize='2'><SRS>EPSG:4326</SRS></VRTDataset>",
        b'{"type": "gdal_streamed_alg", "command_line": "gdal raster pipeline ! read /etc/hostname"}',
        b"II*",
    ],
)
def test_content_decides_not_the_name(tmp_path: Path, content: bytes) -> None:
    """A file called .tif that is something else is refused before GDAL sees it."""
    (tmp_path / "a.tif").write_bytes(content)
    assert codes(tmp_path / "a.tif") == ["raster.not-geotiff"]


def test_a_broken_header_is_one_sentence(tmp_path: Path) -> None:
    """The machine's folders do not appear in the reason."""
    (tmp_path / "a.tif").write_bytes(b"II*\x00" + b"\xff" * 60)
    findings = Findings(tmp_path)
    assert isinstance(open_raster(tmp_path / "a.tif", findings=findings), Refused)
    sentence = findings.errors[0].sentence()
    assert sentence.startswith("a.tif: cannot be read as a GeoTIFF")
    assert str(tmp_path) not in sentence
    assert "\n" not in sentence


def test_several_bands_and_several_images(tmp_path: Path) -> None:
    """Which band is meant must not be guessed."""
    assert codes(write(tmp_path / "a.tif", np.zeros((3, 4, 4), np.uint8), count=3, nodata=255)) == [
        "raster.several-bands"
    ]
    path = write(tmp_path / "b.tif")
    with rasterio.open(path) as first:
        profile = first.profile
    with rasterio.open(path, "w", APPEND_SUBDATASET=True, **profile) as second:
        second.write(GRID, 1)
    assert codes(path) == ["raster.several-bands"]


def test_complex_cells_are_no_people(tmp_path: Path) -> None:
    """Numbers with an imaginary part are refused."""
    assert codes(write(tmp_path / "a.tif", GRID.astype(np.complex64))) == ["raster.not-numbers"]


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_picture_without_a_place(tmp_path: Path) -> None:
    """Both missing things are told at once."""
    path = write(tmp_path / "a.tif", crs=None, transform=None)
    assert codes(path) == ["raster.not-georeferenced", "crs.missing-degrees"]
    assert codes(path, crs="EPSG:4326") == ["raster.not-georeferenced"]


@pytest.mark.parametrize(
    "transform",
    [
        Affine(0.01, 0.001, 105, 0, -0.01, 21),
        Affine(0.01, 0, 105, 0.001, -0.01, 21),
        Affine(0, 0.01, 105, 0.01, 0, 21),
        Affine(-0.01, 0, 105, 0, -0.01, 21),
    ],
)
def test_rotated_and_mirrored_rasters(tmp_path: Path, transform: Affine) -> None:
    """Rows must run from west to east."""
    assert codes(write(tmp_path / "a.tif", transform=transform)) == ["raster.rotated"]


def test_the_coordinate_system_is_stated_or_refused(tmp_path: Path) -> None:
    """Missing, contradicting, impossible: each has its own sentence; the project may state it."""
    nameless = write(tmp_path / "a.tif", crs=None)
    assert codes(nameless) == ["crs.missing-degrees"]
    assert opened(nameless, crs="EPSG:4326").crs.to_epsg() == 4326
    assert codes(nameless, crs="EPSG:999999") == ["crs.project-unusable"]
    assert codes(write(tmp_path / "b.tif"), crs="EPSG:3405") == ["crs.contradicts"]
    metres = Affine(1000, 0, 500_000, 0, -1000, 2_300_000)
    assert codes(write(tmp_path / "c.tif", transform=metres)) == ["crs.out-of-range"]
    assert codes(write(tmp_path / "d.tif", crs="EPSG:3405")) == ["crs.degrees-for-metres"]


def test_a_raster_larger_than_any_country(tmp_path: Path) -> None:
    """A small file that unpacks to gigabytes is refused from its header alone."""
    path = tmp_path / "bomb.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=100_000,
        height=100_000,
        count=1,
        dtype="float32",
        tiled=True,
        crs="EPSG:4326",
        transform=Affine(1e-4, 0, 100, 0, -1e-4, 20),
        nodata=-1,
        SPARSE_OK=True,
        BIGTIFF="YES",
    ):
        pass
    assert path.stat().st_size < 10_000_000
    assert codes(path) == ["raster.too-large"]


def test_pointers_to_other_files_are_not_followed(tmp_path: Path) -> None:
    """A listener on this machine hears nothing, and the raster is refused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        path = write(tmp_path / "a.tif")
        with rasterio.open(path, "r+") as file:
            file.update_tags(
                ns="OVERVIEWS", OVERVIEW_FILE=f"http://127.0.0.1:{listener.getsockname()[1]}/a.tif"
            )
        assert codes(path) == ["raster.unsafe-content"]
        with pytest.raises(TimeoutError):
            listener.accept()


def test_files_beside_the_raster_are_not_read(tmp_path: Path) -> None:
    """A .aux.xml that states a no-data value or a .tfw that moves the raster changes nothing."""
    path = write(tmp_path / "a.tif", nodata=None)
    (tmp_path / "a.tif.aux.xml").write_text(
        '<PAMDataset><PAMRasterBand band="1"><NoDataValue>5</NoDataValue></PAMRasterBand></PAMDataset>'
    )
    (tmp_path / "a.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    shutil.copy(path, tmp_path / "a.tif.msk")
    raster = opened(path)
    assert (raster.nodata, raster.has_mask, raster.transform) == ((), False, NORTH_UP)
