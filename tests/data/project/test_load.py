"""The project file: what it accepts, its overrides, its digest, its template."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from blackspot.data.project.load import folder_of_runs, load_project
from blackspot.errors import ProjectError
from project_files import SMALL, problems_of, write_project


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    """Every path is absolute after loading, wherever the program was started."""
    project = load_project(write_project(tmp_path, SMALL))
    assert tmp_path / "communes.gpkg" == project.communes.path
    assert tmp_path / "a.gpkg" == project.submissions[0].path
    assert tmp_path / "out" == project.project.out
    assert (tmp_path / "blackspot.toml", tmp_path) == (project.path, project.folder)


def test_the_default_folder_is_beside_the_file_even_without_a_project_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started elsewhere with a relative name, the runs still stand beside the project file."""
    write_project(tmp_path, SMALL)
    monkeypatch.chdir(tmp_path.parent)
    project = load_project(Path(tmp_path.name) / "blackspot.toml")
    assert tmp_path / "out" == project.project.out


def test_the_runs_are_found_where_the_inputs_are_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that this machine lacks, and a key that is wrong elsewhere, do not keep the runs from being looked at."""
    monkeypatch.delenv("INPUTS_OF_THE_NIGHT", raising=False)
    text = SMALL.replace('"communes.gpkg"', '"${INPUTS_OF_THE_NIGHT}/c.gpkg"') + "\nnonsense = 3\n"
    path = write_project(tmp_path, text)
    assert tmp_path / "out" == folder_of_runs(path)
    kept = write_project(tmp_path, f'[project]\nout = "../kept"\n{text}')
    assert tmp_path.parent / "kept" == folder_of_runs(kept)


@pytest.mark.parametrize("out", ["7", '"${INPUTS_OF_THE_NIGHT}/out"'])
def test_runs_whose_folder_is_not_said_tell_every_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    """Where the section itself is wrong nobody guesses."""
    monkeypatch.delenv("INPUTS_OF_THE_NIGHT", raising=False)
    with pytest.raises(ProjectError, match=r"project\.out"):
        folder_of_runs(write_project(tmp_path, f"[project]\nout = {out}\n{SMALL}"))


def test_variables_and_home_expand_in_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``$VAR``, ``${VAR}`` and ``~`` are filled in."""
    monkeypatch.setenv("INPUTS", "/srv/inputs")
    monkeypatch.setenv("HOME", "/home/planner")
    text = SMALL.replace('"communes.gpkg"', '"${INPUTS}/c.gpkg"').replace('"people.tif"', '"$INPUTS/p.tif"')
    project = load_project(write_project(tmp_path, text.replace('"a.gpkg"', '"~/a.gpkg"')))
    assert Path("/srv/inputs/c.gpkg") == project.communes.path
    assert Path("/srv/inputs/p.tif") == project.population.path
    assert Path("/home/planner/a.gpkg") == project.submissions[0].path


def test_defaults_are_those_of_the_reference(tmp_path: Path) -> None:
    """What the file leaves out has the documented default."""
    project = load_project(write_project(tmp_path, SMALL))
    assert project.setting.rural_types == ("commune", "special_zone")
    assert (project.setting.border.distance_km, project.setting.island.gap_m) == (5.0, 200.0)
    assert (
        project.profile.gap,
        project.profile.operator_rule,
        project.profile.k,
        project.profile.min_people,
        project.profile.min_cell_share,
    ) == ("all", "any", 1, 50.0, 0.5)
    assert (
        project.population.kind,
        project.population.edge_cells,
        project.population.calibrate,
        project.population.nodata,
    ) == ("count", "land", "auto", None)
    assert (project.map.pages, project.map.language) == ("all", "vi")


@pytest.mark.parametrize("written", ["2026-10-31", '"2026-10-31"'])
def test_a_vintage_may_stand_with_or_without_quotes(tmp_path: Path, written: str) -> None:
    """A date is a date either way; a year of the population is text either way."""
    text = SMALL.replace('"a.gpkg"', f'"a.gpkg"\nvintage = {written}')
    text = text.replace('"people.tif"', '"people.tif"\nvintage = 2020')
    project = load_project(write_project(tmp_path, text))
    assert dt.date(2026, 10, 31) == project.submissions[0].vintage
    assert project.population.vintage == "2020"


def test_filters_add_up(tmp_path: Path) -> None:
    """``also`` holds further columns a row must pass."""
    where = (
        'where = { column = "status", values = ["Operational"], '
        'also = [{ column = "owner", values = ["A", "B"] }] }'
    )
    project = load_project(write_project(tmp_path, SMALL.replace('"a.gpkg"', f'"a.gpkg"\n{where}')))
    filters = project.submissions[0].where
    assert filters is not None
    assert [(f.column, f.values) for f in filters.every] == [
        ("status", ("Operational",)),
        ("owner", ("A", "B")),
    ]


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    """A file saved by Notepad is a project file too."""
    path = tmp_path / "blackspot.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert load_project(path).services == ("5g",)


@pytest.mark.parametrize(
    ("override", "path", "expected"),
    [
        ("profile.min_people=100", ("profile", "min_people"), 100.0),
        ('project.title.vi="Thử"', ("project", "title", "vi"), "Thử"),
        ("project.title.vi=Thử nghiệm", ("project", "title", "vi"), "Thử nghiệm"),
        ("submissions[0].buffer_m=3000", ("submissions", 0, "buffer_m"), 3000.0),
        ("submissions.0.threshold=-105.5", ("submissions", 0, "threshold"), -105.5),
        ("population.edge_cells = share", ("population", "edge_cells"), "share"),
        ("setting.border.distance_km=10", ("setting", "border", "distance_km"), 10.0),
        ("submissions[0].operator=a=b", ("submissions", 0, "operator"), "a=b"),
        ('profile.counted_basis=["measured"]', ("profile", "counted_basis"), ("measured",)),
    ],
)
def test_an_override_replaces_one_key(
    tmp_path: Path, override: str, path: tuple[str | int, ...], expected: object
) -> None:
    """VALUE is TOML, or text where it is none; positions count from 0."""
    value: Any = load_project(write_project(tmp_path, SMALL), [override])
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    assert expected == value


def test_an_override_of_a_path_starts_at_the_folder_of_the_file(tmp_path: Path) -> None:
    """The same words mean the same in the file and on the command line."""
    project = load_project(write_project(tmp_path, SMALL), ["communes.path=other.gpkg"])
    assert tmp_path / "other.gpkg" == project.communes.path


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("profile.min_people", "--set profile.min_people: write KEY=VALUE"),
        ("=3", "--set =3: write KEY=VALUE"),
        (
            "submissions[4].layer=x",
            "--set submissions[4].layer=x: submissions is a list of 1; write its position",
        ),
        ("submissions.layer=x", "--set submissions.layer=x: submissions is a list of 1; write its position"),
        ("profile[0]=x", "--set profile[0]=x: profile is not a list"),
        ("communes.path.x=1", "--set communes.path.x=1: communes.path is a value and has no keys"),
        ("profile.min_peple=3", "--set profile.min_peple: is not a known key; did you mean min_people?"),
        ("profile.gap=some", "--set profile.gap: must be 'any' or 'all'; found 'some'"),
        ("map.language={}", "--set map.language: must be 'vi' or 'en'; found {}"),
    ],
)
def test_a_wrong_override_is_told_as_one(tmp_path: Path, override: str, expected: str) -> None:
    """A mistake of the command line has no line number but the option's name."""
    problems = problems_of(tmp_path, SMALL, override)
    assert len(problems) == 1
    assert problems[0].startswith(expected)
