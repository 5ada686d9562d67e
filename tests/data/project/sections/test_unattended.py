"""``[inbox]`` and ``[hook]``: what they take, each mistake with its cure, and that they decide no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.effective import effective_toml, rules_of
from blackspot.data.project.load import load_project
from blackspot.errors import ProjectError
from small_country import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

BOTH = """
[inbox]
path = "drop"
[hook]
command = ["/usr/bin/env", "tell", " as it stands "]
"""


def write(folder: Path, text: str = BOTH) -> Path:
    path = folder / "blackspot.toml"
    path.write_text(f"{PROJECT}{text}", encoding="utf-8")
    return path


def test_paths_start_at_the_project_and_the_rest_has_defaults(tmp_path: Path) -> None:
    """A folder is all that an inbox needs."""
    project = load_project(write(tmp_path))
    assert project.inbox is not None
    assert (tmp_path / "drop", tmp_path / "inbox-archive") == (project.inbox.path, project.inbox.archive)
    assert ("{operator}_{service}_{date}", 60.0) == (project.inbox.pattern, project.inbox.minimum_age_s)
    assert project.hook is not None
    assert (("/usr/bin/env", "tell", " as it stands "), 60.0) == (
        project.hook.command,
        project.hook.timeout_s,
    )


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        ("inbox.pattern={operator}_{date}", "needs {operator}, {service} and {date}, each once"),
        ("inbox.pattern={operator}_{service}_{date}_{date}", "each once"),
        ("inbox.pattern={operator.name}_{service}_{date}", "and nothing else"),
        ("inbox.pattern={operator}_{service!r}_{date}", "and nothing else"),
        ("inbox.pattern={operator}_{service}_{date:%Y}", "and nothing else"),
        ("inbox.pattern={operator}_{service}_{date", "a brace too many or too few"),
        ("inbox.archive=drop/archive", "must lie apart"),
        ("inbox.archive=.", "must lie apart"),
        ("inbox.minimum_age_s=-1", "must be at least 0"),
        ("hook.command=[]", "must not be empty"),
        ('hook.command=[" ", "x"]', "begins with the name of a program"),
        ('hook.command=["a\\u0000"]', "null characters"),
        ("hook.command=tell", "must be a list in square brackets"),
        ("hook.timeout_s=0", "must be more than 0"),
    ],
)
def test_a_mistake_is_told_with_its_cure(tmp_path: Path, override: str, problem: str) -> None:
    """At the key that is wrong."""
    with pytest.raises(ProjectError) as told:
        load_project(write(tmp_path), [override])
    assert [True] == [problem in one for one in told.value.problems], told.value.problems


def test_they_decide_no_number_and_stay_on_this_machine(tmp_path: Path) -> None:
    """Neither a run's name, nor its rules, nor the project file in its folder knows them."""
    without, with_both = load_project(write(tmp_path, "")), load_project(write(tmp_path))
    assert without.digest() == with_both.digest()
    assert rules_of(without) == rules_of(with_both)
    assert effective_toml(without) == effective_toml(with_both)
