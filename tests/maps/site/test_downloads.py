"""The files to take away: the same numbers in each, nothing that was kept back, safe in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from blackspot.data.exports.csv_file import ENCODING
from blackspot.data.project.sections.publish import Publish
from blackspot.maps.site.downloads import coverage_table, tables_of, write_downloads
from blackspot.maps.site.reduced import reduced
from published_runs import EVERYTHING

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


def write(folder: Path, kept: MapData, run_folder: Path, rules: Publish) -> tuple[str, ...]:
    """Write the files of a run by some rules."""
    folder.mkdir()
    data = reduced(kept, rules)
    outlines = gpd.read_parquet(run_folder / "communes.parquet").geometry
    return write_downloads(folder, tables_of(data, outlines), data, rules)


def test_every_form_of_a_table_says_the_same(tmp_path: Path, kept: MapData, run_folder: Path) -> None:
    """CSV, GeoParquet and tiles; the names are those of the run's own table."""
    names = write(tmp_path / "data", kept, run_folder, Publish())
    assert sorted(names) == sorted(path.name for path in (tmp_path / "data").iterdir())
    table = gpd.read_parquet(tmp_path / "data" / "communes.parquet")
    with (tmp_path / "data" / "communes.csv").open(encoding=ENCODING, newline="") as stream:
        rows = list(csv.DictReader(stream))
    tiles = pyogrio.read_dataframe(tmp_path / "data" / "communes.pmtiles").drop_duplicates("code")
    tiles = tiles.set_index("code")
    assert list(kept.communes["code"]) == list(table["code"]) == [row["code"] for row in rows]
    assert "EPSG:4326" == table.crs.to_string()
    for row, name in zip(rows, table["name"], strict=True):
        people = table.set_index("code")["pop_uncovered_5g"][row["code"]]
        assert people == float(row["pop_uncovered_5g"]) == tiles["pop_uncovered_5g"][row["code"]]
        assert name == tiles["name"][row["code"]]
    assert "'=HYPERLINK(1)" in [row["name"] for row in rows]
    provinces = gpd.read_parquet(tmp_path / "data" / "provinces.parquet")
    assert shapely.area(provinces.geometry).sum() == pytest.approx(shapely.area(table.geometry).sum())


def test_what_is_kept_back_is_in_no_file(tmp_path: Path, kept: MapData, run_folder: Path) -> None:
    """No file of it, no column, not even a word in the bytes of one."""
    names = write(tmp_path / "data", kept, run_folder, Publish(black_spots=False, tiles=False))
    assert ("communes.csv", "communes.parquet", "provinces.csv", "provinces.parquet") == names
    for path in (tmp_path / "data").iterdir():
        content = path.read_bytes()
        assert not any(word in content for word in (b"sao_mai", b"hai_dang", "Hải Đăng".encode()))
    columns = pd.read_csv(tmp_path / "data" / "communes.csv").columns
    assert {"black_spot_count", "pop_in_black_spots"}.isdisjoint(columns)


def test_coverage_is_published_where_the_project_says_so(
    tmp_path: Path, kept: MapData, run_folder: Path
) -> None:
    """One row for each operator and service, drawn as its pixels lie."""
    names = write(tmp_path / "data", kept, run_folder, EVERYTHING)
    assert {"coverage.parquet", "coverage.pmtiles"} <= set(names)
    table = gpd.read_parquet(tmp_path / "data" / "coverage.parquet")
    assert [(rows.operator, rows.service) for rows in kept.coverage] == list(
        zip(table["operator"], table["service"], strict=True)
    )
    tiles = pyogrio.read_dataframe(tmp_path / "data" / "coverage.pmtiles")
    assert set(table["operator"]) == set(tiles["operator"])
    for rows, shape in zip(kept.coverage, coverage_table(kept).geometry, strict=True):
        coarse, pixel = rows.coarser(10), 360 / (256 << 10)
        high = pixel * np.cos(np.radians(shape.centroid.y))  # degrees of latitude in a pixel
        assert shape.bounds[0] == pytest.approx(coarse.start.min() * pixel - 180)
        assert shapely.area(shape) == pytest.approx(
            (coarse.end - coarse.start).sum() * pixel * high, rel=1e-3
        )
