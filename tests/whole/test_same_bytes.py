"""The same inputs give the same bytes in every file of a run, whatever the machine around it is like."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pytest

from four_communes import files, project

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["project"]  # a fixture of this module
pytestmark = pytest.mark.slow

_PROGRAM = "from blackspot.cli import main; main()"


@dataclass(frozen=True)
class Around:
    """What a program finds around it."""

    variables: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    umask: int = 0o022


CASES = {
    "variables and rights": Around(
        {
            "TZ": "Pacific/Apia",
            "LC_ALL": "C",
            "LANG": "C",
            "PYTHONHASHSEED": "4242",
            "PYTHONOPTIMIZE": "2",
        },
        umask=0o077,
    ),
    "one core, clock in the past": Around(
        before=("faketime", "2021-02-03 04:05:06", "taskset", "--cpu-list", "0")
    ),
    "clock in the future": Around(before=("faketime", "2031-02-03 04:05:06")),
}
"""What is tried together; each costs a whole run."""


def run_around(project: Path, around: Around, folder: Path) -> dict[str, bytes]:
    """Run a project in a process of its own, started in another folder."""
    variables = os.environ | {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}
    said = subprocess.run(
        [*around.before, sys.executable, "-c", _PROGRAM, "run", str(project), "--language", "en"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**variables, "PYTHONPATH": "", **around.variables},
        umask=around.umask,
    )
    assert 0 == said.returncode, said.stderr
    runs = [path for path in (project.parent / "out" / "runs").iterdir() if path.is_dir()]
    assert 1 == len(runs)
    return {"name of the run": runs[0].name.encode(), **files(runs[0])}


def copied(project: Path, folder: Path) -> Path:
    shutil.copytree(project.parent, folder)
    return folder / project.name


@pytest.mark.skipif(
    shutil.which("faketime") is None, reason="faketime, which sets the clock, is not installed"
)
def test_nothing_around_a_run_changes_a_byte(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Time zone, locale, seed of hashes, folder, cores, clock and rights: every file is the same."""
    folder = tmp_path_factory.mktemp("around")
    expected = run_around(copied(project, folder / "first"), Around(), folder)
    assert 15 < len(expected)
    for name, around in CASES.items():
        elsewhere = folder / name
        elsewhere.mkdir()
        found = run_around(copied(project, elsewhere / "copy"), around, elsewhere)
        differing = {file for file in expected | found if expected.get(file) != found.get(file)}
        assert set() == differing, name


def test_the_order_of_rows_and_submissions_changes_no_figure(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Communes, polygons and submissions in the other order: the same tables, byte for byte."""
    folder = tmp_path_factory.mktemp("order")
    expected = run_around(copied(project, folder / "first"), Around(), folder)
    turned = copied(project, folder / "turned")
    for name in ("communes.gpkg", "other.geojson", "fibre.fgb"):
        path = turned.parent / name
        frame = gpd.read_file(path)
        path.unlink()
        frame.iloc[::-1].to_file(path, layer=Path(name).stem)
    text = turned.read_text(encoding="utf-8")
    head, *submissions = text.split("[[submissions]]")
    last, rest = submissions[-1].split("[setting.border]")
    blocks = [*submissions[:-1], last]
    turned.write_text(
        head + "".join(f"[[submissions]]{block}" for block in reversed(blocks)) + f"[setting.border]{rest}",
        encoding="utf-8",
    )
    found = run_around(turned, Around(), folder)
    tables = [name for name in expected if name.endswith(".csv")]
    assert {"black_spots.csv", "communes.csv", "provinces.csv"} == set(tables)
    assert [expected[name] for name in tables] == [found[name] for name in tables]
