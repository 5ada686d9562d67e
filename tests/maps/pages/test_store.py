"""What pages need beyond the tables, kept and read back; runs of older programs included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from blackspot.maps.pages.map_data import PreviousPeriod
from blackspot.maps.pages.store import read_map_data, stored_unsure, write_map_layers

if TYPE_CHECKING:
    from pathlib import Path


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
