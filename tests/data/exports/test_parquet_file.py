"""Parquet that packs what repeats, and gives everything back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyarrow.parquet
import shapely

from blackspot.data.exports.parquet_file import write_parquet

if TYPE_CHECKING:
    from pathlib import Path


def test_borders_that_repeat_far_apart_are_packed_once(tmp_path: Path) -> None:
    """The same large outline at both ends of a column of several megabytes takes the room of one."""
    rng = np.random.default_rng(7)
    shapes = [shapely.Polygon(rng.uniform(100, 110, (20_000, 2))) for _ in range(8)]
    sizes = []
    for name, drawn in {"alone": shapes, "twice": [*shapes, *shapes]}.items():
        frame = geopandas.GeoDataFrame({"code": list(map(str, range(len(drawn))))}, geometry=drawn, crs=4326)
        write_parquet(tmp_path / name, frame)
        sizes.append((tmp_path / name).stat().st_size)
        back = geopandas.read_parquet(tmp_path / name)
        assert back.geometry.geom_equals_exact(frame.geometry, 0).all()
        assert frame["code"].tolist() == back["code"].tolist()
    assert sizes[1] < 1.1 * sizes[0]


def test_columns_are_packed_with_zstd(tmp_path: Path) -> None:
    """As other programs see it."""
    frame = geopandas.GeoDataFrame({"code": ["00001"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    write_parquet(tmp_path / "a", frame)
    column = pyarrow.parquet.read_metadata(tmp_path / "a").row_group(0).column(1)
    assert ("ZSTD", "geometry") == (column.compression, column.path_in_schema)
