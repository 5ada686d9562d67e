"""The land of the benchmark's made-up country: communes that share ragged borders exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from scipy import spatial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

_WEST, _NORTH = 102.1, 23.4
_WIDTH, _HEIGHT = 7.4, 15.1  # degrees at scale 1
_COMMUNES = 3321
_VERTEX_DISTANCE = 0.0007  # degrees, about 75 m
_ISLANDS = 700


class Bounds(NamedTuple):
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class MadeCountry:
    """Communes (EPSG:4326), towns with weights, the communes' centres, and the population raster's box."""

    communes: gpd.GeoDataFrame
    towns: Floats
    weights: Floats
    centres: Floats
    bounds: Bounds
    scale: float

    def scaled(self, count: int) -> int:
        """How many of something a country of this scale has."""
        return max(20, round(count * self.scale**2))


def make_country(scale: float, rng: np.random.Generator) -> MadeCountry:
    """Make land, communes and towns."""
    seeds, on_land = _seeds(scale, rng)
    rings = _voronoi_rings(seeds, on_land, rng)
    centres = seeds[on_land]
    parts: list[list[shapely.Polygon]] = [[ring] for ring in rings]
    for island in _islands(scale, np.array(rings, dtype=object), rng):
        nearest = int(np.argmin(np.hypot(*(centres - shapely.get_coordinates(island.centroid)[0]).T)))
        parts[nearest].append(island)
    frame = gpd.GeoDataFrame(
        {"code": [f"{number:05d}" for number in range(len(parts))]},
        geometry=[shapely.MultiPolygon(polygons) for polygons in parts],
        crs=4326,
    )
    count = max(12, round(1500 * scale**2))
    towns = centres[rng.choice(len(centres), min(count, len(centres)), replace=False)]
    weights = 1 / (np.arange(len(towns)) + 4.0) ** 0.85
    bounds = Bounds(_WEST, _NORTH - _HEIGHT * scale, _WEST + _WIDTH * scale, _NORTH)
    return MadeCountry(frame, towns, weights / weights.sum(), centres, bounds, scale)


def _shape(place: Floats) -> Floats:
    """Distance inside (positive) or outside the coast, for places in units of the country's box."""
    across, down = place[:, 0], place[:, 1]
    spine = 0.48 + 0.26 * np.sin(2 * math.pi * (down - 0.08)) - 0.05 * np.cos(5 * down)
    half = 0.125 + 0.085 * np.cos(2 * math.pi * (down - 0.02)) + 0.02 * np.sin(17 * down)
    inside = half - np.abs(across - spine)
    return np.minimum(inside, np.minimum(down - 0.02, 0.98 - down))


def _seeds(scale: float, rng: np.random.Generator) -> tuple[Floats, Flags]:
    """Commune centres, denser in places, and points in the sea around them that shape the coast."""
    wanted = max(9, round(_COMMUNES * scale**2))
    pool = rng.random((wanted * 40, 2))
    depth = _shape(pool)
    crowd = (
        0.25
        + np.exp(-(((pool - [0.55, 0.18]) / 0.12) ** 2).sum(1))
        + np.exp(-(((pool - [0.5, 0.85]) / 0.15) ** 2).sum(1))
    )
    likely = np.where(depth > 0, crowd / crowd.max(), np.where(depth > -0.15, 0.35, 0.0))
    pool = pool[rng.random(len(pool)) < likely]
    size = np.array([_WIDTH, _HEIGHT]) * scale
    degrees = pool * size
    apart = spatial.cKDTree(degrees)
    dropped = np.zeros(len(degrees), bool)
    for number in range(len(degrees)):
        if not dropped[number]:
            close = [other for other in apart.query_ball_point(degrees[number], 0.014) if other > number]
            dropped[close] = True
    degrees, pool = degrees[~dropped], pool[~dropped]
    on_land = _shape(pool) > 0
    surplus = np.flatnonzero(on_land)[wanted:]
    keep = np.ones(len(degrees), bool)
    keep[surplus] = False
    lonlat = np.column_stack([_WEST + degrees[:, 0], _NORTH - degrees[:, 1]])
    return lonlat[keep], on_land[keep]


def _voronoi_rings(seeds: Floats, on_land: Flags, rng: np.random.Generator) -> list[shapely.Polygon]:
    """Cells around the seeds on land; every border is drawn once and used by both its owners."""
    low, high = seeds.min(0), seeds.max(0)
    size = high - low
    around = np.linspace(0, 2 * math.pi, 16, endpoint=False)
    far = (low + high) / 2 + 2 * size.max() * np.column_stack([np.cos(around), np.sin(around)])
    diagram = spatial.Voronoi(np.concatenate([seeds, far]))  # the far ring closes every cell
    pieces: dict[int, list[tuple[int, int, Floats]]] = {}
    for (start, end), (one, other) in zip(diagram.ridge_vertices, diagram.ridge_points, strict=True):
        owners = [seed for seed in (one, other) if seed < len(seeds) and on_land[seed]]
        if start < 0 or end < 0 or not owners:
            continue
        line = _ragged(diagram.vertices[start], diagram.vertices[end], diagram.points[one], rng)
        for seed in owners:
            pieces.setdefault(int(seed), []).append((start, end, line))
    return [_ring(pieces[seed]) for seed in np.flatnonzero(on_land).tolist()]


def _ring(pieces: list[tuple[int, int, Floats]]) -> shapely.Polygon:
    """Chain border lines into a ring."""
    by_start: dict[int, list[tuple[int, Floats]]] = {}
    for start, end, line in pieces:
        by_start.setdefault(start, []).append((end, line))
        by_start.setdefault(end, []).append((start, line[::-1]))
    here, before, ring = pieces[0][0], -1, []
    for _ in pieces:
        following, line = next(step for step in by_start[here] if step[0] != before)
        ring.append(line[:-1])
        before, here = here, following
    return shapely.Polygon(np.concatenate(ring))


def _ragged(start: Floats, end: Floats, seed: Floats, rng: np.random.Generator) -> Floats:
    """Bend a border to and fro, but never out of the kite that its two seeds span: borders cannot cross."""
    along = end - start
    length = float(np.hypot(*along))
    if length < 2 * _VERTEX_DISTANCE:
        return np.array([start, end])
    along = along / length
    normal = np.array([-along[1], along[0]])
    height = abs(float(normal @ (seed - start)))
    foot = float(along @ (seed - start))
    levels = math.ceil(math.log2(length / _VERTEX_DISTANCE))
    offset = np.zeros(2)
    for level in range(levels):
        middle = (offset[:-1] + offset[1:]) / 2 + rng.normal(0, 0.12 * length / 2**level, len(offset) - 1)
        offset = _mixed(offset, middle)
    place = np.linspace(0.0, length, len(offset))
    left = height * place / max(foot, length * 0.05)
    right = height * (length - place) / max(length - foot, length * 0.05)
    limit = 0.6 * np.minimum(np.minimum(left, right), height)
    offset = limit * np.tanh(offset / np.maximum(limit, 1e-12))
    line: Floats = start + place[:, None] * along + offset[:, None] * normal
    line[0], line[-1] = start, end
    return line


def _mixed(outer: Floats, middle: Floats) -> Floats:
    """Put each middle between its two neighbours."""
    mixed = np.empty(len(outer) + len(middle))
    mixed[0::2], mixed[1::2] = outer, middle
    return mixed


def fractal_line(
    start: Floats, end: Floats, rng: np.random.Generator, distance: float, roughness: float
) -> Floats:
    """Draw a ragged line between two points by midpoint displacement."""
    points = np.array([start, end])
    levels = max(0, math.ceil(math.log2(max(1.0, float(np.hypot(*(end - start))) / distance))))
    for _ in range(levels):
        along = np.diff(points, axis=0)
        normal = np.column_stack([-along[:, 1], along[:, 0]])
        middle = (
            points[:-1] + along / 2 + normal * np.clip(rng.normal(0, roughness, (len(along), 1)), -0.3, 0.3)
        )
        points = np.stack([points[:-1], middle], axis=1).reshape(-1, 2)
        points = np.concatenate([points, end[None]])
    return points


def _islands(scale: float, land: NDArray[np.object_], rng: np.random.Generator) -> list[shapely.Polygon]:
    """Hundreds of islands, most smaller than a cell or two, none touching anything else."""
    count = max(6, round(_ISLANDS * scale**2))
    tree = shapely.STRtree(land)
    bounds = shapely.total_bounds(land)
    islands: list[shapely.Polygon] = []
    while len(islands) < count:
        centre = rng.uniform(bounds[:2], bounds[2:])
        near = tree.query(shapely.Point(centre), predicate="dwithin", distance=0.4)
        radius = min(0.15, float(rng.lognormal(-6.2, 0.9)))
        body = shapely.Point(centre).buffer(radius * 2)
        if not len(near) or len(tree.query(body, predicate="intersects")):
            continue
        if any(other.dwithin(body, radius) for other in islands[-400:]):
            continue
        angle = np.linspace(0, 2 * math.pi, 64, endpoint=False)
        swing = sum(
            rng.normal(0, 0.15 / wave) * np.cos(wave * angle + rng.uniform(0, 6)) for wave in (2, 3, 5, 8)
        )
        reach = radius * np.clip(1 + swing, 0.4, 1.8)
        islands.append(
            shapely.Polygon(centre + reach[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
        )
    return islands
