"""Vector files: every format reads alike, and whatever is wrong is said in one sentence with a cure."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import struct
import unicodedata
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from blackspot.data.findings import Findings
from blackspot.data.vector import VectorTable, read_vector

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES = ["Đồng Văn", "Xã Hòa Bình", "Trường Sa"]
ENDINGS = (".gpkg", ".shp", ".zip", ".geojson", ".json", ".geojsonl", ".ndjson", ".fgb", ".parquet")
HOSTILE_NAMES = [
    "Xã ${alert(1)}",
    "</script><script>alert(1)</script>",
    '=HYPERLINK("http://example.invalid")',
    "__proto__",
    "a'b\"c\\d",
]


def _frame(names: Sequence[str] = NAMES, epsg: int = 4326) -> geopandas.GeoDataFrame:
    """Squares of 0.1 degrees near Hà Nội, one for each name."""
    squares = [shapely.box(105 + i, 21, 105.1 + i, 21.1) for i in range(len(names))]
    data = {"ma": [f"{i:05d}" for i in range(len(names))], "tên": list(names), "dân": range(len(names))}
    return geopandas.GeoDataFrame(data, geometry=squares, crs=4326).to_crs(epsg)


def _write(frame: geopandas.GeoDataFrame, path: Path, **options: Any) -> Path:
    ending = path.suffix
    if ending == ".parquet":
        frame.to_parquet(path)
    elif ending == ".zip":
        shapefile = _write(frame, path.parent / f"{path.stem}.shp")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(path.parent.glob(f"{path.stem}.*")):
                if part != path:
                    archive.write(part, f"gửi/{part.name}")
                    part.unlink()
        assert not shapefile.exists()
    else:
        driver = {".json": "GeoJSON", ".ndjson": "GeoJSONSeq"}.get(ending)
        if ending == ".shp":
            options.setdefault("encoding", "UTF-8")
        pyogrio.write_dataframe(frame, path, driver=driver, **options)
    return path


def _read(path: Path, **options: Any) -> tuple[VectorTable | None, Findings]:
    findings = Findings(path.parent)
    return read_vector(path, findings=findings, role="coverage", **options), findings


def _codes(findings: Findings) -> list[str]:
    return [finding.code for finding in findings.items]


def _refused(path: Path, **options: Any) -> list[str]:
    table, findings = _read(path, **options)
    assert table is None
    assert findings.errors
    return [finding.code for finding in findings.errors]


def _geojson(path: Path, *geometries: Any, **members: Any) -> Path:
    features = [{"type": "Feature", "properties": {"i": i}, "geometry": g} for i, g in enumerate(geometries)]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def _square(x: float = 105, y: float = 21, size: float = 0.1) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


# -- every format ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_gives_the_same_table(tmp_path: Path, ending: str) -> None:
    """Shapes, Vietnamese names, codes with leading zeros and whole numbers come through, without a finding."""
    path = _write(_frame(), tmp_path / f"xã phường{ending}")
    table, findings = _read(path, columns=["tên", "ma", "dân"])
    assert table is not None
    assert [] == _codes(findings)
    order = np.argsort(table.columns["ma"].to_numpy())  # FlatGeobuf files stand in spatial order
    assert NAMES == table.columns["tên"].to_numpy()[order].tolist()
    assert ["00000", "00001", "00002"] == table.columns["ma"].to_numpy()[order].tolist()
    assert [0, 1, 2] == table.columns["dân"].to_numpy()[order].tolist()
    assert ["tên", "ma", "dân"] == list(table.columns)
    assert shapely.equals(table.geometry[order], _frame().geometry.to_numpy()).all()
    assert 4326 == table.crs.to_epsg() or "CRS84" in table.crs.name
    assert [0, 1, 2] == sorted(table.feature_id - table.feature_id.min())
    assert ("xã phường", path) == (table.layer, table.path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_names_are_only_text(tmp_path: Path, ending: str) -> None:
    """Template code, markup, formulas and quotes come through as they are."""
    table, _ = _read(_write(_frame(HOSTILE_NAMES), tmp_path / f"x{ending}"), columns=["tên"])
    assert table is not None
    assert sorted(HOSTILE_NAMES) == sorted(table.columns["tên"])


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "name", ["a b", "a!b", "$(touch x)", "a\nb", "vsizip", "x?y=1", "Đồng", "-o", "%20", "a.b"]
)
def test_a_file_may_be_called_anything(tmp_path: Path, ending: str, name: str) -> None:
    """Names that libraries take for addresses, archives or options are only names."""
    _write(_frame(), tmp_path / f"x{ending}")
    for part in sorted(tmp_path.glob("x.*")):
        part.rename(tmp_path / f"{name}{part.suffix}")
    table, findings = _read(tmp_path / f"{name}{ending}")
    assert table is not None
    assert [] == _codes(findings)


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet"])
@pytest.mark.parametrize("epsg", [3405, 3406, 9205, 9210, 9218, 5897, 32648])
def test_vietnamese_zones_are_read(tmp_path: Path, ending: str, epsg: int) -> None:
    """VN-2000 in UTM and TM-3 zones keeps its system and, back in degrees, its place within a metre."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(107.0, 14.0, 107.1, 14.1)], crs=4326)
    table, findings = _read(_write(frame.to_crs(epsg), tmp_path / f"x{ending}"))
    assert table is not None
    assert epsg == table.crs.to_epsg()
    assert not findings.errors
    back = geopandas.GeoSeries(table.geometry, crs=table.crs).to_crs(4326)
    assert shapely.hausdorff_distance(back.iloc[0], frame.geometry.iloc[0]) < 1e-5


@pytest.mark.parametrize("columns", [(), None, ["dân"], ["dân", "dân", "ma"]])
def test_only_the_columns_asked_for_are_read(tmp_path: Path, columns: Sequence[str] | None) -> None:
    """None reads all, an empty list reads the geometry, a name twice gives one column."""
    table, _ = _read(_write(_frame(), tmp_path / "x.gpkg"), columns=columns)
    assert table is not None
    expected = ["ma", "tên", "dân"] if columns is None else list(dict.fromkeys(columns))
    assert expected == list(table.columns)
    assert 3 == len(table.columns)


def test_a_column_is_found_in_either_form_of_its_accents(tmp_path: Path) -> None:
    """A name typed with combining accents finds the column written with composed ones."""
    apart = unicodedata.normalize("NFD", "tên")
    table, _ = _read(_write(_frame(), tmp_path / "x.gpkg"), columns=[apart])
    assert table is not None
    assert [apart] == list(table.columns)
    assert NAMES == table.columns[apart].tolist()


def test_whole_numbers_stay_whole_beside_empty_cells(tmp_path: Path) -> None:
    """A code kept as a number does not become 4.0 because another row is empty."""
    frame = _frame()
    frame["n"] = pd.array([4, None, 7], dtype="Int64")
    table, _ = _read(_write(frame, tmp_path / "x.gpkg"), columns=["n"])
    assert table is not None
    assert ["4", "<NA>", "7"] == [str(value) for value in table.columns["n"]]


def test_native_geoparquet_encodings_are_read(tmp_path: Path) -> None:
    """GeoParquet 1.1 may keep coordinates as nested lists instead of bytes."""
    _frame().to_parquet(tmp_path / "x.parquet", geometry_encoding="geoarrow")
    table, _ = _read(tmp_path / "x.parquet", columns=["tên"])
    assert table is not None
    assert NAMES == table.columns["tên"].tolist()
    assert shapely.equals(table.geometry, _frame().geometry.to_numpy()).all()


def test_record_separators_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """GeoJSONSeq of RFC 8142, and files from Windows programs."""
    feature = json.dumps({"type": "Feature", "properties": {}, "geometry": _square()})
    (tmp_path / "x.geojsons").write_text(f"\x1e{feature}\n\x1e{feature}\n")
    _geojson(tmp_path / "y.geojson", _square())
    (tmp_path / "y.geojson").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "y.geojson").read_bytes())
    for name, count in (("x.geojsons", 2), ("y.geojson", 1)):
        table, _ = _read(tmp_path / name)
        assert table is not None
        assert count == len(table.geometry)


# -- a folder of files -------------------------------------------------------------------------------------


def _folder(path: Path, count: int = 3) -> Path:
    path.mkdir(parents=True)
    for i in range(count):
        name = f"{count - i:05d}_xã.geojson"
        _geojson(path / name, _square(105 + i))
        text = (path / name).read_text().replace('{"i": 0}', json.dumps({"code": f"{count - i:05d}"}))
        (path / name).write_text(text)
    return path


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    """One commune per file; files that are no GeoJSON and hidden ones are not looked at."""
    folder = _folder(tmp_path / "wards")
    (folder / "README.md").write_text("x")
    (folder / ".hidden.geojson").write_text("x")
    table, findings = _read(folder, columns=["code"])
    assert table is not None
    assert [] == _codes(findings)
    assert ["00001", "00002", "00003"] == table.columns["code"].tolist()
    assert 107.0 == shapely.bounds(table.geometry[0])[0]


def test_folders_in_a_folder_are_read_where_it_holds_no_file_itself(tmp_path: Path) -> None:
    """A country is often one folder per province."""
    _folder(tmp_path / "country" / "12")
    _folder(tmp_path / "country" / "56", 2)
    table, _ = _read(tmp_path / "country", columns=["code"])
    assert table is not None
    assert 5 == len(table.geometry)


def test_a_finding_names_the_file_in_the_folder(tmp_path: Path) -> None:
    """A feature id would not help anyone there."""
    folder = _folder(tmp_path / "wards")
    _geojson(folder / "00002_xã.geojson", None)
    table, findings = _read(folder)
    assert table is not None
    assert 2 == len(table.geometry)
    assert ["geometry.missing"] == _codes(findings)
    assert "00002_xã.geojson" in findings.items[0].message_en


def test_every_broken_file_of_a_folder_is_named(tmp_path: Path) -> None:
    """All of them at once, and nothing is read."""
    folder = _folder(tmp_path / "wards")
    (folder / "00001_xã.geojson").write_text('{"type": "FeatureCollection"')
    (folder / "00003_xã.geojson").write_text('{"type": "FeatureCollection", "features": [1]}')
    table, findings = _read(folder)
    assert table is None
    assert ["wards/00001_xã.geojson", "wards/00003_xã.geojson"] == [item.file for item in findings.errors]
    assert {"file.broken-json"} == set(_codes(findings))


def test_a_folder_may_not_mix_coordinate_systems(tmp_path: Path) -> None:
    """One file in another zone would be displaced without a word."""
    folder = _folder(tmp_path / "wards")
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    _geojson(folder / "00002_xã.geojson", _square(5e5, 2.3e6, 1000), crs=named)
    assert ["crs.several"] == _refused(folder)


def test_a_folder_states_its_system_together(tmp_path: Path) -> None:
    """All files in one old-style system are read in it; WGS 84 may be spelt out or not."""
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    _folder(tmp_path / "a", 2)
    for file in (tmp_path / "a").iterdir():
        _geojson(file, _square(5e5, 2.3e6, 1000), crs=named)
    table, _ = _read(tmp_path / "a")
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    _folder(tmp_path / "b", 2)
    named["properties"] = {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}  # type: ignore[assignment]
    _geojson(tmp_path / "b" / "00002_xã.geojson", _square(), crs=named)
    assert _read(tmp_path / "b")[0] is not None


def test_a_folder_without_geojson_is_refused(tmp_path: Path) -> None:
    """Also a folder that holds a Shapefile: the file itself must be named."""
    _write(_frame(), tmp_path / "x.shp")
    assert ["file.is-folder"] == _refused(tmp_path)


# -- files that are none, or not what they seem ------------------------------------------------------------


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The sentence says where and what to do."""
    _, findings = _read(tmp_path / "xã.gpkg")
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
    assert ["file.remote"] == _refused(Path(name))
    assert ["file.remote"] == _refused(tmp_path / name.lstrip("/")) or name.startswith("/vsi")


@pytest.mark.parametrize("name", ["MEM:::", "PG:dbname=x", "x\0.gpkg", "GPKG:x.gpkg:y"])
def test_connection_strings_are_only_names_of_missing_files(tmp_path: Path, name: str) -> None:
    """What GDAL would open as a connection does not exist for us."""
    assert set(_refused(tmp_path / name)) <= {"file.missing", "file.remote"}


def test_links_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    """A link may lead to any file, a pipe waits for ever."""
    target = _write(_frame(), tmp_path / "x.gpkg")
    (tmp_path / "link.gpkg").symlink_to(target)
    os.mkfifo(tmp_path / "pipe.gpkg")
    for name in ("link.gpkg", "pipe.gpkg"):
        assert ["file.not-regular"] == _refused(tmp_path / name)
    assert ["file.not-regular"] == _refused(Path("/dev/null"))


def test_a_linked_companion_is_refused(tmp_path: Path) -> None:
    """A .dbf that is a link would publish the file it points to."""
    path = _write(_frame(), tmp_path / "x.shp")
    path.with_suffix(".dbf").rename(tmp_path / "y.bin")
    path.with_suffix(".dbf").symlink_to(tmp_path / "y.bin")
    assert ["file.not-regular"] == _refused(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """Nothing was exported."""
    (tmp_path / "x.gpkg").touch()
    assert ["file.empty"] == _refused(tmp_path / "x.gpkg")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_a_file_without_rights_is_refused(tmp_path: Path) -> None:
    """The reason is the system's own."""
    path = _write(_frame(), tmp_path / "x.gpkg")
    path.chmod(0)
    assert ["file.unreadable"] == _refused(path)


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
    assert ["file.unknown-format"] == _refused(tmp_path / f"x{ending}")


@pytest.mark.parametrize("ending", [".gpkg", ".geojson", ".shp", ".fgb", ".parquet", ".zip"])
def test_a_wrong_ending_is_named(tmp_path: Path, ending: str) -> None:
    """The content decides; the sentence says what it is and how such files end."""
    path = _write(_frame(), tmp_path / f"x{ending}")
    wrong = path.rename(tmp_path / ("y.shp" if ending == ".gpkg" else "y.gpkg"))
    _, findings = _read(wrong)
    assert ["file.format-mismatch"] == _codes(findings)
    assert ending in findings.items[0].message_en


def test_a_json_that_is_no_geojson_is_refused(tmp_path: Path) -> None:
    """TopoJSON, Esri JSON, a pipeline of GDAL and plain JSON are not opened by another driver."""
    for text in (
        '{"type": "Topology", "objects": {}, "arcs": []}',
        '{"geometryType": "esriGeometryPolygon", "features": [{"geometry": {"rings": []}}]}',
        '{"a": 1}',
    ):
        (tmp_path / "x.geojson").write_text(text)
        assert set(_refused(tmp_path / "x.geojson")) <= {
            "file.unknown-format",
            "file.unreadable",
            "layer.no-geometry",
        }
    (tmp_path / "x.geojson").write_text(
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector read /etc/x"}'
    )
    assert ["file.unsafe-content"] == _refused(tmp_path / "x.geojson")


# -- files that are not whole ------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_off_is_refused(tmp_path: Path, ending: str, share: float) -> None:
    """Not one feature of a truncated file is used: nobody knows which are missing."""
    path = _write(_frame([f"Xã {i}" for i in range(50)]), tmp_path / f"x{ending}")
    with path.open("r+b") as stream:
        stream.truncate(int(path.stat().st_size * share))
    assert _refused(path, columns=["tên"])


@pytest.mark.parametrize("ending", [".shx", ".dbf"])
def test_a_companion_cut_off_or_lost_is_refused(tmp_path: Path, ending: str) -> None:
    """GDAL would go on with empty rows or without names."""
    path = _write(_frame(), tmp_path / "x.shp")
    companion = path.with_suffix(ending)
    with companion.open("r+b") as stream:
        stream.truncate(companion.stat().st_size - 20)
    assert ["file.truncated"] == _refused(path)
    companion.unlink()
    _, findings = _read(path)
    assert ["file.sidecar-missing"] == _codes(findings)
    assert ending in findings.items[0].message_en


def test_companions_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    """Three shapes with the table of two rows: some names would belong to other shapes."""
    path = _write(_frame(), tmp_path / "x.shp")
    other = _write(_frame(NAMES[:2]), tmp_path / "y.shp")
    shutil.copy(other.with_suffix(".dbf"), path.with_suffix(".dbf"))
    assert ["layer.rows-lost"] == _refused(path)


def test_rows_deleted_on_purpose_are_not_missed(tmp_path: Path) -> None:
    """A row marked as deleted in the .dbf is no feature and no loss."""
    path = _write(_frame(), tmp_path / "x.shp")
    content = bytearray(path.with_suffix(".dbf").read_bytes())
    header_bytes, row_bytes = struct.unpack("<HH", content[8:12])
    content[header_bytes + row_bytes] = ord("*")
    path.with_suffix(".dbf").write_bytes(content)
    table, findings = _read(path, columns=["tên"])
    assert table is not None
    assert [NAMES[0], NAMES[2]] == table.columns["tên"].tolist()
    assert [] == _codes(findings)


def test_a_geojson_sequence_with_a_broken_line_is_refused(tmp_path: Path) -> None:
    """GDAL skips such a line without a word."""
    path = _write(_frame(), tmp_path / "x.geojsonl")
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1].replace('"geometry":', '"geometry"'), lines[2]]))
    assert ["layer.rows-lost"] == _refused(path)


def test_a_geopackage_that_is_still_open_is_refused(tmp_path: Path) -> None:
    """Its last rows are in a -wal file that nobody handed in."""
    path = _write(_frame(), tmp_path / "x.gpkg")
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()
    assert ["file.unfinished"] == _refused(path)


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
    path = _write(_frame(), tmp_path / "x.gpkg")
    database = sqlite3.connect(path)
    database.execute(sql)
    database.commit()
    database.close()
    assert ["file.unsafe-content"] == _refused(path)


def test_a_geopackage_with_its_spatial_index_is_fine(tmp_path: Path) -> None:
    """The index is a virtual table too, of the one harmless kind."""
    path = _write(_frame(), tmp_path / "x.gpkg", spatial_index=True)
    schema = sqlite3.connect(path).execute("SELECT sql FROM sqlite_master").fetchall()
    assert any("VIRTUAL TABLE" in str(sql) for (sql,) in schema)
    assert _read(path)[0] is not None


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
    assert ["crs.link"] == _refused(_geojson(tmp_path / "x.geojson", _square(), crs=crs))


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
        assert ["crs.link"] == _refused(path)
    for text in (
        f"{{{body}, 'crs': {link}}}",
        f'{{{body}, /* " */ "crs": {link} /* " */}}',
    ):
        path.write_text(text)
        assert ["file.broken-json"] == _refused(path)


def test_an_attribute_called_crs_is_only_an_attribute(tmp_path: Path) -> None:
    """Text or numbers under that name ask for nothing."""
    frame = _frame()
    frame["crs"] = "http://127.0.0.1:9/x"
    table, findings = _read(_write(frame, tmp_path / "x.geojson"), columns=["crs"])
    assert table is not None
    assert [] == _codes(findings)


def test_a_link_reaches_nobody_even_past_our_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given straight to GDAL, a crs link is answered by a dead proxy: a listener hears nothing."""
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert _read(_write(_frame(), tmp_path / "x.gpkg"))[0] is not None  # locks GDAL down
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        href = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        link = {"type": "link", "properties": {"href": href}}
        path = _geojson(tmp_path / "x.geojson", _square(), crs=link)
        assert ["crs.link"] == _refused(path)
        with warnings.catch_warnings(), contextlib.suppress(pyogrio.errors.DataSourceError):
            warnings.simplefilter("ignore")
            pyogrio.read_info(path)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_spatialite_does_not_answer(tmp_path: Path) -> None:
    """Its functions and virtual tables open any file; GDAL is told not to load it."""
    assert _read(_write(_frame(), tmp_path / "x.gpkg"))[0] is not None
    with pytest.raises(pyogrio.errors.DataLayerError, match="spatialite_version"):
        pyogrio.read_dataframe(tmp_path / "x.gpkg", sql="SELECT spatialite_version()", sql_dialect="SQLITE")


# -- layers and columns ------------------------------------------------------------------------------------


def _layers(path: Path, *layers: str) -> Path:
    for number, layer in enumerate(layers):
        pyogrio.write_dataframe(_frame(NAMES[: number + 1]), path, layer=layer, append=number > 0)
    return path


def test_several_layers_need_a_name(tmp_path: Path) -> None:
    """The sentence lists them; the one that is named is read, and a table of styles does not count."""
    path = _layers(tmp_path / "x.gpkg", "xã", "tỉnh")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer="layer_styles", append=True)
    _, findings = _read(path)
    assert ["layer.several"] == _codes(findings)
    assert "xã, tỉnh." in findings.items[0].message_en
    table, _ = _read(path, layer="tỉnh")
    assert table is not None
    assert ("tỉnh", 2) == (table.layer, len(table.geometry))


def test_a_layer_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    """In formats of several layers and of one."""
    path = _layers(tmp_path / "x.gpkg", "xã", "tỉnh")
    _, findings = _read(path, layer="huyện")
    assert ["layer.missing"] == _codes(findings)
    assert "has no layer huyện; it holds: xã, tỉnh." == findings.items[0].message_en
    for ending in (".fgb", ".geojson", ".shp", ".parquet"):
        single = _write(_frame(), tmp_path / f"một{ending}")
        assert ["layer.missing"] == _refused(single, layer="huyện")
        assert _read(single, layer="một")[0] is not None


def test_a_layer_of_one_geopackage_needs_no_name(tmp_path: Path) -> None:
    """And may be called anything."""
    table, _ = _read(_layers(tmp_path / "x.gpkg", 'a"b; DROP TABLE x'))
    assert table is not None
    assert 'a"b; DROP TABLE x' == table.layer


def test_a_table_without_geometry_is_refused(tmp_path: Path) -> None:
    """In GeoPackage, named or not, and in Parquet."""
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "x.gpkg", layer="bảng")
    assert ["layer.no-geometry"] == _refused(tmp_path / "x.gpkg")
    assert ["layer.no-geometry"] == _refused(tmp_path / "x.gpkg", layer="bảng")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "x.parquet")
    assert ["layer.no-geometry"] == _refused(tmp_path / "x.parquet")


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson", ".fgb", ".parquet"])
def test_a_layer_without_features_is_refused(tmp_path: Path, ending: str) -> None:
    """An empty export is no coverage of nothing; it is a mistake."""
    options = {"geometry_type": "Polygon"} if ending != ".parquet" else {}
    assert "layer.no-features" in _refused(_write(_frame().iloc[:0], tmp_path / f"x{ending}", **options))


def test_every_missing_column_is_named_with_those_that_exist(tmp_path: Path) -> None:
    """All of them at once, together with what else is wrong."""
    frame = _frame().set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        path = _write(frame, tmp_path / "x.gpkg")
    _, findings = _read(path, columns=["mã", "tên", "Dân"])
    assert ["column.missing", "column.missing", "crs.missing-degrees"] == _codes(findings)
    assert {"mã", "Dân", ""} == {finding.column for finding in findings.items}
    assert "the columns are: ma, tên, dân." in findings.items[0].message_en


def test_the_column_of_ids_may_be_called_like_gdals_own(tmp_path: Path) -> None:
    """Columns are found by position, not by a name that a reader also uses."""
    frame = geopandas.GeoDataFrame(
        {"OGC_FID": ["a"], "wkb_geometry": ["b"]}, geometry=[shapely.box(105, 21, 106, 22)], crs=4326
    )
    table, _ = _read(_write(frame, tmp_path / "x.geojson"), columns=None)
    assert table is not None
    assert [["a", "b"]] == table.columns.to_numpy().tolist()


# -- zip files ---------------------------------------------------------------------------------------------


def _zip(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def _shapefile_bytes(folder: Path, stem: str = "x", epsg: int = 4326) -> dict[str, bytes]:
    path = _write(_frame(epsg=epsg), folder / f"{stem}.shp")
    parts = {part.name: part.read_bytes() for part in sorted(folder.glob(f"{stem}.*"))}
    for part in parts:
        (path.parent / part).unlink()
    return parts


def test_what_file_managers_add_to_a_zip_is_ignored(tmp_path: Path) -> None:
    """Apple's copies look like a second Shapefile."""
    parts = _shapefile_bytes(tmp_path)
    junk = {"__MACOSX/gửi/._x.shp": b"j", ".DS_Store": b"j", "Thumbs.db": b"j", "đọc.txt": b"j"}
    path = _zip(tmp_path / "x.zip", **{f"gửi/{name}": part for name, part in parts.items()}, **junk)
    table, findings = _read(path, columns=["tên"])
    assert table is not None
    assert NAMES == table.columns["tên"].tolist()
    assert [] == _codes(findings)


def test_a_zip_of_several_layers_needs_a_name(tmp_path: Path) -> None:
    """The stems are the names of the layers."""
    parts = _shapefile_bytes(tmp_path, "a") | _shapefile_bytes(tmp_path, "b", 3405)
    path = _zip(tmp_path / "x.zip", **parts)
    _, findings = _read(path)
    assert ["layer.several"] == _codes(findings)
    assert "a, b." in findings.items[0].message_en
    assert ["layer.missing"] == _refused(path, layer="c")
    table, _ = _read(path, layer="b")
    assert table is not None
    assert ("b", 3405) == (table.layer, table.crs.to_epsg())


def test_a_zip_may_hold_any_of_the_formats(tmp_path: Path) -> None:
    """But not another zip, and what is inside must be what it is called."""
    inner = _write(_frame(), tmp_path / "x.gpkg").read_bytes()
    assert _read(_zip(tmp_path / "a.zip", **{"x.gpkg": inner}))[0] is not None
    assert ["file.format-mismatch"] == _refused(_zip(tmp_path / "b.zip", **{"x.fgb": inner}))
    assert ["archive.without-layer"] == _refused(_zip(tmp_path / "c.zip", **{"x.zip": inner}))
    assert ["archive.without-layer"] == _refused(_zip(tmp_path / "d.zip", **{"đọc.txt": b"x"}))
    assert ["file.unknown-format"] == _refused(_zip(tmp_path / "e.zip", **{"x.shp": b"x"}))


@pytest.mark.parametrize("name", ["../x.gpkg", "/x.gpkg", "a/../../x.gpkg", "C:x.gpkg", "X.GPKG"])
def test_a_zip_whose_members_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """Also when the name only differs in case, so that one member would overwrite the other."""
    path = _zip(tmp_path / "x.zip", **{"x.gpkg": b"1", name: b"2"})
    before = sorted(tmp_path.parent.iterdir())
    assert ["archive.unsafe-name"] == _refused(path)
    assert before == sorted(tmp_path.parent.iterdir())


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    """Unpacked, it would point anywhere."""
    member = zipfile.ZipInfo("x.gpkg")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(member, "/etc/passwd")
    assert ["archive.unsafe-name"] == _refused(tmp_path / "x.zip")


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    """The flag alone is enough."""
    path = _zip(tmp_path / "x.zip", **{"x.gpkg": b"1"})
    content = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    path.write_bytes(content)
    assert ["archive.encrypted"] == _refused(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """200 MB of zeros in 200 kB are more than any layer shrinks."""
    path = _zip(tmp_path / "x.zip", **{"x.gpkg": b"SQLite format 3\0" + bytes(200_000_000)})
    assert ["archive.too-large"] == _refused(path)


def test_a_zip_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    """GDAL would accept it."""
    inner = _write(_frame(), tmp_path / "x.gpkg").read_bytes()
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x.gpkg", inner)
    content = bytearray((tmp_path / "x.zip").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(content)
    assert ["archive.damaged"] == _refused(tmp_path / "x.zip")


# -- text of Shapefiles ------------------------------------------------------------------------------------


def _shapefile_in(folder: Path, encoding: str, stated: str | None, names: Sequence[str] = NAMES) -> Path:
    """Write a Shapefile whose texts are the bytes of an encoding, with a .cpg that says what it likes."""
    raw = [name.encode(encoding).decode("latin-1") for name in names]
    path = _write(_frame(raw).rename(columns={"tên": "ten"}), folder / "x.shp", encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if stated is not None:
        path.with_suffix(".cpg").write_text(stated)
    return path


def _in_1258(text: str) -> str:
    """Spell Vietnamese as Windows does: tone marks apart, other marks with their letter."""
    spelt = ""
    for sign in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", sign)
        tone = next((mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323"), "")
        spelt += unicodedata.normalize("NFC", parts.replace(tone, "")) + tone if tone else sign
    return spelt


@pytest.mark.parametrize("stated", ["1258", "CP1258", "windows-1258", "ANSI 1258"])
def test_vietnamese_windows_text_keeps_its_last_letter(tmp_path: Path, stated: str) -> None:
    """Code page 1258 is decoded here, because GDAL drops the last letter of every name."""
    path = _shapefile_in(tmp_path, "cp1258", stated, [_in_1258(name) for name in NAMES])
    table, findings = _read(path, columns=["ten"])
    assert table is not None
    assert NAMES == table.columns["ten"].tolist()
    assert [] == _codes(findings)


@pytest.mark.parametrize("stated", ["UTF-8", "utf8", "65001", " UTF-8\r\n"])
def test_stated_utf8_is_read_as_that(tmp_path: Path, stated: str) -> None:
    """In every spelling that programs write."""
    table, findings = _read(_shapefile_in(tmp_path, "utf-8", stated), columns=["ten"])
    assert table is not None
    assert NAMES == table.columns["ten"].tolist()
    assert [] == _codes(findings)


def test_utf8_that_nobody_stated_is_read_with_a_note(tmp_path: Path) -> None:
    """Text that is valid UTF-8 is UTF-8; plain Latin text needs no note."""
    table, findings = _read(_shapefile_in(tmp_path, "utf-8", None), columns=["ten"])
    assert table is not None
    assert NAMES == table.columns["ten"].tolist()
    assert ["text.encoding-guessed"] == _codes(findings)
    assert [] == _codes(_read(_shapefile_in(tmp_path, "utf-8", None, ["a", "b", "c"]), columns=["ten"])[1])


def test_text_nobody_can_decode_is_refused_where_it_is_used(tmp_path: Path) -> None:
    """Unknown or wrongly stated encodings are errors, but not for columns nobody asked for."""
    names = [_in_1258(name) for name in NAMES]
    assert ["text.encoding-unknown", "text.windows-1258"] == _refused(
        _shapefile_in(tmp_path, "cp1258", None, names), columns=["ten"]
    )
    for stated in ("UTF-8", "TCVN3", "rot13", "99999"):
        path = _shapefile_in(tmp_path, "cp1258", stated, names)
        assert ["text.encoding-wrong", "text.windows-1258"] == _refused(path, columns=["ten"])
        assert _read(path, columns=["ma"])[0] is not None  # plain letters are the same in every encoding


def test_vietnamese_column_names_of_a_shapefile_are_decoded(tmp_path: Path) -> None:
    """A name and its values come through together."""
    table, _ = _read(_write(_frame(), tmp_path / "x.shp"), columns=["tên", "dân"])
    assert table is not None
    assert ["tên", "dân"] == list(table.columns)


# -- coordinates -------------------------------------------------------------------------------------------


def _without_crs(path: Path, frame: geopandas.GeoDataFrame) -> Path:
    if path.suffix == ".shp":
        _write(frame, path)
        path.with_suffix(".prj").unlink()
        return path
    bare = frame.set_crs(None, allow_override=True)
    if path.suffix == ".parquet":
        bare.to_parquet(path)
        return path
    with pytest.warns(UserWarning, match="crs"):
        return _write(bare, path)


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet"])
def test_a_file_without_crs_is_refused_with_its_cure(tmp_path: Path, ending: str) -> None:
    """Nothing is guessed, but the sentence shows numbers and says where to state the system."""
    path = _without_crs(tmp_path / f"x{ending}", _frame())
    _, findings = _read(path)
    assert ["crs.missing-degrees"] == _codes(findings)
    assert "x = 10" in findings.items[0].message_en
    assert "crs =" in findings.items[0].cure_en


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet"])
def test_the_project_states_the_crs_where_the_file_does_not(tmp_path: Path, ending: str) -> None:
    """Any name pyproj knows will do, without a finding."""
    path = _without_crs(tmp_path / f"x{ending}", _frame(epsg=3405))
    table, findings = _read(path, crs="EPSG:3405")
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    assert [] == _codes(findings)


def test_geojson_without_a_crs_member_may_be_in_the_system_the_project_states(tmp_path: Path) -> None:
    """Its standard says degrees, but programs write metres; a member that says so cannot be overridden."""
    path = _geojson(tmp_path / "x.geojson", _square(5e5, 2.3e6, 1000))
    assert ["crs.out-of-range"] == _refused(path)
    table, findings = _read(path, crs="EPSG:3405")
    assert table is not None
    assert (3405, []) == (table.crs.to_epsg(), _codes(findings))
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert ["crs.contradicts"] == _refused(_geojson(path, _square(), crs=named), crs="EPSG:3405")


def test_a_crs_of_the_project_must_agree_with_the_file(tmp_path: Path) -> None:
    """The same system in another spelling agrees; another one is a contradiction, never an override."""
    path = _write(_frame(epsg=3405), tmp_path / "x.gpkg")
    assert _read(path, crs="epsg:3405")[0] is not None
    assert _read(_write(_frame(), tmp_path / "y.geojson"), crs="OGC:CRS84")[0] is not None
    _, findings = _read(path, crs="EPSG:4326")
    assert ["crs.contradicts"] == _codes(findings)
    assert "EPSG:3405 (VN-2000 / UTM zone 48N)" in findings.items[0].message_en
    assert ["crs.project-unusable"] == _refused(path, crs="EPSG:hello")


def test_geoparquet_without_the_key_is_in_degrees(tmp_path: Path) -> None:
    """The format says so; only null means that nobody knows."""
    _frame().to_parquet(tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    described = json.loads(table.schema.metadata[b"geo"])
    del described["columns"]["geometry"]["crs"]
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(described)}), tmp_path / "x.parquet")
    read, findings = _read(tmp_path / "x.parquet")
    assert read is not None
    assert read.crs.is_geographic
    assert [] == _codes(findings)


@pytest.mark.parametrize("text", ['LOCAL_CS["x",UNIT["m",1]]', "GEOCCS[broken", "free words"])
def test_a_prj_that_places_nothing_is_refused(tmp_path: Path, text: str) -> None:
    """A local system has no place on the earth."""
    path = _write(_frame(), tmp_path / "x.shp")
    path.with_suffix(".prj").write_text(text)
    assert set(_refused(path)) <= {"crs.unusable", "crs.missing-degrees"}


def test_a_geojson_in_another_system_is_honoured_with_a_note(tmp_path: Path) -> None:
    """The old crs member is no longer in the standard, but people write it."""
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    table, findings = _read(_geojson(tmp_path / "x.geojson", _square(5e5, 2.3e6, 1000), crs=named))
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    assert ["crs.legacy-member"] == _codes(findings)


@pytest.mark.parametrize(
    ("said", "square", "code"),
    [
        (4326, (588_000, 2_325_000, 1000), "crs.out-of-range"),
        (4326, (21, 105, 0.1), "crs.axes-exchanged"),
        (3405, (105, 21, 0.1), "crs.degrees-for-metres"),
        (3405, (2_325_000, 588_000, 1000), "crs.axes-exchanged"),
        (3405, (588_000, -4_000_000, 1000), "crs.outside-area"),
        (25832, (588_000, 2_325_000, 1000), "crs.outside-area"),
        (3405, (1e9, 1e9, 1000), "crs.outside-area"),
    ],
)
def test_numbers_that_cannot_be_coordinates_of_the_system_are_refused(
    tmp_path: Path, said: int, square: tuple[float, float, float], code: str
) -> None:
    """Metres for degrees, degrees for metres, x and y exchanged, the wrong half or part of the earth."""
    shape = shapely.geometry.shape(_square(*square))
    frame = geopandas.GeoDataFrame(geometry=[shape], crs=said)
    assert [code] == _refused(_write(frame, tmp_path / "x.gpkg"))


def test_a_wrong_zone_is_refused_for_communes_and_warned_about_elsewhere(tmp_path: Path) -> None:
    """Hà Nội's coordinates said to be in zone 49 lie near 111.8° E, where that zone is not used."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(588e3, 2325e3, 590e3, 2330e3)], crs=3406)
    path = _write(frame, tmp_path / "x.gpkg")
    table, findings = _read(path)
    assert table is not None
    assert ["crs.beyond-area"] == _codes(findings)
    findings = Findings()
    assert read_vector(path, findings=findings, role="communes") is None
    assert ["crs.outside-area"] == _codes(findings)
    assert "111.9° E" in findings.items[0].message_en


def test_far_islands_may_stand_in_the_zone_of_the_mainland(tmp_path: Path) -> None:
    """Trường Sa at 114.3° E in UTM 48N is unusual, not wrong."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(111.9, 8.6, 112.0, 8.7)], crs=4326).to_crs(3405)
    assert _read(_write(frame, tmp_path / "x.gpkg"))[0] is not None


@pytest.mark.parametrize("epsg", [3148, 4131, 4147, 2044])
def test_old_datums_without_a_known_way_are_warned_about(tmp_path: Path, epsg: int) -> None:
    """For Indian 1960 and Hanoi 1972 PROJ by itself shifts nothing, where the truth is 50 to 570 m."""
    path = _write(_frame(epsg=epsg), tmp_path / "x.gpkg")
    assert ["crs.low-accuracy"] == _codes(_read(path)[1])


def test_a_system_without_a_datum_is_warned_about(tmp_path: Path) -> None:
    """A projection typed by hand is some 220 m off in Viet Nam."""
    path = _write(_frame(epsg=3405), tmp_path / "x.shp")
    wkt = path.with_suffix(".prj").read_text()
    datum = wkt[wkt.index('DATUM["') + 7 : wkt.index('"', wkt.index('DATUM["') + 7)]
    path.with_suffix(".prj").write_text(wkt.replace(datum, "unknown").replace("VN-2000", "x"))
    assert "crs.no-datum" in _codes(_read(path)[1])


# -- geometries --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson", ".geojsonl", ".fgb", ".parquet"])
def test_features_without_geometry_are_left_out_and_listed(tmp_path: Path, ending: str) -> None:
    """The others keep their own names; the finding counts and lists what is missing."""
    frame = _frame()
    frame.loc[1, "geometry"] = None
    options = {"SPATIAL_INDEX": "NO"} if ending == ".fgb" else {}
    table, findings = _read(_write(frame, tmp_path / f"x{ending}", **options), columns=["tên"])
    assert table is not None
    assert [NAMES[0], NAMES[2]] == table.columns["tên"].tolist()
    assert ["geometry.missing"] == _codes(findings)
    assert 1 == findings.items[0].count
    assert (f"(feature ids {2 if ending == '.gpkg' else 1})") in findings.items[0].message_en


def test_features_that_must_have_a_geometry_are_an_error(tmp_path: Path) -> None:
    """A commune without its outline would be missing from the country."""
    frame = _frame()
    frame.loc[1, "geometry"] = None
    assert ["geometry.required"] == _refused(_write(frame, tmp_path / "x.gpkg"), required=True)


def test_empty_and_infinite_geometries_count_as_missing(tmp_path: Path) -> None:
    """NaN and infinity are no places."""
    shapes = [
        shapely.Polygon(),
        shapely.Point(float("nan"), 21),
        shapely.LineString([(105, 21), (float("inf"), 22)]),
        shapely.box(105, 21, 106, 22),
    ]
    frame = geopandas.GeoDataFrame(geometry=shapes, crs=4326)
    table, findings = _read(_write(frame, tmp_path / "x.parquet"))
    assert table is not None
    assert [3] == table.feature_id.tolist()
    assert (["geometry.missing"], 3) == (_codes(findings), findings.items[0].count)


def test_a_layer_of_nothing_but_empty_geometries_is_refused(tmp_path: Path) -> None:
    """It has features and still nothing to show."""
    frame = _frame()
    frame["geometry"] = None
    codes = _refused(_write(frame.set_geometry("geometry", crs=4326), tmp_path / "x.parquet"))
    assert "layer.no-features" in codes


def test_heights_and_measures_are_left_out_with_a_note(tmp_path: Path) -> None:
    """Coverage is flat; x and y stay."""
    high = shapely.force_3d(_frame().geometry.to_numpy(), z=[1.0, 2.0, 3.0])
    frame = geopandas.GeoDataFrame(geometry=high, crs=4326)
    for ending in (".gpkg", ".shp", ".geojson", ".parquet"):
        table, findings = _read(_write(frame, tmp_path / f"x{ending}"))
        assert table is not None
        assert not shapely.has_z(table.geometry).any()
        assert shapely.equals(table.geometry, _frame().geometry.to_numpy()).all()
        assert (["geometry.flattened"], 3) == (_codes(findings), findings.items[0].count)


def test_an_open_ring_is_closed_with_a_note(tmp_path: Path) -> None:
    """GDAL passes it on as it is, and one such ring would fail the whole layer."""
    open_ring = _square()
    open_ring["coordinates"][0].pop()
    table, findings = _read(_geojson(tmp_path / "x.geojson", _square(), open_ring))
    assert table is not None
    assert shapely.equals(table.geometry[0], table.geometry[1])
    assert ["geometry.closed"] == _codes(findings)
    assert "(feature ids 1)" in findings.items[0].message_en


@pytest.mark.parametrize("kinds", [("polygon",), ("line", "point")])
def test_a_wrong_kind_of_geometry_is_refused(tmp_path: Path, kinds: Any) -> None:
    """One feature is enough; the sentence says what it is and what is wanted."""
    line = {"type": "LineString", "coordinates": [[105, 21], [106, 22]]}
    path = _geojson(tmp_path / "x.geojson", _square(), line)
    _, findings = _read(path, kinds=kinds)
    assert ["geometry.wrong-type"] == _codes(findings)
    found, wanted = ("LineString", "Polygon") if kinds == ("polygon",) else ("Polygon", "LineString, Point")
    assert f"features that are {found} where only {wanted} can be used: 1" in findings.items[0].message_en


def test_collections_are_taken_apart(tmp_path: Path) -> None:
    """Polygons that a program wrapped into a collection are used; a stray line beside them is reported."""
    line = {"type": "LineString", "coordinates": [[105, 21], [106, 22]]}
    nested = {"type": "GeometryCollection", "geometries": [_square(107)]}
    path = _geojson(
        tmp_path / "x.geojson",
        {"type": "GeometryCollection", "geometries": [_square(), nested]},
        {"type": "GeometryCollection", "geometries": [_square(), line]},
    )
    table, findings = _read(path, kinds=("polygon",))
    assert table is not None
    assert ["MultiPolygon", "MultiPolygon"] == [shape.geom_type for shape in table.geometry]
    assert [2, 1] == shapely.get_num_geometries(table.geometry).tolist()
    assert ["geometry.collection"] == _codes(findings)
    assert "(feature ids 1)" in findings.items[0].message_en
    assert "geometry.wrong-type" in _refused(path, kinds=("point",))


def _points(*places: tuple[float, float]) -> bytes:
    return b"".join(struct.pack("<dd", *place) for place in places)


def _geopackage_of(path: Path, *shapes: bytes) -> Path:
    """Write a GeoPackage with geometries that shapely cannot make."""
    pyogrio.write_dataframe(_frame(NAMES[: len(shapes)]), path, spatial_index=False, geometry_type="Unknown")
    database = sqlite3.connect(path)
    for number, shape in enumerate(shapes):
        blob = b"GP\0\1" + struct.pack("<i", 4326) + shape
        database.execute("UPDATE x SET geom = ? WHERE fid = ?", (blob, number + 1))
    database.commit()
    database.close()
    return path


def test_circular_arcs_become_straight_edges_with_a_note(tmp_path: Path) -> None:
    """A circle of half a degree, as CAD programs write it, has the area of one within 0.1 %."""
    circle = struct.pack("<BII", 1, 8, 5) + _points(
        (105, 21), (105.5, 21.5), (106, 21), (105.5, 20.5), (105, 21)
    )
    disc = struct.pack("<BII", 1, 10, 1) + circle
    path = _geopackage_of(tmp_path / "x.gpkg", disc, struct.pack("<BII", 1, 12, 1) + disc, circle)
    table, findings = _read(path, columns=["tên"])
    assert table is not None
    assert ["Polygon", "MultiPolygon", "LineString"] == [shape.geom_type for shape in table.geometry]
    assert [np.pi / 4] * 2 == pytest.approx(shapely.area(table.geometry[:2]).tolist(), rel=1e-3)
    assert NAMES == table.columns["tên"].tolist()
    assert [("geometry.curved", 3)] == [(finding.code, finding.count) for finding in findings.items]


def test_kinds_of_geometry_that_nobody_draws_are_listed_as_unusable(tmp_path: Path) -> None:
    """A triangulated surface or an arc inside a collection is left out and told, and fails nothing else."""
    ring = struct.pack("<BIII", 1, 17, 1, 4) + _points((105, 21), (106, 21), (106, 22), (105, 21))
    arc = struct.pack("<BII", 1, 8, 3) + _points((105, 21), (105.5, 21.5), (106, 21))
    square = shapely.to_wkb(shapely.box(105, 21, 106, 22))
    path = _geopackage_of(
        tmp_path / "x.gpkg", struct.pack("<BII", 1, 16, 1) + ring, struct.pack("<BII", 1, 7, 1) + arc, square
    )
    table, findings = _read(path)
    assert table is not None
    assert [3] == table.feature_id.tolist()
    assert [("geometry.missing", 2)] == [(finding.code, finding.count) for finding in findings.items]


def test_circular_arcs_in_geoparquet_are_listed_as_unusable(tmp_path: Path) -> None:
    """The format does not allow them, and only GDAL could straighten them."""
    arc = struct.pack("<BII", 1, 8, 3) + _points((105, 21), (105.5, 21.5), (106, 21))
    _frame().to_parquet(tmp_path / "x.parquet")
    table = pq.read_table(tmp_path / "x.parquet")
    index = table.column_names.index("geometry")
    shapes = [arc, *table.column("geometry").to_pylist()[1:]]
    table = table.set_column(index, table.schema.field(index), pa.array(shapes, pa.binary()))
    pq.write_table(table, tmp_path / "x.parquet")
    read, findings = _read(tmp_path / "x.parquet")
    assert read is not None
    assert [1, 2] == read.feature_id.tolist()
    assert ["geometry.missing"] == _codes(findings)


def test_invalid_polygons_are_passed_on_as_they_are(tmp_path: Path) -> None:
    """Coverage may cross itself; the engine copes, and nothing is repaired in silence."""
    bow_tie = {"type": "Polygon", "coordinates": [[[105, 21], [106, 22], [106, 21], [105, 22], [105, 21]]]}
    table, findings = _read(_geojson(tmp_path / "x.geojson", bow_tie))
    assert table is not None
    assert not shapely.is_valid(table.geometry[0])
    assert [] == _codes(findings)


# -- anything can happen -----------------------------------------------------------------------------------


@settings(max_examples=80)
@given(data=st.data(), ending=st.sampled_from([".gpkg", ".shp", ".geojson", ".geojsonl", ".fgb", ".parquet"]))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, ending: str
) -> None:
    """Whatever bytes are changed, the answer is a table or an error finding."""
    path = _write(_frame(), tmp_path_factory.mktemp("damaged") / f"x{ending}")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    table, findings = _read(path, columns=["tên"])
    assert (table is None) == bool(findings.errors)
    if table is not None:
        assert len(table.geometry) == len(table.columns) == len(table.feature_id)
        assert not shapely.is_missing(table.geometry).any()


# -- real files --------------------------------------------------------------------------------------------


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "layer", "features", "epsg"),
    [
        ("scenario/saomai_4g.gpkg", "", 389, 3405),
        ("scenario/saomai_5g.gpkg", "", 3049, 3405),
        ("scenario/haidang_4g.fgb", "", 34, 4326),
        ("scenario/haidang_5g.geojson", "", 31, 4326),
        ("scenario/bienxanh_4g.shp.zip", "", 14_074, 3405),
        ("scenario/fibre_routes.gpkg", "", 3314, 4326),
        ("ibiza_4g/mobile-coverage.gpkg", "", 770, 4326),
        ("ibiza_4g/area.gpkg", "", 1, 4326),
        ("fibre_west_africa/TGO_lines.geojson", "", 104, 4326),
        ("fibre_west_africa/TGO_nodes.geojson", "", 352, 4326),
        ("vietnam/ne_10m_vietnam_region.gpkg", "ne_10m_admin_0_boundary_lines_land", 14, 4326),
    ],
)
def test_real_files_are_read_whole(realdata: Path, name: str, layer: str, features: int, epsg: int) -> None:
    """Files that other people made come through complete and without a warning."""
    table, findings = _read(realdata / name, layer=layer, columns=None)
    assert table is not None
    assert (features, epsg) == (len(table.geometry), table.crs.to_epsg())
    assert {finding.severity for finding in findings.items} <= {"note"}


@pytest.mark.realdata
def test_a_real_file_with_an_empty_route_is_read_with_a_warning(realdata: Path) -> None:
    """The combined West African routes hold 1,219 features, one of which has no geometry."""
    table, findings = _read(realdata / "fibre_west_africa/combined_lines.geojson", columns=["status"])
    assert table is not None
    assert 1218 == len(table.geometry)
    assert ["geometry.missing", "geometry.flattened"] == _codes(findings)
    assert 840 == (table.columns["status"] == "Operational").sum()  # the empty one is the 841st


@pytest.mark.realdata
def test_vietnamese_attributes_of_a_real_flatgeobuf_come_through(realdata: Path) -> None:
    """Column names and values in Vietnamese, as an operator writes them."""
    table, _ = _read(realdata / "scenario/haidang_4g.fgb", columns=["nha_mang"])
    assert table is not None
    assert {"Hải Đăng"} == set(table.columns["nha_mang"])
