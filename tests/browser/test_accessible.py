"""Accessibility by axe-core: WCAG 2.2 AA and best practice, in every state of the page.

axe-core is not part of this repository (MPL-2.0). ``BLACKSPOT_AXE`` names its ``axe.min.js``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.project.sections.publish import Publish
from blackspot.maps.site.data_page import data_page
from blackspot.maps.site.linked import SharedFiles

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from blackspot.data.columns.register import Table
    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STATES = {
    "start": "() => {}",
    "selection": "() => BS.set({ selected: BS.app.names.code[3] })",
    "results": "() => { const q = BS.by('query'); q.focus(); q.value = 'hoa'; q.dispatchEvent(new Event('input')); }",
    "print": "() => BS.by('do-print').click()",
    "sheet": "() => { BS.set({ province: 0 }); BS.by('do-sheet').click(); }",
    "method": "() => BS.by('do-method').click()",
    "spots": "() => { BS.set({ tab: 'spots' }); return new Promise((done) => BS.withSpots(() => { BS.pickSpot(2, true); done(); })); }",
    "unfolded": "() => ['do-actions', 'do-headline', 'do-filters'].forEach((id) => BS.by(id).click())",
    "pan": "() => BS.by('do-pan').click()",
    "islands": "() => { BS.set({ province: 2, selected: '00045' }); BS.by('far').click(); }",
    "degrees": "() => { BS.set({ grid: true, setting: 6, unit: 'people' }); BS.by('more').open = true; }",
    "change": "() => BS.set({ period: 'change' })",
    "swipe": "() => BS.set({ period: 'swipe', service: '5g', operators: ['sao_mai'] })",
}


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core; the test is skipped without it."""
    path = os.environ.get("BLACKSPOT_AXE", "")
    if not path:
        pytest.skip("set BLACKSPOT_AXE to axe.min.js (npm pack axe-core)")
    return Path(path).read_text(encoding="utf-8")


FOLDED = "() => document.querySelectorAll('.fold[aria-expanded=true], #do-pan[aria-expanded=true]').forEach((one) => one.click())"
SHORT = "() => document.querySelectorAll('#table tbody tr:nth-child(n+11)').forEach((row) => row.remove())"
"""Rows are made alike, so ten of fifty are looked at."""

DISPLAYS = [
    pytest.param(("vi", 1366, 844), id="vi-1366"),
    pytest.param(("en", 390, 844), id="en-390"),
    pytest.param(("vi", 844, 390), id="vi-sideways"),
    pytest.param(("en", 1366, 844), id="en-1366", marks=pytest.mark.slow),
    pytest.param(("vi", 390, 844), id="vi-390", marks=pytest.mark.slow),
    pytest.param(("en", 320, 256), id="en-zoomed", marks=pytest.mark.slow),
]


@pytest.fixture(scope="module", params=DISPLAYS)
def display(request: pytest.FixtureRequest, opened_once: Visit, pages: Path, axe: str) -> Any:
    """The page in one language, on a desk or on a phone, with axe-core in it."""
    language, width, height = request.param
    visitor = opened_once(pages / "map.html", f"#l={language}", width=width, height=height, bypass_csp=True)
    visitor.page.evaluate(axe)
    return visitor, language


@pytest.mark.parametrize("state", list(STATES))
def test_no_violation(display: Any, state: str) -> None:
    """Axe finds nothing in this state."""
    visitor, language = display
    visitor.start_again()
    visitor.page.evaluate(FOLDED)
    visitor.page.evaluate("language => BS.set({ language })", language)
    visitor.page.evaluate(STATES[state])
    visitor.page.evaluate("() => new Promise((done) => BS.withTexts(done))")  # of the card
    visitor.settle()
    visitor.page.evaluate(SHORT)
    result = visitor.page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert [] == [
        (one["id"], one["nodes"][0]["html"][:160], one["nodes"][0]["failureSummary"][:300])
        for one in result["violations"]
    ]


def test_the_list_of_provinces_has_no_violation(chromium: Any, pages: Path, axe: str) -> None:
    """The index page, which has no script of its own."""
    context = chromium.new_context(offline=True, bypass_csp=True)
    page = context.new_page()
    page.goto((pages / "maps" / "index.html").as_uri())
    page.evaluate(axe)
    result = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert [] == [(one["id"], one["nodes"][0]["html"][:160]) for one in result["violations"]]
    context.close()


def test_the_list_of_files_has_no_violation(
    chromium: Any, country: MapData, tmp_path: Path, axe: str
) -> None:
    """The page of a published site where files are taken away; no wider than a phone, either."""
    shared = SharedFiles()
    tables: dict[Table, pd.DataFrame] = {"communes": country.communes, "black_spots": country.black_spots}
    page_text = data_page(country, Publish(people_rounding=10), {"communes.csv": 5000}, tables, "vi")
    (tmp_path / "index.html").write_text(shared.finish(page_text, "index.html"), encoding="utf-8")
    for path, content in shared.files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    context = chromium.new_context(offline=True, bypass_csp=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    assert page.evaluate("document.scrollingElement.scrollWidth - innerWidth") <= 0
    page.evaluate(axe)
    result = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    assert [] == [(one["id"], one["nodes"][0]["html"][:160]) for one in result["violations"]]
    context.close()


@pytest.mark.parametrize(
    "scheme", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}]
)
def test_special_displays_work(visit: Visit, pages: Path, scheme: dict[str, str]) -> None:
    """Forced colours, more contrast and reduced motion bring no complaint and keep the colours of the legend."""
    visitor = visit(pages / "map.html", **scheme)
    colour = visitor.page.evaluate(
        "() => getComputedStyle(document.querySelector('#legend .swatch')).backgroundColor"
    )
    assert colour == "rgb(255, 244, 201)"
    assert visitor.complaints == []
