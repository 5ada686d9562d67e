"""Good files of every format, damaged at random: never a crash, never a loss without a word.

``BLACKSPOT_CORRUPTIONS`` says how many damages are tried for each format (40 where it is not set).
"""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from blackspot.data.disk.hashing import parts_of
from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster
from blackspot.data.readers.raster_cells import RasterCells, RasterWindow
from blackspot.data.readers.table import read_table
from blackspot.data.readers.vector import read_vector
from vector_files import write_delivery

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow

TIMES = int(os.environ.get("BLACKSPOT_CORRUPTIONS", "40"))
ROWS = 12
VECTORS = (
    ".gpkg", ".shp", ".fgb", ".geojson", ".geojsonl", ".parquet", ".zip",
    ".kml", ".kmz", ".tab", ".mif", ".gdb", "_gdb.zip", "_places.csv",
)  # fmt: skip
IN_PARTS = (".tab", ".mif", ".gdb")  # any of their files is damaged
BY_LINE = (
    ".geojsonl",
    ".csv",
    "_places.csv",
)  # cut between two lines, such a file is a whole file of fewer rows


def _vector(path: Path) -> None:
    names = [f"Xã Đồng Văn {number}" for number in range(ROWS)]
    squares = [shapely.box(105 + 0.1 * n, 21, 105.05 + 0.1 * n, 21.05) for n in range(ROWS)]
    frame = geopandas.GeoDataFrame(
        {"code": [f"{n:05}" for n in range(ROWS)], "name": names}, geometry=squares, crs=4326
    )
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.name.endswith("_places.csv"):
        frame.to_wkt().rename(columns={"geometry": "wkt"}).to_csv(path, index=False)
    elif path.suffix in {".kml", ".kmz", ".tab", ".mif", ".gdb"} or path.name.endswith("_gdb.zip"):
        write_delivery(frame, path)
    elif path.suffix == ".zip":
        frame.to_file(path.with_suffix(".shz"), driver="ESRI Shapefile", encoding="UTF-8")
        path.with_suffix(".shz").rename(path)
    else:
        frame.to_file(path)


def _raster(path: Path) -> None:
    profile = {"driver": "GTiff", "height": 60, "width": 50, "count": 1, "dtype": "float32", "nodata": -1}
    with rasterio.open(
        path,
        "w",
        crs="EPSG:4326",
        transform=Affine(0.01, 0, 105, 0, -0.01, 21),
        compress="deflate",
        **profile,
    ) as file:
        file.write(np.arange(3000, dtype=np.float32).reshape(60, 50), 1)


def _table(path: Path) -> None:
    frame = pd.DataFrame({"code": [f"{n:05}" for n in range(ROWS)], "name": ["Đồng Văn"] * ROWS})
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        frame.to_excel(path, index=False)


def _vector_rows(path: Path, findings: Findings) -> int | None:
    layer = read_vector(path, columns=["code", "name"], findings=findings)
    return None if isinstance(layer, Refused) else len(layer.geometry)


def _table_rows(path: Path, findings: Findings) -> int | None:
    table = read_table(path, columns=["code", "name"], findings=findings)
    return None if isinstance(table, Refused) else len(table.cells)


def _raster_rows(path: Path, findings: Findings) -> int | None:
    raster = open_raster(path, findings=findings)
    if isinstance(raster, Refused):
        return None
    RasterCells(raster).read(RasterWindow(0, raster.height, 0, raster.width))
    return ROWS


FORMATS: dict[str, tuple[Callable[[Path], None], Callable[[Path, Findings], int | None]]] = {
    **dict.fromkeys(VECTORS, (_vector, _vector_rows)),
    ".tif": (_raster, _raster_rows),
    ".csv": (_table, _table_rows),
    ".xlsx": (_table, _table_rows),
}


def _damaged(content: bytes, chance: random.Random) -> tuple[bytes, str]:
    """Cut a file, flip bits, fill a stretch with zeros or noise, or leave a stretch out."""
    start = chance.randrange(len(content))
    stretch = chance.randrange(1, 65)
    match chance.randrange(5):
        case 0:
            return content[:start], "cut"
        case 1:
            flipped = bytearray(content)
            for _ in range(chance.choice((1, 1, 8))):
                flipped[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            return bytes(flipped), "flipped"
        case 2:
            return content[:start] + bytes(stretch) + content[start + stretch :], "zeros"
        case 3:
            return content[:start] + chance.randbytes(stretch) + content[start + stretch :], "noise"
        case _:
            return content[:start] + content[start + stretch :], "shortened"


@pytest.mark.parametrize("ending", FORMATS)
def test_damage_is_told_or_harmless(tmp_path: Path, ending: str) -> None:
    """Every read ends with a table or an error; rows that are missing are told of."""
    write, read = FORMATS[ending]
    path = tmp_path / f"x{ending}"
    write(path)
    good = {part: part.read_bytes() for part in parts_of(path).values()} if ending in IN_PARTS else {}
    good = good or {path: path.read_bytes()}
    findings = Findings()
    assert ROWS == read(path, findings)
    assert () == findings.items
    chance = random.Random(f"damage {ending}")  # noqa: S311 - the same every time
    silent = []
    for number in range(TIMES):
        part = chance.choice(sorted(good)) if len(good) > 1 else next(iter(good))
        content, what = _damaged(good[part], chance)
        part.write_bytes(content)
        findings = Findings()
        rows = read(path, findings)
        assert rows is not None or findings.errors, f"{what} {number}: refused without a word"
        if rows is not None and rows != ROWS and not findings.items:
            silent.append(f"{what} {number}: {rows} rows")
        part.write_bytes(good[part])
    if ending in BY_LINE:
        silent = [loss for loss in silent if not loss.startswith(("cut", "shortened"))]
    assert [] == silent


def test_two_features_in_one_object_are_no_silent_loss(tmp_path: Path) -> None:
    """Where the end of one feature and the begin of the next are gone, the rest is still JSON."""
    path = tmp_path / "x.geojson"
    _vector(path)
    text = path.read_text(encoding="utf-8")
    first = text.index('"Feature"', text.index('"features"'))
    begin = text.index('"geometry"', first)
    end = text.index('"geometry"', begin + 1)
    path.write_text(text[:begin] + '"geometry": null, ' + text[end:], encoding="utf-8")
    findings = Findings()
    assert _vector_rows(path, findings) is None
    assert ["file.broken-json"] == [finding.code for finding in findings.items]
