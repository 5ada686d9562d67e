"""What the benchmarks run on: a workload folder, or the real inputs where they are present."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import rasterio
import shapely
from workload import LAYERS

if TYPE_CHECKING:
    from affine import Affine
    from numpy.typing import NDArray

REALDATA = Path(
    os.environ.get("BLACKSPOT_REALDATA", Path(__file__).resolve().parents[1] / ".." / "shared" / "realdata")
)
_REAL_LAYERS = {
    "saomai_4g": "saomai_4g.gpkg",
    "haidang_4g": "haidang_4g.fgb",
    "bienxanh_4g": "bienxanh_4g.shp.zip",
    "saomai_5g": "saomai_5g.gpkg",
    "haidang_5g": "haidang_5g.geojson",
}


@dataclass(frozen=True)
class Inputs:
    """Paths of one population raster, one commune file and named coverage files."""

    name: str
    population: Path
    communes: Path
    layers: dict[str, Path]

    @classmethod
    def of(cls, folder: Path) -> Inputs:
        """Take the files of a workload folder, or of the real inputs."""
        if (folder / "vietnam").is_dir():
            vietnam, scenario = folder / "vietnam", folder / "scenario"
            return cls(
                "real",
                vietnam / "vnm_ppp_2020_1km_Aggregated_UNadj.tif",
                vietnam / "communes_2026-07_full.parquet",
                {name: scenario / file for name, file in _REAL_LAYERS.items()},
            )
        layers = {name: folder / f"{name}.gpkg" for name in LAYERS}
        return cls(folder.name, folder / "population.tif", folder / "communes.gpkg", layers)


def read_layer(path: Path) -> tuple[NDArray[np.object_], pyproj.CRS]:
    """Geometries and their CRS, without attributes."""
    if path.suffix == ".parquet":
        frame = gpd.read_parquet(path, columns=["geometry"])
        return np.asarray(frame.geometry, dtype=object), crs_of(frame)
    meta, table = pyogrio.read_arrow(path, columns=[])
    column = table.column(meta["geometry_name"] or "wkb_geometry")
    return shapely.from_wkb(column.to_numpy(zero_copy_only=False)), pyproj.CRS.from_user_input(meta["crs"])


def crs_of(frame: gpd.GeoDataFrame) -> pyproj.CRS:
    """Coordinate reference system of a frame that must have one."""
    if frame.crs is None:
        raise ValueError("the layer has no coordinate reference system")
    return frame.crs


def read_communes(path: Path) -> gpd.GeoDataFrame:
    """Communes in the order of the file, geometry only."""
    geometries, crs = read_layer(path)
    return gpd.GeoDataFrame(geometry=geometries, crs=crs)


class FileRaster:
    """A population raster on disk, read window by window."""

    def __init__(self, path: Path) -> None:
        self._source = rasterio.open(path)
        self.crs = pyproj.CRS.from_user_input(self._source.crs.to_wkt())
        self.transform: Affine = self._source.transform
        self.width, self.height = self._source.width, self._source.height

    def read(self, row0: int, rows: int, col0: int, cols: int) -> NDArray[np.float64]:
        """People of a window; NaN where there are none to read."""
        top, bottom = max(row0, 0), min(row0 + rows, self.height)
        left, right = max(col0, 0), min(col0 + cols, self.width)
        window = np.full((rows, cols), np.nan)
        if bottom > top and right > left:
            people = self._source.read(1, window=((top, bottom), (left, right)))
            inside = window[top - row0 : bottom - row0, left - col0 : right - col0]
            np.copyto(inside, people, where=people != np.float32(self._source.nodata))
        return window
