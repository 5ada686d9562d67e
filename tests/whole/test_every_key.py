"""Every key of the project file, changed in turn: what earlier runs kept gives the same bytes as a run that keeps nothing."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from blackspot.data.project.models import Project
from blackspot.errors import BlackspotError
from blackspot.pipeline import run as pipeline
from four_communes import files, write_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

pytestmark = pytest.mark.slow

_NO_RESULT = (
    "inbox",
    "hook",
    "retention",
    "approval",
    "publish",
    "project.out",
    "project.isolation",
    "project.fail_on",
)
"""Sections and keys that change no result."""

_WITH_PAGES = ("map.", "project.title", "project.notice", "project.country")
_OTHERS: dict[str, object] = {
    "profile.order.by": "people",
    "profile.services": ["5g"],
    "profile.basic_services": ["5g"],
    "profile.mobile_service": "fibre",
    "profile.fibre_service": "5g",
    "profile.counted_basis": ["measured"],
    "profile.counted_environments": ["outdoor"],
    "profile.switched_off": {"5g": "2026-01-01"},
    "profile.order.composite.weights": {"pop_failing": 1},
    "profile.certainty.service_sd_m": {"5g": 900},
    "setting.rural_types": ["ward"],
    "communes.types": {"xã": "ward"},
    "communes.columns.code": "name",
    "population.crs": "EPSG:4756",
}
"""Values that say more than any other would."""


def other_values() -> dict[str, object]:
    """Give a value that differs from the default for every key that has a plain one."""
    schema = Project.model_json_schema()
    found: dict[str, object] = {}

    def walk(node: Mapping[str, Any], name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if "$ref" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        for key, value in node.get("properties", {}).items():
            below = f"{name}.{key}" if name else key
            yield below, value
            if (
                "default" in value or name == ""
            ):  # what a project names only if it has such a file is left out
                yield from walk(value, below)

    for name, value in walk(schema, ""):
        other = _OTHERS.get(name, _another(value))
        if other is not None and not name.startswith(_NO_RESULT):
            found[name] = other
    return found


def _another(value: Mapping[str, Any]) -> object:
    """Give another value than the default; None for what is no plain value."""
    default = value.get("default")
    if "enum" in value:
        return next(one for one in reversed(value["enum"]) if one != default)
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return min(default + 1, value.get("maximum", default + 1))
    if isinstance(default, float):
        return (
            round(default * (0.9 if value.get("maximum") == default else 1.1) + 0.001, 4)
            if default != 1
            else 2.0
        )
    if isinstance(default, str) and default != "" and "pattern" not in value:
        return f"{default}x"
    return "x" if default == "" and "pattern" not in value else None


VALUES = other_values()
PARTS = 8
"""Groups of keys, so that workers share them; each group begins with a country of its own."""


def test_most_keys_are_changed() -> None:
    sections = {name.partition(".")[0] for name in VALUES}
    assert {"communes", "population", "setting", "profile", "checks", "map", "project"} <= sections
    assert len(VALUES) > 90
    assert set(_OTHERS) <= set(VALUES)


def outcome(path: Path, overrides: list[str], pages: Any) -> dict[str, bytes] | str:
    """Run a variant: its files, or what is said of what is wrong."""
    try:
        report = pipeline.run(path, variant="changed", overrides=overrides, pages=pages)
    except BlackspotError as error:
        return f"{type(error).__name__}: {error}".replace(path.parent.as_posix(), "")
    assert report.folder is not None
    return {name: content for name, content in files(report.folder).items() if name != "manifest.json"}


@pytest.mark.parametrize("part", range(PARTS))
def test_with_what_was_kept_as_without(part: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same folder is used for one key after the other, so that it keeps what belongs to other values."""
    folder = tmp_path_factory.mktemp("kept")
    project = write_project(folder)
    pipeline.run(project, pages="national")
    plain = tmp_path_factory.mktemp("fresh")
    shutil.copytree(folder, plain, dirs_exist_ok=True)
    shutil.rmtree(plain / "out" / "cache")
    differing = []
    for name, value in list(VALUES.items())[part::PARTS]:
        overrides = [f"{name}={_toml(value)}"]
        pages = "national" if name.startswith(_WITH_PAGES) else "none"
        kept = outcome(project, overrides, pages)
        anew = outcome(plain / project.name, overrides, pages)
        shutil.rmtree(plain / "out" / "cache", ignore_errors=True)
        if kept != anew:
            differing.append((name, value))
    assert [] == differing


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {_toml(one)}' for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
