"""Islands and the sea: named from the start, over every line, and never under anything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.reference.facts import sea_names
from blackspot.maps.pages.page import build_pages

from .test_layout import CHOSEN, SCREENS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

ON_TOP = """() => {
  const far = BS.by('far'), box = far.getBoundingClientRect();
  const points = [0.04, 0.5, 0.96].flatMap((x) => [0.04, 0.5, 0.96].map((y) => [box.left + x * box.width, box.top + y * box.height]));
  return points.map(([x, y]) => { const one = document.elementFromPoint(x, y); return !!one && far.contains(one); });
}"""

HIDDEN = """() => {
  const canvas = document.querySelector('.leaflet-names-pane canvas').getBoundingClientRect(), map = BS.by('slot').getBoundingClientRect();
  const over = BS.covers(), x = canvas.left - map.left, y = canvas.top - map.top;
  return BS.app.named.filter((one) => one.kind === 'sea').filter((one) => {
    const [left, top, right, bottom] = [one.box[0] + x, one.box[1] + y, one.box[2] + x, one.box[3] + y];
    const cut = left < 0 || top < 0 || right > map.width || bottom > map.height;
    return cut || over.some((b) => b.left < right && b.right > left && b.top < bottom && b.bottom > top);
  }).map((one) => one.text);
}"""
TO_THE_EDGE = """async () => {
  const map = BS.app.map, size = map.getSize(), saved = BS.app.meta.places;
  const there = map.containerPointToLatLng([size.x - 9, size.y * 0.45]);
  BS.app.meta.places = [...saved, ...saved].map((place) => {
    return { ...place, lon: there.lng, lat: there.lat };
  });
  BS.app.layers.names.redraw();
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""
"""Puts the places of the sea's names close to the eastern edge of the map, all at one place and each twice."""


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "x".join(map(str, screen)))
def test_the_small_map_of_islands_is_never_covered(
    visit: Visit, pages: Path, screen: tuple[int, int]
) -> None:
    """With a card and an open legend, it answers at its corners and in its middle."""
    visitor = visit(pages / "map.html", width=screen[0], height=screen[1])
    page = visitor.page
    page.evaluate(CHOSEN, "vi")
    page.evaluate(
        "() => { const legend = document.querySelector('#legend details'); if (!legend.open) legend.firstChild.click(); }"
    )
    visitor.settle()
    page.evaluate(
        "() => { const box = BS.by('far').getBoundingClientRect(); if (box.bottom > innerHeight || box.top < 0) BS.by('far').scrollIntoView({ block: 'center' }); }"
    )
    assert [True] * 9 == page.evaluate(ON_TOP)


@pytest.mark.parametrize("screen", [(1366, 768), (844, 390), (390, 844)], ids=str)
def test_to_the_islands_opens_a_view_with_their_names(
    visit: Visit, pages: Path, screen: tuple[int, int]
) -> None:
    """The islands fill the free part of the map and bear their name."""
    visitor = visit(pages / "map.html", width=screen[0], height=screen[1])
    page = visitor.page
    page.evaluate(CHOSEN, "vi")
    page.evaluate("() => BS.set({ selected: '' })")
    page.click("#far")
    visitor.settle()
    assert page.evaluate("() => BS.app.map.getBounds().contains(BS.boundsOf(BS.areaOf(2).farBox))")
    names = page.evaluate("() => BS.app.named.filter((one) => one.kind === 'zone').map((one) => one.text)")
    assert ["Trùng Khơi"] == names


def test_names_stand_over_outlines(desk: Any) -> None:
    """The pane of the names lies over every other one that is painted."""
    order = desk.page.evaluate(
        "() => Object.fromEntries(['ground', 'lines', 'marks', 'past', 'outline', 'names'].map((one) => [one, Number(BS.app.map.getPane(one).style.zIndex)]))"
    )
    assert order["names"] == max(order.values())
    assert len(set(order.values())) == len(order)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [(1366, 768), (844, 390), (390, 844), (320, 256)], ids=str)
def test_sea_and_archipelagos_are_named_in_the_opening_view(
    visit: Visit, country: MapData, tmp_path: Path, screen: tuple[int, int], language: str
) -> None:
    """None of their names is left out, none lies under the legend or is cut off by the edge."""
    east = {
        "Quần đảo Hoàng Sa": (107.6, 15.6),
        "Quần đảo Trường Sa": (108.6, 14.4),
        "Biển Đông": (107.4, 14.9),
    }
    places = [
        {**one._asdict(), "lon": east[one.vi][0], "lat": east[one.vi][1]} for one in sea_names()
    ]  # in the sea of the made-up country
    build_pages(replace(country, about={**country.about, "places": places}), tmp_path, pages="national")
    visitor = visit(tmp_path / "map.html", f"#l={language}", width=screen[0], height=screen[1])
    named = visitor.page.evaluate("() => BS.app.named")
    assert {getattr(one, language) for one in sea_names()} <= {one["text"] for one in named}
    assert [] == visitor.page.evaluate(HIDDEN)


def test_names_of_the_sea_at_the_edge_move_into_sight(visit: Visit, country: MapData, tmp_path: Path) -> None:
    """Whole names, each of them, however near the edge and each other their places lie."""
    places = [{**one._asdict(), "lon": 107.6, "lat": 15.6} for one in sea_names()]
    build_pages(replace(country, about={**country.about, "places": places}), tmp_path, pages="national")
    visitor = visit(tmp_path / "map.html", "#l=vi", width=844, height=390)
    visitor.page.evaluate(TO_THE_EDGE)
    named = visitor.page.evaluate(
        "() => BS.app.named.filter((one) => one.kind === 'sea').map((one) => one.text)"
    )
    assert sorted([one.vi for one in sea_names()] * 2) == sorted(named)
    assert [] == visitor.page.evaluate(HIDDEN)


@pytest.mark.national
@pytest.mark.slow
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [(1366, 625), (1093, 490), (844, 390), (390, 844), (320, 640)], ids=str)
def test_sea_and_archipelagos_of_the_country_are_named_on_every_screen(
    visit: Visit, national_run: Path, screen: tuple[int, int], language: str
) -> None:
    """With all that stands there besides them."""
    visitor = visit(national_run / "map.html", f"#l={language}", width=screen[0], height=screen[1])
    named = visitor.page.evaluate(
        "() => BS.app.named.filter((one) => one.kind === 'sea').map((one) => one.text)"
    )
    assert sorted(getattr(one, language) for one in sea_names()) == sorted(named)
    assert [] == visitor.page.evaluate(HIDDEN)
