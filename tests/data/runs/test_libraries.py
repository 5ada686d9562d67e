"""The versions of everything below."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from blackspot.data.runs.libraries import _ROOMS, _ROOT, _code, library_versions

if TYPE_CHECKING:
    from pathlib import Path


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
