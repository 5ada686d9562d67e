"""Defaults from the machine: the language, and the folder of the runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from blackspot import cli

if TYPE_CHECKING:
    import pytest

    from fake_pipeline import FakePipeline


def test_the_language_follows_the_machine(
    pipeline: FakePipeline, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """LANG=vi_VN gives Vietnamese, anything else English."""
    monkeypatch.delenv("BLACKSPOT_LANGUAGE")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    for language, word in (("vi_VN.UTF-8", "chưa phủ"), ("C.UTF-8", "uncovered"), ("", "uncovered")):
        monkeypatch.setenv("LANG", language)
        cli.run_line(["run"])
        assert word in capsys.readouterr().out
    assert len(pipeline.asked) == 3


def test_the_runs_are_looked_for_where_the_project_keeps_them(
    pipeline: FakePipeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out: the folder of ./blackspot.toml, else ./out."""
    monkeypatch.chdir(tmp_path)
    assert cli.run_line(["runs"]) == 0
    assert cli.run_line(["init"]) == 0
    text = (tmp_path / "blackspot.toml").read_text(encoding="utf-8")
    (tmp_path / "blackspot.toml").write_text(text.replace('out = "out"', 'out = "kept"'), encoding="utf-8")
    assert cli.run_line(["runs"]) == 0
    assert pipeline.asked == [("runs", Path("out")), ("runs", tmp_path / "kept")]
