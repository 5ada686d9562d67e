"""Layout by height and width: what has room, what folds, and that nothing lies over anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Visit = Callable[..., Any]

SCREENS = [
    (1366, 768),
    (1366, 625),
    (1280, 720),
    (1093, 490),
    (844, 390),
    (683, 312),  # 1366 x 625 at 200 %
    (390, 844),
    (320, 640),
    (320, 256),  # 1280 x 1024 at 400 %
]
BOXES = """() => {
  const boxes = {};
  for (const id of ['top', 'headline', 'search', 'zoom', 'legend', 'far', 'place', 'scale', 'card', 'slot', 'panel', 'foot']) {
    const box = BS.by(id).getBoundingClientRect();
    if (box.width && box.height) boxes[id] = [box.left, box.top + scrollY, box.right, box.bottom + scrollY];
  }
  return boxes;
}"""
FIXED = "() => getComputedStyle(BS.by('card')).position === 'fixed'"
CUT = """() => [...document.querySelectorAll('#top *, #headline *, #search *, #zoom *, #corner *, #card *, #panel *, #foot *')]
  .filter((one) => one.getClientRects().length && !one.closest('.scroll, .unseen, #hits') && getComputedStyle(one).position !== 'absolute')
  .filter((one) => { const box = one.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1; })
  .map((one) => one.id || one.outerHTML.slice(0, 80))"""
CHOSEN = """(language) => {
  BS.set({ language });
  BS.set({ province: 2 }); /* its islands lie far off and have a small map */
  BS.set({ selected: '00045' });
  BS.flyTo(BS.app.selected);
}"""


def overlaps(boxes: dict[str, list[float]], apart_from: set[frozenset[str]]) -> list[tuple[str, str]]:
    """Name the pairs of boxes that share more than a pixel."""
    names = sorted(boxes)
    return [
        (one, other)
        for at, one in enumerate(names)
        for other in names[at + 1 :]
        if frozenset((one, other)) not in apart_from
        and min(boxes[one][2], boxes[other][2]) - max(boxes[one][0], boxes[other][0]) > 1
        and min(boxes[one][3], boxes[other][3]) - max(boxes[one][1], boxes[other][1]) > 1
    ]


ON_THE_MAP = {frozenset(("slot", name)) for name in ("zoom", "legend", "far", "place", "scale")}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "x".join(map(str, screen)))
def test_nothing_lies_over_anything_else(
    visit: Visit, pages: Path, screen: tuple[int, int], language: str
) -> None:
    """At the start and with a card, an inset and a legend: the map is large, boxes are apart, nothing is cut off."""
    width, height = screen
    visitor = visit(pages / "map.html", f"#l={language}", width=width, height=height)
    page = visitor.page
    start = page.evaluate(BOXES)
    assert start["slot"][3] - start["slot"][1] >= max(200, 0.45 * height)
    assert [] == overlaps(start, ON_THE_MAP)
    assert [] == page.evaluate(CUT)
    page.evaluate(CHOSEN, language)
    visitor.settle()
    boxes = page.evaluate(BOXES)
    assert {"far", "card", "legend", "place", "zoom"} <= set(boxes)
    beside = width >= 1200  # there the card lies on the map
    apart = ON_THE_MAP | ({frozenset(("slot", "card"))} if beside else set())
    if page.evaluate(FIXED):  # a sheet lies over what scrolls behind it, but not over the map above it
        apart |= {frozenset(("card", name)) for name in boxes if name not in {"slot", "far", "place", "zoom"}}
    assert [] == overlaps(boxes, apart)
    assert [] == page.evaluate(CUT)
    assert page.evaluate("() => document.scrollingElement.scrollWidth - innerWidth") <= 0
    assert [] == visitor.complaints


@pytest.mark.parametrize("screen", [(1366, 625), (844, 390), (390, 844)], ids=str)
def test_what_folds_unfolds(visit: Visit, pages: Path, screen: tuple[int, int]) -> None:
    """Headline, filters and buttons fold to one line each, open by their button, and say so."""
    page = visit(pages / "map.html", width=screen[0], height=screen[1]).page
    for button, inside in (
        ("#do-actions", "#do-csv"),
        ("#do-headline", "#rule"),
        ("#do-filters", "#province"),
    ):
        assert page.is_hidden(inside)
        assert "false" == page.get_attribute(button, "aria-expanded")
        page.click(button)
        assert page.is_visible(inside)
        assert "true" == page.get_attribute(button, "aria-expanded")
        page.click(button)
        assert page.is_hidden(inside)
    assert page.is_visible("#tiles .tile:first-child b")


def test_on_a_desk_nothing_folds(visit: Visit, pages: Path) -> None:
    """From 880 px of height on everything is there at once, and the page does not scroll."""
    page = visit(pages / "map.html", "#v=communes", width=1440, height=900).page
    assert all(page.is_visible(one) for one in ("#do-csv", "#rule", "#province", "#legend li"))
    assert not any(page.is_visible(one) for one in ("#do-actions", "#do-headline", "#do-filters"))
    assert 0 == page.evaluate("() => document.scrollingElement.scrollHeight - innerHeight")


def test_on_a_low_desk_only_the_filters_fold(desk: Any) -> None:
    """Below that, what chooses what is shown makes way for the list; figures, buttons and legend stay."""
    page = desk.page
    assert all(
        page.is_visible(one) for one in ("#do-csv", "#rule", "#indicator", "#legend li", "#do-filters")
    )
    assert not any(page.is_visible(one) for one in ("#do-actions", "#do-headline", "#province"))
    page.click("#do-filters")
    assert all(page.is_visible(one) for one in ("#province", "#unit", "#setting", "#more"))
    page.click("#do-filters")
    assert 0 == page.evaluate("() => document.scrollingElement.scrollHeight - innerHeight")


IN_SIGHT = """() => {
  const panel = BS.by('panel').getBoundingClientRect(), most = Math.min(innerHeight, panel.bottom);
  return [...document.querySelectorAll('#table tbody tr')].filter((row) => row.getBoundingClientRect().bottom <= most).length;
}"""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_worst_province_is_seen_at_first_sight(visit: Visit, pages: Path, language: str) -> None:
    """On a usual small screen the first rows of the provinces are there without scrolling, the worst on top."""
    page = visit(pages / "map.html", f"#l={language}").page
    assert 3 <= page.evaluate(IN_SIGHT)
    shown = page.inner_text("#table tbody tr:first-child button")
    worst = page.evaluate(
        "() => BS.app.model.provinceNames[BS.provinceRows().reduce((a, b) => (b.low > a.low ? b : a)).province]"
    )
    assert worst == shown


def test_on_a_phone_the_search_comes_first(visit: Visit, pages: Path) -> None:
    """Search, figures, map, legend, filters and list, from top to bottom."""
    page = visit(pages / "map.html", width=390, height=844).page
    boxes = page.evaluate(BOXES)
    order = ["top", "search", "headline", "slot", "legend", "panel", "foot"]
    assert order == sorted(order, key=lambda name: boxes[name][1])


def test_beside_a_list_that_scrolls_the_map_stays(visit: Visit, pages: Path) -> None:
    """Held sideways, a phone shows the map at every place of the list, as high as the screen."""
    visitor = visit(pages / "map.html", "#v=communes", width=844, height=390)
    page = visitor.page
    page.evaluate("() => scrollTo(0, 1000)")
    page.wait_for_function(
        "() => BS.by('slot').offsetHeight === innerHeight && BS.app.map.getSize().y === innerHeight"
    )
    box = page.evaluate("() => BS.by('slot').getBoundingClientRect().toJSON()")
    assert (0, 390) == (box["top"], box["bottom"])


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: "x".join(map(str, screen)))
def test_what_is_fitted_lies_where_nothing_covers_it(
    visit: Visit, pages: Path, screen: tuple[int, int]
) -> None:
    """The whole country and one commune, with a card: inside the map and outside of what lies on it."""
    visitor = visit(pages / "map.html", width=screen[0], height=screen[1])
    fitted = """(how) => {
      const map = BS.app.map, size = map.getSize(), shapes = BS.app.shapes.featureBox, row = BS.app.selected;
      const box = how === 'all' ? BS.app.home : BS.boundsOf([...shapes.slice(row * 4, row * 4 + 4)]);
      const a = map.latLngToContainerPoint(box.getNorthWest()), b = map.latLngToContainerPoint(box.getSouthEast());
      const over = BS.covers().filter((one) => one.left < b.x - 1 && one.right > a.x + 1 && one.top < b.y - 1 && one.bottom > a.y + 1);
      return [a.x >= 0 && a.y >= 0 && b.x <= size.x && b.y <= size.y, over.length];
    }"""
    assert [True, 0] == visitor.page.evaluate(fitted, "all")
    visitor.page.evaluate(CHOSEN, "vi")
    assert [True, 0] == visitor.page.evaluate(fitted, "one")
    visitor.page.evaluate("() => BS.fitAll()")
    assert [True, 0] == visitor.page.evaluate(fitted, "all")


@pytest.mark.parametrize("screen", [(320, 256), (342, 192), (683, 312), (844, 390)], ids=str)
def test_the_first_results_are_in_sight_on_a_low_screen(
    visit: Visit, pages: Path, screen: tuple[int, int]
) -> None:
    """Who types sees what is found, and what was typed, without scrolling."""
    page = visit(pages / "map.html", width=screen[0], height=screen[1]).page
    page.evaluate("() => scrollTo(0, 0)")
    page.fill("#query", "hoa")
    page.wait_for_selector("#hits li")
    box = page.evaluate(
        "() => [BS.by('query').getBoundingClientRect().top, BS.by('hit-0').getBoundingClientRect().bottom]"
    )
    assert box[0] >= 0
    assert box[1] <= screen[1]


def test_the_ring_of_the_search_box_leaves_its_label_free(visit: Visit, pages: Path) -> None:
    """With the focus, at every width."""
    for width, height in SCREENS:
        page = visit(pages / "map.html", width=width, height=height).page
        page.focus("#query")
        gap = page.evaluate("""() => {
          const box = BS.by('query'), style = getComputedStyle(box), label = document.querySelector('#search label');
          return box.getBoundingClientRect().top - parseFloat(style.outlineWidth) - parseFloat(style.outlineOffset)
            - label.getClientRects()[label.getClientRects().length - 1].bottom;
        }""")
        assert gap >= -0.5, (width, height)


def test_on_a_narrow_phone_the_search_box_is_on_the_first_screen(visit: Visit, pages: Path) -> None:
    """The title has the whole width there, so that it is not one word a line."""
    page = visit(pages / "map.html", width=320, height=640).page
    boxes = page.evaluate(BOXES)
    assert boxes["search"][1] < 0.4 * 640
    assert page.evaluate("() => BS.by('title').offsetWidth") > 250
