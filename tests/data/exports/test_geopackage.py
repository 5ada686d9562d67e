"""The GeoPackage as QGIS and SQLite see it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from blackspot.data.disk.fixed_time import FIXED_TIME
from blackspot.data.exports.geopackage import with_outlines, write_geopackage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "blackspot.gpkg"
    frame = geopandas.GeoDataFrame(
        {"code": ["1", "2"], "province_code": ["48", "48"], "pop_failing": [5.0, np.nan]},
        geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)],
        crs=4326,
    )
    spots = geopandas.GeoDataFrame({"missing": ["it's,5g"]}, geometry=[box(0, 0, 1, 1)], crs=4326)
    write_geopackage(
        path,
        communes=frame,
        provinces=with_outlines(
            pd.DataFrame({"province_code": ["48", "99"], "name": ["Đà Nẵng", "Không xã"]}), frame
        ),
        black_spots=spots,
        about={"Chủ đề": "dòng 1\ndòng 2", "b": "2"},
    )
    return path


def query(path: Path, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql, values).fetchall()


def parsed(style: str) -> ET.Element:
    return ET.fromstring(style)  # noqa: S314 - written by ourselves a moment ago


def test_layers_and_tables(package: Path) -> None:
    """Three layers on the map, two plain tables."""
    kinds = dict(query(package, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds == {
        "communes": "features",
        "black_spots": "features",
        "provinces": "features",
        "about": "attributes",
        "layer_styles": "attributes",
    }
    assert [(4326,)] == query(package, "SELECT DISTINCT srs_id FROM gpkg_geometry_columns")


def test_pages_hold_several_rows(package: Path, tmp_path: Path) -> None:
    """Pages of 16 kB, and whoever writes another file afterwards has his own."""
    assert [(16384,)] == query(package, "PRAGMA page_size")
    assert [("ok",)] == query(package, "PRAGMA integrity_check")
    assert pyogrio.get_gdal_config_option("OGR_SQLITE_PRAGMA") is None
    other = tmp_path / "other.gpkg"
    pyogrio.write_dataframe(
        geopandas.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=4326), other, driver="GPKG"
    )
    assert [(4096,)] == query(other, "PRAGMA page_size")


def test_every_time_in_the_file_is_the_fixed_one(package: Path) -> None:
    """No time of writing anywhere."""
    assert [(FIXED_TIME,)] == query(package, "SELECT DISTINCT last_change FROM gpkg_contents")
    assert [("2000-01-01T00:00:00Z",)] == query(package, "SELECT DISTINCT update_time FROM layer_styles")


def test_the_option_of_gdal_is_given_back(package: Path) -> None:
    """Other GeoPackages this process writes get their real time."""
    assert package.exists()
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_qgis_finds_a_default_style_for_each_layer(package: Path) -> None:
    """The query QGIS asks (empty schema, table, geometry column) gives a style, marked as default."""
    for layer in ("communes", "black_spots", "provinces"):
        rows = query(
            package,
            "SELECT styleQML, useAsDefault FROM layer_styles WHERE f_table_schema = '' "
            "AND f_table_name = ? AND f_geometry_column = 'geom' "
            "ORDER BY CASE WHEN useAsDefault THEN 1 ELSE 2 END, update_time DESC",
            layer,
        )
        assert [(1,)] == [row[1:] for row in rows]
        assert "qgis" == parsed(rows[0][0]).tag
        assert [("geom",)] == query(
            package, "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?", layer
        )


def test_the_filters_of_the_styles_are_valid_and_take_every_row_once(package: Path) -> None:
    """Each row of a layer falls under exactly one rule, odd names included."""
    for layer, count in (("communes", 2), ("black_spots", 1), ("provinces", 2)):
        (style,) = query(package, "SELECT styleQML FROM layer_styles WHERE f_table_name = ?", layer)
        filters = [rule.get("filter", "1") for rule in parsed(style[0]).iter("rule")]
        hits = [
            query(package, f"SELECT count(*) FROM {layer} WHERE {rule}")[0][0]  # noqa: S608 - the rules are what is tested
            for rule in filters
        ]
        assert count == sum(hits)


def test_about_keeps_its_order(package: Path) -> None:
    """The words about the run are read in the order in which they were given, on one line each."""
    assert [("Chủ đề", "dòng 1 dòng 2"), ("b", "2")] == query(
        package, "SELECT topic, text FROM about ORDER BY fid"
    )


def test_there_is_a_spatial_index(package: Path) -> None:
    """Large layers open fast."""
    tables = {row[0] for row in query(package, "SELECT name FROM sqlite_master")}
    assert {"rtree_communes_geom", "rtree_black_spots_geom", "rtree_provinces_geom"} <= tables


def test_a_province_has_the_ground_of_its_communes(package: Path) -> None:
    """Their shared border is gone; a province without communes has no ground."""
    provinces = pyogrio.read_dataframe(package, layer="provinces")
    assert ["48", "99"] == provinces["province_code"].tolist()
    assert provinces.crs == "EPSG:4326"
    assert provinces.geometry.iloc[0].equals(box(0, 0, 2, 1))
    assert "MultiPolygon" == provinces.geometry.iloc[0].geom_type
    assert provinces.geometry.iloc[1] is None or provinces.geometry.iloc[1].is_empty
