"""Half of a file is told from a whole one by sizes and ends alone, in every format that says where it ends."""

from __future__ import annotations

import os
import shutil
import sqlite3
import struct
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from blackspot.data.disk.copying import MAX_BYTES, NotRegularError, TooLargeError
from blackspot.data.inbox.completeness import lacks, may_grow
from small_country import box, frame, write_people

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.text.sentences import Phrase

KML = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>\n'


def beside(main: Path) -> dict[str, Path]:
    return {path.suffix: path for path in main.parent.glob(f"{main.stem}.*") if path != main}


def key(found: Phrase | None) -> str:
    return "" if found is None else found.key


def whole(folder: Path, name: str) -> Path:
    """Write a whole file as the libraries of senders do."""
    path = folder / name
    shapes = frame([box(0, 0, 4, 4), box(6, 6, 9, 9)], name=["một", "hai"])
    if path.suffix == ".kml":
        path.write_text(KML, encoding="utf-8")
    elif path.suffix == ".tif":
        write_people(path)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.comment = b"from Sao Mai"
            for number in range(20):
                archive.writestr(f"{number}.csv", "name,wkt\n" * 200)
    elif path.suffix == ".parquet":
        shapes.to_parquet(path)
    else:
        shapes.to_file(path)
    return path


@pytest.mark.parametrize(
    "name", ["a.gpkg", "a.geojson", "a.geojsonl", "a.parquet", "a.kml", "a.zip", "a.tif"]
)
def test_a_whole_file_is_whole_and_no_part_of_it_is(tmp_path: Path, name: str) -> None:
    """Cut off at every tenth of its length, and one byte before its end; text with brackets after any byte."""
    path = whole(tmp_path, name)
    assert lacks(path, {}) is None
    assert not may_grow(path, {})
    content = path.read_bytes()
    needed = len(content.rstrip(b"\n"))
    cuts = [needed * tenth // 10 for tenth in range(1, 10)]
    if path.suffix == ".tif":
        cuts = [cut for cut in cuts if cut < int.from_bytes(content[4:8], "little") + 2]
        path.write_bytes(content[:6])
        assert lacks(path, {}) is not None
    else:
        cuts.append(needed - 1)
    if "json" in name:
        cuts = [cut for cut in range(1, needed) if content[cut - 1 : cut] != b"\n"]  # whole lines are whole
    for cut in cuts:
        path.write_bytes(content[:cut])
        assert key(lacks(path, {})) in {"half-cut", "half-end"} or may_grow(path, {}), cut


def test_a_shapefile_is_whole_with_what_it_needs(tmp_path: Path) -> None:
    """Without .shx or .dbf, or with one that is cut, it is not; the .prj may come late."""
    main = whole(tmp_path, "a.shp")
    assert lacks(main, beside(main)) is None
    assert not may_grow(main, beside(main))
    for ending in (".shx", ".dbf"):
        there = {other: path for other, path in beside(main).items() if other != ending}
        found = lacks(main, there)
        assert ("half-companion", (("missing", ending),)) == (key(found), found.values if found else ())
    (tmp_path / "a.prj").unlink()
    assert lacks(main, beside(main)) is None
    assert may_grow(main, beside(main))
    for ending in (".shx", ".dbf", ".shp"):
        part = tmp_path / f"a{ending}"
        content = part.read_bytes()
        part.write_bytes(content[:-20])
        assert key(lacks(main, beside(main))) == "half-cut", ending
        part.write_bytes(content[:10])
        assert key(lacks(main, beside(main))) == "half-cut", ending
        part.write_bytes(content)
    assert lacks(main, beside(main)) is None


def test_mapinfo_needs_its_companions(tmp_path: Path) -> None:
    """A table of four files, and a pair."""
    for name, missing in (("a.tab", ".dat, .map, .id"), ("a.mif", ".mid")):
        path = tmp_path / name
        path.write_text("!table\n", encoding="utf-8")
        found = lacks(path, {})
        assert found is not None
        assert (("missing", missing),) == found.values


def test_a_database_that_is_open_elsewhere_is_not_whole(tmp_path: Path) -> None:
    """A journal beside it holds rows that the file lacks, or what undoes those that it has."""
    path = whole(tmp_path, "a.gpkg")
    for journal in ("a.gpkg-wal", "a.gpkg-journal"):
        (tmp_path / journal).touch()
        found = lacks(path, {})
        assert found is not None
        assert ("half-open", (("name", journal),)) == (found.key, found.values)
        (tmp_path / journal).unlink()


def test_a_database_of_the_largest_pages_is_measured(tmp_path: Path) -> None:
    """Pages of 65,536 bytes are written as 1."""
    path = tmp_path / "a.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 65536")
        database.execute("CREATE TABLE a (b)")
        database.commit()
    assert lacks(path, {}) is None
    path.write_bytes(path.read_bytes()[:-1])
    assert key(lacks(path, {})) == "half-cut"


def test_a_size_that_is_out_of_date_is_not_believed(tmp_path: Path) -> None:
    """Old programs write the pages of an SQLite file without keeping their number."""
    path = whole(tmp_path, "a.gpkg")
    content = bytearray(path.read_bytes())
    content[28:32] = struct.pack(">I", 10**6)
    path.write_bytes(content)
    assert key(lacks(path, {})) == "half-cut"
    content[92:96] = b"\xff" * 4
    path.write_bytes(content)
    assert lacks(path, {}) is None


def test_a_zip_file_may_be_large_and_may_be_empty(tmp_path: Path) -> None:
    """Zip64 says elsewhere where its list is; an empty archive has no member to begin with."""
    path = tmp_path / "a.zip"
    zipfile.ZipFile(path, "w").close()
    assert lacks(path, {}) is None
    last = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(b"PK\x03\x04" + bytes(50) + b"PK\x06\x07" + bytes(16) + last)
    assert lacks(path, {}) is None
    path.write_bytes(b"PK\x03\x04" + bytes(70) + last)
    assert key(lacks(path, {})) == "half-end"
    shutil.copy(whole(tmp_path, "b.zip"), path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"PK\x01\x02", b"XX\x01\x02"))
    assert key(lacks(path, {})) == "half-end"


def test_json_ends_with_its_brace_whatever_follows(tmp_path: Path) -> None:
    """Line ends and spaces count for nothing, and neither do the zeros of UTF-16."""
    path = tmp_path / "a.geojson"
    for text in ('{"a": 1}\r\n\n', '{"a": 1}  \t'):
        path.write_text(text, encoding="utf-8")
        assert lacks(path, {}) is None
    path.write_text('{"a": 1}\n', encoding="utf-16")
    assert lacks(path, {}) is None


def test_a_bracket_in_a_name_delays_a_file_and_keeps_nothing_out(tmp_path: Path) -> None:
    """It is whole as it stands, but is left for longer."""
    path = tmp_path / "a.geojson"
    path.write_text('{"name": "[ Sao Mai"}\n', encoding="utf-8")
    assert lacks(path, {}) is None
    assert may_grow(path, {})


def test_a_table_whose_last_line_does_not_end_may_go_on(tmp_path: Path) -> None:
    """It is whole as it stands, but is left for longer."""
    path = tmp_path / "a.csv"
    for text, grows in (("a,b\n1,2\n", False), ("a,b\r1,2\r", False), ("a,b\n1,2", True)):
        path.write_bytes(text.encode())
        assert lacks(path, {}) is None
        assert grows == may_grow(path, {})
    path.write_text("a,b\n1,2\n", encoding="utf-16")
    assert not may_grow(path, {})


def test_formats_that_do_not_say_where_they_end_count_as_whole(tmp_path: Path) -> None:
    """The age of the file has to do."""
    path = whole(tmp_path, "a.fgb")
    path.write_bytes(path.read_bytes()[:-5])
    assert lacks(path, {}) is None
    assert not may_grow(path, {})


def test_nothing_is_opened_that_is_no_file(tmp_path: Path) -> None:
    """A pipe that has come under the name meanwhile is not waited for, a link not followed."""
    pipe = tmp_path / "a.geojson"
    os.mkfifo(pipe)
    link = tmp_path / "b.geojson"
    link.symlink_to("/etc/passwd")
    for path in (pipe, link):
        with pytest.raises(NotRegularError):
            lacks(path, {})


def test_a_file_without_end_is_not_read_through(tmp_path: Path) -> None:
    """A file of holes costs its sender nothing; no bracket of it is counted."""
    path = tmp_path / "a.geojson"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(TooLargeError):
        lacks(path, {})


def test_an_empty_file_is_not_whole(tmp_path: Path) -> None:
    """In any format."""
    for name in ("a.csv", "a.fgb", "a.gpkg"):
        (tmp_path / name).touch()
        assert key(lacks(tmp_path / name, {})) == "half-empty"
