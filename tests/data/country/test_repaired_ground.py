"""What repairs change is counted in square kilometres and in people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyarrow as pa
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine

from blackspot.data.country.communes import read_communes
from blackspot.data.country.population import PopulationRaster, open_population
from blackspot.data.country.repaired_ground import people_on, report_people
from blackspot.data.findings.collector import Findings
from blackspot.data.isolation.reply import BadReplyError, save_table
from blackspot.data.project.models import CommunesSource
from blackspot.data.project.population import PopulationSource
from blackspot.data.readers.vector import mended_ground, read_vector

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
    facts = read_communes(CommunesSource(path=path), None, findings).facts
    assert facts is not None
    report_people(population, [facts], findings)
    (told,) = [item for item in findings.items if item.code == "repair.people"]
    assert "holds 1,000 people" in told.message_en
    assert "115" in told.message_en  # 11.05 km by 10.4 km


def test_closed_rings_are_told_with_their_ground_and_people(
    tmp_path: Path, population: PopulationRaster
) -> None:
    """A square of four cells that counts only because its ring was closed; the whole one beside it is no repair."""
    ring = [[105.5, 20.5], [105.52, 20.5], [105.52, 20.52], [105.5, 20.52]]
    beside = [[105.6, 20.5], [105.62, 20.5], [105.62, 20.52], [105.6, 20.52], [105.6, 20.5]]
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [outline]}}
        for outline in (ring, beside)
    ]
    path = tmp_path / "open.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    findings = Findings()
    table = read_vector(path, findings=findings)
    (ground,) = [item for item in findings.items if item.code == "repair.ground"]
    assert "were closed: 4.619 km²" in ground.message_en  # 2.086 km by 2.214 km
    report_people(population, [table.facts], findings)
    (told,) = [item for item in findings.items if item.code == "repair.people"]
    assert "4.619 km², holds 40 people" in told.message_en


def test_what_a_reader_says_of_its_repairs_is_not_believed(tmp_path: Path) -> None:
    """A table without the flag, or with something that is no geometry, is no answer."""
    crs = pyproj.CRS("EPSG:4326")
    wkb = pa.array([b"nothing"], type=pa.large_binary())
    for flag in (pa.array([1]), pa.array([None], type=pa.bool_()), pa.array([True])):
        save_table(tmp_path / "mended.arrow", {"is_arc": flag, "wkb": wkb})
        with pytest.raises(BadReplyError):
            mended_ground(tmp_path / "mended.arrow", crs, Findings().about("x"))
