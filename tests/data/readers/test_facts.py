"""What is known of an input travels with what was read of it, and with its refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine

from blackspot.data.disk.hashing import Expected, input_file
from blackspot.data.findings.collector import Findings
from blackspot.data.readers.facts import LayerFacts, Refused
from blackspot.data.readers.formats import Requirements
from blackspot.data.readers.raster import open_raster
from blackspot.data.readers.signal import read_signal
from blackspot.data.readers.table import read_table
from blackspot.data.readers.vector import read_vector
from vector_files import three_squares, write_geojson, write_layer

if TYPE_CHECKING:
    from pathlib import Path


def raster(path: Path, crs: str = "EPSG:3405") -> Path:
    """Ten cells by ten of a kilometre near Hà Nội, numbered from 0; the first is no data."""
    cells = np.arange(100, dtype=np.float32).reshape(10, 10)
    with rasterio.open(
        path, "w", driver="GTiff", width=10, height=10, count=1, dtype="float32", nodata=0.0, crs=crs,
        transform=Affine(1000, 0, 550_000, 0, -1000, 2_330_000),
    ) as file:  # fmt: skip
        file.write(cells, 1)
    return path


def way(facts: LayerFacts) -> tuple[str, str, float | None] | None:
    """The system by its code, the operation by its code, and its accuracy."""
    found = facts.operation
    return None if found is None else (found.crs.partition(" ")[0], found.code, found.accuracy_m)


def test_a_layer_knows_file_hash_features_and_its_way_to_wgs_84(tmp_path: Path) -> None:
    """One feature of four has no geometry: it is read and not used."""
    squares = three_squares([*"abcd"])
    squares.loc[1, "geometry"] = None
    path = write_layer(squares.to_crs(3405), tmp_path / "x.gpkg", layer="xã")
    table = read_vector(path, findings=Findings())
    assert not isinstance(table, Refused)
    facts = table.facts
    assert (path, "xã", input_file("", path).sha256) == (facts.path, facts.layer, facts.sha256)
    assert (4, 3) == (facts.rows, len(table.geometry))
    assert ("EPSG:3405", "EPSG:6960", 1.0) == way(facts)
    assert 0 == len(facts.repaired)


def test_a_refused_layer_is_known_as_far_as_it_was_read(tmp_path: Path) -> None:
    """Nothing of a file that is not there; hash and features where the place is wrong; all but the use otherwise."""
    path = write_layer(three_squares(epsg=3405), tmp_path / "x.gpkg")
    absent = read_vector(tmp_path / "none.gpkg", layer="xã", findings=Findings())
    assert Refused(LayerFacts(tmp_path / "none.gpkg", "xã")) == absent
    misplaced = read_vector(path, crs="EPSG:4326", findings=Findings())
    assert Refused(LayerFacts(path, "x", input_file("", path).sha256, 3)) == misplaced
    lines_only = Requirements(kinds=("line",))
    refused = read_vector(path, findings=Findings(), requirements=lines_only)
    assert isinstance(refused, Refused)
    assert (3, ("EPSG:3405", "EPSG:6960", 1.0)) == (refused.facts.rows, way(refused.facts))


def test_a_file_that_is_not_what_was_expected_has_no_hash(tmp_path: Path) -> None:
    """It was copied, and nobody looked into the copy."""
    path = write_layer(three_squares(), tmp_path / "x.gpkg")
    findings = Findings()
    refused = read_vector(path, findings=findings, expected=Expected({path: "0" * 64}))
    assert Refused(LayerFacts(path)) == refused
    assert ["file.changed"] == [item.code for item in findings.errors]


def test_closed_rings_are_ground_of_the_layer(tmp_path: Path) -> None:
    """In degrees, before what the users of the layer find in doubt."""
    ring = [[105, 21], [105.1, 21], [105.1, 21.1], [105, 21.1]]
    path = write_geojson(tmp_path / "x.geojson", {"type": "Polygon", "coordinates": [ring]})
    facts = read_vector(path, findings=Findings()).facts
    closed = shapely.Polygon(ring)
    assert shapely.equals(facts.repaired, [closed]).all()
    doubtful = shapely.box(106, 21, 106.1, 21.1)
    more = facts.with_repaired(np.array([doubtful], dtype=object))
    assert shapely.equals(more.repaired, [doubtful, closed]).all()
    assert 1 == len(facts.repaired)


def test_a_raster_knows_its_hash_and_its_way_and_counts_no_features(tmp_path: Path) -> None:
    """So does what is traced out of it, and its refusal."""
    path = raster(tmp_path / "x.tif")
    found = open_raster(path, findings=Findings())
    expected = (path, "", input_file("", path).sha256, None, ("EPSG:3405", "EPSG:6960", 1.0))
    traced = read_signal(path, 50.0, crs="", findings=Findings())
    refused = read_signal(path, 1000.0, crs="", findings=Findings())
    assert [False, False, True] == [isinstance(one, Refused) for one in (found, traced, refused)]
    for facts in (found.facts, traced.facts, refused.facts):
        assert expected == (facts.path, facts.layer, facts.sha256, facts.rows, way(facts))


@pytest.mark.parametrize(("text", "rows"), [("code\n1\n\n2\n", 2), ("other\n1\n", None)])
def test_a_table_knows_its_hash_and_its_rows(tmp_path: Path, text: str, rows: int | None) -> None:
    """Blank lines are none; nobody counts those of a table that lacks a column."""
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8")
    read: Any = read_table(path, columns=["code"], findings=Findings())
    assert LayerFacts(path, "", input_file("", path).sha256, rows) == read.facts
    assert (rows is None) == isinstance(read, Refused)
