"""A folder of GeoJSON files is one layer, in the order of the names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import shapely

from vector_files import (
    codes_of,
    read_layer,
    refusal_codes,
    square_of,
    three_squares,
    write_geojson,
    write_layer,
)

if TYPE_CHECKING:
    from pathlib import Path


def _folder(path: Path, count: int = 3) -> Path:
    path.mkdir(parents=True)
    for i in range(count):
        name = f"{count - i:05d}_xã.geojson"
        write_geojson(path / name, square_of(105 + i))
        text = (path / name).read_text().replace('{"i": 0}', json.dumps({"code": f"{count - i:05d}"}))
        (path / name).write_text(text)
    return path


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    """One commune per file; files that are no GeoJSON and hidden ones are not looked at."""
    folder = _folder(tmp_path / "wards")
    (folder / "README.md").write_text("x")
    (folder / ".hidden.geojson").write_text("x")
    table, findings = read_layer(folder, columns=["code"])
    assert table is not None
    assert [] == codes_of(findings)
    assert ["00001", "00002", "00003"] == table.columns["code"].tolist()
    assert 107.0 == shapely.bounds(table.geometry[0])[0]


def test_folders_in_a_folder_are_read_where_it_holds_no_file_itself(tmp_path: Path) -> None:
    """A country is often one folder per province."""
    _folder(tmp_path / "country" / "12")
    _folder(tmp_path / "country" / "56", 2)
    table, _ = read_layer(tmp_path / "country", columns=["code"])
    assert table is not None
    assert 5 == len(table.geometry)


def test_a_finding_names_the_file_in_the_folder(tmp_path: Path) -> None:
    """A feature id would not help anyone there."""
    folder = _folder(tmp_path / "wards")
    write_geojson(folder / "00002_xã.geojson", None)
    table, findings = read_layer(folder)
    assert table is not None
    assert 2 == len(table.geometry)
    assert ["geometry.missing"] == codes_of(findings)
    assert "00002_xã.geojson" in findings.items[0].message_en


def test_every_broken_file_of_a_folder_is_named(tmp_path: Path) -> None:
    """All of them at once, and nothing is read."""
    folder = _folder(tmp_path / "wards")
    (folder / "00001_xã.geojson").write_text('{"type": "FeatureCollection"')
    (folder / "00003_xã.geojson").write_text('{"type": "FeatureCollection", "features": [1]}')
    table, findings = read_layer(folder)
    assert table is None
    assert ["wards/00001_xã.geojson", "wards/00003_xã.geojson"] == [item.file for item in findings.errors]
    assert {"file.broken-json"} == set(codes_of(findings))


def test_a_folder_may_not_mix_coordinate_systems(tmp_path: Path) -> None:
    """One file in another zone would be displaced without a word."""
    folder = _folder(tmp_path / "wards")
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    write_geojson(folder / "00002_xã.geojson", square_of(5e5, 2.3e6, 1000), crs=named)
    assert ["crs.several"] == refusal_codes(folder)


def test_a_folder_states_its_system_together(tmp_path: Path) -> None:
    """All files in one old-style system are read in it; WGS 84 may be spelt out or not."""
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}
    _folder(tmp_path / "a", 2)
    for file in (tmp_path / "a").iterdir():
        write_geojson(file, square_of(5e5, 2.3e6, 1000), crs=named)
    table, _ = read_layer(tmp_path / "a")
    assert table is not None
    assert 3405 == table.crs.to_epsg()
    _folder(tmp_path / "b", 2)
    named["properties"] = {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}  # type: ignore[assignment]
    write_geojson(tmp_path / "b" / "00002_xã.geojson", square_of(), crs=named)
    assert read_layer(tmp_path / "b")[0] is not None


def test_a_folder_without_geojson_is_refused(tmp_path: Path) -> None:
    """Also a folder that holds a Shapefile: the file itself must be named."""
    write_layer(three_squares(), tmp_path / "x.shp")
    assert ["file.is-folder"] == refusal_codes(tmp_path)
