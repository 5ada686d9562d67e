"""A run and a check read a coverage file alike: the same rows count, the same people, and both refuse or neither."""

from __future__ import annotations

import datetime as dt
import json
import math
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from blackspot.data.checking.request import CheckRequest
from blackspot.errors import InputError, ProjectError
from blackspot.pipeline import run as pipeline
from blackspot.pipeline.check import check
from paths import MADE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

TODAY = dt.date(2026, 11, 25)
PROJECT = """
[project]
refused_submissions = "no_data"
[communes]
path = "xa.gpkg"
[population]
path = "people.tif"
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "{file}"
[profile]
services = ["5g"]
"""


def both_ways(project: Path, file: Path, service: str) -> tuple[float | None, float | None]:
    """Give the people a run counts and those a check counts; None where the file is refused."""
    try:
        report = pipeline.run(project, pages="none")
    except (InputError, ProjectError):
        in_run = None
    else:
        refused = [item for item in report.submissions if item.refused]
        in_run = None if refused else float(str(report.figures[f"pop_covered_{service}"]))
    request = CheckRequest.of(file, "coverage", project=project)
    answer = check(request, today=TODAY)
    return in_run, answer.facts.people_covered if answer.used else None


def alike(one: float | None, other: float | None) -> bool:
    """Say whether both refuse, or both count the same people."""
    if one is None or other is None:
        return one is None and other is None
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.soak)])
def test_made_files_are_read_alike(tmp_path: Path, every: int) -> None:
    """Made coverage files, good and bad, each as the only submission of a project."""
    subprocess.run([sys.executable, MADE / "make_fixtures.py", tmp_path], check=True)
    cases = json.loads((tmp_path / "cases.json").read_text(encoding="utf-8"))
    files = sorted({case["file"] for case in cases if case["ask"] == "check" and case["kind"] == "coverage"})
    assert len(files) > 100
    project = tmp_path / "one.toml"
    different, counted = {}, 0
    files = files[::every]
    for file in files:
        project.write_text(PROJECT.format(file=file), encoding="utf-8")
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        in_run, in_check = both_ways(project, tmp_path / file, "5g")
        counted += in_run is not None
        if not alike(in_run, in_check):
            different[file] = (in_run, in_check)
    assert {} == different
    assert counted > len(files) // 4


def test_field_cases_are_read_alike(realdata: Path, tmp_path: Path) -> None:
    """Situations out of public reports, each with its own project file."""
    projects = sorted((realdata.parent / "fieldcases").glob("*/blackspot.toml"))
    if not projects:
        pytest.skip("no field cases beside the real inputs")
    different = {}
    for project in projects:
        folder = tmp_path / project.parent.name
        shutil.copytree(project.parent, folder, copy_function=shutil.copyfile)
        (entry,) = tomllib.loads(project.read_text(encoding="utf-8"))["submissions"]
        found = both_ways(folder / project.name, folder / entry["path"], entry["service"])
        if not alike(*found):
            different[project.parent.name] = found
    assert {} == different
