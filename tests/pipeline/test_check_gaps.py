"""Files that look whole and usual, and are neither: what is asked about them, and what is not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import rasterize

from blackspot.data.checking.request import CheckRequest
from blackspot.data.project.limits import CheckRules
from blackspot.errors import InputError
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.check import check
from cases import TODAY, check_made
from fixture_country import Writer, communes
from fixture_gaps import COUNTRY, write_gaps
from small_country import box, change, write_country, write_coverage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the made files."""
    folder = tmp_path_factory.mktemp("gaps")
    communes().to_file(folder / "xa.gpkg")
    write_gaps(Writer(folder))
    return folder


@pytest.mark.parametrize("file", ["world.gpkg", "country.gpkg"])
def test_a_file_of_everything_must_be_accepted(made: Path, file: str) -> None:
    """Refused with and without communes to compare with; accepted it is used."""
    for communes_ in ({}, {"communes": "slope.gpkg"}):
        asked = check_made(made, "coverage", file, **communes_)
        assert "plausibility.everywhere" in asked.codes
        assert not asked.used
        assert "plausibility.covers-everything" not in asked.codes
    answered = check_made(made, "coverage", file, accept=("plausibility.everywhere",))
    assert answered.used


def test_a_run_asks_about_everything_too(tmp_path: Path) -> None:
    """Without an answer the file is no data; with one it counts."""
    project = write_country(tmp_path)
    write_coverage(tmp_path / "five.gpkg", shapely.box(-180, -90, 180, 90))
    asked = pipeline.run(project, pages="none")
    (finding,) = [item for item in asked.findings if item.code == "plausibility.everywhere"]
    assert ("ask", 3) == (finding.severity, asked.exit_code)
    change(project, "[profile]", '[checks]\naccept = ["plausibility.everywhere"]\n[profile]')
    answered = pipeline.run(project, pages="none")
    assert 0 == answered.exit_code
    assert answered.figures["pop_covered_5g"] > asked.figures["pop_covered_5g"]


def test_a_run_warns_of_all_communes_covered_whole(tmp_path: Path) -> None:
    """A box around the communes alone holds no sea: it is told, and used."""
    project = write_country(tmp_path)
    write_coverage(tmp_path / "five.gpkg", box(0, 0, 20, 20))
    report = pipeline.run(project, pages="none")
    assert 0 == report.exit_code
    codes = {item.code for item in report.findings}
    assert "plausibility.covers-everything" in codes
    assert "plausibility.everywhere" not in codes


def test_an_overlap_of_some_square_metres_is_told_as_such(made: Path) -> None:
    """A strip 0.104 m wide and 3.3 km long, in total and for the two communes."""
    (told,) = [
        item
        for item in check_made(made, "communes", "sliver.gpkg").findings
        if item.code == "communes.boundary-overlap"
    ]
    for message in (told.message_en, told.message_vi):
        assert "km²" not in message
        total, contest = re.findall(r"([\d,]+) m²", message)
        assert total == contest
        assert 346 == pytest.approx(int(total), rel=0.05)


def test_a_part_of_the_country_in_thousands_is_asked_about(made: Path) -> None:
    """People pass, thousands are refused until accepted; a piece too small to hold a town is let through."""
    good = check_made(made, "population", "province.tif")
    assert (True, {"note"}) == (good.used, {item.severity for item in good.findings})
    asked = check_made(made, "population", "thousands.tif")
    assert not asked.used
    (told,) = [item for item in asked.findings if item.severity != "note"]
    assert ("population.sparse", "ask") == (told.code, told.severity)
    assert "only 0.0% of its people live at more than 100 per km²" in told.message_en
    answered = check_made(made, "population", "thousands.tif", accept=("population.sparse",))
    assert answered.used
    assert check_made(made, "population", "piece.tif").used


def test_a_run_asks_about_thousands_too(made: Path, tmp_path: Path) -> None:
    """Population refused stops the run, naming the code."""
    project = write_country(tmp_path)
    (tmp_path / "people.tif").write_bytes((made / "thousands.tif").read_bytes())
    with pytest.raises(InputError) as refused:
        pipeline.run(project, pages="none")
    assert ["population.sparse"] == [finding.code for finding in refused.value.findings]


def test_each_real_province_is_told_from_its_thousands(realdata: Path) -> None:
    """The most crowded hundredth of the people lives five times as densely as asked, in thousands it does not."""
    provinces = geopandas.read_parquet(realdata / "vietnam" / "provinces_2026-07_full.parquet")
    limit = CheckRules().sparse_per_km2
    for year in (2000, 2020):
        with rasterio.open(realdata / "vietnam" / f"vnm_ppp_{year}_1km_Aggregated_UNadj.tif") as file:
            people, place = file.read(1).astype(float), file.transform
        zones = rasterize(
            list(zip(provinces.geometry, range(1, 35), strict=True)), people.shape, transform=place
        )
        latitude = place.f + (np.arange(len(people)) + 0.5) * place.e
        km2 = (111.2 * place.a) ** 2 * np.cos(np.radians(latitude))[:, None] * np.ones(people.shape)
        for zone in range(1, 35):
            here = (zones == zone) & (people > 0)
            dense = people[here] > 5 * limit * km2[here]
            very_dense = people[here] > 1000 * limit * km2[here]
            assert people[here][dense].sum() > 0.01 * people[here].sum()
            assert people[here][very_dense].sum() < 0.01 * people[here].sum()


@pytest.mark.slow
def test_boxes_are_told_beside_the_real_country(realdata: Path, tmp_path: Path) -> None:
    """Two island districts widen the true bounds by 8 degrees of sea; a box without that sea is told all the same."""
    path = tmp_path / "country.gpkg"
    geopandas.GeoDataFrame({"id": [1]}, geometry=[shapely.box(*COUNTRY)], crs=4326).to_file(path)
    real = realdata / "vietnam" / "communes_2026-07_light.parquet"
    assert (
        "plausibility.everywhere"
        in check(CheckRequest.of(path, "coverage", communes=real), today=TODAY).codes
    )
    land = tmp_path / "land.gpkg"
    geopandas.read_parquet(real)[["code", "geometry"]].to_file(land)
    found = check(CheckRequest.of(land, "coverage", communes=real), today=TODAY).codes
    assert "plausibility.covers-everything" in found
    assert "plausibility.everywhere" not in found
