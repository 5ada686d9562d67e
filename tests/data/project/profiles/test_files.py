"""Gap profiles as files: those that ship load, a project starts from one, and what it changes shows in the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.effective import effective_toml, rules_of
from blackspot.data.project.load import load_project
from blackspot.data.project.profile import Profile
from blackspot.data.project.profiles.files import find_profile, shipped
from project_files import SMALL, problems_of, write_project

if TYPE_CHECKING:
    from pathlib import Path

BASED = SMALL.replace('services = ["5g"]', 'base = "5g-any-operator"')


def test_five_profiles_ship_and_each_is_whole() -> None:
    """Every one loads without a project, has words in both languages, a source, and rules of its own."""
    found = {one.name: one for one in shipped()}
    expected = {"4g-any-operator-outdoor", "5g-any-operator", "double-gap", "fibre-access", "sdg-9-c-1"}
    assert expected == set(found)
    for name, one in found.items():
        assert name == one.rules["id"]
        assert {"vi", "en"} == set(one.title) == set(one.about)
        assert one.source
    assert 5 == len({Profile.model_validate(one.rules).digest() for one in found.values()})


def test_a_project_starts_from_one(tmp_path: Path) -> None:
    """Its rules are those of the file, and its digest that of the same rules written out."""
    profile = load_project(write_project(tmp_path, BASED)).profile
    assert ("5g",) == profile.services
    assert "5g-any-operator" == profile.id
    written_out = Profile.model_validate(find_profile("5g-any-operator", tmp_path).rules)
    assert written_out.digest() == profile.digest()


def test_what_is_changed_shows_in_the_name(tmp_path: Path) -> None:
    """A threshold beside the base changes the digest and the id; the same value again changes neither."""
    path = write_project(tmp_path, BASED)
    same = load_project(path, ["profile.min_people=50.0"]).profile
    other = load_project(path, ["profile.min_people=100"]).profile
    assert "5g-any-operator" == same.id
    assert "5g-any-operator+min_people" == other.id
    assert load_project(path).profile.digest() == same.digest() != other.digest()
    named = load_project(path, ["profile.min_people=100", 'profile.id="ours"']).profile
    assert "ours" == named.id


def test_tables_are_changed_key_by_key(tmp_path: Path) -> None:
    """One limit of the order is replaced, the others stay as the file has them."""
    (tmp_path / "ours.toml").write_text(
        '[profile]\nid = "ours"\nservices = ["5g"]\norder = { serious_people = 7.0, isolated_km = 3.0 }\n',
        encoding="utf-8",
    )
    text = BASED.replace("5g-any-operator", "ours.toml") + "[profile.order]\nisolated_km = 4.0\n"
    profile = load_project(write_project(tmp_path, text)).profile
    assert (7.0, 4.0) == (profile.order.serious_people, profile.order.isolated_km)
    assert "ours+order" == profile.id


def test_the_effective_project_needs_no_base(tmp_path: Path) -> None:
    """Also where a rule was changed back to its default, reading it again gives the same rules."""
    path = write_project(tmp_path, BASED.replace('"5g-any-operator"', '"5g-any-operator"\ngap = "all"'))
    project = load_project(path)
    again = tmp_path / "again.toml"
    again.write_text(effective_toml(project), encoding="utf-8")
    assert "base" not in again.read_text(encoding="utf-8")
    assert rules_of(project) == rules_of(load_project(again))
    assert project.profile.digest() == load_project(again).profile.digest()
    assert "profile.base" not in rules_of(project)


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("5g-any-operater", "did you mean 5g-any-operator?"),
        ("nothing", "those that ship are"),
        ("none.toml", "cannot be read"),
        ("broken.toml", "is not valid TOML"),
        ("empty.toml", "needs its rules in a table [profile]"),
        ("chained.toml", "without a base"),
    ],
)
def test_a_base_that_cannot_be_used_is_told(tmp_path: Path, base: str, said: str) -> None:
    """With the line of the key."""
    (tmp_path / "broken.toml").write_text("[profile", encoding="utf-8")
    (tmp_path / "empty.toml").write_text('title = { en = "x" }', encoding="utf-8")
    (tmp_path / "chained.toml").write_text('[profile]\nbase = "5g-any-operator"', encoding="utf-8")
    problems = problems_of(tmp_path, BASED.replace("5g-any-operator", base))
    assert problems[0].startswith("blackspot.toml line 13, profile.base: ")
    assert said in problems[0]


def test_without_services_or_a_base_the_profile_is_refused(tmp_path: Path) -> None:
    """It says both cures."""
    problems = problems_of(tmp_path, SMALL.replace('services = ["5g"]', 'id = "x"'))
    assert any("name the services people need, or a base that does" in one for one in problems)


def test_environments_must_be_known_where_they_decide(tmp_path: Path) -> None:
    """Free words are allowed as long as no profile counts by them."""
    text = SMALL.replace('path = "a.gpkg"', 'path = "a.gpkg"\nenvironment = "street"')
    assert "street" == load_project(write_project(tmp_path, text)).submissions[0].environment
    asked = text + 'counted_environments = ["outdoor"]\n'
    assert "write outdoor, in_vehicle, indoor; found 'street'" in problems_of(tmp_path, asked)[0]
