"""Which program and which libraries made the numbers; rasterio and pyogrio each bring their own GDAL."""

from __future__ import annotations

import hashlib
import platform
import sqlite3
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyogrio
import pyproj
import rasterio
import shapely

_PACKAGES = (
    "numpy",
    "scipy",
    "pandas",
    "geopandas",
    "shapely",
    "pyproj",
    "rasterio",
    "pyogrio",
    "pyarrow",
    "openpyxl",
)
_ROOT = Path(__file__).parents[2]
_ROOMS = ("commands", "coverage", "data", "maps", "pipeline")
_DIGITS = 16


def library_versions() -> dict[str, str]:
    """Name the versions of everything that has a say in the results.

    ``code`` is a digest of the program itself: its version does not change with every correction, and a run by
    corrected code must not pass for the one before.

    Returns
    -------
    dict
        Name to version. ``gdal_rasterio`` reads rasters, ``gdal_pyogrio`` reads and writes vector files;
        ``proj_rasterio`` and ``proj_pyproj`` may differ in the same way.
    """
    return dict(_versions())


@cache  # the metadata of a dozen packages are read
def _versions() -> dict[str, str]:
    return {
        "blackspot": version("blackspot"),
        "code": _code(_ROOT),
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "gdal_rasterio": str(rasterio.__gdal_version__),
        "gdal_pyogrio": str(pyogrio.__gdal_version_string__),
        "proj_rasterio": str(rasterio.__proj_version__),
        "proj_pyproj": pyproj.proj_version_str,
        "geos_shapely": ".".join(str(part) for part in shapely.geos_version),
        "sqlite": sqlite3.sqlite_version,
    }


def _code(root: Path) -> str:
    """Sum up all files of the program: code, texts, and what its pages are made of; compiled copies do not count."""
    files = {path.name: path for path in root.glob("*.py")}
    for room in _ROOMS:
        for path in (root / room).rglob("*"):
            parts = path.relative_to(root).parts
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in parts):
                files["/".join(parts)] = path
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{hashlib.sha256(files[name].read_bytes()).hexdigest()} {name}\n".encode())
    return total.hexdigest()[:_DIGITS]
