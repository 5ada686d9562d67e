"""Ways to use the map without a mouse, without dragging and without seeing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Visit = Callable[..., Any]

CENTRE = "() => { const c = BS.app.map.getCenter(); return [c.lat, c.lng]; }"


def test_from_the_search_to_the_card_are_at_most_three_tabs(desk: Any) -> None:
    """What was found stands next to the search in the order of the keyboard."""
    page = desk.page
    page.focus("#query")
    page.keyboard.type("hoa binh 1")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card h2")
    tabs = 0
    while not page.evaluate("() => BS.by('card').contains(document.activeElement)"):
        page.keyboard.press("Tab")
        tabs += 1
        assert tabs <= 3
    assert tabs > 0


def test_the_map_moves_and_swipes_by_click_and_keys(desk: Any) -> None:
    """Four buttons move the map; two move the line between the periods, and so do the arrow keys."""
    page = desk.page
    page.click("#do-pan")
    for button, axis, sign in (("north", 0, 1), ("south", 0, -1), ("east", 1, 1), ("west", 1, -1)):
        before = page.evaluate(CENTRE)
        page.click(f"#pan-{button}")
        assert sign * (page.evaluate(CENTRE)[axis] - before[axis]) > 0
    page.click("#do-pan")
    assert page.is_hidden("#pan")
    page.evaluate("() => BS.set({ period: 'swipe' })")
    page.click("#swipe-on")
    assert "60" == page.input_value("#swipe-at")
    page.click("#swipe-back")
    page.click("#swipe-back")
    assert "40" == page.input_value("#swipe-at")
    page.focus("#swipe-at")
    page.keyboard.press("ArrowRight")
    assert "41" == page.input_value("#swipe-at")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_selection_is_announced_with_its_number(desk: Any, language: str) -> None:
    """From the list, from the search and of a black spot: name, number and rank, in the page's language."""
    page = desk.page
    page.evaluate("language => BS.set({ language })", language)
    page.click("#table tbody tr:nth-child(2) button")
    said = page.inner_text("#live")
    row = page.inner_text("#table tbody tr:nth-child(2)")
    assert page.inner_text("#card h2") in said
    share = page.evaluate("() => BS.valueText(BS.app.selected)")
    assert share in said
    assert share.split()[0] in row
    assert page.inner_text("#card .rank b") in said
    page.fill("#query", "tan thuy 0")
    page.keyboard.press("Enter")
    assert "Phường Tân Thủy 0" in page.inner_text("#live")
    page.evaluate("() => new Promise((done) => BS.withSpots(() => { BS.pickSpot(2, true); done(); }))")
    assert page.inner_text("#card .people b") in page.inner_text("#live")


def test_a_tip_is_sent_away_by_escape(desk: Any) -> None:
    """The tip goes without the pointer moving, stays away on its commune, and comes back on another one."""
    page = desk.page
    page.evaluate("() => BS.app.map.setView([15.35, 105.4], 10, { animate: false })")
    desk.settle()
    box = page.locator("#slot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.wait_for_function("() => !BS.by('tip').hidden")
    first = page.inner_text("#tip b")
    page.keyboard.press("Escape")
    assert page.is_hidden("#tip")
    page.mouse.move(x + 2, y)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    assert page.is_hidden("#tip")
    page.mouse.move(x + 150, y, steps=6)
    page.wait_for_function("() => !BS.by('tip').hidden")
    assert first != page.inner_text("#tip b")


@pytest.mark.parametrize(("language", "words"), [("vi", "bất kỳ"), ("en", "any of")])
def test_chips_that_add_up_say_so(desk: Any, language: str, words: str) -> None:
    """Two settings show every commune of either, and the heading says that."""
    page = desk.page
    page.evaluate("language => BS.set({ language })", language)
    assert words in page.inner_text("#setting-field legend")
    counts = [
        page.evaluate("(setting) => BS.app.model.shown({ ...BS.app.state, setting }).length", bits)
        for bits in (2, 4, 6)
    ]
    assert counts[2] > max(counts[:2])


def test_one_finger_scrolls_the_page_and_two_move_the_map(visit: Visit, pages: Path) -> None:
    """On a phone, over the map."""
    visitor = visit(pages / "map.html", width=390, height=844, has_touch=True)
    page = visitor.page
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        named = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})

    before = page.evaluate(CENTRE)
    touch("touchStart", (150, 450), (250, 450))
    for step in range(1, 9):
        touch("touchMove", (150, 450 - 10 * step), (250, 450 - 10 * step))
        page.evaluate("() => new Promise(requestAnimationFrame)")
    touch("touchEnd")
    page.wait_for_function("before => BS.app.map.getCenter().lat < before", arg=before[0])
    assert 0 == page.evaluate("() => scrollY")
    assert page.is_hidden("#two-fingers")
    before = page.evaluate(CENTRE)
    touch("touchStart", (200, 480))
    for step in range(1, 9):
        touch("touchMove", (200, 480 - 20 * step))
    touch("touchEnd")
    page.wait_for_function("() => scrollY > 50")
    assert before == page.evaluate(CENTRE)


def test_the_place_can_be_read_copied_and_opened(visit: Visit, pages: Path) -> None:
    """The read-out follows the pointer; the card gives latitude and longitude to copy, and a geo link."""
    visitor = visit(pages / "map.html", "#x=00030&l=en", permissions=["clipboard-read", "clipboard-write"])
    page = visitor.page
    point = page.evaluate(
        "() => [BS.degreesY(BS.app.names.wy[29]), BS.degreesX(BS.app.names.wx[29])].map((one) => one.toFixed(5))"
    )
    assert f"geo:{point[0]},{point[1]}?q={point[0]},{point[1]}" == page.get_attribute("#card .at a", "href")
    page.click("#copy-place")
    assert ", ".join(point) == page.evaluate("() => navigator.clipboard.readText()")
    page.evaluate("() => BS.app.map.setView([15.25, 105.5], 9, { animate: false })")
    assert "15.2500° N 105.5000° E" in page.inner_text("#place").replace("\u00a0", " ")
    page.click("#place")
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert [15.25, 105.5] == pytest.approx([float(part) for part in copied.split(", ")], abs=1e-3)
    box = page.locator("#slot").bounding_box()
    page.mouse.move(box["x"] + 500, box["y"] + 60)
    expected = page.evaluate("() => BS.app.map.containerPointToLatLng([500, 60]).lat")
    page.wait_for_function(
        "lat => Math.abs(parseFloat(BS.by('place').textContent) - lat) < 4e-3", arg=expected
    )
    assert [] == [one for one in visitor.requests if not one.startswith("file:")]
    assert [] == visitor.complaints


def test_the_graticule_is_drawn_at_round_degrees(desk: Any) -> None:
    """Its lines change the canvas of lines where they should, and the address keeps it."""
    page = desk.page
    page.evaluate("() => BS.app.map.setView([15.3, 105.4], 10, { animate: false })")
    desk.settle()
    steps = page.evaluate("() => [4, 7, 10, 14].map((zoom) => BS.graticuleStep(2 ** zoom))")
    assert [10, 2, 0.2, 0.01] == steps
    pixel = """() => {
      const map = BS.app.map, canvas = document.querySelector('.leaflet-lines-pane canvas'), ratio = canvas.width / canvas.clientWidth;
      const at = map.latLngToLayerPoint([15.43, 105.4]).subtract(L.DomUtil.getPosition(canvas)).multiplyBy(ratio);
      return Math.max(...[-1, 0, 1].map((by) => canvas.getContext('2d').getImageData(Math.round(at.x) + by, Math.round(at.y), 1, 1).data[3]));
    }"""
    without = page.evaluate(pixel)
    page.evaluate("() => BS.set({ grid: true })")
    desk.settle()
    assert page.evaluate(pixel) > without + 20
    page.wait_for_function("() => location.hash.includes('&g=1')")


def test_black_spots_stand_out_from_every_colour(desk: Any) -> None:
    """Their dark lines have a contrast of at least 3:1 to each class under them, and to their own white edge."""
    page = desk.page
    page.evaluate("() => BS.app.map.setView([15.35, 105.4], 10.5, { animate: false })")
    desk.settle()
    contrasts = page.evaluate("""() => {
      const part = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
      const light = (hex) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => sum + weight * part(parseInt(hex.slice(1 + 2 * at, 3 + 2 * at), 16)), 0);
      const under = [...BS.palette(false), ...BS.palette(true), BS.colours.nobody, '#eceff2', '#e6e2ee', '#ffffff'];
      return under.map((one) => (light(one) + 0.05) / (light(BS.colours.spot) + 0.05));
    }""")
    assert min(contrasts) >= 3
    assert page.evaluate("() => BS.palette(false).at(-1) !== BS.colours.steps.at(-1)")
    page.evaluate("() => BS.set({ spots: false })")
    assert page.evaluate("() => BS.palette(false).at(-1) === BS.colours.steps.at(-1)")
    hatched = page.evaluate("""() => {
      BS.set({ spots: true });
      const canvas = document.createElement('canvas'); canvas.width = canvas.height = 40;
      const ctx = canvas.getContext('2d');
      ctx.fillStyle = BS.draw.hatch(ctx, 'spot', 1, 1); ctx.fillRect(0, 0, 40, 40);
      const data = ctx.getImageData(0, 0, 40, 40).data, seen = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) seen[data[at + 3] < 40 ? 0 : data[at] < 70 ? 1 : data[at] > 200 ? 2 : 0]++;
      return seen;
    }""")
    assert min(hatched) > 40  # clear, dark and white
