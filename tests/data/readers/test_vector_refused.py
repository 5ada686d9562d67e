"""Files that are none, not whole, or want more than to be read: refused in one sentence."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import sqlite3
import struct
import warnings
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from vector_files import (
    ENDINGS,
    NAMES,
    codes_of,
    read_layer,
    refusal_codes,
    square_of,
    three_squares,
    write_geojson,
    write_layer,
)

# -- files that are none, or not what they seem ------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The sentence says where and what to do."""
    _, findings = read_layer(tmp_path / "xã.gpkg")
    assert (
        "xã.gpkg: there is no such file or folder. Correct the path in the project file, or put the file there."
        == findings.items[0].sentence()
    )


@pytest.mark.parametrize(
    "name",
    [
        "http://example.invalid/x.gpkg",
        "/vsicurl/http://example.invalid/x.gpkg",
        "/vsizip/x.zip/x.shp",
        "s3://bucket/x.parquet",
    ],
)
def test_addresses_are_refused_without_asking_them(tmp_path: Path, name: str) -> None:
    """No reader ever looks at the network; the sentence says to download the file."""
    assert ["file.remote"] == refusal_codes(Path(name))
    assert ["file.remote"] == refusal_codes(tmp_path / name.lstrip("/")) or name.startswith("/vsi")


@pytest.mark.parametrize("name", ["MEM:::", "PG:dbname=x", "x\0.gpkg", "GPKG:x.gpkg:y"])
def test_connection_strings_are_only_names_of_missing_files(tmp_path: Path, name: str) -> None:
    """What GDAL would open as a connection does not exist for us."""
    assert set(refusal_codes(tmp_path / name)) <= {"file.missing", "file.remote"}


def test_links_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    """A link may lead to any file, a pipe waits for ever."""
    target = write_layer(three_squares(), tmp_path / "x.gpkg")
    (tmp_path / "link.gpkg").symlink_to(target)
    os.mkfifo(tmp_path / "pipe.gpkg")
    for name in ("link.gpkg", "pipe.gpkg"):
        assert ["file.not-regular"] == refusal_codes(tmp_path / name)
    assert ["file.not-regular"] == refusal_codes(Path("/dev/null"))


def test_a_linked_companion_is_refused(tmp_path: Path) -> None:
    """A .dbf that is a link would publish the file it points to."""
    path = write_layer(three_squares(), tmp_path / "x.shp")
    path.with_suffix(".dbf").rename(tmp_path / "y.bin")
    path.with_suffix(".dbf").symlink_to(tmp_path / "y.bin")
    assert ["file.not-regular"] == refusal_codes(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """Nothing was exported."""
    (tmp_path / "x.gpkg").touch()
    assert ["file.empty"] == refusal_codes(tmp_path / "x.gpkg")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_without_rights_is_refused(tmp_path: Path) -> None:
    """The reason is the system's own."""
    path = write_layer(three_squares(), tmp_path / "x.gpkg")
    path.chmod(0)
    assert ["file.unreadable"] == refusal_codes(path)


@pytest.mark.parametrize(
    "content",
    [
        b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        b"<kml/>",
        b"a,b\n1,2\n",
        b"%PDF-1.7",
        b"\x00" * 100,
        b"[]",
    ],
)
@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp", ".fgb", ".parquet", ".zip", ".vrt"])
def test_content_that_is_on_no_list_is_refused(tmp_path: Path, content: bytes, ending: str) -> None:
    """Whatever it is called, GDAL is never asked what it might be."""
    (tmp_path / f"x{ending}").write_bytes(content)
    assert ["file.unknown-format"] == refusal_codes(tmp_path / f"x{ending}")


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp", ".fgb", ".parquet", ".zip"])
def test_a_wrong_ending_is_named(tmp_path: Path, ending: str) -> None:
    """The content decides; the sentence says what it is and how such files end."""
    path = write_layer(three_squares(), tmp_path / f"x{ending}")
    wrong = path.rename(tmp_path / ("y.shp" if ending == ".gpkg" else "y.gpkg"))
    _, findings = read_layer(wrong)
    assert ["file.format-mismatch"] == codes_of(findings)
    assert ending in findings.items[0].message_en


def test_a_json_that_is_no_geojson_is_refused(tmp_path: Path) -> None:
    """TopoJSON, Esri JSON, a pipeline of GDAL and plain JSON are not opened by another driver."""
    for text in (
        '{"type": "Topology", "objects": {}, "arcs": []}',
        '{"geometryType": "esriGeometryPolygon", "features": [{"geometry": {"rings": []}}]}',
        '{"a": 1}',
    ):
        (tmp_path / "x.geojson").write_text(text)
        assert set(refusal_codes(tmp_path / "x.geojson")) <= {
            "file.convert",
            "file.unreadable",
            "layer.no-geometry",
        }
    (tmp_path / "x.geojson").write_text(
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/x"}'
    )
    assert ["file.unsafe-content"] == refusal_codes(tmp_path / "x.geojson")


# -- files that are not whole ------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_off_is_refused(tmp_path: Path, ending: str, share: float) -> None:
    """Not one feature of a truncated file is used: nobody knows which are missing."""
    path = write_layer(three_squares([f"Xã {i}" for i in range(50)]), tmp_path / f"x{ending}")
    with path.open("r+b") as stream:
        stream.truncate(int(path.stat().st_size * share))
    assert refusal_codes(path, columns=["tên"])


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_companion_cut_off_or_lost_is_refused(tmp_path: Path, ending: str) -> None:
    """GDAL would go on with empty rows or without names."""
    path = write_layer(three_squares(), tmp_path / "x.shp")
    companion = path.with_suffix(ending)
    with companion.open("r+b") as stream:
        stream.truncate(companion.stat().st_size - 20)
    assert ["file.truncated"] == refusal_codes(path)
    companion.unlink()
    _, findings = read_layer(path)
    assert ["file.sidecar-missing"] == codes_of(findings)
    assert ending in findings.items[0].message_en


def test_companions_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """Three shapes with the table of two rows: some names would belong to other shapes."""
    path = write_layer(three_squares(), tmp_path / "x.shp")
    other = write_layer(three_squares(NAMES[:2]), tmp_path / "y.shp")
    shutil.copy(other.with_suffix(".dbf"), path.with_suffix(".dbf"))
    assert ["layer.rows-lost"] == refusal_codes(path)


def test_rows_deleted_on_purpose_are_not_missed(tmp_path: Path) -> None:
    """A row marked as deleted in the .dbf is no feature and no loss."""
    path = write_layer(three_squares(), tmp_path / "x.shp")
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    header_bytes, row_bytes = struct.unpack("<HH", content[8:12])
    content[header_bytes + row_bytes] = ord("*")
    path.with_suffix(".dbf").write_bytes(content)
    table, findings = read_layer(path, columns=["tên"])
    assert table is not None
    assert [NAMES[0], NAMES[2]] == table.columns["tên"].tolist()
    assert [] == codes_of(findings)


def test_a_geojson_sequence_with_a_broken_line_is_refused(tmp_path: Path) -> None:
    """GDAL skips such a line without a word."""
    path = write_layer(three_squares(), tmp_path / "x.geojsonl")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1].replace('"geometry":', '"geometry"'), lines[2]]))
    assert ["layer.rows-lost"] == refusal_codes(path)


def test_a_geopackage_that_is_still_open_is_refused(tmp_path: Path) -> None:
    """Its last rows are in a -wal file that nobody handed in."""
    path = write_layer(three_squares(), tmp_path / "x.gpkg")
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    assert ["file.unfinished"] == refusal_codes(path)


# -- files that want more than to be read ------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE VIEW foreign_rows AS SELECT * FROM x",
        "CREATE VIRTUAL TABLE v USING fts5(a)",
        'CREATE VIRTUAL TABLE rtree_v USING fts5(" using rtree(")',
    ],
)
def test_a_geopackage_with_views_or_virtual_tables_is_refused(tmp_path: Path, sql: str) -> None:
    """They deliver rows that stand elsewhere, in other files even."""
    path = write_layer(three_squares(), tmp_path / "x.gpkg")
    database = sqlite3.connect(path)
    database.execute(sql)
    database.commit()
    database.close()
    assert ["file.unsafe-content"] == refusal_codes(path)


def test_a_geopackage_with_its_spatial_index_is_fine(tmp_path: Path) -> None:
    """The index is a virtual table too, of the one harmless kind."""
    path = write_layer(three_squares(), tmp_path / "x.gpkg", spatial_index=True)
    schema = sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall()
    assert any("VIRTUAL TABLE" in str(sql) for (sql,) in schema)
    assert read_layer(path)[0] is not None


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}},
        {"type": "LINK", "properties": {"href": "/etc/passwd"}},
        {"type": "name", "properties": {"name": "http://127.0.0.1:9/x"}},
        {"type": "name", "properties": {"name": "/vsicurl/http://127.0.0.1:9/x"}},
        {"type": "name", "properties": {"name": "EPSG:4326", "href": "x"}},
        {"type": "name"},
        {"type": "url", "properties": {"url": "http://127.0.0.1:9/x"}},
        {"type": "EPSG", "properties": {"code": "4326/../x"}},
        {"type": "name", "properties": {"name": "+proj=longlat +nadgrids=/etc/passwd"}},
    ],
)
def test_a_crs_member_that_leads_elsewhere_is_refused(tmp_path: Path, crs: dict[str, Any]) -> None:
    """GDAL would fetch the address, wherever in the file the member stands."""
    assert ["crs.link"] == refusal_codes(write_geojson(tmp_path / "x.geojson", square_of(), crs=crs))


def test_a_crs_member_cannot_hide(tmp_path: Path) -> None:
    """Escapes, capitals, single quotes, comments, nesting and doubling do not help."""
    link = '{"type": "link", "properties": {"href": "http://127.0.0.1:9/x"}}'
    body = '"type": "FeatureCollection", "features": []'
    path = tmp_path / "x.geojson"
    for text in (
        f'{{{body}, "\\u0063rs": {link}}}',
        f'{{{body}, "CRS": {link}}}',
        f'{{{body}, "crs": null, "crs": {link}}}',
        f'{{"a": ":\\"crs", {body}, "crs"\n\t:\n{link}}}',
        f'{{"a": "x\\\\", {body}, "crs": {link}}}',
    ):
        path.write_text(text)
        assert ["crs.link"] == refusal_codes(path)
    for text in (
        f"{{{body}, 'crs': {link}}}",
        f'{{{body}, /* " */ "crs": {link} /* " */}}',
    ):
        path.write_text(text)
        assert ["file.broken-json"] == refusal_codes(path)


def test_an_attribute_called_crs_is_only_an_attribute(tmp_path: Path) -> None:
    """Text or numbers under that name ask for nothing."""
    frame = three_squares()
    frame["crs"] = "http://127.0.0.1:9/x"
    table, findings = read_layer(write_layer(frame, tmp_path / "x.geojson"), columns=["crs"])
    assert table is not None
    assert [] == codes_of(findings)


def test_a_link_reaches_nobody_even_past_our_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given straight to GDAL, a crs link is answered by a dead proxy: a listener hears nothing."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert read_layer(write_layer(three_squares(), tmp_path / "x.gpkg"))[0] is not None  # locks GDAL down
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        href = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        link = {"type": "link", "properties": {"href": href}}
        path = write_geojson(tmp_path / "x.geojson", square_of(), crs=link)
        assert ["crs.link"] == refusal_codes(path)
        with warnings.catch_warnings(), contextlib.suppress(pyogrio.errors.DataSourceError):
            warnings.simplefilter("ignore")
            pyogrio.read_info(path)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_spatialite_does_not_answer(tmp_path: Path) -> None:
    """Its functions and virtual tables open any file; GDAL is told not to load it."""
    assert read_layer(write_layer(three_squares(), tmp_path / "x.gpkg"))[0] is not None
    with pytest.raises(pyogrio.errors.DataLayerError, match="spatialite_version"):
        pyogrio.read_dataframe(tmp_path / "x.gpkg", sql="SELECT spatialite_version()", sql_dialect="SQLITE")
