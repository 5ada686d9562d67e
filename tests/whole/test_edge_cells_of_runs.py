"""Whole runs of places where a coast, a border or another reference system decides who counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from blackspot.pipeline import run as pipeline

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

PROJECT = """
[communes]
path = "communes.gpkg"
[population]
path = "people.tif"
{population}
[[submissions]]
operator = "Sao Mai"
service = "4g"
path = "coverage.gpkg"
vintage = 2026-10-31
[profile]
services = ["4g"]
mobile_service = "4g"
min_people = 1
[map]
pages = "none"
{map}
[checks]
sparse_per_km2 = 0
full_communes = 1.0
outside_communes_share = 1.0
"""


def write_people(
    folder: Path, people: np.ndarray, corner: tuple[float, float], cell: float, crs: str
) -> None:
    height, width = people.shape
    about = {"driver": "GTiff", "width": width, "height": height, "count": 1, "dtype": "float32"}
    place = from_origin(*corner, cell, cell)
    with rasterio.open(folder / "people.tif", "w", nodata=-1, crs=crs, transform=place, **about) as target:
        target.write(np.nan_to_num(people, nan=-1).astype("float32"), 1)


def write_communes(folder: Path, crs: str, *shapes: shapely.Geometry, provinces: str = "01") -> None:
    count = len(shapes)
    gpd.GeoDataFrame(
        {
            "code": [f"{number:05d}" for number in range(1, count + 1)],
            "name": [f"Xã {number}" for number in range(1, count + 1)],
            "province_code": [provinces] * count,
            "type": ["xã"] * count,
        },
        geometry=list(shapes),
        crs=crs,
    ).to_file(folder / "communes.gpkg")


def write_shapes(path: Path, crs: str, *shapes: shapely.Geometry) -> None:
    gpd.GeoDataFrame({"kind": ["4G"] * len(shapes)}, geometry=list(shapes), crs=crs).to_file(path)


def communes_of(folder: Path, population: str = "", maps: str = "") -> pd.DataFrame:
    """Run the project of a folder."""
    text = PROJECT.format(population=population, map=maps)
    (folder / "blackspot.toml").write_text(text, encoding="utf-8")
    report = pipeline.run(folder / "blackspot.toml")
    assert report.communes is not None
    return report.communes.set_index("code")


UTM = "EPSG:32648"
LEFT, TOP, CELL = 600_000.0, 2_200_000.0, 100.0


def at(col0: float, row0: float, col1: float, row1: float) -> shapely.Polygon:
    return shapely.box(LEFT + CELL * col0, TOP - CELL * row1, LEFT + CELL * col1, TOP - CELL * row0)


@pytest.mark.parametrize(
    ("col", "row"), [(3.0, 2.0), (3.92, 2.93), (3.45, 2.41), (3.0, 2.92)], ids=["NW", "SE", "middle", "SW"]
)
@pytest.mark.parametrize("part", ["island", "corner"])
def test_people_of_a_corner_that_is_land_all_live_there(
    tmp_path: Path, part: str, col: float, row: float
) -> None:
    """Of a cell with 2,000 people half of a hundredth is land: an island, or a spike of the commune itself."""
    people = np.zeros((9, 9))
    people[2, 3], people[6, 6] = 2000.0, 20.0
    corner = at(col, row, col + 0.08, row + 0.07)
    home = at(6, 6, 7, 7)
    if part == "corner":  # a way of a millimetre leads there, whose ground is nothing
        way = shapely.LineString([corner.centroid, home.centroid]).buffer(0.0005)
        ground = shapely.union_all([corner, home, way.difference(at(3, 2, 4, 3))])
        shape = shapely.union(ground, way.intersection(at(3, 2, 4, 3)))
    else:
        shape = shapely.union(corner, home)
    write_people(tmp_path, people, (LEFT, TOP), CELL, UTM)
    write_communes(tmp_path, UTM, shape)
    write_shapes(tmp_path / "coverage.gpkg", UTM, home)
    commune = communes_of(tmp_path).loc["00001"]
    assert pytest.approx(2020, abs=0.5) == commune["pop_total"]
    assert pytest.approx(20 / 2020, rel=2e-2) == commune["covered_share_4g"]


def test_coverage_that_ends_inside_small_land_divides_its_people(tmp_path: Path) -> None:
    """Three quarters of an island of ten metres are covered, and so are three quarters of its people."""
    people = np.zeros((9, 9))
    people[2, 3] = 2000.0
    write_people(tmp_path, people, (LEFT, TOP), CELL, UTM)
    write_communes(tmp_path, UTM, at(3.4, 2.4, 3.5, 2.5))
    write_shapes(tmp_path / "coverage.gpkg", UTM, at(3.0, 2.0, 4.0, 2.475))
    commune = communes_of(tmp_path).loc["00001"]
    assert pytest.approx(2000, abs=0.5) == commune["pop_total"]
    assert pytest.approx(0.75, abs=1e-3) == commune["covered_share_4g"]


LAMBERT = "EPSG:2154"


@pytest.mark.parametrize("raster_crs", [LAMBERT, "EPSG:4326"])
def test_a_commune_and_coverage_of_the_same_outline_are_the_same_ground(
    tmp_path: Path, raster_crs: str
) -> None:
    """Edges of 17 km in a projected system: nobody lives between the two, on a raster in either system."""
    outline = shapely.box(141_000, 6_800_000, 158_000, 6_803_000)
    write_communes(tmp_path, LAMBERT, outline)
    write_shapes(tmp_path / "coverage.gpkg", LAMBERT, outline)
    if raster_crs == LAMBERT:
        write_people(tmp_path, np.full((12, 24), 1000.0), (138_000, 6_809_000), 1000, LAMBERT)
    else:
        (degrees,) = gpd.GeoSeries([outline], crs=LAMBERT).to_crs(4326)
        west, _, _, north = degrees.bounds
        write_people(tmp_path, np.full((16, 40), 1000.0), (west - 0.05, north + 0.05), 0.01, raster_crs)
    commune = communes_of(tmp_path, 'edge_cells = "share"').loc["00001"]
    assert commune["pop_total"] > 10_000
    assert commune["pop_uncovered_4g"] < 0.05


def nation(folder: Path) -> tuple[shapely.Polygon, shapely.Polygon]:
    """Two provinces of one commune each, whose border cuts a column of cells that 50 people live in each."""
    rng = np.random.default_rng(8)
    people = rng.integers(1, 9, (12, 20)).astype(float)
    people[:, 9] = 50.0
    people[:, 19] = np.nan  # the sea
    write_people(folder, people, (LEFT, TOP), CELL, UTM)
    write_shapes(folder / "coverage.gpkg", UTM, at(2, 2, 15, 8))
    return at(0, 0, 9.3, 12), at(9.3, 0, 18.6, 12)


@pytest.mark.parametrize("given", ["land", "neighbours"])
def test_one_province_alone_has_the_people_it_has_in_the_nation(tmp_path: Path, given: str) -> None:
    """With the other one as land, of the project file or of the map."""
    together, alone = tmp_path / "together", tmp_path / "alone"
    for folder in (together, alone):
        folder.mkdir()
        west, east = nation(folder)
    write_communes(together, UTM, west, east)
    write_communes(alone, UTM, west)
    write_shapes(alone / "other.gpkg", UTM, east)
    named = f'{given} = {{ path = "other.gpkg" }}'
    whole = communes_of(together).loc["00001"]
    part = communes_of(alone, *((named, "") if given == "land" else ("", named))).loc["00001"]
    for column in ("pop_total", "pop_covered_4g", "pop_uncovered_4g"):
        assert pytest.approx(whole[column], rel=1e-3) == part[column]


def test_without_other_land_a_border_is_a_coast(tmp_path: Path) -> None:
    """The 600 people of the cut column all count for the one province that is known: 70 % too many of them."""
    west, _ = nation(tmp_path)
    write_communes(tmp_path, UTM, west)
    share = communes_of(tmp_path, 'edge_cells = "share"').loc["00001", "pop_total"]
    land = communes_of(tmp_path).loc["00001", "pop_total"]
    assert pytest.approx(0.7 * 600, abs=1.0) == land - share


def test_islands_denser_than_all_ground_around_are_limited(tmp_path: Path) -> None:
    """900 km² with 100 people per km² at most 400, and islands of a tenth of a km² with 3,000 people."""
    people = np.full((30, 60), np.nan)
    people[:, :30] = 100.0
    people[7, 7] = 400.0
    people[10, 40] = 3000.0
    write_people(tmp_path, people, (LEFT, TOP), 1000.0, UTM)

    def km(col0: float, row0: float, col1: float, row1: float) -> shapely.Polygon:
        return at(10 * col0, 10 * row0, 10 * col1, 10 * row1)

    mainland, islands = (
        km(0, 0, 30, 30),
        shapely.union(km(40.1, 10.1, 40.3, 10.3), km(40.6, 10.6, 40.8, 10.9)),
    )
    write_communes(tmp_path, UTM, mainland, islands)
    write_shapes(tmp_path / "coverage.gpkg", UTM, km(0, 0, 60, 15))
    rows = communes_of(tmp_path)
    assert pytest.approx(300, rel=1e-3) == rows.loc["00002", "pop_total"]  # a tenth of the cell
    assert "raster_limited" == rows.loc["00002", "pop_source"]
    assert pytest.approx(90_300, rel=1e-3) == rows.loc["00001", "pop_total"]
    assert "raster" == rows.loc["00001", "pop_source"]
