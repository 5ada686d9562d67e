"""What a repair of a geometry changes, measured: square kilometres, and the people who live there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from .crs import LONLAT
from .geodesic import area_km2
from .measures import ground_text
from .transformers import transformer_between

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .findings import Findings
    from .population import PopulationRaster

_REPAIRS = frozenset({"communes.repaired", "coverage.invalid-rings"})
_MOST_CELLS = 1_000_000  # of one piece of ground: a repair larger than that is no repair


def doubtful_ground(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Find the ground that belongs to outlines which cross themselves by one way of reading them only.

    Parameters
    ----------
    geometries
        Polygons that are not valid, in EPSG:4326.

    Returns
    -------
    ndarray of geometries
        What the rings enclose, less what they enclose an odd number of times; without empty ones. A figure of
        eight leaves no doubt, a ring that runs around some ground twice does.
    """
    parts = shapely.get_parts(geometries)
    doubtful = np.array([_doubtful(part) for part in parts], dtype=np.object_)
    found: NDArray[np.object_] = doubtful[shapely.area(doubtful) > 0]
    return found


def _doubtful(polygon: shapely.Polygon) -> shapely.Geometry:
    """Give what the outer ring runs around an even number of times, less the holes.

    Holes are looked at last, and only those near: an outline may have thousands.
    """
    outer = shapely.get_exterior_ring(polygon)
    faces = shapely.polygonize([shapely.node(shapely.LineString(outer))])
    odd = _areas(shapely.make_valid(shapely.Polygon(outer), method="linework"))
    doubtful = _areas(shapely.difference(shapely.union_all(shapely.get_parts(faces)), odd))
    holes = np.asarray(shapely.polygons(shapely.get_rings(polygon)[1:]), dtype=np.object_)
    near = holes[shapely.STRtree(holes).query(doubtful)]
    return shapely.difference(doubtful, shapely.union_all(shapely.make_valid(near)))


def _areas(geometry: shapely.Geometry) -> shapely.MultiPolygon:
    """Leave out lines and points."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.MultiPolygon(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON].tolist())


def people_on(ground: NDArray[np.object_], population: PopulationRaster) -> float:
    """Count the people on pieces of ground, each cell by the share of it that is covered.

    Parameters
    ----------
    ground
        Polygons in EPSG:4326; pieces that overlap count twice.
    population
        The raster of people.

    Returns
    -------
    float
        People; NaN where the ground is too large to be a repair.
    """
    carry = transformer_between(LONLAT, population.crs)
    moved = shapely.transform(ground, lambda at: np.column_stack(carry.transform(at[:, 0], at[:, 1])))
    return math.fsum(_people_on_one(piece, population) for piece in moved)


def tell_people(population: PopulationRaster, *collectors: Findings) -> None:
    """Tell how many people live where repairs changed something, for every input of a run.

    Parameters
    ----------
    population
        The raster of people.
    *collectors
        Those that readers spoke to; the one that heard of a repaired file is told.
    """
    for findings in collectors:
        named = {item.file for item in findings.items if item.code in _REPAIRS}
        for path, ground in sorted(findings.ledger.changed.items()):
            if findings.named(path) in named and len(ground):
                findings.add(
                    "repair.people",
                    file=path,
                    area=ground_text(float(area_km2(ground).sum())),
                    people=f"{people_on(ground, population):,.0f}",
                )


def _people_on_one(piece: shapely.Geometry, population: PopulationRaster) -> float:
    west, south, east, north = shapely.bounds(piece).tolist()
    back = ~population.transform
    (left, top), (right, bottom) = back @ (west, north), back @ (east, south)
    row0, col0 = math.floor(top), math.floor(left)
    rows, cols = math.ceil(bottom) - row0, math.ceil(right) - col0
    if rows * cols > _MOST_CELLS:
        return math.nan
    people = np.nan_to_num(population.read(row0, rows, col0, cols))
    row, col = np.nonzero(people)
    x0, y0 = population.transform @ (col0 + col, row0 + row)
    step_x, step_y = population.transform.a, population.transform.e
    cells = shapely.box(x0, y0 + step_y, x0 + step_x, y0)
    shares = shapely.area(shapely.intersection(cells, piece)) / abs(step_x * step_y)
    return math.fsum((people[row, col] * shares).tolist())
