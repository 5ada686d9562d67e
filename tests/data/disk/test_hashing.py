"""Inputs are known by their content, wherever they stand."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from blackspot.data.disk.hashing import companions, input_file, sha256_of


def _write(folder: Path, **contents: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name.replace("__", ".")).write_bytes(content)
    return folder


def test_a_file_has_the_hash_of_its_bytes(tmp_path: Path) -> None:
    """Anyone can check it with sha256sum; role, size and vintage are kept."""
    file = tmp_path / "xã.gpkg"
    file.write_bytes(b"abc" * 1_000_000)
    found = input_file("communes", file, "2026-07")
    assert hashlib.sha256(b"abc" * 1_000_000).hexdigest() == found.sha256
    assert ("communes", file, 3_000_000, "2026-07") == (found.role, found.path, found.size, found.vintage)
    assert found.sha256 == sha256_of(file)


def test_a_shapefile_is_hashed_with_its_companions(tmp_path: Path) -> None:
    """Another .prj, .cpg or .dbf is another input; indexes, metadata and neighbours are not part of it."""
    folder = _write(tmp_path / "a", x__shp=b"1", x__shx=b"2", x__dbf=b"3", x__prj=b"4", x__cpg=b"5")
    first = input_file("coverage", folder / "x.shp")
    assert 5 == first.size
    _write(folder, x__qix=b"6", y__prj=b"7", x__xml=b"8")
    assert first.sha256 == input_file("coverage", folder / "x.shp").sha256
    for ending in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        changed = tmp_path / ending
        shutil.copytree(folder, changed)
        (changed / f"x{ending}").write_bytes(b"other")
        assert first.sha256 != input_file("coverage", changed / "x.shp").sha256


def test_a_shapefile_may_be_spelt_in_capitals(tmp_path: Path) -> None:
    """X.SHP with X.DBF is the same input as X.shp with X.dbf, and is told from a file of another name."""
    upper = _write(tmp_path / "a", X__SHP=b"1", X__DBF=b"2", Y__DBF=b"3")
    lower = _write(tmp_path / "b", X__shp=b"1", X__dbf=b"2")
    assert [".dbf"] == list(companions(upper / "X.SHP"))
    assert input_file("c", upper / "X.SHP").sha256 == input_file("c", lower / "X.shp").sha256


def test_a_folder_is_hashed_by_names_and_contents(tmp_path: Path) -> None:
    """The same files anywhere give the same hash; a changed, renamed, added or moved file another one."""
    one = _write(tmp_path / "one", a__geojson=b"1", b__geojson=b"2")
    _write(one / "sub", c__geojson=b"3")
    two = tmp_path / "elsewhere" / "two"
    shutil.copytree(one, two)
    first = input_file("communes", one)
    assert (first.sha256, 3) == (input_file("communes", two).sha256, first.size)
    (two / "b.geojson").write_bytes(b"changed")
    changed = input_file("communes", two).sha256
    (two / "b.geojson").rename(two / "d.geojson")
    renamed = input_file("communes", two).sha256
    assert 3 == len({first.sha256, changed, renamed})


def test_hidden_files_and_links_do_not_count(tmp_path: Path) -> None:
    """What a file manager or a link puts into a folder changes nothing."""
    folder = _write(tmp_path / "a", a__geojson=b"1")
    first = input_file("communes", folder).sha256
    _write(folder / ".git", config=b"x")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "link.geojson").symlink_to(tmp_path / "a" / "a.geojson")
    assert first == input_file("communes", folder).sha256


def test_names_that_are_no_text_are_hashed_too(tmp_path: Path) -> None:
    """A name in an old encoding is only bytes to the disk, and must not stop a run."""
    folder = tmp_path / "a"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/x\xe3.geojson")).write_bytes(b"1")
    except OSError:
        pytest.skip("this disk takes only names in UTF-8")
    assert 64 == len(input_file("communes", folder).sha256)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """Nothing is hashed in place of what is not there."""
    with pytest.raises(FileNotFoundError):
        input_file("communes", tmp_path / "none.gpkg")
