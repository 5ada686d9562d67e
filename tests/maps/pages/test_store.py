"""The layers a run keeps for its pages: read back as they were, or named; runs of older programs included."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from blackspot.errors import WorkplaceError
from blackspot.maps.pages.map_data import PreviousPeriod
from blackspot.maps.pages.page import build_pages
from blackspot.maps.pages.store import LAYERS_FILE, read_map_data, stored_unsure, write_map_layers

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData


def stored(data: MapData, folder: Path) -> Path:
    """Write the tables and layers of a run as a run folder has them."""
    data.communes.to_parquet(folder / "communes.parquet", index=False)
    data.black_spots.to_parquet(folder / "black_spots.parquet", index=False)
    data.provinces.to_csv(folder / "provinces.csv", index=False, encoding="utf-8-sig")
    write_map_layers(
        folder, data.coverage, data.neighbours, about=data.about, previous=data.previous, former=data.former
    )
    return folder


def test_a_kept_run_gives_the_same_pages(country: MapData, pages: Path, tmp_path: Path) -> None:
    """Read back from its folder, a run has the same page to the byte."""
    folder = stored(country, tmp_path)
    again = read_map_data(folder)
    assert country.provinces["pop_failing"].tolist() == pytest.approx(
        again.provinces["pop_failing"].tolist(), rel=1e-15
    )
    assert again.provinces["province_code"].tolist() == ["01", "02", "03"]
    build_pages(again, folder)
    assert (pages / "map.html").read_bytes() == (folder / "map.html").read_bytes()


def test_the_layers_of_a_run_have_the_same_bytes_twice(country: MapData, tmp_path: Path) -> None:
    """The file that keeps coverage and neighbours depends on its content alone."""
    contents = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_map_layers(tmp_path / name, country.coverage, country.neighbours, about=country.about)
        contents.append((tmp_path / name / LAYERS_FILE).read_bytes())
    assert contents[0] == contents[1]


def test_a_run_without_neighbours_or_predecessor_is_read_back(country: MapData, tmp_path: Path) -> None:
    """What is not there stays away."""
    again = read_map_data(
        stored(replace(country, neighbours=None, previous=None, coverage=(), former=None), tmp_path)
    )
    assert (again.neighbours, again.previous, again.coverage, again.former) == (None, None, (), None)


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_a_run_without_layers_is_named(country: MapData, tmp_path: Path, damage: str) -> None:
    """A missing or damaged file gives one sentence with the folder."""
    path = stored(country, tmp_path) / LAYERS_FILE
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(WorkplaceError, match="no usable map layers"):
        read_map_data(tmp_path)


def test_an_older_run_says_who_may_fail_under_the_name_of_today(tmp_path: Path) -> None:
    """Older programs kept the count beside the tables, of the run and of the one before."""
    shapes = [shapely.box(105, 20, 106, 21), shapely.box(106, 20, 107, 21)]
    tables = {"code": ["00001", "00002"], "province_code": ["01", "01"], "pop_failing": [5.0, 6.0]}
    communes = gpd.GeoDataFrame(tables, geometry=shapes, crs=4326)
    communes.to_parquet(tmp_path / "communes.parquet")
    spots = gpd.GeoDataFrame({"code": ["00001"], "pop": 5.0, "lon": 105.5, "lat": 20.5}, geometry=shapes[:1])
    spots.to_parquet(tmp_path / "black_spots.parquet")
    pd.DataFrame({"province_code": ["01"]}).to_csv(tmp_path / "provinces.csv", index=False)
    before = pd.DataFrame({"code": ["00001"], "pop_unsure_fails": [3.0]})
    unsure = pd.DataFrame({"code": ["00002", "00001"], "pop_unsure_fails": [2.0, 1.0]})
    period = PreviousPeriod("2025", before, spots)
    write_map_layers(tmp_path, [], None, about={}, previous=period, unsure=unsure)

    data = read_map_data(tmp_path)
    assert [1.0, 2.0] == data.communes["pop_may_fail"].tolist()
    assert data.previous is not None
    assert [3.0] == data.previous.communes["pop_may_fail"].tolist()
    again = stored_unsure(tmp_path)
    assert again is not None
    assert ["code", "pop_may_fail"] == list(again.columns)
