"""Small grids of failing cells, for the tests of black spots."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from affine import Affine

from blackspot.coverage.blackspots.find import find_black_spots
from blackspot.coverage.blackspots.spots import Country
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.spans import CELL_UNITS, Spans
from blackspot.coverage.overlay.totals import FailingCells
from blackspot.data.country.places import NamedPlaces
from blackspot.data.geodesy.places import LonLat
from blackspot.data.project.profile import Profile
from blackspot.data.readers.facts import LayerFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from blackspot.coverage.blackspots.distance import Coverage

GRID = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0.0, 105.0, 0.0, -0.01, 21.0), 60, 60, 4)
COMMUNES = gpd.GeoDataFrame(
    {
        "code": ["00001", "00004", "00010"],
        "name": ["Một", "Hai", "Ba"],
        "province_code": ["01", "01", "02"],
        "province_name": ["Tỉnh A", "Tỉnh A", "Tỉnh B"],
    },
    geometry=[shapely.box(104.9, 20.3, 105.7, 21.1)] * 3,  # around the whole grid: every cell lies inside
    crs="EPSG:4326",
)
GROUPS = ("fails", "5g", "fibre")

Row = tuple[int, int, int, float, float, float, float]


def cells_of(rows: Sequence[Row]) -> FailingCells:
    """Make cells of (commune, row, col, people, failing, without 5G, without fibre)."""
    table = np.array(rows, dtype=np.float64).reshape(-1, 7)
    commune, row, col = table[:, :3].T.astype(np.int32)
    numbers = table[:, 3:].astype(np.float32)
    return FailingCells(commune, row, col, numbers[:, 0], numbers[:, 1:])


def zones_of(cells: FailingCells, grid: Grid = GRID) -> Spans:
    """Make the communes' spans: each owns the whole of its cells, and cells of several belong to each."""
    line = (cells.row[:, np.newaxis] * grid.sublines + np.arange(grid.sublines)).ravel()
    col, owner = np.repeat(cells.col, grid.sublines), np.repeat(cells.commune, grid.sublines)
    order = np.lexsort((col, line))
    start = (col[order] * CELL_UNITS).astype(np.int32)
    return Spans(line[order].astype(np.int32), start, start + CELL_UNITS, owner[order])


def country_of(
    cells: FailingCells, communes: gpd.GeoDataFrame = COMMUNES, grid: Grid = GRID, zones: Spans | None = None
) -> Country:
    """Put cells into their communes, whose people who fail are exactly those of the cells."""
    failing = cells.failing[:, 0].astype(np.float64)
    totals = np.bincount(cells.commune, failing, len(communes)).astype(np.float64)
    return Country(grid, communes, zones_of(cells, grid) if zones is None else zones, totals)


def places_of(*rows: tuple[str, float, float]) -> NamedPlaces:
    """Name places, given as name, longitude and latitude."""
    names, lon, lat = ([row[at] for row in rows] for at in range(3))
    lonlat = LonLat(np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64))
    return NamedPlaces(np.array(names, dtype=object), lonlat, LayerFacts(Path("/made/places.gpkg")))


def find(
    cells: FailingCells,
    coverage: Mapping[str, Mapping[str, Coverage]] | None = None,
    country: Country | None = None,
    **rules: object,
) -> gpd.GeoDataFrame:
    """Find the black spots of cells, under a profile with these rules."""
    profile = Profile.model_validate({"services": ("5g", "fibre"), "min_people": 1.0, **rules})
    return find_black_spots(cells, GROUPS, country or country_of(cells), profile, coverage or {})
