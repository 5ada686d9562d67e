"""Real coverage files, and those of the made-up scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.data.country.communes import Communes
from blackspot.data.country.population import open_population
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.models import ExtentSource
from blackspot.data.project.population import PopulationSource
from blackspot.data.project.sections.where import WhereFilter
from submission_files import OPERATIONAL, read, used

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def viet_nam(realdata: Path) -> Communes:
    frame = geopandas.read_parquet(realdata / "vietnam/communes_2026-07_light.parquet")
    return Communes(frame.sort_values("code", ignore_index=True))


def box_country(west: float, south: float, east: float, north: float) -> Communes:
    frame = pd.DataFrame({"code": ["00001"], "province_code": ["01"]})
    return Communes(geopandas.GeoDataFrame(frame, geometry=[shapely.box(west, south, east, north)], crs=4326))


def test_ibiza_is_not_the_sum_of_its_polygons(realdata: Path) -> None:
    """770 overlapping polygons of 193.6 km² are handed on; their union is 116.7 km²."""
    submission = used(realdata / "ibiza_4g/mobile-coverage.gpkg", box_country(1, 38.5, 2, 39.5))
    assert len(submission.geometries) == 770
    assert area_km2(submission.geometries).sum() == pytest.approx(193.6, abs=0.1)
    union = np.array([shapely.union_all(shapely.make_valid(submission.geometries))], dtype=object)
    assert area_km2(union)[0] == pytest.approx(116.7, abs=0.1)


def test_west_african_fibre_counts_only_where_it_works(realdata: Path) -> None:
    """Of 841 operational routes one has no shape; planned, unknown and <NA> are left out by name."""
    path = realdata / "fibre_west_africa/combined_lines.geojson"
    submission, findings = read(path, box_country(-26, 4, 25, 25), where=OPERATIONAL, buffer_m=3000.0)
    assert submission is not None
    assert len(submission.geometries) == 840
    by_code = {finding.code: finding for finding in findings}
    assert "'Unknown' 284, 'Planned' 75, '<NA>' 19" in by_code["coverage.filtered"].message_en
    assert by_code["geometry.missing"].count == 1
    assert shapely.is_valid(submission.geometries).all()


@pytest.mark.parametrize(
    ("name", "features", "epsg", "crossed"),
    [
        ("saomai_4g.gpkg", 389, 3405, 6),
        ("saomai_5g.gpkg", 3049, 3405, 61),
        ("haidang_4g.fgb", 34, 4326, 0),
        ("bienxanh_4g.shp.zip", 14074, 3405, 56),
    ],
)
def test_the_scenario(
    realdata: Path, viet_nam: Communes, name: str, features: int, epsg: int, crossed: int
) -> None:
    """Every feature is used in its own system, bow ties included."""
    submission, findings = read(realdata / "scenario" / name, viet_nam)
    assert submission is not None
    assert (submission.features_read, len(submission.geometries)) == (features, features)
    assert submission.crs.to_epsg() == epsg
    assert sum(f.count for f in findings if f.code == "coverage.invalid-rings") == crossed


def test_the_scenarios_missing_provinces(realdata: Path, viet_nam: Communes) -> None:
    """Three provinces were not submitted: the extent says no data there."""
    extent = ExtentSource(except_provinces=("12", "14", "96"))
    submission = used(realdata / "scenario/haidang_5g.geojson", viet_nam, operator="Hải Đăng", extent=extent)
    assert submission.extent_provinces is not None
    assert len(submission.extent_provinces) == 31


def test_the_scenarios_fibre(realdata: Path, viet_nam: Communes) -> None:
    """Planned routes and <NA> are no coverage."""
    path = realdata / "scenario/fibre_routes.gpkg"
    where = OPERATIONAL.model_copy(update={"also": (WhereFilter(column="owner", values=("Sao Mai",)),)})
    submission = used(path, viet_nam, where=where, buffer_m=3000.0, service="fibre")
    assert (submission.features_read, len(submission.geometries)) == (3314, 1088)
    unfiltered, findings = read(path, viet_nam, buffer_m=3000.0, service="fibre")
    assert unfiltered is not None
    assert 1088 == len(unfiltered.geometries)
    assert ["submission.rows-left-out"] * 2 == [one.code for one in findings if one.severity == "warning"]


def test_a_real_raster_is_no_signal_by_accident(realdata: Path, viet_nam: Communes) -> None:
    """WorldPop read as a signal raster gives the cells with at least 100 people."""
    path = realdata / "vietnam/vnm_ppp_2020_1km_Aggregated_UNadj.tif"
    submission = used(path, viet_nam, threshold=100.0)
    people = open_population(PopulationSource(path=path), Findings())
    assert people is not None
    cells = people.read(0, people.height, 0, people.width)
    expected = np.count_nonzero(cells >= 100) * people.transform.a**2
    assert shapely.area(submission.geometries).sum() == pytest.approx(expected, rel=1e-9)
