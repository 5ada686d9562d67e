"""The two lists, both ways linked with the map; the earlier black spots; islands far off; names of seas."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from blackspot.maps.ahead import _codes_outside
from blackspot.maps.pages.page import build_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

SPOTS = """() => BS.spotOrder().map((i) => ({
    rank: BS.app.spots.numbers[5][i] - 1, people: BS.spotPeople(i), far: BS.spotFar(i), missing: BS.spotMissing(i),
    place: BS.app.names.name[BS.app.spots.commune[i]] }))"""


@pytest.mark.parametrize("column", ["rank", "place", "people", "missing", "far"])
def test_every_column_of_the_black_spots_sorts_both_ways(desk: Any, column: str) -> None:
    """A click sorts, another turns the order round; what is not known stays last; the heading says so."""
    page = desk.page
    page.click("#tab-spots")
    page.wait_for_selector("#table tbody tr td:nth-child(4)")
    heading = {"rank": 1, "place": 2, "people": 3, "missing": 4, "far": 5}[column]
    button = f"#table thead th:nth-child({heading}) button"
    seen = set()
    for _ in range(2):
        page.click(button)
        order = page.get_attribute(f"#table thead th:nth-child({heading})", "aria-sort")
        seen.add(order)
        values = [spot[column] for spot in page.evaluate(SPOTS)]
        known = [value for value in values if value is not None]
        assert known == values[: len(known)]
        if column not in {"place", "missing"}:  # texts follow the Vietnamese alphabet, not the code points
            assert sorted(known, reverse=order == "descending") == known
        else:
            assert len(set(known)) == 1 + sum(a != b for a, b in pairwise(known))
    assert {"ascending", "descending"} == seen
    assert f"q={'-' if order == 'descending' else ''}{column}" in page.evaluate(
        "() => BS.formatState(BS.app.state, BS.app.meta)"
    ) or (column, order) == ("rank", "ascending")


def test_the_list_turns_to_what_is_picked_on_the_map(desk: Any) -> None:
    """A commune on the second page of the list is found there after a click on the map."""
    page = desk.page
    page.evaluate("() => BS.set({ spots: false })")
    code = page.evaluate("() => BS.app.names.code[BS.app.model.sorted(BS.app.state)[60]]")
    page.evaluate("code => BS.flyTo(BS.app.model.rowOf.get(code))", code)
    desk.settle()
    page.focus(".leaflet-container")
    page.evaluate(
        "code => { const row = BS.app.model.rowOf.get(code), at = [BS.degreesY(BS.app.names.wy[row]), BS.degreesX(BS.app.names.wx[row])]; BS.app.map.fire('click', { latlng: L.latLng(at) }); }",
        code,
    )
    assert 1 == page.evaluate("() => BS.app.state.page")
    assert code == page.get_attribute("#table tr.picked", "data-key")
    page.click("#table tbody tr:first-child button")
    first = page.get_attribute("#table tbody tr:first-child", "data-key")
    assert first == page.evaluate("() => BS.app.state.selected")


def test_the_past_side_has_the_black_spots_of_its_time(
    visit: Visit, country: MapData, tmp_path: Path
) -> None:
    """The run before had one spot of its own, where none is now; its side of the map shows that one."""
    assert country.previous is not None
    old = pd.DataFrame({"code": ["00001"], "pop": [444.0], "lon": [105.05], "lat": [15.05]})
    build_pages(
        replace(country, previous=replace(country.previous, black_spots=old)), tmp_path, pages="national"
    )
    visitor = visit(tmp_path / "map.html", "#t=swipe&m=9.00/15.4000/105.4000")
    visitor.page.wait_for_function("() => BS.app.pastSpots")
    found = visitor.page.evaluate(
        "() => [BS.app.pastSpots.count, BS.app.pastSpots.numbers[0][0] / BS.app.meta.spots.units.pop, BS.degreesX(BS.app.pastSpots.cx[0])]"
    )
    assert found == [1, 444.0, pytest.approx(105.05)]


def test_a_past_without_black_spots_on_file_says_so(visit: Visit, country: MapData, tmp_path: Path) -> None:
    """No circles are made up; the legend names the gap."""
    assert country.previous is not None
    none = country.previous.black_spots.iloc[:0]
    build_pages(
        replace(country, previous=replace(country.previous, black_spots=none)), tmp_path, pages="national"
    )
    page = visit(tmp_path / "map.html", "#t=past&l=en").page
    assert "No places of black spots are on file for 4/2026" in page.inner_text("#legend")


def test_far_islands_have_a_map_of_their_own(visit: Visit, pages: Path) -> None:
    """The page of the coastal province opens on its land; a button with a small map leads to the islands."""
    visitor = visit(pages / "maps" / "03.html", "#l=en")
    page = visitor.page
    inside = "() => BS.app.map.getBounds().contains([BS.degreesY(BS.app.names.wy[%s]), BS.degreesX(BS.app.names.wx[%s])])"
    last = "BS.app.model.rows - 1"
    assert page.evaluate(inside % (0, 0))
    assert not page.evaluate(inside % (last, last))
    assert "To the islands: Trùng Khơi" == page.get_attribute("#far", "aria-label")
    page.click("#far")
    visitor.settle()
    assert page.evaluate(inside % (last, last))
    page.click("#zoom-home")
    visitor.settle()
    assert page.evaluate(inside % (0, 0))
    assert visit(pages / "map.html").page.is_hidden("#far")


def test_only_names_the_project_gives_stand_on_the_sea(
    visit: Visit, country: MapData, tmp_path: Path
) -> None:
    """A named place is a label in the language of the page; without one there is none."""
    sea = [{"vi": "Biển Đông", "en": "East Sea", "lon": 107.5, "lat": 15.0}]
    build_pages(replace(country, about={**dict(country.about), "places": sea}), tmp_path, pages="national")
    count = "() => BS.paintLabels(document.createElement('canvas').getContext('2d'), BS.view(BS.app.map.getZoom(), 0, 0, 1e5, 1e5, 1), BS.app).length"
    with_sea = visit(tmp_path / "map.html").page
    assert [sea[0]] == with_sea.evaluate("() => BS.app.meta.places")
    named = with_sea.evaluate(count)
    build_pages(country, tmp_path, pages="national")
    assert named - 1 == visit(tmp_path / "map.html").page.evaluate(count)


def test_communes_an_operator_is_silent_of_are_hatched_under_its_coverage(
    visit: Visit, pages: Path, country: MapData
) -> None:
    """With that operator alone its silence shows; with another that speaks there it does not."""
    silent = int((country.communes["province_code"] == "03").sum())
    page = visit(pages / "map.html", "#c=5g&o=hai_dang&l=en").page
    rows = "() => { const found = BS.silentRows(BS.shownCoverage()); return found ? found.reduce((a, b) => a + b, 0) : 0; }"
    assert silent == page.evaluate(rows)
    assert "No data from the chosen operators" in page.inner_text("#legend")
    page.evaluate("() => BS.set({ operators: ['hai_dang', 'sao_mai'] })")
    assert 0 == page.evaluate(rows)


@pytest.mark.parametrize(
    ("extent", "expected"),
    [
        ({"extent_provinces": None, "extent_geometries": None}, []),
        ({"extent_provinces": frozenset({"01"}), "extent_geometries": None}, ["c", "d"]),
        ({"extent_provinces": None, "extent_geometries": [shapely.box(0, 0, 1.6, 1)]}, ["c", "d"]),
        ({"extent_provinces": None, "extent_geometries": [shapely.box(0, 0, 1.4, 1)]}, ["b", "c", "d"]),
        ({"extent_provinces": None, "extent_geometries": [shapely.box(9, 9, 10, 10)]}, ["a", "b", "c", "d"]),
    ],
)
def test_communes_outside_an_extent(extent: dict[str, Any], expected: list[str]) -> None:
    """By province, or where less than half of the ground lies inside the polygons."""

    class Asked:
        extent_provinces = extent["extent_provinces"]
        extent_geometries = (
            None if extent["extent_geometries"] is None else np.array(extent["extent_geometries"])
        )

    frame = gpd.GeoDataFrame(
        {"code": list("abcd"), "province_code": ["01", "01", "02", "02"]},
        geometry=[shapely.box(x, 0, x + 1, 1) for x in range(4)],
        crs="EPSG:4326",
    )
    assert expected == _codes_outside(Asked(), frame)  # type: ignore[arg-type]  # only the extent is read
