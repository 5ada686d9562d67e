"""A published site in a browser: from a web server on this machine and as files, without any other request."""

from __future__ import annotations

import csv
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.exports.csv_file import ENCODING, remove_guards
from blackspot.data.project.sections.publish import Publish
from blackspot.maps.site.reduced import reduced
from blackspot.maps.words.figures import number
from blackspot.pipeline.publishing.publish import publish
from published_runs import EVERYTHING, out, run_folder, write_linked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from blackspot.maps.pages.map_data import MapData

    Visit = Callable[..., Any]

__all__ = ["out", "run_folder"]  # fixtures

READY = "() => window.BS && BS.readyAt"
STATE = "() => [BS.app.state.selected, BS.app.state.indicator, BS.app.state.tab, BS.language]"
DEEP = "#x=00102&i=no.5g&v=communes&l=en"


class Quiet(SimpleHTTPRequestHandler):
    """A web server for files that writes no log."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - as the library calls it
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def site(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the small country, by the usual rules."""
    return publish(out, tmp_path_factory.mktemp("www") / "site", Publish(tiles=False)).folder


@pytest.fixture(params=["http", "file"])
def opened(request: pytest.FixtureRequest, chromium: Any, site: Path) -> Iterator[Any]:
    """A page that has opened nothing yet: ``opened(path)`` opens one of the site, from a server and as a file."""
    with served(site) as address:
        base = address if request.param == "http" else site.as_uri()
        context = chromium.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        heard: list[str] = []
        page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith(base) else None)
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))

        def open_page(path: str) -> Any:
            page.goto(f"{base}/{path}")
            page.wait_for_function(READY)
            return page

        yield open_page
        context.close()
        assert [] == heard


@pytest.fixture(scope="module")
def rows(site: Path) -> dict[str, dict[str, str]]:
    """The published communes by their code."""
    with (site / "data" / "communes.csv").open(encoding=ENCODING, newline="") as stream:
        return {row["code"]: row for row in csv.DictReader(stream)}


def test_pages_show_what_the_files_say(opened: Any, rows: dict[str, dict[str, str]]) -> None:
    """Every number of a commune on the page is that of the CSV; so is the one on its card."""
    page = opened("index.html")
    assert sorted(rows) == sorted(page.evaluate("() => BS.app.names.code"))
    shown = page.evaluate(
        "() => BS.app.names.code.map((code, row) => [code, BS.app.names.given[row],"
        " Object.fromEntries([...BS.app.model.now].map(([name, values]) => [name, isFinite(values[row]) ? values[row] : null]))])"
    )
    compared = 0
    for code, name, numbers in shown:
        assert remove_guards(rows[code]["name"]) == name
        for column, value in numbers.items():
            if column in rows[code]:  # how many may lack something is on the page alone
                told = rows[code][column]
                assert (float(told) if told else None) == pytest.approx(value, abs=6e-3), column
                compared += 1
    assert compared > 60
    for code, row in rows.items():
        page.evaluate("(code) => BS.set({ selected: code })", code)
        assert number(float(row["pop_total"]), "vi") in page.inner_text("#card .people")
        assert remove_guards(row["name"]) in page.inner_text("#card h2")


def test_a_deep_link_works_as_offline(opened: Any, visit: Visit, run_folder: Path) -> None:
    """The same fragment leads to the same view, on the national page and on one of a province."""
    offline = visit(run_folder / "map.html", DEEP).page.evaluate(STATE)
    assert ["00102", "no.5g", "communes", "en"] == offline == opened(f"index.html{DEEP}").evaluate(STATE)
    assert offline == opened(f"maps/01.html{DEEP}").evaluate(STATE)


def test_pages_lead_to_each_other(opened: Any) -> None:
    """From a province to the country and back, and to the files."""
    page = opened("maps/01.html#x=00102")
    page.click('a[href^="../index.html"]')
    page.wait_for_function("() => window.BS && BS.readyAt && BS.meta.kind === 'national'")
    assert page.evaluate("() => [BS.app.state.province, BS.app.state.selected]") == [0, "00102"]
    page.click("#published a:visible")
    page.wait_for_load_state()
    assert page.url.endswith("/data/index.html")
    assert page.locator('a[href="communes.csv"]').count() == 1


def cards(visitor: Any) -> str:
    """Read all cards of communes with the explanation unfolded."""
    texts = []
    for code in visitor.page.evaluate("() => BS.app.names.code"):
        visitor.page.evaluate("(code) => BS.set({ selected: code })", code)
        visitor.page.evaluate("() => { BS.by('told').open = true; }")
        visitor.page.wait_for_selector("#told p")
        texts.append(visitor.page.inner_text("#card"))
    return "\n".join(texts).lower()


def test_what_is_kept_back_is_not_offered(out: Path, site: Path, tmp_path: Path, visit: Visit) -> None:
    """Without black spots: no tab, no number, and no sentence that there are none; elsewhere there are such."""
    usual = visit(site / "index.html", "#v=spots&l=en")
    assert usual.page.is_visible("#tab-spots")
    assert "black spot" in cards(usual)
    strict = publish(out, tmp_path / "site", Publish(tiles=False, black_spots=False)).folder
    visitor = visit(strict / "index.html", "#v=spots&l=en")
    assert "spots" != visitor.page.evaluate("() => BS.app.state.tab")
    assert not visitor.page.is_visible("#tab-spots")
    said = cards(visitor)
    assert "people" in said
    assert "black spot" not in said
    assert "Black spots are not published." in visitor.page.inner_text("#published")
    assert [] == visitor.complaints


def test_all_is_shown_where_all_is_published(out: Path, tmp_path: Path, visit: Visit) -> None:
    """Coverage is drawn, operators are named."""
    site = publish(out, tmp_path / "site", replace_tiles()).folder
    visitor = visit(site / "index.html", "#c=5g&l=en")
    visitor.settle()
    assert ["hai_dang", "sao_mai"] == sorted(visitor.page.evaluate("() => BS.app.state.operators"))
    assert "Hải Đăng" in visitor.page.inner_text("#sources")
    assert [] == visitor.complaints


def replace_tiles() -> Publish:
    """All leaves the house but tiles, which no page reads."""
    return EVERYTHING.model_copy(update={"tiles": False})


def test_hostile_texts_do_nothing(hostile: MapData, tmp_path: Path, visit: Visit) -> None:
    """Every text field of everything is hostile: nothing runs, nothing is asked for but the shared files."""
    communes = hostile.communes.assign(pop_may_fail=0.0)
    page = write_linked(reduced(replace(hostile, communes=communes), EVERYTHING), tmp_path)
    visitor = visit(page)
    assert visitor.page.evaluate("() => [window.pwned, ({}).pwned]") == [None, None]
    assert visitor.page.evaluate("() => document.querySelectorAll('img, svg, iframe, object').length") == 0
    files = {path.as_uri() for path in tmp_path.rglob("*") if path.is_file()}
    assert (3, files) == (len(files), set(visitor.requests))
    assert [] == visitor.complaints
