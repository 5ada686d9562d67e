"""The sample made again: the same bytes, another seed, the second month, and folders it must leave alone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

import blackspot.data.sample
from blackspot.data.project.load import load_project
from blackspot.data.sample.deliveries import _spots_to_close
from blackspot.data.sample.write import write_sample
from blackspot.errors import ProjectError, WorkplaceError
from sample_project import COVERAGE, Made, digests, made_by, read_layer

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.reading import Inputs
    from blackspot.data.sample.country import SampleCountry

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def later(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second month of the same country, written over a copy of the project file of the first one."""
    folder = tmp_path_factory.mktemp("later")
    (folder / "blackspot.toml").write_bytes((made.folder / "blackspot.toml").read_bytes())
    with made_by(lambda *_: made.country):
        return write_sample(folder, month=2).parent


def test_two_runs_give_the_same_bytes(sample: Path, later: Path, tmp_path: Path) -> None:
    """Same seed, same files; an earlier sample of another month in the folder leaves no trace."""
    shutil.copytree(later, tmp_path, dirs_exist_ok=True)
    write_sample(tmp_path)
    assert digests(sample) == digests(tmp_path)


def test_another_seed_makes_another_country(sample: Path, tmp_path: Path) -> None:
    """All inputs but the list of provinces change with the seed, and the other country is as sound."""
    write_sample(tmp_path, seed=58)
    one, other = digests(sample), digests(tmp_path)
    same = {name for name in one if one[name] == other[name]}
    assert {"README.txt", "blackspot.toml", "sample_provinces.csv"} == same
    communes = read_layer(tmp_path / "sample_communes.gpkg")
    assert len(communes) == 180
    assert shapely.coverage_is_valid(communes.geometry.to_numpy())


def test_the_second_month_changes_the_deliveries_only(sample: Path, later: Path) -> None:
    """Land and people stay, byte for byte; every coverage file and the vintages in the project move on."""
    before, after = digests(sample), digests(later)
    changed = {name for name in before if before[name] != after[name]}
    assert COVERAGE | {"blackspot.toml"} == changed
    project = load_project(later / "blackspot.toml")
    assert {"2026-11-30"} == {str(item.vintage) for item in project.submissions}


def test_in_the_second_month_networks_grow(sample: Path, later: Path) -> None:
    """Sites stay where they are and some are added; planned routes become operational, none the reverse."""
    before, after = (read_layer(folder / "sample_sao_mau_5g.zip") for folder in (sample, later))
    assert len(after) > len(before) + 6
    assert before.geometry.geom_equals_exact(after.geometry.iloc[: len(before)], 0.0).all()
    before, after = (read_layer(folder / "sample_fibre_routes.gpkg") for folder in (sample, later))
    assert before.geometry.geom_equals_exact(after.geometry, 0.0).all()
    worked, works = before["status"] == "Operational", after["status"] == "Operational"
    assert works[worked].all()
    assert works.sum() > worked.sum() + 5


def test_the_second_month_closes_two_black_spots(
    sample: Path, later: Path, inputs: Inputs, country: SampleCountry
) -> None:
    """Two places without 5G and fibre get a new site that covers all around them."""
    spots = _spots_to_close(57, country)
    assert len(spots) == 2
    at = tuple(np.transpose(spots))
    assert "05" not in {country.communes.code[commune][:2] for commune in country.label[at]}  # no data there
    cells = np.array([[col + 0.5, row + 0.5] for row, col in spots])
    places = shapely.points(country.terrain.frame.lonlat(cells))
    for item in inputs.submissions:
        if item.service != "4g":
            lonlat = geopandas.GeoSeries(list(item.geometries), crs=item.crs).to_crs(4326)
            assert not shapely.intersects(lonlat.to_numpy()[:, None], places).any(), item.operator
    after = read_layer(later / "sample_sao_mau_5g.zip").to_crs(4326).geometry.to_numpy()[-6:]
    around = geopandas.GeoSeries(list(places), crs=4326).to_crs(5899).buffer(1_400).to_crs(4326)
    assert shapely.contains(shapely.union_all(after), around.to_numpy()).all()
    assert not shapely.intersects(
        read_layer(sample / "sample_sao_mau_5g.zip").to_crs(4326).geometry.to_numpy()[:, None], places
    ).any()


def test_in_the_second_month_one_operator_loses_a_city(
    sample: Path, later: Path, country: SampleCountry
) -> None:
    """Around the middle province's capital the second operator covered much, and now nothing."""
    cell = np.array([[country.places.col[1] + 0.5, country.places.row[1] + 0.5]])
    city = geopandas.GeoSeries(list(shapely.points(country.terrain.frame.lonlat(cell))), crs=4326)
    around = city.to_crs(3405).buffer(3_000).to_crs(4326).iloc[0]
    for name, share in (("sample_song_mau_4g.fgb", 0.9), ("sample_song_mau_5g.geojson", 0.4)):
        before, after = (
            shapely.union_all(read_layer(folder / name).geometry.to_numpy()) for folder in (sample, later)
        )
        assert shapely.area(shapely.intersection(before, around)) > share * around.area
        assert not shapely.intersects(after, around)


@pytest.mark.parametrize("month", [0, 3, -1])
def test_other_months_are_refused(tmp_path: Path, month: int) -> None:
    """There are two deliveries; asking for another one writes nothing."""
    with pytest.raises(ValueError, match="month must be one of"):
        write_sample(tmp_path / "x", month=month)
    assert not (tmp_path / "x").exists()


def test_another_project_is_left_alone(tmp_path: Path) -> None:
    """A project file that the sample did not write is not replaced, and nothing is put beside it."""
    (tmp_path / "blackspot.toml").write_text("# mine\n", encoding="utf-8")
    with pytest.raises(ProjectError, match="another project"):
        write_sample(tmp_path)
    assert (tmp_path / "blackspot.toml").read_text(encoding="utf-8") == "# mine\n"
    assert [tmp_path / "blackspot.toml"] == list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    """A file in the way ends in a sentence that names it."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(WorkplaceError, match=r"taken.*cannot write the sample project"):
        write_sample(tmp_path / "taken")


def test_a_file_that_cannot_be_written_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, country: SampleCountry
) -> None:
    """What GDAL reports is passed on as a failure of the disk, not as a bug."""

    def full(*_arguments: Any, **_options: Any) -> None:
        raise pyogrio.errors.DataSourceError("no space left")

    monkeypatch.setattr(blackspot.data.sample.write, "make_country", lambda *_: country)
    monkeypatch.setattr(pyogrio, "write_dataframe", full)
    with pytest.raises(WorkplaceError, match="no space left"):
        write_sample(tmp_path)
    assert not (tmp_path / "blackspot.toml").exists()  # the project file comes last
