"""Vector files: every format reads alike, and whatever is wrong is said in one sentence with a cure."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

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

from blackspot.data.parsers.geoparquet import GeoParquetFile
from vector_files import (
    ENDINGS,
    HOSTILE_NAMES,
    NAMES,
    codes_of,
    read_layer,
    refusal_codes,
    square_of,
    three_squares,
    write_geojson,
    write_layer,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


# -- every format ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_format_gives_the_same_table(tmp_path: Path, ending: str) -> None:
    """Shapes, Vietnamese names, codes with leading zeros and whole numbers come through, without a finding."""
    path = write_layer(three_squares(), tmp_path / f"xã phường{ending}")
    table, findings = read_layer(path, columns=["tên", "ma", "dân"])
    assert table is not None
    assert [] == codes_of(findings)
    order = np.argsort(table.columns["ma"].to_numpy())  # FlatGeobuf files stand in spatial order
    assert NAMES == table.columns["tên"].to_numpy()[order].tolist()
    assert ["00000", "00001", "00002"] == table.columns["ma"].to_numpy()[order].tolist()
    assert [0, 1, 2] == table.columns["dân"].to_numpy()[order].tolist()
    assert ["tên", "ma", "dân"] == list(table.columns)
    assert shapely.equals(table.geometry[order], three_squares().geometry.to_numpy()).all()
    assert 4326 == table.crs.to_epsg() or "CRS84" in table.crs.name
    assert [0, 1, 2] == sorted(table.feature_id - table.feature_id.min())
    assert ("xã phường", path) == (table.facts.layer, table.facts.path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_hostile_names_are_only_text(tmp_path: Path, ending: str) -> None:
    """Template code, markup, formulas and quotes come through as they are."""
    table, _ = read_layer(write_layer(three_squares(HOSTILE_NAMES), tmp_path / f"x{ending}"), columns=["tên"])
    assert table is not None
    assert sorted(HOSTILE_NAMES) == sorted(table.columns["tên"])


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "name", ["a b", "a!b", "$(touch x)", "a\nb", "vsizip", "x?y=1", "Đồng", "-o", "%20", "a.b"]
)
def test_a_file_may_be_called_anything(tmp_path: Path, ending: str, name: str) -> None:
    """Names that libraries take for addresses, archives or options are only names."""
    write_layer(three_squares(), tmp_path / f"x{ending}")
    for part in sorted(tmp_path.glob("x.*")):
        part.rename(tmp_path / f"{name}{part.suffix}")
    table, findings = read_layer(tmp_path / f"{name}{ending}")
    assert table is not None
    assert [] == codes_of(findings)


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".fgb", ".parquet"])
@pytest.mark.parametrize("epsg", [3405, 3406, 9205, 9210, 9218, 5897, 32648])
def test_vietnamese_zones_are_read(tmp_path: Path, ending: str, epsg: int) -> None:
    """VN-2000 in UTM and TM-3 zones keeps its system and, back in degrees, its place within a metre."""
    frame = geopandas.GeoDataFrame(geometry=[shapely.box(107.0, 14.0, 107.1, 14.1)], crs=4326)
    table, findings = read_layer(write_layer(frame.to_crs(epsg), tmp_path / f"x{ending}"))
    assert table is not None
    assert epsg == table.crs.to_epsg()
    assert not findings.errors
    back = geopandas.GeoSeries(table.geometry, crs=table.crs).to_crs(4326)
    assert shapely.hausdorff_distance(back.iloc[0], frame.geometry.iloc[0]) < 1e-5


@pytest.mark.parametrize("columns", [(), None, ["dân"], ["dân", "dân", "ma"]])
def test_only_the_columns_asked_for_are_read(tmp_path: Path, columns: Sequence[str] | None) -> None:
    """None reads all, an empty list reads the geometry, a name twice gives one column."""
    table, _ = read_layer(write_layer(three_squares(), tmp_path / "x.gpkg"), columns=columns)
    assert table is not None
    expected = ["ma", "tên", "dân"] if columns is None else list(dict.fromkeys(columns))
    assert expected == list(table.columns)
    assert 3 == len(table.columns)


def test_a_column_is_found_in_either_form_of_its_accents(tmp_path: Path) -> None:
    """A name typed with combining accents finds the column written with composed ones."""
    apart = unicodedata.normalize("NFD", "tên")
    table, _ = read_layer(write_layer(three_squares(), tmp_path / "x.gpkg"), columns=[apart])
    assert table is not None
    assert [apart] == list(table.columns)
    assert NAMES == table.columns[apart].tolist()


def test_whole_numbers_stay_whole_beside_empty_cells(tmp_path: Path) -> None:
    """A code kept as a number does not become 4.0 because another row is empty."""
    frame = three_squares()
    frame["n"] = pd.array([4, None, 7], dtype="Int64")
    table, _ = read_layer(write_layer(frame, tmp_path / "x.gpkg"), columns=["n"])
    assert table is not None
    assert ["4", "<NA>", "7"] == [str(value) for value in table.columns["n"]]


def test_categories_may_differ_from_piece_to_piece(tmp_path: Path) -> None:
    """A column of categories whose list is another one in each row group is read, and can be handed over."""
    three_squares().assign(kind=["a", "b", "a"]).to_parquet(tmp_path / "plain.parquet")
    plain = pq.read_table(tmp_path / "plain.parquet")
    at = plain.column_names.index("kind")
    pieces = [piece.set_column(at, "kind", piece["kind"].dictionary_encode()) for piece in _rows_of(plain)]
    with pq.ParquetWriter(tmp_path / "x.parquet", pieces[0].schema) as writer:
        for piece in pieces:
            writer.write_table(piece)
    table, _ = read_layer(tmp_path / "x.parquet", columns=["kind"])
    assert ["a", "b", "a"] == table.columns["kind"].tolist()


def _rows_of(table: pa.Table) -> list[pa.Table]:
    return [table.slice(row, 1).combine_chunks() for row in range(table.num_rows)]


def test_geoparquet_is_the_same_however_many_rows_are_read_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row at a time, and no rows at all."""
    monkeypatch.setattr("blackspot.data.parsers.geoparquet._BATCH_BYTES", 1)
    for frame in (three_squares(), three_squares()[:0]):
        frame.to_parquet(tmp_path / "x.parquet")
        with GeoParquetFile(tmp_path / "x.parquet") as file:
            columns, wkb = file.read(["tên"])
        assert frame["tên"].tolist() == columns[0].to_pylist()
        assert frame.geometry.to_wkb().tolist() == wkb.to_pylist()


def test_native_geoparquet_encodings_are_read(tmp_path: Path) -> None:
    """GeoParquet 1.1 may keep coordinates as nested lists instead of bytes."""
    three_squares().to_parquet(tmp_path / "x.parquet", geometry_encoding="geoarrow")
    table, _ = read_layer(tmp_path / "x.parquet", columns=["tên"])
    assert table is not None
    assert NAMES == table.columns["tên"].tolist()
    assert shapely.equals(table.geometry, three_squares().geometry.to_numpy()).all()


def test_record_separators_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """GeoJSONSeq of RFC 8142, and files from Windows programs."""
    feature = json.dumps({"type": "Feature", "properties": {}, "geometry": square_of()})
    (tmp_path / "x.geojsons").write_text(f"\x1e{feature}\n\x1e{feature}\n")
    write_geojson(tmp_path / "y.geojson", square_of())
    (tmp_path / "y.geojson").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "y.geojson").read_bytes())
    for name, count in (("x.geojsons", 2), ("y.geojson", 1)):
        table, _ = read_layer(tmp_path / name)
        assert table is not None
        assert count == len(table.geometry)


# -- layers and columns ------------------------------------------------------------------------------------


def _layers(path: Path, *layers: str) -> Path:
    for number, layer in enumerate(layers):
        pyogrio.write_dataframe(three_squares(NAMES[: number + 1]), path, layer=layer, append=number > 0)
    return path


def test_several_layers_need_a_name(tmp_path: Path) -> None:
    """The sentence lists them; the one that is named is read, and a table of styles does not count."""
    path = _layers(tmp_path / "x.gpkg", "xã", "tỉnh")
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), path, layer="layer_styles", append=True)
    _, findings = read_layer(path)
    assert ["layer.several"] == codes_of(findings)
    assert "xã, tỉnh." in findings.items[0].message_en
    table, _ = read_layer(path, layer="tỉnh")
    assert table is not None
    assert ("tỉnh", 2) == (table.facts.layer, len(table.geometry))


def test_a_layer_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    """In formats of several layers and of one."""
    path = _layers(tmp_path / "x.gpkg", "xã", "tỉnh")
    _, findings = read_layer(path, layer="huyện")
    assert ["layer.missing"] == codes_of(findings)
    assert "has no layer huyện; it holds: xã, tỉnh." == findings.items[0].message_en
    for ending in (".fgb", ".geojson", ".shp", ".parquet"):
        single = write_layer(three_squares(), tmp_path / f"một{ending}")
        assert ["layer.missing"] == refusal_codes(single, layer="huyện")
        assert read_layer(single, layer="một")[0] is not None


def test_a_layer_of_one_geopackage_needs_no_name(tmp_path: Path) -> None:
    """And may be called anything."""
    table, _ = read_layer(_layers(tmp_path / "x.gpkg", 'a"b; DROP TABLE x'))
    assert table is not None
    assert 'a"b; DROP TABLE x' == table.facts.layer


def test_a_table_without_geometry_is_refused(tmp_path: Path) -> None:
    """In GeoPackage, named or not, and in Parquet."""
    pyogrio.write_dataframe(pd.DataFrame({"a": [1]}), tmp_path / "x.gpkg", layer="bảng")
    assert ["layer.no-geometry"] == refusal_codes(tmp_path / "x.gpkg")
    assert ["layer.no-geometry"] == refusal_codes(tmp_path / "x.gpkg", layer="bảng")
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "x.parquet")
    assert ["layer.no-geometry"] == refusal_codes(tmp_path / "x.parquet")


@pytest.mark.parametrize("ending", [".gpkg", ".shp", ".geojson", ".fgb", ".parquet"])
def test_a_layer_without_features_is_refused(tmp_path: Path, ending: str) -> None:
    """An empty export is no coverage of nothing; it is a mistake."""
    options = {"geometry_type": "Polygon"} if ending != ".parquet" else {}
    assert "layer.no-features" in refusal_codes(
        write_layer(three_squares().iloc[:0], tmp_path / f"x{ending}", **options)
    )


def test_every_missing_column_is_named_with_those_that_exist(tmp_path: Path) -> None:
    """All of them at once, together with what else is wrong."""
    frame = three_squares().set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        path = write_layer(frame, tmp_path / "x.gpkg")
    _, findings = read_layer(path, columns=["mã", "tên", "Dân"])
    assert ["column.missing", "column.missing", "crs.missing-degrees"] == codes_of(findings)
    assert {"mã", "Dân", ""} == {finding.column for finding in findings.items}
    assert "the columns are: ma, tên, dân." in findings.items[0].message_en


def test_the_column_of_ids_may_be_called_like_gdals_own(tmp_path: Path) -> None:
    """Columns are found by position, not by a name that a reader also uses."""
    frame = geopandas.GeoDataFrame(
        {"OGC_FID": ["a"], "wkb_geometry": ["b"]}, geometry=[shapely.box(105, 21, 106, 22)], crs=4326
    )
    table, _ = read_layer(write_layer(frame, tmp_path / "x.geojson"), columns=None)
    assert table is not None
    assert [["a", "b"]] == table.columns.to_numpy().tolist()


# -- anything can happen -----------------------------------------------------------------------------------


@settings(max_examples=30)
@given(data=st.data(), ending=st.sampled_from([".gpkg", ".shp", ".geojson", ".geojsonl", ".fgb", ".parquet"]))
def test_a_damaged_file_is_read_or_refused_but_never_crashes(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, ending: str
) -> None:
    """Whatever bytes are changed, the answer is a table or an error finding."""
    path = write_layer(three_squares(), tmp_path_factory.mktemp("damaged") / f"x{ending}")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    table, findings = read_layer(path, columns=["tên"])
    assert (table is None) == bool(findings.errors)
    if table is not None:
        assert len(table.geometry) == len(table.columns) == len(table.feature_id)
        assert not shapely.is_missing(table.geometry).any()


# -- real files --------------------------------------------------------------------------------------------


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
    table, findings = read_layer(realdata / name, layer=layer, columns=None)
    assert table is not None
    assert (features, epsg) == (len(table.geometry), table.crs.to_epsg())
    assert {finding.severity for finding in findings.items} <= {"note"}


def test_a_real_file_with_an_empty_route_is_read_with_a_warning(realdata: Path) -> None:
    """The combined West African routes hold 1,219 features, one of which has no geometry."""
    table, findings = read_layer(realdata / "fibre_west_africa/combined_lines.geojson", columns=["status"])
    assert table is not None
    assert 1218 == len(table.geometry)
    assert ["geometry.missing", "geometry.flattened"] == codes_of(findings)
    assert 840 == (table.columns["status"] == "Operational").sum()  # the empty one is the 841st


def test_vietnamese_attributes_of_a_real_flatgeobuf_come_through(realdata: Path) -> None:
    """Column names and values in Vietnamese, as an operator writes them."""
    table, _ = read_layer(realdata / "scenario/haidang_4g.fgb", columns=["nha_mang"])
    assert table is not None
    assert {"Hải Đăng"} == set(table.columns["nha_mang"])
