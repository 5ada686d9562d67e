"""Paper to decide by: one page about a commune or a province, and both periods side by side, read back from the PDF."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import pytest

from blackspot.data.text.wording import RANGE
from blackspot.maps.pages.page import build_pages
from blackspot.maps.words.figures import number, people_range, percent_range
from printed_pages import DPI, lightness, picture, place_of, resized

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Language = Literal["vi", "en"]
    Visit = Callable[..., Any]

A4_MM = (210, 297)
MARGIN_MM = 12
READABLE = 7.0
"""Contrast of text to white paper (WCAG 2, level AAA)."""

OPEN = """async (unit) => {
  BS.openUnitSheet(unit);
  while (!document.querySelector('#preview .sheet')) await new Promise(requestAnimationFrame);
}"""
WORDS = """() => {
  const walker = document.createTreeWalker(document.querySelector('.sheet'), NodeFilter.SHOW_TEXT), words = [];
  for (let node; (node = walker.nextNode());) if (node.parentElement.getClientRects().length) words.push(node.data);
  return words.join(' ');
}"""
CUT = """() => [...document.querySelectorAll('.sheet, .sheet *')].filter((one) => getComputedStyle(one).overflow === 'hidden')
  .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"""
TABLES = """() => [...document.querySelectorAll('#preview table')]
  .map((table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent)))"""
INKS = """() => [...new Set([...document.querySelectorAll('.sheet *')].filter((one) => [...one.childNodes].some((node) => node.nodeType === 3))
  .map((one) => getComputedStyle(one).color))].map((one) => one.match(/[0-9.]+/g).slice(0, 3).map(Number))"""


class Paper(NamedTuple):
    """What a PDF has: how many pages, of what size in mm, the words of the first, and the box of its ink in mm."""

    pages: int
    size_mm: tuple[int, int]
    words: str
    ink_mm: tuple[float, float, float, float]


def on_paper(page: Any) -> Paper:
    """Print what the page would print, and read it."""
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    sheet, pages = document[0], len(document)
    words = " ".join(sheet.get_textpage().get_text_range().split())
    size = tuple(round(side / 72 * 25.4) for side in sheet.get_size())
    dark = np.argwhere(sheet.render(scale=DPI / 72).to_numpy()[:, :, :3].min(axis=-1) < 200)
    document.close()
    top, left, bottom, right = (*dark.min(axis=0) / DPI * 25.4, *dark.max(axis=0) / DPI * 25.4)
    return Paper(pages, (size[0], size[1]), words, (left, top, right, bottom))


def assert_whole(page: Any, paper: Paper) -> None:
    """Check that a sheet is one A4 page, that no word of it is missing on the paper and none lies in the margin."""
    assert (1, A4_MM) == (paper.pages, paper.size_mm)
    assert [] == page.evaluate(CUT)
    printed = re.sub(r"[\s\u0002\ufffe-]", "", paper.words)
    missing = [
        word
        for word in page.evaluate(WORDS).split()
        if re.sub(r"[\s-]", "", word) and re.sub(r"[\s-]", "", word) not in printed
    ]
    assert [] == missing
    left, top, right, bottom = paper.ink_mm
    assert min(left, top) >= MARGIN_MM - 1
    assert right <= A4_MM[0] - MARGIN_MM + 1
    assert bottom <= A4_MM[1] - MARGIN_MM + 1


@pytest.fixture(scope="module")
def opened(opened_once: Visit, pages: Path) -> Any:
    """The national page, on which no test chooses anything."""
    return opened_once(pages / "map.html")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("row", [3, 12, 45, 65], ids=["plain", "ranked", "open", "unknown"])
def test_the_sheet_of_a_commune_says_everything_on_one_page(
    opened: Any, country: MapData, row: int, language: Language
) -> None:
    """Notice, place, data date, run, rank and rule, each number with what it is a share of, black spots and sources."""
    page, commune = opened.page, country.communes.iloc[row]
    page.evaluate("(language) => BS.set({ language })", language)
    page.evaluate(OPEN, {"row": row})
    paper = on_paper(page)
    assert_whole(page, paper)
    said = {
        "vi": (
            "DỮ LIỆU MẪU",
            "lần chạy 000002-ab12cd",
            "Số liệu đến 10/2026",
            "Quy tắc xếp hạng.",
            "Nguồn số liệu.",
        ),
        "en": ("SAMPLE DATA", "run 000002-ab12cd", "Data of 10/2026", "Rule of order.", "Sources."),
    }
    for text in (
        *said[language],
        commune["name"],
        commune["province_name"],
        commune["code"],
        "Lưới thử, 2020",
    ):
        assert text in paper.words
    tables = page.evaluate(TABLES)
    page.click("#dialog .close")
    if pd.isna(commune["pop_total"]):
        assert [] == tables
        assert {"vi": "chưa đủ để nói là không có", "en": "not enough is known"}[language] in paper.words
        assert {"vi": "Chưa rõ dân số", "en": "Population unknown"}[language] in paper.words
        return
    everyone, low = float(commune["pop_total"]), float(commune["pop_failing"])
    high = low + float(commune["pop_unsure_fails"]) if "pop_unsure_fails" in commune else low
    fails = tables[0][0]
    assert number(everyone, language) == fails[2]
    assert people_range(low, low, language) == fails[1].split(RANGE)[0]
    if RANGE not in fails[1]:
        assert percent_range(low, high, everyone, language) == fails[3]
    ranks = country.communes.loc[country.communes["province_code"] == commune["province_code"], "rank"]
    place = 1 + int((ranks < commune["rank"]).sum())
    within = {"vi": f"trên {ranks.notna().sum()} trong", "en": f"of {ranks.notna().sum()} in"}[language]
    assert within in paper.words
    if RANGE not in fails[1]:
        assert {"vi": f"hạng {place} {within}", "en": f"rank {place} {within}"}[language] in paper.words
    own = country.black_spots[country.black_spots["code"] == commune["code"]].sort_values("rank")
    assert own["spot_id"].tolist() == ([line[-1] for line in tables[1]] if len(tables) > 1 else [])
    for spot, line in zip(own.to_dict("records"), tables[1] if len(tables) > 1 else [], strict=True):
        assert number(spot["rank"], language) == line[1]
        assert abs(spot["pop"] - int(re.sub(r"\D", "", line[3]))) <= 1  # a page keeps whole people


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_sheet_of_a_province_is_the_same_from_either_page(
    visit: Visit, pages: Path, country: MapData, language: Language
) -> None:
    """From its row on the page of the country and from its own page: place, figures, first communes and black spots."""
    found = []
    for name, address in (("map.html", f"#p=02&l={language}"), ("maps/02.html", f"#l={language}")):
        page = visit(pages / name, address).page
        page.click("#do-sheet")
        page.wait_for_selector("#preview .sheet")
        paper = on_paper(page)
        assert_whole(page, paper)
        found.append((page.inner_text("#preview .sheet-rank"), page.evaluate(TABLES)))
    assert found[0] == found[1]
    rank, (figures, communes, spots) = found[0]
    failing = country.provinces.set_index("province_code")["pop_failing"].rank(ascending=False)
    if RANGE not in rank:
        assert str(int(failing["02"])) in rank
    assert {"vi": "trên 3", "en": "of 3"}[language] in rank
    own = country.communes[country.communes["province_code"] == "02"].sort_values("rank")
    assert own["name"].tolist()[: len(communes)] == [line[1] for line in communes]
    assert number(own["pop_total"].sum(), language) == figures[0][2]
    known = country.black_spots[country.black_spots["code"].isin(own["code"])].sort_values("rank")
    assert known["spot_id"].tolist()[: len(spots)] == [line[-1] for line in spots]
    rest = known.iloc[len(spots) :]
    if len(rest):
        assert f"{number(len(rest), language)} " in page.inner_text("#preview .sheet")
        assert number(rest["pop"].sum(), language) in page.inner_text("#preview .sheet")


def test_a_sheet_shows_the_same_whatever_the_screen_shows(visit: Visit, pages: Path) -> None:
    """Another indicator, period, filter, order or layer changes no word and no pixel of it; the screen stays as it was."""
    look = """async (unit) => { BS.openUnitSheet(unit); await new Promise((done) => setTimeout(done, 300));
      const sheet = document.querySelector('#preview .sheet');
      const found = [sheet.innerText, sheet.querySelector('canvas').toDataURL()]; document.querySelector('#dialog .close').click(); return found; }"""
    page = visit(pages / "map.html").page
    page.evaluate("() => new Promise(BS.withSpots)")
    first = page.evaluate(look, {"row": 3})
    other = {"indicator": "no.5g", "unit": "people", "period": "change", "setting": 1, "service": "5g",
             "operators": ["sao_mai"], "spots": False, "grid": True, "sort": "name", "selected": "00010"}  # fmt: skip
    page.evaluate("(state) => BS.set(state)", other)
    kept = page.evaluate("() => JSON.stringify([BS.app.state, BS.app.selected])")
    assert first == page.evaluate(look, {"row": 3})
    assert kept == page.evaluate("() => JSON.stringify([BS.app.state, BS.app.selected])")


def test_a_sheet_does_not_deny_black_spots_that_are_kept_back(
    visit: Visit, country: MapData, tmp_path: Path
) -> None:
    """Where they are not published, a sheet says nothing of them; where there are none, it says so."""
    spots = country.black_spots.iloc[:0]
    said = []
    for name, withheld in (("none", []), ("kept", ["black_spots"])):
        about = dict(country.about) | {"withheld": withheld}
        (tmp_path / name).mkdir()
        build_pages(replace(country, black_spots=spots, about=about), tmp_path / name, pages="national")
        page = visit(tmp_path / name / "map.html", "#l=en").page
        page.evaluate(OPEN, {"row": 3})
        said.append("No black spots." in page.inner_text("#preview .sheet"))
    assert [True, False] == said


def test_a_sheet_needs_no_colour(opened: Any) -> None:
    """Every ink of its words stands out from white paper in grey, and the hatch of black spots from every class."""
    page = opened.page
    page.evaluate(OPEN, {"row": 3})
    for ink in page.evaluate(INKS):
        linear = [
            one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
            for one in (c / 255 for c in ink)
        ]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert 1.05 / (luminance + 0.05) >= READABLE, ink
    shades = page.evaluate("() => BS.within({ spotsAs: 'outlines' }, () => BS.palette(false))")
    grey = [lightness(tuple(int(one[at : at + 2], 16) for at in (1, 3, 5))) for one in [*shades, "#12163a"]]
    assert all(before - after >= 5 for before, after in pairwise(grey))
    page.click("#dialog .close")


def test_hostile_texts_leave_a_sheet_one_page(visit: Visit, hostile_page: Path) -> None:
    """Names, notices and sources of any length: still one page, inside its margins, and nothing runs."""
    visitor = visit(hostile_page)
    page = visitor.page
    for unit in ({"row": 0}, {"row": 40}, {"province": 0}):
        page.evaluate(OPEN, unit)
        paper = on_paper(page)
        assert (1, A4_MM) == (paper.pages, paper.size_mm)
        assert paper.ink_mm[3] <= A4_MM[1] - MARGIN_MM + 1
        page.click("#dialog .close")
    assert [] == visitor.complaints


@pytest.mark.parametrize("turn", ["tall", "wide"])
def test_the_swipe_prints_both_periods_side_by_side(visit: Visit, pages: Path, turn: str) -> None:
    """Two maps of one extent, each under its date, each in the colours of its own period; one page."""
    pdfium = pytest.importorskip("pypdfium2")
    page = visit(pages / "map.html", "#t=swipe&s=0").page
    page.click("#do-print")
    page.select_option("#turn", turn)
    assert ["4/2026", "10/2026"] == page.locator("#preview figcaption").all_inner_texts()
    classes = "(past) => [...BS.app.model.classes(BS.app.state, past)]"
    past, now = (np.array(page.evaluate(classes, which)) for which in (True, False))
    points = np.array(page.evaluate("() => BS.app.names.wx.map((x, i) => [x, BS.app.names.wy[i]])"))
    view = page.evaluate("() => ({ ...BS.lastSheet })")
    addresses = page.evaluate(
        "() => [...document.querySelectorAll('#preview canvas')].map((one) => one.toDataURL('image/png'))"
    )
    small = [resized(picture(one), round(view["width"]), round(view["height"])) for one in addresses]
    palette = [
        tuple(int(one[at : at + 2], 16) for at in (1, 3, 5))
        for one in page.evaluate("() => BS.colours.steps")
    ]
    changed = [row for row in np.flatnonzero(past != now) if min(past[row], now[row]) >= 0]
    assert len(changed) >= 5
    for kinds, canvas in ((past, small[0]), (now, small[1])):
        hits = 0
        for row in changed:
            x, y = (points[row] * view["scale"] - [view["left"], view["top"]]).round().astype(int)
            hits += bool(np.abs(canvas[y, x] - palette[kinds[row]]).max() <= 8)
        assert hits >= 0.6 * len(changed)  # a name may lie on a point
    document = pdfium.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))
    pixels = document[0].render(scale=DPI / 72).to_numpy()[:, :, 2::-1].astype(np.float64)
    words, count = " ".join(document[0].get_textpage().get_text_range().split()), len(document)
    document.close()
    assert 1 == count
    assert "4/2026 10/2026" in words
    middle = round(MARGIN_MM / 25.4 * DPI + view["width"]) + 4
    places = [place_of(small[0], pixels[:, :middle]), place_of(small[1], pixels[:, middle:])]
    for (left, top), half, own, other in zip(
        places, (pixels[:, :middle], pixels[:, middle:]), small, small[::-1], strict=True
    ):
        printed = half[top : top + own.shape[0], left : left + own.shape[1]]
        assert np.abs(printed - own).mean() < np.abs(printed - other).mean()
    assert abs(places[0][1] - places[1][1]) <= 1


def test_the_map_says_of_which_run_and_by_which_rule_it_is(visit: Visit, pages: Path) -> None:
    """The printed map has the date of the data, the run, the rule of order, and of each commune rank and province."""
    page = visit(pages / "map.html").page
    page.click("#do-print")
    paper = on_paper(page)
    assert 1 == paper.pages
    for text in ("Số liệu đến 10/2026", "lần chạy 000002-ab12cd", "Thứ tự ưu tiên:", "Hạng"):
        assert text in paper.words
    first = page.locator("#preview .facts tbody tr").first.inner_text()
    assert re.search(rf"· (Núi Cao|Đồng Bằng|Ven Biển)\s+[\d{RANGE}]+\s", first)
