"""What the overlay adds up: people of a raster, or ground."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from affine import Affine

from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.polygons import burn_communes
from blackspot.coverage.overlay.bands import overlay
from blackspot.coverage.overlay.sources import AreaPeople
from table_raster import CELL, LEFT, LONLAT, TOP, UTM48, box, communes


def test_area_counts_as_people_where_the_raster_has_none() -> None:
    """Each commune gets its geodesic area, whatever the raster's CRS."""
    grid = Grid(UTM48, Affine(CELL, 0, LEFT, 0, -CELL, TOP), 50, 50, 4)
    frame = communes(box(1, 1, 21, 31), box(21, 1, 40, 31))
    area = overlay(
        AreaPeople(grid), grid, burn_communes(frame, grid), [], n_communes=2, edge_cells="share", groups=None
    )
    geod = pyproj.Geod(ellps="WGS84")
    expected = [abs(geod.geometry_area_perimeter(shape)[0]) / 1e6 for shape in frame.to_crs(4326).geometry]
    assert pytest.approx(expected, rel=1e-5) == area.people.sum(axis=1).tolist()
    lonlat = Grid(LONLAT, Affine(0.001, 0, 105, 0, -0.001, 21), 5, 6, 4)
    window = AreaPeople(lonlat).read(2, 3, 1, 4)
    assert (3, 4) == window.shape
    assert pytest.approx(float(lonlat.cell_area_km2(np.array(4), np.array(0)))) == window[2, 3]
