"""The face for Python: what it counts, what it refuses, and that importing it costs nothing."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import hypothesis
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import strategies as st

import blackspot
from blackspot.errors import ArgumentError, BlackspotError, InputError, ProjectError
from small_country import CELLS, NORTH, STEP, WEST, box, frame, write_country, write_people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TRANSFORM = Affine(STEP, 0, WEST, 0, -STEP, NORTH)
FIVES = (np.full((CELLS, CELLS), 5.0), TRANSFORM, "EPSG:4326")


def halves() -> gpd.GeoDataFrame:
    """Two communes of 200 cells and 1,000 people each, the western and the eastern half."""
    return frame([box(0, 0, 10, 20), box(10, 0, 20, 20)], code=["00001", "00002"]).set_index("code")


def layers() -> dict[str, gpd.GeoDataFrame]:
    """5g in the ten western columns but for half of the rows; fibre in the upper quarter of everything."""
    return {"5g": frame([box(0, 0, 10, 10)]), "fibre": frame([box(0, 0, 12, 5), box(8, 0, 20, 5)])}


# --- what is counted ---


def test_people_are_counted_under_each_layer_under_any_and_under_all() -> None:
    """By hand: 5 people in every cell; the two parts of fibre overlap and count once."""
    table = blackspot.overlay(halves(), FIVES, layers())
    expected = pd.DataFrame(
        {
            "pop_total": [1000.0, 1000.0],
            "pop_covered_5g": [500.0, 0.0],
            "pop_covered_fibre": [250.0, 250.0],
            "pop_covered_any": [500.0, 250.0],
            "pop_covered_all": [250.0, 0.0],
        },
        index=pd.Index(["00001", "00002"], name="code"),
    )
    pd.testing.assert_frame_equal(expected, table, rtol=1e-12)
    assert {"people_raster": 2000.0, "people_outside": 0.0, "contested_km2": 0.0} == pytest.approx(
        table.attrs
    )


def test_a_run_counts_the_same(tmp_path: Path) -> None:
    """The same communes, people and coverage in a project give the same people, to the last bit."""
    project = write_country(tmp_path)
    text = project.read_text(encoding="utf-8").replace('extent = { except_provinces = ["02"] }\n', "")
    project.write_text(text, encoding="utf-8")
    report = blackspot.run(str(project), pages="none")
    table = blackspot.overlay(
        gpd.read_file(tmp_path / "communes.gpkg").set_index("code"),
        tmp_path / "people.tif",
        {
            "sao_mai": gpd.read_file(tmp_path / "five.gpkg"),
            "hai_dang": gpd.read_file(tmp_path / "other.geojson"),
        },
    )
    ran = report.communes.set_index("code").loc[table.index]
    assert [500.0] * 4 == pytest.approx(table["pop_total"].tolist())
    for ours, theirs in {
        "pop_total": "pop_total",
        "pop_covered_sao_mai": "pop_covered_5g_sao_mai",
        "pop_covered_hai_dang": "pop_covered_5g_hai_dang",
        "pop_covered_any": "pop_covered_5g",
        "pop_covered_all": "pop_covered_5g_all",
    }.items():
        assert ran[theirs].tolist() == table[ours].tolist()


@pytest.mark.parametrize("communes_crs", ["EPSG:4326", "EPSG:3405", "EPSG:4979"])
@pytest.mark.parametrize("layers_crs", ["EPSG:4756", "EPSG:32648"])
def test_every_frame_may_have_its_own_crs(communes_crs: str, layers_crs: str) -> None:
    """Systems with another datum or with heights lead to the same people, to the width of a sub-line."""
    expected = blackspot.overlay(halves(), FIVES, layers())
    moved = {name: cover.to_crs(layers_crs) for name, cover in layers().items()}
    table = blackspot.overlay(halves().to_crs(communes_crs), FIVES, moved)
    pd.testing.assert_frame_equal(expected, table, rtol=5e-3)


def test_the_raster_may_be_projected() -> None:
    """Cells of a kilometre in UTM: what communes and people share is counted, the rest is outside."""
    people = (np.full((40, 40), 10), Affine(1000, 0, 500_000, 0, -1000, 2_340_000), 32648)
    square = gpd.GeoDataFrame(geometry=[shapely.box(505_000, 2_310_000, 515_500, 2_320_000)], crs=32648)
    covered = gpd.GeoDataFrame(geometry=[shapely.box(505_000, 2_310_000, 510_000, 2_330_000)], crs=32648)
    table = blackspot.overlay(square, people, {"5g": covered.to_crs(4326)}, edge_cells="share")
    assert 1050.0 == pytest.approx(table["pop_total"].item())
    assert 500.0 == pytest.approx(table["pop_covered_5g"].item(), rel=1e-3)
    assert 16_000.0 - 1050.0 == pytest.approx(table.attrs["people_outside"])


def test_what_is_not_known_is_neither_zero_nor_uncovered() -> None:
    """A commune without any cell with data has NaN in every column; nobody in a cell is a figure, 0."""
    people = np.full((CELLS, CELLS), 5.0)
    people[:, 10:] = np.nan
    people[:, :10] = 0.0
    table = blackspot.overlay(halves(), (people, *FIVES[1:]), layers())
    assert [0.0] * 5 == table.loc["00001"].tolist()
    assert table.loc["00002"].isna().all()


@pytest.mark.parametrize("dtype", ["uint8", "int32", "float32"])
def test_masked_cells_have_no_data(dtype: str) -> None:
    """A masked array of any type is read as one with NaN."""
    hidden = np.ma.masked_array(np.full((CELLS, CELLS), 5, dtype=dtype), mask=np.zeros((CELLS, CELLS), bool))
    hidden[:, 10:] = np.ma.masked
    plain = np.full((CELLS, CELLS), 5.0)
    plain[:, 10:] = np.nan
    one, other = (blackspot.overlay(halves(), (cells, *FIVES[1:]), layers()) for cells in (hidden, plain))
    pd.testing.assert_frame_equal(one, other)


def test_cells_at_the_coast_count_wholly_or_by_their_share() -> None:
    """A commune that ends in the middle of a column of cells: all people of these cells, or half."""
    coast = frame([box(0, 0, 9.5, 20)])
    whole, share = (blackspot.overlay(coast, FIVES, layers(), edge_cells=edge) for edge in ("land", "share"))
    assert (1000.0, 950.0) == pytest.approx((whole["pop_total"].item(), share["pop_total"].item()))
    assert 2000.0 - 950.0 == pytest.approx(share.attrs["people_outside"])


def test_ground_that_two_communes_claim_counts_for_the_first() -> None:
    """Nobody is counted twice, and the ground is measured."""
    both = frame([box(0, 0, 12, 20), box(8, 0, 20, 20)])
    table = blackspot.overlay(both, FIVES, layers())
    assert [1200.0, 800.0] == pytest.approx(table["pop_total"].tolist())
    assert 4 * STEP * 111 * 20 * STEP * 111 * 0.93 == pytest.approx(table.attrs["contested_km2"], rel=0.01)


def test_rows_without_a_geometry_cover_nothing() -> None:
    """They are common in real layers; a layer of nothing else is refused."""
    expected = blackspot.overlay(halves(), FIVES, layers())
    more = layers()
    more["5g"] = frame([box(0, 0, 10, 10), None, shapely.Polygon()])
    pd.testing.assert_frame_equal(expected, blackspot.overlay(halves(), FIVES, more))


def test_nothing_that_is_handed_in_is_changed() -> None:
    """Frames and arrays stay as they are."""
    communes, covers, people = halves(), layers(), FIVES[0].copy()
    blackspot.overlay(communes, (people, *FIVES[1:]), covers)
    pd.testing.assert_frame_equal(halves(), communes)
    pd.testing.assert_frame_equal(layers()["fibre"], covers["fibre"])
    assert (people == FIVES[0]).all()


boxes = st.lists(
    st.tuples(*[st.integers(0, 24)] * 4).filter(lambda c: c[0] != c[2] and c[1] != c[3]),
    min_size=1,
    max_size=4,
).map(lambda corners: [box(*sides) for sides in corners])


@hypothesis.given(boxes, boxes, st.integers(0, 2**32 - 1), st.sampled_from(["land", "share"]))
@hypothesis.settings(max_examples=30)
def test_people_are_conserved(one: list[Any], other: list[Any], seed: int, edge: Any) -> None:
    """any >= each >= all, and everybody is in a commune or outside, whatever the layers look like."""
    people = np.random.default_rng(seed).uniform(0, 50, (CELLS, CELLS)).round(2)
    covers = {"a": frame(one), "b": frame(other)}
    table = blackspot.overlay(halves(), (people, *FIVES[1:]), covers, edge_cells=edge)
    for name in ("pop_covered_a", "pop_covered_b"):
        assert (table["pop_covered_any"] >= table[name]).all()
        assert (table[name] >= table["pop_covered_all"]).all()
    assert (table["pop_total"] >= table["pop_covered_any"]).all()
    assert people.sum() == pytest.approx(table["pop_total"].sum() + table.attrs["people_outside"])


# --- what is refused ---


def _with(**changed: Any) -> Callable[[], object]:
    given = {"communes": halves(), "people": FIVES, "layers": layers()} | changed
    return lambda: blackspot.overlay(**given)


def _people(value: float, where: tuple[int, int] = (3, 4)) -> tuple[Any, ...]:
    cells = np.full((CELLS, CELLS), 5.0)
    cells[where] = value
    return (cells, *FIVES[1:])


def _without_crs(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame.set_crs(None, allow_override=True)


REFUSED = {
    "communes has no CRS": {"communes": _without_crs(halves())},
    r"layers\['5g'\] has no CRS": {"layers": {"5g": _without_crs(layers()["5g"])}},
    "communes has a CRS that cannot be placed": {"communes": halves().set_crs(5703, allow_override=True)},
    "communes has no rows": {"communes": halves().iloc[:0]},
    r"layers\['5g'\] has no rows": {"layers": {"5g": layers()["5g"].iloc[:0]}},
    "layers is empty": {"layers": {}},
    "layers is no mapping": {"layers": [layers()["5g"]]},
    "layers has 65 layers": {"layers": {f"layer{number}": layers()["5g"] for number in range(65)}},
    "a layer is called 'any'": {"layers": {"any": layers()["5g"]}},
    "a layer is called ''": {"layers": {"": layers()["5g"]}},
    "a layer is called 5": {"layers": {5: layers()["5g"]}},
    r"communes is not a GeoDataFrame": {"communes": pd.DataFrame({"code": ["00001"]})},
    r"layers\['5g'\] is not a GeoDataFrame": {"layers": {"5g": layers()["5g"].geometry}},
    r"no polygons \(1 LineString, 1 Point; rows 0, 1\)": {
        "layers": {"5g": frame([shapely.Point(105, 21), shapely.LineString([(105, 21), (106, 21)])])}
    },
    r"no polygons \(1 GeometryCollection": {
        "communes": frame([shapely.GeometryCollection([box(0, 0, 1, 1)])])
    },
    r"communes has 1 rows without a polygon \(b\)": {
        "communes": frame([box(0, 0, 1, 1), None]).set_index(pd.Index(["a", "b"]))
    },
    "has no polygon in any row": {"layers": {"5g": frame([None])}},
    r"stand more than once \(x\)": {"communes": halves().set_index(pd.Index(["x", "x"]))},
    r"no finite numbers \(rows 0\)": {
        "layers": {
            "5g": frame(
                [shapely.transform(box(0, 0, 1, 1), lambda places: np.where(places == 21.2, np.nan, places))]
            )
        }
    },
    "edge_cells is 'sea'": {"edge_cells": "sea"},
    "subline_spacing_m is 0.5": {"subline_spacing_m": 0.5},
    "subline_spacing_m is nan": {"subline_spacing_m": float("nan")},
    "people is neither a path nor": {"people": FIVES[0]},
    "people has a CRS that cannot be placed": {"people": (FIVES[0], TRANSFORM, "EPSG:99999")},
    "people has 1 cells below 0, the lowest -9999": {"people": _people(-9999)},
    "people has 1 cells that are infinite": {"people": _people(np.inf)},
    "people has no cell with data": {"people": (np.full((4, 4), np.nan), TRANSFORM, 4326)},
    r"array of shape \(1, 20, 20\)": {"people": (FIVES[0][None], TRANSFORM, 4326)},
    r"array of shape \(0, 20\)": {"people": (FIVES[0][:0], TRANSFORM, 4326)},
    "array of bool": {"people": (FIVES[0] > 0, TRANSFORM, 4326)},
    "no affine.Affine": {"people": (FIVES[0], tuple(TRANSFORM), 4326)},
    "numbers that are not finite": {"people": (FIVES[0], Affine(STEP, 0, np.nan, 0, -STEP, NORTH), 4326)},
    "is not north-up": {"people": (FIVES[0], Affine(STEP, 0, WEST, 0, STEP, NORTH), 4326)},
    "lie apart": {"people": (FIVES[0], Affine(STEP, 0, 10, 0, -STEP, 50), 4326)},
    "which is too many": {
        "communes": frame([shapely.box(105, 21, 105.1, 21.1)]),
        "people": (FIVES[0], Affine(1e-7, 0, 105, 0, -1e-7, 21.1), 4326),
    },
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_cannot_be_used_is_refused_in_a_sentence(words: str) -> None:
    """Each is a ValueError that says what and what to do."""
    with pytest.raises(ArgumentError, match=words) as refused:
        _with(**REFUSED[words])()
    assert isinstance(refused.value, ValueError)
    assert isinstance(refused.value, BlackspotError)
    assert 1 == len(refused.value.problems)


def test_everything_wrong_is_told_at_once() -> None:
    """Three mistakes, three problems."""
    with pytest.raises(ArgumentError) as refused:
        _with(communes=_without_crs(halves()), people=_people(-1), edge_cells="sea")()
    assert 3 == len(refused.value.problems)


def test_numbers_that_cannot_be_in_their_system_are_refused() -> None:
    """Degrees said to be metres, in the words of the checks."""
    with pytest.raises(InputError, match=r"communes: has coordinates .* that look like degrees") as refused:
        _with(communes=halves().set_crs(3405, allow_override=True))()
    assert ["crs.degrees-for-metres"] == [finding.code for finding in refused.value.findings]


def test_a_file_that_is_no_raster_is_refused(tmp_path: Path) -> None:
    """It is read by a process of its own, as in a run."""
    (tmp_path / "people.tif").write_bytes(b"no raster at all")
    with pytest.raises(InputError, match=r"people\.tif") as refused:
        _with(people=tmp_path / "people.tif")()
    assert refused.value.findings


def test_a_path_means_what_it_says(tmp_path: Path) -> None:
    """A dollar sign in a path is no variable; a text and a Path are the same."""
    write_people(tmp_path / "$people.tif")
    expected = blackspot.overlay(halves(), FIVES, layers())
    for path in (tmp_path / "$people.tif", str(tmp_path / "$people.tif")):
        pd.testing.assert_frame_equal(expected, blackspot.overlay(halves(), path, layers()))


def test_an_inexact_shift_between_datums_is_warned_of() -> None:
    """For Indian 1960 a known operation is used instead of none; that it is coarse is said."""
    old = {"5g": layers()["5g"].to_crs(3148)}
    with pytest.warns(UserWarning, match=r"layers\['5g'\]"):
        blackspot.overlay(halves(), FIVES, old)


# --- a run ---


def test_a_run_is_reported(tmp_path: Path) -> None:
    """Overrides and pages count; the same inputs again are nothing new."""
    project = write_country(tmp_path)
    first = blackspot.run(project, overrides=["profile.min_people=20"], pages="none")
    again = blackspot.run(project, overrides=["profile.min_people=20"], pages="none")
    assert (True, False, None) == (first.published, first.nothing_new, first.map_path)
    assert (False, True, first.run_id) == (again.published, again.nothing_new, again.run_id)
    assert 4 == len(first.communes)


def test_a_wrong_project_is_a_value_error(tmp_path: Path) -> None:
    """Every mistake at once, as on the command line."""
    with pytest.raises(ProjectError, match="there is no such file"):
        blackspot.run(tmp_path / "none.toml")
    with pytest.raises(ValueError, match="KEY=VALUE"):
        blackspot.run(write_country(tmp_path), overrides=["nothing"])


# --- the face ---


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Whoever imports the package pays for no library before the first call."""
    code = (
        "import sys, blackspot; "
        "print(*sorted({'numpy', 'pandas', 'geopandas', 'rasterio', 'pydantic', 'click'} & sys.modules.keys()));"
        "print(*[name for name in dir(blackspot) if name in {'run', 'overlay'}]);"
        "blackspot.overlay; print('geopandas' in sys.modules, 'folium' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ["", "overlay run", "True False"] == done.stdout.splitlines()


def test_the_package_has_no_other_names() -> None:
    """A misspelt name is an AttributeError, as in any module."""
    with pytest.raises(AttributeError, match="module 'blackspot' has no attribute 'overlays'"):
        _ = blackspot.overlays  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["run", "overlay", "crosswalk"])
def test_the_face_is_typed_and_described(name: str) -> None:
    """Every parameter has a type and stands in the docstring."""
    function = getattr(blackspot, name)
    signature = inspect.signature(function)
    assert inspect.Signature.empty not in {
        signature.return_annotation,
        *(parameter.annotation for parameter in signature.parameters.values()),
    }
    described = inspect.getdoc(function) or ""
    assert [] == [parameter for parameter in signature.parameters if f"\n{parameter}\n    " not in described]
