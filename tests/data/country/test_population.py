"""The population raster gives people, or a sentence that says why it cannot."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.warp import Resampling, calculate_default_transform, reproject

from blackspot.data.country.population import PopulationRaster, open_population
from blackspot.data.disk.hashing import Expected, input_file
from blackspot.data.findings.collector import Findings
from blackspot.data.geodesy.area import area_km2
from blackspot.data.project.population import PopulationSource

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from blackspot.errors import Finding

NORTH_UP = Affine(0.01, 0, 105, 0, -0.01, 21)
PEOPLE = np.array([[0, 12.5, 3], [-99, 40, 0.25]], np.float32)


def write(path: Path, cells: np.ndarray[Any, Any] = PEOPLE, **options: Any) -> Path:
    profile = {"crs": "EPSG:4326", "transform": NORTH_UP, "nodata": -99, "dtype": cells.dtype}
    profile |= {"driver": "GTiff", "height": cells.shape[0], "width": cells.shape[1], "count": 1} | options
    with rasterio.open(
        path, "w", **{key: value for key, value in profile.items() if value is not None}
    ) as file:
        file.write(cells, 1)
    return path


def opened(path: Path, **options: Any) -> PopulationRaster:
    findings = Findings()
    raster = open_population(PopulationSource(path=path, **options), findings)
    assert {"crs.operation"} >= {finding.code for finding in findings.items}
    assert raster is not None
    return raster


def refused(path: Path, **options: Any) -> Finding:
    findings = Findings(path.parent)
    assert open_population(PopulationSource(path=path, **options), findings) is None
    assert len(findings.items) == 1
    finding = findings.items[0]
    assert finding.severity in {"error", "ask"}
    assert finding.sentence().startswith(path.name)
    assert finding.cure_en
    assert finding.cure_vi
    return finding


def everything(raster: PopulationRaster) -> np.ndarray[Any, Any]:
    return raster.read(0, raster.height, 0, raster.width)


def test_counts_are_the_cells_themselves(tmp_path: Path) -> None:
    """People per cell, NaN where there is no data, and the sum over known cells."""
    raster = opened(write(tmp_path / "p.tif"), vintage="2020", source="us")
    np.testing.assert_array_equal([[0, 12.5, 3], [np.nan, 40, 0.25]], everything(raster))
    assert raster.total() == 55.75
    assert (raster.kind, raster.nodata, raster.vintage, raster.source) == ("count", -99.0, "2020", "us")
    assert (raster.width, raster.height, raster.transform) == (3, 2, NORTH_UP)


def test_densities_are_multiplied_by_the_ground_of_each_row(tmp_path: Path) -> None:
    """One person per km² everywhere: every cell holds its geodesic area in people."""
    transform = Affine(0.5, 0, 100, 0, -2, 60)
    raster = opened(
        write(tmp_path / "p.tif", np.ones((20, 3), np.float32), transform=transform), kind="density"
    )
    boxes = np.array([shapely.box(0, 58 - 2 * row, 0.5, 60 - 2 * row) for row in range(20)], dtype=object)
    expected = np.repeat(area_km2(boxes)[:, None], 3, axis=1)
    np.testing.assert_allclose(expected, everything(raster), rtol=1e-12)
    assert raster.total() == pytest.approx(expected.sum(), rel=1e-12)


def test_densities_in_metres_use_the_true_ground(tmp_path: Path) -> None:
    """In VN-2000 / UTM 48N a cell far east of the meridian covers less ground than its km²."""
    transform = Affine(10_000, 0, 300_000, 0, -10_000, 2_400_000)
    path = write(tmp_path / "p.tif", np.ones((60, 60), np.float32), transform=transform, crs="EPSG:3405")
    people = everything(opened(path, kind="density"))
    crs = pyproj.CRS("EPSG:3405")
    back = pyproj.Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    box = shapely.segmentize(shapely.box(890_000, 2_390_000, 900_000, 2_400_000), 500)
    ground = shapely.transform(box, lambda xy: np.column_stack(back.transform(xy[:, 0], xy[:, 1])))
    expected = abs(pyproj.Geod(ellps="WGS84").geometry_area_perimeter(ground)[0]) / 1e6
    assert people[0, 59] == pytest.approx(expected, rel=1e-5)
    assert people[0, 59] < 99.8
    assert people[0, 20] > 100


def test_windows_outside_are_no_data(tmp_path: Path) -> None:
    """The grid may be larger than the raster, in counts and densities."""
    for kind in ("count", "density"):
        raster = opened(write(tmp_path / "p.tif"), kind=kind)
        got = raster.read(-2, 6, -1, 5)
        assert np.argwhere(~np.isnan(got)).tolist() == [[2, 1], [2, 2], [2, 3], [3, 2], [3, 3]]
        assert np.isnan(raster.read(100, 2, 100, 2)).all()
        assert raster.read(0, 0, 0, 0).shape == (0, 0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[PopulationRaster, NDArray[np.float64]]:
    """A raster of projected densities, and its people in one window from row and column -5 on."""
    path = tmp_path_factory.mktemp("windows") / "windows.tif"
    cells = np.random.default_rng(1).uniform(0, 50, (64, 64)).astype(np.float32)
    write(path, cells, transform=Affine(3000, 0, 400_000, 0, -3000, 2_000_000), crs="EPSG:3405")
    raster = opened(path, kind="density")
    return raster, raster.read(-5, 150, -5, 150)


@settings(max_examples=25)
@given(st.integers(-5, 70), st.integers(1, 70), st.integers(-5, 70), st.integers(1, 70))
def test_a_cell_has_the_same_people_in_every_window(
    whole: tuple[PopulationRaster, NDArray[np.float64]], row0: int, rows: int, col0: int, cols: int
) -> None:
    """Windows are views of one raster, in projected densities too."""
    raster, people = whole
    np.testing.assert_array_equal(
        people[row0 + 5 : row0 + 5 + rows, col0 + 5 : col0 + 5 + cols], raster.read(row0, rows, col0, cols)
    )


def test_threads_and_processes_may_share_it(tmp_path: Path) -> None:
    """Reading at once and after a journey gives the same people."""
    cells = np.random.default_rng(2).uniform(0, 9, (300, 200)).astype(np.float32)
    raster = opened(write(tmp_path / "p.tif", cells, tiled=True, compress="lzw"))
    with ThreadPoolExecutor(4) as pool:
        parts = list(pool.map(lambda row: raster.read(row, 10, 0, 200), range(0, 300, 10)))
    np.testing.assert_array_equal(cells, np.concatenate(parts))
    copy = pickle.loads(pickle.dumps(raster))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(cells, everything(copy))
    assert raster.total() == copy.total()


def test_the_sum_does_not_depend_on_the_packing(tmp_path: Path) -> None:
    """Tiles and strips add up to the same people, to the last digit that matters."""
    cells = np.random.default_rng(3).uniform(0, 9, (700, 500)).astype(np.float32)
    strips = opened(write(tmp_path / "a.tif", cells))
    tiles = opened(write(tmp_path / "b.tif", cells, tiled=True, blockxsize=128, blockysize=128))
    assert strips.total() == pytest.approx(tiles.total(), rel=1e-14)
    assert strips.total() == pytest.approx(float(cells.astype(float).sum()), rel=1e-12)


# --- no data ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.uint8, np.int32])
@pytest.mark.parametrize("kind", ["count", "density"])
def test_a_raster_without_nodata_counts_nobody_at_0(tmp_path: Path, dtype: type, kind: str) -> None:
    """Of any type, and of densities; the note says how many cells that are."""
    cells = np.array([[0, 12, 3], [0, 40, 2]], dtype)
    findings = Findings()
    path = write(tmp_path / "p.tif", cells, nodata=None)
    raster = open_population(PopulationSource(path=path, kind=kind), findings)
    assert raster is not None
    assert ["population.no-nodata"] == [finding.code for finding in findings.items]
    assert "33.3% of the cells" in findings.items[0].message_en
    assert np.array_equal([[True, False, False]] * 2, everything(raster) == 0)
    if kind == "count":
        assert 57.0 == raster.total()


def test_scale_and_offset_apply_without_nodata_too(tmp_path: Path) -> None:
    """Tenths of people, as some products store them."""
    path = write(tmp_path / "p.tif", np.array([[0, 125, 30]], np.int16), nodata=None)
    with rasterio.open(path, "r+") as file:
        file.scales = (0.1,)
    findings = Findings()
    raster = open_population(PopulationSource(path=path), findings)
    assert raster is not None
    assert {"raster.scaled", "population.no-nodata"} == {finding.code for finding in findings.items}
    assert 15.5 == pytest.approx(raster.total())


def test_a_value_of_the_project_file_still_means_no_data(tmp_path: Path) -> None:
    """Whether it occurs or not; nothing is told then."""
    path = write(tmp_path / "p.tif", np.abs(PEOPLE), nodata=None)
    assert opened(path, nodata=-1.0).total() == 154.75
    assert opened(path, nodata=99.0).total() == 55.75


def test_cells_that_are_no_number_say_it_too(tmp_path: Path) -> None:
    """A raster of floats may mark no data by NaN without declaring it."""
    raster = opened(write(tmp_path / "p.tif", np.where(PEOPLE < 0, np.nan, PEOPLE), nodata=None))
    assert raster.nodata is None
    assert raster.total() == 55.75


def test_a_mask_says_it_too(tmp_path: Path) -> None:
    """A mask inside the file is a declaration."""
    path = tmp_path / "p.tif"
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        write(path, np.abs(PEOPLE), nodata=None)
        with rasterio.open(path, "r+") as file:
            file.write_mask(PEOPLE >= 0)
    assert opened(path).total() == 55.75


# --- not people ------------------------------------------------------------------------------------------


def test_negative_people_are_counted_and_placed(tmp_path: Path) -> None:
    """An undeclared marker shows as negative people; the sentence says where and what to do."""
    cells = np.abs(PEOPLE)
    cells[1, 0] = cells[1, 2] = -9999
    finding = refused(write(tmp_path / "p.tif", cells))
    assert (finding.code, finding.count) == ("population.negative", 2)
    assert "-9999" in finding.message_en
    assert "row 1, column 0, x = 105.005, y = 20.985" in finding.message_en
    findings = Findings()
    cured = open_population(PopulationSource(path=tmp_path / "p.tif", nodata=-9999.0), findings)
    assert findings.errors == ()
    assert cured is not None
    assert cured.total() == 55.5


@pytest.mark.parametrize("value", [np.inf, 3.4e38, 1e9])
def test_numbers_that_are_no_people(tmp_path: Path, value: float) -> None:
    """Endless and absurd values are refused with their place."""
    cells = np.abs(PEOPLE)
    cells[0, 2] = value
    finding = refused(write(tmp_path / "p.tif", cells))
    assert (finding.code, finding.count) == ("population.impossible", 1)
    assert "row 0, column 2" in finding.message_en


def test_both_kinds_of_nonsense_are_told_at_once(tmp_path: Path) -> None:
    """Minus and plus infinity have a sentence each."""
    cells = np.abs(PEOPLE)
    cells[0, 1:] = [-np.inf, np.inf]
    findings = Findings()
    assert open_population(PopulationSource(path=write(tmp_path / "p.tif", cells)), findings) is None
    assert [finding.code for finding in findings.items] == ["population.impossible", "population.negative"]


@pytest.mark.parametrize("cells", [np.zeros((2, 2)), np.full((2, 2), -99.0)])
def test_nobody_at_all(tmp_path: Path, cells: np.ndarray[Any, Any]) -> None:
    """A raster of zeros or of no data is the wrong file."""
    assert refused(write(tmp_path / "p.tif", cells.astype(np.float32))).code == "population.nobody"


def test_densities_read_as_counts(tmp_path: Path) -> None:
    """At 100 m a density is some 120 times the count: cities then hold millions per km²."""
    density = np.full((100, 100), 200.0, np.float32)
    density[40:50, 40:50] = 30_000
    path = write(tmp_path / "p.tif", density, transform=Affine(1 / 1200, 0, 105, 0, -1 / 1200, 21))
    finding = refused(path)
    assert finding.code == "population.wrong-unit"
    assert 'kind = "density"' in finding.cure_en
    assert opened(path, kind="density").total() == pytest.approx(density.sum() * 0.0080, rel=0.01)


def test_a_tower_is_only_worth_a_look(tmp_path: Path) -> None:
    """One crowded small cell among many people is a warning with its place."""
    people = np.full((100, 100), 100.0, np.float32)
    people[3, 4] = 9000
    path = write(tmp_path / "p.tif", people, transform=Affine(1 / 1200, 0, 105, 0, -1 / 1200, 21))
    findings = Findings()
    assert open_population(PopulationSource(path=path), findings) is not None
    assert [(finding.code, finding.severity) for finding in findings.items] == [
        ("population.crowded", "warning")
    ]
    assert "row 3, column 4" in findings.items[0].message_en


def test_more_people_than_on_the_earth(tmp_path: Path) -> None:
    """Large cells of modest density can still add up to too many."""
    cells = np.full((11, 11), 9e7, np.float32)
    path = write(tmp_path / "p.tif", cells, transform=Affine(3, 0, 80, 0, -3, 45))
    assert refused(path).code == "population.wrong-unit"


def test_a_cut_off_file(tmp_path: Path) -> None:
    """The header opens, the cells do not."""
    cells = np.random.default_rng(4).uniform(0, 9, (400, 300)).astype(np.float32)
    path = write(tmp_path / "p.tif", cells, compress="deflate")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    finding = refused(path)
    assert finding.code == "raster.unreadable"
    assert str(tmp_path) not in finding.sentence()


def test_problems_of_the_header_are_told_as_well(tmp_path: Path) -> None:
    """What the raster reader refuses, the population refuses."""
    assert refused(tmp_path / "none.tif").code == "file.missing"
    assert refused(write(tmp_path / "p.tif", crs=None)).code == "crs.missing-degrees"


# --- real files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "people"), [(2020, 97_338_583), (2000, 79_910_411)])
def test_worldpop(realdata: Path, year: int, people: int) -> None:
    """The sums of the published grids, and no data outside the land."""
    raster = opened(realdata / f"vietnam/vnm_ppp_{year}_1km_Aggregated_UNadj.tif", vintage=str(year))
    assert round(raster.total()) == people
    assert (raster.width, raster.height, raster.nodata) == (879, 1781, -99999.0)
    assert np.count_nonzero(~np.isnan(everything(raster))) == 406_784


def test_worldpop_in_vn2000(realdata: Path, tmp_path: Path) -> None:
    """The same people as a density in VN-2000 / UTM 48N: the total moves by less than 0.5%."""
    with rasterio.open(realdata / "vietnam/vnm_ppp_2020_1km_Aggregated_UNadj.tif") as file:
        counts, place, bounds = file.read(1).astype(np.float64), file.transform, file.bounds
    people = opened(realdata / "vietnam/vnm_ppp_2020_1km_Aggregated_UNadj.tif").total()
    rows = np.arange(counts.shape[0])
    north = place.f + rows * place.e
    boxes = shapely.box(0.0, north + place.e, place.a, north)
    density = np.where(counts < 0, -1, counts / area_km2(boxes)[:, None])
    transform, width, height = calculate_default_transform(
        "EPSG:4326", "EPSG:3405", counts.shape[1], counts.shape[0], *bounds, resolution=1000
    )
    warped = np.full((height, width), -1.0)
    reproject(
        density,
        warped,
        src_transform=place,
        src_crs="EPSG:4326",
        src_nodata=-1,
        dst_transform=transform,
        dst_crs="EPSG:3405",
        dst_nodata=-1,
        resampling=Resampling.nearest,
    )
    path = write(
        tmp_path / "utm.tif", warped.astype(np.float32), transform=transform, crs="EPSG:3405", nodata=-1
    )
    assert opened(path, kind="density").total() == pytest.approx(people, rel=5e-3)


def test_a_tile_that_comes_after_hashing_is_no_input_of_the_run(tmp_path: Path) -> None:
    """Every tile that is read was hashed before, and stands in the manifest."""
    (tmp_path / "tiles").mkdir()
    first = write(tmp_path / "tiles" / "a.tif")
    expected = Expected.of([input_file("population", first)])
    source = PopulationSource(path=tmp_path / "tiles")
    assert open_population(source, Findings(), expected=expected) is not None
    write(tmp_path / "tiles" / "b.tif")
    findings = Findings()
    assert open_population(source, findings, expected=expected) is None
    assert ["file.changed"] == [item.code for item in findings.items]
