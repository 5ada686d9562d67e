"""The project file: what it accepts, its overrides, its digest, its template."""

from __future__ import annotations

import datetime as dt
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.project.load import load_project
from blackspot.data.project.models import CommunesSource, Project, ProjectInfo, SubmissionSource, Words
from blackspot.data.project.profile import Profile
from blackspot.data.project.template import template, write_template
from blackspot.data.text.slug import slug
from blackspot.errors import ProjectError, WorkplaceError
from project_files import SMALL, problems_of, write_project

# --- what is read ---


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


def test_a_project_cannot_be_changed(tmp_path: Path) -> None:
    """Models are frozen: what was checked is what runs."""
    project = load_project(write_project(tmp_path, SMALL))
    with pytest.raises(ValueError, match="frozen"):
        project.profile.min_people = 1.0  # type: ignore[misc]


def test_models_can_be_made_directly() -> None:
    """Library users need no file; lists are taken as tuples."""
    source = SubmissionSource(operator="Hải Đăng", service="4g", path=Path("x.gpkg"))
    assert Path.cwd() / "x.gpkg" == source.path
    assert Profile(services=["5g"]).services == ("5g",)  # type: ignore[arg-type]
    assert CommunesSource(path=Path("/a")).columns.code == "code"
    assert ProjectInfo().out.is_absolute()


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        (Words(vi="xã", en="commune"), "vi", "xã"),
        (Words(vi="xã", en="commune"), "en", "commune"),
        (Words(vi="xã"), "en", "xã"),
        (Words(en="commune"), "vi", "commune"),
        (Words(), "vi", ""),
    ],
)
def test_words_fall_back_to_the_other_language(words: Words, language: str, expected: str) -> None:
    """A text given in one language only is shown in both."""
    assert expected == words.text(language)


# --- overrides ---


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


# --- slug and digest ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sao Mai", "sao_mai"),
        ("Hải Đăng", "hai_dang"),
        ("Biển Xanh!", "bien_xanh"),
        ("  VNPT--Net 2 ", "vnpt_net_2"),
        ("đặc khu", "dac_khu"),
        ("ĐẶC KHU", "dac_khu"),
        ("移动", ""),
        ("../../etc", "etc"),
    ],
)
def test_slug(text: str, expected: str) -> None:
    """Names become plain words."""
    assert expected == slug(text)


@given(st.text())
def test_a_slug_is_plain_and_stays_as_it_is(text: str) -> None:
    """Only a-z, 0-9 and single inner underscores; a slug of a slug is itself."""
    word = slug(text)
    assert set(word) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")
    assert word.strip("_") == word
    assert "__" not in word
    assert slug(word) == word


def test_the_digest_names_the_rules_and_nothing_else() -> None:
    """Same rules, same digest; any other rule, another one; 64 hex digits."""
    profile = Profile(services=("5g",))
    assert Profile(services=("5g",), gap="all").digest() == profile.digest()
    assert Profile(services=("5g",), gap="any").digest() != profile.digest()
    assert Profile(services=("5g",), min_people=51.0).digest() != profile.digest()
    assert len(bytes.fromhex(profile.digest())) == 32


def test_the_digest_does_not_depend_on_how_a_number_is_written(tmp_path: Path) -> None:
    """50 and 50.0 are the same rule."""
    digests = {
        load_project(write_project(tmp_path, SMALL), [f"profile.min_people={value}"]).profile.digest()
        for value in ("50", "50.0", "5e1")
    }
    assert len(digests) == 1


# --- template, schema, descriptions ---


def test_the_template_loads_as_it_stands(tmp_path: Path) -> None:
    """``init`` writes a project in which only the files are missing."""
    project = load_project(write_template(tmp_path / "new"))
    assert project.profile.services == ("5g", "fibre")
    assert [submission.buffer_m is not None for submission in project.submissions] == [False, False, True]


def test_every_commented_key_of_the_template_is_a_key(tmp_path: Path) -> None:
    """Taking the comment sign away gives a valid file: examples do not rot."""
    shown = re.sub(r"^# (?=(?:\[|[a-z_]+ = ))", "", template(), flags=re.MULTILINE)
    assert shown.count("\n[[submissions]]") == template().count("\n[[submissions]]") + 1
    project = load_project(write_project(tmp_path, shown))
    assert project.population.totals is not None
    assert project.setting.border.list is not None
    assert project.communes.types == {"thị trấn": "commune"}
    assert project.submissions[3].threshold == -110.0


def test_the_template_never_overwrites(tmp_path: Path) -> None:
    """A filled-in file is the planner's work."""
    path = write_template(tmp_path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ProjectError, match=r"blackspot\.toml: exists already"):
        write_template(tmp_path)
    assert path.read_text(encoding="utf-8") == "mine"
    with pytest.raises(ProjectError, match="exists already"):
        write_template(path)


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    """The disk's refusal is a sentence."""
    with pytest.raises(WorkplaceError, match="cannot be written"):
        write_template(tmp_path / ("x" * 300))


def test_every_key_has_a_description() -> None:
    """The reference page and the schema are made of them."""
    schema = Project.model_json_schema()
    tables = {"Project": schema, **schema["$defs"]}
    undescribed = [
        f"{table}.{key}"
        for table, content in tables.items()
        for key, field in content.get("properties", {}).items()
        if not field.get("description")
    ]
    assert undescribed == []


def test_the_schema_ships_with_the_package() -> None:
    """Editors can complete keys from the installed file."""
    schema = json.loads((files("blackspot.data") / "schemas" / "blackspot.schema.json").read_text("utf-8"))
    assert set(Project.model_fields) == set(schema["properties"])
