"""Open a page in WebKitGTK, run a script in it, and save a picture of the window.

    python3 webkit_window.py PAGE PICTURE.png < SCRIPT.js

Runs under the Python of the system, which has the bindings (Debian: python3-gi, gir1.2-webkit2-4.1), on a display.
The script is the body of an async function and runs when the page is ready; its answer, a JSON text, is printed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")

from gi.repository import Gdk, GLib, Gtk, WebKit2  # noqa: E402 - the versions must be named first

WIDTH, HEIGHT = 1366, 768
PAINTED_MS = 700
READY = """await new Promise((done) => { const look = () => window.BS && BS.readyAt ? done() : setTimeout(look, 50); look(); });
"""


class Window:
    """A window with one page."""

    def __init__(self, page: Path, picture: Path, script: str) -> None:
        self.picture, self.script, self.failure = picture, READY + script, ""
        self.view = WebKit2.WebView()
        self.view.get_settings().set_enable_write_console_messages_to_stdout(True)
        self.view.connect("load-changed", self._loaded)
        self.view.connect("web-process-terminated", lambda *_: self._stop("the web process ended"))
        self.window = Gtk.Window(default_width=WIDTH, default_height=HEIGHT, decorated=False)
        self.window.add(self.view)
        self.window.show_all()
        self.view.load_uri(page.resolve().as_uri())

    def _loaded(self, view: Any, event: Any) -> None:
        if event == WebKit2.LoadEvent.FINISHED:
            view.call_async_javascript_function(self.script, -1, None, None, None, None, self._ran)

    def _ran(self, view: Any, result: Any) -> None:
        try:
            print(view.call_async_javascript_function_finish(result).to_string(), flush=True)  # noqa: T201 - the answer
        except GLib.Error as error:
            self._stop(str(error))
            return
        GLib.timeout_add(PAINTED_MS, self._save)

    def _save(self) -> bool:
        ground = self.window.get_window()
        pixels = Gdk.pixbuf_get_from_window(ground, 0, 0, ground.get_width(), ground.get_height())
        pixels.savev(str(self.picture), "png", [], [])
        self._stop("")
        return False

    def _stop(self, failure: str) -> None:
        self.failure = failure
        Gtk.main_quit()


if __name__ == "__main__":
    window = Window(Path(sys.argv[1]), Path(sys.argv[2]), sys.stdin.read())
    Gtk.main()
    sys.exit(window.failure or None)
