"""The page's own code, words and vendored libraries, as text."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS = (
    "core.js",
    "geometry.js",
    "text.js",
    "model.js",
    "state.js",
    "painters.js",
    "labels.js",
    "layers.js",
    "dom.js",
    "spots.js",
    "headline.js",
    "search.js",
    "controls.js",
    "table.js",
    "card.js",
    "legend.js",
    "share.js",
    "sheet.js",
    "method.js",
    "swipe.js",
    "pointer.js",
    "far.js",
    "app.js",
)
"""The page's scripts in the order they run; each adds to the one name ``BS``."""

STYLES = ("base.css", "panel.css", "map.css", "print.css")

_PICTURE_RULE = re.compile(r"[^{}]*\{[^{}]*url\((?!data:)[^)]*\)[^{}]*\}")


def _text(*parts: str) -> str:
    return resources.files(__package__).joinpath(*parts).read_text(encoding="utf-8")


@cache
def static(name: str) -> str:
    """Read one of the page's own files."""
    return _text("static", name)


@cache
def words(language: str) -> Mapping[str, str]:
    """Read the words of a language."""
    return cast("Mapping[str, str]", json.loads(_text("i18n", f"{language}.json")))


@cache
def leaflet_script() -> str:
    """Read Leaflet without the line that names its source map."""
    return _text("vendor", "leaflet", "leaflet.js").split("\n//# sourceMappingURL")[0]


@cache
def leaflet_style() -> str:
    """Read Leaflet's style without the rules that would load pictures."""
    return _PICTURE_RULE.sub("", _text("vendor", "leaflet", "leaflet.css"))


@cache
def inflate_script() -> str:
    """Wrap tiny-inflate, a CommonJS module, so that it ends up under our name."""
    source = _text("vendor", "tiny-inflate", "index.js")
    return f"var BS=globalThis.BS||(globalThis.BS={{}});(function(){{var module={{exports:{{}}}};{source}\nBS.tinyInflate=module.exports;}})();"


def vendored() -> dict[str, str]:
    """Hash the vendored files as they are installed: path under ``vendor`` to sha256."""
    root = resources.files(__package__).joinpath("vendor")
    return {
        name: hashlib.sha256(root.joinpath(*name.split("/")).read_bytes()).hexdigest() for name in locked()
    }


@cache
def locked() -> Mapping[str, str]:
    """Read ``vendor.lock``: path under ``vendor`` to the sha256 it must have."""
    lines = [
        line.split("  ", 1) for line in _text("vendor", "vendor.lock").splitlines() if line and line[0] != "#"
    ]
    return {name: digest for digest, name in lines}
