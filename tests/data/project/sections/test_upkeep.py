"""Gates, retention and approval as the project file says them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.effective import effective_toml, rules_of
from blackspot.data.project.load import load_project
from blackspot.data.project.sections.upkeep import parse_gate, unknown_gates
from blackspot.errors import ProjectError
from small_country import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from blackspot.data.project.models import Project


KNOWN = ({"5g"}, {"sao_mai", "hai_dang"})
"""Services and operators."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project file; its files need not be there."""
    file = tmp_path / "blackspot.toml"
    file.write_text(PROJECT, encoding="utf-8")
    return file


@pytest.fixture
def project(path: Path) -> Project:
    """Two operators of 5g."""
    return load_project(path)


@pytest.mark.parametrize(
    ("text", "kind", "name", "fails", "passes"),
    [
        ("refused", "refused", "", 1, 0),
        (" warnings ", "warnings", "", 2, 0),
        ("pop_uncovered_5g > 1000", "figure", "pop_uncovered_5g", 1000.5, 1000),
        ("black_spot_count>=7", "figure", "black_spot_count", 7, 6),
        ("covered_share_5g<0.25", "figure", "covered_share_5g", 0.2, 0.25),
        ("covered_share_5g <= 0.25", "figure", "covered_share_5g", 0.25, 0.26),
        ("pop_lost_5g > 0", "lost", "5g", 1, 0),
        ("pop_lost_profile > -1", "lost", "profile", 0, -1),
    ],
)
def test_a_gate_is_a_word_or_a_figure_with_a_limit(
    text: str, kind: str, name: str, fails: float, passes: float
) -> None:
    """Spaces around the sign do not matter; every one of these is about something the project has."""
    gate = parse_gate(text)
    assert (kind, name) == (gate.kind, gate.name)
    assert gate.fails(fails)
    assert not gate.fails(passes)
    assert () == unknown_gates([gate], *KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "refusals",
        "pop_failing",
        "pop_failing = 3",
        "pop_failing > many",
        "> 3",
        "a > 1 or b > 2",
        "pop > 1e3",
        "pop > \u0661",
    ],
)
def test_anything_else_is_no_gate(text: str) -> None:
    """The message says what is one."""
    with pytest.raises(ValueError, match="write refused, warnings, or a figure"):
        parse_gate(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pop_lost_4g > 1", "known are 5g, profile"),
        ("pop_uncovered_4g > 1", "'pop_uncovered_4g'"),
        ("pop_covered_5g_bien_xanh > 1", "'pop_covered_5g_bien_xanh'"),
        ("notice > 1", "'notice'"),
        ("people > 1", "'people'"),
    ],
)
def test_a_gate_about_nothing_the_project_has_is_found(text: str, words: str) -> None:
    """Before anything runs: it would never be met."""
    (problem,) = unknown_gates([parse_gate(text)], *KNOWN)
    assert words in problem


def test_an_operator_of_the_project_is_known() -> None:
    """By its name in plain letters."""
    assert () == unknown_gates([parse_gate("pop_covered_5g_hai_dang < 5")], *KNOWN)


@pytest.mark.parametrize(
    ("override", "words"),
    [
        ('project.fail_on=["often"]', "'often' is no gate"),
        ("retention.keep_runs=0", "must be at least 1"),
        ("retention.keep_days=0.5", "retention.keep_days"),
        ("approval.province_pct=0", "approval.province_pct"),
        ("approval.operator_people=-1", "approval.operator_people"),
        ("approval.commune_people=5", "approval.commune_people"),
    ],
)
def test_mistakes_are_told(path: Path, override: str, words: str) -> None:
    """Each with its key."""
    with pytest.raises(ProjectError, match=words):
        load_project(path, [override])


def test_they_change_no_run(path: Path, project: Project) -> None:
    """The same inputs are nothing new, whatever becomes of a run once it is made: no digest, rule or byte of it changes."""
    other = load_project(
        path,
        [
            'project.fail_on=["refused"]',
            "retention.keep_runs=3",
            "approval.province_pct=5",
            "approval.operator_people=9",
        ],
    )
    assert project.digest() == other.digest()
    assert rules_of(project) == rules_of(other)
    assert effective_toml(project) == effective_toml(other)
    assert (False, True) == (project.approval.is_on, other.approval.is_on)
