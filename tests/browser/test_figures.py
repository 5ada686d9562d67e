"""The pages in a real browser, without any network: what they show is what the tables hold."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from blackspot.data.text.wording import RANGE
from blackspot.maps.encoding.shapes import NumberColumn
from blackspot.maps.pages import page as page_module
from blackspot.maps.pages.page import build_pages
from blackspot.maps.words.figures import number, people_range, percent_range
from blackspot.maps.words.i18n import page_words as words_of
from page_decoder import decode_numbers, decode_spots, decode_topology

if TYPE_CHECKING:
    from collections.abc import Callable

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

TOUR = (Path(__file__).parent / "tour.js").read_text(encoding="utf-8")
TOUR_LOG = "({ seen: [...tourLog.seen], used: [...tourLog.used] })"


def block(path: Path, name: str) -> bytes:
    """Take a block of bytes out of a page."""
    found = re.search(rf'id="{name}">([^<]*)<', path.read_text(encoding="utf-8"))
    assert found
    return base64.b64decode(found[1])


def meta(path: Path) -> dict[str, Any]:
    """Take the facts of a page."""
    found = re.search(r'id="bs-meta">([^<]*)<', path.read_text(encoding="utf-8"))
    assert found
    facts: dict[str, Any] = json.loads(found[1])
    return facts


@pytest.mark.slow
@pytest.mark.parametrize("page", ["map.html", "maps/02.html"])
def test_a_tour_of_every_control_in_both_languages_asks_for_nothing_and_complains_of_nothing(
    visit: Visit, pages: Path, page: str, used_everything: Callable[..., None]
) -> None:
    """Exactly one request, the file; no console message at all; no control was left out."""
    visitor = visit(pages / page)
    assert visitor.page.evaluate(TOUR) == "vi"
    visitor.settle()
    used_everything(
        visitor.page.evaluate(TOUR_LOG),
        hidden=() if page == "map.html" else ("province", "page-on", "page-back", "far"),
    )
    assert [url.split("#")[0] for url in visitor.requests if not url.startswith("blob:")] == [
        (pages / page).as_uri()
    ]
    assert visitor.complaints == []


def test_the_policy_of_the_page_is_enforced_by_the_browser(desk: Any) -> None:
    """Fetching, pictures from elsewhere, text as code, text as elements and inline handlers are all refused."""
    probes = desk.page.evaluate(
        """async () => {
          const refused = (run) => { try { run(); return false; } catch (error) { return true; } };
          const result = {};
          result.fetch = await fetch('https://example.org/').then(() => false, () => true);
          result.image = await new Promise((done) => { const i = new Image(); i.onload = () => done(false); i.onerror = () => done(true); i.src = 'https://example.org/x.png'; });
          result.markup = refused(() => { document.createElement('div').innerHTML = '<b>x</b>'; });
          result.evaluated = refused(() => { (0, eval)('window.pwned = 1'); });
          const script = document.createElement('script');
          result.script = refused(() => { script.text = 'window.pwned = 1'; document.body.append(script); }) || !window.pwned;
          return result;
        }"""
    )
    assert dict.fromkeys(("fetch", "image", "markup", "evaluated", "script"), True) == probes


@pytest.mark.slow
def test_a_tour_of_the_hostile_page_runs_nothing(visit: Visit, hostile_page: Path) -> None:
    """Every control was used in both languages: no payload ran, and nothing was complained about."""
    visitor = visit(hostile_page)
    assert visitor.page.evaluate(TOUR) == "vi"
    assert [None, None] == visitor.page.evaluate("() => [window.pwned, ({}).x]")
    assert visitor.complaints == []


def test_hostile_texts_are_shown_as_they_are_and_run_nothing(
    visit: Visit, hostile_page: Path, hostile: MapData
) -> None:
    """No payload runs, no element appears, names are literal but for what turns the direction of text, CSV cells are inert."""
    visitor = visit(hostile_page)
    shown = visitor.page.evaluate(
        """async () => {
          const names = [];
          for (let row = 0; row < 15; row++) {
            BS.set({ selected: BS.app.names.code[row], spot: '' });
            await new Promise(requestAnimationFrame);
            names.push(document.querySelector('#card h2').textContent);
          }
          for (const id of ['tab-spots', 'do-method']) BS.by(id).click();
          BS.set({ language: 'en', period: 'swipe', service: '5g', operators: ['sao_mai'] });
          return names;
        }"""
    )
    visitor.settle()
    given = [re.sub("[\u202a-\u202e]", "", name) for name in hostile.communes["name"][:15]]
    expected = [name if len(name) <= 300 else name[:299] + "…" for name in given]
    assert [name.encode("utf-8", "replace") for name in expected] == [
        name.encode("utf-8", "replace") for name in shown
    ]
    assert [None, None] == visitor.page.evaluate("() => [window.pwned, ({}).x]")
    made = "() => document.querySelectorAll('img, svg, iframe, object, body script:not([id]) + img').length"
    assert 0 == visitor.page.evaluate(made)
    rows = list(csv.reader(io.StringIO(visitor.page.evaluate("() => BS.csv()").removeprefix("\ufeff"))))
    cells = [cell for row in rows[1:] for cell in row]
    assert '\'=HYPERLINK("http://example.org")' in cells
    assert not [cell for cell in cells if re.match(r"\s*[=+@\t]|\s*-[^0-9]", cell)]
    assert visitor.complaints == []


CARDS = """async ([codes, language]) => {
  BS.set({ language });
  const cards = [];
  for (const code of codes) {
    BS.set({ selected: code, spot: '' });
    while (!document.querySelector('#card .where').textContent.includes(code)) await new Promise(requestAnimationFrame);
    cards.push([...document.querySelectorAll('#card .facts')].map((table) =>
      [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1, 3).map((cell) => cell.textContent))));
  }
  return cards;
}"""


@pytest.mark.parametrize(
    ("name", "province", "language"),
    [("map.html", "", "vi"), ("map.html", "", "en"), ("maps/02.html", "02", "vi")],
)
def test_every_commune_of_the_page_has_the_numbers_of_the_table(
    visit: Visit, pages: Path, country: MapData, name: str, province: str, language: str
) -> None:
    """The card's numbers, in both languages, on the national and the province page, are those of the commune table."""
    frame = country.communes
    rows = (frame[frame["province_code"] == province] if province else frame).to_dict("records")
    cards = visit(pages / name).page.evaluate(CARDS, [[row["code"] for row in rows], language])
    for row, card in zip(rows, cards, strict=True):
        if np.isnan(row["pop_total"]):
            assert [] == card
        else:
            assert expected_facts(row, language) == [card[0][0], *card[1:3]]


def expected_facts(row: dict[str, Any], language: str) -> list[Any]:
    """Give the first row of the profile's table, and those of 5G and fibre: people and shares, and between which ends."""
    held = {
        name: round(value, 3)
        for name, value in row.items()
        if name.startswith("pop_") and name != "pop_source"
    }

    def told(column: str, more: float) -> list[str]:
        ends = held[column], max(held[column], min(held[column] + more, held["pop_total"]))
        return [people_range(*ends, language), percent_range(*ends, held["pop_total"], language)]

    silent = {service: held[f"pop_no_data_{service}"] for service in ("5g", "fibre")}
    tops = [held[f"pop_uncovered_{service}"] + more for service, more in silent.items()]
    fails = min(held["pop_failing"] + sum(silent.values()), *tops, held["pop_total"]) - held["pop_failing"]
    return [
        told("pop_failing", max(0.0, fails)),
        *(
            [
                *(told(f"pop_{state}_{service}", more) for state in ("covered", "uncovered")),
                told(f"pop_no_data_{service}", 0.0),
            ]
            for service, more in silent.items()
        ),
    ]


def test_the_headline_follows_the_filters_and_equals_the_province_table(desk: Any, country: MapData) -> None:
    """With a province chosen the numbers are those of provinces.csv; with a setting they are sums of its communes."""
    page = desk.page
    for at, row in enumerate(country.provinces.sort_values("province_code").to_dict("records")):
        page.evaluate("at => BS.set({ province: at, setting: 0 })", at)
        first = page.inner_text("#tiles .tile:nth-child(2) b")
        uncovered, silent = row["pop_uncovered_5g"], row["pop_no_data_5g"]
        assert people_range(uncovered, uncovered + silent, "vi") == first
    page.evaluate("() => BS.set({ province: -1, setting: BS.BORDER })")
    border = country.communes[country.communes["is_border"]]
    least = number(border["pop_failing"].sum(), "vi")
    assert page.inner_text("#tiles .tile:nth-child(1) b").startswith(f"{least}{RANGE}")


def test_no_number_is_shown_where_everything_is_without_data(visit: Visit, pages: Path) -> None:
    """Province 03 has no 5G data of people who are not covered: the page says between what and what instead of zero."""
    page = visit(pages / "maps" / "03.html").page
    assert page.inner_text("#tiles .tile:nth-child(2) b").startswith(f"0{RANGE}")
    assert page.inner_text("#tiles .tile:nth-child(2) dd span").startswith(f"0{RANGE}")


def test_unknown_population_and_missing_data_are_hatched_never_zero(desk: Any) -> None:
    """The commune without population has no value; communes whose bounds differ are not placed in a class."""
    page = desk.page
    page.evaluate("() => BS.set({ indicator: 'no.5g' })")
    kinds = page.evaluate("() => [...BS.app.model.classes(BS.app.state, false)]")
    assert kinds[-1] == page.evaluate("() => BS.UNKNOWN")
    assert page.evaluate("() => BS.NO_DATA") in kinds
    assert page.evaluate("() => Number.isNaN(BS.app.model.value(BS.app.state, BS.app.model.rows - 1, false))")
    page.evaluate("() => BS.set({ selected: BS.app.names.code[BS.app.model.rows - 1] })")
    assert "Chưa rõ dân số" in page.inner_text("#card")
    assert "0,0%" not in page.inner_text("#card")


def test_both_decoders_read_the_same_from_the_page(desk: Any, pages: Path, country: MapData) -> None:
    """Python and JavaScript agree on every coordinate and every value of the national page."""
    path = pages / "map.html"
    page, facts = desk.page, meta(path)
    topology = decode_topology(block(path, "bs-shapes"))
    js = page.evaluate(
        "() => { const t = BS.app.shapes.t; return { x: [...t.x], y: [...t.y], arcs: [...t.arcOf], rings: [...t.ringStart], features: [...t.featureStart], start: [...t.arcStart] }; }"
    )
    assert topology.points[:, 0].tolist() == js["x"]
    assert topology.points[:, 1].tolist() == js["y"]
    assert topology.arc_of.tolist() == js["arcs"]
    assert topology.ring_start.tolist() == js["rings"]
    assert topology.feature_start.tolist() == js["features"]
    assert topology.arc_start.tolist() == js["start"]
    columns = [NumberColumn(**column) for column in facts["columns"]]
    numbers = decode_numbers(block(path, "bs-numbers"), columns, len(country.communes))
    for name, values in numbers.items():
        found = page.evaluate(
            "name => [...BS.app.model.now.get(name)].map((v) => Number.isFinite(v) ? v : null)", name
        )
        assert [None if np.isnan(value) else value for value in values.tolist()] == found
        np.testing.assert_allclose(
            values,
            country.communes[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan),
            atol=0.006,
        )
    spots = decode_spots(block(path, "bs-spots"))
    page.evaluate("() => new Promise((done) => BS.withSpots(() => done()))")
    found = page.evaluate(
        "() => { const s = BS.app.spots; return { c: [...s.commune], n: s.numbers.map((v) => [...v]), x: [...s.x], y: [...s.y] }; }"
    )
    assert spots.commune.tolist() == found["c"]
    assert spots.numbers.tolist() == found["n"]
    assert spots.points[:, 0].tolist() == found["x"]
    assert spots.points[:, 1].tolist() == found["y"]


def test_the_page_works_without_the_browsers_own_decompression(visit: Visit, pages: Path) -> None:
    """An older engine without DecompressionStream gets the vendored one."""
    visitor = visit(pages / "map.html", "#v=communes", script="delete window.DecompressionStream")
    # the first rows come at once, the rest when the map has been painted
    visitor.page.wait_for_function("() => document.querySelectorAll('#table tbody tr').length === 50")
    assert visitor.complaints == []


def test_a_dialog_opened_right_after_another_keeps_its_content(desk: Any) -> None:
    """The late close event of the first dialog must not empty the second."""
    desk.page.evaluate(
        "() => { BS.by('do-method').click(); BS.by('dialog').close(); BS.by('do-print').click(); }"
    )
    desk.settle()
    assert desk.page.is_visible("#preview canvas")


def test_a_page_that_had_to_leave_something_out_says_so_in_its_footer(
    visit: Visit, country: MapData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a tiny budget took away stands below the map, in both languages; the page still works."""
    monkeypatch.setattr(page_module, "NATIONAL_BYTES", 1)
    build_pages(country, tmp_path, pages="national")
    visitor = visit(tmp_path / "map.html", "#v=communes")
    for language in ("vi", "en"):
        visitor.page.evaluate("language => BS.set({ language })", language)
        footer, words = visitor.page.inner_text("#foot"), words_of(language)
        assert [] == [
            one for one in ("coverage", "outlines", "shapes", "size") if words[f"reduced.{one}"] not in footer
        ]
    visitor.page.wait_for_function("() => document.querySelectorAll('#table tbody tr').length === 50")
    assert visitor.complaints == []


def test_a_damaged_file_says_so(pages: Path, tmp_path: Path, chromium: Any) -> None:
    """Cut or changed data give a sentence, not an empty page."""
    text = (pages / "map.html").read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(re.sub(r'(id="bs-shapes">).{40}', r"\1" + "A" * 40, text), encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(broken.as_uri())
    assert "hỏng" in page.wait_for_selector("[role=alert]").inner_text()
    context.close()


def test_the_change_view_and_the_swipe_compare_the_periods(desk: Any, country: MapData) -> None:
    """The change of a commune is this period's share less the one before; the swipe shows both names."""
    page = desk.page
    page.evaluate("() => BS.set({ period: 'change' })")
    assert country.previous is not None
    before, now = country.previous.communes, country.communes
    row = 12
    expected = 100 * (
        now["pop_failing"][row] / now["pop_total"][row]
        - before["pop_failing"][row] / before["pop_total"][row]
    )
    assert expected == pytest.approx(
        page.evaluate("row => BS.app.model.change(BS.app.state, row)", row), abs=1e-3
    )
    page.evaluate("() => BS.set({ period: 'swipe' })")
    assert [page.inner_text("#swipe-past"), page.inner_text("#swipe-now")] == ["4/2026", "10/2026"]
    page.focus("#swipe-at")
    page.keyboard.press("ArrowRight")
    desk.settle()
    assert page.evaluate("() => BS.by('swipe-at').value") == "51"


def test_a_change_that_rounds_to_nothing_has_no_sign(desk: Any) -> None:
    """People without fibre are the same in both periods: no arrow, no plus, not called worse."""
    page = desk.page
    page.evaluate("() => BS.set({ indicator: 'no.fibre', unit: 'people', sort: 'change', descending: true })")
    tile = "#tiles .tile:nth-child(3)"
    assert "0 so với 4/2026" == page.inner_text(f"{tile} dd span:last-child")
    assert 0 == page.locator(f"{tile} .worse").count()
    changes = page.locator("#table tbody tr td:nth-child(4)").all_inner_texts()
    assert {"0", "-"} >= set(changes)


def test_open_results_follow_the_language(desk: Any) -> None:
    """Who changes the language while nothing is found reads so in that language."""
    page = desk.page
    page.fill("#query", "zzz")
    assert "Không tìm thấy" == page.inner_text("#hits")
    page.evaluate("() => BS.set({ language: 'en' })")
    assert "Nothing found" == page.inner_text("#hits")


def test_a_rank_is_of_the_whole_run_on_every_page(visit: Visit, pages: Path) -> None:
    """The card on a province page says the same as on the national one."""
    texts = []
    for name in ("map.html", "maps/02.html"):
        page = visit(pages / name, "#x=00030").page
        page.wait_for_selector("#card .rank bdi")
        texts.append(page.inner_text("#card .rank b"))
    assert texts[0] == texts[1]
    assert texts[0].endswith("trên 65")  # of 66 communes one has no known population, and no rank


def test_the_csv_holds_what_is_shown_in_its_order(desk: Any, country: MapData) -> None:
    """Filtered to a province, sorted by people: the same rows, the same numbers to a thousandth of a person."""
    page = desk.page
    page.evaluate("() => BS.set({ province: 1, sort: 'people', descending: true })")
    rows = list(csv.DictReader(io.StringIO(page.evaluate("() => BS.csv()").removeprefix("\ufeff"))))
    table = country.communes[country.communes["province_code"] == "02"].sort_values(
        "pop_total", ascending=False
    )
    assert table["code"].tolist() == [row["code"] for row in rows]
    for name in ("pop_total", "pop_uncovered_5g", "pop_failing", "area_km2"):
        np.testing.assert_allclose(table[name], [float(row[name]) for row in rows], atol=0.00051)
    assert {row["notice"] for row in rows} == {"DỮ LIỆU MẪU"}


def test_the_sheet_shows_map_coverage_and_legend_in_one_picture(desk: Any) -> None:
    """On the printed canvas each commune's point has the colour of its class, and nothing is shifted under coverage."""
    page = desk.page
    page.evaluate("() => BS.set({ spots: false })")
    page.click("#do-print")
    colour = """(point) => { const c = document.querySelector('#preview canvas'), v = BS.lastSheet;
      const x = (point[0] * v.scale - v.left) * v.ratio, y = (point[1] * v.scale - v.top) * v.ratio;
      return [...c.getContext('2d', { willReadFrequently: true }).getImageData(Math.round(x), Math.round(y), 1, 1).data].slice(0, 3); }"""
    points = page.evaluate("() => BS.app.names.wx.map((x, i) => [x, BS.app.names.wy[i]])")
    kinds = page.evaluate("() => [...BS.app.model.classes(BS.app.state, false)]")
    palette = [
        [int(one[at : at + 2], 16) for at in (1, 3, 5)] for one in page.evaluate("() => BS.colours.steps")
    ]
    hits = [
        palette[kind] == page.evaluate(colour, point)
        for kind, point in zip(kinds[:64], points[:64], strict=True)
        if kind >= 0
    ]
    assert sum(hits) >= 0.7 * len(hits)  # a label may lie on a point
    page.click("#dialog .close")
    page.evaluate("() => BS.set({ service: '5g', operators: ['sao_mai'] })")
    desk.settle()
    page.click("#do-print")
    edge = page.evaluate("() => [BS.worldX(105.4), BS.worldY(15.33)]")
    step = 0.35 / page.evaluate("() => BS.lastSheet.scale") * 3
    inside, outside = (page.evaluate(colour, [edge[0] + side * step, edge[1]]) for side in (-1, 1))
    assert inside[2] > inside[0] + 20  # blue on the covered side of 105.4° E, a pixel away from the edge
    assert outside[2] < outside[0] + 20


def test_the_first_screen_has_title_and_numbers_before_any_script(
    pages: Path, chromium: Any, country: MapData
) -> None:
    """Without JavaScript the title, the notice and the headline numbers are there."""
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((pages / "map.html").as_uri())
    assert page.inner_text("#title") == "Bản đồ thử"
    assert page.inner_text("#notice") == "DỮ LIỆU MẪU"
    least = number(country.communes["pop_failing"].sum(), "vi")
    assert page.inner_text("#tiles .tile:nth-child(1) b").startswith(f"{least}{RANGE}")
    context.close()


def test_the_script_writes_the_same_headline_as_the_page_had(
    visit: Visit, pages: Path, chromium: Any
) -> None:
    """Python's and JavaScript's first numbers are the same text."""
    context = chromium.new_context(java_script_enabled=False, offline=True)
    still = context.new_page()
    still.goto((pages / "map.html").as_uri())
    before = still.locator("#tiles b").all_inner_texts()
    context.close()
    assert before == visit(pages / "map.html").page.locator("#tiles b").all_inner_texts()


def test_province_pages_and_the_country_page_agree_to_the_digit(visit: Visit, pages: Path) -> None:
    """The list of a province page holds the same texts as the national list filtered to that province."""
    national = visit(pages / "map.html", "#v=communes&p=02&r=name").page
    province = visit(pages / "maps" / "02.html", "#r=name").page
    texts = "() => [...document.querySelectorAll('#table tbody tr')].map((row) => [...row.cells].map((cell) => (cell.querySelector('button') || cell).innerText))"
    assert national.evaluate(texts) == province.evaluate(texts)
    assert national.inner_text("#tiles") == province.inner_text("#tiles")
