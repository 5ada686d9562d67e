"""Scripts and styles: the vendored ones as published, ours used once, readable, and making no elements of text."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

import blackspot.maps
from blackspot.maps.pages import assets
from blackspot.maps.pages.elements import script, style

MAPS = Path(blackspot.maps.__file__).parent
FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "bindPopup", "bindTooltip", "eval(",
    "new Function", "DOMParser", "createContextualFragment", "fetch(", "XMLHttpRequest", "WebSocket", "importScripts",
    "localStorage", "sessionStorage", "indexedDB", "document.cookie", "sendBeacon",
)  # fmt: skip
MOST_LETTERS = 140


def test_our_own_code_cannot_end_its_element() -> None:
    """Such code is refused before it is written."""
    with pytest.raises(ValueError, match="end its own"):
        script("var a = '</SCRIPT>'")
    with pytest.raises(ValueError, match="end its own"):
        script("a <!-- b")
    with pytest.raises(ValueError, match="load something"):
        style("p { background: url(x.png) }")


def test_vendored_files_are_the_published_ones() -> None:
    """Every file has the sha256 of the lock, and the lock names every file."""
    vendor = MAPS / "vendor"
    lock = (vendor / "vendor.lock").read_text(encoding="utf-8").splitlines()
    named = [line.split("  ", 1) for line in lock if line and line[0] != "#"]
    found = {
        path.relative_to(vendor).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendor.rglob("*")
        if path.is_file() and path.name != "vendor.lock"
    }
    assert found
    assert {name: digest for digest, name in named} == found


def test_licences_are_kept_with_the_vendored_files() -> None:
    """BSD and MIT ask for their text."""
    assert "Redistribution" in (MAPS / "vendor" / "leaflet" / "LICENSE").read_text(encoding="utf-8")
    assert "MIT" in (MAPS / "vendor" / "tiny-inflate" / "LICENSE").read_text(encoding="utf-8")
    assert "Leaflet 1.9.4" in assets.leaflet_script()[:120]


def test_leaflets_style_loads_no_pictures() -> None:
    """Rules with an address are taken out, all others stay."""
    assert "url(" not in assets.leaflet_style()
    assert ".leaflet-zoom-animated" in assets.leaflet_style()


@pytest.mark.parametrize("path", sorted((MAPS / "static").rglob("*.js")), ids=lambda path: path.name)
def test_our_scripts_never_make_elements_of_text_nor_reach_out(path: Path) -> None:
    """No way from text to elements or code, no network, no storage."""
    code = path.read_text(encoding="utf-8")
    assert [] == [word for word in FORBIDDEN if word in code]
    assert len(code.splitlines()) <= 450
    assert "'use strict';" in code[:600]


OWN_SCRIPTS = [*(MAPS / "static").rglob("*.js"), *(Path(__file__).parents[2] / "browser").glob("*.js")]


@pytest.mark.parametrize("path", sorted(OWN_SCRIPTS), ids=lambda path: path.name)
def test_our_scripts_stay_below_141_characters_a_line(path: Path) -> None:
    """A line that is longer says several things at once: they get names, or lines of their own."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [] == [f"{path.name}:{number}" for number, line in enumerate(lines, 1) if len(line) > MOST_LETTERS]


def test_every_script_and_style_is_used_once() -> None:
    """A file nobody loads is dead; one loaded twice is a mistake."""
    of_changes = [*assets.CHANGE_SCRIPTS, *assets.CHANGE_STYLES]
    further = [*assets.CONTEXT_SCRIPTS, *assets.SETTLEMENT_SCRIPTS, "map/guard.js", "shell.html", "index.css"]
    of_sites = ["site.js", "site.css", "data.css"]
    named = [*assets.SCRIPTS, *assets.STYLES, *of_changes, *further, *of_sites]
    assert sorted(named) == sorted(
        path.relative_to(MAPS / "static").as_posix()
        for path in (MAPS / "static").rglob("*")
        if path.is_file()
    )
