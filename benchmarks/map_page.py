"""Measure a map page in Chromium beside a plain folium map of the same communes, as ratios.

    python benchmarks/map_page.py RUN_FOLDER

The run folder is one that ``blackspot run`` published. The plain map is folium's GeoJson layer with the same shapes,
simplified to 55 m, and Leaflet put inside the file (folium itself would load it from elsewhere). Both are opened
from disk without a network. Times depend on the machine, so read the ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import folium
import shapely
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from blackspot.maps import assets
from blackspot.maps.layer_store import read_map_data

ROUNDS = 3
INTERACTIONS = {
    "indicator": "BS.set({ indicator: BS.app.meta.indicators[1].id })",
    "people instead of share": "BS.set({ unit: 'people' })",
    "border filter": "BS.set({ setting: BS.BORDER })",
    "no filter": "BS.set({ setting: 0 })",
    "sort by name": "BS.set({ sort: 'name' })",
    "coverage, first time": "BS.set({ service: BS.app.meta.coverage[0].service, operators: BS.app.meta.coverage.filter((l) => l.service === BS.app.meta.coverage[0].service).map((l) => l.slug) })",
    "coverage off": "BS.set({ service: '' })",
    "black spots list, first time": "BS.set({ tab: 'spots' })",
    "communes list": "BS.set({ tab: 'communes' })",
    "language": "BS.set({ language: 'en' })",
    "select": "BS.set({ selected: BS.app.names.code[5] })",
    "zoom to province": "BS.fitProvince(3)",
    "whole country": "BS.fitAll()",
    "search, first key": "BS.by('query').value = 'h', BS.by('query').dispatchEvent(new Event('input'))",
    "search, next key": "BS.by('query').value = 'ho', BS.by('query').dispatchEvent(new Event('input'))",
    "CSV": "BS.csv()",
}


def main() -> None:
    """Print sizes, times and ratios."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("run", type=Path)
    given = arguments.parse_args()
    chromium = os.environ.get("BLACKSPOT_CHROMIUM") or shutil.which("chromium") or ""
    if not chromium:
        sys.exit("no Chromium; set BLACKSPOT_CHROMIUM to its path")
    page = (given.run / "map.html").resolve()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        plain = _plain_map(given.run, Path(folder) / "plain.html")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print(f"{'page':<28}{'MB':>8}{'ready 1x ms':>14}{'ready 4x ms':>14}")
        ours = _row(browser, "blackspot", page, "() => window.BS && BS.readyAt")
        theirs = _row(browser, "plain folium, 55 m", plain, "() => window.plainReady")
        print(
            f"{'ratio':<28}"
            + "".join(
                f"{mine / other:>{width}.2f}"
                for mine, other, width in zip(ours, theirs, (8, 14, 14), strict=True)
            )
        )
        print(f"\n{'interaction':<34}{'1x ms':>8}{'4x ms':>8}")
        times = {slowdown: _interactions(browser, page, slowdown) for slowdown in (1, 4)}
        for name in INTERACTIONS:
            print(f"{name:<34}{times[1][name]:>8.0f}{times[4][name]:>8.0f}")
        browser.close()


def _plain_map(run: Path, path: Path) -> Path:
    """Write the map most people would write."""
    communes = read_map_data(run).communes[["code", "name", "geometry"]]
    simple = communes.set_geometry(shapely.simplify(communes.geometry.to_numpy(), 0.0005), crs=communes.crs)
    plain = folium.Map(location=[16, 107], zoom_start=6, tiles=None)
    plain.default_js, plain.default_css = [], []
    folium.GeoJson(simple.to_json(), tooltip=folium.GeoJsonTooltip(["code"])).add_to(plain)
    html = plain.get_root().render()
    start = f"<script>{assets.leaflet_script()}</script><style>{assets.leaflet_style()}</style>"
    ready = "<script>requestAnimationFrame(() => requestAnimationFrame(() => { window.plainReady = performance.now(); }));</script>"
    path.write_text(
        html.replace("<head>", f"<head>{start}", 1).replace("</html>", f"{ready}</html>"), encoding="utf-8"
    )
    return path


def _open(browser: Browser, page: Path, slowdown: int) -> tuple[BrowserContext, Page]:
    context = browser.new_context(offline=True, viewport={"width": 1366, "height": 768})
    tab = context.new_page()
    tab.set_default_timeout(180_000)
    context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    tab.goto(page.as_uri())
    return context, tab


def _row(browser: Browser, name: str, page: Path, ready: str) -> tuple[float, float, float]:
    times = []
    for slowdown in (1, 4):
        found = []
        for _ in range(ROUNDS):
            context, tab = _open(browser, page, slowdown)
            found.append(float(tab.wait_for_function(ready).json_value()))
            context.close()
        times.append(statistics.median(found))
    size = page.stat().st_size / 1e6
    print(f"{name:<28}{size:>8.2f}{times[0]:>14.0f}{times[1]:>14.0f}")
    return size, times[0], times[1]


def _interactions(browser: Browser, page: Path, slowdown: int) -> dict[str, float]:
    """Time from the call to the second frame after it."""
    context, tab = _open(browser, page, slowdown)
    tab.wait_for_function("() => window.BS && BS.readyAt")
    tab.wait_for_timeout(1500)
    times = {}
    for name, code in INTERACTIONS.items():
        times[name] = tab.evaluate(
            f"() => new Promise((done) => {{ const start = performance.now(); {code}; requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))); }})"
        )
        tab.wait_for_timeout(400)
    context.close()
    return times


if __name__ == "__main__":
    main()
