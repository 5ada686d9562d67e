"""Browsers that cannot reach any network, and the pages of a small made-up country."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

from page_country import country, hostile, hostile_page, hostile_texts, pages

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["country", "hostile", "hostile_page", "hostile_texts", "pages"]  # fixtures of this folder


@pytest.fixture(scope="session")
def used_everything() -> Callable[..., None]:
    """Check ``window.tourLog``: all controls ever seen were used in both languages, those of the shell among them."""
    shell = (resources.files("blackspot.maps") / "static" / "shell.html").read_text(encoding="utf-8")
    own = re.findall(r'<(button|select|input)\b[^>]*\bid="([a-z-]+)"', shell)
    assert len(own) > 15

    def check(log: dict[str, list[str]], hidden: tuple[str, ...] = ()) -> None:
        assert [] == sorted(set(log["seen"]) - set(log["used"]))
        for language in ("vi", "en"):
            wanted = {f"{language}  {tag} {name} " for tag, name in own if name not in hidden}
            assert set() == wanted - set(log["used"])

    return check


def chromium_path() -> str:
    """Where Chromium is; empty where there is none."""
    return (
        os.environ.get("BLACKSPOT_CHROMIUM")
        or shutil.which("chromium")
        or shutil.which("google-chrome")
        or ""
    )


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium that is offline; the test is skipped without one."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not chromium_path():
        pytest.skip("no Chromium; set BLACKSPOT_CHROMIUM to its path")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        yield browser
        browser.close()


SETTLED = """async () => {
  const app = BS.app, frame = () => new Promise(requestAnimationFrame);
  const busy = () => Object.values(app.layers).some((layer) => layer._frame) || BS.shownCoverage().some((one) => !app.cover.get(one.block));
  BS.completeTable();
  do { await frame(); await frame(); } while (busy());
}"""
AS_OPENED = """async () => {
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  BS.by('query').value = '';
  BS.by('query').dispatchEvent(new Event('input'));
  document.activeElement.blur();
  const heard = new Promise((done) => addEventListener('hashchange', done, { once: true }));
  location.hash = `#v=communes&again${performance.now()}`; /* another one each time, so that it is heard */
  await heard;
  BS.fitAll();
  scrollTo(0, 0);
}"""


class Visit:
    """An open page: what it asked for, and what it complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.complaints.append("dialog"), dialog.dismiss()))

    def settle(self) -> None:
        """Wait until the whole list stands there, and everything that is to be painted has been."""
        self.page.evaluate(SETTLED)

    def start_again(self) -> None:
        """Bring the page back to the list of communes: nothing chosen, searched, opened or complained about."""
        self.page.evaluate(AS_OPENED)
        self.settle()
        self.complaints.clear()


Opener = Callable[..., Visit]


@contextmanager
def _opener(chromium: Any) -> Iterator[Opener]:
    """Offer what opens pages, and close them in the end."""
    contexts = []

    def opened(
        path: Path,
        address: str = "",
        *,
        script: str = "",
        width: int = 1366,
        height: int = 768,
        **options: Any,
    ) -> Visit:
        context = chromium.new_context(offline=True, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        if script:
            page.add_init_script(script)
        visitor = Visit(page)
        page.goto(f"{path.as_uri()}{address}")
        page.wait_for_function("() => window.BS && BS.readyAt", timeout=30_000)
        visitor.settle()
        return visitor

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Opener]:
    """Open a page: ``visit(path, "#hash", script=..., width=..., **context options)``."""
    with _opener(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def opened_once(chromium: Any) -> Iterator[Opener]:
    """Open pages as ``visit`` does, for all tests of a file."""
    with _opener(chromium) as opened:
        yield opened


@pytest.fixture(scope="module")
def _national(opened_once: Opener, pages: Path) -> Visit:
    return opened_once(pages / "map.html", "#v=communes")


@pytest.fixture
def desk(_national: Visit) -> Visit:
    """The national page on a desk, opened once for a file, and for every test as if it had just been opened."""
    _national.start_again()
    return _national
