"""Made countries whose people are known exactly, from polygons and cells alone: nothing of the engine is used.

A country has a coast with small islands, communes of very different size, a raster of people in which cells at the
coast hold many, and coverage of three kinds. ``exactly`` cuts polygons with polygons (GEOS) and adds up areas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from affine import Affine

from table_raster import TableRaster

if TYPE_CHECKING:
    from numpy.typing import NDArray

KINDS = ("aligned", "offset", "coarse", "fine")
LEAST_LAND = 1 / 256  # docs/method.md: below it the people of a cell fade out with its land


@dataclass(frozen=True)
class Country:
    """Communes, a raster, coverage layers and other land, all in the raster's system."""

    raster: TableRaster
    communes: gpd.GeoDataFrame
    layers: list[NDArray[np.object_]]
    other_land: NDArray[np.object_]


class Exact(NamedTuple):
    """People of each commune (n,), and those in each layer (n, layers)."""

    people: NDArray[np.float64]
    covered: NDArray[np.float64]


def made_country(kind: str, seed: int, *, cells: int = 24) -> Country:
    """Make a country: the same for the same kind and seed.

    Parameters
    ----------
    kind
        ``aligned``: longitude and latitude, borders along cells; ``offset``: UTM, nothing along cells;
        ``coarse`` and ``fine``: the same with cells of 1 km and 30 m.
    seed
        Any number.
    cells
        Rows and columns of the raster.
    """
    rng = np.random.default_rng([KINDS.index(kind), seed])
    raster = _raster(kind, rng, cells)
    zones = _zones(kind, rng, cells)
    away = rng.random(len(zones)) < 0.15  # a province that the project does not have
    away[int(np.argmax(shapely.area(zones)))] = False
    frame = gpd.GeoDataFrame(
        {"code": [f"{number:05d}" for number in range(int((~away).sum()))], "province_code": "01"},
        geometry=_placed(zones[~away], raster),
        crs=raster.crs,
    )
    layers = [_placed(layer, raster) for layer in _layers(kind, rng, cells)]
    return Country(raster, frame, layers, _placed(zones[away], raster))


def _raster(kind: str, rng: np.random.Generator, cells: int) -> TableRaster:
    people = rng.lognormal(2.0, 1.5, (cells, cells)) * (rng.random((cells, cells)) < 0.8)
    people[rng.random(people.shape) < 0.02] *= 50
    people[rng.random(people.shape) < 0.03] = np.nan
    if kind == "aligned":
        return TableRaster(people, pyproj.CRS(4326), Affine(0.001, 0, 105.0, 0, -0.001, 21.0))
    size = {"offset": 100.0, "coarse": 1000.0, "fine": 30.0}[kind]
    left, top = 500_000 + rng.uniform(0, 1000), 2_300_000 + rng.uniform(0, 1000)
    return TableRaster(people, pyproj.CRS(32648), Affine(size, 0, left, 0, -size, top))


def _placed(shapes: NDArray[np.object_], raster: TableRaster) -> NDArray[np.object_]:
    """Bring shapes from columns and rows of the raster into its system."""
    matrix = raster.transform
    scale, corner = np.array([matrix.a, matrix.e]), np.array([matrix.c, matrix.f])
    placed: NDArray[np.object_] = shapely.transform(
        np.asarray(shapes, dtype=object), lambda at: at * scale + corner
    )
    return placed


def _blob(
    rng: np.random.Generator, centre: NDArray[np.float64], radius: float, corners: int, wobble: float
) -> shapely.Geometry:
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    away = radius * (1 + wobble * rng.uniform(-1, 1, corners))
    return shapely.make_valid(
        shapely.Polygon(centre + away[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
    )


def _zones(kind: str, rng: np.random.Generator, cells: int) -> NDArray[np.object_]:
    """Make communes in columns and rows: pieces of a mainland, some with islands, and communes of islets."""
    if kind == "aligned":
        return _aligned_zones(rng, cells)
    mainland = _blob(rng, np.array([cells / 2, cells / 2]), cells / 2.6, 60, 0.15)
    seeds = shapely.MultiPoint(rng.uniform(0.15 * cells, 0.85 * cells, (9, 2)))
    pieces = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=mainland))
    zones = [shapely.intersection(piece, mainland) for piece in pieces]
    zones = [zone for zone in zones if shapely.area(zone) > 1]
    taken: shapely.Geometry = mainland
    for number in range(12):
        radius = 10 ** rng.uniform(-1.5, 0.3)
        islet = _blob(rng, rng.uniform(1, cells - 1, 2), radius, 12, 0.3)
        islet = shapely.difference(islet, shapely.buffer(taken, 1e-3))
        if shapely.area(islet) <= 0:
            continue
        taken = shapely.union(taken, islet)
        if number < 3:  # communes of their own
            zones.append(islet)
        else:
            home = int(rng.integers(len(zones)))
            zones[home] = shapely.union(zones[home], islet)
    return np.array([_areas(zone) for zone in zones], dtype=object)


def _areas(shape: shapely.Geometry) -> shapely.MultiPolygon:
    parts = shapely.get_parts(shape)
    return shapely.MultiPolygon(list(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]))


def _aligned_zones(rng: np.random.Generator, cells: int) -> NDArray[np.object_]:
    """Make communes of boxes: borders along cells or tenths of cells, corners that reach a bit into cells."""
    edges = [np.unique(rng.integers(2, cells - 2, 4)) for _ in range(2)]
    zones = []
    for left, right in zip(edges[0][:-1], edges[0][1:], strict=True):
        for top, bottom in zip(edges[1][:-1], edges[1][1:], strict=True):
            zones.append(shapely.box(left, top, right, bottom))
    taken = shapely.union_all(zones)
    for _ in range(10):
        corner = rng.integers(0, cells - 1, 2) + rng.integers(0, 10, 2) / 10
        size = rng.choice([0.05, 0.1, 0.1, 0.5, 1.3], 2)
        islet = shapely.difference(shapely.box(*corner, *(corner + size)), taken)
        if shapely.area(islet) > 1e-9:
            taken = shapely.union(taken, islet)
            home = int(rng.integers(len(zones) + 1))
            if home == len(zones):
                zones.append(islet)
            else:
                zones[home] = shapely.union(zones[home], islet)
    return np.array([_areas(zone) for zone in zones], dtype=object)


def _layers(kind: str, rng: np.random.Generator, cells: int) -> list[NDArray[np.object_]]:
    """Make coverage: circles that overlap, a staircase along cells, and a few large shapes."""
    at = rng.uniform(0, cells, (25, 2))
    circles = shapely.buffer(shapely.points(at), rng.uniform(0.5, 3, 25), quad_segs=6)
    row, col = np.nonzero(rng.random((cells, cells)) < 0.45)
    shift = 0.0 if kind == "aligned" else rng.uniform(0, 1)
    stairs = shapely.box(col + shift, row + shift, col + 1 + shift, row + 1 + shift)
    large = [_blob(rng, rng.uniform(0, cells, 2), cells / 4, 14, 0.5) for _ in range(3)]
    return [np.asarray(layer, dtype=object) for layer in (circles, stairs, np.array(large, dtype=object))]


def exactly(country: Country, edge_cells: str) -> Exact:
    """Count people by cutting polygons with polygons.

    Parameters
    ----------
    country
        The country.
    edge_cells
        ``land``: the people of a cell are spread over the communes and other land in it; ``share``: over all of it.
    """
    raster, shapes = country.raster, country.communes.geometry.to_numpy()
    row, col = np.nonzero(np.nan_to_num(raster.people) > 0)
    matrix = raster.transform
    x, y = matrix.c + col * matrix.a, matrix.f + row * matrix.e
    boxes = shapely.box(x, y + matrix.e, x + matrix.a, y)
    whole = abs(matrix.a * matrix.e)
    cell, zone = shapely.STRtree(shapes).query(boxes)
    pieces = shapely.intersection(boxes[cell], shapes[zone])
    area = shapely.area(pieces)
    land = np.bincount(cell, area, len(boxes))
    there, other = shapely.STRtree(country.other_land).query(boxes)
    land += np.bincount(
        there, shapely.area(shapely.intersection(boxes[there], country.other_land[other])), len(boxes)
    )
    ground = np.maximum(land, LEAST_LAND * whole) if edge_cells == "land" else np.full(len(boxes), whole)
    density = (raster.people[row, col] / ground)[cell]
    people = np.asarray(np.bincount(zone, area * density, len(shapes)), dtype=np.float64)
    covered = []
    for layer in country.layers:
        inside = shapely.area(shapely.intersection(pieces, shapely.union_all(layer)))
        covered.append(np.bincount(zone, inside * density, len(shapes)))
    return Exact(people, np.column_stack(covered))
