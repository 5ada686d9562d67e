"""Writing the files of the sample project: the same content gives the same bytes, and all say SAMPLE DATA."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import geopandas
import pyogrio
import rasterio.transform

from ..disk.fixed_time import fixed_time
from ..text.words import beside, both
from .people import NODATA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from .land.terrain import Frame

NOTICE_VI, NOTICE_EN = both("sample", "notice")
"""What every file says, in Vietnamese and in English."""
NOTICE = beside("sample", "notice")

_FIXED_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
_OPTIONS: dict[str, dict[str, str]] = {
    ".gpkg": {"driver": "GPKG", "GEOMETRY_NAME": "geom", "DESCRIPTION": NOTICE},
    ".fgb": {"driver": "FlatGeobuf", "TITLE": NOTICE_EN, "DESCRIPTION": NOTICE},
    ".geojson": {"driver": "GeoJSON", "COORDINATE_PRECISION": "6", "DESCRIPTION": NOTICE, "RFC7946": "NO"},
    ".shp": {"driver": "ESRI Shapefile", "ENCODING": "UTF-8", "DBF_DATE_LAST_UPDATE": "2000-01-01"},
}


def write_vector(
    path: Path,
    geometry: NDArray[np.object_],
    crs: str,
    columns: Mapping[str, Sequence[object]],
    *,
    geometry_type: str,
) -> None:
    """Write features into a GeoPackage, FlatGeobuf, GeoJSON or zipped Shapefile.

    Parameters
    ----------
    path
        The file; its ending decides the format, the start of its name is the layer. Replaced if it exists.
    geometry
        The geometries, in ``crs``.
    crs
        Such as ``EPSG:3405``.
    columns
        The columns; one more, ``ghi_chu`` (note), says that these are sample data.
    geometry_type
        Type of the layer, such as ``MultiPolygon``.

    Raises
    ------
    OSError, pyogrio.errors.DataSourceError
        The disk is full or read-only, or the rights do not suffice.
    """
    note = [NOTICE] * len(geometry)
    frame = geopandas.GeoDataFrame({**columns, "ghi_chu": note}, geometry=list(geometry), crs=crs)
    path.unlink(missing_ok=True)
    if path.suffix != ".zip":
        _write(path, frame, geometry_type)
        return
    with TemporaryDirectory(dir=path.parent, prefix=".sample-") as folder:
        _write(Path(folder) / f"{path.stem}.shp", frame, geometry_type)
        _zip(path, sorted(Path(folder).iterdir()))


def write_raster(path: Path, people: NDArray[np.float32], frame: Frame, fineness: int) -> None:
    """Write the population grid as a tiled, deflated GeoTIFF in EPSG:4326.

    Parameters
    ----------
    path
        The file. Replaced if it exists.
    people
        People per cell, ``NODATA`` where there is no figure.
    frame, fineness
        Where it lies, and how many cells it has to a side of the frame's cells.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    side = 1.0 / (frame.cells_per_degree * fineness)
    path.unlink(missing_ok=True)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=people.shape[0],
        width=people.shape[1],
        count=1,
        dtype="float32",
        crs="EPSG:4326",
        transform=rasterio.transform.from_origin(frame.west, frame.north, side, side),
        nodata=NODATA,
        tiled=True,
        blockxsize=256,
        blockysize=256,
        compress="deflate",
        predictor=3,
    ) as grid:
        grid.write(people, 1)
        grid.update_tags(TIFFTAG_IMAGEDESCRIPTION=NOTICE_EN, NOTICE=NOTICE)


def write_table(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """Write a CSV table (UTF-8 with byte order mark, as spreadsheets like it).

    Parameters
    ----------
    path
        The file. Replaced if it exists.
    columns
        The columns; one more, ``ghi_chu`` (note), says that these are sample data.

    Raises
    ------
    OSError
        The disk is full or read-only, or the rights do not suffice.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*columns, "ghi_chu"])
    writer.writerows([*row, NOTICE] for row in zip(*columns.values(), strict=True))
    path.write_bytes(text.getvalue().encode("utf-8-sig"))


def _write(path: Path, frame: geopandas.GeoDataFrame, geometry_type: str) -> None:
    options = dict(_OPTIONS[path.suffix])
    driver = options.pop("driver")
    with fixed_time():
        pyogrio.write_dataframe(
            frame, path, layer=path.stem, driver=driver, geometry_type=geometry_type, layer_options=options
        )


def _zip(path: Path, files: Sequence[Path]) -> None:
    """Pack files with fixed dates and rights."""
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, _FIXED_ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, file.read_bytes())
