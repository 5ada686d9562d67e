"""Which program and which libraries made the numbers; rasterio and pyogrio each bring their own GDAL."""

from __future__ import annotations

import platform
import sqlite3
from functools import cache
from importlib.metadata import version

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


def library_versions() -> dict[str, str]:
    """Name the versions of everything that has a say in the results.

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
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "gdal_rasterio": str(rasterio.__gdal_version__),
        "gdal_pyogrio": str(pyogrio.__gdal_version_string__),
        "proj_rasterio": str(rasterio.__proj_version__),
        "proj_pyproj": pyproj.proj_version_str,
        "geos_shapely": ".".join(str(part) for part in shapely.geos_version),
        "sqlite": sqlite3.sqlite_version,
    }
