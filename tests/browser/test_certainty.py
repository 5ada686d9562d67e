"""How sure the list is, in its rows and on the card, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from blackspot.maps.pages.page import build_pages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

DASH = "\N{EN DASH}"
ENDS = f"1{DASH}5"
WORDS = {
    "vi": ("chắc chắn", "cần xác minh", "người chưa đạt", f"hạng 2 ({ENDS})"),
    "en": ("certain", "verify first", "people fail", f"rank 2 ({ENDS})"),
}


@pytest.fixture(scope="module")
def sure_page(country: MapData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small country: the second commune is certain and has ranges, the third is to be verified, all others are open."""
    frame = country.communes
    rank = frame["rank"].fillna(0).astype(int)
    states = rank.map({2: "certain", 3: "verify_first"}).fillna("")
    sure = frame.assign(
        pop_failing_low=(frame["pop_failing"] - 500).clip(lower=0.0).where(rank == 2, frame["pop_failing"]),
        pop_failing_high=(frame["pop_failing"] + 700).where(rank == 2, frame["pop_failing"]),
        rank_low=pd.array((rank - 1).where(rank == 2, rank), dtype="Int64"),
        rank_high=pd.array((rank + 3).where(rank == 2, rank), dtype="Int64"),
        top_probability=0.5,
        certainty=states,
    )
    folder = tmp_path_factory.mktemp("sure")
    build_pages(replace(country, communes=sure), folder, pages="national")
    return folder / "map.html"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_rows_and_card_say_how_sure_they_are(
    visit: Callable[..., Any], sure_page: Path, language: str
) -> None:
    """The row has both ranges and the word, the card a sentence; a row without a range has neither."""
    certain, verify, sentence, rank = WORDS[language]
    visitor = visit(sure_page, f"#v=communes&l={language}")
    page = visitor.page
    visitor.settle()
    rows = page.locator("#table tbody tr")
    second = rows.nth(1).inner_text()
    assert ENDS in second
    assert certain in second
    assert verify in rows.nth(2).inner_text()
    assert DASH not in rows.nth(0).locator("td").first.inner_text()
    rows.nth(1).locator("button").click()
    visitor.settle()
    card = page.locator("#card .rank").inner_text()
    assert sentence in card
    assert rank in card
    assert certain in card
    people = page.evaluate(
        "() => ['', '_low', '_high'].map((end) => BS.number(BS.app.model.now.get('pop_failing' + end)[BS.app.selected]))"
    )
    assert f"({people[1]}{DASH}{people[2]})" in card
    assert people[0] in card
    assert [] == visitor.complaints


def test_a_page_of_a_run_without_it_says_nothing(visit: Callable[..., Any], pages: Path) -> None:
    visitor = visit(pages / "map.html", "#v=communes")
    visitor.settle()
    page = visitor.page
    assert 0 == page.locator("#table .sure").count()
    titles = page.locator("#table small[title]").evaluate_all("(all) => all.map((one) => one.title)")
    assert page.evaluate("() => BS.t('sure.range')") not in titles  # a range for want of data has another one
