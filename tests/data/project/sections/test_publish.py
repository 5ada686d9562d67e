"""What leaves the house, as the project file says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.effective import effective_toml, rules_of
from blackspot.data.project.load import load_project
from blackspot.data.project.sections.publish import Publish, is_of_operator
from blackspot.errors import ProjectError
from small_country import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project file; what it names need not exist."""
    file = tmp_path / "blackspot.toml"
    file.write_text(PROJECT, encoding="utf-8")
    return file


def test_what_operators_hand_in_confidence_stays_unless_somebody_says_otherwise(path: Path) -> None:
    """Nothing is said: neither single operators nor areas of coverage."""
    rules = load_project(path).publish
    assert Publish() == rules
    assert ("operators", "coverage") == rules.withheld
    assert () == Publish(operators=True, coverage=True).withheld


def test_what_is_kept_back_is_named(path: Path) -> None:
    """Everything at once, in the order in which it is said."""
    rules = load_project(
        path,
        ["publish.black_spots=false", "publish.people_rounding=10", 'publish.columns=["dou_l1"]'],
    ).publish
    assert ("operators", "coverage", "black_spots", "columns", "rounded") == rules.withheld
    assert ("dou_l1",) == rules.columns


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ('publish.columns=["dou_l3"]', "no table has a column 'dou_l3'"),
        ('publish.columns=["pop_covered_5g_sao_mai"]', "holds figures of one operator"),
        ('publish.columns=["pop_covered_<service>_<operator>"]', "holds figures of one operator"),
        ('publish.columns=["distance_to_5g_sao_mai_km"]', "holds figures of one operator"),
        ("publish.coverage=true", "say operators = true as well"),
        ("publish.people_rounding=0", "publish.people_rounding"),
        ("publish.people=5", "publish.people"),
    ],
)
def test_mistakes_are_told(path: Path, override: str, words: str) -> None:
    """Each with its key and what to do."""
    with pytest.raises(ProjectError, match=words):
        load_project(path, [override])


def test_it_changes_no_run(path: Path) -> None:
    """What is published decides nothing of a run: no digest, rule or byte of it changes."""
    project, other = load_project(path), load_project(path, ["publish.people_rounding=100"])
    assert project.digest() == other.digest()
    assert rules_of(project) == rules_of(other)
    assert effective_toml(project) == effective_toml(other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pop_covered_5g_sao_mai", True),
        ("pop_covered_<service>_<operator>", True),
        ("pop_covered_5g_all", False),
        ("pop_covered_5g_max_operator", False),
        ("pop_covered_<service>", False),
        ("pop_covered_5g_at_least_2", False),
    ],
)
def test_columns_of_one_operator_are_known(name: str, *, expected: bool) -> None:
    """Unions, the largest one and the intersection of operators name nobody."""
    assert expected == is_of_operator("communes", name)
