"""Rasters are opened as GeoTIFF only, never beyond the file, and placed or refused."""

from __future__ import annotations

import shutil
import socket
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster

if TYPE_CHECKING:
    from pathlib import Path

from raster_files import GRID, NORTH_UP, opened, write


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


def test_traces_of_a_rotation_are_none(tmp_path: Path) -> None:
    """What rounding leaves moves no cell; a thousandth of a cell over the whole raster is a rotation."""
    traces = Affine(0.01, 1e-19, 105, -1e-19, -0.01, 21)
    assert NORTH_UP == opened(write(tmp_path / "a.tif", transform=traces)).transform
    turned = Affine(0.01, 1.1e-5 / 3, 105, 0, -0.01, 21)
    assert ["raster.rotated"] == codes(write(tmp_path / "b.tif", transform=turned))


def test_the_words_beside_the_cells(tmp_path: Path) -> None:
    """RSSI in the description of the band or among its tags; not where RSRP stands there, too."""
    for name, words, expected in (("a", "RSSI dBm", True), ("b", "RSRP (not RSSI)", False), ("c", "", False)):
        path = write(tmp_path / f"{name}.tif")
        with rasterio.open(path, "r+") as file:
            file.set_band_description(1, words)
        assert expected == opened(path).says_rssi


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
