"""No state of a page says what is not known: no word of the program, no nothing, no zero for missing data; numbers as in the CSV."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import pytest

from blackspot.data.text.wording import RANGE
from blackspot.data.text.words import words
from blackspot.maps.pages.page import build_pages
from blackspot.maps.words.figures import number, people_range, percent_range

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Language = Literal["vi", "en"]
    Visit = Callable[..., Any]

# Every text that is there to be read or spoken, in every state: lists, cards of all communes and of spots, dialogs.
WALK = """async (language) => {
  const app = BS.app, found = new Map(), frame = () => new Promise(requestAnimationFrame);
  const read = (state) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
      if (!node.parentElement.closest('script, style, noscript, code') && !found.has(node.data)) found.set(node.data, state);
    }
    for (const one of document.querySelectorAll('[title], [aria-label], [placeholder]')) {
      for (const name of ['title', 'aria-label', 'placeholder']) {
        const text = one.getAttribute(name);
        if (text && !found.has(text)) found.set(text, state);
      }
    }
  };
  BS.set({ language, province: -1, setting: 0, selected: '', spot: '' });
  await Promise.all([new Promise(BS.withSpots), new Promise(BS.withTexts)]);
  for (const indicator of app.meta.indicators) for (const unit of ['share', 'people']) for (const period of ['now', 'past', 'change', 'swipe']) {
    for (const tab of BS.tabs(app.meta)) {
      BS.set({ indicator: indicator.id, unit, period, tab });
      await frame(); BS.completeTable();
      read([indicator.id, unit, period, tab].join(' '));
    }
    for (let row = 0; row < app.model.rows; row++) {
      const text = BS.valueText(row);
      if (!found.has(text)) found.set(text, 'spoken ' + indicator.id + ' ' + row);
    }
  }
  for (let setting = 1; setting < 8; setting++) { BS.set({ setting, period: 'now', tab: BS.tabs(app.meta)[0] }); await frame(); read('setting ' + setting); }
  BS.set({ setting: 0, service: '5g', operators: ['sao_mai', 'hai_dang'], spots: true });
  await frame(); read('coverage');
  app.explains = true;
  for (let row = 0; row < app.model.rows; row++) {
    BS.set({ selected: app.names.code[row], spot: '' });
    await frame(); await frame(); read('card ' + row);
  }
  for (let i = 0; i < app.spots.count; i += 5) { BS.set({ spot: BS.spotId(i) }); await frame(); await frame(); read('spot ' + i); }
  for (const id of ['do-method', 'do-print']) {
    BS.by(id).click();
    await frame(); read(id);
    BS.by('dialog').close();
  }
  for (const unit of [...app.names.code.keys()].filter((row) => row % 7 === 0 || row > 60).map((row) => ({ row }))
    .concat(app.meta.provinces.map((_one, province) => ({ province })).filter((one) => app.national || one.province === app.meta.province))) {
    BS.openUnitSheet(unit);
    while (!document.querySelector('#preview .sheet')) await frame();
    read('sheet ' + JSON.stringify(unit));
    BS.by('dialog').close();
    await frame(); await frame();
  }
  return [...found];
}"""
NOTHING = re.compile(r"\bundefined\b|\bNaN\b|\bnull\b|\bInfinity\b|\[object|\{[a-z_]+\}|<NA>")
A_CODE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|\bpop_\w+")
CODES = {
    "declared",
    "modelled",
    "measured",
    "predicted",
    "planned",
    "outdoor",
    "country",
    "unknown",
    "none",
    "raster",
}
CODES |= {
    "official",
    "commune",
    "communes",
    "coverage",
    "fails",
    "share",
    "people",
    "warning",
    "ward",
    "border",
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("page", ["map.html", "maps/03.html"])
def test_no_text_of_any_state_is_a_word_of_the_program(
    visit: Visit, pages: Path, page: str, language: Language
) -> None:
    """Neither a key of the catalogue nor a value of the program; in Vietnamese none of its English words either."""
    assert [] == raw_texts(visit(pages / page).page.evaluate(WALK, language), language)


def raw_texts(found: list[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """Give the texts that say a word of the program, each with the state in which it stood."""
    keys = {key for key in words("map", language) if "." in key}
    wrong = []
    for text, state in found:
        bare = re.sub(r"blackspot[\w.-]*|\b[\w-]+\.(?:gpkg|html)\b", "", text)
        english = set(re.findall(r"[a-z]+", bare)) & CODES if language == "vi" else set()
        if NOTHING.search(bare) or A_CODE.search(bare) or bare.strip() in keys or english:
            wrong.append((state, text))
    return wrong


SPOILT = {
    "raster_calibrated": "BS.sourceWord = () => 'raster_calibrated';",
    "<NA>": "BS.meta.findings[0].message_vi = \"status: 'Planned' 573, '<NA>' 560\";",
    "card.operators": "delete BS.meta.words.vi['card.operators'];",
    "{place}": "BS.meta.words.vi['rank.of'] = 'Hạng {place}';",
    "NaN": "const own = BS.percentRange; BS.percentRange = (...ends) => own(...ends).replace('0%', 'NaN%');",
    "country": "BS.areaName = () => 'country';",
}
"""Raw words of each kind, and what puts one into the page in one place."""


def test_the_walk_finds_what_should_not_be_there(visit: Visit, pages: Path) -> None:
    """Each of them is found, and nothing else; without them nothing is."""
    page = visit(pages / "maps" / "03.html").page
    page.evaluate(f"() => {{ {' '.join(SPOILT.values())} }}")
    wrong = [text for _, text in raw_texts(page.evaluate(WALK, "vi"), "vi")]
    assert [] == [word for word in SPOILT if not any(word in text for text in wrong)]
    assert [] == [text for text in wrong if not any(word in text for word in SPOILT)]


OPEN_VALUES = """async (language) => {
  const app = BS.app, wrong = [], frame = () => new Promise(requestAnimationFrame), is = (text) => text.includes('\\u2013');
  BS.set({ language, province: -1, setting: 0, tab: 'communes', period: 'now' });
  for (const item of app.meta.indicators) for (const unit of ['share', 'people']) {
    BS.set({ indicator: item.id, unit, page: 0 });
    const bounds = app.model.bounds(item, false);
    for (let row = 0; row < app.model.rows; row++) {
      if (!BS.isOpen(bounds.low[row], bounds.high[row])) continue;
      const cell = document.createElement('td');
      cell.append(...[BS.valueCell(row, false)].flat().filter(Boolean));
      if (!is(cell.textContent) || !is(BS.valueText(row))) wrong.push([item.id, unit, row, cell.textContent]);
    }
  }
  let open = 0;
  for (let row = 0; row < app.model.rows; row++) {
    BS.set({ selected: app.names.code[row] });
    while (!document.querySelector('#card .where').textContent.includes(app.names.code[row])) await frame();
    const tables = [...document.querySelectorAll('#card table.facts')];
    app.meta.services.forEach((service, at) => {
      if (!(app.model.now.get('pop_no_data_' + service.id)[row] >= 0.5)) return;
      open++;
      for (const line of [...tables[1 + at].tBodies[0].rows].slice(0, 2)) {
        if (!is(line.cells[1].textContent)) wrong.push(['card', service.id, row, line.textContent]);
      }
    });
    if (app.model.openPeople(row) && !is(tables[0].tBodies[0].rows[0].cells[1].textContent)) wrong.push(['fails', row]);
  }
  return [open, wrong];
}"""


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_not_known_has_two_ends_everywhere(desk: Any, language: Language) -> None:
    """In every list, in every unit, spoken, and on every card: where there are no data there is no single number."""
    count, wrong = desk.page.evaluate(OPEN_VALUES, language)
    assert count > 10
    assert [] == wrong


ROWS = """(state) => { BS.set(state); BS.completeTable();
  const rows = [...document.querySelectorAll('#table tbody tr')].map((row) => [...row.cells].map((cell) => {
    const clone = cell.cloneNode(true);
    const small = [...clone.querySelectorAll('small')].map((one) => { one.remove(); return one.textContent; });
    return [clone.textContent, ...small];
  }));
  return [rows, BS.csv()]; }"""


def _table(opened: Any, **state: object) -> tuple[list[list[list[str]]], list[dict[str, str]]]:
    rows, text = opened.evaluate(ROWS, state)
    return rows, list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("indicator", ["fails", "no.5g", "op.5g.hai_dang", "no.fibre"])
def test_every_number_of_a_list_is_that_of_its_csv(desk: Any, language: Language, indicator: str) -> None:
    """Provinces, communes and black spots: the list on the screen is what the button saves."""
    page, both = desk.page, {"language": language, "indicator": indicator, "period": "now", "unit": "share"}
    desk.page.evaluate("() => new Promise(BS.withSpots)")
    rows, saved = _table(page, tab="provinces", **both)
    assert len(rows) == len(saved) == 3
    for cells, row in zip(rows, saved, strict=True):
        low, high, everyone = (float(row[name]) for name in ("people_low", "people_high", "pop_total"))
        assert row["province_name"] == cells[1][0]
        assert people_range(low, high, language) == cells[2][0]
        assert percent_range(low, high, everyone, language) == cells[3][0]
        assert number(everyone, language) == cells[4][0]
        assert {row["first_place"], row["last_place"]} == set(cells[0][0].split(RANGE))
    rows, saved = _table(page, tab="communes", page=0, **both)
    for cells, row in zip(rows, saved, strict=False):
        assert row["name"] == cells[1][0]
        if row["pop_total"]:
            low, high, everyone = (
                float(row[f"{name}"]) for name in ("shown_people_low", "shown_people_high", "pop_total")
            )
            assert [percent_range(low, high, everyone, language), people_range(low, high, language)] == cells[
                2
            ][:2]
            assert number(everyone, language) == cells[4][0]
    rows, saved = _table(page, tab="spots", spotPage=0, **both)
    for cells, row in zip(rows, saved, strict=False):
        assert number(float(row["pop"]), language) == cells[2][0]
        assert number(float(row["rank"]), language) == cells[0][0]
        assert row["name"] == cells[1][0]


def test_the_worst_province_comes_first_and_a_click_shows_it(
    visit: Visit, pages: Path, country: MapData
) -> None:
    """The page opens with all provinces; one is chosen, is marked, offers its page, and lets go again."""
    visitor = visit(pages / "map.html")
    page = visitor.page
    worst = country.provinces.sort_values("pop_failing", ascending=False)["province_name"].tolist()
    assert worst == page.locator("#table tbody th button:first-child").all_inner_texts()
    page.click("#table tbody th button")
    assert worst[0] == page.inner_text("#province option:checked")
    assert worst[0] == page.inner_text("#table tr.picked th button:first-child")
    code = country.provinces.set_index("province_name").loc[worst[0], "province_code"]
    assert f"maps/{code}.html" == page.get_attribute("#table tr.picked a", "href")
    page.click("#table tr.picked .link")
    assert "true" == page.get_attribute("#tab-communes", "aria-selected")
    assert [] == visitor.complaints


def test_back_and_reload_keep_the_state(visit: Visit, pages: Path) -> None:
    """Each choice is a step of the browser's history; where the map is moved to is none; the page of a list stays."""
    page = visit(pages / "map.html").page
    written = "() => location.hash === `#${BS.formatState(BS.app.state, BS.app.meta)}`"
    page.wait_for_function(written)
    for patch in ({"tab": "communes"}, {"province": 1}, {"province": -1, "page": 1}):
        page.evaluate("(patch) => BS.set(patch)", patch)
        page.wait_for_function(written)
    page.reload()
    page.wait_for_function("() => window.BS && BS.readyAt")
    assert ["communes", -1, 1] == page.evaluate(
        "() => [BS.app.state.tab, BS.app.state.province, BS.app.state.page]"
    )
    page.go_back()
    page.wait_for_function("() => BS.app.state.province === 1 && BS.app.state.tab === 'communes'")
    page.wait_for_function(written)
    page.go_back()
    page.wait_for_function("() => BS.app.state.province === -1 && BS.app.state.page === 0")
    page.wait_for_function(written)
    page.go_back()
    page.wait_for_function("() => BS.app.state.tab === 'provinces'")
    page.wait_for_function(written)
    page.go_forward()
    page.wait_for_function("() => BS.app.state.tab === 'communes'")


def test_pages_lead_to_each_other(visit: Visit, pages: Path) -> None:
    """From the country to the list and to a province, and from there back to the country with the same commune."""
    page = visit(pages / "maps" / "02.html", "#x=00030&l=en").page
    assert ["../map.html#p=02&x=00030&l=en", "index.html"] == page.locator("#subtitle a").evaluate_all(
        "(links) => links.map((one) => one.getAttribute('href'))"
    )
    page.click("#subtitle a:first-of-type")
    page.wait_for_function("() => window.BS && BS.readyAt && BS.app.national")
    assert ["00030", 1, "en"] == page.evaluate(
        "() => [BS.app.state.selected, BS.app.state.province, BS.app.state.language]"
    )
    assert "maps/02.html#x=00030&l=en" == page.get_attribute("#card a[href^=maps]", "href")
    assert "maps/index.html" == page.get_attribute("#subtitle a", "href")


def test_dates_and_how_files_are_read_stand_in_method_and_footer(
    visit: Visit, country: MapData, tmp_path: Path
) -> None:
    """Buffer, environment, class, extent, basis and date of each file; dates as each language writes them."""
    read = {"buffer_m": 1200.0, "environment": "indoor", "service_class": "100 Mbit/s", "extent": "provinces"}
    inputs = [one | read if one["role"] == "coverage" else one for one in country.about["inputs"]]
    build_pages(replace(country, about=country.about | {"inputs": inputs}), tmp_path, pages="national")
    page = visit(tmp_path / "map.html").page
    said = {
        "vi": "khai báo, 31/10/2026, vùng đệm 1.200 m, trong nhà, 100 Mbit/s, chỉ cho một số tỉnh, thành phố",
        "en": "declared, 31 October 2026, buffer of 1,200 m, indoors, 100 Mbit/s, for some provinces only",
    }
    for language, text in said.items():
        page.evaluate("(language) => BS.set({ language })", language)
        assert f"Sao Mai 5G ({text})" in page.inner_text("#sources")
        page.click("#do-method")
        assert text.split(", ", 2)[2] in page.inner_text("#dialog")
        page.click("#dialog .close")
