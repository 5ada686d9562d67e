"""The formats in which operators' tools deliver: KML, MapInfo and File Geodatabase, plain and zipped."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zipfile
from typing import TYPE_CHECKING

import geopandas
import pandas as pd
import pytest
import shapely

from blackspot.data.disk.hashing import Expected, input_file
from blackspot.data.submissions.kept_copies import AcceptedFiles
from vector_files import codes_of, read_layer, refusal_codes, three_squares, write_delivery, write_layer

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["Đồng Văn", "Xã Hòa Bình", "Trường Sa"]
FORMATS = [".kml", ".kmz", ".tab", ".mif", ".gdb", "_kml.zip", "_tab.zip", "_mif.zip", "_gdb.zip"]


def squares() -> geopandas.GeoDataFrame:
    return three_squares(NAMES).rename(columns={"tên": "ten", "dân": "dan"})


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_gives_the_same(tmp_path: Path, ending: str) -> None:
    """Ground, names with their signs, codes with their zeros, and nothing to say."""
    frame = squares()
    table, findings = read_layer(write_delivery(frame, tmp_path / f"x{ending}"), columns=["ma", "ten"])
    assert table is not None
    assert [] == codes_of(findings)
    assert NAMES == table.columns["ten"].tolist()
    assert ["00000", "00001", "00002"] == table.columns["ma"].tolist()
    assert shapely.equals_exact(
        shapely.normalize(frame.geometry), shapely.normalize(shapely.get_parts(table.geometry)), 1e-6
    ).all()
    assert 4326 == table.crs.to_epsg()


@pytest.mark.parametrize("ending", [".kmz", ".gdb", ".tab"])
def test_the_hash_is_that_of_the_input(tmp_path: Path, ending: str) -> None:
    """A run expects what it saw first, whatever the input is made of; what changed is refused."""
    path = write_delivery(squares(), tmp_path / f"x{ending}")
    file = input_file("coverage", path)
    table, _ = read_layer(path, expected=Expected.of([file]))
    assert table is not None
    assert file.sha256 == table.facts.sha256
    part = next(path.glob("*.gdbtable")) if path.is_dir() else path.with_suffix(".dat")
    changed = part if part.exists() else path
    changed.write_bytes(changed.read_bytes() + b"\0")
    assert input_file("coverage", path).sha256 != file.sha256


@pytest.mark.parametrize("ending", [".gdb", ".tab", ".kml"])
def test_a_kept_copy_reads_like_its_original(tmp_path: Path, ending: str) -> None:
    """With every file that belongs to it."""
    path = write_delivery(squares(), tmp_path / f"x{ending}")
    kept = AcceptedFiles(tmp_path / "out")
    (tmp_path / "out").mkdir()
    assert kept.keep(input_file("coverage", path))
    copy = kept.find(input_file("coverage", path))
    assert copy is not None
    table, _ = read_layer(copy)
    assert table is not None
    assert 3 == len(table.geometry)


def test_a_kmz_that_was_renamed_is_read(tmp_path: Path) -> None:
    """A zip file with a doc.kml in it, whatever it is called."""
    path = write_delivery(squares(), tmp_path / "x.kmz").rename(tmp_path / "x.zip")
    table, _ = read_layer(path)
    assert table is not None
    assert 3 == len(table.geometry)


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'
RING = "<LinearRing><coordinates>{}</coordinates></LinearRing>"
OUTER = f"<outerBoundaryIs>{RING.format('105,21 106,21,5 106,22 105,22 105,21')}</outerBoundaryIs>"
INNER = f"<innerBoundaryIs>{RING.format(' 105.4,21.4,0 105.6, 21.4, 0 105.6,21.6,0 105.4,21.4,0 ')}</innerBoundaryIs>"
POLYGON = f"<Polygon>{INNER}{OUTER}</Polygon>"


def _kml(path: Path, body: str) -> Path:
    path.write_text(KML.format(body), encoding="utf-8")
    return path


def test_kml_keeps_holes_parts_and_attributes(tmp_path: Path) -> None:
    """Also where spaces stand after commas, some vertices have a height, and a ring is not closed."""
    data = '<ExtendedData><Data name="tech"><value>4G</value></Data></ExtendedData>'
    schema = '<ExtendedData><SchemaData><SimpleData name="band">700</SimpleData></SchemaData></ExtendedData>'
    open_ring = f"<outerBoundaryIs>{RING.format('107,21 108,21 108,22')}</outerBoundaryIs>"
    several = f"<MultiGeometry>{POLYGON}<Polygon>{open_ring}</Polygon></MultiGeometry>"
    line = "<gx:LineString><coordinates>105,21 106,21</coordinates></gx:LineString>"
    body = (
        f"<Placemark><name> a </name>{data}{POLYGON}</Placemark><Placemark>{schema}{several}</Placemark>"
        f"<Placemark>{line}</Placemark><Placemark><name>d</name></Placemark>"
    )
    table, findings = read_layer(_kml(tmp_path / "x.kml", body), columns=None)
    assert table is not None
    assert ["geometry.closed", "geometry.missing", "repair.ground"] == sorted(codes_of(findings))
    assert [1 - 0.02, 1 - 0.02 + 0.5, 0] == pytest.approx(shapely.area(table.geometry).tolist())
    assert "a" == table.columns["name"][0]
    assert [False, True, True] == table.columns["name"].isna().tolist()
    assert "4G" == table.columns["tech"][0]
    assert "700" == table.columns["band"][1]


def test_folders_of_a_kml_are_asked_about(tmp_path: Path) -> None:
    """Planned and working ground may stand in one file; accepted, all of them are read, and each can be named."""
    place = f"<Placemark>{POLYGON}</Placemark>"
    folders = f"<Folder><name>On air</name>{place}</Folder><Folder><name>Planned</name>{place * 2}</Folder>"
    path = _kml(tmp_path / "x.kml", folders)
    _, findings = read_layer(path)
    assert ["layer.several"] == codes_of(findings)
    assert "On air, Planned" in findings.items[0].message_en
    for name, count in (("On air", 1), ("Planned", 2)):
        table, _ = read_layer(path, layer=name)
        assert table is not None
        assert count == len(table.geometry)
    assert ["layer.missing"] == refusal_codes(path, layer="Old")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<NetworkLink><Link><href>http://x/</href></Link></NetworkLink>", "file.refers-elsewhere"),
        ("<GroundOverlay><Icon><href>a.png</href></Icon></GroundOverlay>", "layer.picture"),
        ("", "layer.no-features"),
        ("<Placemark><gx:Track></gx:Track></Placemark>", "file.unreadable"),
        (f"<Placemark><Polygon>{INNER}</Polygon></Placemark>", "file.unreadable"),
        (f"<Placemark>{POLYGON}{POLYGON}</Placemark>", "file.unreadable"),
        ("<Placemark><Point><coordinates>105;21</coordinates></Point></Placemark>", "file.unreadable"),
        ("<Placemark><Point><coordinates>105,21 106,22</coordinates></Point></Placemark>", "file.unreadable"),
        ("<Placemark><name>a</Placemark>", "file.unreadable"),
    ],
)
def test_kml_that_cannot_be_used_says_why(tmp_path: Path, body: str, code: str) -> None:
    """Content elsewhere, pictures, and shapes of which a part would be lost."""
    assert [code] == refusal_codes(_kml(tmp_path / "x.kml", body))


def test_mapinfo_says_its_system_or_needs_one(tmp_path: Path) -> None:
    """A datum of its own numbers places the shapes where they are; none at all asks for crs."""
    frame = squares().to_crs(3405)
    path = write_delivery(frame, tmp_path / "x.mif")
    lines = path.read_text(encoding="latin-1").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("CoordSys"))
    vn2000 = (
        "28, -191.90441429, -39.30318279, -111.45032835, -0.00928836, 0.01975479, -0.00427372, 0.252906278, 0"
    )
    lines[at] = f'CoordSys Earth Projection 8, 9999, {vn2000}, "m", 105, 0, 0.9996, 500000, 0\n'
    path.write_text("".join(lines), encoding="latin-1")
    table, _ = read_layer(path)
    assert table is not None
    assert table.facts.operation is not None
    told = geopandas.GeoSeries(table.geometry, crs=table.crs).to_crs(4326)
    away = shapely.hausdorff_distance(squares().geometry.to_numpy(), told.to_numpy())
    assert away.max() < 2e-5
    path.write_text("".join(lines[:at] + lines[at + 1 :]), encoding="latin-1")
    assert ["crs.missing"] == refusal_codes(path)
    assert read_layer(path, crs="EPSG:3405")[0] is not None


def test_columns_of_mapinfo_may_be_called_like_its_words(tmp_path: Path) -> None:
    """A commune has a type; what names another file after the columns is found all the same."""
    frame = squares().rename(columns={"ten": "Type", "dan": "File"})
    path = write_delivery(frame, tmp_path / "x.tab")
    table, _ = read_layer(path, columns=["Type"])
    assert table is not None
    assert NAMES == table.columns["Type"].tolist()
    with path.open("a", encoding="latin-1") as stream:
        stream.write('  File "/etc/passwd"\n')
    assert ["file.refers-elsewhere"] == refusal_codes(path)


@pytest.mark.parametrize("ending", [".tab", ".mif"])
def test_mapinfo_needs_all_its_files(tmp_path: Path, ending: str) -> None:
    """A table without its rows or shapes is named as such, also in a zip file."""
    path = write_delivery(squares(), tmp_path / f"x{ending}")
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(path, path.name)
    assert ["file.sidecar-missing"] == refusal_codes(tmp_path / "x.zip")
    for part in (".dat", ".map", ".id") if ending == ".tab" else (".mid",):
        moved = path.with_suffix(part).rename(tmp_path / "moved")
        assert ["file.sidecar-missing"] == refusal_codes(path)
        moved.rename(path.with_suffix(part))
    assert [] == codes_of(read_layer(path)[1])


def test_a_mif_with_fewer_rows_than_objects_has_lost_some(tmp_path: Path) -> None:
    """The rows of the .mid and the objects of the .mif are counted before they are read."""
    path = write_delivery(squares(), tmp_path / "x.mif")
    rows = path.with_suffix(".mid").read_bytes().splitlines(keepends=True)
    path.with_suffix(".mid").write_bytes(b"".join(rows[:2]))
    assert ["layer.rows-lost"] == refusal_codes(path)


def test_a_geodatabase_of_several_layers_needs_a_name(tmp_path: Path) -> None:
    """As a GeoPackage does."""
    path = write_delivery(squares(), tmp_path / "x.gdb")
    squares()[["ma", "geometry"]].head(1).to_file(path, layer="other", driver="OpenFileGDB", engine="pyogrio")
    assert ["layer.several"] == refusal_codes(path)
    table, _ = read_layer(path, layer="other")
    assert table is not None
    assert ("other", 1) == (table.facts.layer, len(table.geometry))


def test_a_geodatabase_under_another_name_is_one(tmp_path: Path) -> None:
    """It is known by the table that each of them has; what lies beside its tables is not read."""
    path = write_delivery(squares(), tmp_path / "x.gdb").rename(tmp_path / "unpacked")
    (path / "a00000009.vrt").write_text("<OGRVRTDataSource/>")
    (path / "_gdb.lock").write_text("")
    assert read_layer(path)[0] is not None
    shutil.rmtree(path)
    path.mkdir()
    assert ["file.is-folder"] == refusal_codes(path)


@pytest.mark.parametrize("count", [1, 24])
def test_the_table_of_a_geopackage_decides_how_many_rows_there_are(tmp_path: Path, count: int) -> None:
    """Not a number that some program did not keep up to date; where the database is damaged, it does."""
    path = write_layer(squares(), tmp_path / "x.gpkg")
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE gpkg_ogr_contents SET feature_count = ?", (count,))
        database.commit()
        page_bytes, root = (
            database.execute("PRAGMA page_size").fetchone()[0],
            database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'x'").fetchone()[0],
        )
    table, findings = read_layer(path)
    assert table is not None
    assert 3 == len(table.geometry)
    assert ["layer.count-outdated"] == codes_of(findings)
    content = bytearray(path.read_bytes())
    head = (root - 1) * page_bytes
    content[head + 3 : head + 5] = (2).to_bytes(2, "big")  # cells of the page that holds the rows
    path.write_bytes(content)
    assert refusal_codes(path)[0] in {"layer.rows-lost", "file.unreadable"}


@pytest.mark.parametrize("ending", [".gml", ".gpx", ".dxf", ".topojson"])
def test_formats_that_are_known_but_not_read_name_the_command(tmp_path: Path, ending: str) -> None:
    """What to type stands in the sentence."""
    (tmp_path / f"x{ending}").write_text('{"a": 1}' if ending == ".topojson" else "<a/>")
    _, findings = read_layer(tmp_path / f"x{ending}")
    assert ["file.convert"] == codes_of(findings)
    assert f'ogr2ogr -f GPKG "x.gpkg" "x{ending}"' in findings.items[0].cure_en


def test_parquet_without_its_description_is_named(tmp_path: Path) -> None:
    """Geometry that nobody describes, and tiles of speed tests, whose outlines are text."""
    frame = pd.DataFrame({"name": ["a"], "geometry": [shapely.box(105, 21, 106, 22).wkb]})
    frame.to_parquet(tmp_path / "x.parquet")
    assert ["layer.geometry-undescribed"] == refusal_codes(tmp_path / "x.parquet")
    tiles = pd.DataFrame({"quadkey": ["1"], "tile": ["POLYGON"], "avg_d_kbps": [5], "tests": [3]})
    tiles.to_parquet(tmp_path / "y.parquet")
    assert ["layer.speed-tests"] == refusal_codes(tmp_path / "y.parquet")
    drawn = squares().rename(columns={"ma": "quadkey", "ten": "avg_d_kbps", "dan": "tests"})
    assert ["layer.speed-tests"] == refusal_codes(write_layer(drawn, tmp_path / "z.shp"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_geojson_in_utf16_is_named(tmp_path: Path, encoding: str) -> None:
    """Its standard knows UTF-8 only."""
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    (tmp_path / "x.geojson").write_bytes((mark + squares().to_json()).encode(encoding))
    assert ["file.utf16"] == refusal_codes(tmp_path / "x.geojson")
