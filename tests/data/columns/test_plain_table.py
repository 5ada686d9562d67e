"""Tables without their outlines are the whole tables less one column."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from blackspot.data.columns.plain_table import read_plain

if TYPE_CHECKING:
    from pathlib import Path


def test_a_table_without_its_outlines_is_the_rest_of_it(tmp_path: Path) -> None:
    """Types and missing values stay."""
    table = gpd.GeoDataFrame(
        {
            "code": ["1", "2"],
            "pop": [1.5, None],
            "rank": pd.array([1, None], dtype="Int64"),
            "is_rural": [True, False],
        },
        geometry=[shapely.Point(105, 21), None],
        crs="EPSG:4326",
    )
    table.to_parquet(tmp_path / "communes.parquet")
    whole = pd.read_parquet(tmp_path / "communes.parquet")
    pd.testing.assert_frame_equal(whole.drop(columns="geometry"), read_plain(tmp_path, "communes"))


def test_a_missing_or_damaged_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="communes"):
        read_plain(tmp_path, "communes")
    (tmp_path / "communes.parquet").write_bytes(b"PAR1 and nothing else PAR1")
    with pytest.raises((OSError, ValueError)):
        read_plain(tmp_path, "communes")


@pytest.mark.parametrize("module", ["pipeline.past_runs", "maps.summary.history", "data.columns.plain_table"])
def test_lists_and_words_wait_for_no_library_of_geometries(module: str) -> None:
    code = f"import sys, blackspot.{module}; print({{'geopandas', 'scipy', 'folium', 'rasterio'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "set()\n" == done.stdout
