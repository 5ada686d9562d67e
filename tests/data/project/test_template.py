"""The project file that ``init`` writes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from blackspot.data.project.load import load_project
from blackspot.data.project.template import template, write_template
from blackspot.errors import ProjectError, WorkplaceError
from project_files import write_project

if TYPE_CHECKING:
    from pathlib import Path


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
