"""Numbers that may be marks of no data, in rasters that name none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.data.country.population import open_population
from blackspot.data.findings.collector import Findings
from blackspot.data.project.population import PopulationSource
from raster_files import write

if TYPE_CHECKING:
    from pathlib import Path

TOWN = np.zeros((8, 8))
TOWN[3:5, 3:5] = [[120, 0], [35, 64]]
ISLAND = TOWN == 0
ISLAND[2:6, 2:6] = False


def codes(path: Path, **options: Any) -> list[str]:
    """Codes about a raster, which is used exactly where none of them is an error or an open question."""
    findings = Findings()
    raster = open_population(PopulationSource(path=path, **options), findings)
    assert (raster is None) == bool(findings.errors)
    return [finding.code for finding in findings.items if finding.code != "crs.operation"]


@pytest.mark.parametrize(
    ("mark", "dtype", "expected"),
    [
        (7, np.float32, ["population.mark"]),
        (0.25, np.float64, ["population.mark"]),
        (9999, np.int32, ["population.mark"]),
        (255, np.uint8, ["population.mark", "population.saturated"]),
        (65535, np.uint16, ["population.mark", "population.saturated"]),
        (-9999, np.float32, ["population.negative"]),
        (1e38, np.float32, ["population.impossible"]),
        (0, np.float32, ["population.no-nodata"]),
    ],
)
def test_the_sea_around_an_island(tmp_path: Path, mark: float, dtype: type, expected: list[str]) -> None:
    """Whatever stands in it; as a no-data value of the project file each leaves the people of the island."""
    path = write(tmp_path / "a.tif", np.where(ISLAND, mark, TOWN).astype(dtype), nodata=None)
    assert expected == codes(path)
    findings = Findings()
    cured = open_population(PopulationSource(path=path, nodata=float(np.dtype(dtype).type(mark))), findings)
    assert cured is not None
    assert 219 == cured.total()


def test_a_mark_inside_is_known_by_what_it_is(tmp_path: Path) -> None:
    """A lake of 9999; of 90 it could be houses."""
    for mark, expected in ((9999, "population.mark"), (900, "population.no-nodata")):
        lake = TOWN.copy()
        lake[5, 2:6] = mark
        assert [expected] == codes(write(tmp_path / f"{mark}.tif", lake.astype(np.float32), nodata=None))


def test_an_accepted_mark_counts_as_people(tmp_path: Path) -> None:
    """With a note that says so."""
    path = write(tmp_path / "a.tif", np.where(ISLAND, 7, TOWN).astype(np.float32), nodata=None)
    findings = Findings(accept=["population.mark"])
    raster = open_population(PopulationSource(path=path), findings)
    assert raster is not None
    assert 219 + 7 * ISLAND.sum() == raster.total()
    assert {"population.mark", "population.no-nodata"} <= {finding.code for finding in findings.items}


def test_the_same_number_everywhere_is_no_mark(tmp_path: Path) -> None:
    """One person in every cell, or in every cell of the land."""
    for name, cells in (("a", np.full((5, 5), 0.1)), ("b", np.where(ISLAND, 0, 1))):
        assert ["population.no-nodata"] == codes(
            write(tmp_path / f"{name}.tif", cells.astype(np.float32), nodata=None)
        )


def test_what_adds_up_to_nobody_does_not_matter(tmp_path: Path) -> None:
    """A thousandth of a person in every cell of the sea."""
    path = write(tmp_path / "a.tif", np.where(ISLAND, 0.001, TOWN).astype(np.float32), nodata=None)
    assert ["population.no-nodata"] == codes(path)
