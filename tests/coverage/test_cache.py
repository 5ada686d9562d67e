"""What a run keeps is found again by exactly those runs that may use it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pyproj
import pytest
from affine import Affine

from blackspot.coverage.analysis import FailingGroups
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.cache import Keep
from blackspot.coverage.people.failing_groups import _DECIDING
from blackspot.coverage.people.layers import LayerTable, OperatorService
from blackspot.data.project.profile import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.country.population import PopulationRaster

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


@pytest.mark.parametrize("what", ["spans", "bands", "table"])
def test_other_versions_find_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """A library that has a say in the numbers was replaced: everything is made anew."""

    def kept() -> object:
        keep = Keep(tmp_path, "a" * 64)
        if what == "table":
            return len(keep.table("setting", ("x",), lambda: next(tables)))
        return keep.spans(GRID).key("x") if what == "spans" else keep.bands("people", raster()).content

    tables = iter([TABLE, TABLE[:1]])
    before = kept()
    assert before == kept()
    monkeypatch.setattr("blackspot.coverage.cache.library_versions", lambda: {"numpy": "0.1"})
    assert before != kept()


TABLE = pd.DataFrame(
    {
        "is_border": np.array([True, False]),
        "border_distance_km": [0.25, np.nan],
        "border_basis": np.array(["cự ly biên giới", ""], dtype=object),
    }
)


def test_a_kept_table_is_what_was_made(tmp_path: Path) -> None:
    """Flags, numbers, no data and words come back as they were, without making the table again."""
    keep, made = Keep(tmp_path, "a" * 64), []

    def make() -> pd.DataFrame:
        made.append(1)
        return TABLE

    for _ in range(2):
        found = keep.table("setting", ("x", "y"), make)
        assert list(TABLE.columns) == list(found.columns)
        for column in TABLE.columns:
            expected, actual = TABLE[column].to_numpy(), found[column].to_numpy()
            assert expected.dtype == actual.dtype
            np.testing.assert_array_equal(expected, actual)
    assert 1 == len(made)


@pytest.mark.parametrize("content", [("x",), ("y", "x"), ("x", "y", ""), ("xy",)])
def test_a_table_of_other_content_is_made(tmp_path: Path, content: tuple[str, ...]) -> None:
    """Anything else in the content, or its order, makes the table again, in the same file."""
    keep = Keep(tmp_path, "a" * 64)
    keep.table("setting", ("x", "y"), lambda: TABLE)
    other = keep.table("setting", content, lambda: TABLE[::-1])
    assert [False, True] == other["is_border"].tolist()
    assert 1 == len(list((tmp_path / "tables").iterdir()))


def test_an_empty_table_is_kept(tmp_path: Path) -> None:
    """No rows are a table too."""
    keep = Keep(tmp_path, "a" * 64)
    keep.table("setting", (), lambda: TABLE[:0])
    assert 0 == len(keep.table("setting", (), lambda: TABLE))


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


@pytest.mark.parametrize(
    "limit", [{"min_people": 7.0}, {"min_area_km2": 3.0}, {"spot_people": 9.0}, {"version": "2"}]
)
def test_groups_do_not_depend_on_limits(limit: dict[str, object]) -> None:
    """How large a black spot must be says nothing about who lacks what: counted bands stay of use."""
    table = LayerTable((OperatorService("Ha", "5g", (0,), None),))
    profile = Profile.model_validate({"services": ("5g",)})
    assert (
        FailingGroups(table, profile).content()
        == FailingGroups(table, profile.model_copy(update=limit)).content()
    )


@pytest.mark.parametrize("rule", ["any", "all", "at_least_k"])
@pytest.mark.parametrize("basic", [(), ("5g",)])
def test_groups_ask_only_for_what_their_content_says(rule: str, basic: tuple[str, ...]) -> None:
    """Who lacks what is decided by keys of the profile that the content names, and by no other."""
    asked: set[str] = set()

    class Watched:
        services, gap, basic_services, operator_rule, k = ("5g", "fibre"), "any", basic, rule, 1

        def __getattribute__(self, name: str) -> object:
            asked.add(name)
            return object.__getattribute__(self, name)

    table = LayerTable((OperatorService("Ha", "5g", (0,), None), OperatorService("Bo", "fibre", (1,), (2,))))
    FailingGroups(table, cast("Profile", Watched()))(np.arange(8, dtype=np.uint64))
    assert set(_DECIDING) >= asked
