"""What pyproject.toml says of dependencies and Pythons is what the code imports and continuous integration tries."""

from __future__ import annotations

import ast
import re
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from paths import REPOSITORY

pytestmark = pytest.mark.skipif(
    not (REPOSITORY / "pyproject.toml").is_file(), reason="the tests stand apart from the repository"
)
ROOMS = ("commands", "coverage", "data", "maps", "pipeline")
PART_OF = {"pydantic_core": "pydantic", "tomli_w": "tomli-w"}
"""Modules that a distribution of another name brings and answers for."""


def _project() -> dict[str, dict[str, list[str]]]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(settings["project"])


def _imported() -> set[str]:
    """Give the libraries that the package imports anywhere, also inside functions and for types."""
    modules = [
        *REPOSITORY.glob("*.py"),
        *(path for room in ROOMS for path in (REPOSITORY / room).rglob("*.py")),
    ]
    found = set()
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).split(".")[0])
    return {PART_OF.get(name, name) for name in found - sys.stdlib_module_names - {"blackspot"}}


def test_every_library_that_is_imported_is_declared_and_no_other() -> None:
    """What comes along with another library today may not tomorrow; what nobody imports is not installed."""
    declared = {Requirement(text).name for text in _project()["dependencies"]}
    extras = _project()["optional-dependencies"]
    of_extras = {Requirement(text).name for extra in ("cluster", "h3") for text in extras[extra]}
    assert declared == _imported() - of_extras


@pytest.mark.parametrize("extra", ["", "cluster", "h3", "test"])
def test_every_dependency_states_its_lowest_version(extra: str) -> None:
    """``tools/lowest.py`` installs exactly these."""
    project = _project()
    listed = project["optional-dependencies"][extra] if extra else project["dependencies"]
    requirements = [Requirement(text) for text in listed]
    others = [item for item in requirements if item.name != "blackspot"]
    without = [str(item) for item in others if ">=" not in {part.operator for part in item.specifier}]
    assert [] == without


def test_the_pythons_named_are_those_that_are_tried() -> None:
    """3.11 by the README's commands, the others with the built wheel."""
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(_project()["classifiers"]))
    ci = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    others = re.search(r"for version in ([\d. ]+); do", ci)
    assert others is not None
    assert named == ["3.11", *others[1].split()]
    assert f">={named[0]}" == _project()["requires-python"]
