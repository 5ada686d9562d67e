"""The page in WebKitGTK, the engine of GNOME Web: it works, and the picture of the window is right."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
import rasterio
from rasterio.errors import NotGeoreferencedWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

pytestmark = [pytest.mark.slow, pytest.mark.browser]

HERE = Path(__file__).parent
PYTHON = os.environ.get("BLACKSPOT_WEBKIT_PYTHON") or "/usr/bin/python3"  # Debian keeps the bindings there
BINDINGS = (
    "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1'); "
    "from gi.repository import WebKit2"
)
SCRIPT = """
const errors = [];
addEventListener('error', (event) => errors.push(event.message));
addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
const pause = () => new Promise((done) => setTimeout(done, 100));
for (const step of [
  () => BS.by('do-language').click(), () => BS.by('do-csv').click(),
  () => BS.set({ service: '5g', operators: ['sao_mai', 'hai_dang'] }), () => BS.set({ period: 'swipe' }), () => BS.set({ period: 'change' }),
  () => { BS.by('query').value = 'hoa'; BS.by('query').dispatchEvent(new Event('input')); },
  () => BS.by('query').dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' })),
  () => BS.by('tab-spots').click(), () => document.querySelector('#table tbody button').click(),
  () => BS.by('do-method').click(), () => BS.by('dialog').close(), () => BS.by('do-print').click(), () => BS.by('dialog').close(),
  () => BS.by('do-language').click(), () => BS.by('do-reset').click(),
]) { step(); await pause(); }
const language = document.documentElement.lang;
const box = (id) => { const b = BS.by(id).getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom].map(Math.round); };
return JSON.stringify({ language, errors, title: box('title'), stage: box('stage'), legend: box('legend'), tiles: box('tiles'),
  steps: BS.colours.steps, sea: BS.colours.sea,
  fetched: performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith('blob:')) });
"""


class Shot(NamedTuple):
    """What the page answered, what it wrote to its console, and the pixels of the window, uint8 (rows, columns, 3)."""

    answer: dict[str, Any]
    console: list[str]
    pixels: NDArray[np.uint8]

    def part(self, name: str) -> NDArray[np.uint8]:
        """Cut out the box of an element."""
        left, top, right, bottom = self.answer[name]
        return self.pixels[top:bottom, left:right]


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A display without a screen; the test is skipped without Xvfb or the bindings of WebKitGTK."""
    server = shutil.which("Xvfb")
    if server is None or not Path(PYTHON).exists():
        pytest.skip("no Xvfb (Debian: xvfb)")
    if subprocess.run([PYTHON, "-c", BINDINGS], capture_output=True, check=False).returncode:
        pytest.skip("no WebKitGTK bindings (Debian: gir1.2-webkit2-4.1 python3-gi)")
    number, telling = os.pipe()
    command = [server, "-displayfd", str(telling), "-screen", "0", "1366x768x24", "-nolisten", "tcp"]
    process = subprocess.Popen(
        command, pass_fds=[telling], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(telling)
    try:
        with os.fdopen(number) as told:
            line = told.readline().strip()
        assert line, "Xvfb did not start"
        yield f":{line}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def shot(display: str, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Shot:
    """Each kind of thing the page does, then the opening view."""
    home = tmp_path_factory.mktemp("webkit")
    nobody = "http://127.0.0.1:9"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "DISPLAY": display,
        "GDK_BACKEND": "x11",
        "LANG": "C.UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
        "http_proxy": nobody,
        "https_proxy": nobody,
    }
    picture = home / "window.png"
    command = [PYTHON, str(HERE / "webkit_window.py"), str(pages / "map.html"), str(picture)]
    done = subprocess.run(
        command, input=SCRIPT, capture_output=True, text=True, check=False, timeout=240, env=environment
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture lies nowhere
        with rasterio.open(picture) as source:
            pixels = np.moveaxis(source.read([1, 2, 3]), 0, -1)
    return Shot(json.loads(lines[-1]), lines[:-1], pixels)


def colours(pixels: NDArray[np.uint8]) -> Counter[tuple[int, ...]]:
    """Count the colours of a picture."""
    found, count = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    return Counter(
        {tuple(colour): int(number) for colour, number in zip(found.tolist(), count.tolist(), strict=True)}
    )


def parsed(colour: str) -> tuple[int, ...]:
    """Read #rrggbb."""
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def test_the_page_works_in_webkit(shot: Shot) -> None:
    """Both languages, coverage, swipe, change, search, lists, dialogs: no error, no message, nothing loaded."""
    assert (shot.answer["language"], shot.answer["errors"], shot.answer["fetched"]) == ("vi", [], [])
    assert [] == shot.console


@pytest.mark.parametrize("name", ["title", "tiles", "legend"])
def test_title_numbers_and_legend_are_painted(shot: Shot, name: str) -> None:
    """Dark letters on a light ground where the page has its words."""
    brightness = shot.part(name).mean(axis=-1)
    assert np.median(brightness) > 235
    assert 0.01 < (brightness < 110).mean() < 0.4


def test_the_map_is_painted_in_the_colours_of_the_legend(shot: Shot) -> None:
    """Sea, and every class of the scale, on the map; the same classes in the legend."""
    stage, legend = colours(shot.part("stage")), colours(shot.part("legend"))
    steps = [parsed(step) for step in shot.answer["steps"]]
    assert stage[parsed(shot.answer["sea"])] > 10_000
    assert all(stage[step] > 200 for step in steps)
    assert all(legend[step] > 150 for step in steps)
