"""``runs``, ``explain``, ``map``: the past runs that are listed, explained, drawn again."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from blackspot import cli

if TYPE_CHECKING:
    from pathlib import Path

    from fake_pipeline import FakePipeline


def test_runs_are_listed(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """A table on stdout, or JSON; nothing yet is a word on stderr."""
    assert cli.run_line(["runs", "--out", "o"]) == 0
    assert capsys.readouterr() == ("", "No runs are kept here yet.\n")
    pipeline.records = [
        SimpleNamespace(
            id="000001-ab",
            recorded_at=dt.datetime(2026, 11, 25, 16, 3, tzinfo=dt.UTC),
            digest="ab",
            exit_code=None,
            seconds=None,
            figures={"pop_total": 1234567.0, "pop_failing": 7.0, "black_spot_count": 5},
            findings={"warning": 4},
        )
    ]
    assert cli.run_line(["runs", "--out", "o"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.split()[0] == "run"
    assert row.split() == ["000001-ab", "2026-11-25", "16:03", "1,234,567", "7", "5", "0", "4", "-"]
    assert cli.run_line(["runs", "--out", "o", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["recorded_at"] == "2026-11-25T16:03:00+00:00"
    assert record["seconds"] is None


def test_runs_are_listed_in_vietnamese(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """Headings, numbers and the word for nothing follow the language."""
    assert cli.run_line(["runs", "--out", "o", "--language", "vi"]) == 0
    assert capsys.readouterr() == ("", "Ở đây chưa lưu lần chạy nào.\n")
    pipeline.records = [
        SimpleNamespace(
            id="000001-ab",
            recorded_at=dt.datetime(2026, 11, 25, 16, 3, tzinfo=dt.UTC),
            figures={"pop_total": 1234567.0},
            findings={},
            seconds=7.0,
        )
    ]
    assert cli.run_line(["runs", "--out", "o", "--language", "vi"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert header.startswith("lần chạy")
    assert "1.234.567" in row


def test_a_run_folder_that_is_damaged_is_named(
    pipeline: FakePipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The history may know a run whose folder somebody half removed; the list says so."""
    (tmp_path / "runs" / "000001-abcdef").mkdir(parents=True)
    assert cli.run_line(["runs", "--out", str(tmp_path)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(
        f"warning: {tmp_path / 'runs' / '000001-abcdef' / 'manifest.json'}: cannot read the manifest"
    )
    assert pipeline.asked == [("runs", tmp_path)]


def test_explain_prints_text_or_json(pipeline: FakePipeline, capsys: pytest.CaptureFixture[str]) -> None:
    """The explanation is the command's data: stdout."""
    assert cli.run_line(["explain", "00001", "--out", "o"]) == 0
    assert capsys.readouterr().out.startswith("Commune 00001\n")
    assert cli.run_line(["explain", "00001", "--out", "o", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"] == {"pop_total": None}
    assert len(pipeline.asked) == 2


def test_map_takes_a_run_folder(
    pipeline: FakePipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder with a manifest is a run; the pages are named on stdout."""
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert cli.run_line(["map", str(tmp_path), "-q"]) == 0
    assert pipeline.asked == [("map", tmp_path, "", "")]
    assert capsys.readouterr() == (f"{tmp_path / 'map.html'}\n", "")


@pytest.mark.parametrize("name", ["latest", "3", "000003", "000003-abcdef"])
def test_map_finds_a_run_by_its_name(pipeline: FakePipeline, tmp_path: Path, name: str) -> None:
    """The word latest, the number, or the start of the id; title and language go along."""
    folder = tmp_path / "runs" / "000003-abcdef"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"outputs": {}}', encoding="utf-8")
    (tmp_path / "latest.json").write_text('{"run": "000003-abcdef"}', encoding="utf-8")
    assert cli.run_line(["map", name, "--out", str(tmp_path), "--title", "T", "--language", "en"]) == 0
    assert pipeline.asked == [("map", folder, "T", "en")]


def test_map_of_a_run_that_is_not_there_is_told(
    pipeline: FakePipeline, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and the runs that are there."""
    assert cli.run_line(["map", "7", "--out", str(tmp_path)]) == 2
    assert "there is no run '7'" in capsys.readouterr().err
    assert pipeline.asked == []
