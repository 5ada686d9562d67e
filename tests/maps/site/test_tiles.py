"""Vector tiles: every feature at every zoom, the numbers as they are, the same bytes every time."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from blackspot.errors import WorkplaceError
from blackspot.maps.site.tiles import Zooms, write_tiles

if TYPE_CHECKING:
    from pathlib import Path


def noise(seed: int) -> str:
    """Give 1,024 letters that no compression shortens by much more than half."""
    return "".join(hashlib.sha512(f"{seed} {part}".encode()).hexdigest() for part in range(8))


def squares(count: int) -> gpd.GeoDataFrame:
    """Make squares with a name, a long text, people (one unknown) and a share."""
    west, south = 105 + 0.01 * (np.arange(count) % 50), 15 + 0.01 * (np.arange(count) // 50)
    return gpd.GeoDataFrame(
        {
            "name": pd.Series([f"Xã {at}" for at in range(count)], dtype="str"),
            "reason_vi": pd.Series([noise(at) for at in range(count)], dtype="str"),
            "pop_total": [np.nan if at == 1 else 100.0 * at for at in range(count)],
            "share": np.arange(count) / count,
        },
        geometry=shapely.box(west, south, west + 0.009, south + 0.009),
        crs="EPSG:4326",
    )


def test_every_feature_is_in_the_tiles_of_every_zoom(tmp_path: Path) -> None:
    """2,000 features in one tile, with 2 MB of text: more than the usual size of a tile would let through."""
    frame = squares(2000)
    write_tiles(tmp_path / "a.pmtiles", "communes", frame, Zooms(6, 7))
    assert b"PMTiles\x03" == (tmp_path / "a.pmtiles").read_bytes()[:8]  # the third version of the format
    for zoom in (6, 7):
        found = pyogrio.read_dataframe(tmp_path / "a.pmtiles", ZOOM_LEVEL=zoom)
        assert set(frame["name"]) == set(found["name"])
    one = found.drop_duplicates("name").set_index("name")
    assert 700 == one["pop_total"]["Xã 7"]
    assert np.isnan(one["pop_total"]["Xã 1"])
    assert one["share"]["Xã 7"] == pytest.approx(7 / 2000)


def test_the_same_layer_gives_the_same_bytes(tmp_path: Path) -> None:
    """No time of writing, whatever order threads take."""
    for name in ("a", "b"):
        write_tiles(tmp_path / f"{name}.pmtiles", "communes", squares(300), Zooms(4, 9))
    assert (tmp_path / "a.pmtiles").read_bytes() == (tmp_path / "b.pmtiles").read_bytes()


def test_a_library_without_the_format_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words say what to install, or which key does without."""
    monkeypatch.setattr(pyogrio, "list_drivers", dict)
    with pytest.raises(WorkplaceError, match="tiles = false"):
        write_tiles(tmp_path / "a.pmtiles", "communes", squares(2), Zooms(4, 5))


def test_a_disk_that_fails_is_told(tmp_path: Path) -> None:
    """A sentence, no trace."""
    with pytest.raises(WorkplaceError, match=r"nowhere.a\.pmtiles"):
        write_tiles(tmp_path / "nowhere" / "a.pmtiles", "communes", squares(2), Zooms(4, 5))
