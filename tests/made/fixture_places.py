"""Made files for the places of the program that say what another place says too, each in its own way."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet
import shapely

from fixture_country import Writer, communes
from fixture_tables import SHEET, replaced, workbook

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_places(to: Writer) -> None:
    """Every family of this module."""
    _write_comparisons(to)
    _write_json(to)
    _write_archives(to)
    _write_layers(to)
    _write_tables(to)
    _write_restless(to)


def _write_comparisons(to: Writer) -> None:
    """Files to compare with that cannot be used, and what lies elsewhere or everywhere."""
    code = "check.comparison-unusable"
    to.case(code, "coverage", "5g.gpkg", communes="words.gpkg")
    to.case(code, "coverage", "5g.gpkg", previous="words.gpkg")
    to.case(code, "population", "people.tif", communes="xa.gpkg", other="words.gpkg")
    to.case(code, "table", "people.csv", communes="xa.gpkg", previous="words.gpkg")
    to.case(code, "table", "people.csv", communes="xa.gpkg", other="text.tif")
    to.case("coverage.outside-country", "population", to.raster("paris.tif", np.ones((4, 4)), 2.3, 48.8))
    to.case("coverage.outside-country", "population", "paris.tif", communes="xa.gpkg")
    country = np.full((34, 40), 500_000.0)  # 170 people per km², 680 million in all
    country[0, 0] = -99999
    to.raster("country.tif", country, west=100.0, north=24.5, cell=0.5)
    to.case("population.total-differs", "population", "country.tif")
    everywhere = to.layer("everywhere.gpkg", [shapely.box(101, 7, 118, 24)])
    to.case("plausibility.everywhere", "coverage", everywhere)
    line = to.layer("border-paris.gpkg", [shapely.LineString([(2.3, 48.8), (2.4, 48.9)])])
    to.case("coverage.outside-country", "border", line)
    to.case("plausibility.date-future", "coverage", "5g.gpkg", date="2026-12-31")


def _write_json(to: Writer) -> None:
    """GeoJSON that is a program, holds two features in one object, is no UTF-8, or lies in a folder."""
    collection = geopandas.GeoSeries(to.blobs(2), crs=4326).to_json()
    to.text("program.geojson", '{"type": "gdal_streamed_alg", "command_line": "gdal vector read x"}')
    to.case("file.unsafe-content", "coverage", "program.geojson")
    first = collection.index('"geometry"')
    second = collection.index('"geometry"', first + 1)
    to.text("fused.geojson", collection[:first] + '"geometry": null, ' + collection[second:])
    to.case("file.broken-json", "coverage", "fused.geojson")
    row = communes()[:1].to_json()
    other = json.loads(row) | {"crs": {"type": "name", "properties": {"name": "EPSG:3405"}}}

    def folder(name: str, code: str, files: Mapping[str, bytes]) -> None:
        (to.folder / name).mkdir()
        for file, content in files.items():
            (to.folder / name / file).write_bytes(content)
        to.case(code, "communes", name)

    good = json.loads(row)
    good.pop("crs", None)
    plain = json.dumps(good, ensure_ascii=False)
    folder(
        "two-systems", "crs.several", {"a.geojson": plain.encode(), "b.geojson": json.dumps(other).encode()}
    )
    latin = plain.replace("Đồng Văn", "Bình An").encode("latin-1")
    folder("latin-names", "text.encoding-wrong", {"a.geojson": latin})
    folder("no-features", "file.broken-json", {"a.geojson": b'{"type": "FeatureCollection", "features": 1}'})
    folder("linked", "file.not-regular", {})
    (to.folder / "linked" / "a.geojson").symlink_to(to.folder / "link.geojson")


def _write_archives(to: Writer) -> None:
    """A zip file with two layers, and a Shapefile with a link beside it."""
    layer = (to.folder / "5g.gpkg").read_bytes()
    with zipfile.ZipFile(to.folder / "two-layers.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("a.gpkg", "b.gpkg"):
            archive.writestr(zipfile.ZipInfo(name), layer, zipfile.ZIP_DEFLATED)
    to.case("layer.several", "coverage", "two-layers.zip")
    to.case("layer.missing", "coverage", "two-layers.zip", layer="c")
    for ending in (".shp", ".shx", ".prj"):
        shutil.copy(to.folder / f"whole{ending}", to.folder / f"tied{ending}")
    (to.folder / "tied.dbf").symlink_to("whole.dbf")
    to.case("file.not-regular", "coverage", "tied.shp")


def _write_layers(to: Writer) -> None:
    """Layers that are cut off, hold no geometry, are another format inside, or have another name."""
    whole = (to.folder / "5g.gpkg").read_bytes()
    (to.folder / "half.gpkg").write_bytes(whole[: len(whole) // 2])
    to.case("file.truncated", "coverage", "half.gpkg")
    geopandas.GeoDataFrame({"id": [1]}, geometry=to.blobs(1), crs=4326).to_file(to.folder / "one.fgb")
    (to.folder / "header.fgb").write_bytes(b"fgb\x03fgb\x00" + b"\xff\xff\xff\x7f" + bytes(64))
    to.case("layer.no-geometry", "coverage", "header.fgb")
    to.case("layer.missing", "coverage", "one.fgb", layer="other")
    to.case("file.unreadable", "coverage", to.text("torn.kml", "<kml><Document>"))
    lines = [json.dumps(one) for one in json.loads(geopandas.GeoSeries(to.blobs(2)).to_json())["features"]]
    to.case("file.unknown-format", "coverage", to.text("lines.geojson", "\n".join(lines)))
    geopandas.GeoDataFrame({"id": [1]}, geometry=to.blobs(1), crs=4326).to_file(to.folder / "bare.gpkg")
    with contextlib.closing(sqlite3.connect(to.folder / "bare.gpkg")) as database:
        database.execute("UPDATE gpkg_contents SET data_type = 'attributes'")
        database.execute("DELETE FROM gpkg_geometry_columns")
        database.commit()
    to.case("layer.no-geometry", "coverage", "bare.gpkg")
    frame = communes()
    frame.to_parquet(to.folder / "bytes.parquet")
    table = pyarrow.parquet.read_table(to.folder / "bytes.parquet")
    names = pa.array([b"\xd0i\xea\xf2n"] * len(frame), type=pa.binary())
    names = pa.StringArray.from_buffers(len(names), names.buffers()[1], names.buffers()[2])
    at = table.column_names.index("name")
    pyarrow.parquet.write_table(
        table.set_column(at, "name", names).replace_schema_metadata(table.schema.metadata),
        to.folder / "bytes.parquet",
    )
    to.case("text.encoding-wrong", "communes", "bytes.parquet")


def _write_tables(to: Writer) -> None:
    """Tables without rows or codes, with strange names of columns, or unlike anything a table can be."""
    codes = list(communes()["code"])
    to.case("check.column-not-found", "list", to.table("no-code.csv", ["x,y"], "a,b"))
    called = to.table("called.csv", [f"{code},5" for code in codes], "ma_xa,dan_so")
    to.case("check.columns-guessed", "table", called, communes="xa.gpkg")
    head = "site_id,longitude,latitude"
    to.case("layer.no-features", "sites", to.table("unplaced.csv", ["S1,,", "S2,,"], head))
    to.case("table.no-rows", "table", to.text("blank.csv", "\n\n"))
    to.case("table.unknown-format", "table", to.text("nul.csv", "code,population\n00001,\0\n"))
    to.case("table.too-many-cells", "table", to.text("commas.csv", "code,population\n" + "," * 20_000_001))
    totals = 'totals = { path = "people.csv", columns = { code = "ma", population = "population" } }'
    to.project("column.missing", "table", "people.csv", population=totals)
    (to.folder / "folder.csv").mkdir()
    to.case("table.unreadable", "table", "folder.csv")
    (to.folder / "folder.tif").mkdir()
    to.case("raster.not-geotiff", "population", "folder.tif")
    with (to.folder / "endless.csv").open("wb") as stream:
        stream.truncate(200_000_001)
    to.case("table.too-large", "table", "endless.csv")
    rows = [("code", "population"), *((code, 5) for code in codes)]
    locked = bytearray((to.folder / workbook(to, "locked.xlsx", rows)).read_bytes())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    (to.folder / "locked.xlsx").write_bytes(locked)
    to.case("archive.encrypted", "table", "locked.xlsx")
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///x">]><worksheet/>'
    to.case("file.unsafe-content", "table", replaced(to, workbook(to, "entity.xlsx", rows), {SHEET: entity}))
    with zipfile.ZipFile(to.folder / workbook(to, "unseen.xlsx", rows)) as archive:
        book = archive.read("xl/workbook.xml")
    hidden = book.replace(b'state="visible"', b'state="hidden"')
    assert hidden != book
    to.case("table.no-rows", "table", replaced(to, "unseen.xlsx", {"xl/workbook.xml": hidden}))


def _write_restless(to: Writer) -> None:
    """One large file under three names, which somebody writes to while it is copied."""
    for kind, name in (
        ("border", "restless.geojson"),
        ("population", "restless.tif"),
        ("table", "restless.csv"),
    ):
        os.link(to.folder / "padded.geojson", to.folder / name)
        to.case("file.changed", kind, name)
        to.cases[-1]["restless"] = True
