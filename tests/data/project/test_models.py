"""The models of a project file: made directly, frozen, described."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from blackspot.data.project.load import load_project
from blackspot.data.project.models import CommunesSource, Project, ProjectInfo, SubmissionSource
from blackspot.data.project.profile import Profile
from blackspot.data.project.sections.values import Words
from project_files import SMALL, write_project


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
