"""The documentation is a contract: every command, option, key, column, finding and link in it is real."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING

import click
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pyproj
import pytest
import shapely
from affine import Affine

from blackspot.cli import cli
from blackspot.coverage.blackspots.distance import Coverage
from blackspot.coverage.blackspots.find import black_spots_and_cells
from blackspot.coverage.blackspots.spots import Country
from blackspot.coverage.burn.grid import Grid
from blackspot.coverage.burn.spans import empty_spans
from blackspot.coverage.certainty.judge import with_certainty
from blackspot.coverage.overlay.sources import ArrayRaster, RasterPeople
from blackspot.coverage.overlay.totals import FailingCells
from blackspot.coverage.people.cell_bits import CellLayers, layer_tags
from blackspot.coverage.people.layers import LayerTable, OperatorService, Planned
from blackspot.coverage.people.tally import commune_table, country_figures, roll_up
from blackspot.coverage.ranking.rank import rank
from blackspot.data.columns.register import Table, columns, find
from blackspot.data.findings.rules import RULES
from blackspot.data.project.load import load_project
from blackspot.data.project.profile import Profile
from paths import REPOSITORY
from spot_cells import places_of, zones_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DOCS = REPOSITORY / "docs"

pytestmark = pytest.mark.skipif(not DOCS.is_dir(), reason="the tests stand apart from the repository")


def _text(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def _pages() -> list[Path]:
    return sorted([*DOCS.rglob("*.md"), *REPOSITORY.glob("*.md")])


def test_generated_pages_are_up_to_date() -> None:
    """``python tools/reference.py`` was run after the last change."""
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_and_option_is_documented() -> None:
    """The command page has a heading per command, and names each option."""
    page = _text("docs/cli.md")
    for name, command in cli.commands.items():
        section = page.split(f"\n## blackspot {name}\n")[1].split("\n## ")[0]
        for option in command.params:
            if isinstance(option, click.Option):
                assert all(word in section for word in option.opts), (name, option.opts)


def test_every_finding_is_documented() -> None:
    """Each code has its heading."""
    page = _text("docs/findings.md")
    assert [] == [code for code in RULES if f"\n### {code}\n" not in page]


def _layers() -> LayerTable:
    """Three operators of 5g, one of fibre: every kind of column appears."""
    operators = ("Biển Xanh", "Hải Đăng", "Sao Mai")
    items = [OperatorService(name, "5g", (number,), None) for number, name in enumerate(operators)]
    plan = Planned("Sao Mai", "5g", (4,))
    return LayerTable((*items, OperatorService("Sao Mai", "fibre", (3,), None)), (plan,))


def _tables() -> tuple[pd.DataFrame, pd.DataFrame, dict[str, object]]:
    """A ranked commune table and its black spots, of two communes, the second one with one spot; how sure the country is."""
    profile = Profile(services=("5g", "fibre"), mobile_service="5g", fibre_service="fibre")
    communes = pd.DataFrame({"code": ["00001", "00002"], "name": ["A", "B"], "province_code": "01"})
    communes = communes.assign(province_name="P", type="commune", area_km2=1.0)
    communes = gpd.GeoDataFrame(communes, geometry=[shapely.box(104, 20, 106, 22)] * 2, crs=4326)
    people = np.array([[0.0, 100.0], [80.0, 0.0]])
    table = commune_table(
        communes,
        people,
        np.array([0, 15], np.uint64),
        _layers(),
        profile,
        np.ones(2, bool),
        np.array(["raster"] * 2),
    )
    flags = {f"is_{word}": False for word in ("rural", "border", "island")}
    table = table.assign(**flags, **{f"{flag}_basis": "none" for flag in flags}, border_distance_km=np.nan)
    more = ("border_touch", "not_connected", "is_bridged_island", "dou_unstable")
    table = table.assign(**dict.fromkeys(more, False), dou_l1="rural", dou_l2="village", list_area="I")
    table = table.assign(border_distance_people_km=np.nan, border_belt_share=np.nan)
    numbers = (
        "area_official_km2",
        "pop_raster",
        "pop_official",
        "raster_to_official",
        "pop_raster_min",
        "pop_raster_max",
    )
    table = table.assign(**dict.fromkeys(numbers, 1.0), pop_basis="raster", pop_disputed=False)
    grid = Grid(pyproj.CRS(4326), Affine(0.01, 0, 105, 0, -0.01, 21), 4, 4, 4)
    whole = np.array([80.0], np.float32)
    cells = FailingCells(
        *(np.array([at], np.int32) for at in (1, 2, 2)), whole, np.full((1, 3), 80.0, np.float32)
    )
    spots, members = black_spots_and_cells(
        cells,
        ("fails", "5g", "fibre"),
        Country(
            grid, communes, zones_of(cells, grid), np.array([0.0, 80.0]), places_of(("Bản Một", 105.0, 21.0))
        ),
        profile,
        {service: {"sao_mai": Coverage(empty_spans(), ())} for service in ("5g", "fibre")},
    )
    layers = [empty_spans()] * 5
    tags = layer_tags(_layers(), [], profile)
    raster = ArrayRaster(np.ones((4, 4)), grid.transform, grid.crs)
    burned = CellLayers(
        RasterPeople(raster, grid), grid, zones_of(cells, grid), layers, _layers(), tags, profile
    )
    return with_certainty(*rank(table, spots, profile), spots, members, burned, profile, "land")


def _found(table: Table, names: Iterable[str]) -> set[str]:
    """The descriptions of columns of a run; a column without one ends the test."""
    return {find(table, name)[0].name for name in names if name != "geometry"}


def _described(table: Table) -> set[str]:
    return {column.name for column in columns(table)} - {"notice"}


def test_every_described_column_is_written_and_no_other() -> None:
    """What the program writes is what the register describes, and so what the page explains."""
    communes, spots, sure = _tables()
    assert len(spots) == 1
    composite = {
        "score_arithmetic",
        "score_geometric",
        "contribution_<indicator>",
    }  # only where one is asked for
    assert _described("communes") - composite == _found("communes", communes.columns)
    assert _described("black_spots") == _found("black_spots", spots.columns)
    assert _described("provinces") == _found("provinces", roll_up(communes).columns)
    about_people = dict.fromkeys(
        ("people_raster", "people_outside", "people_in_unknown_communes", "people_beside_unknown_land"), 1.0
    )
    figures = country_figures(communes) | about_people | sure
    assert _described("country") == _found("country", figures)


def test_links_inside_the_documentation_lead_somewhere() -> None:
    """Relative links name files that exist, and headings that exist."""
    broken = []
    for page in _pages():
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            if not path.exists():
                broken.append(f"{page.name}: {target}")
            elif anchor:
                headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
                anchors = {
                    re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings
                }
                if anchor not in anchors:
                    broken.append(f"{page.name}: {target}")
    assert [] == broken


def test_files_named_in_the_documentation_exist() -> None:
    """A module, script or page that was moved is named by its new place; folders end in a slash."""
    tops = "benchmarks|commands|coverage|data|docs|examples|maps|pipeline|tests|tools"
    named = re.compile(rf"(?<![\w./-])(?:{tops})/[\w./-]*")
    missing = [
        f"{page.name}: {name}"
        for page in _pages()
        for name in named.findall(re.sub(r"\]\([^)]*\)", "]", page.read_text(encoding="utf-8")))
        if not (REPOSITORY / name.rstrip(".")).exists()
    ]
    assert [] == missing


def test_modules_named_in_the_documentation_exist() -> None:
    """``from blackspot.x.y import z`` and ``blackspot.x.y`` lead somewhere."""
    named = {
        name
        for page in _pages()
        for name in re.findall(r"\bblackspot(?:\.[a-z_]+)+\b(?![\w/(])", page.read_text(encoding="utf-8"))
    }
    files = {"blackspot.toml", "blackspot.gpkg", "blackspot.xlsx", "blackspot.schema.json"}
    files |= {"blackspot.service", "blackspot.timer", "blackspot.log"}
    assert [] == sorted(name for name in named - files if _is_unknown(name))


def _is_unknown(name: str) -> bool:
    """Say whether a dotted name is neither a module nor something in one."""
    module, _, last = name.rpartition(".")
    try:
        return importlib.util.find_spec(name) is None and not hasattr(importlib.import_module(module), last)
    except ModuleNotFoundError:
        return True


def test_commands_shown_in_the_documentation_parse() -> None:
    """Every ``blackspot ...`` line of a code block can be typed."""
    for page in _pages():
        for block in re.findall(
            r"```(?:sh|shell|bash)\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL
        ):
            for line in re.findall(r"(?:^|&& |/)blackspot (.*?)(?: &&|$|#)", block, flags=re.MULTILINE):
                words = shlex.split(line)
                if words and words[0] not in {"--version", "--show-versions", "--help"}:
                    cli.commands[words[0]].make_context(words[0], words[1:], resilient_parsing=False)


@pytest.mark.parametrize("example", sorted((REPOSITORY / "examples").glob("*/blackspot.toml")), ids=str)
def test_examples_load(example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example is a valid project file; its files need not be there."""
    monkeypatch.setenv("BLACKSPOT_REALDATA", "/inputs")
    assert load_project(example).submissions


def test_examples_say_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fictional scenario prints its notice in both languages on every output."""
    monkeypatch.setenv("BLACKSPOT_REALDATA", "/inputs")
    project = load_project(REPOSITORY / "examples" / "vietnam" / "blackspot.toml")
    assert "GIẢ ĐỊNH" in project.project.notice.vi
    assert "FICTIONAL" in project.project.notice.en
    assert len(project.submissions) == 7


def test_the_example_names_files_layers_and_columns_that_exist(
    realdata: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run where the inputs are, nothing in the example is misspelt."""
    monkeypatch.setenv("BLACKSPOT_REALDATA", str(realdata))
    project = load_project(REPOSITORY / "examples" / "vietnam" / "blackspot.toml")
    for submission in project.submissions:
        fields = set(pyogrio.read_info(submission.path)["fields"])
        assert {part.column for part in (submission.where.every if submission.where else ())} <= fields
    for source in (project.setting.border.land_border, project.map.neighbours):
        assert source is not None
        assert source.layer in pyogrio.list_layers(source.path)[:, 0]
    columns = project.communes.columns
    names = set(pyarrow.parquet.read_schema(project.communes.path).names)
    assert {columns.code, columns.name, columns.province_code, columns.type} <= names
    assert project.population.path.is_file()
    assert project.population.totals is not None
    header = project.population.totals.path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    assert {project.population.totals.columns.code, project.population.totals.columns.population} <= set(
        header
    )


def test_the_version_is_in_the_changelog() -> None:
    """Each released version has its heading, the newest first."""
    version = tomllib.loads(_text("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## \[?([0-9.]+|Unreleased)\]?", _text("CHANGELOG.md"), flags=re.MULTILINE)
    assert version in headings[:2]


def test_the_readme_has_the_two_commands() -> None:
    """The lines continuous integration takes from the README, word by word."""
    readme = _text("README.md")
    for line in (
        "python3.11 -m venv .venv && .venv/bin/pip install . && .venv/bin/blackspot demo",
        "python3.11 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/pytest",
    ):
        assert f"\n{line}\n" in readme
