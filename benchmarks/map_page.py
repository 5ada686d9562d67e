"""Measure a map page in Chromium beside a plain folium map of the same communes, as ratios.

    python benchmarks/map_page.py RUN_FOLDER

The run folder is one that ``blackspot run`` published. The plain map is folium's GeoJson layer with the same shapes,
simplified to 55 m, and Leaflet put inside the file (folium itself would load it from elsewhere). Both are opened
from disk without a network, in turn. Times depend on the machine, so read the ratios: opening against opening, and
everything people do against one zoom step of the plain map, each at the same slowdown.
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

from blackspot.maps.pages import assets
from blackspot.maps.pages.store import read_map_data

ROUNDS = 3
SLOWDOWNS = (1, 4)
OURS, THEIRS = "() => window.BS && BS.readyAt", "() => window.plainReady"
PLAIN_STEP = "plainMap.setZoom(plainMap.getZoom() + 1, { animate: false })"
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
    "province": "BS.set({ province: 3 })",
    "all provinces": "BS.set({ province: -1 })",
    "zoom to province": "BS.fitProvince(3)",
    "whole country": "BS.fitAll()",
    "search, first key": "BS.by('query').value = 'h', BS.by('query').dispatchEvent(new Event('input'))",
    "search, next key": "BS.by('query').value = 'ho', BS.by('query').dispatchEvent(new Event('input'))",
    "CSV": "BS.csv()",
}
TWO_PERIODS = {
    "period before": "BS.set({ period: 'past' })",
    "change": "BS.set({ period: 'change' })",
    "swipe": "BS.set({ period: 'swipe' })",
    "swipe, moved": "BS.by('swipe-at').value = 30, BS.by('swipe-at').dispatchEvent(new Event('input'))",
    "this period": "BS.set({ period: 'now' })",
}
"""Done where the run has one before it."""


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
        _openings(browser, page, plain)
        _doings(browser, page, plain)
        browser.close()


def _openings(browser: Browser, page: Path, plain: Path) -> None:
    """Print how large both pages are and how long they take to open, median of a few rounds in turn."""
    pages = {"blackspot": (page, OURS), "plain folium, 55 m": (plain, THEIRS)}
    times: dict[str, list[float]] = {name: [] for name in pages}
    for slowdown in SLOWDOWNS:
        found: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(ROUNDS):
            for name, (path, ready) in pages.items():
                context, tab = _open(browser, path, slowdown)
                found[name].append(float(tab.wait_for_function(ready).json_value()))
                context.close()
        for name in pages:
            times[name].append(statistics.median(found[name]))
    print(f"{'page':<34}{'MB':>8}{'ready 1x ms':>14}{'ready 4x ms':>14}")
    rows = {name: [path.stat().st_size / 1e6, *times[name]] for name, (path, _) in pages.items()}
    for name, (size, *opened) in rows.items():
        print(f"{name:<34}{size:>8.2f}" + "".join(f"{one:>14.0f}" for one in opened))
    ratios = [mine / theirs for mine, theirs in zip(*rows.values(), strict=True)]
    print(f"{'ratio':<34}{ratios[0]:>8.2f}" + "".join(f"{one:>14.2f}" for one in ratios[1:]))


def _doings(browser: Browser, page: Path, plain: Path) -> None:
    """Print what each thing people do takes, beside one zoom step of the plain map."""
    doings = INTERACTIONS | TWO_PERIODS if _has_two_periods(browser, page) else INTERACTIONS
    ours = [_interactions(browser, page, OURS, doings, slowdown) for slowdown in SLOWDOWNS]
    step = {"zoom step of the plain map": PLAIN_STEP}
    theirs = [_interactions(browser, plain, THEIRS, step, slowdown).popitem()[1] for slowdown in SLOWDOWNS]
    print(
        f"\n{'from the call to the paint after it':<36}{'1x ms':>8}{'4x ms':>8}{'x plain 1x':>12}{'x plain 4x':>12}"
    )
    print(f"{'zoom step of the plain map':<36}" + "".join(f"{one:>8.0f}" for one in theirs))
    for name in doings:
        times = [found[name] for found in ours]
        ratios = "".join(f"{mine / other:>12.2f}" for mine, other in zip(times, theirs, strict=True))
        print(f"{name:<36}" + "".join(f"{one:>8.0f}" for one in times) + ratios)


def _has_two_periods(browser: Browser, page: Path) -> bool:
    context, tab = _open(browser, page, 1)
    tab.wait_for_function(OURS)
    found = bool(tab.evaluate("() => Boolean(BS.app.model.before)"))
    context.close()
    return found


def _plain_map(run: Path, path: Path) -> Path:
    """Write the map most people would write."""
    communes = read_map_data(run).communes[["code", "name", "geometry"]]
    simple = communes.set_geometry(shapely.simplify(communes.geometry.to_numpy(), 0.0005), crs=communes.crs)
    plain = folium.Map(location=[16, 107], zoom_start=6, tiles=None)
    plain.default_js, plain.default_css = [], []
    folium.GeoJson(simple.to_json(), tooltip=folium.GeoJsonTooltip(["code"])).add_to(plain)
    html = plain.get_root().render()
    start = f"<script>{assets.leaflet_script()}</script><style>{assets.leaflet_style()}</style>"
    ready = f"<script>requestAnimationFrame(() => requestAnimationFrame(() => {{ window.plainReady = performance.now(); window.plainMap = {plain.get_name()}; }}));</script>"
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


def _interactions(
    browser: Browser, page: Path, ready: str, doings: dict[str, str], slowdown: int
) -> dict[str, float]:
    """Time from the call to the second frame after it, in ms."""
    context, tab = _open(browser, page, slowdown)
    tab.wait_for_function(ready)
    tab.wait_for_timeout(1500)
    times = {}
    for name, code in doings.items():
        times[name] = float(
            tab.evaluate(
                f"() => new Promise((done) => {{ const start = performance.now(); {code}; requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start))); }})"
            )
        )
        tab.wait_for_timeout(400)
    context.close()
    return times


if __name__ == "__main__":
    main()
