"""What a repair of a geometry changes, measured: square kilometres, and the people who live there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import shapely

from .crs import LONLAT, to_lonlat
from .geodesic import area_km2
from .isolation_reply import BadReplyError, load_table
from .measures import ground_text
from .transformers import transformer_between
from .wkb_check import parse_wkb

if TYPE_CHECKING:
    from pathlib import Path

    import pyproj
    from numpy.typing import NDArray

    from .findings import FileFindings, Findings
    from .population import PopulationRaster

_REPAIRS = frozenset({"communes.repaired", "coverage.invalid-rings", "repair.ground"})
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
        ledger = findings.ledger
        for path in sorted(ledger.changed.keys() | ledger.mended.keys()):
            nothing = np.empty(0, dtype=np.object_)
            ground = np.concatenate([ledger.changed.get(path, nothing), ledger.mended.get(path, nothing)])
            if findings.named(path) in named and len(ground):
                people = people_on(ground, population)
                findings.add(
                    "repair.people",
                    file=path,
                    area=ground_text(float(area_km2(ground).sum())),
                    people="?" if math.isnan(people) else f"{people:,.0f}",
                )


def note_mended(path: Path, left: Path, crs: pyproj.CRS, about: FileFindings) -> None:
    """Measure what the process that read a file has closed and straightened.

    Parameters
    ----------
    path
        The input.
    left
        Ground that the process left, with whether an arc or a closed ring is meant.
    crs
        System of the input.
    about
        Told the ground; it stays in the ledger until people are at hand.

    Raises
    ------
    BadReplyError
        What was left is not what it should be.
    """
    table = load_table(left, ["is_arc", "wkb"])
    if table.column("is_arc").type != pa.bool_() or table.column("is_arc").null_count:
        raise BadReplyError("columns")
    is_arc = table.column("is_arc").to_numpy()
    ground = to_lonlat(parse_wkb(table.column("wkb")), crs)
    found_km2 = area_km2(ground)
    about.findings.ledger.mended[path] = ground
    about.add(
        "repair.ground",
        closed=ground_text(float(found_km2[~is_arc].sum())),
        arcs=ground_text(float(found_km2[is_arc].sum())),
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
