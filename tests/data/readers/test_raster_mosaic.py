"""Tiles of one grid are read as the raster they were cut from."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.transform import from_origin

from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster
from blackspot.data.readers.raster_cells import RasterWindow
from blackspot.data.readers.raster_mosaic import Mosaic, mosaic_of

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.readers.raster_cells import RasterFile

WHOLE = np.arange(60.0).reshape(6, 10)
PLACE = from_origin(105.0, 21.0, 1 / 1200, 1 / 1200)  # 3", which no decimal number holds
EVERYTHING = RasterWindow(0, 6, 0, 10)


def tile(path: Path, row0: int, rows: int, col0: int, cols: int, **changes: Any) -> RasterFile:
    """Cut a tile out of the whole; 7 is no data."""
    cells = changes.pop("cells", WHOLE)[row0 : row0 + rows, col0 : col0 + cols]
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "height": rows,
        "width": cols,
        "count": 1,
        "dtype": "float64",
        "crs": "EPSG:4326",
        "nodata": 7.0,
        "transform": PLACE @ Affine.translation(col0, row0),
    }
    with rasterio.open(path, "w", **profile | changes) as file:
        file.write(cells, 1)
    raster = open_raster(path, findings=Findings())
    assert not isinstance(raster, Refused)
    return raster


def expected() -> np.ndarray:
    return np.where(WHOLE == 7, np.nan, WHOLE)


def made(*tiles: RasterFile) -> Mosaic:
    findings = Findings()
    mosaic = mosaic_of(tiles, findings)
    assert () == findings.items
    assert mosaic is not None
    return mosaic


def test_tiles_give_what_they_were_cut_from(tmp_path: Path) -> None:
    """In any order; north and west of the first, too."""
    quarters = [(0, 3, 0, 5), (0, 3, 5, 5), (3, 3, 0, 5), (3, 3, 5, 5)]
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        tiles = [tile(tmp_path / f"{at}.tif", *quarters[at]) for at in order]
        mosaic = made(*tiles)
        assert (6, 10) == (mosaic.raster.height, mosaic.raster.width)
        assert pytest.approx(list(PLACE)) == list(mosaic.raster.transform)
        np.testing.assert_array_equal(expected(), mosaic.read(EVERYTHING))
        np.testing.assert_array_equal(expected()[2:5, 4:7], mosaic.read(RasterWindow(2, 3, 4, 3)))
        np.testing.assert_array_equal(expected(), pickle.loads(pickle.dumps(mosaic)).read(EVERYTHING))  # noqa: S301 - our own
        outside = mosaic.read(RasterWindow(-1, 8, -1, 12))
        np.testing.assert_array_equal(np.pad(expected(), 1, constant_values=np.nan), outside)


def test_a_missing_tile_is_no_data_and_has_no_window(tmp_path: Path) -> None:
    """Between two tiles nothing is known, and nothing is looked at."""
    mosaic = made(tile(tmp_path / "a.tif", 0, 3, 0, 5), tile(tmp_path / "b.tif", 3, 3, 5, 5))
    found = mosaic.read(EVERYTHING)
    assert np.isnan(found[:3, 5:]).all()
    np.testing.assert_array_equal(expected()[3:, 5:], found[3:, 5:])
    assert [RasterWindow(0, 3, 0, 5), RasterWindow(3, 3, 5, 5)] == [one.window for one in mosaic.tiles]
    seen = sum(np.count_nonzero(~np.isnan(mosaic.read(window))) for window in mosaic.windows())
    assert np.count_nonzero(~np.isnan(found)) == seen


def test_an_overlap_that_says_the_same_is_fine(tmp_path: Path) -> None:
    """Where one has no data, the other counts."""
    left, right = tile(tmp_path / "a.tif", 0, 6, 0, 8), tile(tmp_path / "b.tif", 0, 6, 5, 5, nodata=-1.0)
    found = made(left, right).read(EVERYTHING)
    np.testing.assert_array_equal(np.where(WHOLE == 7, 7.0, WHOLE), found)


def refused(*tiles: RasterFile) -> tuple[str, str]:
    findings = Findings()
    assert mosaic_of(tiles, findings) is None
    (finding,) = findings.items
    assert "a.tif" in finding.message_en
    assert finding.file.endswith("b.tif")
    return finding.code, finding.message_en


def test_an_overlap_that_says_something_else_is_an_error(tmp_path: Path) -> None:
    """Ten cells of the two shared columns, less one that has become no data."""
    other = WHOLE.copy()
    other[:5, 5:7] += 1
    tiles = tile(tmp_path / "a.tif", 0, 6, 0, 7), tile(tmp_path / "b.tif", 0, 6, 5, 5, cells=other)
    code, message = refused(*tiles)
    assert ("population.tiles-contradict", True) == (code, message.endswith(": 9."))


@pytest.mark.parametrize(
    "changes",
    [
        {"crs": "EPSG:4756"},
        {"transform": PLACE @ Affine.translation(5.3, 0)},
        {"transform": PLACE @ Affine.translation(5, 0) @ Affine.scale(1.01)},
    ],
)
def test_tiles_of_other_grids_are_an_error(tmp_path: Path, changes: dict[str, Any]) -> None:
    """Another system, another size of cells, or cells beside those of the first."""
    first = tile(tmp_path / "a.tif", 0, 6, 0, 5)
    assert "population.tile-grid" == refused(first, tile(tmp_path / "b.tif", 0, 6, 5, 5, **changes))[0]


def test_cells_are_where_rounded_headers_put_them(tmp_path: Path) -> None:
    """Nine digits of a cell's size are off by less than a hundredth of a cell, far from the first tile."""
    rounded = Affine(0.000833333, 0, 105.0 + 5 * 0.000833333, 0, -0.000833333, 21.0)
    second = tile(tmp_path / "b.tif", 0, 6, 5, 5, transform=rounded)
    np.testing.assert_array_equal(
        expected(), made(tile(tmp_path / "a.tif", 0, 6, 0, 5), second).read(EVERYTHING)
    )
