"""Every mistake in a project file is told at once, in words, with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.load import load_project
from blackspot.errors import ProjectError
from project_files import SMALL, problems_of, write_project

if TYPE_CHECKING:
    from pathlib import Path

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
        "line 11, submissions[0].where.at_least: a filter needs values that count, or at_least",
    ),
    (
        'path = "a.gpkg"',
        'path = "a"\nwhere = { column = "s", values = ["x"], at_least = -105 }',
        "line 11, submissions[0].where.at_least: give values or at_least, not both",
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
    problems = problems_of(tmp_path, SMALL.replace(old, new, 1))
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
    problems = problems_of(tmp_path, SMALL.replace(old, new, 1))
    assert f"blackspot.toml {expected}" in problems[0]


def test_an_empty_file_is_told_what_it_needs(tmp_path: Path) -> None:
    """Every missing table at once."""
    problems = problems_of(tmp_path, "")
    needed = ("communes", "population", "submissions", "profile")
    assert problems == tuple(f"blackspot.toml, {key}: is missing; add it" for key in needed)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Every changed line of one file appears, none hides another, even inside one table."""
    text = SMALL.replace('path = "communes.gpkg"', 'pat = "x"\ncrs = 4').replace('"people.tif"', '"$NOPE_A"')
    text = text.replace('path = "a.gpkg"', 'path = "a"\nthreshold = 1\nbuffer_m = -1\nfoo = 1')
    problems = problems_of(tmp_path, text.replace('["5g"]', '["7g"]\nk = 5'))
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
    problems = problems_of(tmp_path, SMALL + again)
    assert problems == (
        "blackspot.toml line 14, submissions[1]: is the same operator, service and file as submissions[0]; remove one",
    )
    for extra in ('layer = "b"\n', 'where = { column = "c", values = ["d"] }\n'):
        assert len(load_project(write_project(tmp_path, SMALL + again + extra)).submissions) == 2


def test_two_spellings_of_an_operator_that_share_columns_are_told(tmp_path: Path) -> None:
    """``Sao Mai`` and ``SAO-MAI`` would both fill pop_covered_5g_sao_mai."""
    problems = problems_of(
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
    problems = problems_of(tmp_path, "a = " + "[" * 50_000)
    assert len(problems) == 1
    assert "is not valid TOML" in problems[0]
