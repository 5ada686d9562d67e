"""The GDAL inside pyogrio and the PROJ inside pyproj, told once to stay on this machine and inside the files it is given."""

from __future__ import annotations

import functools

import pyogrio
from pyproj.network import set_network_enabled  # type: ignore[attr-defined] # re-exported without a word

ALLOWED_DRIVERS = frozenset(
    {
        "ESRI Shapefile",
        "FlatGeobuf",
        "GPKG",
        "GTiff",
        "GeoJSON",
        "GeoJSONSeq",
        "MEM",
        "MapInfo File",
        "Memory",
        "OpenFileGDB",
    }
)
"""The drivers that a process which reads files of others may have; everything else is left out."""

OPTIONS = {
    # No reader of ours ever asks the network; a file that makes GDAL do so meets a dead proxy.
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "/nowhere",
    "PROJ_NETWORK": "OFF",
    # Only the companions that belong to a format, found by name; no .aux.xml, no look around the folder.
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_PAM_ENABLED": "NO",
    # SpatiaLite brings SQL functions and virtual tables that open any file.
    "SPATIALITE_LOAD": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    # GDAL's own fast path from FlatGeobuf to Arrow reads beyond its buffer at a feature without geometry.
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "0",  # a commune of many islands is one large object
    "GDAL_VRT_ENABLE_RAWRASTERBAND": "NO",
}
"""Options of GDAL and PROJ for every process that opens files."""


@functools.cache
def lock_down() -> None:
    """Set the options, once for the process; every later read has them."""
    pyogrio.set_gdal_config_options(OPTIONS)
    set_network_enabled(active=False)
