"""Text of Shapefiles: Vietnamese in every encoding, or refused where it is used."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from vector_files import NAMES, codes_of, read_layer, refusal_codes, three_squares, write_layer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def _shapefile_in(folder: Path, encoding: str, stated: str | None, names: Sequence[str] = NAMES) -> Path:
    """Write a Shapefile whose texts are the bytes of an encoding, with a .cpg that says what it likes."""
    raw = [name.encode(encoding).decode("latin-1") for name in names]
    path = write_layer(
        three_squares(raw).rename(columns={"tên": "ten"}), folder / "x.shp", encoding="ISO-8859-1"
    )
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
    table, findings = read_layer(path, columns=["ten"])
    assert table is not None
    assert NAMES == table.columns["ten"].tolist()
    assert [] == codes_of(findings)


@pytest.mark.parametrize("stated", ["UTF-8", "utf8", "65001", " UTF-8\r\n"])
def test_stated_utf8_is_read_as_that(tmp_path: Path, stated: str) -> None:
    """In every spelling that programs write."""
    table, findings = read_layer(_shapefile_in(tmp_path, "utf-8", stated), columns=["ten"])
    assert table is not None
    assert NAMES == table.columns["ten"].tolist()
    assert [] == codes_of(findings)


def test_utf8_that_nobody_stated_is_read_with_a_note(tmp_path: Path) -> None:
    """Text that is valid UTF-8 is UTF-8; plain Latin text needs no note."""
    table, findings = read_layer(_shapefile_in(tmp_path, "utf-8", None), columns=["ten"])
    assert table is not None
    assert NAMES == table.columns["ten"].tolist()
    assert ["text.encoding-guessed"] == codes_of(findings)
    assert [] == codes_of(
        read_layer(_shapefile_in(tmp_path, "utf-8", None, ["a", "b", "c"]), columns=["ten"])[1]
    )


def test_text_nobody_can_decode_is_refused_where_it_is_used(tmp_path: Path) -> None:
    """Unknown or wrongly stated encodings are errors, but not for columns nobody asked for."""
    names = [_in_1258(name) for name in NAMES]
    assert ["text.encoding-unknown", "text.windows-1258"] == refusal_codes(
        _shapefile_in(tmp_path, "cp1258", None, names), columns=["ten"]
    )
    for stated in ("UTF-8", "TCVN3", "rot13", "99999"):
        path = _shapefile_in(tmp_path, "cp1258", stated, names)
        assert ["text.encoding-wrong", "text.windows-1258"] == refusal_codes(path, columns=["ten"])
        assert read_layer(path, columns=["ma"])[0] is not None  # plain letters are the same in every encoding


def test_vietnamese_column_names_of_a_shapefile_are_decoded(tmp_path: Path) -> None:
    """A name and its values come through together."""
    table, _ = read_layer(write_layer(three_squares(), tmp_path / "x.shp"), columns=["tên", "dân"])
    assert table is not None
    assert ["tên", "dân"] == list(table.columns)


def test_text_that_is_no_utf8_in_a_geoparquet_is_told_once(tmp_path: Path) -> None:
    """The reader that finds it hands nothing on, so that nobody stumbles over it a second time."""
    path = write_layer(three_squares(), tmp_path / "x.parquet")
    table = pq.read_table(path)
    latin = pa.array([b"\xd0i\xea\xf2n"] * 3, type=pa.binary())
    text = pa.StringArray.from_buffers(3, latin.buffers()[1], latin.buffers()[2])
    named = table.set_column(table.column_names.index("tên"), "tên", text)
    pq.write_table(named.replace_schema_metadata(table.schema.metadata), path)
    assert ["text.encoding-wrong"] == refusal_codes(path, columns=["tên"])
    assert read_layer(path, columns=["ma"])[0] is not None
