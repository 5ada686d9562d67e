"""The same tour in Firefox, driven through its own Marionette socket on this machine."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from published_runs import write_linked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from blackspot.maps.pages.map_data import MapData

pytestmark = [pytest.mark.slow, pytest.mark.browser]

TOUR = (Path(__file__).parent / "tour.js").read_text(encoding="utf-8")
TOUR_LOG = "({ seen: [...tourLog.seen], used: [...tourLog.used] })"
FIREFOX = os.environ.get("BLACKSPOT_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
PREFERENCES = {
    "marionette.port": 0,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.download.folderList": 2,
    "browser.download.useDownloadDir": True,
}


class Firefox:
    """A client of the Marionette protocol: messages are ``length:[0, id, command, parameters]``."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self._numbers = itertools.count(1)
        self._receive()  # the greeting
        self.ask("WebDriver:NewSession", {})
        self.ask("WebDriver:SetTimeouts", {"script": 240_000, "pageLoad": 60_000})

    def ask(self, command: str, parameters: dict[str, Any]) -> Any:
        """Send a command and give its value; an error of the browser is raised."""
        message = json.dumps([0, next(self._numbers), command, parameters]).encode()
        self._socket.sendall(f"{len(message)}:".encode() + message)
        _, _, error, result = self._receive()
        if error:
            raise AssertionError(error["message"])
        return result.get("value") if isinstance(result, dict) else result

    def run(self, expression: str) -> Any:
        """Evaluate an expression or the promise it gives."""
        code = f"const done = arguments[arguments.length - 1]; Promise.resolve({expression}).then(done, (error) => done('failed: ' + error));"
        return self.ask("WebDriver:ExecuteAsyncScript", {"script": code, "args": [], "sandbox": None})

    def close(self) -> None:
        """Quit the browser."""
        self.ask("Marionette:Quit", {"flags": ["eForceQuit"]})
        self._socket.close()

    def _receive(self) -> Any:
        head = b""
        while not head.endswith(b":"):
            head += self._socket.recv(1)
        wanted, body = int(head[:-1]), b""
        while len(body) < wanted:
            body += self._socket.recv(wanted - len(body))
        return json.loads(body)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """A headless Firefox that can reach nobody; the test is skipped without one."""
    if not FIREFOX:
        pytest.skip("no Firefox; set BLACKSPOT_FIREFOX to its path")
    profile = tmp_path_factory.mktemp("firefox")
    preferences = PREFERENCES | {"browser.download.dir": str(profile / "downloads")}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [FIREFOX, "--headless", "--marionette", "--no-remote", "--profile", str(profile)]
    environment = {
        **os.environ,
        "HOME": str(profile),
        "MOZ_HEADLESS_WIDTH": "1366",
        "MOZ_HEADLESS_HEIGHT": "768",
    }
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    try:
        client = Firefox(_port(profile / "MarionetteActivePort"))
        yield client
        client.close()
        process.wait(30)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _port(path: Path) -> int:
    for _ in range(600):
        if path.exists() and path.read_text(encoding="utf-8").strip():
            return int(path.read_text(encoding="utf-8"))
        time.sleep(0.1)
    pytest.fail("Firefox did not open its Marionette socket")


def _open(firefox: Firefox, page: Path) -> None:
    firefox.ask("WebDriver:Navigate", {"url": page.as_uri()})
    ready = "new Promise((done) => { const look = () => window.BS && BS.readyAt ? done(true) : setTimeout(look, 50); look(); })"
    assert firefox.run(ready) is True


def test_the_tour_runs_in_firefox(
    firefox: Firefox, pages: Path, used_everything: Callable[..., None]
) -> None:
    """Every control in both languages, without one error of the page; no control was left out."""
    _open(firefox, pages / "map.html")
    firefox.run(
        "(window.errors = [], window.addEventListener('error', (e) => errors.push(e.message)), window.addEventListener('unhandledrejection', (e) => errors.push(String(e.reason))), 1)"
    )
    assert firefox.run(f"({TOUR.strip()})()") == "vi"
    used_everything(firefox.run(TOUR_LOG))
    assert firefox.run("window.errors") == []
    assert firefox.run("performance.getEntriesByType('resource').map((one) => one.name)") == []


def test_firefox_paints_the_classes(firefox: Firefox, pages: Path) -> None:
    """The ground canvas has the colours of the scale."""
    _open(firefox, pages / "map.html")
    seen = firefox.run(
        """(() => { const c = document.querySelector('.leaflet-ground-pane canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, n = {};
        for (let i = 0; i < d.length; i += 4) { const k = [d[i], d[i + 1], d[i + 2]].join(); n[k] = (n[k] || 0) + 1; }
        return BS.colours.steps.filter((s) => n[[1, 3, 5].map((at) => parseInt(s.slice(at, at + 2), 16)).join()] > 200).length; })()"""
    )
    assert seen >= 3


def test_hostile_texts_run_nothing_in_firefox(firefox: Firefox, hostile_page: Path) -> None:
    """The tour over the hostile page leaves no trace."""
    _open(firefox, hostile_page)
    assert firefox.run(f"({TOUR.strip()})()") == "vi"
    assert (
        firefox.run(
            "window.pwned === undefined && document.querySelectorAll('img, svg, iframe').length === 0"
        )
        is True
    )


def test_a_published_page_loads_its_files_in_firefox(
    firefox: Firefox, country: MapData, tmp_path: Path
) -> None:
    """As a file: the policy lets in the script and the style beside it, and nothing else is asked for."""
    page = write_linked(country, tmp_path)
    _open(firefox, page)
    asked = firefox.run("performance.getEntriesByType('resource').map((one) => one.name)")
    assert [] == [name for name in asked if not name.startswith(page.parent.as_uri())]
    assert firefox.run("getComputedStyle(document.body).margin") == "0px"
    assert firefox.run("document.querySelectorAll('#table tbody tr').length > 0") is True
