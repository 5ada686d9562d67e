"""Shares in a real browser: the text the terminal writes, and never all or nobody by rounding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest

from blackspot.maps.words.figures import percent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Visit = Callable[..., Any]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_writes_a_share_as_the_terminal_does(desk: Any, language: Literal["vi", "en"]) -> None:
    """Random shares, halves, what adding up leaves at the ends, and what has no share: letter by letter."""
    rng = np.random.default_rng(5)
    whole = np.round(rng.lognormal(8, 3, 3000), 3)
    pairs = list(zip((whole * rng.beta(0.2, 0.2, 3000)).tolist(), whole.tolist(), strict=True))
    pairs += [(at / 2, 1000.0) for at in range(2001)]  # every twentieth of a percent: all the halves
    for all_ in (0.3, 7.0, 1e4, 97_338_583.4):
        for rest in (0.0, 1e-16, 1e-10, 1e-9, 1e-8, 1e-6, 1e-4, 4e-4, 5e-4, 6e-4):
            pairs += [(all_ * rest, all_), (all_ * (1 - rest), all_)]
    pairs += [(0.0, 0.0), (1.0, 0.0), (-1e-12, 5.0)]
    shown = desk.page.evaluate(
        "([language, pairs]) => { BS.set({ language }); return pairs.map((pair) => BS.percent(pair[0], pair[1])); }",
        [language, pairs],
    )
    assert [percent(part, all_, language) for part, all_ in pairs] == shown
    assert {"0%", "<0.1%", ">99.9%", "100%", "-"} <= {text.replace(",", ".") for text in shown}


def test_no_list_of_the_page_rounds_to_nobody_or_everybody(visit: Visit, pages: Path) -> None:
    """What is read aloud, the list and the printed sheet follow the same rule, 4 of 100,000 from either end."""
    page = visit(pages / "map.html").page
    shown = page.evaluate(
        """() => {
          BS.set({ language: 'en', unit: 'share', indicator: 'no.fibre', period: 'now' });
          const row = BS.app.model.sorted(BS.app.state)[0], found = [];
          for (const share of [0.004, 99.996]) {
            const people = BS.app.model.now.get('pop_total').map((all) => all * share / 100);
            BS.app.model.bounds = () => ({ low: people, high: people });
            BS.by('do-print').click();
            found.push([BS.valueText(row).split(' (')[0], BS.valueCell(row, false)[1],
              [...document.querySelectorAll('#preview .facts tbody td')].map((cell) => cell.textContent).find((text) => text.includes('%'))]);
            document.querySelector('dialog[open]').close();
          }
          delete BS.app.model.bounds;
          return found; }"""
    )
    assert shown == [["<0.1%"] * 3, [">99.9%"] * 3]
