"""``profiles``: what ships is listed and explained, for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from blackspot import cli
from blackspot.data.project.profile import Profile
from blackspot.data.project.profiles.files import shipped

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_profile_is_listed(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By name, with its title in the language that was asked for."""
    assert 0 == cli.run_line(["profiles", "--language", language])
    said = capsys.readouterr().out
    for profile in shipped():
        assert profile.name in said
        assert profile.title[language].split()[0] in said


def test_one_is_explained_rule_by_rule(capsys: pytest.CaptureFixture[str]) -> None:
    """Every key with what it means, the source, and how to use it."""
    assert 0 == cli.run_line(["profiles", "sdg-9-c-1", "--language", "en"])
    said = " ".join(capsys.readouterr().out.split())
    assert "SDG indicator 9.c.1" in said
    assert "maximum population number covered" in said
    assert "operator_rule = any" in said
    assert 'base = "sdg-9-c-1"' in said


def test_a_program_reads_all_rules(capsys: pytest.CaptureFixture[str]) -> None:
    """Defaults included, with the digest that outputs carry."""
    assert 0 == cli.run_line(["profiles", "--json"])
    for one in json.loads(capsys.readouterr().out):
        rules = {
            key: tuple(value) if isinstance(value, list) else value for key, value in one["rules"].items()
        }
        assert one["digest"] == Profile.model_validate(rules).digest()


def test_a_file_of_ones_own_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Escape sequences in it never reach the terminal, and a mistake is said with its key."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ours.toml").write_text(
        'title = { en = "Ours\\u001b[31m" }\n[profile]\nservices = ["4g"]\n', encoding="utf-8"
    )
    assert 0 == cli.run_line(["profiles", "ours.toml", "--language", "vi"])
    said = capsys.readouterr().out
    assert "Ours" in said
    assert "\x1b" not in said
    (tmp_path / "ours.toml").write_text('[profile]\nservices = ["4g"]\nk = "x"\n', encoding="utf-8")
    assert 2 == cli.run_line(["profiles", "ours.toml"])
    assert "profile k" in capsys.readouterr().err
    assert 2 == cli.run_line(["profiles", "nobody"])
    assert "those that ship are" in capsys.readouterr().err
