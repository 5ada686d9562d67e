"""The page's logic that needs no browser, run in node."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import blackspot.maps
from blackspot.maps.pages import assets

STATIC = Path(blackspot.maps.__file__).parent / "static"
NODE = shutil.which("node")
SCRIPTS = (
    "read/decode.js",
    "read/geometry.js",
    "read/text.js",
    "read/find.js",
    "read/coordinates.js",
    "read/model.js",
    "read/state.js",
)
META = {
    "kind": "national",
    "language": "vi",
    "previousPeriod": "4/2026",
    "words": {"vi": {"greet": "Chào {name}"}, "en": {}},
    "provinces": [
        {"code": "01", "name": "Núi", "figures": {"pop_total": 7.0}},
        {"code": "02", "name": "Biển"},
    ],
    "figures": {"pop_total": 60.0},
    "coverage": [{"service": "5g", "slug": "sao_mai"}, {"service": "5g", "slug": "hai_dang"}],
    "classes": {
        "share": [10, 30, 50, 80],
        "people": [100, 1000, 5000, 20000],
        "changeShare": [-20, -5, -0.05, 0.05, 5, 20],
        "changePeople": [-5000, -500, -0.5, 0.5, 500, 5000],
    },
    "indicators": [
        {
            "id": "no.5g",
            "kind": "service",
            "service": "5g",
            "lack": "u",
            "have": "",
            "unsure": ["n"],
            "caps": [],
            "silent": [],
        },
        {
            "id": "op",
            "kind": "operator",
            "service": "5g",
            "lack": "",
            "have": "c",
            "unsure": [],
            "caps": [],
            "silent": [1],
        },
        {
            "id": "fails",
            "kind": "fails",
            "service": "",
            "lack": "f",
            "have": "",
            "unsure": ["n"],
            "caps": [["u", "n"]],
            "silent": [],
        },
    ],
}


def run(expression: str, *arguments: Any) -> Any:
    """Evaluate an expression in node with the page's scripts loaded; arguments are ``args``."""
    code = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in SCRIPTS)
    program = (
        f"{assets.inflate_script()}\n{code}\nBS.meta = {json.dumps(META)};\nconst args = {json.dumps(arguments)};\n"
        f"Promise.resolve({expression}).then((v) => console.log(JSON.stringify(v === undefined ? null : v)));"
    )
    assert NODE
    done = subprocess.run([NODE, "-"], input=program, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return json.loads(done.stdout)
