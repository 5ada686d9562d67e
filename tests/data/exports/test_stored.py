"""Tables of a run read back. Provinces: the same table from Parquet and, in runs of older programs, from CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.data.exports.csv_file import write_csv
from blackspot.data.exports.published import published
from blackspot.data.exports.stored import BOUNDARIES, read_communes, read_provinces

if TYPE_CHECKING:
    from pathlib import Path


def provinces() -> pd.DataFrame:
    """Names that a spreadsheet or pandas would take for something else, and figures that are not known."""
    return published(
        pd.DataFrame(
            {
                "province_code": ["01", "02", "04", "08"],
                "province_name": ["NA", "=1+1", "", "Thành phố Huế"],
                "communes": [3, 4, 5, 6],
                "pop_total": [1000 / 3, np.nan, 2.5, 0.1],
                "pop_may_fail": [0.0, np.nan, 1.5, 1e-8],
            }
        ),
        "provinces",
        "DỮ LIỆU THỬ",
    )


@pytest.mark.parametrize("name", ["provinces.parquet", "provinces.csv"])
def test_what_was_written_is_read(tmp_path: Path, name: str) -> None:
    """Codes and names stay text, empty ones are empty and never missing, every digit is kept."""
    table = provinces()
    if name.endswith(".csv"):
        write_csv(tmp_path / name, "provinces", table)
    else:
        table.to_parquet(tmp_path / name, index=False)
    pd.testing.assert_frame_equal(table, read_provinces(tmp_path), check_exact=True)


def test_the_parquet_goes_before_the_csv(tmp_path: Path) -> None:
    """Whatever somebody does to the table for spreadsheets, the program reads its own."""
    provinces().to_parquet(tmp_path / "provinces.parquet", index=False)
    write_csv(tmp_path / "provinces.csv", "provinces", provinces().head(1))
    assert 4 == len(read_provinces(tmp_path))


def test_without_either_there_is_no_table(tmp_path: Path) -> None:
    """A run folder without its provinces is damaged, not empty."""
    with pytest.raises(OSError, match=r"provinces\.csv"):
        read_provinces(tmp_path)


FULL = [shapely.box(0, 0, 1, 1).segmentize(0.1), shapely.box(1, 0, 2, 1).segmentize(0.1)]
PLAIN = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]


def table(shapes: list[shapely.Polygon], **columns: list[object]) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"code": ["00001", "00002"], **columns}, geometry=shapes, crs="EPSG:4326")


@pytest.mark.parametrize("apart", [True, False])
def test_communes_come_with_their_outlines_in_full(tmp_path: Path, apart: bool) -> None:  # noqa: FBT001 - a case
    """From a file of their own, or as older programs kept them."""
    table(PLAIN if apart else FULL, pop_total=[1.5, 2.5]).to_parquet(tmp_path / "communes.parquet")
    if apart:
        table(FULL).to_parquet(tmp_path / BOUNDARIES)
    communes = read_communes(tmp_path)
    assert ["code", "pop_total", "geometry"] == communes.columns.tolist()
    assert [1.5, 2.5] == communes["pop_total"].tolist()
    assert communes.geometry.geom_equals_exact(table(FULL).geometry, 0).all()
    assert communes.crs == "EPSG:4326"


def test_outlines_of_other_communes_are_refused(tmp_path: Path) -> None:
    """Never the outline of a neighbour."""
    table(PLAIN).to_parquet(tmp_path / "communes.parquet")
    table(FULL[::-1]).iloc[::-1].to_parquet(tmp_path / BOUNDARIES)
    with pytest.raises(ValueError, match="other communes"):
        read_communes(tmp_path)
