"""What a Python program hands in: frames, rasters and options, with everything that is wrong with them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from affine import Affine
from pyproj.exceptions import CRSError

from ..coverage.overlay.bands import MOST_LAYERS
from ..coverage.overlay.sources import ArrayRaster
from ..data.country.population import open_population
from ..data.geodesy.crs import known_crs
from ..data.geodesy.crs_choice import check_coordinates, check_operation
from ..data.geodesy.outlines import clean_outlines
from ..data.geodesy.ring_ground import Tangled
from ..data.project.population import PopulationSource

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..coverage.burn.grid import Raster
    from ..data.findings.collector import Findings

    People: TypeAlias = str | Path | tuple[NDArray[Any], Affine, pyproj.CRS | str | int]
    """A GeoTIFF of people per cell; or an array of them, its transform, and its CRS."""

_SOLID = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_MISSING = -1
_ROWS_CHECKED = 256  # of an array at a time
_ROWS_NAMED = 5
RESERVED = ("any", "all")
"""Layers cannot be called so: these are the names of what all layers are together."""


@dataclass(frozen=True, slots=True)
class Polygons:
    """Polygons, missing ones among them, and the system they are in."""

    geometries: NDArray[np.object_]
    crs: pyproj.CRS

    def bounds(self) -> NDArray[np.float64]:
        """Give the bounds of those that are not missing: (n, 4), xmin, ymin, xmax, ymax."""
        bounds = shapely.bounds(self.geometries)
        return np.asarray(bounds[np.isfinite(bounds).all(axis=1)], dtype=np.float64)


def communes_of(frame: object, problems: list[str]) -> Polygons | None:
    """Take the polygons of communes: one in every row, and no label twice.

    Parameters
    ----------
    frame
        What was handed in as communes.
    problems
        Told everything that is wrong.
    """
    found = polygons_of(frame, "communes", problems)
    if isinstance(frame, gpd.GeoDataFrame) and not frame.index.is_unique:
        labels = frame.index[frame.index.duplicated()].unique()
        problems.append(
            f"communes has labels in its index that stand more than once ({_some(labels)}); "
            "set an index of codes, or dissolve the parts of each commune"
        )
    if found is None or not isinstance(frame, gpd.GeoDataFrame):
        return None
    missing = np.asarray(shapely.is_missing(found.geometries) | shapely.is_empty(found.geometries))
    if missing.any():
        problems.append(
            f"communes has {missing.sum()} rows without a polygon ({_some(frame.index[missing])}); drop them"
        )
    return found


def layers_of(layers: object, problems: list[str]) -> dict[str, Polygons]:
    """Take the polygons of every layer, and see that its name can name a column.

    Parameters
    ----------
    layers
        What was handed in, by name.
    problems
        Told everything that is wrong.
    """
    if not isinstance(layers, Mapping):
        problems.append("layers is no mapping from names to GeoDataFrames; give each layer a name")
        return {}
    if not layers:
        problems.append("layers is empty; hand in at least one layer")
    if len(layers) > MOST_LAYERS:
        problems.append(f"layers has {len(layers)} layers; at most {MOST_LAYERS} can be counted together")
    found: dict[str, Polygons] = {}
    for name, frame in layers.items():
        if not isinstance(name, str) or not name or name in RESERVED:
            problems.append(
                f"a layer is called {name!r}; a name is a text, neither empty nor {' nor '.join(RESERVED)}"
            )
        polygons = polygons_of(frame, f"layers[{name!r}]", problems)
        if polygons is not None:
            found[name] = polygons
    return found


def polygons_of(frame: object, name: str, problems: list[str]) -> Polygons | None:
    """Take the polygons of one frame.

    Parameters
    ----------
    frame
        What was handed in.
    name
        What to call it.
    problems
        Told everything that is wrong.

    Returns
    -------
    Polygons or None
        None where anything is wrong.
    """
    if not isinstance(frame, gpd.GeoDataFrame) or frame.active_geometry_name is None:
        problems.append(f"{name} is not a GeoDataFrame with a column of geometries; make it one")
        return None
    told = len(problems)
    crs = None if frame.crs is None else known_crs(frame.crs.to_wkt())
    if frame.crs is None:
        problems.append(f"{name} has no CRS; say which one its coordinates are in with set_crs")
    elif crs is None:
        problems.append(
            f"{name} has a CRS that cannot be placed on the earth ({frame.crs.name}); set another"
        )
    geometries = np.asarray(frame.geometry.to_numpy(), dtype=np.object_)
    problems.extend(f"{name} {problem}" for problem in _wrong(geometries, frame.index))
    if crs is None or len(problems) > told:
        return None
    clean = clean_outlines(geometries)
    if isinstance(clean, Tangled):
        problems.append(
            f"{name} has outlines that cross or overlap each other too often (row {frame.index[clean.number]!r}); "
            "make them valid"
        )
        return None
    return Polygons(clean.geometries, crs)


def _wrong(geometries: NDArray[np.object_], labels: Any) -> list[str]:  # noqa: ANN401 - any pandas index
    """Say what is wrong with geometries, each as the rest of a sentence."""
    if not len(geometries):
        return ["has no rows"]
    kinds = shapely.get_type_id(geometries)
    found = []
    other = ~np.isin(kinds, (*_SOLID, _MISSING))
    if other.any():
        counts = Counter(geometry.geom_type for geometry in geometries[other])
        words = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        found.append(
            f"has geometries that are no polygons ({words}; rows {_some(labels[other])}); "
            "buffer points and lines, explode collections and keep their polygons"
        )
    places, row = shapely.get_coordinates(geometries, return_index=True)
    unplaced = np.unique(row[~np.isfinite(places).all(axis=1)])
    if len(unplaced):
        found.append(
            f"has vertices that are no finite numbers (rows {_some(labels[unplaced])}); mend or drop them"
        )
    if not len(places):
        found.append("has no polygon in any row")
    return found


def raster_of(people: object, problems: list[str], findings: Findings) -> Raster | None:
    """Open the raster of people, or take it from memory.

    Parameters
    ----------
    people
        What was handed in.
    problems
        Told what is wrong with an array.
    findings
        Told what is wrong with a file, in the words of ``blackspot check``.

    Returns
    -------
    Raster or None
        None where anything is wrong.
    """
    if isinstance(people, str | Path):
        # not validated: a path given in Python means what it says, also with a $ in it
        source = PopulationSource.model_construct(path=Path(people).absolute())
        return open_population(source, findings)
    if not isinstance(people, tuple) or len(people) != 3:
        problems.append("people is neither a path nor (array, transform, crs)")
        return None
    told = len(problems)
    array, transform, stated = np.asanyarray(people[0]), people[1], people[2]
    crs = _crs_of(stated)
    if crs is None:
        problems.append(
            f"people has a CRS that cannot be placed on the earth ({stated!s:.80}); state another"
        )
    problems.extend(f"people {problem}" for problem in (*_wrong_array(array), *_wrong_transform(transform)))
    return ArrayRaster(array, transform, crs) if crs is not None and len(problems) == told else None


def _crs_of(stated: object) -> pyproj.CRS | None:
    try:
        return known_crs(pyproj.CRS.from_user_input(stated).to_wkt())
    except CRSError:
        return None


def _wrong_transform(transform: object) -> list[str]:
    """Say what is wrong with the transform of an array."""
    if not isinstance(transform, Affine):
        return ["has a transform that is no affine.Affine, which rasterio gives as src.transform"]
    if not all(math.isfinite(number) for number in transform):
        return ["has a transform with numbers that are not finite"]
    if transform.b or transform.d or transform.a <= 0 or transform.e >= 0:
        return ["is not north-up (its transform needs a > 0, e < 0, b = d = 0); flip or warp the array"]
    return []


def _wrong_array(array: NDArray[Any]) -> list[str]:
    """Say what is wrong with people per cell, looking at some rows at a time."""
    if array.ndim != 2 or not array.size:
        return [f"is an array of shape {array.shape}; it needs rows and columns"]
    if array.dtype.kind not in "iuf":
        return [f"is an array of {array.dtype}; it needs numbers"]
    negative, infinite, known, lowest = 0, 0, 0, 0.0
    for row in range(0, len(array), _ROWS_CHECKED):
        cells = np.ma.filled(array[row : row + _ROWS_CHECKED].astype(np.float64), np.nan)
        infinite += int(np.isinf(cells).sum())
        negative += int((cells < 0).sum())
        known += int(np.isfinite(cells).sum())
        lowest = min(lowest, float(np.nanmin(cells, initial=0.0)))
    found = []
    if infinite:
        found.append(f"has {infinite} cells that are infinite; set cells without data to NaN")
    if negative:
        found.append(f"has {negative} cells below 0, the lowest {lowest:g}; set cells without data to NaN")
    if not known:
        found.append("has no cell with data")
    return found


def checked_crs(name: str, crs: pyproj.CRS, bounds: NDArray[np.float64], findings: Findings) -> pyproj.CRS:
    """Compare a system with the numbers said to be in it, and find the operation that leads to WGS 84.

    Parameters
    ----------
    name
        What to call the argument.
    crs
        Its system.
    bounds
        Bounds of its features, (n, 4), in the system.
    findings
        Told where the numbers do not fit, or where the transformation to WGS 84 is doubtful.

    Returns
    -------
    pyproj.CRS
        The system to use; after an error finding, the one that was stated.
    """
    about = findings.about(name)
    if not check_coordinates(bounds, crs, about, strict=False):
        return crs
    return check_operation(crs, bounds, about).crs


def _some(labels: Any) -> str:  # noqa: ANN401 - any pandas index
    """Name the first few of some rows."""
    named = ", ".join(str(label) for label in labels[:_ROWS_NAMED])
    return named if len(labels) <= _ROWS_NAMED else f"{named} and {len(labels) - _ROWS_NAMED} more"
