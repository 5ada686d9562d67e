"""What repairs change is counted in square kilometres and in people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from blackspot.data.communes import read_communes
from blackspot.data.findings import Findings
from blackspot.data.population import PopulationRaster, open_population
from blackspot.data.project import CommunesSource, PopulationSource
from blackspot.data.repairs import people_on, tell_people

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def population(tmp_path: Path) -> PopulationRaster:
    """Ten people in each cell of a hundredth of a degree, none known in the first."""
    path = tmp_path / "people.tif"
    cells = np.full((100, 100), 10.0, np.float32)
    cells[0, 0] = -1.0
    with rasterio.open(
        path, "w", driver="GTiff", width=100, height=100, count=1, dtype="float32", nodata=-1.0,
        crs="EPSG:4326", transform=Affine(0.01, 0, 105, 0, -0.01, 21),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    raster = open_population(PopulationSource(path=path), Findings())
    assert raster is not None
    return raster


def test_people_are_counted_by_the_share_of_their_cell(population: PopulationRaster) -> None:
    """Four whole cells and two halves; nobody outside the raster and where nothing is known."""
    ground = [shapely.box(105.5, 20.5, 105.52, 20.52), shapely.box(105.205, 20.3, 105.215, 20.31)]
    assert 50.0 == pytest.approx(people_on(np.array(ground, dtype=object), population))
    outside = [shapely.box(104.9, 20.99, 105.01, 21.1)]
    assert 0.0 == people_on(np.array(outside, dtype=object), population)


def test_a_repaired_commune_is_told_with_its_people(tmp_path: Path, population: PopulationRaster) -> None:
    """The ground that its outline runs around twice: a tenth of a degree squared, a hundred cells."""
    ring = [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    twice = shapely.Polygon([(105.3 + x / 10, 20.3 + y / 10) for x, y in ring])
    path = tmp_path / "xa.gpkg"
    columns = {"code": ["00001"], "name": ["A"], "province_code": ["01"], "type": ["xã"]}
    geopandas.GeoDataFrame(columns, geometry=[twice], crs=4326).to_file(path)
    findings = Findings()
    assert read_communes(CommunesSource(path=path), None, findings) is not None
    tell_people(population, findings, findings.fresh())
    (told,) = [item for item in findings.items if item.code == "repair.people"]
    assert "holds 1,000 people" in told.message_en
    assert "115" in told.message_en  # 11.05 km by 10.4 km
