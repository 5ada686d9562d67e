"""The versions of everything below."""

from __future__ import annotations

from blackspot.data.runs.libraries import library_versions


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
    assert all(text[0].isdigit() for text in versions.values())
    assert versions == library_versions()
