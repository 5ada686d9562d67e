"""Vector tiles of one layer as one file (PMTiles 3, https://github.com/protomaps/PMTiles), for other maps."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd
import pyogrio
import pyogrio.errors

from ...data.text.sentences import told
from ...errors import WorkplaceError

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

DRIVER: Final = "PMTiles"
_MOST_BYTES: Final = 20_000_000
_MOST_FEATURES: Final = 1_000_000
"""Of one tile. Above the usual 500 kB the library would leave out features, and a commune would be missing on a map."""


class Zooms(NamedTuple):
    """Lowest and highest zoom that has tiles; above it a map enlarges them."""

    lowest: int
    highest: int


def write_tiles(path: Path, layer: str, frame: gpd.GeoDataFrame, zooms: Zooms) -> None:
    """Write a layer as vector tiles.

    Parameters
    ----------
    path
        The file, ``.pmtiles``; must not exist.
    layer
        Name of the layer in the tiles.
    frame
        Polygons and multipolygons, EPSG:4326; columns become attributes, whole numbers short ones.
    zooms
        Which zooms have tiles.

    Raises
    ------
    WorkplaceError
        This GDAL cannot write them, or the disk is full or read-only.
    """
    if "w" not in pyogrio.list_drivers().get(DRIVER, ""):
        raise WorkplaceError(told("site", "no_tiles"))
    try:
        pyogrio.write_dataframe(
            _short(frame),
            path,
            layer=layer,
            driver=DRIVER,
            geometry_type="MultiPolygon",
            promote_to_multi=True,
            dataset_options={
                "NAME": layer,
                "MINZOOM": str(zooms.lowest),
                "MAXZOOM": str(zooms.highest),
                "MAX_SIZE": str(_MOST_BYTES),
                "MAX_FEATURES": str(_MOST_FEATURES),
            },
        )
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        words = textwrap.shorten(" ".join(str(error).split()), 200)
        raise WorkplaceError(told("errors", "library", path=path, words=words)) from error


def _short(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Write numbers without decimals as whole ones, which take half the room."""
    whole = {}
    for name in frame.columns.drop("geometry"):
        if not pd.api.types.is_float_dtype(frame[name].dtype):
            continue
        values = frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
        known = values[~np.isnan(values)]
        if np.array_equal(known, np.rint(known)):
            whole[str(name)] = pd.array(values, dtype="Float64").astype("Int64")
    made: gpd.GeoDataFrame = frame.assign(**whole)
    return made
