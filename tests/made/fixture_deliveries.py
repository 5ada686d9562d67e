"""Made files in formats of deliveries that cannot be used as they are, and answers of servers that are a part."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import struct
from typing import TYPE_CHECKING

import geopandas
import pyarrow as pa
import pyarrow.parquet

if TYPE_CHECKING:
    from fixture_country import Writer

_TAB = (
    "!table\n!version 300\n!charset Neutral\n\nDefinition Table\n  {kind}\n  Fields 1\n    name Char (20) ;\n"
)
_POINT = "<Placemark><name>a</name><Point><coordinates>105.05,20.9</coordinates></Point></Placemark>"


def write_deliveries(to: Writer) -> None:
    """Every family of this module."""
    _write_answers(to)
    _write_kml(to)
    _write_mapinfo(to)
    _write_geodatabases(to)
    _write_places(to)
    _write_others(to)


def _write_answers(to: Writer) -> None:
    """Answers of servers that stop before the end, and a count that was not kept up to date."""
    features = json.loads(geopandas.GeoSeries(to.blobs(3), crs=4326).to_json())
    part = to.text("part.geojson", json.dumps({**features, "exceededTransferLimit": True}))
    to.case("layer.partial", "coverage", part)
    thousand = {**features, "features": [features["features"][0]] * 1000}
    to.case("layer.page-sized", "coverage", to.text("thousand.geojson", json.dumps(thousand)))
    counted = to.layer("counted.gpkg", to.blobs(3))
    with contextlib.closing(sqlite3.connect(to.folder / counted)) as database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = 24")
        database.commit()
    to.case("layer.count-outdated", "coverage", counted)


def _write_kml(to: Writer) -> None:
    """KML that is a link, a picture, empty, or has several folders."""
    link = f"<NetworkLink><Link><href>http://127.0.0.1:9/x</href></Link></NetworkLink>{_POINT}"
    to.case("file.refers-elsewhere", "coverage", to.text("link.kml", f"<kml>{link}</kml>"))
    entity = f"<!DOCTYPE kml [<!ENTITY e 'x'>]><kml>{_POINT}</kml>"
    to.case("file.unsafe-content", "coverage", to.text("entity.kml", entity))
    overlay = "<GroundOverlay><Icon><href>x.png</href></Icon></GroundOverlay>"
    to.case("layer.picture", "coverage", to.text("picture.kml", f"<kml>{overlay}</kml>"))
    to.case("layer.no-features", "coverage", to.text("hollow.kml", "<kml><Document/></kml>"))
    folders = "".join(f"<Folder><name>{name}</name>{_POINT}</Folder>" for name in "ab")
    several = to.text("folders.kml", f"<kml><Document>{folders}</Document></kml>")
    to.case("layer.several", "coverage", several)
    to.case("layer.missing", "coverage", several, layer="c")


def _write_mapinfo(to: Writer) -> None:
    """MapInfo tables that are a link, lack a part of themselves, or are cut off."""
    native = _TAB.format(kind='Type NATIVE Charset "Neutral"')
    linked = _TAB.format(kind='Type LINKED Charset "Neutral"')
    to.case("file.refers-elsewhere", "coverage", to.text("linked.tab", linked))
    to.case("file.sidecar-missing", "coverage", to.text("alone.tab", native))
    to.text("short.tab", native)
    (to.folder / "short.dat").write_bytes(b"\x03\x1a\x0b\x1e" + struct.pack("<IHH", 9, 65, 21) + bytes(20))
    for ending in ("map", "id"):
        (to.folder / f"short.{ending}").write_bytes(bytes(40))
    to.case("file.truncated", "coverage", "short.tab")
    head = 'Version 300\nCharset "Neutral"\nDelimiter ","\nColumns 1\n  name Char(20)\n'
    to.case("file.sidecar-missing", "coverage", to.text("alone.mif", head + "Data\n"))
    to.text("short.mid", '"a"\n')
    to.case("file.truncated", "coverage", to.text("short.mif", head))


def _write_geodatabases(to: Writer) -> None:
    """File Geodatabases without a part of themselves, or with one that is cut off."""
    for name in ("alone", "short"):
        (to.folder / f"{name}.gdb").mkdir()
        table = struct.pack("<IIIIIIQ", 3, 9, 66, 5, 0, 0, 334) + bytes(20)
        (to.folder / f"{name}.gdb" / "a00000001.gdbtable").write_bytes(table)
    (to.folder / "short.gdb" / "a00000001.gdbtablx").write_bytes(bytes(40))
    to.case("file.sidecar-missing", "coverage", "alone.gdb")
    to.case("file.truncated", "coverage", "short.gdb")


def _write_places(to: Writer) -> None:
    """Tables whose rows lie nowhere, or in several systems, or in cells that no package here knows."""
    to.case("layer.no-place-columns", "coverage", to.table("nowhere.csv", ["a,1"], "name,level"))
    to.case("layer.bad-place", "coverage", to.table("torn.csv", ["a,POINT (105"], "name,wkt"))
    both = ["a;SRID=4326;POINT (105 21)", "b;SRID=3405;POINT (5 2)"]
    marked = [f'{row[:1]},"{row[2:]}"' for row in both]
    to.case("crs.several", "coverage", to.table("systems.csv", marked, "name,wkt"))
    cells = to.table("cells.csv", ["a,8865b1b6d1fffff"], "name,h3")
    to.case("layer.needs-h3", "coverage", cells)
    to.cases[-1]["lacking"] = "h3"
    squares = ["a,100mN26840E43341", "b,CRS32648RES1kmN2300000E500000"]
    to.case("crs.several", "coverage", to.table("grid-cells.csv", squares, "name,cell"))
    to.project("column.missing", "coverage", cells, 'columns = { wkt = "outline" }')


def _write_others(to: Writer) -> None:
    """Formats that are known but not read, and measurements that are no coverage."""
    to.case(
        "file.convert", "coverage", to.text("topology.geojson", '{"type":"Topology","objects":{},"arcs":[]}')
    )
    features = geopandas.GeoSeries(to.blobs(3), crs=4326).to_json()
    to.case("file.utf16", "coverage", to.text("wide.geojson", features, "utf-16"))
    to.case(
        "layer.speed-tests",
        "coverage",
        to.table("tests.csv", ["1,POINT (1 2),5,6"], "quadkey,tile,avg_d_kbps,tests"),
    )
    bare = pa.table({"name": ["a"], "geometry": [b"\x01"]})
    pyarrow.parquet.write_table(bare, to.folder / "bare.parquet")
    to.case("layer.geometry-undescribed", "coverage", "bare.parquet")
