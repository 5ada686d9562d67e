"""People of communes: shares of cells."""

from __future__ import annotations

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.coverage.plausibility.raster_people import people_per_commune


class _Flat:
    """Ten people in each cell of 0.1 degrees."""

    crs, transform, width, height = pyproj.CRS(4326), Affine(0.1, 0, 105, 0, -0.1, 21), 10, 10

    def read(self, row0: int, rows: int, col0: int, cols: int) -> np.ndarray:
        row, col = np.mgrid[row0 : row0 + rows, col0 : col0 + cols]
        return np.where((row >= 0) & (row < 10) & (col >= 0) & (col < 10), 10.0, np.nan)


def test_people_of_communes_are_shares_of_cells() -> None:
    """Four whole cells have 40 people, half a cell 5, a commune outside nobody."""
    shapes = [
        shapely.box(105, 20.8, 105.2, 21),
        shapely.box(105.5, 20.5, 105.55, 20.6),
        shapely.box(110, 20, 111, 21),
    ]
    frame = geopandas.GeoDataFrame({"code": list("abc")}, geometry=shapes, crs=4326)
    assert [40, 5, 0] == pytest.approx(people_per_commune(frame, _Flat()).tolist(), abs=0.01)
