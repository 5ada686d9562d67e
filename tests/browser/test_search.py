"""The search box: former names, provinces, black spots, coordinates, in both languages and with hostile names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from blackspot.data.text.names import bare_name
from blackspot.maps.pages.store import read_map_data
from search_queries import seeded_queries

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData
    from search_queries import Query

    Visit = Callable[..., Any]

SEED, QUERIES, ENOUGH = 2025, 200, 190

FIRST_HITS = """async (queries) => {
  const box = BS.by('query'), found = [];
  box.focus();
  while (!BS.app.former) await new Promise(requestAnimationFrame);
  for (const typed of queries) {
    box.value = typed;
    box.dispatchEvent(new Event('input'));
    const hit = document.getElementById('hit-0');
    found.push(hit ? [hit.querySelector('bdi').textContent, hit.querySelector('small').textContent] : ['', '']);
  }
  return found;
}"""
FIRST_KEY = """async (typed) => {
  const box = BS.by('query');
  box.focus();
  while (!BS.app.former) await new Promise(requestAnimationFrame);
  const before = performance.now();
  box.value = typed;
  box.dispatchEvent(new Event('input'));
  return performance.now() - before;
}"""


def texts(page: Any) -> list[str]:
    """Give what the results say, line by line."""
    return [text.replace("\n", " | ") for text in page.locator("#hits li").all_inner_texts()]


def type_in(page: Any, typed: str, *, until: str = "") -> list[str]:
    """Type a query and give the results; ``until`` waits for a text among them."""
    page.fill("#query", typed)
    page.wait_for_selector(f"#hits li:has-text({until!r})" if until else "#hits li")
    return texts(page)


def missed(queries: list[Query], hits: list[list[str]]) -> list[str]:
    """Name the queries whose first hit is neither a commune that has or had the name nor one named so."""
    return [
        f"{query.kind}: {query.typed!r} found {name!r} ({where})"
        for query, (name, where) in zip(queries, hits, strict=True)
        if where.split(" · ")[-1] not in query.codes
        and (query.kind == "code" or bare_name(name) != query.meant)
    ]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "có phần trước đây thuộc Phường Dương Đông, Thành phố Phú Quốc, Tỉnh Kiên Giang"),
        ("en", "has ground that was formerly part of Phường Dương Đông, Thành phố Phú Quốc, Tỉnh Kiên Giang"),
    ],
)
def test_a_former_name_leads_to_the_communes_of_today(
    visit: Visit, pages: Path, language: str, said: str
) -> None:
    """Both that took ground of it, with type, province and what they were part of; the first opens."""
    visitor = visit(pages / "map.html", f"#l={language}")
    kind = {"vi": "Đặc khu", "en": "Special zone"}[language]
    assert [
        f"Đặc khu Cồn Nhỏ | {kind} · Ven Biển · 00065 | {said}",
        f"Đặc khu Trùng Khơi | {kind} · Ven Biển · 00066 | {said}",
    ] == type_in(visitor.page, "duong dogn")[:2]
    visitor.page.keyboard.press("Enter")
    assert "Đặc khu Cồn Nhỏ" == visitor.page.inner_text("#card h2")
    assert [] == visitor.complaints


@pytest.mark.browser
def test_a_province_a_black_spot_and_coordinates_are_found(desk: Any, country: MapData) -> None:
    """A province filters the lists, a black spot opens its card, coordinates lead to the commune there."""
    page = desk.page
    assert "Ven Biển | Tỉnh, thành phố" == type_in(page, "tinh ven bien")[0]
    page.keyboard.press("Enter")
    assert 2 == page.evaluate("() => BS.app.state.province")

    spot = country.black_spots.iloc[0]
    assert spot["spot_id"] in type_in(page, spot["spot_id"].upper(), until="Điểm đen")[0]
    page.keyboard.press("Enter")
    assert [spot["spot_id"], -1] == page.evaluate("() => [BS.app.state.spot, BS.app.state.province]")

    x, y = country.communes.geometry.iloc[9].representative_point().coords[0]
    typed = f"{y:.4f} {x:.4f}".replace(".", ",")
    assert country.communes["name"].iloc[9] in type_in(page, typed)[0]
    page.keyboard.press("Enter")
    middle = page.evaluate("() => [BS.app.map.getCenter().lat, BS.app.map.getCenter().lng, BS.app.selected]")
    assert math.dist(middle[:2], (y, x)) < 0.001
    assert 9 == middle[2]
    assert ["Tọa độ này nằm ngoài bản đồ"] == type_in(page, "48.1, 11.5")


@pytest.mark.browser
def test_a_province_page_finds_its_own_former_names(visit: Visit, pages: Path, country: MapData) -> None:
    """Those of the province lead to its communes; those of another are not there."""
    assert country.former is not None
    page = visit(pages / "maps" / "01.html").page
    own, other = country.former["name"].iloc[0], country.former["name"].iloc[100]
    assert f"có phần trước đây thuộc {own}" in type_in(page, own)[0]
    assert not any(f"thuộc {other}" in text for text in type_in(page, other))


@pytest.mark.browser
def test_hostile_former_names_stay_text(visit: Visit, hostile_page: Path) -> None:
    """Nothing of them runs or becomes an element."""
    visitor = visit(hostile_page)
    shown = type_in(visitor.page, "duong dong")
    assert any("formerly part of <img src=x" in text or "thuộc <img src=x" in text for text in shown)
    assert [None, 0] == visitor.page.evaluate(
        "() => [window.pwned ?? null, document.querySelectorAll('#hits img, #hits script').length]"
    )
    assert [] == visitor.complaints


@pytest.mark.browser
def test_200_queries_find_what_is_meant_at_first(desk: Any, country: MapData) -> None:
    """Former names, slips, beginnings, codes, joined words, tones placed otherwise: 95 of 100 at least."""
    assert country.former is not None
    names = dict(zip(country.communes["code"], country.communes["name"], strict=True))
    queries = seeded_queries(names, country.former, SEED, QUERIES)
    wrong = missed(queries, desk.page.evaluate(FIRST_HITS, [query.typed for query in queries]))
    assert QUERIES - ENOUGH >= len(wrong), "\n".join(wrong)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.national
def test_200_queries_of_the_whole_country(visit: Visit, national_run: Path) -> None:
    """The same of 3,321 communes and their 10,592 relations to those before; the first key is answered at once."""
    data = read_map_data(national_run)
    assert isinstance(data.former, pd.DataFrame)
    names = dict(zip(data.communes["code"], data.communes["name"], strict=True))
    queries = seeded_queries(names, data.former, SEED, QUERIES)
    page = visit(national_run / "map.html").page
    wrong = missed(queries, page.evaluate(FIRST_HITS, [query.typed for query in queries]))
    assert QUERIES - ENOUGH >= len(wrong), "\n".join(wrong)
    phu_quoc = "Phú Quốc | Đặc khu · An Giang · 31078 | có phần trước đây thuộc Phường Dương Đông"
    assert type_in(page, "Dương Đông")[0].startswith(phu_quoc)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.national
@pytest.mark.soak  # a matter of a quiet machine
@pytest.mark.parametrize("typed", ["p", "đ", "d"])
def test_the_first_key_is_answered_within_120_ms_on_a_slow_machine(
    visit: Visit, national_run: Path, typed: str
) -> None:
    """On a processor slowed to a quarter."""
    page = visit(national_run / "map.html").page
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    assert 120 > page.evaluate(FIRST_KEY, typed)
