"""What can be said before the heavy libraries are loaded is said before."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from blackspot.data.runs.output_folder import OutputFolder
from blackspot.errors import BUSY, DONE
from blackspot.pipeline import run as pipeline
from small_country import write_country

if TYPE_CHECKING:
    from pathlib import Path

LOADED = """
import sys
from blackspot import cli
code = cli.run_line(sys.argv[1:])
heavy = ("numpy", "pandas", "geopandas", "pyogrio", "rasterio", "scipy", "blackspot.maps.build", "blackspot.coverage.analysis")
print(code, *(name for name in heavy if name in sys.modules))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small country with a published run."""
    path = write_country(tmp_path)
    assert pipeline.run(path, pages="none").published
    return path


def loaded(project: Path) -> list[str]:
    """Run the project as a program does, and name its exit code and the heavy libraries it loaded."""
    command = [sys.executable, "-c", LOADED, "run", str(project), "--map", "none", "-q"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_a_busy_folder_is_told_without_any_heavy_library(project: Path) -> None:
    """Schedulers start runs that find another one every few minutes."""
    with OutputFolder(project.parent / "out"):
        assert [str(BUSY)] == loaded(project)


def test_nothing_new_is_told_without_what_only_a_run_needs(project: Path) -> None:
    """The versions of libraries are asked and tables are read: no more."""
    code, *heavy = loaded(project)
    assert str(DONE) == code
    assert not {"scipy", "blackspot.maps.build", "blackspot.coverage.analysis"} & set(heavy)
