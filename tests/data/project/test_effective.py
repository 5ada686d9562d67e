"""The project file as it was carried out, and the rules in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from blackspot.data.project.effective import claims_of, effective_toml, newest_day, rules_of
from blackspot.data.project.load import load_project
from blackspot.data.project.models import Project

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """
[communes]
path = "communes.gpkg"
[population]
path = "people.tif"
vintage = "2020"
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "five.gpkg"
vintage = 2026-10-31
extent = { except_provinces = ["02"] }
[[submissions]]
operator = "Sao Mai"
service = "5g"
path = "more.gpkg"
[profile]
id = "trial"
services = ["5g"]
"""


def test_written_again_it_is_the_same_project(tmp_path: Path) -> None:
    """With its overrides, from the folder it stood in."""
    path = tmp_path / "blackspot.toml"
    path.write_text(TEXT, encoding="utf-8")
    project = load_project(path, ["profile.min_people=7", 'project.title.vi="Thử \\"một\\""'])
    (tmp_path / "again.toml").write_text(effective_toml(project), encoding="utf-8")
    again = load_project(tmp_path / "again.toml")
    assert project.model_dump() == again.model_dump()
    assert project.digest() == again.digest()
    assert str(tmp_path) not in effective_toml(project)


def test_rules_are_what_decides_numbers(tmp_path: Path) -> None:
    """Titles, paths, days and pages do not; the profile, the setting and the ways of counting do."""
    path = tmp_path / "blackspot.toml"
    path.write_text(TEXT, encoding="utf-8")
    rules = rules_of(load_project(path))
    other = load_project(
        path, ['map.pages="none"', 'population.vintage="2021"', "submissions[0].vintage=2026-11-30"]
    )
    assert rules == rules_of(other)
    assert {"profile.min_people"} == {
        key
        for key, value in rules_of(load_project(path, ["profile.min_people=7"])).items()
        if rules[key] != value
    }
    assert rules["population.edge_cells"] == "land"


def test_claims_are_told_apart(tmp_path: Path) -> None:
    """By operator and service; the second file of the same ones has a number."""
    path = tmp_path / "blackspot.toml"
    path.write_text(TEXT, encoding="utf-8")
    claims = claims_of(load_project(path))
    assert ["Sao Mai 5g", "Sao Mai 5g (2)"] == list(claims)
    assert {"provinces": [], "except_provinces": ["02"]} == claims["Sao Mai 5g"]["extent"]
    assert claims["Sao Mai 5g (2)"]["extent"] is None


def test_the_newest_day_is_that_of_coverage_that_counts(tmp_path: Path) -> None:
    """Plans speak of later days; where nothing states a day there is none."""
    submissions = [
        {"operator": name, "service": "4g", "path": "/made/up/a.gpkg", "basis": basis, "vintage": day}
        for name, basis, day in (
            ("A", "declared", dt.date(2026, 3, 1)),
            ("B", "measured", dt.date(2026, 5, 1)),
            ("C", "planned", dt.date(2028, 1, 1)),
            ("D", "declared", None),
        )
    ]
    whole = {
        "project": {"title": {"vi": "Thử", "en": "Trial"}},
        "communes": {"path": str(tmp_path / "c.gpkg")},
        "population": {"path": str(tmp_path / "p.tif")},
        "profile": {"services": ("4g",)},
    }
    project = Project.model_validate(whole | {"submissions": tuple(submissions)})
    assert dt.date(2026, 5, 1) == newest_day(project)
    assert newest_day(Project.model_validate(whole | {"submissions": tuple(submissions[2:])})) is None
