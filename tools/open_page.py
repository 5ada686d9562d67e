"""Open a page from disk in Chromium without a network: one request, no message, something to see.

``python tools/open_page.py PAGE [--screenshot FILE]`` ends with 1 and says why where this is not so.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1400, 900  # pixels; an office screen
SETTLE_MS = 3000  # time for the page to draw what it holds


def complaints(page_file: Path, browser_path: str, screenshot: Path | None) -> list[str]:
    """Open the page and list everything that should not have happened."""
    found: list[str] = []
    requests: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        context = browser.new_context(offline=True, viewport={"width": WIDTH, "height": HEIGHT})
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: found.append(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: found.append(f"error in the page: {error}"))
        page.goto(page_file.absolute().as_uri())
        page.wait_for_timeout(SETTLE_MS)
        if not page.title().strip():
            found.append("the page has no title")
        if len(page.inner_text("body").strip()) < 100:
            found.append("the page shows hardly any text")
        if screenshot is not None:
            page.screenshot(path=str(screenshot))
        browser.close()
    foreign = [url for url in requests[1:] if not url.startswith(("data:", "blob:"))]
    found += [f"request for {url}" for url in foreign]
    return found


def main() -> int:
    """Open the page that the command line names."""
    parser = argparse.ArgumentParser(description="Open a page in Chromium without a network.")
    parser.add_argument("page", type=Path)
    parser.add_argument("--screenshot", type=Path, help="file for a picture of the page")
    arguments = parser.parse_args()
    browser_path = (
        shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if browser_path is None:
        print("no Chromium is installed")
        return 1
    found = complaints(arguments.page, browser_path, arguments.screenshot)
    for complaint in found:
        print(complaint)
    print(f"{arguments.page}: {'not as it should be' if found else 'one request, no message'}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
