"""The sample project: complete, believable, and openly made up."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import pytest
import rasterio
import rasterio.features
import shapely

from blackspot.data.project.load import load_project
from blackspot.data.sample.files import NOTICE, NOTICE_EN, NOTICE_VI
from blackspot.data.sample.names import ARCHIPELAGO_NAME
from sample_project import TABLES, VECTORS, Made, read_layer

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from blackspot.data.reading import Inputs
    from blackspot.data.sample.country import SampleCountry

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def communes(sample: Path) -> geopandas.GeoDataFrame:
    return geopandas.read_file(sample / "sample_communes.gpkg")


def _marked(shapes: Any, crs: Any, grid: Any) -> NDArray[np.bool_]:
    """Mark the cells of the population grid whose middle lies in one of the shapes."""
    lonlat = geopandas.GeoSeries(list(shapes), crs=crs).to_crs(4326)
    drawn = rasterio.features.rasterize(list(lonlat), out_shape=grid.shape, transform=grid.transform)
    return np.asarray(drawn, dtype=bool)


def test_the_folder_holds_the_project_its_inputs_and_nothing_else(sample: Path) -> None:
    """Every file name but the project file and the README says sample, and the project names every input."""
    names = {path.name for path in sample.iterdir()}
    assert {*VECTORS, *TABLES, "sample_population.tif", "blackspot.toml", "README.txt"} == names
    text = (sample / "blackspot.toml").read_text(encoding="utf-8")
    assert set() == {name for name in names if name.startswith("sample_") and name not in text}


def test_the_project_file_loads_and_its_paths_exist(sample: Path) -> None:
    """The project is valid as it stands and has the made-up operators and services."""
    project = load_project(sample / "blackspot.toml")
    assert project.project.notice.vi == "DỮ LIỆU MẪU – không phải số liệu thật"  # noqa: RUF001 - the wording is given
    assert project.project.notice.en == "SAMPLE DATA – not real figures"  # noqa: RUF001 - the wording is given
    assert [
        ("Sao Mẫu", "4g"),
        ("Sao Mẫu", "5g"),
        ("Sóng Mẫu", "4g"),
        ("Sóng Mẫu", "5g"),
        ("Cáp Mẫu", "fibre"),
    ] == [(item.operator, item.service) for item in project.submissions]
    assert all(item.path.is_file() for item in project.submissions)
    assert project.population.calibrate == "communes"
    assert {"2026-10-31"} == {str(item.vintage) for item in project.submissions}


def test_the_project_file_teaches(sample: Path) -> None:
    """Every section carries a comment, in Vietnamese too."""
    text = (sample / "blackspot.toml").read_text(encoding="utf-8")
    assert set(tomllib.loads(text)) == {
        *("project", "communes", "provinces", "population"),
        *("submissions", "setting", "profile", "map"),
    }
    assert text.count("#") > 30
    assert "Xã, phường, đặc khu" in text


def test_there_are_180_communes_in_three_provinces(communes: geopandas.GeoDataFrame) -> None:
    """Codes are text of five characters that begin with their province's two, some with a zero."""
    assert len(communes) == 180
    assert communes["ma_xa"].is_unique
    assert {5} == set(communes["ma_xa"].str.len())
    assert (communes["ma_xa"].str[:2] == communes["ma_tinh"]).all()
    assert {"05", "50", "97"} == set(communes["ma_tinh"])
    assert communes["ma_tinh"].value_counts().min() >= 30
    assert communes["ma_xa"].str.startswith("0").sum() >= 30
    assert communes["ma_xa"].is_monotonic_increasing
    assert {"xã", "phường", "đặc khu"} == set(communes["loai"])
    assert (communes["loai"] == "đặc khu").sum() == 2


def test_communes_and_neighbour_are_a_valid_coverage(sample: Path, communes: geopandas.GeoDataFrame) -> None:
    """Shared borders match vertex by vertex: no gap, no overlap, every polygon valid."""
    neighbour = read_layer(sample / "sample_neighbour.gpkg")
    shapes = [*communes.geometry, *neighbour.geometry]
    assert all(shapely.is_valid(shapes))
    assert shapely.coverage_is_valid(shapes)


def test_borders_look_natural(communes: geopandas.GeoDataFrame) -> None:
    """Edges are short and go in all directions, as surveyed borders do."""
    rings = shapely.get_coordinates(shapely.get_exterior_ring(communes.geometry.iloc[0].geoms[0]))
    steps = np.diff(rings, axis=0)
    assert np.hypot(*steps.T).max() < 0.004
    turns = np.histogram(np.arctan2(steps[:, 1], steps[:, 0]), bins=12, range=(-np.pi, np.pi))[0]
    assert (turns > 0).sum() >= 10
    assert shapely.get_num_coordinates(communes.geometry).sum() > 50_000


def test_the_land_border_lies_between_the_countries(
    sample: Path, communes: geopandas.GeoDataFrame, inputs: Inputs
) -> None:
    """The line runs along both boundaries, and the list names the communes that touch it, no other."""
    border = read_layer(sample / "sample_land_border.gpkg").geometry.iloc[0]
    neighbour = read_layer(sample / "sample_neighbour.gpkg").geometry.iloc[0]
    listed = set(pd.read_csv(sample / "sample_border_communes.csv", dtype=str)["ma_xa"])
    touching = {
        code
        for code, shape in zip(communes["ma_xa"], communes.geometry, strict=True)
        if shapely.length(shapely.intersection(shape.boundary, border)) > 0
    }
    assert touching == listed
    assert 10 <= len(listed) <= 40
    assert listed == inputs.border_codes
    assert shapely.length(shapely.difference(border, neighbour.boundary)) == pytest.approx(0, abs=1e-9)
    west = communes.geometry.bounds["minx"].min()
    assert border.bounds[0] == pytest.approx(west)  # mountains in the west


def test_islands_have_many_parts(communes: geopandas.GeoDataFrame) -> None:
    """Four island communes and the archipelago consist of many islands far from the mainland."""
    parts = shapely.get_num_geometries(communes.geometry.to_numpy())
    mainland = max(shapely.union_all(communes.geometry.to_numpy()).geoms, key=lambda part: part.area)
    away = ~shapely.intersects(communes.geometry.to_numpy(), mainland)
    assert away.sum() == 5
    assert parts[away].min() >= 10
    assert shapely.distance(communes.geometry.to_numpy()[away], mainland).min() > 0.005


def test_the_population_grid_is_as_real_ones_are(sample: Path) -> None:
    """A tiled, deflated float32 GeoTIFF of 3 arc-seconds with a declared nodata value."""
    with rasterio.open(sample / "sample_population.tif") as grid:
        people = grid.read(1, masked=True)
        assert grid.dtypes == ("float32",)
        assert grid.nodata == -99999.0
        assert grid.crs.to_epsg() == 4326
        assert grid.profile["compress"] == "deflate"
        assert grid.profile["tiled"]
        assert grid.res == pytest.approx((1 / 1200, 1 / 1200))
        assert grid.tags()["NOTICE"] == NOTICE
    assert 1_460_000 == pytest.approx(float(people.sum(dtype=np.float64)), rel=1e-6)
    assert people.min() == 0.0
    assert 0.4 < float((people == 0).mean()) < 0.8  # empty mountains
    assert 0.3 < float(people.mask.mean()) < 0.8  # sea and neighbour


def test_people_follow_valleys_and_coasts(country: SampleCountry) -> None:
    """The high mountains are nearly empty; inland people live by rivers, elsewhere by the coast."""
    terrain, people = country.terrain, country.people
    high = terrain.home & (terrain.height_m > 700)
    assert high.sum() > 0.1 * terrain.home.sum()
    assert people[high].sum() < 0.01 * people.sum()
    inland = terrain.home & (terrain.coast_km > 12.0)
    valley, shore = inland & (terrain.river_km < 1.0), terrain.home & (terrain.coast_km < 3.0)
    assert people[valley].sum() / people[inland].sum() > 1.5 * valley.sum() / inland.sum()
    assert people[shore].sum() / people.sum() > 1.5 * shore.sum() / terrain.home.sum()


def test_every_commune_of_the_grid_has_people(country: SampleCountry) -> None:
    """Only the archipelago has nobody on the grid; communes are neither tiny nor huge."""
    assert [0.0] == country.communes.people[country.communes.people < 1.0].tolist()
    assert country.communes.people[-1] == 0.0
    cells = np.bincount(country.label[country.label >= 0])
    assert cells.min() * country.terrain.frame.cell_km**2 > 2.0
    assert cells.max() * country.terrain.frame.cell_km**2 < 250.0


def test_no_cell_reaches_the_archipelago(sample: Path, communes: geopandas.GeoDataFrame) -> None:
    """The last commune lies east of the grid: its people come from the official totals alone."""
    far = communes[communes["ten_xa"] == ARCHIPELAGO_NAME]
    totals = pd.read_csv(sample / "sample_official_population.csv", dtype={"ma_xa": str})
    with rasterio.open(sample / "sample_population.tif") as grid:
        assert far.geometry.bounds["minx"].item() > grid.bounds.right + 0.1
        inside = communes.drop(far.index).geometry.bounds
        assert inside["maxx"].max() <= grid.bounds.right + 1e-9
        assert inside["miny"].min() >= grid.bounds.bottom - 1e-9
    assert far["loai"].item() == "đặc khu"
    assert totals.loc[totals["ma_xa"] == far["ma_xa"].item(), "dan_so"].item() == 153


def test_official_totals_disagree_a_little(inputs: Inputs, country: SampleCountry) -> None:
    """Official people lie some per cent from the grid's, in every direction, for every commune."""
    assert inputs.totals is not None
    grid = dict(zip(country.communes.code, country.communes.people, strict=True))
    assert set(grid) == set(inputs.totals.people)
    peopled = [code for code, people in grid.items() if people > 500]
    ratio = np.array([inputs.totals.people[code] / grid[code] for code in peopled])
    assert 1.0 < np.median(ratio) < 1.06
    assert 0.03 < ratio.std() < 0.15
    assert ratio.min() < 1.0


@pytest.mark.parametrize("name", VECTORS)
def test_formats_and_systems(sample: Path, name: str) -> None:
    """Each file has its format, its coordinate reference system, and one layer named after it."""
    driver, crs, kind = VECTORS[name]
    path = f"/vsizip/{sample / name}" if name.endswith(".zip") else sample / name
    info = pyogrio.read_info(path)
    assert driver == info["driver"]
    assert pyproj.CRS(crs) == pyproj.CRS(info["crs"]) or pyproj.CRS(info["crs"]).to_epsg() == int(crs[5:])
    assert kind == info["geometry_type"]
    assert name.split(".", maxsplit=1)[0] == info["layer_name"]
    assert info["encoding"] == "UTF-8"


def test_the_country_lies_where_vn2000_is_made_for(sample: Path, communes: geopandas.GeoDataFrame) -> None:
    """All land but the far archipelago lies inside the area of use of VN-2000 / UTM zone 48N."""
    west, south, east, north = pyproj.CRS("EPSG:3405").area_of_use.bounds  # type: ignore[union-attr] # it has one
    near = communes[communes["ten_xa"] != ARCHIPELAGO_NAME]
    bounds = np.vstack([near.total_bounds, read_layer(sample / "sample_neighbour.gpkg").total_bounds])
    assert bounds[:, 0].min() > west
    assert bounds[:, 1].min() > south
    assert bounds[:, 2].max() < east
    assert bounds[:, 3].max() < north


def test_staircases_keep_to_their_raster(sample: Path) -> None:
    """The first operator's 4G: disjoint polygons whose edges run along cells of 250 m."""
    frame = read_layer(sample / "sample_sao_mau_4g.gpkg")
    corners = shapely.get_coordinates(frame.geometry.to_numpy())
    assert np.array_equal(corners, np.round(corners / 250) * 250)
    rings = [shapely.get_coordinates(part.exterior) for part in frame.geometry]
    assert all((np.diff(ring, axis=0) == 0).any(axis=1).all() for ring in rings)
    assert shapely.coverage_is_valid(frame.geometry.to_numpy())


def test_wedges_overlap_and_some_are_broken(sample: Path) -> None:
    """The first operator's 5G: three sectors per site, a few of them bow ties."""
    frame = read_layer(sample / "sample_sao_mau_5g.zip")
    assert {3} == set(frame["site_id"].value_counts())
    broken = ~shapely.is_valid(frame.geometry.to_numpy())
    assert 1 <= broken.sum() <= 0.05 * len(frame)
    sound = frame.geometry.to_numpy()[~broken]
    assert shapely.area(sound).sum() > 1.3 * shapely.area(shapely.union_all(sound))


def test_smoothed_shapes_overlap_across_provinces(sample: Path) -> None:
    """The second operator's 4G: one multipolygon per province, overlapping where provinces meet."""
    frame = read_layer(sample / "sample_song_mau_4g.fgb")
    assert ["05", "50", "97"] == sorted(frame["ma_tinh"])
    assert frame.geometry.is_valid.all()
    shapes = frame.geometry.to_numpy()
    assert shapely.area(shapes).sum() > shapely.area(shapely.union_all(shapes)) * 1.0001


def test_the_left_out_province_is_truly_absent(
    sample: Path, communes: geopandas.GeoDataFrame, inputs: Inputs
) -> None:
    """No feature of the second operator's 5G is of that province, or lies in it but for a rim."""
    frame = read_layer(sample / "sample_song_mau_5g.geojson")
    assert ["50", "97"] == sorted(frame["ma_tinh"])
    province = shapely.union_all(communes.geometry[communes["ma_tinh"] == "05"].to_numpy())
    reached = shapely.intersection(shapely.union_all(frame.geometry.to_numpy()), province)
    assert reached.area < 0.01 * province.area
    submission = inputs.submissions[3]
    assert submission.extent_provinces == frozenset({"50", "97"})
    assert all(item.extent_provinces is None for item in inputs.submissions if item is not submission)


def test_fibre_has_working_and_planned_routes(sample: Path, inputs: Inputs) -> None:
    """Operational, Planned and the text <NA> occur; only operational routes are read."""
    status = pyogrio.read_dataframe(sample / "sample_fibre_routes.gpkg")["status"].value_counts()
    assert {"Operational", "Planned", "<NA>"} == set(status.index)
    assert status["Operational"] > 50
    assert status["Planned"] > 50
    assert len(inputs.submissions[4].geometries) == status["Operational"]


def test_working_routes_hang_together(sample: Path) -> None:
    """No route works beyond one that does not: the working ones form one tree per capital at most."""
    routes = read_layer(sample / "sample_fibre_routes.gpkg")
    works = routes.geometry[routes["status"] == "Operational"].to_numpy()
    # rounded corners leave the end of a route up to 0.003 degrees beside the line it joins
    near = shapely.union_all(shapely.buffer(works, 0.002))
    assert 1 <= shapely.get_num_geometries(near) <= 3


def test_black_spots_are_believable(sample: Path, inputs: Inputs) -> None:
    """4G reaches 80 to 95 % of the people, 5G 40 to 60 %, fibre about two thirds."""
    with rasterio.open(sample / "sample_population.tif") as grid:
        people = grid.read(1, masked=True).filled(0.0).astype(np.float64)
        covered = {service: np.zeros(grid.shape, dtype=bool) for service in ("4g", "5g", "fibre")}
        for item in inputs.submissions:
            covered[item.service] |= _marked(shapely.buffer(item.geometries, 0), item.crs, grid)
    share = {service: people[mask].sum() / people.sum() for service, mask in covered.items()}
    assert 0.80 <= share["4g"] <= 0.95
    assert 0.40 <= share["5g"] <= 0.60
    assert 0.55 <= share["fibre"] <= 0.80


def test_everything_says_sample_data(sample: Path) -> None:
    """Every file carries the notice inside: a column, metadata, or its first lines."""
    for name in VECTORS:
        path = f"/vsizip/{sample / name}" if name.endswith(".zip") else sample / name
        assert {NOTICE} == set(pyogrio.read_dataframe(path, read_geometry=False)["ghi_chu"]), name
    for name in TABLES:
        assert {NOTICE} == set(pd.read_csv(sample / name, dtype=str)["ghi_chu"]), name
    for name in ("README.txt", "blackspot.toml"):
        text = (sample / name).read_text(encoding="utf-8")
        assert NOTICE_EN in text[:200], name
        assert NOTICE_VI in text[:200], name


def test_progress_goes_from_nothing_to_all(made: Made) -> None:
    """The fraction never goes back, and every step has a name."""
    fractions = [fraction for fraction, _ in made.told]
    assert fractions == sorted(fractions)
    assert (0.0, 1.0) == (fractions[0], fractions[-1])
    assert all(text for _, text in made.told)
