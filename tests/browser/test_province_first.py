"""The country opens by provinces: one colour each, until somebody comes near or chooses a place."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

import pytest

ROWS = "() => BS.provinceRows().map((one) => ({ province: one.province, low: one.low, high: one.high, all: one.all }))"
COLOURS = """() => {
  const canvas = BS.app.layers.ground.canvas || document.querySelector('.leaflet-ground-pane canvas'), ctx = canvas.getContext('2d');
  const box = canvas.getBoundingClientRect(), map = BS.app.map.getContainer().getBoundingClientRect(), found = [];
  for (let i = 0; i < BS.app.names.code.length; i++) {
    if (BS.app.names.type[i] === 2) continue;
    const at = BS.app.map.latLngToContainerPoint([BS.degreesY(BS.app.names.wy[i]), BS.degreesX(BS.app.names.wx[i])]);
    const x = (at.x + map.left - box.left) * canvas.width / box.width, y = (at.y + map.top - box.top) * canvas.height / box.height;
    const pixel = ctx.getImageData(Math.round(x), Math.round(y), 1, 1).data;
    found.push([BS.app.names.province[i], '#' + [...pixel.slice(0, 3)].map((value) => value.toString(16).padStart(2, '0')).join('')]);
  }
  return found;
}"""


@pytest.fixture
def opening(desk: Any) -> Any:
    """The page of the country with the list it opens with."""
    desk.page.evaluate("() => BS.set({ tab: BS.tabs(BS.meta)[0] })")
    return desk


@pytest.mark.parametrize("unit", ["share", "people"])
def test_every_province_has_the_colour_of_its_share(opening: Any, unit: str) -> None:
    """Worked out here from the numbers of its row; the same colour for its communes, and the legend counts provinces."""
    page = opening.page
    page.evaluate(
        "unit => { BS.set({ unit }); BS.app.map.setView([15.5, 106], 6.5, { animate: false }); }", unit
    )
    opening.settle()
    assert page.evaluate("() => BS.byProvince()")
    steps = page.evaluate("() => BS.colours.steps")
    edges = page.evaluate("unit => BS.meta.classes[unit === 'share' ? 'share' : 'provincePeople']", unit)
    wanted = {}
    for row in page.evaluate(ROWS):
        by = 100 / row["all"] if unit == "share" else 1
        low, high = (bisect_right(edges, row[end] * by) for end in ("low", "high"))
        wanted[row["province"]] = steps[low] if low == high else ""
    shown = page.evaluate(COLOURS)
    seen = {(province, colour) for province, colour in shown if wanted[province] and colour in steps}
    assert seen
    assert {(province, wanted[province]) for province, _ in seen} == seen
    assert len(wanted) == sum(page.evaluate("() => BS.legendItems().map((item) => item.count)"))


def test_communes_are_shown_from_near_and_after_a_choice(opening: Any) -> None:
    """From zoom 7, in another list, and for a province or a commune; not for a change."""
    shows = "patch => { BS.set(patch); const found = BS.byProvince(); BS.set({ tab: 'provinces', province: -1, selected: '' }); return found; }"
    page = opening.page
    page.evaluate("() => BS.app.map.setView([15.5, 106], 6, { animate: false })")
    code = page.evaluate("() => BS.app.names.code[0]")
    answers = [
        page.evaluate(shows, patch)
        for patch in ({}, {"tab": "communes"}, {"province": 0}, {"selected": code})
    ]
    assert [True, False, False, False] == answers
    page.evaluate("() => BS.app.map.setView([15.5, 106], 7, { animate: false })")
    assert not page.evaluate("() => BS.byProvince()")


def test_a_click_chooses_the_province_and_the_tip_names_it(opening: Any) -> None:
    """Its number is that of its row in the list."""
    page = opening.page
    page.evaluate(
        "() => { BS.set({ spots: false }); BS.app.map.setView([15.5, 106], 6, { animate: false }); }"
    )
    opening.settle()
    row = page.evaluate("() => BS.app.names.type.findIndex((kind) => kind !== 2)")
    box = page.locator(".leaflet-container").bounding_box()
    at = page.evaluate(
        "row => BS.app.map.latLngToContainerPoint([BS.degreesY(BS.app.names.wy[row]), BS.degreesX(BS.app.names.wx[row])])",
        row,
    )
    page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
    page.wait_for_selector("#tip:not([hidden])")
    name, words = page.evaluate(
        "row => { const at = BS.app.names.province[row]; return [BS.app.model.provinceNames[at], BS.provinceWords(at)]; }",
        row,
    )
    told = page.inner_text("#tip")
    assert name in told
    assert words in told
    page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
    assert page.evaluate("row => BS.app.names.province[row]", row) == page.evaluate(
        "() => BS.app.state.province"
    )
    assert not page.evaluate("() => BS.byProvince()")
    assert [] == opening.complaints
