"""The truth to measure errors against: exact polygon intersection, exact shares of cells.

Every layer is made valid, cut into small pieces, intersected with each commune and summed with
exactextract: minutes of work for what the overlay does in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import exactextract
import geopandas as gpd
import numpy as np
import shapely
from inputs import crs_of, read_communes, read_layer

if TYPE_CHECKING:
    from pathlib import Path

    from inputs import Inputs
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Shapes = NDArray[np.object_]

_PIECE_VERTICES = 1500


@dataclass(frozen=True)
class Exact:
    """Exact people of some communes: which, all people, and the people inside each layer (n, layers)."""

    commune: NDArray[np.int64]
    people: Floats
    covered: Floats
    area_km2: Floats


def exact(inputs: Inputs, cache: Path, *, sample: int, seed: int = 7) -> Exact:
    """Compute or read back the truth for a sample of communes (0: all)."""
    path = cache / f"exact_{inputs.name}_{sample}.npz"
    if path.exists():
        with np.load(path) as stored:
            return Exact(**{name: stored[name] for name in stored.files})
    frame = read_communes(inputs.communes)
    commune = np.arange(len(frame))
    if sample and sample < len(frame):
        commune = np.sort(np.random.default_rng(seed).choice(commune, sample, replace=False))
    # exactextract stumbles over repeated vertices
    shapes = shapely.remove_repeated_points(frame.geometry.to_numpy()[commune])
    covered = []
    for layer in inputs.layers.values():
        geometries, crs = read_layer(layer)
        geometries = gpd.GeoSeries(geometries, crs=crs).to_crs(crs_of(frame)).to_numpy()
        covered.append(_sums(inputs.population, _inside(shapes, geometries)))
    area = np.asarray(gpd.GeoSeries(shapes, crs=frame.crs).to_crs("ESRI:54034").area, dtype=np.float64) / 1e6
    truth = Exact(commune, _sums(inputs.population, shapes), np.column_stack(covered), area)
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(path, commune=truth.commune, people=truth.people, covered=truth.covered, area_km2=area)
    return truth


def _polygons(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(parts)


def _inside(shapes: Shapes, geometries: Shapes) -> Shapes:
    """Ground of each shape inside the union of a layer."""
    parts = shapely.get_parts(geometries)
    bad = ~shapely.is_valid(parts)
    parts[bad] = shapely.make_valid(parts[bad])
    parts = shapely.get_parts(shapely.get_parts(parts))
    pieces = _pieces(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])
    shape, piece = shapely.STRtree(pieces).query(shapes, predicate="intersects")
    first = np.searchsorted(shape, np.arange(len(shapes) + 1))
    return np.array(
        [
            _polygons(shapely.intersection(shapely.union_all(pieces[piece[start:end]]), one))
            for one, start, end in zip(shapes, first[:-1], first[1:], strict=True)
        ],
        dtype=object,
    )


def _pieces(parts: Shapes) -> Shapes:
    """Halve boxes until every piece is small: intersections then cost what they should."""
    done = []
    while len(parts):
        large = shapely.get_num_coordinates(parts) > _PIECE_VERTICES
        done.append(parts[~large])
        halves = []
        for part in parts[large]:
            west, south, east, north = part.bounds
            if east - west > north - south:
                middle = (west + east) / 2
                boxes = [(west, south, middle, north), (middle, south, east, north)]
            else:
                middle = (south + north) / 2
                boxes = [(west, south, east, middle), (west, middle, east, north)]
            for box in boxes:
                cut = shapely.get_parts(shapely.clip_by_rect(part, *box))
                halves += [piece for piece in cut if piece.geom_type == "Polygon" and not piece.is_empty]
        parts = np.array(halves, dtype=object)
    return np.concatenate(done)


def _sums(population: Path, shapes: Shapes) -> Floats:
    sums = np.zeros(len(shapes))
    frame = gpd.GeoDataFrame({"index": np.arange(len(shapes))}, geometry=shapes, crs=4326)
    frame = frame[~frame.geometry.is_empty]
    result = exactextract.exact_extract(
        str(population), frame, ["sum"], include_cols=["index"], output="pandas"
    )
    sums[result["index"].to_numpy()] = np.nan_to_num(result["sum"].to_numpy(dtype=float))
    return sums
