"""Countries that are not Viet Nam: without provinces, with codes of their own, with one language; and a real island."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from blackspot.data.checking.request import CheckRequest
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.check import check

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
[project]
country = "other"
title = { en = "Black spots of Ostland" }

[communes]
path = "communes.gpkg"
country_name = "Ostland"
columns = { code = "id", name = "title", province_code = "", type = "" }

[population]
path = "people.tif"
vintage = "2025"

[[submissions]]
operator = "North"
service = "4g"
path = "north.gpkg"

[profile]
base = "4g-any-operator-outdoor"
min_people = 10

[map]
language = "en"
"""


def write_people(path: Path, west: float, north: float, step: float, shape: tuple[int, int]) -> None:
    with rasterio.open(
        path, "w", driver="GTiff", height=shape[0], width=shape[1], count=1, dtype="float32", nodata=-1,
        crs="EPSG:4326", transform=from_origin(west, north, step, step),
    ) as target:  # fmt: skip
        target.write(np.full(shape, 5, dtype="float32"), 1)


@pytest.mark.parametrize("codes", [["A01", "B02"], ["0123456789AB1", "0123456789AB2"]], ids=["3", "13"])
def test_a_made_up_country_without_provinces(tmp_path: Path, codes: list[str]) -> None:
    """It lies in the south-west of the earth; figures by hand, the page and the workbook are there."""
    west, north = -60.0, -30.0
    squares = [shapely.box(west + 0.1 * n, north - 0.1, west + 0.1 * n + 0.1, north) for n in (0, 1)]
    frame = gpd.GeoDataFrame({"id": codes, "title": ["Westham", "Eastham"]}, geometry=squares, crs=4326)
    frame.to_file(tmp_path / "communes.gpkg")
    write_people(tmp_path / "people.tif", west, north, 0.01, (10, 20))
    half = shapely.box(west, north - 0.05, west + 0.1, north)
    gpd.GeoDataFrame({"kind": ["4G"]}, geometry=[half], crs=4326).to_file(tmp_path / "north.gpkg")
    path = tmp_path / "blackspot.toml"
    path.write_text(PROJECT, encoding="utf-8")
    report = pipeline.run(path)
    assert 0 == report.exit_code
    table = pd.read_csv(report.folder / "communes.csv", dtype={"code": str}, encoding="utf-8-sig")
    found = table.set_index("code").loc[codes]
    assert [250.0, 0.0] == found["pop_covered_4g"].round(6).tolist()
    assert {"Ostland"} == set(table["province_name"])
    sheet = openpyxl.load_workbook(report.folder / "blackspot.xlsx").worksheets[0]
    assert sheet.max_row > 2
    page = (report.folder / "map.html").read_text(encoding="utf-8")
    assert "Black spots of Ostland" in page
    assert (report.folder / "maps").is_dir()


ISLAND = """
[project]
country = "other"
title = {{ en = "4G on Ibiza" }}
[communes]
path = "{data}/area.gpkg"
country_name = "Eivissa"
columns = {{ code = "HASC_2", name = "NAME_2", province_code = "", type = "" }}
[population]
path = "people.tif"
vintage = "2025"
[[submissions]]
operator = "Unnamed"
service = "4g"
path = "{data}/mobile-coverage.gpkg"
[profile]
base = "4g-any-operator-outdoor"
[map]
language = "en"
"""


def test_the_sample_of_ibiza(realdata: Path, tmp_path: Path) -> None:
    """Real polygons that overlap: 116.7 km² of ground, by a project file of at most 30 lines and without a refusal."""
    text = ISLAND.format(data=realdata / "ibiza_4g").strip()
    assert len(text.splitlines()) <= 30
    path = tmp_path / "blackspot.toml"
    path.write_text(text, encoding="utf-8")
    write_people(tmp_path / "people.tif", 1.1, 39.2, 0.001, (400, 600))
    report = pipeline.run(path)
    assert 0 == report.exit_code
    assert (report.folder / "map.html").is_file()
    checked = check(
        CheckRequest(path=realdata / "ibiza_4g" / "mobile-coverage.gpkg", kind="coverage", project=path)
    )
    assert 116.7 == pytest.approx(checked.facts.union_km2, abs=0.1)
