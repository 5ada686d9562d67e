"""Files that try to make their reader connect, read other files, write, hang or break off; and their reading.

Run as a program, it builds them in a folder, reads every one as blackspot does and prints what came out as JSON.
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import sys
import time
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import rasterio
import shapely
from affine import Affine

from blackspot.data.findings.collector import Findings
from blackspot.data.isolation import client as isolation
from blackspot.data.readers.facts import Refused
from blackspot.data.readers.raster import open_raster
from blackspot.data.readers.raster_cells import RasterCells
from blackspot.data.readers.table import read_table
from blackspot.data.readers.vector import read_vector

CANARY = "canary-7f3a-must-not-be-seen"
NAMES = ["Đồng Văn", "Mèo Vạc", "Xín Mần"]
if TYPE_CHECKING:
    from collections.abc import Callable

MAY_BE_USED = {  # the attack is not carried out and the data are what they are
    "trigger.gpkg",
    "beside.tif",
    "formula.csv",
}


def good_frame() -> geopandas.GeoDataFrame:
    """Three squares in Viet Nam."""
    squares = [shapely.box(105 + 0.1 * n, 21, 105.05 + 0.1 * n, 21.05) for n in range(3)]
    return geopandas.GeoDataFrame({"name": NAMES}, geometry=squares, crs=4326)


def build(folder: Path, port: int, *others: Callable[[Path, str, Path], None]) -> list[Path]:
    """Write every hostile file; ``folder`` gets a canary file that none of them may deliver.

    ``others`` are makers of other modules: this one is also run as a text by itself.
    """
    canary = folder / "canary.csv"
    canary.write_text(f"name,WKT\n{CANARY},POINT(105 21)\n", encoding="ascii")
    url = f"http://127.0.0.1:{port}/x"
    for make in (_json, _disguised, _geopackages, _archives, _shapefiles, _rasters, _tables, _odd, *others):
        place = folder / make.__name__.strip("_")
        place.mkdir()
        make(place, url, canary)
    return sorted(
        path
        for path in folder.glob("*/*")
        if not path.name.startswith("part.")
        and path.suffix
        not in {
            ".shx",
            ".dbf",
            ".prj",
            ".cpg",
            ".xml",
            ".ovr",
            ".dat",
            ".map",
            ".id",
            ".mid",
            ".csvt",
            ".vrt",
        }
    )


def _json(folder: Path, url: str, canary: Path) -> None:
    whole = json.loads(good_frame().to_json())
    for number, href in enumerate((url, str(canary), f"/vsicurl/{url}")):
        link = {"crs": {"type": "link", "properties": {"href": href, "type": "proj4"}}}
        (folder / f"link{number}.geojson").write_text(json.dumps(link | whole))
        (folder / f"link{number}-last.geojson").write_text(json.dumps({**whole, **link}))
        named = {"crs": {"type": "name", "properties": {"name": href}}}
        (folder / f"name{number}.geojson").write_text(json.dumps(named | whole))
    escaped = json.dumps({**whole, "crs": {"type": "link", "properties": {"href": url}}})
    (folder / "escaped.geojson").write_text(escaped.replace('"crs"', '"\\u0063rs"'))
    for number, step in enumerate((f"read {canary}", f"read {url}")):
        algorithm = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! {step}"}
        (folder / f"algorithm{number}.geojson").write_text(json.dumps(algorithm))
    (folder / "deep.geojson").write_text("[" * 200_000)
    (folder / "deeper.geojson").write_text('{"a":' * 200_000 + "1" + "}" * 200_000)
    (folder / "address.geojson").write_text(json.dumps({"type": "Topology", "url": url}))
    nested = '{"type":"GeometryCollection","geometries":[' * 30_000 + "]}" * 30_000
    feature = '{"type":"Feature","properties":{"name":"x"},"geometry":' + nested + "}"
    (folder / "collections.geojsonl").write_text(feature + "\n")


def _disguised(folder: Path, url: str, canary: Path) -> None:
    sources = {"file": str(canary), "net": url, "curl": f"/vsicurl/{url}", "csv": f"CSV:{canary}"}
    for name, source in sources.items():
        vector = (
            f"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{source}</SrcDataSource>"
            "<SrcLayer>canary</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
        )
        raster = (
            "<VRTDataset rasterXSize='4' rasterYSize='4'><SRS>EPSG:4326</SRS>"
            "<GeoTransform>105,0.1,0,21,0,-0.1</GeoTransform><VRTRasterBand dataType='Byte' band='1'"
            f" subClass='VRTRawRasterBand'><SourceFilename>{source}</SourceFilename></VRTRasterBand></VRTDataset>"
        )
        service = f"<GDAL_WMS><Service name='TMS'><ServerUrl>{url}</ServerUrl></Service></GDAL_WMS>"
        for ending in ("gpkg", "shp", "fgb", "geojson", "json", "parquet", "zip", "tif"):
            (folder / f"{name}-vector.{ending}").write_text(vector)
            (folder / f"{name}-raster.{ending}").write_text(raster)
            (folder / f"{name}-service.{ending}").write_text(service)
    entity = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{url}"><!ENTITY f SYSTEM "{canary}">]><kml>&e;&f;</kml>'
    for ending in ("geojson", "gpkg", "tif", "xlsx", "csv"):
        (folder / f"entity.{ending}").write_text(entity)


def _geopackages(folder: Path, url: str, canary: Path) -> None:
    statements = {
        "view.gpkg": "CREATE VIEW spy AS SELECT fid, geom, readfile('{canary}') AS name FROM part",
        "recursive.gpkg": "CREATE VIEW spy AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT i AS fid, NULL AS geom, '' AS name FROM n",
        "trigger.gpkg": "CREATE TRIGGER spy AFTER INSERT ON part BEGIN SELECT load_extension('{canary}'); END",
    }
    written = {
        "text.gpkg": "CREATE VIRTUAL TABLE spy USING VirtualText('{canary}', 'UTF-8', 1, POINT, NONE, ',')",
        "shape.gpkg": "CREATE VIRTUAL TABLE spy USING VirtualShape('{canary}', 'UTF-8', 4326)",
        "ogr.gpkg": "CREATE VIRTUAL TABLE spy USING VirtualOGR('{url}')",
        "odd.gpkg": "create/**/virtual table spy using VirtualText('{canary}', 'UTF-8', 1, POINT, NONE, ',')",
        "bytes.gpkg": "CREATE\fVIRTUAL TABLE spy USING VirtualText('{canary}', 'UTF-8', 1, POINT, NONE, ',')",
        "typed.gpkg": "CREATE -- a table\n VIEW spy AS SELECT fid, geom, readfile('{canary}') AS name FROM part",
        "masked.gpkg": "CREATE VIRTUAL TABLE rtree USING VirtualText('{canary}', 'UTF-8', 1, POINT, NONE, ',')",
    }
    for name in (*statements, *written, "extension.gpkg"):
        path = folder / name
        good_frame().to_file(path, layer="part", driver="GPKG")
        connection = sqlite3.connect(path)
        if name in statements:
            connection.execute(statements[name].format(canary=canary, url=url))
        elif name in written:  # the module is not there to be asked
            connection.execute("PRAGMA writable_schema = ON")
            stem = name.partition(".")[0]
            sql = written[name].format(canary=canary, url=url).replace("spy", stem)
            connection.execute(
                "INSERT INTO sqlite_master VALUES ('table', ?, ?, 0, ?)",
                (stem, stem, sql.encode() if stem == "bytes" else sql),
            )
        if name != "trigger.gpkg":
            for table in ("gpkg_contents", "gpkg_geometry_columns"):
                connection.execute(f"UPDATE {table} SET table_name = 'spy'")  # noqa: S608 - our own names
        if name == "extension.gpkg":
            connection.execute(
                "CREATE VIEW spy AS SELECT * FROM part UNION SELECT 9, NULL, gdal_get_pixel_value(?, 1, 'pixel', 0, 0)".replace(
                    "?", f"'{url}'"
                )
            )
            connection.execute(
                "INSERT INTO gpkg_extensions VALUES ('spy', NULL, 'x', ?, 'read-write')", (url,)
            )
        connection.commit()
        connection.close()


def _archives(folder: Path, url: str, canary: Path) -> None:
    inner = folder / "part.gpkg"
    good_frame().to_file(inner, driver="GPKG")
    for name, member in {
        "slip.zip": "../../escaped.gpkg",
        "absolute.zip": str(canary.parent / "escaped.gpkg"),
        "backslash.zip": "..\\escaped.gpkg",
        "drive.zip": "C:escaped.gpkg",
    }.items():
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(member, inner.read_bytes())
    link = zipfile.ZipInfo("layer.geojson")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(folder / "link.zip", "w") as archive:
        archive.writestr(link, str(canary))
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("layer.gpkg", b"SQLite format 3\0" + bytes(300_000_000))
    with zipfile.ZipFile(folder / "nested.zip", "w") as archive:
        archive.write(folder / "bomb.zip", "layer.zip")
    with zipfile.ZipFile(folder / "disguised.zip", "w") as archive:
        archive.writestr(
            "layer.shp",
            f"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{url}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        )


def _shapefiles(folder: Path, url: str, canary: Path) -> None:
    texts = {
        "grid": f"+proj=longlat +ellps=bessel +nadgrids={canary} +type=crs",
        "net": f"+proj=longlat +ellps=bessel +nadgrids={url} +type=crs",
        "init": f"+init={canary}:x +type=crs",
        "url": url,
        "curl": f"/vsicurl/{url}",
        "path": str(canary),
        "esri": f"ESRI::{url}",
        "bound": 'BOUNDCRS[SOURCECRS[GEOGCRS["x",DATUM["x",ELLIPSOID["b",6377397,299.15]],CS[ellipsoidal,2],'
        'AXIS["lat",north],AXIS["lon",east],ANGLEUNIT["degree",0.0174532925199433]]],TARGETCRS[GEOGCRS["WGS 84",'
        'DATUM["WGS 84",ELLIPSOID["WGS 84",6378137,298.257223563]],CS[ellipsoidal,2],AXIS["lat",north],'
        'AXIS["lon",east],ANGLEUNIT["degree",0.0174532925199433]]],ABRIDGEDTRANSFORMATION["x",METHOD["NTv2",'
        f'ID["EPSG",9615]],PARAMETERFILE["Latitude and longitude difference file","{canary}"]]]',
    }
    for name, text in texts.items():
        path = folder / f"prj-{name}.shp"
        good_frame().to_file(path)
        path.with_suffix(".prj").write_text(text)
    path = folder / "cpg.shp"
    good_frame().to_file(path)
    path.with_suffix(".cpg").write_text(str(canary))
    linked = folder / "linked.shp"
    good_frame().to_file(linked)
    linked.with_suffix(".dbf").unlink()
    linked.with_suffix(".dbf").symlink_to(canary)


def _rasters(folder: Path, url: str, canary: Path) -> None:
    profile = {
        "driver": "GTiff",
        "height": 4,
        "width": 4,
        "count": 1,
        "dtype": "float32",
        "crs": "EPSG:4326",
        "transform": Affine(0.1, 0, 105, 0, -0.1, 21),
        "nodata": -1,
    }
    for name, target in (("net", url), ("file", str(canary)), ("beside", "")):
        path = folder / f"{name}.tif"
        with rasterio.open(path, "w", **profile) as file:
            file.write(np.ones((4, 4), np.float32), 1)
            if target:
                file.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=target)
    overviews = f"<VRTDataset rasterXSize='2' rasterYSize='2'><VRTRasterBand dataType='Float32' band='1'><SimpleSource><SourceFilename>{url}</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
    (folder / "beside.tif.ovr").write_text(overviews)
    aux = f"<PAMDataset><Metadata domain='OVERVIEWS'><MDI key='OVERVIEW_FILE'>{url}</MDI></Metadata></PAMDataset>"
    (folder / "beside.tif.aux.xml").write_text(aux)
    huge = {**profile, "height": 60_000, "width": 60_000, "tiled": True, "SPARSE_OK": True}
    with rasterio.open(folder / "sparse.tif", "w", **huge):
        pass
    zeros = {**profile, "height": 20_000, "width": 20_000, "compress": "zstd", "blockxsize": 20_000}
    with rasterio.open(
        folder / "zeros.tif", "w", **zeros, ZSTD_LEVEL=22, blockysize=2000, tiled=False
    ) as file:
        for row in range(0, 20_000, 2000):
            file.write(np.zeros((2000, 20_000), np.float32), 1, window=((row, row + 2000), (0, 20_000)))


def _tables(folder: Path, url: str, canary: Path) -> None:
    pd.DataFrame({"name": NAMES}).to_excel(folder / "part.xlsx", index=False)
    with zipfile.ZipFile(folder / "part.xlsx") as source:
        members = {name: source.read(name) for name in source.namelist()}
    prolog = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}"><!ENTITY f SYSTEM "{canary}">]>'.encode()
    lol = (
        b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>"
        + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
        + b"]>"
    )
    for name, added in (("entity.xlsx", prolog), ("laughs.xlsx", lol)):
        with zipfile.ZipFile(folder / name, "w") as archive:
            for member, content in members.items():
                head, mark, rest = content.partition(b"?>")
                changed = head + mark + added + rest if mark and member.startswith("xl/") else added + content
                archive.writestr(member, changed if member.startswith("xl/w") else content)
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
        archive.writestr("xl/worksheets/sheet2.xml", bytes(400_000_000))
    (folder / "formula.csv").write_text(f'name\n=WEBSERVICE("{url}")\n'.replace('"', "'"))
    count = 20_000_000
    wkb = pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, np.int32)), pa.array([shapely.box(105, 21, 106, 22).wkb])
    )
    geo = {
        "version": "1.0.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }
    table = pa.table({"geometry": wkb}).replace_schema_metadata({"geo": json.dumps(geo)})
    pyarrow.parquet.write_table(table, folder / "bomb.parquet", compression="zstd")


def _odd(folder: Path, _url: str, canary: Path) -> None:
    os.mkfifo(folder / "pipe.gpkg")
    os.mkfifo(folder / "pipe.csv")
    os.mkfifo(folder / "pipe.tif")
    (folder / "link.geojson").symlink_to(canary)
    (folder / "link.csv").symlink_to(canary)
    (folder / "device.gpkg").symlink_to("/dev/zero")
    (folder / "empty.gpkg").touch()
    (folder / "header.gpkg").write_bytes(b"SQLite format 3\0" + bytes(84))
    (folder / "header.fgb").write_bytes(b"fgb\x03fgb\x00" + struct.pack("<I", 0x7FFFFFFF) + bytes(64))
    (folder / "header.parquet").write_bytes(b"PAR1" + struct.pack("<I", 0x7FFFFFFF) + b"PAR1")
    (folder / "header.tif").write_bytes(b"II*\x00" + struct.pack("<I", 8) + b"\xff" * 200)
    communes = folder / "communes"
    communes.mkdir()
    (communes / "part.geojson").symlink_to(canary)


def read(path: Path) -> dict[str, Any]:
    """Read a file as what its name says; give everything that came out of it, as text."""
    findings = Findings()
    started = time.monotonic()
    if path.suffix == ".tif":
        raster = open_raster(path, findings=findings)
        used = not isinstance(raster, Refused)
        got = str(RasterCells(raster)._stored.tobytes()) if used else ""
    elif path.suffix in {".csv", ".xlsx"} and path.parent.name != "places":
        table = read_table(path, columns=["name"], findings=findings)
        used = not isinstance(table, Refused)
        got = table.cells.to_csv() if used else ""
    else:
        layer = read_vector(path, columns=None, findings=findings)
        used = not isinstance(layer, Refused)
        got = f"{layer.columns.to_csv()} {shapely.to_wkt(layer.geometry)} {layer.crs}" if used else ""
    said = " ".join(finding.sentence("vi") + finding.sentence("en") for finding in findings.items)
    return {
        "used": used,
        "codes": [finding.code for finding in findings.items],
        "leaked": CANARY in got or CANARY in said or "root:" in got,
        "seconds": time.monotonic() - started,
    }


def without_landlock() -> None:
    """Let the next reading process find a kernel that has no Landlock."""
    isolation._BOOT = isolation._BOOT.replace(
        "server.serve(JOBS)",
        "server.sandbox.landlock_version = lambda: 0\nserver.serve(JOBS)",
    )


def main() -> None:
    """Read the hostile files of a folder; its path and further words stand on the command line."""
    warnings.simplefilter("ignore")
    if "without-landlock" in sys.argv:
        without_landlock()
    paths = [Path(line) for line in sys.stdin.read().splitlines()]
    report = (
        isolation.isolation_report()
    )  # starts the process that readers are forked from, before the clock runs
    found = {str(path): read(path) for path in paths}
    print(json.dumps({"level": report.level, "landlock": report.landlock, "files": found}))  # noqa: T201


if __name__ == "__main__":
    main()
