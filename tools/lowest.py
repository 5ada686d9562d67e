"""Install the lowest versions of the dependencies that pyproject.toml allows, and use the program with them.

``python tools/lowest.py DIR`` makes the environment ``DIR/venv``, installs the package with its test extra by
uv's ``lowest-direct`` (the dependencies named in pyproject.toml as low as they may be, theirs as new as they
are), proves that each installed version is the lowest one named, and runs the sample and a few tests.
``--all`` runs all tests instead, which takes an hour on a slow machine.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from packaging.version import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).resolve().parents[1]
EXTRA = "test"
FEW_TESTS = (
    "tests/commands/test_run.py",
    "tests/data/exports/test_geopackage.py",
    "tests/data/geodesy",
    "tests/data/readers/test_vector_geometries.py",
    "tests/pipeline/test_python.py",
)
"""Where versions differed: columns exchanged, points taken for numbers, exit codes, forms of times."""

_VERSIONS = (
    "import importlib.metadata as found, json, sys; "
    "print(json.dumps({name: found.version(name) for name in sys.argv[1:]}))"
)


def lowest() -> dict[str, Version]:
    """Give the lowest version of each dependency, as pyproject.toml states it.

    Raises
    ------
    ValueError
        A dependency states none.
    """
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = {}
    for requirement in _requirements(project, EXTRA):
        versions = [Version(part.version) for part in requirement.specifier if part.operator == ">="]
        if len(versions) != 1:
            raise ValueError(f"{requirement}: state one lowest version with >=")
        stated[requirement.name] = versions[0]
    return stated


def _requirements(project: dict[str, Any], extra: str) -> Iterator[Requirement]:
    """Take the dependencies of the package and of an extra, and of the extras that it names in turn."""
    listed = [*project["dependencies"], *project["optional-dependencies"][extra]]
    for requirement in map(Requirement, listed):
        if requirement.name != "blackspot":
            yield requirement
            continue
        for inner in sorted(requirement.extras):
            yield from map(Requirement, project["optional-dependencies"][inner])


def install(venv: Path) -> Path:
    """Make an environment with the lowest versions, and give its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
    python = venv / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    options = ["--quiet", "--python", str(python), "--resolution", "lowest-direct"]
    subprocess.run([uv, "pip", "install", *options, f"{REPOSITORY}[{EXTRA}]"], check=True)
    return python


def installed(python: Path, names: list[str]) -> dict[str, Version]:
    """Give the versions that an environment has."""
    command = [str(python), "-c", _VERSIONS, *names]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {name: Version(version) for name, version in json.loads(said).items()}


def main() -> int:
    """Install, prove and use the lowest versions; 1 where one of them is not what is stated."""
    parser = argparse.ArgumentParser(description="Use the program with the lowest versions allowed.")
    parser.add_argument("folder", type=Path, help="where the environment and the sample are put")
    parser.add_argument("--all", action="store_true", help="run all tests, not a few")
    given = parser.parse_args()
    folder = given.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    python = install(folder / "venv")
    stated = lowest()
    found = installed(python, list(stated))
    for name, version in stated.items():
        print(f"{name}: {found[name]}" if found[name] == version else f"{name}: {found[name]}, not {version}")
    if found != stated:
        print("state in pyproject.toml what was installed, or find out why it was")
        return 1
    subprocess.run([python.with_name("blackspot"), "demo", folder / "demo"], check=True)
    tests = ["tests"] if given.all else list(FEW_TESTS)
    pytest = python.with_name("pytest")
    subprocess.run([pytest, "-q", "-p", "no:cacheprovider", *tests], cwd=REPOSITORY, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
