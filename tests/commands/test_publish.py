"""``publish``: words, JSON, exit codes, and whose rules count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from blackspot import cli
from blackspot.errors import WorkplaceError
from blackspot.pipeline.publishing import publish as use_case
from blackspot.pipeline.publishing.place import FORMAT, SITE_FILE
from blackspot.pipeline.publishing.publish import Site
from small_country import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

STRICT = PROJECT + "\n[publish]\npeople_rounding = 10\n"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Stand in for the use case in a folder with a project file; gives what it was asked."""
    monkeypatch.setenv("BLACKSPOT_LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blackspot.toml").write_text(STRICT, encoding="utf-8")
    found: list[tuple[Any, ...]] = []

    def publish(out: Path, folder: Path, rules: Any, *, run: str, progress: Any) -> Site:
        assert progress is None or callable(progress)
        found.append((out, folder.name, rules.people_rounding, run))
        return Site("000001-abc", folder, {"index.html": 1_000_000})

    monkeypatch.setattr(use_case, "publish", publish)
    return found


def test_the_site_is_told(
    asked: list[tuple[Any, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was kept back and where it is, in both languages, or one line of JSON."""
    assert 0 == cli.run_line(["publish", "site"])
    told = " ".join(capsys.readouterr().out.split())
    assert "rounded to multiples of 10" in told
    assert "Run 000001-abc is published as a site in site: 1 files, 1.0 MB." in told
    assert 0 == cli.run_line(["publish", "site", "--run", "3", "--language", "vi"])
    assert "Không công bố vùng phủ." in capsys.readouterr().out
    assert 0 == cli.run_line(["publish", "site", "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert ("000001-abc", 1_000_000, ["operators", "coverage", "rounded"]) == (
        facts["run"],
        facts["bytes"],
        facts["withheld"],
    )
    out = tmp_path / "out"
    assert [(out, "site", 10, "latest"), (out, "site", 10, "3"), (out, "site", 10, "latest")] == asked


def test_nobody_guesses_the_rules_of_other_runs(
    asked: list[tuple[Any, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The project file here speaks of its own runs alone; another one is named."""
    assert 2 == cli.run_line(["publish", "site", "--out", "elsewhere"])
    assert "name it with --project" in capsys.readouterr().err
    assert 0 == cli.run_line(["publish", "site", "--out", "out"])
    other = tmp_path / "other.toml"
    other.write_text(PROJECT, encoding="utf-8")
    assert 0 == cli.run_line(["publish", "site", "--out", "elsewhere", "--project", "other.toml"])
    (tmp_path / "blackspot.toml").unlink()
    assert 2 == cli.run_line(["publish", "site", "--out", "out"])
    assert 2 == cli.run_line(["publish", "site"])
    assert "blackspot.toml: there is no such file" in capsys.readouterr().err
    assert [10, 1] == [rules for _, _, rules, _ in asked]


def test_what_is_in_the_way_ends_with_5(
    asked: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence."""

    def refuse(*_arguments: object, **_options: object) -> None:
        raise WorkplaceError("site: holds other files.")

    monkeypatch.setattr(use_case, "publish", refuse)
    assert 5 == cli.run_line(["publish", "site"])
    assert "error: site: holds other files.\n" == capsys.readouterr().err
    assert [] == asked


def test_a_site_is_compared_with_its_list(
    asked: list[tuple[Any, ...]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 where it is whole, 7 with a sentence for each difference; nothing is published, no project is needed."""
    (tmp_path / "blackspot.toml").unlink()
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / SITE_FILE).write_text(json.dumps({"format": FORMAT, "files": {}}), encoding="utf-8")
    assert 0 == cli.run_line(["publish", "site", "--check"])
    assert "The site is as it was published: site.\n" == capsys.readouterr().out
    (folder / "x").write_text("x", encoding="utf-8")
    assert 7 == cli.run_line(["publish", "site", "--check", "--language", "vi"])
    assert "site/x: không thuộc trang web." in capsys.readouterr().out
    assert 7 == cli.run_line(["publish", "site", "--check", "--json"])
    facts = json.loads(capsys.readouterr().out)
    assert (7, ["site/x: is not of the site."]) == (
        facts["exit_code"],
        [one["en"] for one in facts["damage"]],
    )
    assert 5 == cli.run_line(["publish", str(tmp_path / "nothing"), "--check"])
    assert [] == asked
