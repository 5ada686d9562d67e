"""A country of four square communes with real files, for tests of whole runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.transform import from_origin

if TYPE_CHECKING:
    from pathlib import Path

WEST, NORTH, STEP, CELLS = 105.0, 21.2, 0.01, 20
CODES = ("00101", "00102", "00201", "00202")

PROJECT = """
[project]
title = { vi = "Thử", en = "Trial" }
notice = { vi = "DỮ LIỆU THỬ", en = "TRIAL DATA" }
[communes]
path = "communes.gpkg"
[population]
path = "people.tif"
vintage = "2020"
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "five.gpkg"
vintage = 2026-08-31
[[submissions]]
operator = "Hải Đăng"
service = "5g"
path = "other.geojson"
vintage = 2026-09-30
extent = { except_provinces = ["02"] }
[profile]
id = "trial"
services = ["5g"]
mobile_service = "5g"
min_people = 10
[map]
pages = "national"
"""


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Rectangle in cells, rows counted from the north-west corner."""
    return shapely.box(WEST + west * STEP, NORTH - north * STEP, WEST + east * STEP, NORTH - south * STEP)


def frame(shapes: list[shapely.Geometry], **columns: list[str]) -> gpd.GeoDataFrame:
    """Features in EPSG:4326."""
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


def write_coverage(path: Path, *shapes: shapely.Geometry) -> None:
    """Write one coverage file over whatever stands there."""
    if path.suffix == ".gpkg":
        path.unlink(missing_ok=True)
    frame(list(shapes), kind=["computed"] * len(shapes)).to_file(path)


def write_people(path: Path) -> None:
    """Write the population raster: 5 people in every cell."""
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=CELLS,
        height=CELLS,
        count=1,
        dtype="float32",
        nodata=-1,
        crs="EPSG:4326",
        transform=from_origin(WEST, NORTH, STEP, STEP),
    ) as target:
        target.write(np.full((CELLS, CELLS), 5, dtype="float32"), 1)


def write_country(folder: Path) -> Path:
    """Write the country and its project file; every cell has 5 people, every commune 100 cells."""
    squares = [box(0, 0, 10, 10), box(10, 0, 20, 10), box(0, 10, 10, 20), box(10, 10, 20, 20)]
    communes = frame(
        squares,
        code=list(CODES),
        name=["Xã Một", "Xã Hai", "Xã Ba", "Phường Bốn"],
        province_code=["01", "01", "02", "02"],
        type=["xã", "xã", "xã", "phường"],
    )
    communes.to_file(folder / "communes.gpkg", layer="communes")
    write_people(folder / "people.tif")
    write_coverage(folder / "five.gpkg", box(0, 0, 20, 4))
    write_coverage(folder / "other.geojson", box(2, 2, 6, 6), box(12, 1, 16, 5))
    path = folder / "blackspot.toml"
    path.write_text(PROJECT, encoding="utf-8")
    return path


def change(project: Path, old: str, new: str) -> None:
    """Change the text of the project file."""
    text = project.read_text(encoding="utf-8")
    assert old in text
    project.write_text(text.replace(old, new), encoding="utf-8")
