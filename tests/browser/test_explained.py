"""The card says what ``blackspot explain`` says, letter for letter; the lists agree with the workbook and the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pandas as pd
import pytest

import blackspot
from blackspot.data.sample.write import write_sample
from blackspot.data.text.safe import printable
from blackspot.maps.summary.run import JUDGED_SHOWN, run_summary
from blackspot.maps.words.figures import number
from blackspot.pipeline import past_runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from conftest import Opener, Visit

    from blackspot.maps.summary.report import RunReport

EVERY_COMMUNE, EVERY_SPOT = 5, 23

SHOWN = """async ([place, spot, language]) => {
  BS.set(spot ? { spot: place } : { selected: place, spot: '' });
  if (BS.language !== language) BS.by('do-language').click();
  const waits = () => new Promise(requestAnimationFrame), said = () => [...document.querySelectorAll('#told p')];
  document.querySelector('#told').open = true;
  while (!said().length) await waits();
  return said().map((line) => line.textContent).join('\\n');
}"""


class Sample(NamedTuple):
    """Two runs of the sample, the second one a month later."""

    out: Path
    report: RunReport
    communes: pd.DataFrame
    spots: pd.DataFrame


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    for month in (1, 2):
        report = blackspot.run(write_sample(folder, month=month))
    run = folder / "out" / "latest"
    tables = (pd.read_parquet(run / f"{name}.parquet") for name in ("communes", "black_spots"))
    return Sample(folder / "out", report, *tables)


@pytest.fixture(scope="module")
def card(opened_once: Opener, sample: Sample) -> Visit:
    return opened_once(sample.out / "latest" / "map.html")


def differing(visitor: Visit, out: Path, places: Iterable[str], *, spots: bool) -> list[tuple[str, str, str]]:
    """Compare the card with the command, in both languages."""
    found = []
    for place in places:
        for language in ("vi", "en"):
            wanted = printable(past_runs.explain(out, place, language=language).text)
            shown = visitor.page.evaluate(SHOWN, [place, spots, language])
            if wanted != shown:
                found.append((place, wanted, shown))
    return found


@pytest.mark.slow  # two runs of the sample, and every sentence of it
def test_the_card_of_a_commune_says_what_explain_says(card: Visit, sample: Sample) -> None:
    """Of every fifth commune, in both languages, with what the run before said."""
    codes = sample.communes["code"].tolist()[::EVERY_COMMUNE]
    assert len(codes) > 30
    assert [] == differing(card, sample.out, codes, spots=False)
    assert "000001-" in card.page.evaluate(SHOWN, [codes[0], False, "en"])
    assert [] == card.complaints


@pytest.mark.slow  # two runs of the sample, and every sentence of it
def test_the_card_of_a_black_spot_says_what_explain_says(card: Visit, sample: Sample) -> None:
    """As the command does when it is given the id of the spot."""
    ids = sample.spots["spot_id"].tolist()[::EVERY_SPOT]
    assert len(ids) > 15
    assert [] == differing(card, sample.out, ids, spots=True)


@pytest.mark.slow  # two runs of the sample, and every sentence of it
def test_a_page_of_a_province_says_the_same(opened_once: Opener, sample: Sample) -> None:
    """Its communes have other row numbers, and other forms."""
    province = sample.communes["province_code"].iloc[-1]
    own = sample.communes[sample.communes["province_code"] == province]["code"].tolist()
    visitor = opened_once(sample.out / "latest" / "maps" / f"{province}.html")
    assert [] == differing(visitor, sample.out, own[:: 2 * EVERY_COMMUNE], spots=False)
    ids = sample.spots[sample.spots["code"].isin(own)]["spot_id"].tolist()
    assert [] == differing(visitor, sample.out, ids[:: 2 * EVERY_SPOT], spots=True)


LISTED = """() => { BS.set({ tab: 'communes' }); BS.completeTable(); return [...BS.by('table').tBodies[0].rows].map((row) => [row.dataset.key, [...row.cells[0].childNodes].find((node) => node.nodeType === 3)?.data || '']); }"""


@pytest.mark.slow  # two runs of the sample, and every sentence of it
def test_page_terminal_and_workbook_have_one_list(opened_once: Opener, sample: Sample) -> None:
    """The same communes in the same order, with the same numbers."""
    rows = opened_once(sample.out / "latest" / "map.html").page.evaluate(LISTED)
    sheet = openpyxl.load_workbook(sample.out / "latest" / "blackspot.xlsx")["ranking"]
    printed: list[Any] = list(sheet.iter_rows(min_row=3, values_only=True))  # below the notice and the heads
    assert len(printed) == len(sample.communes)
    assert [row[0] for row in rows] == [row[1] for row in printed[: len(rows)]]
    certain = [(at, rank) for at, (_, rank) in enumerate(rows) if rank]  # others lie between two ranks
    assert len(certain) > len(rows) / 2
    assert certain == [(at, number(printed[at][0], "vi")) for at, _ in certain]
    (block,) = (one for one in run_summary(sample.report, "vi") if len(one.rows) == JUDGED_SHOWN)
    told = [(row[0].split(" ")[0], row[1], row[4]) for row in block.rows]  # the rank, then its range
    counted = sample.communes.set_index("code")["score"]
    assert told == [(str(row[0]), row[1], number(counted[row[1]], "vi")) for row in printed[:JUDGED_SHOWN]]


def test_hostile_texts_stay_text(visit: Opener, hostile_page: Path) -> None:
    """Names that are markup or code are shown, and nothing of them runs."""
    visitor = visit(hostile_page)
    for code in ("00001", "00006", "00007"):
        shown = visitor.page.evaluate(SHOWN, [code, False, "en"])
        assert f"({code})" in shown
        assert 0 == visitor.page.locator("#told :not(summary, div, p)").count()
    assert visitor.page.evaluate("() => window.pwned === undefined")
    assert [] == visitor.complaints
