"""What a run keeps is found again by exactly those runs that may use it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import pyproj
import pytest
from affine import Affine

from blackspot.coverage.analysis import FailingGroups
from blackspot.coverage.grid import Grid
from blackspot.coverage.keep import Keep
from blackspot.coverage.layers import LayerTable, OperatorService
from blackspot.data.project import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.population import PopulationRaster

GRID = Grid(pyproj.CRS.from_epsg(4326), Affine(0.01, 0, 105, 0, -0.01, 21), 10, 12, 4)


@dataclass(frozen=True)
class Described:
    """What decides how a raster is read."""

    kind: str = "count"
    nodata: float | None = -1.0


def raster(**changes: Any) -> PopulationRaster:
    return cast("PopulationRaster", replace(Described(), **changes))


def test_bands_depend_on_the_people_and_on_who_fails(tmp_path: Path) -> None:
    """The raster's content, its kind, what means no data, and the groups; each count has its own folder."""
    keep = Keep(tmp_path, "a" * 64)
    contents = [
        keep.bands("people", raster(), "x").content,
        keep.bands("people", raster(kind="density"), "x").content,
        keep.bands("people", raster(nodata=None), "x").content,
        keep.bands("people", raster(nodata=-1.5), "x").content,
        keep.bands("people", raster(), "y").content,
        Keep(tmp_path, "b" * 64).bands("people", raster(), "x").content,
    ]
    assert len(contents) == len(set(contents))
    assert contents[0] == Keep(tmp_path / "elsewhere", "a" * 64).bands("other", raster(), "x").content
    assert keep.bands("people", raster()).folder != keep.bands("parts", raster()).folder


@pytest.mark.parametrize("what", ["spans", "bands"])
def test_other_versions_find_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """A library that has a say in the numbers was replaced: everything is made anew."""

    def kept() -> object:
        keep = Keep(tmp_path, "a" * 64)
        return keep.spans(GRID).key("x") if what == "spans" else keep.bands("people", raster()).content

    before = kept()
    assert before == kept()
    monkeypatch.setattr("blackspot.coverage.keep.library_versions", lambda: {"numpy": "0.1"})
    assert before != kept()


def test_groups_depend_on_the_profile_and_on_the_bits() -> None:
    """Another rule, another operator of a bit, another extent: other people fail."""
    table = LayerTable((OperatorService("Ha", "5g", (0,), None), OperatorService("Bo", "fibre", (1,), (2,))))
    profile = Profile.model_validate({"services": ("5g", "fibre")})
    others = [
        (table, profile.model_copy(update={"gap": "any"})),
        (LayerTable((OperatorService("Ha", "5g", (0,), None), OperatorService("Bo", "fibre", (1,), None))), profile),
        (LayerTable((OperatorService("Ha", "5g", (1,), None), OperatorService("Bo", "fibre", (0,), (2,)))), profile),
    ]  # fmt: skip
    contents = {FailingGroups(*case).content() for case in [(table, profile), *others]}
    assert 4 == len(contents)
    assert FailingGroups(table, profile).content() in contents
