"""The project file: what it accepts, and that every mistake is told at once, in words, with its place."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blackspot.data.project import (
    CommunesSource,
    Profile,
    Project,
    ProjectInfo,
    SubmissionSource,
    Words,
    load_project,
    slug,
)
from blackspot.data.template import TEMPLATE, write_template
from blackspot.data.toml_lines import key_lines, line_of
from blackspot.errors import ProjectError, WorkplaceError

SMALL = """\
[communes]
path = "communes.gpkg"

[population]
path = "people.tif"

[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "a.gpkg"

[profile]
services = ["5g"]
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "blackspot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def _problems(folder: Path, text: str, *overrides: str) -> tuple[str, ...]:
    with pytest.raises(ProjectError) as caught:
        load_project(_write(folder, text), overrides)
    return caught.value.problems


# --- what is read ---


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    """Every path is absolute after loading, wherever the program was started."""
    project = load_project(_write(tmp_path, SMALL))
    assert tmp_path / "communes.gpkg" == project.communes.path
    assert tmp_path / "a.gpkg" == project.submissions[0].path
    assert tmp_path / "out" == project.project.out
    assert (tmp_path / "blackspot.toml", tmp_path) == (project.path, project.folder)


def test_the_default_folder_is_beside_the_file_even_without_a_project_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started elsewhere with a relative name, the runs still stand beside the project file."""
    _write(tmp_path, SMALL)
    monkeypatch.chdir(tmp_path.parent)
    project = load_project(Path(tmp_path.name) / "blackspot.toml")
    assert tmp_path / "out" == project.project.out


def test_variables_and_home_expand_in_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``$VAR``, ``${VAR}`` and ``~`` are filled in."""
    monkeypatch.setenv("INPUTS", "/srv/inputs")
    monkeypatch.setenv("HOME", "/home/planner")
    text = SMALL.replace('"communes.gpkg"', '"${INPUTS}/c.gpkg"').replace('"people.tif"', '"$INPUTS/p.tif"')
    project = load_project(_write(tmp_path, text.replace('"a.gpkg"', '"~/a.gpkg"')))
    assert Path("/srv/inputs/c.gpkg") == project.communes.path
    assert Path("/srv/inputs/p.tif") == project.population.path
    assert Path("/home/planner/a.gpkg") == project.submissions[0].path


def test_defaults_are_those_of_the_reference(tmp_path: Path) -> None:
    """What the file leaves out has the documented default."""
    project = load_project(_write(tmp_path, SMALL))
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
    ) == ("count", "land", "none", None)
    assert (project.map.pages, project.map.language) == ("all", "vi")


@pytest.mark.parametrize("written", ["2026-10-31", '"2026-10-31"'])
def test_a_vintage_may_stand_with_or_without_quotes(tmp_path: Path, written: str) -> None:
    """A date is a date either way; a year of the population is text either way."""
    text = SMALL.replace('"a.gpkg"', f'"a.gpkg"\nvintage = {written}')
    text = text.replace('"people.tif"', '"people.tif"\nvintage = 2020')
    project = load_project(_write(tmp_path, text))
    assert dt.date(2026, 10, 31) == project.submissions[0].vintage
    assert project.population.vintage == "2020"


def test_filters_add_up(tmp_path: Path) -> None:
    """``also`` holds further columns a row must pass."""
    where = (
        'where = { column = "status", values = ["Operational"], '
        'also = [{ column = "owner", values = ["A", "B"] }] }'
    )
    project = load_project(_write(tmp_path, SMALL.replace('"a.gpkg"', f'"a.gpkg"\n{where}')))
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
    project = load_project(_write(tmp_path, SMALL))
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


# --- mistakes ---

MISTAKES: list[tuple[str, str, str]] = [
    (
        'path = "communes.gpkg"',
        'pth = "communes.gpkg"',
        "line 2, communes.pth: is not a known key; did you mean path?",
    ),
    ('path = "communes.gpkg"', "", "line 1, communes.path: is missing; add it"),
    ('path = "communes.gpkg"', "path = 3", "line 2, communes.path: must be a path in quotes; found 3"),
    ('path = "communes.gpkg"', 'path = " "', "line 2, communes.path: the path is empty"),
    (
        'path = "communes.gpkg"',
        'path = "$NOT_SET_HERE/c"',
        "line 2, communes.path: the environment variable NOT_SET_HERE",
    ),
    ('path = "communes.gpkg"', 'path = "~nobody_has_this_name/c"', "line 2, communes.path: the home folder"),
    (
        'path = "communes.gpkg"',
        'path = "a\\u0000b"',
        "line 2, communes.path: the path holds a null character",
    ),
    (
        'path = "people.tif"',
        'path = "p"\nkind = "counts"',
        "line 6, population.kind: must be 'count' or 'density'; found 'counts'",
    ),
    (
        'path = "people.tif"',
        'path = "p"\ncalibrate = "communes"',
        'line 6, population.calibrate: calibrate = "communes" needs',
    ),
    (
        'path = "people.tif"',
        'path = "p"\nnodata = "x"',
        "line 6, population.nodata: must be a number without quotes; found 'x'",
    ),
    (
        'path = "people.tif"',
        'path = "p"\ntotals = 4',
        "line 6, population.totals: must be a table of keys; found 4",
    ),
    (
        'operator = "Sao Mai"',
        "operator = 7",
        "line 8, submissions[0].operator: must be text in quotes; found 7",
    ),
    ('operator = "Sao Mai"', 'operator = ""', "line 8, submissions[0].operator: must not be empty"),
    (
        'operator = "Sao Mai"',
        'operator = "移动"',
        "line 8, submissions[0].operator: '移动' has no Latin letter",
    ),
    (
        'operator = "Sao Mai"',
        'operator = "All"',
        "line 8, submissions[0].operator: 'All' is a word of the output columns",
    ),
    (
        'operator = "Sao Mai"',
        'operator = "At least 2"',
        "line 8, submissions[0].operator: 'At least 2' is a word",
    ),
    ('service = "5g"', 'service = "5G"', "line 9, submissions[0].service: must be a lower-case word"),
    ('service = "5g"', 'service = "5g sa"', "line 9, submissions[0].service: must be a lower-case word"),
    (
        'path = "a.gpkg"',
        'path = "a"\nbuffer_m = 0',
        "line 11, submissions[0].buffer_m: must be more than 0.0; found 0",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nbuffer_m = nan',
        "line 11, submissions[0].buffer_m: must be a finite number; found nan",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nbuffer_m = true',
        "line 11, submissions[0].buffer_m: must be a number without quotes; found true",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nbuffer_m = 1\nthreshold = -110',
        "line 12, submissions[0].threshold: buffer_m is for lines",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nvintage = "31/10/2026"',
        "line 11, submissions[0].vintage: write a date as 2026-10-31",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nvintage = 2026',
        "line 11, submissions[0].vintage: must be a date such as 2026-10-31; found 2026",
    ),
    ('path = "a.gpkg"', 'path = "a"\nextent = {}', "line 11, submissions[0].extent.path: an extent needs"),
    (
        'path = "a.gpkg"',
        'path = "a"\nextent = { provinces = [12] }',
        "line 11, submissions[0].extent.provinces[0]: must be text in quotes; found 12",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nextent = { provinces = "12" }',
        "line 11, submissions[0].extent.provinces: must be a list in square brackets; found '12'",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nextent = { provinces = ["1"], except_provinces = ["2"] }',
        "line 11, submissions[0].extent.except_provinces: give provinces or",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nextent = { provinces = ["1"], path = "x" }',
        "line 11, submissions[0].extent.path: give a list of provinces or a path",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nwhere = { column = "s", values = [] }',
        "line 11, submissions[0].where.values: must not be empty",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nbasis = "guessed"',
        "line 11, submissions[0].basis: must be 'declared', ",
    ),
    ('services = ["5g"]', 'services = ["5g", "5g"]', "line 13, profile.services: 5g stands twice"),
    ('services = ["5g"]', "services = []", "line 13, profile.services: must not be empty"),
    (
        'services = ["5g"]',
        'services = ["6g"]',
        "line 13, profile.services: no submission has the service '6g'; the submissions have: 5g",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\nmobile_service = "4g"',
        "line 14, profile.mobile_service: no submission has the service '4g'",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\nfibre_service = "fibre"',
        "line 14, profile.fibre_service: no submission has the service 'fibre'",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\nk = 2',
        'line 14, profile.k: k = 2 has a meaning only with operator_rule = "at_least_k"',
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\noperator_rule = "at_least_k"\nk = 0',
        "line 15, profile.k: must be at least 1; found 0",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\noperator_rule = "at_least_k"\nk = 2',
        "line 15, profile.k: asks for 2 operators, but 5g has only 1",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\nmin_cell_share = 1.5',
        "line 14, profile.min_cell_share: must be at most 1",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\nmin_people = -1',
        "line 14, profile.min_people: must be at least 0",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\n[map]\nlanguage = "fr"',
        "line 15, map.language: must be 'vi' or 'en'; found 'fr'",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\n[setting.border]\ndistance_km = "5"',
        "line 15, setting.border.distance_km: must be a number",
    ),
    (
        'services = ["5g"]',
        'services = ["5g"]\n[nonsense]\na = 1',
        "line 14, nonsense: is not a known key; known here: project, communes",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES, ids=[new[:40] for _, new, _ in MISTAKES])
def test_a_mistake_is_told_with_line_key_and_cure(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """The sentence stands there, at the right line."""
    problems = _problems(tmp_path, SMALL.replace(old, new, 1))
    assert any(f"blackspot.toml {expected}" in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "[[submissions]]",
            "[submissions]",
            "line 7, submissions: is one table where a list of tables is asked",
        ),
        ("[communes]", "[[communes]]", "line 1, communes: is a list where one table is asked"),
        ("[communes]", "communes = 3\n[x]", "line 1, communes: must be a table of keys; found 3"),
    ],
)
def test_the_wrong_kind_of_table_is_told_with_its_head(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    """One bracket or two is the mistake people make first."""
    problems = _problems(tmp_path, SMALL.replace(old, new, 1))
    assert f"blackspot.toml {expected}" in problems[0]


def test_an_empty_file_is_told_what_it_needs(tmp_path: Path) -> None:
    """Every missing table at once."""
    problems = _problems(tmp_path, "")
    needed = ("communes", "population", "submissions", "profile")
    assert problems == tuple(f"blackspot.toml, {key}: is missing; add it" for key in needed)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Every changed line of one file appears, none hides another, even inside one table."""
    text = SMALL.replace('path = "communes.gpkg"', 'pat = "x"\ncrs = 4').replace('"people.tif"', '"$NOPE_A"')
    text = text.replace('path = "a.gpkg"', 'path = "a"\nthreshold = 1\nbuffer_m = -1\nfoo = 1')
    problems = _problems(tmp_path, text.replace('["5g"]', '["7g"]\nk = 5'))
    keys = [problem.split(": ")[0].removeprefix("blackspot.toml ") for problem in problems]
    expected = [
        "line 1, communes.path",
        "line 2, communes.pat",
        "line 3, communes.crs",
        "line 6, population.path",
        "line 13, submissions[0].buffer_m",
        "line 14, submissions[0].foo",
        "line 17, profile.services",
        "line 18, profile.k",
    ]
    assert expected == keys


def test_the_same_file_twice_is_told_but_other_rows_or_layers_are_another_submission(tmp_path: Path) -> None:
    """A copied table is a mistake; the same file with another filter or layer is not."""
    again = '[[submissions]]\noperator = "Sao Mai"\nservice = "5g"\npath = "a.gpkg"\n'
    problems = _problems(tmp_path, SMALL + again)
    assert problems == (
        "blackspot.toml line 14, submissions[1]: is the same operator, service and file as submissions[0]; remove one",
    )
    for extra in ('layer = "b"\n', 'where = { column = "c", values = ["d"] }\n'):
        assert len(load_project(_write(tmp_path, SMALL + again + extra)).submissions) == 2


def test_two_spellings_of_an_operator_that_share_columns_are_told(tmp_path: Path) -> None:
    """``Sao Mai`` and ``SAO-MAI`` would both fill pop_covered_5g_sao_mai."""
    problems = _problems(
        tmp_path, SMALL + '[[submissions]]\noperator = "SAO-MAI"\nservice = "5g"\npath = "b"\n'
    )
    assert ["submissions[1].operator: 'SAO-MAI' and 'Sao Mai' would share" in p for p in problems] == [True]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b"[communes\npath = 1",
            "is not valid TOML: Expected ']' at the end of a table declaration (at line 1, column 10)",
        ),
        (b"a = 1\nb = \xff", "line 2: is not UTF-8 text; save the file as UTF-8"),
        (b"a = 1\na = 2\n", "is not valid TOML: Cannot overwrite a value (at line 2, column 6)"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, content: bytes, expected: str) -> None:
    """Syntax errors carry tomllib's line and column."""
    path = tmp_path / "blackspot.toml"
    path.write_bytes(content)
    with pytest.raises(ProjectError) as caught:
        load_project(path)
    assert expected in str(caught.value)


def test_a_missing_file_a_folder_and_a_huge_file_are_told(tmp_path: Path) -> None:
    """Each is one sentence with its cure."""
    with pytest.raises(ProjectError, match="there is no such file; `blackspot init` writes one"):
        load_project(tmp_path / "no.toml")
    with pytest.raises(ProjectError, match="is a folder"):
        load_project(tmp_path)
    huge = tmp_path / "huge.toml"
    with huge.open("wb") as file:
        file.truncate(5_000_000)
    with pytest.raises(ProjectError, match="larger than 4 MB"):
        load_project(huge)


def test_deep_nesting_is_a_mistake_not_a_crash(tmp_path: Path) -> None:
    """Brackets without end do not bring the parser down."""
    problems = _problems(tmp_path, "a = " + "[" * 50_000)
    assert len(problems) == 1
    assert "is not valid TOML" in problems[0]


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
    value: Any = load_project(_write(tmp_path, SMALL), [override])
    for step in path:
        value = value[step] if isinstance(step, int) else getattr(value, step)
    assert expected == value


def test_an_override_of_a_path_starts_at_the_folder_of_the_file(tmp_path: Path) -> None:
    """The same words mean the same in the file and on the command line."""
    project = load_project(_write(tmp_path, SMALL), ["communes.path=other.gpkg"])
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
    problems = _problems(tmp_path, SMALL, override)
    assert len(problems) == 1
    assert problems[0].startswith(expected)


# --- lines ---

LINES = """\
# a comment with [brackets] = and "quotes"
top = 1
'quoted key' = \"\"\"
[not.a.table]
x = 1
\"\"\"
[a.b]  # comment
list = [
  1, # ] not the end
  { c = "]" },
]
inline = { x = { y = 1 } }
dotted.key = '''
z = 1'''
[[rows]]
name = "x=y" # [rows]
[[rows]]
name = 2
  [rows.sub]
  deep = 3
[[rows.more]]
end = 1
"""


def test_every_key_has_the_line_a_reader_sees() -> None:
    """Comments, multi-line texts and lists do not confuse the count."""
    lines = key_lines(LINES)
    tomllib.loads(LINES)
    expected = {
        ("top",): 2,
        ("quoted key",): 3,
        ("a", "b"): 7,
        ("a", "b", "list"): 8,
        ("a", "b", "inline"): 12,
        ("a", "b", "dotted"): 13,
        ("a", "b", "dotted", "key"): 13,
        ("rows", 0): 15,
        ("rows", 0, "name"): 16,
        ("rows", 1): 17,
        ("rows", 1, "name"): 18,
        ("rows", 1, "sub"): 19,
        ("rows", 1, "sub", "deep"): 20,
        ("rows", 1, "more", 0): 21,
        ("rows", 1, "more", 0, "end"): 22,
    }
    assert expected == {path: line for path, line in lines.items() if path}


def test_a_key_inside_an_inline_table_has_the_line_of_the_table() -> None:
    """The nearest written key around it is where to look; what is not written at all has no line."""
    lines = key_lines(LINES)
    assert line_of(lines, ("a", "b", "inline", "x", "y")) == 12
    assert line_of(lines, ("rows", 1, "gone")) == 17
    assert line_of(lines, ("gone",)) is None


_KEYS = st.sampled_from(["a", "b-c", '"d.e"', "f.g", "'h i'", '"q\\"r"'])
_VALUES = st.sampled_from(
    [
        "1",
        '"x"',
        "'y = 2'",
        '"""\n[z]\nk = 1\n"""',
        "'''\n'' '''",
        "[\n1,\n[2], # ]\n]",
        '{ k = "}" }',
        "1979-05-27",
        '"\\"["',
        '""',
        "''",
    ]
)


@given(st.lists(st.tuples(_KEYS, _VALUES), min_size=1, max_size=5, unique_by=lambda pair: pair[0]))
def test_the_scanner_finds_exactly_the_keys_tomllib_reads(pairs: list[tuple[str, str]]) -> None:
    """For any mixture of keys and values, the top keys found are those tomllib sees, at their lines."""
    text = "\n".join(f"{key} = {value}" for key, value in pairs)
    found = key_lines(text)
    assert set(tomllib.loads(text)) == {path[0] for path in found if path}
    line = 1
    for key, value in pairs:
        (name,) = tomllib.loads(f"{key} = 0")
        assert line == found[name,]
        line += value.count("\n") + 1


@given(st.text(alphabet="ab=[]{}\"'#\n.\\ 1,", max_size=60))
def test_the_scanner_ends_on_any_text(text: str) -> None:
    """Even what is no TOML never makes it hang or fail."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert key_lines(text)[()] == 1


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
        load_project(_write(tmp_path, SMALL), [f"profile.min_people={value}"]).profile.digest()
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
    shown = re.sub(r"^# (?=(?:\[|[a-z_]+ = ))", "", TEMPLATE, flags=re.MULTILINE)
    assert shown.count("\n[[submissions]]") == TEMPLATE.count("\n[[submissions]]") + 1
    project = load_project(_write(tmp_path, shown))
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
