"""The whole run as one GeoPackage: layers, tables, and styles that QGIS applies by itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from ..disk.fixed_time import FIXED_TIME, fixed_time
from ..text.safe import clean_text
from ..text.words import beside
from .outlines.dissolve import dissolve
from .published import without_geometry
from .qgis_styles import black_spots_style, communes_style, provinces_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_GEOMETRY = "geom"
_STYLES = "layer_styles"  # the table where QGIS looks for them
_PAGE_BYTES = 16384
"""Of the SQLite file below. A row of a commune with its outline takes 2 to 3 kB: of the usual pages of 4 kB, which hold one, a
sixth stays empty. Four times as large, the file of a country takes an eighth less; twice as large again, nothing is gained."""


def write_geopackage(
    path: Path,
    *,
    communes: geopandas.GeoDataFrame,
    provinces: geopandas.GeoDataFrame,
    black_spots: geopandas.GeoDataFrame,
    about: Mapping[str, str],
) -> None:
    """Write communes, black spots and provinces as layers, the words about the run as a table.

    Parameters
    ----------
    path
        The file; must not exist.
    communes, provinces, black_spots
        As ``published`` gives them, the provinces :func:`with_outlines`; polygons become multipolygons, as the format wants one type per layer.
    about
        Topic and text, in the order in which they are shown.

    Raises
    ------
    OSError, pyogrio.errors.DataSourceError
        The disk is full or read-only, or the rights do not suffice.
    """
    words = {clean_text(topic): clean_text(text) for topic, text in about.items()}
    table = pd.DataFrame(
        {"topic": pd.Series(list(words), dtype="str"), "text": pd.Series(list(words.values()), dtype="str")}
    )
    with fixed_time(), _pages():
        _write(path, "communes", communes)
        _write(path, "black_spots", black_spots)
        _write(path, "provinces", provinces)
        _write(path, "about", table)
        _write(path, _STYLES, _styles(communes, black_spots))


def with_outlines(provinces: pd.DataFrame, communes: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Give provinces the ground of their communes.

    Parameters
    ----------
    provinces
        With ``province_code``; a geometry that it has is replaced.
    communes
        With ``province_code`` and their geometry.

    Returns
    -------
    GeoDataFrame
        The same rows, with a MultiPolygon in the coordinate system of the communes; empty for a province without
        communes.
    """
    shapes, codes = (
        np.array(communes.geometry, dtype=object),
        communes["province_code"].to_numpy(dtype=object),
    )
    outlines = [dissolve(shapes[codes == code]) for code in provinces["province_code"]]
    drawn = geopandas.GeoSeries(outlines, index=provinces.index, crs=communes.crs)
    return geopandas.GeoDataFrame(without_geometry(provinces), geometry=drawn)


@contextmanager
def _pages() -> Iterator[None]:
    """Let the database be made of pages of the size above; the one that makes the file decides for all that follow."""
    before = pyogrio.get_gdal_config_option("OGR_SQLITE_PRAGMA")
    pyogrio.set_gdal_config_options({"OGR_SQLITE_PRAGMA": f"page_size={_PAGE_BYTES}"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_SQLITE_PRAGMA": before})


def _write(path: Path, layer: str, frame: pd.DataFrame) -> None:
    description = "QGIS" if layer == _STYLES else beside("exports", f"layer.{layer}")
    options = {"DESCRIPTION": description, "FID": "id" if layer == _STYLES else "fid"}
    located: dict[str, object] = {}
    if isinstance(frame, geopandas.GeoDataFrame):
        frame = _as_multipolygons(frame)
        options["GEOMETRY_NAME"] = _GEOMETRY
        located["geometry_type"] = "MultiPolygon"
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", layer_options=options, **located)


def _as_multipolygons(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    shapes = np.array(frame.geometry.to_numpy(), dtype=object)
    single = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
    shapes[single] = shapely.multipolygons(shapes[single], indices=np.arange(len(single)))
    return frame.set_geometry(geopandas.GeoSeries(shapes, crs=frame.crs))


def _styles(communes: geopandas.GeoDataFrame, black_spots: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Build the table in which QGIS looks for styles; it wants empty text, not null, for the schema."""
    styles = {
        "communes": communes_style(communes),
        "black_spots": black_spots_style(black_spots),
        "provinces": provinces_style(),
    }
    columns: dict[str, object] = {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": list(styles),
        "f_geometry_column": _GEOMETRY,
        "styleName": list(styles),
        "styleQML": list(styles.values()),
        "styleSLD": "",
        "useAsDefault": True,
        "description": [beside("exports", f"layer.{name}") for name in styles],
        "owner": "",
        "ui": "",
        "update_time": pd.Timestamp(FIXED_TIME),
    }
    return pd.DataFrame(columns)
