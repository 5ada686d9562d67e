"""Made files that are not whole, not open to all, or of a format that says something else than it means."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import struct
import unicodedata
import zipfile
from typing import TYPE_CHECKING

import geopandas
import pyarrow as pa
import pyarrow.parquet
import shapely

from fixture_country import NAMES, Writer, communes

if TYPE_CHECKING:
    from collections.abc import Sequence

_TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}"


def write_formats(to: Writer) -> None:
    """Every family of this module."""
    _write_files(to)
    _write_layers(to)
    _write_shapes(to)
    _write_places(to)
    _write_encodings(to)


def _write_files(to: Writer) -> None:
    """Addresses, databases that are open or damaged, and locked archives."""
    to.case("file.remote", "coverage", "http://127.0.0.1:9/5g.gpkg")
    whole = to.folder / "5g.gpkg"
    shutil.copy(whole, to.folder / "open.gpkg")
    with contextlib.closing(sqlite3.connect(to.folder / "open.gpkg")) as database:
        database.execute("PRAGMA journal_mode = WAL")
    to.case("file.unfinished", "coverage", "open.gpkg")
    damaged = bytearray(whole.read_bytes())
    damaged[100:2000] = bytes(1900)  # the first page, with the schema
    (to.folder / "damaged.gpkg").write_bytes(damaged)
    to.case("file.unreadable", "coverage", "damaged.gpkg")
    with zipfile.ZipFile(to.folder / "locked.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("layer.gpkg"), b"secret")
    locked = bytearray((to.folder / "locked.zip").read_bytes())
    for magic, flag_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(magic) + flag_at] |= 1
    (to.folder / "locked.zip").write_bytes(locked)
    to.case("archive.encrypted", "coverage", "locked.zip")
    # Eleven million rows of nothing: the columns unpack to far more than the file's size lets expect.
    rows = pa.table({"geometry": pa.nulls(11_000_000, pa.binary())})
    geo = b'{"version":"1.0.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":[]}}}'
    pyarrow.parquet.write_table(rows.replace_schema_metadata({"geo": geo}), to.folder / "nothing.parquet")
    to.case("file.too-large", "coverage", "nothing.parquet")


def _write_layers(to: Writer) -> None:
    """Layers without geometry, with fewer rows than shapes, or without a column that the project names."""
    blobs = to.blobs(3)
    pyarrow.parquet.write_table(pa.table({"name": list("abc")}), to.folder / "plain.parquet")
    to.case("layer.no-geometry", "coverage", "plain.parquet")
    for name, count in (("three", 3), ("two", 2)):
        frame = geopandas.GeoDataFrame({"name": list("abc")[:count]}, geometry=blobs[:count], crs=4326)
        frame.to_file(to.folder / f"{name}.shp")
    shutil.copy(to.folder / "two.dbf", to.folder / "three.dbf")
    to.case("layer.rows-lost", "coverage", "three.shp")
    to.project("column.missing", "coverage", "5g.gpkg", 'where = { column = "state", values = ["on"] }')


def _write_shapes(to: Writer) -> None:
    """Circular arcs, and a commune without an outline."""
    blobs = to.blobs(2)
    to.layer("arcs.gpkg", blobs)
    turns = ((105.05, 20.9), (105.1, 20.95), (105.15, 20.9), (105.1, 20.85), (105.05, 20.9))
    arc = struct.pack("<BII", 1, 8, len(turns)) + b"".join(struct.pack("<dd", *at) for at in turns)
    disc = struct.pack("<BII", 1, 10, 1) + arc
    with contextlib.closing(sqlite3.connect(to.folder / "arcs.gpkg")) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:  # of the spatial index; they need functions that only GDAL knows
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute(
            'UPDATE "arcs" SET geom = ? WHERE fid = 1', (b"GP\0\1" + struct.pack("<i", 4326) + disc,)
        )
        database.execute("UPDATE gpkg_geometry_columns SET geometry_type_name = 'CURVEPOLYGON'")
        database.commit()
    to.case("geometry.curved", "coverage", "arcs.gpkg")
    good = communes()
    good.set_geometry([None, *good.geometry[1:]], crs=4326).to_file(to.folder / "hollow.gpkg")
    to.case("geometry.required", "communes", "hollow.gpkg")


def _write_places(to: Writer) -> None:
    """Reference systems that place nothing, or another part of the earth."""
    frame = geopandas.GeoDataFrame({"name": list("ab")}, geometry=to.blobs(2), crs=4326)
    frame.to_file(to.folder / "local.shp")
    (to.folder / "local.prj").write_text('LOCAL_CS["building site",UNIT["m",1]]')
    to.case("crs.unusable", "coverage", "local.shp")
    metres = [shapely.box(588e3, 2325e3, 590e3, 2330e3)]  # beside Hà Nội in zone 48, in the sea in zone 49
    to.case("crs.beyond-area", "coverage", to.layer("zone49.gpkg", metres, crs=3406))
    east = communes().set_geometry(communes().translate(0.85), crs=4326)
    zone = east.to_crs(3405).set_crs(3406, allow_override=True)
    zone.to_file(to.folder / "zone49-communes.gpkg")
    to.case("crs.outside-area", "communes", "zone49-communes.gpkg")


def _write_encodings(to: Writer) -> None:
    """Names in Shapefiles whose encoding is not stated, is stated wrongly, or is that of old Windows."""

    def shapefile(name: str, raw: Sequence[bytes], stated: str, *codes: str) -> None:
        frame = communes().assign(name=[text.decode("latin-1") for text in raw])
        frame.columns = ["code", "name", "province_c", "type", "geometry"]
        frame.to_file(to.folder / f"{name}.shp", encoding="ISO-8859-1")
        (to.folder / f"{name}.cpg").unlink()
        if stated:
            (to.folder / f"{name}.cpg").write_text(stated)
        for code in codes:
            to.case(code, "communes", f"{name}.shp")

    utf8 = [text.encode() for text in NAMES]
    windows = [_in_1258(text).encode("cp1258") for text in NAMES]
    shapefile("unstated", utf8, "", "text.encoding-guessed")
    shapefile("windows", windows, "", "text.encoding-unknown", "text.windows-1258")
    shapefile("misstated", windows, "UTF-8", "text.encoding-wrong")


def _in_1258(text: str) -> str:
    """Spell Vietnamese as Windows does: tone marks apart, other marks with their letter."""
    spelt = ""
    for sign in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", sign)
        tone = "".join(mark for mark in parts if mark in _TONES)
        spelt += unicodedata.normalize("NFC", parts.replace(tone, "")) + tone if tone else sign
    return spelt
