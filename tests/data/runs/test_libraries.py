"""The versions of everything below."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.runs import libraries
from blackspot.data.runs.libraries import (
    _ROOMS,
    _ROOT,
    KEPT_VERSIONS,
    _code,
    library_versions,
    versions_to_compare,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Get a word each time that the libraries themselves are asked."""
    times: list[str] = []
    ask = libraries._native

    def counted() -> dict[str, str]:
        times.append("asked")
        return ask()

    monkeypatch.setattr(libraries, "_native", counted)
    return times


def test_versions_tell_both_gdals_apart() -> None:
    """rasterio and pyogrio each bring a GDAL; each is named, and nothing is empty."""
    versions = library_versions()
    assert {
        "gdal_rasterio",
        "gdal_pyogrio",
        "proj_rasterio",
        "proj_pyproj",
        "geos_shapely",
        "numpy",
    } <= versions.keys()
    assert all(text[0].isdigit() for name, text in versions.items() if name != "code")
    assert versions == library_versions()


def test_corrected_code_is_another_program(tmp_path: Path) -> None:
    """One byte of any kind of file of the package; what Python compiles and hidden files count for nothing."""
    root = tmp_path / "blackspot"
    for room in _ROOMS:
        shutil.copytree(_ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__"))
    for path in _ROOT.glob("*.py"):
        shutil.copy(path, root)
    whole = _code(root)
    assert _code(_ROOT) == whole == library_versions()["code"]
    for name in (
        "errors.py",
        "coverage/overlay/join.py",
        "data/text/catalogue/about.toml",
        "maps/static/map.css",
    ):
        content = (root / name).read_bytes()
        (root / name).write_bytes(content + b"\n")
        assert whole != _code(root)
        (root / name).write_bytes(content)
    (root / "maps" / "__pycache__").mkdir()
    (root / "maps" / "__pycache__" / "build.pyc").touch()
    (root / "maps" / ".build.py.swp").touch()
    assert whole == _code(root)


def test_what_the_libraries_said_is_believed_while_their_files_are_the_same(
    tmp_path: Path, asked: list[str]
) -> None:
    """The first comparison asks and keeps, later ones read; the answer has the same order to the last letter."""
    kept = tmp_path / "cache" / KEPT_VERSIONS
    first = versions_to_compare(kept)
    assert ["asked"] == asked
    content = json.loads(kept.read_bytes())
    for name in ("libgdal", "libproj", "shapely"):
        assert any(name in path for path in content["files"])
    assert json.dumps(first) == json.dumps(versions_to_compare(kept)) == json.dumps(library_versions())
    assert ["asked", "asked"] == asked  # the last of the three asks by itself


def _another_file(content: dict[str, Any]) -> None:
    path = next(path for path in content["files"] if "libgdal" in path)
    content["files"][path][2] += 1


def _another_place(content: dict[str, Any]) -> None:
    content["found"]["rasterio"] = "1.0 /elsewhere/rasterio/__init__.py"


def _a_file_that_went(content: dict[str, Any]) -> None:
    content["files"]["/nowhere/libgdal.so.1"] = [1, 2, 3, 4]


def _a_missing_answer(content: dict[str, Any]) -> None:
    del content["native"]["geos_shapely"]


def _no_table(content: dict[str, Any]) -> None:
    content["files"] = 3


@pytest.mark.parametrize(
    "change", [_another_file, _another_place, _a_file_that_went, _a_missing_answer, _no_table]
)
def test_after_any_change_the_libraries_are_asked_again(
    change: Callable[[dict[str, Any]], None], tmp_path: Path, asked: list[str]
) -> None:
    """A wrong answer stands in the file, and is not given: the true one takes its place."""
    kept = tmp_path / KEPT_VERSIONS
    true = versions_to_compare(kept)
    content = json.loads(kept.read_bytes())
    content["native"]["gdal_rasterio"] = "0.0.1"
    del content["sha256"]
    change(content)
    kept.write_text(json.dumps(content | {"sha256": libraries._sum_of(content)}), encoding="utf-8")
    assert true == versions_to_compare(kept)
    assert ["asked", "asked"] == asked
    assert true == versions_to_compare(kept)
    assert ["asked", "asked"] == asked


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"null", b"[" * 100_000])
def test_a_damaged_file_is_not_believed(content: bytes, tmp_path: Path, asked: list[str]) -> None:
    """It is written anew."""
    kept = tmp_path / KEPT_VERSIONS
    kept.write_bytes(content)
    assert versions_to_compare(kept) == versions_to_compare(kept)
    assert ["asked"] == asked


def test_a_flipped_bit_in_an_answer_is_found(tmp_path: Path, asked: list[str]) -> None:
    """Else every later run would take itself for one by other libraries."""
    kept = tmp_path / KEPT_VERSIONS
    true = versions_to_compare(kept)
    version = true["gdal_rasterio"]
    flipped = version[:-1] + chr(ord(version[-1]) ^ 1)
    kept.write_text(
        kept.read_text(encoding="utf-8").replace(f'"{version}"', f'"{flipped}"'), encoding="utf-8"
    )
    assert true == versions_to_compare(kept)
    assert ["asked", "asked"] == asked


def test_nothing_is_kept_where_nobody_tells_which_files_were_loaded(
    tmp_path: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system without such a list, then a library that was exchanged while this process has the old one."""
    listed = tmp_path / "maps"
    monkeypatch.setattr(libraries, "_LOADED", listed)
    kept = tmp_path / KEPT_VERSIONS
    versions_to_compare(kept)
    listed.write_text(
        f"7f00-7f01 r-xp 00000000 08:01 12 {tmp_path}/libgdal.so.36 (deleted)\n", encoding="utf-8"
    )
    versions_to_compare(kept)
    assert ["asked", "asked"] == asked
    assert not kept.exists()


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, asked: list[str]) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "cache").write_text("somebody's own", encoding="utf-8")
    assert library_versions() == versions_to_compare(tmp_path / "cache" / KEPT_VERSIONS)
    assert asked
