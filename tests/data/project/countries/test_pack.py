"""Country packs: Viet Nam's is the usual one, another country takes nothing for granted, and a file may be one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.countries.pack import find_pack, shipped_pack
from blackspot.data.project.effective import effective_toml
from blackspot.data.project.load import load_project
from project_files import SMALL, problems_of, write_project

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = '[project]\ncountry = "other"\n' + SMALL


def widths(path: Path, *overrides: str) -> tuple[int, int]:
    communes = load_project(path, overrides).communes
    return communes.code_width, communes.province_code_width


def test_viet_nam_is_usual(tmp_path: Path) -> None:
    """Codes of 5 and 2 characters; its boxes, people and systems are known."""
    assert (5, 2) == widths(write_project(tmp_path, SMALL))
    pack = shipped_pack()
    assert pack.outline_box_lonlat is not None
    assert pack.people is not None
    assert {3405, 3406} < set(pack.projected_epsg)
    assert pack.defaults["communes"] == {"code_width": 5, "province_code_width": 2}


def test_another_country_takes_nothing_for_granted(tmp_path: Path) -> None:
    """Codes of any length, unless the project file says how long they are."""
    path = write_project(tmp_path, ELSEWHERE)
    assert (0, 0) == widths(path)
    assert (3, 0) == widths(path, "communes.code_width=3")
    assert find_pack("other", tmp_path).people is None


def test_the_effective_project_keeps_what_the_country_gave(tmp_path: Path) -> None:
    """Also a width that was set to the default of all project files."""
    again = tmp_path / "again.toml"
    for overrides in ((), ("communes.code_width=5",)):
        project = load_project(write_project(tmp_path, ELSEWHERE), overrides)
        again.write_text(effective_toml(project), encoding="utf-8")
        assert project.communes == load_project(again).communes


def test_a_pack_of_ones_own(tmp_path: Path) -> None:
    """Its defaults fill what is left out; sections that the project does not have are not made."""
    (tmp_path / "ours.toml").write_text(
        "people = [1.0, 2.0]\n[defaults.communes]\ncode_width = 13\n[defaults.provinces]\nlayer = 'x'\n",
        encoding="utf-8",
    )
    project = load_project(write_project(tmp_path, ELSEWHERE.replace("other", "ours.toml")))
    assert 13 == project.communes.code_width
    assert project.provinces is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("people = [1.0]", "people must be a list of 2 numbers"),
        ('outline_box_lonlat = "x"', "outline_box_lonlat must be a list of 4 numbers"),
        ("defaults = 1", "defaults must hold tables"),
        ("[defaults.submissions]", "submissions belong to the project file"),
        ("[", "is not valid TOML"),
    ],
)
def test_a_broken_pack_is_told(tmp_path: Path, text: str, said: str) -> None:
    """With the line of the key that names it."""
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    (problem,) = problems_of(tmp_path, ELSEWHERE.replace("other", "ours.toml"))
    assert problem.startswith("blackspot.toml line 2, project.country: ")
    assert said in problem


def test_an_unknown_country_is_told(tmp_path: Path) -> None:
    """With what was probably meant."""
    assert "did you mean other?" in problems_of(tmp_path, ELSEWHERE.replace("other", "othr"))[0]
    assert "cannot be read" in problems_of(tmp_path, ELSEWHERE.replace("other", "none.toml"))[0]


def test_a_country_without_provinces_needs_a_name(tmp_path: Path) -> None:
    """It stands wherever a province would."""
    without = ELSEWHERE.replace('"communes.gpkg"', '"communes.gpkg"\ncolumns = { province_code = "" }')
    assert "write its name as country_name" in problems_of(tmp_path, without)[0]
    named = without.replace("columns =", 'country_name = "Ostland"\ncolumns =')
    assert "Ostland" == load_project(write_project(tmp_path, named)).communes.country_name
