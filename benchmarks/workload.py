"""A made-up country to measure the overlay on: seeded, and as awkward as real submissions are.

``python benchmarks/workload.py DIR`` writes about what a country of 330,000 km² needs at 100 m: a
population raster of 8,880 x 18,120 cells, 3,300 communes that share ragged borders, and seven coverage
layers of 100,000 features from three imaginary operators::

    population.tif           float32, 3 arc-seconds, tiled, deflate, nodata -99999
    communes.gpkg            communes, islands as extra parts
    a_4g.gpkg  a_5g.gpkg     staircase polygons traced from a 100 m raster (rings that touch themselves)
    b_4g.gpkg  b_5g.gpkg     smoothed, one multipolygon per region, regions overlap, spikes cross rings
    c_4g.gpkg  c_5g.gpkg     a wedge per sector, overlapping heavily, with bow ties
    fibre.gpkg               buffered routes, overlapping

``--scale 0.05`` makes a country a twentieth as long and as wide, at the same resolution.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import rasterio
import shapely
from country import MadeCountry, fractal_line, make_country
from rasterio.features import rasterize, shapes
from rasterio.transform import from_origin
from scipy import ndimage, signal, spatial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Shapes = NDArray[np.object_]

LAYERS = ("a_4g", "b_4g", "c_4g", "a_5g", "b_5g", "c_5g", "fibre")
CELL = 1 / 1200  # 3 arc-seconds
NODATA = -99999.0
PLANE = pyproj.CRS.from_epsg(32648)
PIXEL_M = 100.0
_COARSE = 5  # coverage is computed on pixels five times as large and refined with noise


def main() -> None:
    """Write the workload."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=1.0, help="length and width of the country")
    parser.add_argument("--seed", type=int, default=20_260_701)
    options = parser.parse_args()
    write_workload(options.folder, scale=options.scale, seed=options.seed)


def write_workload(folder: Path, *, scale: float = 1.0, seed: int = 20_260_701) -> None:
    """Write all files into a folder (it is made)."""
    folder.mkdir(parents=True, exist_ok=True)
    country = make_country(scale, np.random.default_rng([seed, 1]))
    _save(folder, "communes", country.communes)
    _write_population(folder / "population.tif", country, np.random.default_rng([seed, 2]))
    for name, make in (("a", _staircases), ("b", _smoothed), ("c", _wedges)):
        for number, service in enumerate(("4g", "5g")):
            rng = np.random.default_rng([seed, 3, ord(name), number])
            _save(folder, f"{name}_{service}", _frame(make(country, service, rng)))
    _save(folder, "fibre", _frame(_routes(country, np.random.default_rng([seed, 4]))))


def _save(folder: Path, name: str, frame: gpd.GeoDataFrame) -> None:
    frame.to_file(folder / f"{name}.gpkg", driver="GPKG", layer=name)
    vertices = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    print(f"{name}: {len(frame)} features, {vertices} vertices", file=sys.stderr)


def _frame(geometries: Shapes) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"id": np.arange(len(geometries))}, geometry=geometries, crs=PLANE).to_crs(4326)


def _noise(shape: tuple[int, int], distance: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Smooth noise of standard deviation about one: random values ``distance`` cells apart."""
    coarse = (shape[0] // distance + 3, shape[1] // distance + 3)
    values = ndimage.zoom(rng.standard_normal(coarse).astype(np.float32), distance, order=1)
    return np.asarray(values[: shape[0], : shape[1]] * np.float32(1.5))


def _write_population(path: Path, country: MadeCountry, rng: np.random.Generator) -> None:
    """People follow towns and noise at several distances; the raster has a slightly different coast."""
    west, south, east, north = country.bounds
    width, height = round((east - west) / CELL), round((north - south) / CELL)
    transform = from_origin(west, north, CELL, CELL)
    coast = shapely.transform(
        country.communes.geometry.to_numpy(), lambda xy: xy + np.array([0.0004, -0.0003])
    )
    land = rasterize(((shape, 1) for shape in coast), (height, width), transform=transform, dtype=np.uint8)
    coarse = (height // 10 + 1, width // 10 + 1)
    towns = np.zeros(coarse, np.float32)
    rows = np.clip(((north - country.towns[:, 1]) / CELL / 10).astype(int), 0, coarse[0] - 1)
    cols = np.clip(((country.towns[:, 0] - west) / CELL / 10).astype(int), 0, coarse[1] - 1)
    np.add.at(towns, (rows, cols), country.weights * 400)
    density = ndimage.gaussian_filter(towns, 2) * 60 + ndimage.gaussian_filter(towns, 7) * 40
    density += np.exp(_noise(coarse, 24, rng) + 0.7 * _noise(coarse, 8, rng)) * 0.1
    profile = {
        "driver": "GTiff", "width": width, "height": height, "count": 1, "dtype": "float32",
        "crs": "EPSG:4326", "nodata": NODATA, "transform": transform, "tiled": True,
        "blockxsize": 512, "blockysize": 512, "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as target:
        for row in range(0, height, 512):
            rows_here = min(512, height - row)
            shape = (rows_here, width)
            fine = ndimage.zoom(density[row // 10 : (row + rows_here) // 10 + 2], 10, order=1)
            fine = fine[row % 10 : row % 10 + rows_here, :width]
            fine = fine * np.exp(1.1 * _noise(shape, 12, rng) + 0.8 * _noise(shape, 3, rng))
            fine *= np.exp(0.35 * rng.standard_normal(shape, dtype=np.float32))
            people = np.where(land[row : row + rows_here] == 1, np.minimum(fine, 400.0), NODATA)
            target.write(people.astype(np.float32), 1, window=((row, row + rows_here), (0, width)))


def _to_plane(lonlat: Floats) -> Floats:
    forward = pyproj.Transformer.from_crs(4326, PLANE, always_xy=True)
    return np.column_stack(forward.transform(lonlat[:, 0], lonlat[:, 1]))


def _sites(country: MadeCountry, count: int, rng: np.random.Generator) -> Floats:
    """Place sites near towns and near communes' centres, in plane coordinates."""
    share = country.weights**0.7 / (country.weights**0.7).sum()
    near_towns = country.towns[rng.choice(len(country.towns), int(count * 0.55), p=share)]
    near_towns = near_towns + rng.normal(0, 0.06, near_towns.shape)
    centres = country.centres[rng.integers(0, len(country.centres), int(count * 0.45))]
    centres = centres + rng.normal(0, 0.035, centres.shape)
    return _to_plane(np.concatenate([near_towns, centres]))


def _covered(sites: Floats, reach_m: float, rng: np.random.Generator) -> tuple[Flags, Floats]:
    """Compute where a network is received: bool pixels of 100 m, and the (left, top) of the first."""
    low, high = sites.min(0) - 8000.0, sites.max(0) + 8000.0
    corner = np.array([np.floor(low[0] / PIXEL_M), np.ceil(high[1] / PIXEL_M)]) * PIXEL_M
    size = np.ceil((high - low) / (PIXEL_M * _COARSE)).astype(int) + 1
    cells = np.zeros((size[1], size[0]), np.float32)
    step = PIXEL_M * _COARSE
    np.add.at(
        cells,
        (((corner[1] - sites[:, 1]) / step).astype(int), ((sites[:, 0] - corner[0]) / step).astype(int)),
        1,
    )
    offsets = np.arange(-30, 31) * step
    distance = np.maximum(np.hypot(offsets[:, None], offsets[None, :]), step / 2)
    received = signal.fftconvolve(cells, ((reach_m / distance) ** 3.6).astype(np.float32), mode="same")
    level = 10 * np.log10(np.maximum(received, 1e-4)).astype(np.float32)
    level = ndimage.zoom(level, _COARSE, order=1)
    for decibel, apart in ((4.5, 30), (3.2, 9), (2.2, 3)):
        level += np.float32(decibel / 1.5) * _noise(level.shape, apart, rng)
    return level > 0, corner


def _traced(pixels: Flags, corner: Floats, connectivity: int) -> list[list[Floats]]:
    """Trace pixels into rings, polygon by polygon."""
    transform = from_origin(corner[0], corner[1], PIXEL_M, PIXEL_M)
    traced = shapes(pixels.astype(np.uint8), mask=pixels, connectivity=connectivity, transform=transform)
    return [[np.array(ring) for ring in shape["coordinates"]] for shape, _ in traced]


def _without_specks(pixels: Flags, least: int) -> Flags:
    label, _ = ndimage.label(pixels)
    return np.asarray(pixels & (np.bincount(label.ravel())[label] >= least))


def _staircases(country: MadeCountry, service: str, rng: np.random.Generator) -> Shapes:
    """Operator A draws its raster's pixels; pieces that meet at a corner are one ring."""
    sites, reach_m = (22_000, 3300.0) if service == "4g" else (7_000, 1500.0)
    pixels, corner = _covered(_sites(country, country.scaled(sites), rng), reach_m, rng)
    rings = _traced(_without_specks(pixels, 2), corner, connectivity=8)
    return np.array([shapely.Polygon(outer, holes) for outer, *holes in rings], dtype=object)


def _smoothed(country: MadeCountry, service: str, rng: np.random.Generator) -> Shapes:
    """Operator B smooths ring by ring and cuts into regions that overlap by two kilometres."""
    sites, reach_m = (17_000, 3100.0) if service == "4g" else (4_500, 1450.0)
    pixels, corner = _covered(_sites(country, country.scaled(sites), rng), reach_m, rng)
    pixels = ndimage.binary_closing(_without_specks(pixels, 4))
    regions = []
    for row in range(0, pixels.shape[0], 3400):
        for col in range(0, pixels.shape[1], 2800):
            top, left = max(0, row - 20), max(0, col - 20)
            window = pixels[top : row + 3420, left : col + 2820]
            start = corner + np.array([left, -top]) * PIXEL_M
            polygons = [_smooth_polygon(rings, rng) for rings in _traced(window, start, connectivity=4)]
            if polygons:
                regions.append(shapely.MultiPolygon([shape for shape in polygons if not shape.is_empty]))
    return np.array(regions, dtype=object)


def _smooth_polygon(rings: list[Floats], rng: np.random.Generator) -> shapely.Polygon:
    """Round the corners of every ring and thin it on its own, as exporters do: rings may then cross."""
    drawn = []
    for ring in rings:
        smooth = ring
        for _ in range(2):
            first, second = smooth[:-1], smooth[1:]
            smooth = np.stack([0.75 * first + 0.25 * second, 0.25 * first + 0.75 * second], 1).reshape(-1, 2)
            smooth = np.concatenate([smooth, smooth[:1]])
        thin = shapely.simplify(shapely.LineString(smooth), 25.0, preserve_topology=False)
        drawn.append(shapely.get_coordinates(thin))
    drawn = [ring for ring in drawn if len(ring) >= 4]
    if not drawn:
        return shapely.Polygon()
    if len(drawn[0]) > 12 and rng.random() < 0.01:  # a spike: two vertices out of order
        at = int(rng.integers(2, len(drawn[0]) - 4))
        drawn[0][[at, at + 2]] = drawn[0][[at + 2, at]]
    return shapely.Polygon(drawn[0], drawn[1:])


def _wedges(country: MadeCountry, service: str, rng: np.random.Generator) -> Shapes:
    """Operator C hands in one wedge per sector and never dissolves them; a few are bow ties."""
    sites, reach_m = (26_000, 2600.0) if service == "4g" else (5_000, 700.0)
    places = _sites(country, country.scaled(sites), rng)
    reach = reach_m * rng.lognormal(0, 0.45, len(places))
    azimuth = rng.uniform(0, 2 * np.pi, len(places))
    wedges = []
    for sector in range(3):
        angle = azimuth[:, None] + sector * 2 * np.pi / 3 + np.linspace(-1.15, 1.15, 36)
        ripple = 1 + 0.12 * np.clip(np.cumsum(rng.normal(0, 0.35, angle.shape), axis=1), -3, 3)
        radius = reach[:, None] * rng.uniform(0.75, 1.2, (len(places), 1)) * ripple
        arc = places[:, None] + np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        tied = rng.random(len(places)) < 0.004
        arc[tied, 10], arc[tied, 22] = arc[tied, 22].copy(), arc[tied, 10].copy()
        wedges.append(np.concatenate([places[:, None], arc, places[:, None]], axis=1))
    return np.asarray(shapely.polygons(np.concatenate(wedges)))


def _routes(country: MadeCountry, rng: np.random.Generator) -> Shapes:
    """Fibre joins neighbouring centres; homes within 300 m to 1 km can be connected."""
    centres = _to_plane(country.centres)
    centres = centres[rng.random(len(centres)) < 0.72]
    simplices = spatial.Delaunay(centres).simplices
    pairs = np.unique(np.sort(np.concatenate([simplices[:, [0, 1]], simplices[:, [1, 2]]]), axis=1), axis=0)
    length = np.hypot(*(centres[pairs[:, 0]] - centres[pairs[:, 1]]).T)
    pairs = pairs[(length < 14_000) & (rng.random(len(pairs)) < 0.6)]
    return np.array(
        [
            shapely.LineString(fractal_line(centres[one], centres[other], rng, 120.0, 0.10)).buffer(
                rng.choice([300.0, 500.0, 1000.0]), quad_segs=6
            )
            for one, other in pairs
        ],
        dtype=object,
    )


if __name__ == "__main__":
    main()
