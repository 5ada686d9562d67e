"""Finding one's way: search, the address, the keyboard, the pointer and the phone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.maps.pages.page import build_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hoa binh 1", "Xã Hòa Bình 1"),
        ("Hoà Bình 1", "Xã Hòa Bình 1"),
        ("HÒA BÌNH 1", "Xã Hòa Bình 1"),
        ("tan thuy 0", "Phường Tân Thủy 0"),
        ("00005", "Xã Hòa Bình 4"),
        ("con nho", "Đặc khu Cồn Nhỏ"),
        ("dac khu trung", "Đặc khu Trùng Khơi"),
        ("binh 50 ven", "Xã Hòa Bình 50"),
    ],
)
def test_search_finds_with_and_without_accents_and_by_code(desk: Any, query: str, expected: str) -> None:
    """Accents, their placement and case do not matter; codes and the province's name count too."""
    page = desk.page
    page.fill("#query", query)
    assert expected == page.inner_text("#hits li:first-child bdi >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#card h2")
    assert expected == page.inner_text("#card h2")


def test_who_comes_back_to_the_search_at_once_goes_on(desk: Any) -> None:
    """Results close a moment after the box was left, but not under the fingers of somebody who is back."""
    page = desk.page
    page.fill("#query", "hoa")
    page.evaluate(
        """async () => {
          const query = BS.by('query');
          query.blur(); query.focus(); query.value = 'tan thuy 0'; query.dispatchEvent(new Event('input'));
          await new Promise((done) => setTimeout(done, 200)); /* longer than the moment */
        }"""
    )
    page.keyboard.press("Enter")
    assert "Phường Tân Thủy 0" == page.inner_text("#card h2")


def test_the_address_holds_the_whole_view(visit: Visit, pages: Path) -> None:
    """What was chosen is chosen again when the address is opened."""
    address = (
        "#m=9.00/15.4000/105.5000&i=no.5g&u=people&t=change&p=02&a=3&s=0&c=5g&o=sao_mai&x=00030&r=-value&l=en"
    )
    visitor = visit(pages / "map.html", address)
    visitor.page.wait_for_function("() => location.hash === BS.app.written")
    assert address == visitor.page.evaluate("() => location.hash")
    assert visitor.page.evaluate(
        "() => [BS.app.state.province, BS.app.state.setting, BS.app.selected, BS.language]"
    ) == [1, 3, 29, "en"]


@pytest.mark.parametrize(
    "address",
    [
        "#m=7/x&i=__proto__&p=<img>&x=%3Cscript%3E&c=zz.9&t=evil&l=xx&r=-constructor&o=toString",
        "#%%%%",
        "#x=%E0%A4%A&m=99/99/999",
        "#" + "a=1&" * 5000,
        "#m=5/1e400/NaN",
        "#b=javascript:alert(1)&v=__proto__",
        "#=&=&&&x",
    ],
)
def test_a_garbage_address_is_ignored(visit: Visit, pages: Path, address: str) -> None:
    """Nothing of it reaches the state, nothing is complained about."""
    visitor = visit(pages / "map.html", address, width=600, height=400)  # little to paint
    state = visitor.page.evaluate("() => BS.app.state")
    assert ("fails", "share", "now", -1, "", "vi", "rank", "provinces") == tuple(
        state[key]
        for key in ("indicator", "unit", "period", "province", "selected", "language", "sort", "tab")
    )
    assert visitor.complaints == []


def test_the_keyboard_reaches_and_works_everything(visit: Visit, pages: Path) -> None:
    """Search, the rows of the table by arrows, and the map by arrows and Enter; Escape lets go."""
    visitor = visit(pages / "map.html", "#v=communes")
    page = visitor.page
    page.evaluate(
        "() => { window.reached = []; addEventListener('focusin', (event) => { const one = event.target; reached.push(one.id || one.name || one.className || one.tagName); }); }"
    )
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == "do-filters":
            page.keyboard.press("Enter")
            break
    for _ in range(40):
        page.keyboard.press("Tab")
    reached = page.evaluate("() => window.reached")
    wanted = {
        "do-method",
        "do-link",
        "do-code",
        "do-csv",
        "do-print",
        "do-language",
        "query",
        "indicator",
        "do-filters",
        "province",
        "unit",
        "setting",
        "period",
        "tab-communes",
        "page-on",
    }
    assert wanted <= set(reached)
    assert "map_blackspot" in reached
    page.focus("#table tbody button")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    second = page.inner_text("#table tbody tr:nth-child(2) button")
    assert second == page.inner_text("#card h2")
    page.evaluate("() => BS.app.map.setView([15.35, 105.4], 9, { animate: false })")
    page.focus(".leaflet-container")
    page.evaluate("() => { BS.app.map.once('moveend', () => { window.moved = true; }); }")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => window.moved")
    page.keyboard.press("Enter")
    name = page.evaluate("() => BS.app.names.name[BS.communeAt(BS.app.map.getCenter())]")
    assert name == page.inner_text("#card h2")
    assert name in page.inner_text("#live")
    page.keyboard.press("Escape")
    assert page.is_hidden("#card")


def test_special_zones_can_be_seen_and_clicked_at_every_zoom(desk: Any) -> None:
    """Even specks of a few metres answer to a click at their place, from the far view to the nearest."""
    page = desk.page
    page.evaluate("() => BS.set({ spots: false })")
    for row in (64, 65):
        for zoom in (6, 8, 10, 12, 14):
            page.evaluate(
                "([row, zoom]) => { BS.set({ selected: '', spot: '' }); BS.app.map.setView([BS.degreesY(BS.app.names.wy[row]), BS.degreesX(BS.app.names.wx[row])], zoom, { animate: false }); }",
                [row, zoom],
            )
            desk.settle()
            box = page.locator(".leaflet-container").bounding_box()
            at = page.evaluate(
                "row => BS.app.map.latLngToContainerPoint([BS.degreesY(BS.app.names.wy[row]), BS.degreesX(BS.app.names.wx[row])])",
                row,
            )
            page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
            assert page.evaluate("row => BS.app.names.code[row]", row) == page.evaluate(
                "() => BS.app.state.selected"
            ), zoom


def test_all_special_zones_lie_in_the_opening_view_and_are_named(desk: Any) -> None:
    """The far archipelago is on the first screen of the national map."""
    inside = desk.page.evaluate(
        "() => BS.app.names.type.map((t, i) => t !== 2 || BS.app.map.getBounds().contains([BS.degreesY(BS.app.names.wy[i]), BS.degreesX(BS.app.names.wx[i])])).every(Boolean)"
    )
    assert inside


def test_on_a_phone_the_foot_comes_after_everything(visit: Visit, pages: Path) -> None:
    """Nothing lies under the sources, and nothing comes after them but room for the sheet."""
    page = visit(pages / "map.html", "#x=00003", width=390, height=844).page
    bottoms = page.evaluate(
        "() => ['slot', 'legend', 'panel'].map((id) => BS.by(id).getBoundingClientRect().bottom)"
    )
    foot = page.evaluate("() => BS.by('foot').getBoundingClientRect().toJSON()")
    assert max(bottoms) <= foot["top"] + 0.5
    below = page.evaluate("() => document.scrollingElement.scrollHeight - scrollY")
    assert page.evaluate("() => BS.by('card').offsetHeight") <= below - foot["bottom"] + 1
    page.click("#card .close")
    assert page.evaluate("() => document.scrollingElement.scrollHeight - scrollY") == pytest.approx(
        page.evaluate("() => BS.by('foot').getBoundingClientRect().bottom"), abs=1
    )


def test_language_and_colours_change_at_once(desk: Any) -> None:
    """What changes together with the language is painted, as if it had changed alone."""
    page = desk.page
    painted = "() => document.querySelector('.leaflet-ground-pane canvas').toDataURL()"
    before = page.evaluate(painted)
    page.evaluate("() => BS.set({ language: 'en', indicator: 'no.5g' })")
    desk.settle()
    together = page.evaluate(painted)
    page.evaluate("() => BS.set({ indicator: BS.app.meta.indicators[0].id })")
    page.evaluate("() => BS.set({ indicator: 'no.5g' })")
    desk.settle()
    assert together != before
    assert together == page.evaluate(painted)


VIEWS = (
    "",
    "&r=-spots",
    "&r=-people",
    "&u=people",
    "&u=people&r=-value",
    "&u=people&r=-change",
    "&u=people&r=-people",
    "&t=change&r=-change",
    "&v=spots",
    "&v=spots&q=-far",
)
WHOLE_LIST = """async (hash) => {
  const heard = new Promise((done) => addEventListener('hashchange', done, { once: true }));
  location.hash = hash;
  await heard;
  BS.completeTable(); /* the rows below the fold follow the first ones by themselves, but later */
  const table = BS.by('table');
  return [table.tBodies[0].rows.length, table.scrollWidth - table.parentElement.clientWidth];
}"""


@pytest.fixture(scope="module")
def crowded(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with the figures of the largest communes there are, hundreds of thousands of people each."""

    def more(frame: Any) -> Any:
        counts = [name for name in frame if name.startswith("pop") and name != "pop_source"]
        return frame.assign(**{name: frame[name] * 19 for name in counts})

    assert country.previous is not None
    folder = tmp_path_factory.mktemp("crowded")
    data = replace(
        country,
        communes=more(country.communes),
        provinces=more(country.provinces),
        black_spots=more(country.black_spots),
        previous=replace(country.previous, communes=more(country.previous.communes)),
    )
    build_pages(data, folder, pages="national")
    return folder / "map.html"


@pytest.mark.parametrize("width", [1366, 1000, 390, 320])
def test_no_column_of_the_list_is_cut(visit: Visit, crowded: Path, width: int) -> None:
    """Whatever the list shows, its last column ends inside the panel, even beside a bar to scroll with."""
    page = visit(crowded, "#v=communes", width=width).page
    page.wait_for_function("() => BS.app.spots")
    assert page.evaluate("() => BS.by('table').classList.contains('changes')")
    if width > 820:  # a telephone's bar lies over the page
        page.evaluate("() => { BS.by('panel').style.paddingRight = '31px'; }")
    for language in ("vi", "en"):
        for view in VIEWS:
            rows, cut = page.evaluate(WHOLE_LIST, f"#v=communes&l={language}{view}")
            assert (50, True) == (rows, cut <= 0), (language, view, cut)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_phone_never_scrolls_sideways(visit: Visit, pages: Path, language: str) -> None:
    """Not at the start, not with a selection, not with open results, not in the dialogs."""
    visitor = visit(pages / "map.html", f"#l={language}&x=00003", width=360, height=740)
    page = visitor.page

    def overhang() -> int:
        visitor.settle()
        width: int = page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth")
        return width

    assert overhang() <= 0
    page.fill("#query", "hoa")
    assert overhang() <= 0
    page.keyboard.press("Escape")
    page.click("#do-actions")
    assert overhang() <= 0
    page.click("#do-method")
    assert overhang() <= 0
