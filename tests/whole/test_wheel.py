"""What is shipped: the built wheel holds the package and its data, nothing else, and works elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest

from paths import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

NOT_SOURCE = {"build", "dist", ".git", ".venv", "out", "blackspot-demo", "work", "node_modules"}

pytestmark = pytest.mark.skipif(
    not (REPOSITORY / "pyproject.toml").is_file(), reason="the tests stand apart from the repository"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built with the installed setuptools from a copy: no network, no leftovers of an older build."""
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "source"
    shutil.copytree(
        REPOSITORY,
        copy,
        ignore=lambda _, names: {
            name
            for name in names
            if name in NOT_SOURCE or name.endswith((".egg-info", "_cache", "__pycache__"))
        },
    )
    code = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, folder], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_holds_the_package_and_nothing_on_top(wheel: Path) -> None:
    """Only ``blackspot/`` and its metadata: no coverage/, data/, maps/, tests/ beside it."""
    tops = {name.split("/")[0] for name in _names(wheel)}
    assert "blackspot" in tops
    assert all(top == "blackspot" or top.endswith(".dist-info") for top in tops)
    assert not any(name.startswith("blackspot/tests") for name in _names(wheel))


def test_every_module_and_data_file_is_in_the_wheel(wheel: Path) -> None:
    """What stands in the source folders is shipped, file by file."""
    expected = {f"blackspot/{path.name}" for path in REPOSITORY.glob("*.py")} | {"blackspot/py.typed"}
    for folder in ("commands", "coverage", "data", "maps", "pipeline"):
        for path in (REPOSITORY / folder).rglob("*"):
            hidden = "__pycache__" in path.parts or path.name.startswith(".")
            if path.is_file() and not hidden:
                expected.add(f"blackspot/{path.relative_to(REPOSITORY).as_posix()}")
    shipped = {name for name in _names(wheel) if name.startswith("blackspot/")}
    assert (set(), set()) == (expected - shipped, shipped - expected)


def test_the_licence_and_the_typing_mark_are_in_the_wheel(wheel: Path) -> None:
    """Users get the licence text, type checkers the marker."""
    names = _names(wheel)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert "blackspot/py.typed" in names


def test_the_wheel_works_away_from_the_source(wheel: Path, tmp_path: Path) -> None:
    """Unpacked elsewhere, the program starts, and reads its own data files, without the repository."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # -P and PYTHONPATH: the unpacked package goes before an editable install of this repository
    code = (
        "import blackspot, json; from importlib.resources import files; from blackspot.cli import run_line;"
        "print(blackspot.__file__);"
        "json.loads((files('blackspot.data') / 'schemas' / 'blackspot.schema.json').read_text('utf-8'));"
        "raise SystemExit(run_line(['init', 'new']) or run_line(['run', '--help']))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(site / "blackspot" / "__init__.py") == done.stdout.splitlines()[0]
    assert (
        tomllib.loads((tmp_path / "new" / "blackspot.toml").read_text("utf-8"))["profile"]["id"] == "5g-fibre"
    )
