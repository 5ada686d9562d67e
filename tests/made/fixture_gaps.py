"""Files that look whole and usual, and are neither: boxes for coverage."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import shapely

from fixture_country import SIDE, SOUTH, STEP, WEST, communes

if TYPE_CHECKING:
    from fixture_country import Writer

WORLD = (-180.0, -90.0, 180.0, 90.0)
COUNTRY = (102.1, 8.3, 109.6, 23.5)


def write_gaps(to: Writer) -> None:
    """One file for each code that tells them."""
    write_everything(to)
    write_slivers(to)
    write_thousands(to)
    write_mended(to)
    write_moved(to)


def write_everything(to: Writer) -> None:
    """Boxes of the world and of the country, beside communes that leave half of their own box open, and alone."""
    good = communes()
    slope = [at for at in range(SIDE * SIDE) if at % SIDE <= at // SIDE]
    good.iloc[slope].to_file(to.folder / "slope.gpkg")
    to.layer("world.gpkg", [shapely.box(*WORLD)])
    to.layer("country.gpkg", [shapely.box(*COUNTRY)])
    east, north = WEST + SIDE * STEP, SOUTH + SIDE * STEP
    to.layer("frame.gpkg", [shapely.box(WEST - 0.002, SOUTH - 0.002, east + 0.002, north + 0.002)])
    to.case("plausibility.covers-everything", "coverage", "frame.gpkg", communes="xa.gpkg")
    for name in ("world.gpkg", "country.gpkg"):
        to.case("plausibility.everywhere", "coverage", name)
        to.case("plausibility.everywhere", "coverage", name, communes="slope.gpkg")
    to.case("plausibility.everywhere", "coverage", "world.gpkg", communes="xa.gpkg")
    to.case("plausibility.everywhere", "coverage", "frame.gpkg", communes="slope.gpkg")


def write_slivers(to: Writer) -> None:
    """Two communes that share a strip a tenth of a metre wide and three kilometres long."""
    good = communes()
    wide = shapely.box(WEST, SOUTH, WEST + STEP + 1e-6, SOUTH + 0.03)
    outline = shapely.union(good.geometry[0], wide)
    good.set_geometry([outline, *good.geometry[1:]], crs=4326).to_file(to.folder / "sliver.gpkg")
    to.case("communes.boundary-overlap", "communes", "sliver.gpkg")


def write_thousands(to: Writer) -> None:
    """A province of villages and one town: its people, the same in thousands, and a small piece in thousands."""
    row, col = np.indices((60, 60))
    people = 120.0 + 9000.0 * np.exp(-((row - 20.0) ** 2 + (col - 35.0) ** 2) / 18.0)
    people[:, :3] = -99999.0
    to.raster("province.tif", people)
    thousands = np.where(people > 0, people / 1000.0, people)
    to.raster("thousands.tif", thousands)
    to.raster("piece.tif", thousands[:20])
    to.case("", "population", "province.tif")
    to.case("population.sparse", "population", "thousands.tif")


def write_mended(to: Writer) -> None:
    """A square of a hundredth of a degree whose ring lacks its last place."""
    ring = [[105.1, 20.9], [105.11, 20.9], [105.11, 20.91], [105.1, 20.91]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": shape}
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    to.case("repair.ground", "coverage", to.text("unclosed.geojson", text))


def write_moved(to: Writer) -> None:
    """Six uneven areas, and the same with the third one 0.2 degrees, 20.8 km, farther east."""
    blobs = to.blobs()
    to.layer("stood.gpkg", blobs)
    moved = shapely.transform(blobs[2], lambda at: at + np.array([0.2, 0.0]))
    to.layer("strayed.gpkg", [*blobs[:2], moved, *blobs[3:]])
    to.case("plausibility.features-moved", "coverage", "strayed.gpkg", previous="stood.gpkg")
