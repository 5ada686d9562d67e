"""The page of a comparison in a browser: what it says in both languages, what it counts, and that nothing runs or loads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.maps.pages.page import build_change_page
from comparisons import with_changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOUR = (Path(__file__).parent / "tour.js").read_text(encoding="utf-8")
STATES = {
    "start": "() => {}",
    "events": "() => new Promise((done) => { BS.set({ tab: 'events' }); BS.withEvents(done); })",
    "picked": "() => { BS.set({ tab: 'events' }); return new Promise((done) => BS.withEvents(() => { BS.by('table').querySelector('tbody button').click(); done(); })); }",
    "filters": "() => BS.by('do-filters').click()",
    "past": "() => BS.set({ period: 'past', tab: 'spots' })",
}


@pytest.fixture(scope="module")
def changes(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Coverage alone has changed."""
    path = tmp_path_factory.mktemp("changes") / "changes.html"
    build_change_page(with_changes(country)[0], path)
    return path


@pytest.fixture(scope="module")
def mixed(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another way of reading the submissions has a half of every change."""
    path = tmp_path_factory.mktemp("changes") / "changes.html"
    build_change_page(with_changes(country, alone=False)[0], path)
    return path


def text(visitor: Any, query: str) -> str:
    return " ".join(str(visitor.page.inner_text(query)).split())


def test_it_opens_with_the_change_and_loads_nothing(visit: Visit, changes: Path) -> None:
    """The headline, regressions first in the list, and only the file itself was asked for."""
    visitor = visit(changes, "#l=en")
    assert [changes.as_uri()] == visitor.requests
    assert [] == visitor.complaints
    assert "60 people newly fail the profile and 200 no longer do" in text(visitor, "#said")
    assert "change" == visitor.page.evaluate("() => BS.app.state.period")
    first = visitor.page.inner_text("#table tbody tr:first-child th")
    assert "Phường Tân Thủy 0" in first
    visitor.page.select_option(
        "#indicator",
        visitor.page.evaluate("() => BS.app.meta.indicators.find((one) => one.kind === 'service').id"),
    )
    assert "lost 5G" in text(visitor, "#said")


def test_it_speaks_vietnamese(visit: Visit, changes: Path) -> None:
    """The same sentences, and figures as the language writes them."""
    visitor = visit(changes)
    assert "60 người không còn đạt bộ tiêu chí, 200 người mới đạt" in text(visitor, "#said")
    assert "Vì sao số liệu thay đổi" in text(visitor, "#changes")
    tiles = text(visitor, "#tiles")
    assert "▲ 161 người mất" in tiles
    assert "▼ 321 người có thêm" in tiles
    assert "lý do khác, không phải tiến độ: tăng 250" in tiles  # the first report


def test_tiles_follow_the_province(visit: Visit, changes: Path) -> None:
    """Sums of the communes that are shown, and the sentence of the province."""
    visitor = visit(changes, "#l=en&p=02")
    assert text(visitor, "#said").startswith(("Đồng Bằng: nothing changed", "Đồng Bằng:"))
    assert "▲ 40 people lost it" in text(visitor, "#tiles")


def test_another_cause_is_grey(visit: Visit, mixed: Path) -> None:
    """Its bar, its figures, the signs of the events; the colours of the map are those of coverage alone."""
    visitor = visit(mixed, "#l=en")
    bars = visitor.page.evaluate(
        "() => [...document.querySelectorAll('.parts li')].map((li) => [li.className, li.firstChild.textContent])"
    )
    assert {"aside"} == {turn for turn, cause in bars if "submissions" in cause}
    assert {"better", "worse", ""} >= {turn for turn, cause in bars if cause == "Coverage"}
    assert "#767d88" == visitor.page.evaluate("() => BS.eventColour('new')")
    classes, other = visitor.page.evaluate(
        "() => { const m = BS.app.model.moved(BS.app.state); return [m.coverage[0], m.other[0]]; }"
    )
    assert (30.0, 30.0) == pytest.approx((classes, other), abs=0.01)


COLOURED = """async () => {
  const app = BS.app, wrong = [], frame = () => new Promise(requestAnimationFrame);
  for (const unit of ['people', 'share']) for (const item of app.meta.indicators) {
    BS.set({ indicator: item.id, unit, tab: 'communes', page: 0, selected: '' });
    BS.completeTable();
    const moved = app.model.moved(app.state).coverage;
    for (const row of document.querySelectorAll('#table tbody tr')) {
      const at = app.model.rowOf.get(row.dataset.key);
      if (Math.abs(moved[at]) < 0.0005 && row.querySelector('.worse, .better')) wrong.push([item.id, unit, row.dataset.key]);
    }
  }
  const own = (row, group, name) => app.model.changes.get(`pop_${name}|${group}`)[row] || 0, groups = Object.values(app.meta.changes.groups);
  for (let row = 0; row < app.model.rows; row++) {
    BS.set({ selected: app.names.code[row] });
    while (!document.querySelector('#card .where').textContent.includes(app.names.code[row])) await frame();
    const moves = groups.some((group) => own(row, group, 'lost') >= 0.5 || own(row, group, 'gained') >= 0.5);
    if (!moves && document.querySelector('#card .worse, #card .better')) wrong.push(['card', app.names.code[row]]);
  }
  BS.set({ tab: 'events', selected: '' });
  await new Promise(BS.withEvents);
  BS.completeTable();
  if (document.querySelector('#table .worse, #table .better')) wrong.push(['events']);
  return wrong;
}"""


def test_nothing_has_the_colour_of_progress_that_coverage_did_not_do(visit: Visit, mixed: Path) -> None:
    """In every list, on every card and among the events: where coverage moved nothing, all that changed is grey."""
    visitor = visit(mixed, "#l=en")
    assert [] == visitor.page.evaluate(COLOURED)
    assert [] == visitor.complaints


def test_the_list_of_events(visit: Visit, changes: Path) -> None:
    """A row for each, most people added first; a click goes there and picks its commune."""
    visitor = visit(changes, "#l=en&v=events")
    visitor.settle()
    rows = visitor.page.evaluate(
        "() => [...document.querySelectorAll('#table tbody tr')].map((tr) => [tr.cells[0].textContent, tr.cells[4].textContent])"
    )
    assert [["new", "▲ +310"], ["grown", "▲ +201"], ["split", "0"], ["closed", "▼ \N{MINUS SIGN}260"]] == rows
    visitor.page.click("#table tbody tr:nth-child(2) button")
    visitor.settle()
    assert visitor.page.evaluate("() => BS.app.selected === BS.app.events.row[1]")
    assert visitor.page.is_visible("#card")
    assert visitor.complaints == []


def test_every_control_works(visit: Visit, changes: Path) -> None:
    """In both languages, without a complaint."""
    visitor = visit(changes)
    visitor.page.evaluate("() => BS.by('controls').classList.add('open')")
    visitor.page.evaluate(TOUR)
    assert visitor.complaints == []


def test_the_csv_has_the_change(visit: Visit, changes: Path) -> None:
    """A column for each figure and service."""
    visitor = visit(changes)
    head, first, *_ = visitor.page.evaluate("() => BS.csv().slice(1).split('\\r\\n')")
    cells = dict(zip(head.split(","), first.split(","), strict=True))
    assert ("60", "400") == (cells["pop_lost_profile"], str(round(float(cells["pop_lost_5g"]) / 0.30125)))


def test_hostile_texts_stay_texts(visit: Visit, hostile: MapData, tmp_path: Path) -> None:
    """Names, places and ids in sentences, lists and the card."""
    data, _ = with_changes(hostile)
    build_change_page(data, tmp_path / "changes.html")
    visitor = visit(tmp_path / "changes.html", "#v=events")
    for state in STATES.values():
        visitor.page.evaluate(state)
        visitor.settle()
    assert visitor.page.evaluate("() => window.pwned") is None
    assert 0 == visitor.page.evaluate("() => document.querySelectorAll('img, svg, iframe').length")
    assert [] == [one for one in visitor.complaints if "pwned" in one or one.startswith(("error", "dialog"))]
    assert 1 == len(visitor.requests)


@pytest.mark.parametrize(("language", "width"), [("vi", 1366), ("en", 390)])
def test_no_violation(visit: Visit, changes: Path, mixed: Path, language: str, width: int) -> None:
    """Axe finds nothing in any state; nothing is wider than the screen."""
    axe = os.environ.get("BLACKSPOT_AXE", "")
    if not axe:
        pytest.skip("set BLACKSPOT_AXE to axe.min.js (npm pack axe-core)")
    for path, states in ((changes, STATES), (mixed, dict(list(STATES.items())[:2]))):
        visitor = visit(path, f"#l={language}", width=width, height=844, bypass_csp=True)
        visitor.page.evaluate(Path(axe).read_text(encoding="utf-8"))
        for name, state in states.items():
            visitor.page.evaluate(state)
            visitor.settle()
            found = visitor.page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
            assert [] == [(name, one["id"], one["nodes"][0]["html"][:160]) for one in found["violations"]]
            assert width == visitor.page.evaluate("() => document.documentElement.scrollWidth")
