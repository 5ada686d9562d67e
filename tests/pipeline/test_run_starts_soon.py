"""What can be said before the heavy libraries are loaded is said before."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from blackspot.data.columns.plain_table import read_plain
from blackspot.data.runs.libraries import KEPT_VERSIONS
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
heavy = ("numpy", "pandas", "geopandas", "pyogrio", "pyproj", "rasterio", "shapely", "scipy", "blackspot.maps.build", "blackspot.coverage.analysis")
print(code, *(name for name in heavy if name in sys.modules))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small country with a published run."""
    path = write_country(tmp_path)
    assert pipeline.run(path, pages="none").published
    return path


def loaded(*line: str | Path) -> list[str]:
    """Carry out a command line as a program does, and name its exit code and the heavy libraries it loaded."""
    command = [sys.executable, "-c", LOADED, *map(str, line)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return said.splitlines()[-1].split()


def again(project: Path) -> tuple[str | Path, ...]:
    """Give the command line that runs a project again."""
    return ("run", project, "--map", "none", "-q")


def test_a_busy_folder_is_told_without_any_heavy_library(project: Path) -> None:
    """Schedulers start runs that find another one every few minutes."""
    with OutputFolder(project.parent / "out"):
        assert [str(BUSY)] == loaded(*again(project))


def test_nothing_new_is_told_without_what_only_a_run_needs(project: Path) -> None:
    """Tables are read without their outlines; no library is loaded only to ask its version."""
    assert [str(DONE), "numpy", "pandas"] == loaded(*again(project))


def test_without_what_was_kept_the_libraries_are_asked_for_their_versions(project: Path) -> None:
    """Once: the next run knows."""
    (project.parent / "out" / "cache" / KEPT_VERSIONS).unlink()
    assert {"pyogrio", "pyproj", "rasterio", "shapely"} <= set(loaded(*again(project)))
    assert [str(DONE), "numpy", "pandas"] == loaded(*again(project))


def test_the_list_of_runs_needs_no_table(project: Path) -> None:
    """It is read from manifests."""
    assert [str(DONE)] == loaded("runs", "--out", project.parent / "out")


def test_a_commune_is_explained_without_libraries_of_maps(project: Path) -> None:
    """Its row and those of its black spots are read, no outline."""
    code = str(read_plain(project.parent / "out" / "latest", "communes")["code"].iloc[0])
    assert [str(DONE), "numpy", "pandas"] == loaded("explain", code, "--out", project.parent / "out")


def test_a_coverage_file_is_checked_without_what_only_a_comparison_needs(tmp_path: Path) -> None:
    """One small file, with nothing to compare it with: no library of mathematics, nothing that counts people."""
    path = tmp_path / "xa_5g.geojson"
    ring = [[106.0, 16.0], [106.1, 16.0], [106.1, 16.1], [106.0, 16.1], [106.0, 16.0]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    code, *heavy = loaded("check", path, "--as", "coverage", "-q")
    assert str(DONE) == code
    assert not {"scipy", "blackspot.maps.build", "blackspot.coverage.analysis"} & set(heavy)
