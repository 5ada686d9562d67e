"""The cells that the clusters of a run are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyproj
import pytest

from blackspot.coverage.change.lacking_cells import CellGrid
from blackspot.coverage.change.spot_cells import cluster_cells
from kept_cells import GRID, kept

LONLAT = replace(GRID, crs=pyproj.CRS(4326).to_wkt())


def spots(*places: tuple[str, str, float, float]) -> pd.DataFrame:
    """Commune, cluster, and the place of a cell."""
    return pd.DataFrame(places, columns=["code", "cluster_id", "lon", "lat"])


def test_clusters_are_found_again() -> None:
    """Three cells that touch at a corner, one apart that no spot is made of, and one of which too few people fail."""
    people = {
        ("b", 0): 10.0,
        ("b", 101): 10.0,
        ("b", 202): 10.0,
        ("b", 203): 10.0,
        ("b", 99): 10.0,
        ("a", 0): 10.0,
    }
    cells = kept(people, {"profile": [10.0, 6.0, 5.0, 4.9, 10.0, 10.0]}, {}, LONLAT)
    found = cluster_cells(cells, spots(("b", "b-1", 105.15, 20.85), ("a", "a-1", 105.05, 20.95)), 0.5)
    assert found is not None
    assert [("a", "a-1", 0, 0), ("b", "b-1", 0, 0), ("b", "b-1", 1, 1), ("b", "b-1", 2, 2)] == sorted(
        zip(found.code, found.cluster, found.row.tolist(), found.col.tolist(), strict=True)
    )
    assert [1, 2, 3, 1] == found.shifted(1, 0).row.tolist()


def test_a_grid_in_metres() -> None:
    """The place of a spot is carried to the grid's own system."""
    crs = pyproj.CRS(3405)
    grid = CellGrid(crs.to_wkt(), (1000.0, 0.0, 500_000.0, 0.0, -1000.0, 2_300_000.0), 50, 50)
    lon, lat = pyproj.Transformer.from_crs(crs, 4326, always_xy=True).transform(503_500.0, 2_297_500.0)
    cells = kept({("b", 2 * 50 + 3): 10.0}, {"profile": [10.0]}, {}, grid)
    found = cluster_cells(cells, spots(("b", "b-1", lon, lat)), 0.5)
    assert found is not None
    assert (["b-1"], [2], [3]) == (found.cluster.tolist(), found.row.tolist(), found.col.tolist())


@pytest.mark.parametrize("place", [("b", "b-1", 106.0, 20.85), ("a", "b-1", 105.05, 20.95)])
def test_a_spot_in_no_such_cell(place: tuple[str, str, float, float]) -> None:
    """Elsewhere, or of a commune that has none there."""
    cells = kept({("b", 0): 10.0}, {"profile": [10.0]}, {}, LONLAT)
    assert cluster_cells(cells, spots(place), 0.5) is None


def test_no_spots() -> None:
    """Cells that are too few for a spot belong to none."""
    cells = kept({("b", 0): 10.0}, {"profile": [10.0]}, {}, LONLAT)
    found = cluster_cells(cells, spots(), 0.5)
    assert found is not None
    assert 0 == len(found.cluster) == len(np.asarray(found.row))
