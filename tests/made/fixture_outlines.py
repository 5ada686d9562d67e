"""Made files whose outlines cross, lie in each other, or enclose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from fixture_country import communes
from ring_files import shapefile_of_rings, square

if TYPE_CHECKING:
    from fixture_country import Writer


def write_outlines(to: Writer) -> None:
    """Coverage, communes and a border of which every outline is drawn in an unlikely way."""
    tangle = shapely.Polygon(np.random.default_rng(11).random((3000, 2)) * 0.1 + [105.0, 20.8])
    line = shapely.Polygon([(105.0, 21.0), (105.1, 21.1), (105.0, 21.0)])
    box, inner = shapely.box(105.0, 21.0, 105.1, 21.1), shapely.box(105.02, 21.02, 105.05, 21.05)
    good = communes()
    to.case("geometry.tangled", "coverage", to.layer("tangle.gpkg", [box, tangle]))
    good.set_geometry([tangle, *good.geometry[1:]], crs=4326).to_file(to.folder / "tangle-xa.gpkg")
    to.case("geometry.tangled", "communes", "tangle-xa.gpkg")
    to.case("geometry.tangled", "border", to.layer("tangle-land.gpkg", [tangle]))
    to.case("coverage.no-ground", "coverage", to.layer("lines.gpkg", [line, line]))
    to.case("coverage.features-without-ground", "coverage", to.layer("some-lines.gpkg", [box, line]))
    parts = shapely.MultiPolygon([box, inner])
    to.case("coverage.parts-inside-parts", "coverage", to.layer("parts.gpkg", [parts]))
    shell, hole = square(105.0, 21.0, 0.1, clockwise=True), square(105.02, 21.02, 0.03, clockwise=True)
    shapefile_of_rings(to.folder / "alike.shp", [shell, hole])
    to.case("coverage.holes-or-parts", "coverage", "alike.shp")
